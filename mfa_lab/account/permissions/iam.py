"""The permissions that a call to IAM needs.

Source: service authorization reference, "Actions, resources, and condition keys for AWS Identity
and Access Management (IAM)"; data/facts.md, "Access denied messages", for what AWS's messages name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from mfa_lab.account.moto_state.state import ACCOUNT_ID, MotoState
from mfa_lab.account.operation import Operation
from mfa_lab.account.permissions.needed_permission import EVERYTHING, NeededPermission
from mfa_lab.analysis.catalogue import aws_catalogue

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
# AWS's messages name these for calls that list, for the others of the kind by analogy
# (data/facts.md, "Actions and resources").
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
# These change the ARN of what they are about: "the requester must have appropriate permissions on
# both the source object and the target object" (IAM API Reference, UpdateUser, UpdateGroup,
# UpdateServerCertificate, of a new name). Of a new path it does not say so; it is asked likewise.
_RENAMING: Final = {
    "UpdateUser": ("user", "NewUserName"),
    "UpdateGroup": ("group", "NewGroupName"),
    "UpdateServerCertificate": ("server-certificate", "NewServerCertificateName"),
}
# With Tags, these need a second permission on the same (the reference's table of operations).
_TAGGING: Final = {
    "CreateInstanceProfile": "iam:TagInstanceProfile",
    "CreateOpenIDConnectProvider": "iam:TagOpenIDConnectProvider",
    "CreatePolicy": "iam:TagPolicy",
    "CreateRole": "iam:TagRole",
    "CreateSAMLProvider": "iam:TagSAMLProvider",
    "CreateUser": "iam:TagUser",
    "CreateVirtualMFADevice": "iam:TagMFADevice",
    "UploadServerCertificate": "iam:TagServerCertificate",
}


def iam_permissions(
    state: MotoState, operation: Operation, caller_name: str | None
) -> Iterator[NeededPermission]:
    """Yield the permissions that a call needs; the caller is the user where none is named."""
    own = _own_permission(state, operation, caller_name)
    yield own
    if operation.name in _RENAMING:
        yield from _renaming_permissions(state, operation, own)
    if operation.name in _TAGGING and operation.parameters.get("Tags"):
        yield NeededPermission(_TAGGING[operation.name], own.resource, own.shown)


def _own_permission(
    state: MotoState, operation: Operation, caller_name: str | None
) -> NeededPermission:
    action, parameters = f"iam:{operation.name}", operation.parameters
    if operation.name == "GetAccessKeyLastUsed":
        found = state.key_of(str(parameters.get("AccessKeyId")))
        caller_name = None if found is None else found[0].name
    if operation.name == "ListVirtualMFADevices":
        return NeededPermission(action, _arn("mfa/"))
    if operation.name in _LISTED:
        return NeededPermission(action, EVERYTHING, _arn(_LISTED[operation.name]))
    kind = _type(action)
    if kind in _NAMED_BY:
        name = parameters.get(_NAMED_BY[kind])
        if name is None and kind == "user":
            name = caller_name
        if name is None:
            return NeededPermission(action)
        arn = _arn(f"{kind}{_path(state, kind, str(name), parameters)}{name}")
        is_named = kind in _PRINTED_BY_NAME and operation.name not in _MAKING
        return NeededPermission(action, arn, f"{kind} {name}" if is_named else "")
    made = _new_name(kind, parameters)
    if made is not None:
        return NeededPermission(action, _arn(made))
    given = parameters.get(_ARN_BY.get(kind, ""))
    return NeededPermission(action, str(given)) if given else NeededPermission(action)


def _new_name(kind: str, parameters: Mapping[str, Any]) -> str | None:
    """Return kind, path and name of what the call makes, which has no ARN yet."""
    path = parameters.get("Path") or "/"
    if kind == "mfa" and "VirtualMFADeviceName" in parameters:
        return f"mfa{path}{parameters['VirtualMFADeviceName']}"
    if kind == "policy" and "PolicyName" in parameters and "PolicyArn" not in parameters:
        return f"policy{path}{parameters['PolicyName']}"
    if kind == "saml-provider" and "Name" in parameters:
        return f"saml-provider/{parameters['Name']}"
    if kind == "oidc-provider" and "Url" in parameters:
        return f"oidc-provider/{str(parameters['Url']).partition('://')[2]}"
    return None


def _renaming_permissions(
    state: MotoState, operation: Operation, own: NeededPermission
) -> Iterator[NeededPermission]:
    """Yield the permission on what is renamed under its new ARN, where the ARN changes."""
    kind, parameter = _RENAMING[operation.name]
    parameters = operation.parameters
    old = str(parameters.get(_NAMED_BY[kind]))
    path = parameters.get("NewPath") or _path(state, kind, old, {})
    target = NeededPermission(own.action, _arn(f"{kind}{path}{parameters.get(parameter) or old}"))
    if target.resource != own.resource:
        yield target


@cache
def _type(action: str) -> str:
    """Return the resource type of an IAM action; empty for one that has none."""
    catalogue = aws_catalogue()
    if action not in catalogue:
        return ""
    types = catalogue[action].resource_types
    required = [name for name, is_required in types if is_required]
    return (required or [name for name, _ in types] or [""])[0]


def _arn(rest: str) -> str:
    return f"arn:aws:iam::{ACCOUNT_ID}:{rest}"


def _path(state: MotoState, kind: str, name: str, parameters: Mapping[str, Any]) -> str:
    """Return the path of what exists, else the one that the call gives to what it makes."""
    there = {
        "user": state.user,
        "role": state.role,
        "group": state.iam.groups.get,
        "instance-profile": state.iam.instance_profiles.get,
        "server-certificate": state.iam.certificates.get,
    }[kind](name)
    path = getattr(there, "path", None) or parameters.get("Path") or "/"
    return str(path)
