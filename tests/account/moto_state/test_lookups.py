"""What moto holds under the names that calls give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mfa_lab.account import Account
from mfa_lab.account.moto_state import lookups

REGION = "us-east-1"


@pytest.fixture(scope="module")
def template(shared_account: Account) -> Iterator[str]:
    """A launch template in two versions, of which the first is the default."""
    ec2 = shared_account.client("ec2")
    first, second = {"InstanceType": "t3.micro"}, {"InstanceType": "t3.large"}
    made = ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=first)
    ec2.create_launch_template_version(LaunchTemplateName="web", LaunchTemplateData=second)
    yield made["LaunchTemplate"]["LaunchTemplateId"]


@pytest.mark.parametrize(
    ("version", "instance_type"),
    [
        (None, "t3.micro"),
        ("$Default", "t3.micro"),
        ("$Latest", "t3.large"),
        ("1", "t3.micro"),
        ("2", "t3.large"),
        ("3", None),
        ("0", None),
        ("latest", None),
    ],
)
def test_a_launch_template_is_found_in_its_version(
    template: str, version: str | None, instance_type: str | None
) -> None:
    for named in ({"LaunchTemplateName": "web"}, {"LaunchTemplateId": template}):
        found = lookups.launch_template(REGION, named | ({"Version": version} if version else {}))
        assert found is not None
        assert (found.identifier, found.data.get("InstanceType")) == (template, instance_type)


@pytest.mark.parametrize("named", [None, "t", {"LaunchTemplateName": "other"}, {}])
def test_there_is_no_such_launch_template(template: str, named: Any) -> None:
    assert lookups.launch_template(REGION, named) is None


def test_a_region_that_is_none_holds_nothing(shared_account: Account) -> None:
    assert lookups.ec2_tags("mars-east-1", "i-1") == {}
    assert lookups.security_group("mars-east-1", "default") is None


def test_there_is_no_such_bucket(shared_account: Account) -> None:
    assert lookups.bucket_policy("none") is None
