"""What a call is about: the IAM actions that it needs, and the ARN for each.

Derived for IAM, STS, S3, EC2, SQS and DynamoDB; for the other services that are served, an ARN is
put together from the catalogue's template where the call's parameters carry the names that it
asks for. What is not derived is asked about as `*`, which only policies with the resource `*`
match: of S3, access points and the resources of batch and control operations; of EC2, resources
that a call reaches only through others; DynamoDB's PartiQL statements.

Source: service authorization reference; FACTS 5 and 7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import unquote

from mfa_lab.account.state import ACCOUNT_ID, Operation, State
from mfa_lab.analysis.catalogue import aws_catalogue, resource_arn_template

EVERYTHING: Final = "*"


@dataclass(frozen=True, slots=True)
class Target:
    """An action and what it is asked about.

    Args:
        action: IAM action, such as `iam:ChangePassword`.
        resource: ARN, or `*`.
        shown: What AWS's message names in its place, where that is something else.
    """

    action: str
    resource: str = EVERYTHING
    shown: str = ""


def targets_of(
    state: State, operation: Operation, caller_name: str | None, region: str
) -> list[Target]:
    """Give the actions and resources for which a call needs permission, at least one.

    Args:
        state: Where paths of users, groups and roles are looked up.
        operation: The call.
        caller_name: Name of the calling user, which IAM takes where a call names none.
        region: Region of the call.
    """
    match operation.service:
        case "iam":
            return [_of_iam(state, operation, caller_name)]
        case "sts":
            return list(_of_sts(operation))
        case "s3":
            return list(_of_s3(operation))
        case "sqs":
            return [_of_sqs(operation, region)]
        case "dynamodb":
            return list(_of_dynamodb(operation, region))
    return list(_by_template(operation, region))


# IAM

_NAMED_BY: Final = {
    "user": "UserName",
    "group": "GroupName",
    "role": "RoleName",
    "instance-profile": "InstanceProfileName",
    "server-certificate": "ServerCertificateName",
}
_ARN_BY: Final = {
    "policy": "PolicyArn",
    "saml-provider": "SAMLProviderArn",
    "oidc-provider": "OpenIDConnectProviderArn",
    "mfa": "SerialNumber",
}
# AWS's messages name these for calls that list (FACTS 5); for the others of the kind by analogy.
_LISTED: Final = {
    "ListRoles": "role/",
    "ListUsers": "user/",
    "ListGroups": "group/",
    "ListInstanceProfiles": "instance-profile/",
    "ListServerCertificates": "server-certificate/",
    "ListPolicies": "policy/",
}
_PRINTED_BY_NAME: Final = ("user", "group", "role")
# What is not there yet has no name to AWS's messages: they give its ARN (field reports).
_MAKING: Final = frozenset({"CreateUser", "CreateGroup", "CreateRole"})


def _of_iam(state: State, operation: Operation, caller_name: str | None) -> Target:
    action = f"iam:{operation.name}"
    if operation.name == "GetAccessKeyLastUsed":
        found = state.key_of(str(operation.parameters.get("AccessKeyId")))
        caller_name = None if found is None else found[0].name
    if operation.name == "ListVirtualMFADevices":
        return Target(action, _iam_arn("mfa/"))
    if operation.name in _LISTED:
        return Target(action, EVERYTHING, _iam_arn(_LISTED[operation.name]))
    kind = _iam_type(action)
    parameters = operation.parameters
    if kind in _NAMED_BY:
        name = parameters.get(_NAMED_BY[kind])
        if name is None and kind == "user":
            name = caller_name
        if name is None:
            return Target(action)
        path = _path_of(state, kind, str(name), parameters)
        is_named = kind in _PRINTED_BY_NAME and operation.name not in _MAKING
        shown = f"{kind} {name}" if is_named else ""
        return Target(action, _iam_arn(f"{kind}{path}{name}"), shown)
    if kind == "mfa" and "VirtualMFADeviceName" in parameters:
        path = parameters.get("Path") or "/"
        return Target(action, _iam_arn(f"mfa{path}{parameters['VirtualMFADeviceName']}"))
    if kind == "policy" and "PolicyName" in parameters and "PolicyArn" not in parameters:
        path = parameters.get("Path") or "/"
        return Target(action, _iam_arn(f"policy{path}{parameters['PolicyName']}"))
    given = parameters.get(_ARN_BY.get(kind, ""))
    return Target(action, str(given)) if given else Target(action)


@cache
def _iam_type(action: str) -> str:
    """Give the resource type of an IAM action; empty for one that has none."""
    catalogue = aws_catalogue()
    if action not in catalogue:
        return ""
    types = catalogue[action].resource_types
    required = [name for name, is_required in types if is_required]
    return (required or [name for name, _ in types] or [""])[0]


def _iam_arn(rest: str) -> str:
    return f"arn:aws:iam::{ACCOUNT_ID}:{rest}"


def _path_of(state: State, kind: str, name: str, parameters: Mapping[str, Any]) -> str:
    """Give the path of what is there, else the one that the call gives to what it makes."""
    there = {
        "user": state.user,
        "role": state.role,
        "group": state.iam.groups.get,
        "instance-profile": lambda _: None,
        "server-certificate": state.iam.certificates.get,
    }[kind](name)
    path = getattr(there, "path", None) or parameters.get("Path") or "/"
    return str(path)


# STS

_ROLE_CALLS: Final = frozenset({"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})


def _of_sts(operation: Operation) -> Iterator[Target]:
    action, parameters = f"sts:{operation.name}", operation.parameters
    if operation.name in _ROLE_CALLS:
        role = str(parameters.get("RoleArn") or EVERYTHING)
        yield Target(action, role)
        if parameters.get("Tags"):
            yield Target("sts:TagSession", role)
        if parameters.get("SourceIdentity"):
            yield Target("sts:SetSourceIdentity", role)
    elif operation.name == "GetFederationToken":
        name = parameters.get("Name", "")
        yield Target(action, f"arn:aws:sts::{ACCOUNT_ID}:federated-user/{name}")
    else:
        yield Target(action)


# S3

# Operations whose permission has another name (Amazon S3 User Guide, "Required permissions for
# Amazon S3 API operations"). Those not listed need the permission of their own name.
_S3_ACTIONS: Final = {
    "AbortMultipartUpload": "AbortMultipartUpload",
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteObjects": "DeleteObject",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "SelectObjectContent": "GetObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
}
# With a version id, these need a permission of their own.
_S3_OF_VERSIONS: Final = {
    "GetObject": "GetObjectVersion",
    "HeadObject": "GetObjectVersion",
    "DeleteObject": "DeleteObjectVersion",
    "GetObjectTagging": "GetObjectVersionTagging",
    "PutObjectTagging": "PutObjectVersionTagging",
    "GetObjectAcl": "GetObjectVersionAcl",
    "PutObjectAcl": "PutObjectVersionAcl",
}


def _of_s3(operation: Operation) -> Iterator[Target]:
    parameters, name = operation.parameters, operation.name
    own = _S3_ACTIONS.get(name, name)
    if parameters.get("VersionId") and name in _S3_OF_VERSIONS:
        own = _S3_OF_VERSIONS[name]
    bucket, key = parameters.get("Bucket"), parameters.get("Key")
    if not bucket:
        yield Target(f"s3:{own}")
        return
    if name == "DeleteObjects":
        yield from _deleted_objects(str(bucket), parameters)
        return
    yield Target(f"s3:{own}", _s3_arn(str(bucket), key))
    source = parameters.get("CopySource")
    if source:
        yield _copied_object(source)


def _deleted_objects(bucket: str, parameters: Mapping[str, Any]) -> Iterator[Target]:
    objects = (parameters.get("Delete") or {}).get("Objects") or [{}]
    for one in objects:
        action = "s3:DeleteObjectVersion" if one.get("VersionId") else "s3:DeleteObject"
        yield Target(action, _s3_arn(bucket, one.get("Key") or EVERYTHING))


def _copied_object(source: Any) -> Target:
    if isinstance(source, Mapping):
        source = f"{source.get('Bucket')}/{source.get('Key')}"
    path, _, version = unquote(str(source)).lstrip("/").partition("?versionId=")
    bucket, _, key = path.partition("/")
    action = "s3:GetObjectVersion" if version else "s3:GetObject"
    return Target(action, _s3_arn(bucket, key))


def _s3_arn(bucket: str, key: str | None) -> str:
    return f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"


# SQS and DynamoDB

_SQS_BATCHES: Final = {
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
}


def _of_sqs(operation: Operation, region: str) -> Target:
    name = _SQS_BATCHES.get(operation.name, operation.name)
    url = str(operation.parameters.get("QueueUrl") or "")
    queue = url.rstrip("/").rpartition("/")[2] or operation.parameters.get("QueueName") or ""
    arn = f"arn:aws:sqs:{region}:{ACCOUNT_ID}:{queue}"
    # SQS prints the action in lower case.
    return Target(f"sqs:{name}", arn if queue else EVERYTHING, "" if queue else arn)


def _of_dynamodb(operation: Operation, region: str) -> Iterator[Target]:
    parameters, name = operation.parameters, operation.name

    def table(name: str) -> str:
        if name.startswith("arn:"):
            return name
        return f"arn:aws:dynamodb:{region}:{ACCOUNT_ID}:table/{name}"

    if name in ("TransactGetItems", "TransactWriteItems"):
        for item in parameters.get("TransactItems") or ():
            for kind, one in item.items():
                action = {"Get": "GetItem", "Put": "PutItem", "Update": "UpdateItem"}.get(
                    kind, "DeleteItem" if kind == "Delete" else "ConditionCheckItem"
                )
                yield Target(f"dynamodb:{action}", table(str(one.get("TableName"))))
        return
    if name in ("BatchGetItem", "BatchWriteItem"):
        for asked in parameters.get("RequestItems") or {EVERYTHING: None}:
            yield Target(f"dynamodb:{name}", table(asked))
        return
    if "TableName" in parameters:
        yield Target(f"dynamodb:{name}", table(str(parameters["TableName"])))
    elif "ResourceArn" in parameters:
        yield Target(f"dynamodb:{name}", str(parameters["ResourceArn"]))
    else:
        yield Target(f"dynamodb:{name}", EVERYTHING, table(EVERYTHING))


# All other services

_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


def _by_template(operation: Operation, region: str) -> Iterator[Target]:
    action = f"{operation.signing_name}:{operation.name}"
    catalogue = aws_catalogue()
    if action not in catalogue:
        yield Target(action)
        return
    if operation.name in ("CreateTags", "DeleteTags") and operation.service == "ec2":
        for identifier in operation.parameters.get("Resources") or ():
            yield Target(action, _ec2_arn(str(identifier), region))
        return
    found = False
    for kind, is_required in catalogue[action].resource_types:
        template = resource_arn_template(operation.signing_name, kind) or ""
        for arn in _filled(template, operation, region, is_required):
            found = True
            yield Target(action, arn)
    if not found:
        yield Target(action)


def _filled(template: str, operation: Operation, region: str, is_required: bool) -> Iterator[str]:
    """Fill a template from a call's parameters, once for each value of a list.

    A resource type that is required but not named, as what the call is about to make, is asked
    about with a wildcard in its last part.
    """
    ground = {"Partition": "aws", "Region": region, "Account": ACCOUNT_ID}
    text = _PLACEHOLDER.sub(lambda found: ground.get(found[1], found[0]), template)
    names = _PLACEHOLDER.findall(text)
    if len(names) != 1:
        return
    values = list(_values(operation.parameters, names[0]))
    if not values and is_required and text.startswith(f"arn:aws:{operation.service}:"):
        values = [EVERYTHING]
    for value in values:
        yield value if value.startswith("arn:") else text.replace(f"${{{names[0]}}}", value)


def _values(parameters: Mapping[str, Any], name: str) -> Iterator[str]:
    stem = name.removesuffix("WithoutLeadingSlash").removeprefix("Parameter")
    by_name = {known.lower(): value for known, value in parameters.items()}
    for spelled in dict.fromkeys((name, f"{name}s", stem, f"{stem}s")):
        value = by_name.get(spelled.lower())
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and one:
                yield one.lstrip("/")


_EC2_PREFIXES: Final = {
    "i": "instance",
    "vpc": "vpc",
    "subnet": "subnet",
    "sg": "security-group",
    "vol": "volume",
    "snap": "snapshot",
    "ami": "image",
    "eni": "network-interface",
    "igw": "internet-gateway",
    "rtb": "route-table",
    "acl": "network-acl",
    "nat": "natgateway",
    "eipalloc": "elastic-ip",
}


def _ec2_arn(identifier: str, region: str) -> str:
    kind = _EC2_PREFIXES.get(identifier.rpartition("-")[0])
    if kind is None:
        return EVERYTHING
    account = "" if kind in ("image", "snapshot") else ACCOUNT_ID
    return f"arn:aws:ec2:{region}:{account}:{kind}/{identifier}"
