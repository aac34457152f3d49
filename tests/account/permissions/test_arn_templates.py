"""ARNs put together from the catalogue's templates."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab.account.operation import Operation
from mfa_lab.account.permissions.arn_templates import by_template, wildcard

EC2 = "arn:aws:ec2:eu-west-1:123456789012"


@pytest.mark.parametrize(
    ("name", "parameters", "resources"),
    [
        ("DescribeVpcs", {"VpcIds": ["vpc-1"]}, ["*"]),
        ("DeleteVpc", {"VpcId": "vpc-1"}, [f"{EC2}:vpc/vpc-1"]),
        ("DeleteVpc", {"VpcId": f"{EC2}:vpc/vpc-2"}, [f"{EC2}:vpc/vpc-2"]),
        ("DeleteVpc", {"VpcId": ""}, [f"{EC2}:vpc/*"]),
        ("StopInstances", {"InstanceIds": ["i-1", "i-2", 3]}, [f"{EC2}:instance/i-1", f"{EC2}:instance/i-2"]),
        ("NoSuchOperation", {"VpcId": "vpc-1"}, ["*"]),
    ],
)  # fmt: skip
def test_what_the_parameters_fill(
    name: str, parameters: dict[str, Any], resources: list[str]
) -> None:
    operation = Operation("ec2", "ec2", name, parameters, "ec2", "", None)
    needed = list(by_template(operation, "eu-west-1", parameters))
    assert [permission.resource for permission in needed] == resources
    assert {permission.action for permission in needed} == {f"ec2:{name}"}


def test_any_resource_of_a_type() -> None:
    assert wildcard("ec2", "vpc", "eu-west-1") == f"{EC2}:vpc/*"
    assert wildcard("ec2", "no-such-type", "eu-west-1") == "*"
