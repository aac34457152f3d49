"""What calls are asked about beside their own action, and under which name of a resource."""

from __future__ import annotations

import contextlib
import importlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from mfa_lab import Policy
from mfa_lab.account import Account, NotServedError
from mfa_lab.account.call.operation import Operation
from mfa_lab.account.moto_state.wire import SERVED
from mfa_lab.account.permissions.needed import needed_permissions
from mfa_lab.analysis.catalogue import aws_catalogue

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
            asked = needed_permissions(account.state, operation, "admin", "us-east-1")
            unknown |= {target.action for target in asked if target.action not in catalogue}
    assert unknown <= NOT_IN_THE_CATALOGUE


BROWSERS = ["BucketCORSPreflightCheck", "ObjectCORSPreflightCheck", "PostObject"]


@pytest.mark.parametrize("name", BROWSERS)
def test_what_browsers_send_is_not_served(account: Account, name: str) -> None:
    """Moto takes a form, and stores it, with any signature in a header."""
    with pytest.raises(NotServedError, match=name):
        needed_permissions(
            account.state, Operation("s3", "s3", name, {}, "", "", None), None, "us-east-1"
        )


UNREADABLE = [
    ("ec2", "CreateVpc", {"TagSpecifications": [None]}),
    ("ec2", "CreateTags", {"Resources": []}),
]


@pytest.mark.parametrize(("service", "name", "parameters"), UNREADABLE)
def test_what_is_no_structure_is_passed_over(
    account: Account, service: str, name: str, parameters: dict[str, Any]
) -> None:
    """So that it is moto that says what is wrong; a call is asked about all the same."""
    operation = Operation(service, service, name, parameters, "", "", None)
    assert needed_permissions(account.state, operation, None, "us-east-1")


def test_a_region_that_is_none(account: Account) -> None:
    """Moto has no backends for it; the call is asked about as it names things."""
    ec2 = account.client("ec2", account.create_user("alice"), region_name="mars-east-1")
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        ec2.delete_security_group(GroupName="g")
    assert account.record[-1].resource == f"arn:aws:ec2:mars-east-1:{A}:security-group/*"
