"""What calls are asked about beside their own action, and under which name of a resource."""

from __future__ import annotations

import contextlib
import importlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

import mfa_lab.account
from mfa_lab import Policy
from mfa_lab.account import Account, NotServedError
from mfa_lab.account.moto_state.state import SERVED, Operation
from mfa_lab.account.permissions import partiql
from mfa_lab.account.permissions.needed import targets_of
from mfa_lab.analysis.catalogue import aws_catalogue

A = "123456789012"
IAM = f"arn:aws:iam::{A}"
EC2 = f"arn:aws:ec2:us-east-1:{A}"
KMS = f"arn:aws:kms:us-east-1:{A}"
LOGS = f"arn:aws:logs:us-east-1:{A}:log-group"
SSM = f"arn:aws:ssm:us-east-1:{A}"
SECRET = f"arn:aws:secretsmanager:us-east-1:{A}:secret"
TABLE = f"arn:aws:dynamodb:us-east-1:{A}:table"
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
TWO = ["<secret_arn>", "other"]


# The stage of each service: what is there, by the words in angle brackets that the rows have.


def stage_of(account: Account, service: str, row: object) -> dict[str, Any]:
    match service:
        case "iam":
            return of_iam(account)
        case "ec2":
            return of_ec2(account, str(row))
        case "kms":
            return of_kms(account)
        case "secretsmanager":
            return of_secrets(account)
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


def of_kms(account: Account) -> dict[str, Any]:
    kms = account.client("kms")
    one, two = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    kms.create_alias(AliasName="alias/prod", TargetKeyId=one)
    return {"one": one, "two": two, "ciphertext": kms.encrypt(KeyId=one, Plaintext=b"x")["CiphertextBlob"]}  # fmt: skip


