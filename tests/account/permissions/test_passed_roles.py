"""The roles that a call passes need iam:PassRole."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab.account import Account
from tests.account.permissions.stages import (
    BUCKET,
    EC2,
    IAM,
    PASS_ROLE,
    RUN,
    RUN_ASKS,
    assert_needed,
)

NEEDED = [
    # service, operation, parameters, the permissions that it needs: action and resource
    ("ec2", "run_instances", RUN | {"IamInstanceProfile": {"Name": "full"}}, [*RUN_ASKS, PASS_ROLE]),
    ("ec2", "run_instances", RUN | {"IamInstanceProfile": {"Arn": f"{IAM}:instance-profile/web/full"}}, [*RUN_ASKS, PASS_ROLE]),
    ("ec2", "run_instances", RUN | {"LaunchTemplate": {"LaunchTemplateName": "t"}}, [*RUN_ASKS[:2], ("ec2:RunInstances", f"{EC2}:launch-template/<template>"), *RUN_ASKS[2:], PASS_ROLE]),
    ("ec2", "associate_iam_instance_profile", {"InstanceId": "i-1", "IamInstanceProfile": {"Name": "full"}}, [("ec2:AssociateIamInstanceProfile", f"{EC2}:instance/i-1"), PASS_ROLE]),
    ("ec2", "replace_iam_instance_profile_association", {"AssociationId": "<association>", "IamInstanceProfile": {"Name": "full"}}, [("ec2:ReplaceIamInstanceProfileAssociation", f"{EC2}:instance/<instance>"), PASS_ROLE]),
    ("ec2", "request_spot_instances", {"LaunchSpecification": {"ImageId": "<image>", "IamInstanceProfile": {"Name": "full"}}}, [("ec2:RequestSpotInstances", f"{EC2}:spot-instances-request/*"), PASS_ROLE]),
    ("iam", "add_role_to_instance_profile", {"InstanceProfileName": "empty", "RoleName": "admin"}, [("iam:AddRoleToInstanceProfile", f"{IAM}:instance-profile/web/empty"), PASS_ROLE]),
    ("s3", "put_bucket_replication", {"Bucket": "b-1", "ReplicationConfiguration": {"Role": f"{IAM}:role/r", "Rules": []}}, [("s3:PutReplicationConfiguration", BUCKET), ("iam:PassRole", f"{IAM}:role/r")]),
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
