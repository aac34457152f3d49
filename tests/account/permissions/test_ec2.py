"""The permissions that calls to EC2 need."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab.account import Account
from tests.account.permissions.stages import (
    CIDR,
    EC2,
    RUN,
    RUN_ASKS,
    TAGS,
    assert_needed,
)

NEEDED = [
    # service, operation, parameters, the permissions that it needs: action and resource
    ("ec2", "describe_instances", {}, [("ec2:DescribeInstances", "*")]),
    ("ec2", "terminate_instances", {"InstanceIds": ["i-1", "i-2"]}, [("ec2:TerminateInstances", f"{EC2}:instance/i-1"), ("ec2:TerminateInstances", f"{EC2}:instance/i-2")]),
    ("ec2", "create_tags", {"Resources": ["i-1", "vpc-2"], "Tags": [{"Key": "a", "Value": "b"}]}, [("ec2:CreateTags", f"{EC2}:instance/i-1"), ("ec2:CreateTags", f"{EC2}:vpc/vpc-2")]),
    ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"}, [("ec2:CreateVpc", f"{EC2}:vpc/*")]),
    ("ec2", "delete_vpc", {"VpcId": "vpc-1"}, [("ec2:DeleteVpc", f"{EC2}:vpc/vpc-1")]),
    ("ec2", "run_instances", RUN | {"IamInstanceProfile": {"Name": "empty"}}, RUN_ASKS),
    ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16", "TagSpecifications": [{"ResourceType": "vpc", "Tags": TAGS}]}, [("ec2:CreateVpc", f"{EC2}:vpc/*"), ("ec2:CreateTags", f"{EC2}:vpc/*")]),
    ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16", "TagSpecifications": [{"ResourceType": "vpc", "Tags": []}]}, [("ec2:CreateVpc", f"{EC2}:vpc/*")]),
    ("ec2", "run_instances", RUN | {"TagSpecifications": [{"ResourceType": "instance", "Tags": TAGS}, {"ResourceType": "volume", "Tags": TAGS}]}, [*RUN_ASKS, ("ec2:CreateTags", f"{EC2}:instance/*"), ("ec2:CreateTags", f"{EC2}:volume/*")]),
    ("ec2", "authorize_security_group_ingress", {"GroupId": "<group>", **CIDR}, [("ec2:AuthorizeSecurityGroupIngress", f"{EC2}:security-group/<group>")]),
    ("ec2", "authorize_security_group_ingress", {"GroupName": "g", **CIDR}, [("ec2:AuthorizeSecurityGroupIngress", f"{EC2}:security-group/<group>")]),
    ("ec2", "revoke_security_group_egress", {"GroupId": "<group>", **CIDR}, [("ec2:RevokeSecurityGroupEgress", f"{EC2}:security-group/<group>")]),
    ("ec2", "delete_key_pair", {"KeyName": "prod"}, [("ec2:DeleteKeyPair", f"{EC2}:key-pair/prod")]),
    ("ec2", "delete_key_pair", {"KeyPairId": "<pair>"}, [("ec2:DeleteKeyPair", f"{EC2}:key-pair/prod")]),
    ("ec2", "delete_network_acl", {"NetworkAclId": "acl-1"}, [("ec2:DeleteNetworkAcl", f"{EC2}:network-acl/acl-1")]),
    ("ec2", "disassociate_iam_instance_profile", {"AssociationId": "<association>"}, [("ec2:DisassociateIamInstanceProfile", f"{EC2}:instance/<instance>")]),
    ("ec2", "run_instances", RUN | {"NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": "subnet-1", "Groups": ["sg-1"]}]}, [*RUN_ASKS[:3], ("ec2:RunInstances", f"{EC2}:security-group/sg-1"), ("ec2:RunInstances", f"{EC2}:subnet/subnet-1")]),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "parameters", "needed"), NEEDED)
def test_what_a_call_needs(
    account: Account,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    needed: list[tuple[str, str]],
) -> None:
    assert_needed(account, service, operation, parameters, needed)
