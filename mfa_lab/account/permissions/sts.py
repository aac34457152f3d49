"""The permissions that a call to STS needs.

Source: service authorization reference, "Actions, resources, and condition keys for AWS Security
Token Service".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mfa_lab.account.moto_state.state import ACCOUNT_ID
from mfa_lab.account.operation import Operation
from mfa_lab.account.permissions.needed_permission import EVERYTHING, NeededPermission

_ROLE_CALLS: Final = frozenset({"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})


def sts_permissions(operation: Operation) -> Iterator[NeededPermission]:
    """Yield the permissions that a call needs."""
    action, parameters = f"sts:{operation.name}", operation.parameters
    if operation.name in _ROLE_CALLS:
        role = str(parameters.get("RoleArn") or EVERYTHING)
        yield NeededPermission(action, role)
        if parameters.get("Tags"):
            yield NeededPermission("sts:TagSession", role)
        if parameters.get("SourceIdentity"):
            yield NeededPermission("sts:SetSourceIdentity", role)
    elif operation.name == "GetFederationToken":
        name = parameters.get("Name", "")
        yield NeededPermission(action, f"arn:aws:sts::{ACCOUNT_ID}:federated-user/{name}")
    else:
        yield NeededPermission(action)
