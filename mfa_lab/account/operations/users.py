"""Users and access keys: what moto does otherwise than IAM.

moto does not know a user's permissions boundary, lets a user be deleted who still has keys,
a password, a device or groups, and loses track of the keys of a user who is renamed.

Source: IAM API Reference, the operations' pages.
"""

from __future__ import annotations

from typing import Any, Final

from mfa_lab.account.call.attached_policies import boundary_of
from mfa_lab.account.call.authenticated_call import Call, OwnOperation
from mfa_lab.account.fault import Fault
from mfa_lab.account.http import HttpAnswer
from mfa_lab.account.issuer import LONG_TERM
from mfa_lab.account.moto_state import lookups
from mfa_lab.account.moto_state.state import REGION, MotoState
from mfa_lab.account.operations.entities import require_deletable, require_free_name, require_user
from mfa_lab.account.operations.policy_documents import require_attachable_policy
from mfa_lab.account.operations.principals_in_policies import replace_principal
from mfa_lab.account.operations.service_specific_credentials import credentials_of

KEYS_PER_USER: Final = 2


def create_user(call: Call) -> dict[str, Any]:
    """IAM API Reference, CreateUser. Names are unique whatever their case."""
    state, parameters = call.state, call.parameters
    name = parameters["UserName"]
    _require_free_name(state, name)
    boundary = parameters.get("PermissionsBoundary")
    if boundary is not None:
        require_attachable_policy(state, boundary)
    tags = parameters.get("Tags") or []
    user = state.iam.create_user(REGION, name, parameters.get("Path") or "/", tags)
    user.id = call.internals.issuer.unique_id("AIDA")
    _set_boundary(user, boundary)
    return {"User": _describe(user, tags)}


def _describe(user: Any, tags: list[dict[str, str]]) -> dict[str, Any]:
    shown = {
        "Path": user.path,
        "UserName": user.name,
        "UserId": user.id,
        "Arn": user.arn,
        "CreateDate": user.create_date,
    }
    if tags:
        shown["Tags"] = tags
    boundary = boundary_of(user)
    if boundary is not None:
        shown["PermissionsBoundary"] = user.permissions_boundary
    return shown


def update_user(call: Call) -> HttpAnswer:
    """IAM API Reference, UpdateUser. Keys, devices and tags follow a user to the new name.

    So do the policies that name the user: AWS keeps the unique id, which stays.
    """
    state, parameters = call.state, call.parameters
    user = require_user(state, parameters["UserName"])
    new_name = parameters.get("NewUserName")
    if new_name is not None and new_name != user.name:
        _require_free_name(state, new_name, besides=user)
    former = user.arn
    tags = state.iam.tagger.list_tags_for_resource(former)["Tags"]
    state.iam.tagger.delete_all_tags_for_resource(former)
    answer = call.run_in_moto()
    state.iam.tagger.tag_resource(user.arn, tags)
    for key in user.access_keys:
        key.user_name = user.name
    replace_principal(state, former, user.arn)
    return answer


def delete_user(call: Call) -> HttpAnswer:
    """IAM API Reference, DeleteUser: what belongs to the user must be deleted first."""
    user = require_user(call.state, call.parameters["UserName"])
    require_deletable(
        {
            "must delete login profile": user.password,
            "must delete access keys": user.access_keys,
            "must delete MFA device": user.mfa_devices,
            "must delete certificates": user.signing_certificates,
            # For SSH keys so in the field; for the other credentials AWS's words are not known.
            "must remove referenced objects": user.ssh_public_keys or credentials_of(user),
            "must remove users from group": lookups.groups_of(call.state, user),
            "must detach all policies": user.managed_policies,
            "must delete policies": user.policies,
        }
    )
    answer = call.run_in_moto()
    replace_principal(call.state, user.arn, user.id)
    return answer


def _require_free_name(state: MotoState, name: str, besides: Any = None) -> None:
    others = [user for user in state.users() if user is not besides]
    require_free_name(name, others, f"User with name {name} already exists.")


# Access keys


def create_access_key(call: Call) -> dict[str, Any]:
    """IAM API Reference, CreateAccessKey. The key carries the mark EXAMPLE."""
    state, issuer = call.state, call.internals.issuer
    user = require_user(state, call.parameters["UserName"])
    if len(user.access_keys) >= KEYS_PER_USER:
        message = f"Cannot exceed quota for AccessKeysPerUser: {KEYS_PER_USER}"
        raise Fault("LimitExceeded", message, 409)
    key = state.iam.create_access_key(user.name)
    state.replace_key(key, issuer.access_key_id(LONG_TERM), issuer.secret_access_key())
    return {
        "AccessKey": {
            "UserName": user.name,
            "AccessKeyId": key.access_key_id,
            "Status": key.status,
            "SecretAccessKey": key.secret_access_key,
            "CreateDate": key.create_date,
        }
    }


# Permissions boundaries


def _set_boundary(user: Any, arn: str | None) -> None:
    if arn is None:
        user.permissions_boundary = None
        return
    user.permissions_boundary = {
        "PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": arn,
    }


def put_user_permissions_boundary(call: Call) -> None:
    """IAM API Reference, PutUserPermissionsBoundary."""
    user = require_user(call.state, call.parameters["UserName"])
    arn = call.parameters["PermissionsBoundary"]
    require_attachable_policy(call.state, arn)
    _set_boundary(user, arn)


def delete_user_permissions_boundary(call: Call) -> None:
    """IAM API Reference, DeleteUserPermissionsBoundary."""
    _set_boundary(require_user(call.state, call.parameters["UserName"]), None)


OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {
    ("iam", "CreateUser"): create_user,
    ("iam", "UpdateUser"): update_user,
    ("iam", "DeleteUser"): delete_user,
    ("iam", "CreateAccessKey"): create_access_key,
    ("iam", "PutUserPermissionsBoundary"): put_user_permissions_boundary,
    ("iam", "DeleteUserPermissionsBoundary"): delete_user_permissions_boundary,
}
