"""What is there when a call is made, and how the permissions that it needs show."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mfa_lab.account import Account, NotServedError

A = "123456789012"
IAM = f"arn:aws:iam::{A}"
EC2 = f"arn:aws:ec2:us-east-1:{A}"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
)
TAGS = [{"Key": "team", "Value": "blue"}]


# The stage of each service: what is there, by the words in angle brackets that the rows have.


def stage_of(account: Account, service: str, row: object) -> dict[str, Any]:
    match service:
        case "iam":
            return of_iam(account)
        case "ec2":
            return of_ec2(account, str(row))
    return {}


def of_iam(account: Account) -> dict[str, Any]:
    iam = account.client("iam")
    iam.create_role(RoleName="admin", Path="/ops/", AssumeRolePolicyDocument=TRUST)
    for name in ("full", "empty"):
        iam.create_instance_profile(InstanceProfileName=name, Path="/web/")
    iam.add_role_to_instance_profile(InstanceProfileName="full", RoleName="admin")
    iam.create_user(UserName="bob", Path="/team/")
    iam.create_group(GroupName="g", Path="/team/")
    return {}


def of_ec2(account: Account, row: str) -> dict[str, Any]:
    """Only what the row names: instances and images are slow to make."""
    of_iam(account)
    ec2, stage = account.client("ec2"), {"image": "ami-12345678"}
    profile = {"Name": "full"}
    if "<association>" in row:
        image = ec2.describe_images()["Images"][0]["ImageId"]
        instance = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"][0]
        stage["instance"] = instance["InstanceId"]
        associated = ec2.associate_iam_instance_profile(
            InstanceId=stage["instance"], IamInstanceProfile=profile
        )
        stage["association"] = associated["IamInstanceProfileAssociation"]["AssociationId"]
    if "<template>" in row:
        data = {"ImageId": stage["image"], "IamInstanceProfile": profile}
        made = ec2.create_launch_template(LaunchTemplateName="t", LaunchTemplateData=data)
        stage["template"] = made["LaunchTemplate"]["LaunchTemplateId"]
    if "<group>" in row:
        stage["group"] = ec2.create_security_group(GroupName="g", Description="d")["GroupId"]
    if "<pair>" in row:
        stage["pair"] = ec2.create_key_pair(KeyName="prod")["KeyPairId"]
    return stage


def filled(value: Any, stage: Mapping[str, Any]) -> Any:
    """Put what the stage has in the place of its words in angle brackets."""
    if isinstance(value, str):
        for name, there in stage.items():
            if value == f"<{name}>":
                return there
            value = value.replace(f"<{name}>", str(there))
        return value
    if isinstance(value, Mapping):
        return {key: filled(one, stage) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(filled(one, stage) for one in value)
    return value


PASS_ROLE = ("iam:PassRole", f"{IAM}:role/ops/admin")
RUN = {"ImageId": "<image>", "MinCount": 1, "MaxCount": 1}
ON_IMAGE = ("ec2:RunInstances", "arn:aws:ec2:us-east-1::image/<image>")
RUN_ASKS = [ON_IMAGE, *[("ec2:RunInstances", f"{EC2}:{kind}/*") for kind in ("instance", "network-interface", "security-group", "subnet")]]  # fmt: skip
CIDR = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8"}
OBJECT, BUCKET = "arn:aws:s3:::b-1/k", "arn:aws:s3:::b-1"
ON_OBJECT = {"Bucket": "b-1", "Key": "k"}
INVENTORY = {"Destination": {"S3BucketDestination": {"Bucket": BUCKET, "Format": "CSV"}}, "IsEnabled": True, "Id": "i", "IncludedObjectVersions": "All", "Schedule": {"Frequency": "Daily"}}  # fmt: skip
GRANT = {"GrantRead": "uri=http://acs.amazonaws.com/groups/global/AllUsers"}


def assert_needed(
    account: Account,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    asked: list[tuple[str, str]],
) -> None:
    """Check that one who may do all but the last is refused that, and who may do all is not."""
    stage = stage_of(account, service, (parameters, asked))
    call = getattr(account.client(service, account.create_user("alice")), operation)
    allowed: list[dict[str, Any]] = []
    for action, resource in filled(asked, stage):
        with pytest.raises(ClientError):
            call(**filled(parameters, stage))
        answer = account.record[-1].answer
        assert answer is not None and answer.decision.outcome.name == "IMPLICIT_DENY"
        assert (answer.decision.request.action, answer.decision.request.resource) == (action, resource)  # fmt: skip
        allowed.append({"Effect": "Allow", "Action": action, "Resource": resource})
        account.client("iam").put_user_policy(
            UserName="alice",
            PolicyName="p",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": allowed}),
        )
    with contextlib.suppress(ClientError, NotServedError):
        call(**filled(parameters, stage))
    assert account.record[-1].verdict != "implicit_deny"
