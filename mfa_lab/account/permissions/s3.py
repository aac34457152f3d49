"""The permissions that a call to S3 needs.

Asked as `*`: access points, and the resources of batch and control operations. Not served: the
calls of browsers that AWS authenticates otherwise, or not at all, and moto takes with any
signature. A preflight is answered without a policy being asked; a form (POST Object) is signed in
its fields, which this account does not read. Not asked: the tags that CopyObject takes along.

Source: Amazon S3 User Guide, "Required permissions for Amazon S3 API operations"; service
authorization reference, "Actions, resources, and condition keys for Amazon S3", of which the
table "API operations" gives the actions of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from mfa_lab.account.fault import NotServedError
from mfa_lab.account.operation import Operation
from mfa_lab.account.permissions.needed_permission import EVERYTHING, NeededPermission
from mfa_lab.account.permissions.s3_actions import (
    ACTIONS,
    OF_BUCKETS_MADE,
    OF_OBJECTS_WRITTEN,
    OF_VERSIONS,
    WRITING_OBJECTS,
)

_OF_BROWSERS: Final = frozenset(
    {"BucketCORSPreflightCheck", "ObjectCORSPreflightCheck", "PostObject"}
)


def s3_permissions(operation: Operation) -> Iterator[NeededPermission]:
    """Yield the permissions that a call needs: its own action first, then those for parameters.

    Raises:
        NotServedError: The call is one of a browser's own.
    """
    parameters, name = operation.parameters, operation.name
    if name in _OF_BROWSERS:
        raise NotServedError("not_implemented", reason=name)
    bucket, key = parameters.get("Bucket"), parameters.get("Key")
    if not bucket:
        yield NeededPermission(_action(name, parameters))
    elif name == "DeleteObjects":
        yield from _delete_permissions(str(bucket), parameters)
    else:
        arn = _arn(str(bucket), key)
        yield NeededPermission(_action(name, parameters), arn)
        for action in _actions_of_parameters(name, parameters):
            yield NeededPermission(f"s3:{action}", arn)
    source = parameters.get("CopySource")
    if source:
        yield _copy_permission(source)


def _action(name: str, parameters: Mapping[str, Any]) -> str:
    """Return the action of an operation; that of a directory bucket already has its prefix."""
    own = ACTIONS.get(name, name)
    if parameters.get("VersionId"):
        own = OF_VERSIONS.get(name, own)
    return own if ":" in own else f"s3:{own}"


def _actions_of_parameters(name: str, parameters: Mapping[str, Any]) -> Iterator[str]:
    """Yield the actions that a call needs for its parameters."""
    if name in WRITING_OBJECTS:
        yield from _actions_of_given(OF_OBJECTS_WRITTEN, parameters)
    elif name == "CreateBucket":
        # A private ACL is what a bucket has anyway, and needs no permission of its own.
        is_private = parameters.get("ACL") == "private"
        named = {**parameters, "ACL": None} if is_private else parameters
        yield from _actions_of_given(OF_BUCKETS_MADE, named)
        if (parameters.get("CreateBucketConfiguration") or {}).get("Tags"):
            yield "TagResource"
    elif name == "GetObjectAttributes":
        yield "GetObjectVersion" if parameters.get("VersionId") else "GetObject"
    if parameters.get("BypassGovernanceRetention"):
        yield "BypassGovernanceRetention"


def _actions_of_given(
    table: Mapping[str, tuple[str, ...]], parameters: Mapping[str, Any]
) -> Iterator[str]:
    """Yield the actions that a table has for the given parameters, each once."""
    found = [actions for parameter, actions in table.items() if parameters.get(parameter)]
    yield from dict.fromkeys(action for actions in found for action in actions)


def _delete_permissions(bucket: str, parameters: Mapping[str, Any]) -> Iterator[NeededPermission]:
    objects = (parameters.get("Delete") or {}).get("Objects") or [{}]
    for deleted in objects:
        action = "s3:DeleteObjectVersion" if deleted.get("VersionId") else "s3:DeleteObject"
        arn = _arn(bucket, deleted.get("Key") or EVERYTHING)
        yield NeededPermission(action, arn)
        for besides in _actions_of_parameters("DeleteObjects", parameters):
            yield NeededPermission(f"s3:{besides}", arn)


def _copy_permission(source: Any) -> NeededPermission:
    if isinstance(source, Mapping):
        source = f"{source.get('Bucket')}/{source.get('Key')}"
    path, _, version = unquote(str(source)).lstrip("/").partition("?versionId=")
    bucket, _, key = path.partition("/")
    action = "s3:GetObjectVersion" if version else "s3:GetObject"
    return NeededPermission(action, _arn(bucket, key))


def _arn(bucket: str, key: str | None) -> str:
    return f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"
