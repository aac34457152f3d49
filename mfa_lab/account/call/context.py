"""The context keys that a call adds to those that its credentials imply.

Where a key depends on the service, those that policies about users and MFA use are made; a key
that is not made is absent, and the conditions on it are answered so.

Source: IAM User Guide, "AWS global condition context keys"; service authorization reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mfa_lab.account.call.attached_policies import boundary_of
from mfa_lab.account.call.caller import AuthenticatedCaller
from mfa_lab.account.call.signature import Signature
from mfa_lab.account.http import HttpRequest
from mfa_lab.account.moto_state import lookups
from mfa_lab.account.moto_state.state import ACCOUNT_ID, REGION, MotoState
from mfa_lab.account.operation import Operation

ContextValues = dict[str, str | tuple[str, ...]]

# IAM's endpoint has one region, wherever the client thinks it is.
_GLOBAL: Final = frozenset({"iam"})
_ARN_PARTS: Final = 6
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
# Condition keys that are parameters of the call, by service and parameter.
_FROM_PARAMETERS: Final = {
    "iam": {
        "PolicyArn": "iam:PolicyARN",
        "PermissionsBoundary": "iam:PermissionsBoundary",
        "AWSServiceName": "iam:AWSServiceName",
    },
    "sts": {
        "ExternalId": "sts:ExternalId",
        "RoleSessionName": "sts:RoleSessionName",
        "SourceIdentity": "sts:SourceIdentity",
        "DurationSeconds": "sts:DurationSeconds",
    },
    "s3": {
        "Prefix": "s3:prefix",
        "Delimiter": "s3:delimiter",
        "MaxKeys": "s3:max-keys",
        "VersionId": "s3:VersionId",
        "ACL": "s3:x-amz-acl",
        "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    },
}
# Where iam:PermissionsBoundary is the boundary that the user or role of the call has now
# (IAM User Guide, "IAM and AWS STS condition context keys"); the actions that have the key are
# those of the service authorization reference. Where the call gives a boundary, it is that one.
_OF_BOUNDED: Final = frozenset(
    {
        "AttachRolePolicy",
        "AttachUserPolicy",
        "DeleteRole",
        "DeleteRolePermissionsBoundary",
        "DeleteRolePolicy",
        "DeleteUserPermissionsBoundary",
        "DeleteUserPolicy",
        "DetachRolePolicy",
        "DetachUserPolicy",
        "GetRole",
        "PutRolePolicy",
        "PutUserPolicy",
        "UpdateAssumeRolePolicy",
        "UpdateRole",
        "UpdateRoleDescription",
    }
)


def call_context(
    state: MotoState,
    principal: AuthenticatedCaller,
    operation: Operation,
    request: HttpRequest,
    signature: Signature,
) -> ContextValues:
    """Return the context keys of a call, except those that the kind of credentials implies.

    aws:SecureTransport stays "true" though the account is reached over plain HTTP or not over a
    network at all: it stands in for an endpoint of AWS, which is reached over HTTPS.

    Args:
        state: Where tags are looked up.
        principal: Who calls.
        operation: What is called.
        request: As it came.
        signature: Whose region the call is for.
    """
    region = REGION if operation.service in _GLOBAL else signature.region
    values: ContextValues = {
        "aws:userid": principal.user_id,
        "aws:SourceIp": request.source_ip,
        "aws:RequestedRegion": region,
        "aws:PrincipalIsAWSService": "false",
        "aws:ResourceAccount": ACCOUNT_ID,
    }
    agent = request.headers.get("User-Agent")
    if agent:
        values["aws:UserAgent"] = agent
    if principal.session is not None:
        values["aws:TokenIssueTime"] = principal.session.issued.strftime(_TIME)
    values |= _tags(state, principal)
    values |= dict(_request_tags(operation.parameters))
    for parameter, key in _FROM_PARAMETERS.get(operation.service, {}).items():
        value = operation.parameters.get(parameter)
        if value not in (None, "") and not isinstance(value, (dict, list)):
            values[key] = str(value)
    if operation.service == "iam" and operation.name in _OF_BOUNDED:
        boundary = _boundary_there(state, operation.parameters)
        if boundary is not None:
            values["iam:PermissionsBoundary"] = boundary
    return values


def _boundary_there(state: MotoState, parameters: Mapping[str, Any]) -> str | None:
    """Return the ARN of the boundary of the user or role that a call names, or None."""
    if "UserName" in parameters:
        return boundary_of(state.user(str(parameters["UserName"])))
    return boundary_of(state.role(str(parameters.get("RoleName"))))


def _tags(state: MotoState, principal: AuthenticatedCaller) -> ContextValues:
    holder = principal.role if principal.role is not None else principal.calling_user
    tags = {} if holder is None else lookups.tags_of(state, holder)
    if principal.session is not None:
        given = principal.session.tags  # they stand before those of the role
        tags = {**given, **{key: tags[key] for key in tags if key not in given}}
    return _keys_of_tags(tags, "aws:PrincipalTag")


def _keys_of_tags(tags: Mapping[str, str], *prefixes: str) -> ContextValues:
    """Return context keys for tags.

    The names of context keys are the same in any case; of tags that differ only so, the first is
    told. Which one AWS tells is not documented.
    """
    first: dict[str, str] = {}
    for key in tags:
        first.setdefault(key.lower(), key)
    return {f"{prefix}/{key}": tags[key] for key in first.values() for prefix in prefixes}


def _request_tags(parameters: Mapping[str, Any]) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    tags = list(_tags_given(parameters))
    yield from _keys_of_tags(dict(tags), "aws:RequestTag").items()
    keys = tuple(key for key, _ in tags) or tuple(_keys_taken(parameters))
    if keys:
        yield "aws:TagKeys", keys


def _tags_given(parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the tags of a call, which EC2 writes in another way than IAM."""
    tags = parameters.get("Tags")
    if isinstance(tags, list):
        yield from _listed(tags)
    for specification in parameters.get("TagSpecifications") or ():  # EC2
        if isinstance(specification, Mapping):
            yield from _listed(specification.get("Tags") or [])


def _listed(tags: list[Any]) -> Iterator[tuple[str, str]]:
    for tag in tags:
        if isinstance(tag, Mapping) and "Key" in tag:
            yield str(tag["Key"]), str(tag.get("Value", ""))


def _keys_taken(parameters: Mapping[str, Any]) -> list[str]:
    """Return the keys of the tags that a call removes."""
    keys = parameters.get("TagKeys")
    return [str(key) for key in keys] if isinstance(keys, list) else []


def resource_tag_context(state: MotoState, arn: str) -> ContextValues:
    """Return the tags of an IAM user, role or device, or of an EC2 resource, as context keys.

    Tags of other services' resources are not looked up: the keys are absent.
    """
    parts = arn.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return {}
    service, region, kind, _, name = parts[2], parts[3], *parts[5].partition("/")
    if service == "ec2":
        tags = lookups.ec2_tags(region, name)
        return _keys_of_tags(tags, "aws:ResourceTag", "ec2:ResourceTag")
    if service == "iam" and kind == "mfa":
        # the service authorization reference gives this type no iam:ResourceTag
        tags = {tag["Key"]: tag["Value"] for tag in lookups.device_tags(state, arn)}
        return _keys_of_tags(tags, "aws:ResourceTag")
    found = {"user": state.user, "role": state.role}.get(kind) if service == "iam" else None
    holder = found(name.rpartition("/")[2]) if found else None
    if holder is None:
        return {}
    return _keys_of_tags(lookups.tags_of(state, holder), "aws:ResourceTag", "iam:ResourceTag")