def of_secrets(account: Account) -> dict[str, Any]:
    make = account.client("secretsmanager").create_secret
    arn, other = (make(Name=name, SecretString="x")["ARN"] for name in ("prod-db", "other"))
    return {"secret_arn": arn, "secret_stem": arn[:-7], "other_arn": other}


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
RESTORED = ["BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"]
CIDR = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8"}
OBJECT, BUCKET = "arn:aws:s3:::b-1/k", "arn:aws:s3:::b-1"
ON_OBJECT = {"Bucket": "b-1", "Key": "k"}
INVENTORY = {"Destination": {"S3BucketDestination": {"Bucket": BUCKET, "Format": "CSV"}}, "IsEnabled": True, "Id": "i", "IncludedObjectVersions": "All", "Schedule": {"Frequency": "Daily"}}  # fmt: skip
GRANT = {"GrantRead": "uri=http://acs.amazonaws.com/groups/global/AllUsers"}
LOG_EVENT = {"logGroupName": "g", "logStreamName": "s", "logEvents": [{"timestamp": 1, "message": "m"}]}  # fmt: skip
ATTRIBUTES = {
    "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}
BACKUP = f"{TABLE}/t/backup/0123456789-abcdefgh"
SELECT = 'SELECT * FROM "ttt"'

ASKED = [
    # service, operation, parameters, what is asked: action and resource
    # roles that are passed
    ("ec2", "run_instances", RUN | {"IamInstanceProfile": {"Name": "full"}}, [*RUN_ASKS, PASS_ROLE]),
    ("ec2", "run_instances", RUN | {"IamInstanceProfile": {"Arn": f"{IAM}:instance-profile/web/full"}}, [*RUN_ASKS, PASS_ROLE]),
    ("ec2", "run_instances", RUN | {"IamInstanceProfile": {"Name": "empty"}}, RUN_ASKS),
    ("ec2", "run_instances", RUN | {"LaunchTemplate": {"LaunchTemplateName": "t"}}, [*RUN_ASKS[:2], ("ec2:RunInstances", f"{EC2}:launch-template/<template>"), *RUN_ASKS[2:], PASS_ROLE]),
    ("ec2", "associate_iam_instance_profile", {"InstanceId": "i-1", "IamInstanceProfile": {"Name": "full"}}, [("ec2:AssociateIamInstanceProfile", f"{EC2}:instance/i-1"), PASS_ROLE]),
    ("ec2", "replace_iam_instance_profile_association", {"AssociationId": "<association>", "IamInstanceProfile": {"Name": "full"}}, [("ec2:ReplaceIamInstanceProfileAssociation", f"{EC2}:instance/<instance>"), PASS_ROLE]),
    ("ec2", "request_spot_instances", {"LaunchSpecification": {"ImageId": "<image>", "IamInstanceProfile": {"Name": "full"}}}, [("ec2:RequestSpotInstances", f"{EC2}:spot-instances-request/*"), PASS_ROLE]),
    ("iam", "add_role_to_instance_profile", {"InstanceProfileName": "empty", "RoleName": "admin"}, [("iam:AddRoleToInstanceProfile", f"{IAM}:instance-profile/web/empty"), PASS_ROLE]),
    ("logs", "put_subscription_filter", {"logGroupName": "g", "filterName": "f", "filterPattern": "", "destinationArn": f"arn:aws:kinesis:us-east-1:{A}:stream/s", "roleArn": f"{IAM}:role/r"}, [("logs:PutSubscriptionFilter", f"{LOGS}:g:log-stream:"), ("iam:PassRole", f"{IAM}:role/r")]),
    ("s3", "put_bucket_replication", {"Bucket": "b-1", "ReplicationConfiguration": {"Role": f"{IAM}:role/r", "Rules": []}}, [("s3:PutReplicationConfiguration", BUCKET), ("iam:PassRole", f"{IAM}:role/r")]),
    # tags of what is made
    ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16", "TagSpecifications": [{"ResourceType": "vpc", "Tags": TAGS}]}, [("ec2:CreateVpc", f"{EC2}:vpc/*"), ("ec2:CreateTags", f"{EC2}:vpc/*")]),
    ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16", "TagSpecifications": [{"ResourceType": "vpc", "Tags": []}]}, [("ec2:CreateVpc", f"{EC2}:vpc/*")]),
    ("ec2", "run_instances", RUN | {"TagSpecifications": [{"ResourceType": "instance", "Tags": TAGS}, {"ResourceType": "volume", "Tags": TAGS}]}, [*RUN_ASKS, ("ec2:CreateTags", f"{EC2}:instance/*"), ("ec2:CreateTags", f"{EC2}:volume/*")]),
    ("iam", "create_user", {"UserName": "new", "Path": "/x/", "Tags": TAGS}, [("iam:CreateUser", f"{IAM}:user/x/new"), ("iam:TagUser", f"{IAM}:user/x/new")]),
    ("iam", "create_role", {"RoleName": "r", "AssumeRolePolicyDocument": TRUST, "Tags": TAGS}, [("iam:CreateRole", f"{IAM}:role/r"), ("iam:TagRole", f"{IAM}:role/r")]),
    ("iam", "create_policy", {"PolicyName": "p", "PolicyDocument": "{}", "Tags": TAGS}, [("iam:CreatePolicy", f"{IAM}:policy/p"), ("iam:TagPolicy", f"{IAM}:policy/p")]),
    ("iam", "create_virtual_mfa_device", {"VirtualMFADeviceName": "m", "Tags": TAGS}, [("iam:CreateVirtualMFADevice", f"{IAM}:mfa/m"), ("iam:TagMFADevice", f"{IAM}:mfa/m")]),
    ("iam", "create_instance_profile", {"InstanceProfileName": "i", "Tags": TAGS}, [("iam:CreateInstanceProfile", f"{IAM}:instance-profile/i"), ("iam:TagInstanceProfile", f"{IAM}:instance-profile/i")]),
    ("iam", "create_open_id_connect_provider", {"Url": "https://example.com", "Tags": TAGS}, [("iam:CreateOpenIDConnectProvider", f"{IAM}:oidc-provider/example.com"), ("iam:TagOpenIDConnectProvider", f"{IAM}:oidc-provider/example.com")]),
    ("dynamodb", "create_table", {"TableName": "ttt", **ATTRIBUTES, "Tags": TAGS}, [("dynamodb:CreateTable", f"{TABLE}/ttt"), ("dynamodb:TagResource", f"{TABLE}/ttt")]),
    ("sqs", "create_queue", {"QueueName": "q", "tags": {"team": "blue"}}, [("sqs:CreateQueue", f"arn:aws:sqs:us-east-1:{A}:q"), ("sqs:TagQueue", f"arn:aws:sqs:us-east-1:{A}:q")]),
    ("kms", "create_key", {"Tags": [{"TagKey": "team", "TagValue": "blue"}]}, [("kms:CreateKey", "*"), ("kms:TagResource", f"{KMS}:key/*")]),
    ("secretsmanager", "create_secret", {"Name": "new", "Tags": TAGS}, [("secretsmanager:CreateSecret", f"{SECRET}:new-??????"), ("secretsmanager:TagResource", f"{SECRET}:new-??????")]),
    ("ssm", "put_parameter", {"Name": "/a/b", "Value": "x", "Type": "String", "Tags": TAGS}, [("ssm:PutParameter", f"{SSM}:parameter/a/b"), ("ssm:AddTagsToResource", f"{SSM}:parameter/a/b")]),
    ("logs", "create_log_group", {"logGroupName": "g", "tags": {"team": "blue"}}, [("logs:CreateLogGroup", f"{LOGS}:g:log-stream:"), ("logs:TagResource", f"{LOGS}:g")]),
    # new names
    ("iam", "update_user", {"UserName": "bob", "NewUserName": "boss"}, [("iam:UpdateUser", f"{IAM}:user/team/bob"), ("iam:UpdateUser", f"{IAM}:user/team/boss")]),
    ("iam", "update_user", {"UserName": "bob", "NewPath": "/x/"}, [("iam:UpdateUser", f"{IAM}:user/team/bob"), ("iam:UpdateUser", f"{IAM}:user/x/bob")]),
    ("iam", "update_user", {"UserName": "bob", "NewUserName": "bob"}, [("iam:UpdateUser", f"{IAM}:user/team/bob")]),
    ("iam", "update_group", {"GroupName": "g", "NewGroupName": "h"}, [("iam:UpdateGroup", f"{IAM}:group/team/g"), ("iam:UpdateGroup", f"{IAM}:group/team/h")]),
    ("iam", "update_server_certificate", {"ServerCertificateName": "c", "NewServerCertificateName": "d"}, [("iam:UpdateServerCertificate", f"{IAM}:server-certificate/c"), ("iam:UpdateServerCertificate", f"{IAM}:server-certificate/d")]),
    ("iam", "get_instance_profile", {"InstanceProfileName": "full"}, [("iam:GetInstanceProfile", f"{IAM}:instance-profile/web/full")]),
    # S3
    ("s3", "put_object", {**ON_OBJECT, "ACL": "public-read"}, [("s3:PutObject", OBJECT), ("s3:PutObjectAcl", OBJECT)]),
    ("s3", "put_object", {**ON_OBJECT, **GRANT, "Tagging": "a=b"}, [("s3:PutObject", OBJECT), ("s3:PutObjectAcl", OBJECT), ("s3:PutObjectTagging", OBJECT)]),
    ("s3", "put_object", {**ON_OBJECT, "ObjectLockLegalHoldStatus": "ON", "ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": "2030-01-01T00:00:00Z"}, [("s3:PutObject", OBJECT), ("s3:PutObjectLegalHold", OBJECT), ("s3:PutObjectRetention", OBJECT)]),
    ("s3", "create_multipart_upload", {**ON_OBJECT, "ACL": "public-read"}, [("s3:PutObject", OBJECT), ("s3:PutObjectAcl", OBJECT)]),
    ("s3", "copy_object", {**ON_OBJECT, "CopySource": "b-2/j?versionId=1", "ACL": "public-read"}, [("s3:PutObject", OBJECT), ("s3:PutObjectAcl", OBJECT), ("s3:GetObjectVersion", "arn:aws:s3:::b-2/j")]),
    ("s3", "create_bucket", {"Bucket": "b-1", "ACL": "public-read"}, [("s3:CreateBucket", BUCKET), ("s3:PutBucketAcl", BUCKET)]),
    ("s3", "create_bucket", {"Bucket": "b-1", "ACL": "private"}, [("s3:CreateBucket", BUCKET)]),
    ("s3", "create_bucket", {"Bucket": "b-1", "ObjectLockEnabledForBucket": True, "ObjectOwnership": "ObjectWriter"}, [("s3:CreateBucket", BUCKET), ("s3:PutBucketObjectLockConfiguration", BUCKET), ("s3:PutBucketVersioning", BUCKET), ("s3:PutBucketOwnershipControls", BUCKET)]),
    ("s3", "get_object_attributes", {**ON_OBJECT, "ObjectAttributes": ["ETag"]}, [("s3:GetObjectAttributes", OBJECT), ("s3:GetObject", OBJECT)]),
    ("s3", "get_object_attributes", {**ON_OBJECT, "VersionId": "1", "ObjectAttributes": ["ETag"]}, [("s3:GetObjectVersionAttributes", OBJECT), ("s3:GetObjectVersion", OBJECT)]),
    ("s3", "delete_object", {**ON_OBJECT, "BypassGovernanceRetention": True}, [("s3:DeleteObject", OBJECT), ("s3:BypassGovernanceRetention", OBJECT)]),
    ("s3", "delete_object_tagging", {**ON_OBJECT, "VersionId": "1"}, [("s3:DeleteObjectVersionTagging", OBJECT)]),
    ("s3", "put_bucket_inventory_configuration", {"Bucket": "b-1", "Id": "i", "InventoryConfiguration": INVENTORY}, [("s3:PutInventoryConfiguration", BUCKET)]),
    ("s3", "list_bucket_inventory_configurations", {"Bucket": "b-1"}, [("s3:GetInventoryConfiguration", BUCKET)]),
    ("s3", "delete_bucket_metrics_configuration", {"Bucket": "b-1", "Id": "i"}, [("s3:PutMetricsConfiguration", BUCKET)]),
    ("s3", "get_bucket_analytics_configuration", {"Bucket": "b-1", "Id": "i"}, [("s3:GetAnalyticsConfiguration", BUCKET)]),
    # KMS
    ("kms", "encrypt", {"KeyId": "alias/prod", "Plaintext": b"x"}, [("kms:Encrypt", f"{KMS}:key/<one>")]),
    ("kms", "encrypt", {"KeyId": f"{KMS}:alias/prod", "Plaintext": b"x"}, [("kms:Encrypt", f"{KMS}:key/<one>")]),
    ("kms", "encrypt", {"KeyId": f"arn:aws:kms:us-west-2:{A}:key/<one>", "Plaintext": b"x"}, [("kms:Encrypt", f"{KMS}:key/<one>")]),
    ("kms", "encrypt", {"KeyId": "arn:aws:kms:us-east-1:999999999999:key/<one>", "Plaintext": b"x"}, [("kms:Encrypt", f"{KMS}:key/<one>")]),
    ("kms", "encrypt", {"KeyId": "alias/none", "Plaintext": b"x"}, [("kms:Encrypt", f"{KMS}:key/*")]),
    ("kms", "decrypt", {"CiphertextBlob": "<ciphertext>"}, [("kms:Decrypt", f"{KMS}:key/<one>")]),
    ("kms", "decrypt", {"CiphertextBlob": b"\xff" * 80}, [("kms:Decrypt", f"{KMS}:key/*")]),
    ("kms", "re_encrypt", {"CiphertextBlob": "<ciphertext>", "DestinationKeyId": "<two>"}, [("kms:ReEncryptFrom", f"{KMS}:key/<one>"), ("kms:ReEncryptTo", f"{KMS}:key/<two>")]),
    ("kms", "create_alias", {"AliasName": "alias/new", "TargetKeyId": "<one>"}, [("kms:CreateAlias", f"{KMS}:alias/new"), ("kms:CreateAlias", f"{KMS}:key/<one>")]),
    ("kms", "update_alias", {"AliasName": "alias/prod", "TargetKeyId": "<two>"}, [("kms:UpdateAlias", f"{KMS}:alias/prod"), ("kms:UpdateAlias", f"{KMS}:key/<one>"), ("kms:UpdateAlias", f"{KMS}:key/<two>")]),
    ("kms", "delete_alias", {"AliasName": "alias/prod"}, [("kms:DeleteAlias", f"{KMS}:alias/prod"), ("kms:DeleteAlias", f"{KMS}:key/<one>")]),
    # Secrets Manager
    ("secretsmanager", "get_secret_value", {"SecretId": "prod-db"}, [("secretsmanager:GetSecretValue", "<secret_arn>")]),
    ("secretsmanager", "get_secret_value", {"SecretId": "<secret_stem>"}, [("secretsmanager:GetSecretValue", "<secret_arn>")]),
    ("secretsmanager", "get_secret_value", {"SecretId": "<secret_arn>"}, [("secretsmanager:GetSecretValue", "<secret_arn>")]),
    ("secretsmanager", "get_secret_value", {"SecretId": "none"}, [("secretsmanager:GetSecretValue", f"{SECRET}:none-??????")]),
    ("secretsmanager", "batch_get_secret_value", {"SecretIdList": TWO}, [("secretsmanager:BatchGetSecretValue", "*"), ("secretsmanager:GetSecretValue", "<secret_arn>"), ("secretsmanager:GetSecretValue", "<other_arn>")]),
    ("secretsmanager", "batch_get_secret_value", {"Filters": [{"Key": "name", "Values": ["prod"]}]}, [("secretsmanager:BatchGetSecretValue", "*"), ("secretsmanager:ListSecrets", "*"), ("secretsmanager:GetSecretValue", "<secret_arn>")]),
    # Systems Manager
    ("ssm", "get_parameter", {"Name": "/prod/pw:1"}, [("ssm:GetParameter", f"{SSM}:parameter/prod/pw")]),
    ("ssm", "get_parameter", {"Name": f"{SSM}:parameter/prod/pw:label"}, [("ssm:GetParameter", f"{SSM}:parameter/prod/pw")]),
    ("ssm", "get_parameters", {"Names": ["/a:1", "b"]}, [("ssm:GetParameters", f"{SSM}:parameter/a"), ("ssm:GetParameters", f"{SSM}:parameter/b")]),
    ("ssm", "get_parameters_by_path", {"Path": "/prod"}, [("ssm:GetParametersByPath", f"{SSM}:parameter/prod")]),
    ("ssm", "add_tags_to_resource", {"ResourceType": "Parameter", "ResourceId": "/prod/pw", "Tags": TAGS}, [("ssm:AddTagsToResource", f"{SSM}:parameter/prod/pw")]),
    ("ssm", "add_tags_to_resource", {"ResourceType": "Document", "ResourceId": "doc", "Tags": TAGS}, [("ssm:AddTagsToResource", f"{SSM}:document/doc")]),
    # CloudWatch Logs
    ("logs", "put_log_events", LOG_EVENT, [("logs:PutLogEvents", f"{LOGS}:g:log-stream:s")]),
    ("logs", "get_log_events", {"logGroupIdentifier": f"{LOGS}:g", "logStreamName": "s"}, [("logs:GetLogEvents", f"{LOGS}:g:log-stream:s")]),
    ("logs", "delete_log_group", {"logGroupName": "g"}, [("logs:DeleteLogGroup", f"{LOGS}:g:log-stream:")]),
    ("logs", "describe_log_groups", {}, [("logs:DescribeLogGroups", f"{LOGS}::log-stream:")]),
    ("logs", "filter_log_events", {"logGroupIdentifier": "g"}, [("logs:FilterLogEvents", f"{LOGS}:g:log-stream:")]),
    ("logs", "start_query", {"logGroupNames": ["g", "h"], "startTime": 1, "endTime": 2, "queryString": "q"}, [("logs:StartQuery", f"{LOGS}:g:log-stream:"), ("logs:StartQuery", f"{LOGS}:h:log-stream:")]),
    ("logs", "tag_resource", {"resourceArn": f"{LOGS}:g", "tags": {"a": "b"}}, [("logs:TagResource", f"{LOGS}:g")]),
    # DynamoDB
    ("dynamodb", "query", {"TableName": "ttt", "IndexName": "idx", "KeyConditionExpression": "b=:b"}, [("dynamodb:Query", f"{TABLE}/ttt/index/idx")]),
    ("dynamodb", "scan", {"TableName": f"{TABLE}/ttt", "IndexName": "idx"}, [("dynamodb:Scan", f"{TABLE}/ttt/index/idx")]),
    ("dynamodb", "execute_statement", {"Statement": SELECT}, [("dynamodb:PartiQLSelect", f"{TABLE}/ttt")]),
    ("dynamodb", "batch_execute_statement", {"Statements": [{"Statement": SELECT}, {"Statement": "DELETE FROM u WHERE a='1'"}]}, [("dynamodb:PartiQLSelect", f"{TABLE}/ttt"), ("dynamodb:PartiQLDelete", f"{TABLE}/u")]),
    ("dynamodb", "execute_transaction", {"TransactStatements": [{"Statement": "INSERT INTO ttt VALUE {'a': '1'}"}]}, [("dynamodb:PartiQLInsert", f"{TABLE}/ttt")]),
    ("dynamodb", "restore_table_from_backup", {"TargetTableName": "new", "BackupArn": BACKUP}, [("dynamodb:RestoreTableFromBackup", BACKUP), ("dynamodb:RestoreTableFromBackup", f"{TABLE}/new"), *[(f"dynamodb:{name}", f"{TABLE}/new") for name in RESTORED]]),
    ("dynamodb", "delete_backup", {"BackupArn": BACKUP}, [("dynamodb:DeleteBackup", BACKUP)]),
    # EC2
    ("ec2", "authorize_security_group_ingress", {"GroupId": "<group>", **CIDR}, [("ec2:AuthorizeSecurityGroupIngress", f"{EC2}:security-group/<group>")]),
    ("ec2", "authorize_security_group_ingress", {"GroupName": "g", **CIDR}, [("ec2:AuthorizeSecurityGroupIngress", f"{EC2}:security-group/<group>")]),
    ("ec2", "revoke_security_group_egress", {"GroupId": "<group>", **CIDR}, [("ec2:RevokeSecurityGroupEgress", f"{EC2}:security-group/<group>")]),
    ("ec2", "delete_key_pair", {"KeyName": "prod"}, [("ec2:DeleteKeyPair", f"{EC2}:key-pair/prod")]),
    ("ec2", "delete_key_pair", {"KeyPairId": "<pair>"}, [("ec2:DeleteKeyPair", f"{EC2}:key-pair/prod")]),
    ("ec2", "delete_network_acl", {"NetworkAclId": "acl-1"}, [("ec2:DeleteNetworkAcl", f"{EC2}:network-acl/acl-1")]),
    ("ec2", "disassociate_iam_instance_profile", {"AssociationId": "<association>"}, [("ec2:DisassociateIamInstanceProfile", f"{EC2}:instance/<instance>")]),
    ("ec2", "run_instances", RUN | {"NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": "subnet-1", "Groups": ["sg-1"]}]}, [*RUN_ASKS[:3], ("ec2:RunInstances", f"{EC2}:security-group/sg-1"), ("ec2:RunInstances", f"{EC2}:subnet/subnet-1")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "asked"),
    ASKED,
    ids=[f"{service}-{operation}-{number}" for number, (service, operation, *_) in enumerate(ASKED)],
)  # fmt: skip
def test_what_a_call_is_asked_about(
    account: Account,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    asked: list[tuple[str, str]],
) -> None:
    """One who may do all but the last of it is refused that; one who may do it all is not."""
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


# Context that one action alone is asked with

CONTEXTS = [
    # service, operation, parameters, the action, its key and value; None for absent
    ("ec2", "run_instances", RUN | {"IamInstanceProfile": {"Name": "full"}}, "iam:PassRole", "iam:passedtoservice", "ec2.amazonaws.com"),
    ("iam", "add_role_to_instance_profile", {"InstanceProfileName": "empty", "RoleName": "admin"}, "iam:PassRole", "iam:passedtoservice", "ec2.amazonaws.com"),
    ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16", "TagSpecifications": [{"ResourceType": "vpc", "Tags": TAGS}]}, "ec2:CreateTags", "ec2:createaction", "CreateVpc"),
    ("kms", "encrypt", {"KeyId": f"{KMS}:alias/prod", "Plaintext": b"x"}, "kms:Encrypt", "kms:requestalias", "alias/prod"),
    ("kms", "encrypt", {"KeyId": "<one>", "Plaintext": b"x"}, "kms:Encrypt", "kms:requestalias", None),
    ("dynamodb", "execute_transaction", {"TransactStatements": [{"Statement": SELECT}]}, "dynamodb:PartiQLSelect", "dynamodb:enclosingoperation", "ExecuteTransaction"),
    ("dynamodb", "execute_statement", {"Statement": SELECT}, "dynamodb:PartiQLSelect", "dynamodb:enclosingoperation", None),
    ("sqs", "create_queue", {"QueueName": "q", "tags": {"team": "blue"}}, "sqs:TagQueue", "aws:requesttag/team", "blue"),
    ("kms", "create_key", {"Tags": [{"TagKey": "team", "TagValue": "blue"}]}, "kms:TagResource", "aws:requesttag/team", "blue"),
    ("logs", "create_log_group", {"logGroupName": "g", "tags": {"team": "blue"}}, "logs:TagResource", "aws:requesttag/team", "blue"),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "parameters", "action", "key", "value"), CONTEXTS)
def test_the_context_of_an_action(
    account: Account,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    action: str,
    key: str,
    value: str | None,
) -> None:
    stage = stage_of(account, service, parameters)
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": action, "Resource": "*"},
    ]
    policy = Policy.parse({"Version": "2012-10-17", "Statement": statements})
    call = getattr(account.client(service, account.create_user("alice", policy)), operation)
    with pytest.raises(ClientError):
        call(**filled(parameters, stage))
    answer = account.record[-1].answer
    assert answer is not None
    request = answer.decision.request
    assert (request.action, request.values.get(key)) == (action, value)


def test_a_key_of_one_action_is_not_one_of_the_others(account: Account) -> None:
    stage = stage_of(account, "ec2", "")
    ec2 = account.client("ec2", account.create_user("alice"))
    with pytest.raises(ClientError):
        ec2.run_instances(**filled(RUN | {"IamInstanceProfile": {"Name": "full"}}, stage))
    answer = account.record[-1].answer
    assert answer is not None and answer.decision.request.action == "ec2:RunInstances"
    assert "iam:passedtoservice" not in answer.decision.request.values


# The boundary that the user or role of a call has


BOUNDED = [
    # operation, parameters beside the name
    ("attach_{}_policy", {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
    ("detach_{}_policy", {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
    ("put_{}_policy", {"PolicyName": "p", "PolicyDocument": "{}"}),
    ("delete_{}_policy", {"PolicyName": "p"}),
    ("delete_{}_permissions_boundary", {}),
]


@pytest.mark.parametrize("kind", ["user", "role"])
@pytest.mark.parametrize(("operation", "parameters"), BOUNDED)
def test_the_boundary_in_the_context_is_the_targets(
    account: Account, kind: str, operation: str, parameters: dict[str, Any]
) -> None:
    of_iam(account)
    iam = account.client("iam")
    name = "bob" if kind == "user" else "admin"
    named = {f"{kind.capitalize()}Name": name}
    alice = account.client("iam", account.create_user("alice"))
    for boundary in (None, "arn:aws:iam::aws:policy/PowerUserAccess"):
        if boundary:
            getattr(iam, f"put_{kind}_permissions_boundary")(**named, PermissionsBoundary=boundary)
        with pytest.raises(ClientError, match="AccessDenied"):
            getattr(alice, operation.format(kind))(**named, **parameters)
        answer = account.record[-1].answer
        assert answer is not None
        assert answer.decision.request.values.get("iam:permissionsboundary") == boundary


def test_the_delegation_of_the_guide(account: Account) -> None:
    """Zhang may only act on users who have the boundary.

    Source: IAM User Guide, "Permissions boundaries for IAM entities", "Delegating responsibility
    to others using permissions boundaries".
    """
    document = {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    boundary = account.client("iam").create_policy(
        PolicyName="XCompanyBoundaries",
        PolicyDocument=json.dumps({"Version": "2012-10-17", **document}),
    )["Policy"]["Arn"]
    delegated = {
        "Version": "2012-10-17",
        "Statement": {
            "Sid": "CreateOrChangeOnlyWithBoundary",
            "Effect": "Allow",
            "Action": [
                "iam:AttachUserPolicy",
                "iam:CreateUser",
                "iam:DeleteUserPolicy",
                "iam:DetachUserPolicy",
                "iam:PutUserPermissionsBoundary",
                "iam:PutUserPolicy",
            ],
            "Resource": "*",
            "Condition": {"StringEquals": {"iam:PermissionsBoundary": boundary}},
        },
    }
    account.create_user("shirley")
    zhang = account.client("iam", account.create_user("zhang", delegated))
    policy = {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    with pytest.raises(ClientError, match="AccessDenied"):
        zhang.create_user(UserName="nikhil")
    zhang.create_user(UserName="nikhil", PermissionsBoundary=boundary)
    zhang.attach_user_policy(UserName="nikhil", **policy)
    zhang.detach_user_policy(UserName="nikhil", **policy)
    for call in (zhang.attach_user_policy, zhang.detach_user_policy):
        with pytest.raises(ClientError, match="AccessDenied"):
            call(UserName="shirley", **policy)
    with pytest.raises(ClientError, match="AccessDenied"):
        zhang.delete_user_permissions_boundary(UserName="nikhil")


# PartiQL

STATEMENTS = [
    ('SELECT * FROM "t"', ("PartiQLSelect", "t", "")),
    ("select a, b from t where a = 'x'", ("PartiQLSelect", "t", "")),
    ('SELECT * FROM "t"."i" WHERE a=?', ("PartiQLSelect", "t", "i")),
    ('SELECT "x FROM u" FROM "t"', ("PartiQLSelect", "t", "")),
    ("SELECT 'it''s FROM u' FROM \"t\"", ("PartiQLSelect", "t", "")),
    ("EXISTS(SELECT * FROM t WHERE a='1')", ("PartiQLSelect", "t", "")),
    ("INSERT INTO t VALUE {'from': 'u'}", ("PartiQLInsert", "t", "")),
    ('UPDATE "my-table" SET x=1 WHERE a=1', ("PartiQLUpdate", "my-table", "")),
    ("  DELETE\nFROM t WHERE a = 'INTO u'", ("PartiQLDelete", "t", "")),
    ("DROP TABLE t", ("PartiQLSelect", "", "")),
    ("", ("PartiQLSelect", "", "")),
    ("SELECT * FROM", ("PartiQLSelect", "", "")),
]


@pytest.mark.parametrize(("statement", "expected"), STATEMENTS)
def test_what_a_statement_is_about(statement: str, expected: tuple[str, str, str]) -> None:
    action, table, index = expected
    assert partiql.about(statement) == (f"dynamodb:{action}", table, index)


# Every operation


# None of those that moto carries out has an action that the catalogue lacks. To be named here with
# the reason, such as being newer than the pinned catalogue.
NOT_IN_THE_CATALOGUE: frozenset[str] = frozenset()


def carried_out(service: str) -> Iterator[Any]:
    """Moto's models of the operations of a service that it implements."""
    utils: Any = importlib.import_module("moto.core.utils")
    core: Any = importlib.import_module("moto.core.responses")
    responses = importlib.import_module(f"moto.{service}.responses")
    classes = [
        one
        for one in vars(responses).values()
        if isinstance(one, type) and issubclass(one, core.BaseResponse)
    ]
    model = utils.get_service_model(service)
    for name in model.operation_names:
        if service == "s3" or any(hasattr(one, xform_name(name)) for one in classes):
            yield model.operation_model(name)


@pytest.mark.parametrize("service", SERVED)
def test_every_action_that_is_asked_is_one_of_aws(account: Account, service: str) -> None:
    catalogue = aws_catalogue()
    unknown = set()
    for model in carried_out(service):
        signing = model.service_model.signing_name
        operation = Operation(service, signing, model.name, {"Bucket": "b"}, "", "", model)
        with contextlib.suppress(NotServedError):
            asked = targets_of(account.state, operation, "admin", "us-east-1")
            unknown |= {target.action for target in asked if target.action not in catalogue}
    assert unknown <= NOT_IN_THE_CATALOGUE


BROWSERS = ["BucketCORSPreflightCheck", "ObjectCORSPreflightCheck", "PostObject"]


@pytest.mark.parametrize("name", BROWSERS)
def test_what_browsers_send_is_not_served(account: Account, name: str) -> None:
    """Moto takes a form, and stores it, with any signature in a header."""
    with pytest.raises(NotServedError, match=name):
        targets_of(account.state, Operation("s3", "s3", name, {}, "", "", None), None, "us-east-1")


UNREADABLE = [
    ("dynamodb", "TransactGetItems", {"TransactItems": [None]}),
    ("dynamodb", "TransactGetItems", {"TransactItems": [{"Get": None}]}),
    ("dynamodb", "TransactWriteItems", {"TransactItems": []}),
    ("dynamodb", "BatchExecuteStatement", {"Statements": [None]}),
    ("ec2", "CreateVpc", {"TagSpecifications": [None]}),
    ("ec2", "CreateTags", {"Resources": []}),
    ("secretsmanager", "BatchGetSecretValue", {"Filters": [None]}),
    ("secretsmanager", "BatchGetSecretValue", {"Filters": [{"Key": "name"}]}),
    ("secretsmanager", "BatchGetSecretValue", {"Filters": [{"Key": "no", "Values": ["x"]}]}),
]


@pytest.mark.parametrize(("service", "name", "parameters"), UNREADABLE)
def test_what_is_no_structure_is_passed_over(
    account: Account, service: str, name: str, parameters: dict[str, Any]
) -> None:
    """So that it is moto that says what is wrong; a call is asked about all the same."""
    of_secrets(account)
    operation = Operation(service, service, name, parameters, "", "", None)
    assert targets_of(account.state, operation, None, "us-east-1")


def test_a_region_that_is_none(account: Account) -> None:
    """Moto has no backends for it; the call is asked about as it names things."""
    kms = account.client("kms", account.create_user("alice"), region_name="mars-east-1")
    with pytest.raises(ClientError, match="AccessDenied"):
        kms.encrypt(KeyId="alias/prod", Plaintext=b"x")
    assert account.record[-1].resource == f"arn:aws:kms:mars-east-1:{A}:key/*"


def test_none_of_them_knows_moto() -> None:
    folder = Path(mfa_lab.account.__file__).parent / "targets"
    for file in folder.glob("*.py"):
        assert "import moto" not in file.read_text("utf-8")
        assert "from moto" not in file.read_text("utf-8")
