"""For an administrator the account is moto: the same calls are answered alike.

Each call is made in plain moto and in the account, one after the other, and the answers compared.
What may differ is named: ids that are made up, dates, and what the account makes real on purpose.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

from botocore.exceptions import ClientError

from mfa_lab.account import Account
from mfa_lab.account.moto_state.wire import SERVED

TRUST = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}'
POLICY = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
ARN = "arn:aws:iam::123456789012:policy/p"

CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("iam", "create_user", {"UserName": "bob", "Path": "/team/", "Tags": [{"Key": "a", "Value": "b"}]}),
    ("iam", "get_user", {"UserName": "bob"}),
    ("iam", "get_user", {"UserName": "nobody"}),
    ("iam", "list_users", {"PathPrefix": "/team/"}),
    ("iam", "tag_user", {"UserName": "bob", "Tags": [{"Key": "c", "Value": "d"}]}),
    ("iam", "list_user_tags", {"UserName": "bob"}),
    ("iam", "untag_user", {"UserName": "bob", "TagKeys": ["a"]}),
    ("iam", "create_group", {"GroupName": "g"}),
    ("iam", "create_group", {"GroupName": "g"}),
    ("iam", "add_user_to_group", {"GroupName": "g", "UserName": "bob"}),
    ("iam", "get_group", {"GroupName": "g"}),
    ("iam", "list_groups_for_user", {"UserName": "bob"}),
    ("iam", "list_groups", {}),
    ("iam", "create_policy", {"PolicyName": "p", "PolicyDocument": POLICY}),
    ("iam", "create_policy", {"PolicyName": "p", "PolicyDocument": POLICY}),
    ("iam", "get_policy", {"PolicyArn": ARN}),
    ("iam", "create_policy_version", {"PolicyArn": ARN, "PolicyDocument": POLICY, "SetAsDefault": True}),
    ("iam", "list_policy_versions", {"PolicyArn": ARN}),
    ("iam", "get_policy_version", {"PolicyArn": ARN, "VersionId": "v1"}),
    ("iam", "list_policies", {"Scope": "Local"}),
    ("iam", "attach_user_policy", {"UserName": "bob", "PolicyArn": ARN}),
    ("iam", "list_attached_user_policies", {"UserName": "bob"}),
    ("iam", "list_entities_for_policy", {"PolicyArn": ARN}),
    ("iam", "put_user_policy", {"UserName": "bob", "PolicyName": "i", "PolicyDocument": POLICY}),
    ("iam", "get_user_policy", {"UserName": "bob", "PolicyName": "i"}),
    ("iam", "list_user_policies", {"UserName": "bob"}),
    ("iam", "delete_user_policy", {"UserName": "bob", "PolicyName": "i"}),
    ("iam", "create_role", {"RoleName": "r", "AssumeRolePolicyDocument": TRUST}),
    ("iam", "get_role", {"RoleName": "r"}),
    ("iam", "put_role_policy", {"RoleName": "r", "PolicyName": "i", "PolicyDocument": POLICY}),
    ("iam", "attach_role_policy", {"RoleName": "r", "PolicyArn": ARN}),
    ("iam", "list_role_policies", {"RoleName": "r"}),
    ("iam", "list_attached_role_policies", {"RoleName": "r"}),
    ("iam", "delete_role", {"RoleName": "r"}),
    ("iam", "create_instance_profile", {"InstanceProfileName": "ip"}),
    ("iam", "add_role_to_instance_profile", {"InstanceProfileName": "ip", "RoleName": "r"}),
    ("iam", "get_instance_profile", {"InstanceProfileName": "ip"}),
    ("iam", "create_account_alias", {"AccountAlias": "alias"}),
    ("iam", "list_account_aliases", {}),
    ("iam", "update_account_password_policy", {"MinimumPasswordLength": 10}),
    ("iam", "get_account_password_policy", {}),
    ("iam", "delete_account_password_policy", {}),
    ("iam", "list_access_keys", {"UserName": "bob"}),
    ("iam", "list_mfa_devices", {"UserName": "bob"}),
    ("s3", "create_bucket", {"Bucket": "bucket"}),
    ("s3", "put_object", {"Bucket": "bucket", "Key": "a/b", "Body": b"content", "Metadata": {"m": "1"}}),
    ("s3", "get_object", {"Bucket": "bucket", "Key": "a/b"}),
    ("s3", "head_object", {"Bucket": "bucket", "Key": "a/b"}),
    ("s3", "get_object", {"Bucket": "bucket", "Key": "none"}),
    ("s3", "copy_object", {"Bucket": "bucket", "Key": "c", "CopySource": "bucket/a/b"}),
    ("s3", "list_objects_v2", {"Bucket": "bucket", "Prefix": "a/"}),
    ("s3", "put_bucket_versioning", {"Bucket": "bucket", "VersioningConfiguration": {"Status": "Enabled"}}),
    ("s3", "get_bucket_versioning", {"Bucket": "bucket"}),
    ("s3", "put_object_tagging", {"Bucket": "bucket", "Key": "c", "Tagging": {"TagSet": [{"Key": "x", "Value": "y"}]}}),
    ("s3", "get_object_tagging", {"Bucket": "bucket", "Key": "c"}),
    ("s3", "delete_objects", {"Bucket": "bucket", "Delete": {"Objects": [{"Key": "c"}]}}),
    ("s3", "get_bucket_policy", {"Bucket": "bucket"}),
    ("s3", "list_buckets", {}),
    ("s3", "delete_bucket", {"Bucket": "bucket"}),
    ("s3", "head_bucket", {"Bucket": "none-such"}),
    ("ec2", "describe_regions", {"RegionNames": ["us-east-1"]}),
    ("ec2", "create_vpc", {"CidrBlock": "10.9.0.0/16"}),
    ("ec2", "describe_vpcs", {"Filters": [{"Name": "cidr", "Values": ["10.9.0.0/16"]}]}),
    ("ec2", "create_key_pair", {"KeyName": "kp"}),
    ("ec2", "describe_key_pairs", {"KeyNames": ["kp"]}),
    ("ec2", "delete_key_pair", {"KeyName": "kp"}),
    ("ec2", "describe_instances", {}),
    ("ec2", "terminate_instances", {"InstanceIds": ["i-12345678"]}),
    ("ec2", "describe_security_groups", {"GroupNames": ["default"]}),
    ("sts", "get_access_key_info", {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE"}),
]  # fmt: skip

# What moto says in words of its own, and IAM's words.
SAID_OTHERWISE = {"Group g already exists": "Group with name g already exists."}
# Whatever is made up, and the time at which it was.
MADE_UP = re.compile(
    r"A[A-Z]{3}[A-Z2-7]{17}|A[0-9A-Z]{20}|[a-z0-9]{20}(?=')|(vpc-cidr-assoc|vpc|dopt|acl|sg|key|sgr)-[0-9a-f]{8,17}"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|datetime\.datetime\([^)]*\)+|(?<=-)[A-Za-z]{6}(?=')|[0-9a-f:]{40,}"
)
NOT_COMPARED = {
    "ResponseMetadata",
    "KeyMaterial",
    "KeyFingerprint",
    "VersionId",
}


def shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shown(one) for key, one in value.items() if key not in NOT_COMPARED}
    if isinstance(value, (list, tuple)):
        return [shown(one) for one in value]
    if hasattr(value, "read"):
        return value.read()
    return value


def answers(client_of: Any) -> list[str]:
    found = []
    clients: dict[str, Any] = {}
    for service, method, parameters in CALLS:
        client = clients.setdefault(service, client_of(service))
        try:
            answer: Any = shown(getattr(client, method)(**parameters))
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            answer = (
                status,
                error.response["Error"]["Code"],
                error.response["Error"].get("Message"),
            )
        found.append(f"{service}.{method}: {MADE_UP.sub('…', repr(answer))}")
    return found


def in_iam_words(answer: str) -> str:
    """What moto answered, as IAM would have said it."""
    for said, iam_says in SAID_OTHERWISE.items():
        answer = answer.replace(f"'{said}'", f"'{iam_says}'")
    return answer


PLAIN = """
import json, boto3
from moto import mock_aws
from tests.account.test_against_moto import answers
with mock_aws():
    session = boto3.Session(region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    print(json.dumps(answers(session.client)))
"""


def test_the_same_answers() -> None:
    """Plain moto runs in a process of its own, so that neither sees the other's state."""
    assert len(CALLS) >= 60
    assert {service for service, *_ in CALLS} == set(SERVED)
    ran = subprocess.run([sys.executable, "-c", PLAIN], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    with Account() as account:
        mine = answers(account.client)
    differing = [
        (plain, own)
        for plain, own in zip(json.loads(ran.stdout), mine, strict=True)
        if in_iam_words(plain) != own
    ]
    assert differing == []
