"""IAM's entities: those that a call names must be there, new names free, deleted ones empty.

moto looks for both too, in words of its own and with an eye for letter case. The words here are
those of field reports; where none was found, they follow the others and a comment says so. Which
of several missing things, or things in the way, AWS names first is not documented.

Source: IAM API Reference, the operations' pages: "IAM user, group, role, and policy names must be
unique within the account. Names are not distinguished by case."
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from mfa_lab.account.call.authenticated_call import Call, OwnOperation
from mfa_lab.account.fault import Fault
from mfa_lab.account.http import HttpAnswer
from mfa_lab.account.moto_state.state import MotoState


def no_such_entity(message: str) -> Fault:
    """Return the fault for an entity that does not exist."""
    return Fault("NoSuchEntity", message, 404)


def require_free_name(name: str, others: Iterable[Any], message: str) -> None:
    """Check that a name is free, whatever its case.

    Args:
        name: What something is to be called.
        others: What there is of its kind.
        message: IAM's words where one of them has the name.

    Raises:
        Fault: It is taken.
    """
    if any(other.name.lower() == name.lower() for other in others):
        raise Fault("EntityAlreadyExists", message, 409)


# What is there


def require_user(state: MotoState, name: str) -> Any:
    """Return moto's user of a name.

    Raises:
        Fault: There is none.
    """
    user = state.user(name)
    if user is None:
        raise no_such_entity(f"The user with name {name} cannot be found.")
    return user


def require_group(state: MotoState, name: str) -> Any:
    """Return moto's group of a name.

    Raises:
        Fault: There is none.
    """
    group = state.iam.groups.get(name)
    if group is None:
        raise no_such_entity(f"The group with name {name} cannot be found.")
    return group


def require_role(state: MotoState, name: str) -> Any:
    """Return moto's role of a name.

    Raises:
        Fault: There is none.
    """
    role = state.role(name)
    if role is None:
        raise no_such_entity(f"The role with name {name} cannot be found.")
    return role


def require_policy(state: MotoState, arn: str) -> Any:
    """Return moto's managed policy of an ARN.

    Raises:
        Fault: There is none.
    """
    policy = state.policy(arn)
    if policy is None:
        raise no_such_entity(f"Policy {arn} was not found.")
    return policy


def require_instance_profile(state: MotoState, name: str) -> Any:
    """Return moto's instance profile of a name.

    Raises:
        Fault: There is none.
    """
    profile = state.iam.instance_profiles.get(name)
    if profile is None:
        raise no_such_entity(f"Instance Profile {name} cannot be found.")
    return profile


def require_saml_provider(state: MotoState, arn: str) -> Any:
    """Return moto's SAML provider of an ARN.

    Raises:
        Fault: There is none.
    """
    for provider in state.iam.list_saml_providers():
        if provider.arn == arn:
            return provider
    raise no_such_entity(f"Manifest not found for arn {arn}")


# What is in the way of a deletion


def require_deletable(obstacles: Mapping[str, Any]) -> None:
    """Check that nothing keeps an entity from being deleted.

    Args:
        obstacles: What must be done first, and what it would be done to, empty where there is
            nothing.

    Raises:
        Fault: Something is there.
    """
    for obstacle, is_there in obstacles.items():
        if is_there:
            raise delete_conflict(f"Cannot delete entity, {obstacle} first.")


def delete_conflict(message: str) -> Fault:
    """Return the fault for an entity that cannot be deleted as it is."""
    return Fault("DeleteConflict", message, 409)


# What a call names of its user, group or role


_REQUIRE: Final[dict[str, Callable[[MotoState, str], Any]]] = {
    "UserName": require_user,
    "GroupName": require_group,
    "RoleName": require_role,
    "InstanceProfileName": require_instance_profile,
    "SAMLProviderArn": require_saml_provider,
}


def _require_part(call: Call, holder: Any, kind: str) -> None:
    """Check that a user, group or role has the policy or key that a call names.

    Raises:
        Fault: The holder has no such thing.
    """
    for parameter, wanted in call.parameters.items():
        match parameter:
            case "PolicyName" if wanted not in holder.policies:
                raise no_such_entity(f"The {kind} policy with name {wanted} cannot be found.")
            case "PolicyArn" if wanted not in holder.managed_policies:
                raise no_such_entity(f"Policy {wanted} was not found.")
            case "AccessKeyId" if wanted not in _ids(holder.access_keys, "access_key_id"):
                raise _no_access_key(wanted)
            case "SSHPublicKeyId" if wanted not in _ids(
                holder.ssh_public_keys, "ssh_public_key_id"
            ):
                # AWS's words are not known; these are like those for an access key.
                raise no_such_entity(f"The SSH Public Key with id {wanted} cannot be found.")


def _ids(keys: Iterable[Any], attribute: str) -> Iterator[str]:
    return (getattr(key, attribute) for key in keys)


def _no_access_key(identifier: str) -> Fault:
    return no_such_entity(f"The Access Key with id {identifier} cannot be found.")


# The operations


def run_on_existing_entities(call: Call) -> HttpAnswer:
    """IAM API Reference: operations on a user, a group, a role … that is there."""
    for parameter, require in _REQUIRE.items():
        if parameter in call.parameters:
            require(call.state, call.parameters[parameter])
    return call.run_in_moto()


def run_on_existing_part(call: Call) -> HttpAnswer:
    """IAM API Reference: operations on what a user, group or role has, such as a policy."""
    for parameter in ("UserName", "GroupName", "RoleName"):
        if parameter in call.parameters:
            holder = _REQUIRE[parameter](call.state, call.parameters[parameter])
            _require_part(call, holder, parameter.removesuffix("Name").lower())
    return call.run_in_moto()


def get_access_key_last_used(call: Call) -> HttpAnswer:
    """IAM API Reference, GetAccessKeyLastUsed. AWS's words for an unknown key are not known."""
    if call.state.key_of(call.parameters["AccessKeyId"]) is None:
        raise _no_access_key(call.parameters["AccessKeyId"])
    return call.run_in_moto()


def remove_role_from_instance_profile(call: Call) -> HttpAnswer:
    """IAM API Reference, RemoveRoleFromInstanceProfile; for a role elsewhere, words of ours."""
    name = call.parameters["InstanceProfileName"]
    profile = require_instance_profile(call.state, name)
    role = require_role(call.state, call.parameters["RoleName"])
    if role not in profile.roles:
        raise no_such_entity(f"Role {role.name} cannot be found in Instance Profile {name}.")
    return call.run_in_moto()


def create_instance_profile(call: Call) -> HttpAnswer:
    """IAM API Reference, CreateInstanceProfile; its name as IAM User Guide, "Quotas", says."""
    name = call.parameters["InstanceProfileName"]
    profiles = call.state.iam.instance_profiles.values()
    require_free_name(name, profiles, f"Instance Profile {name} already exists.")
    return call.run_in_moto()


_ON_ENTITIES: Final = (
    "AddRoleToInstanceProfile",
    "AddUserToGroup",
    "DeleteInstanceProfile",
    "DeleteRolePermissionsBoundary",
    "DeleteSAMLProvider",
    "DeleteServiceLinkedRole",
    "GetGroup",
    "GetInstanceProfile",
    "GetRole",
    "GetSAMLProvider",
    "ListAttachedGroupPolicies",
    "ListAttachedRolePolicies",
    "ListGroupPolicies",
    "ListInstanceProfilesForRole",
    "ListRolePolicies",
    "ListRoleTags",
    "RemoveUserFromGroup",
    "TagInstanceProfile",
    "TagRole",
    "UntagInstanceProfile",
    "UntagRole",
    "UpdateRole",
    "UpdateRoleDescription",
    "UpdateSAMLProvider",
)
_ON_A_PART: Final = (
    "DeleteAccessKey",
    "DeleteGroupPolicy",
    "DeleteRolePolicy",
    "DeleteSSHPublicKey",
    "DeleteUserPolicy",
    "DetachGroupPolicy",
    "DetachRolePolicy",
    "DetachUserPolicy",
    "GetGroupPolicy",
    "GetRolePolicy",
    "GetSSHPublicKey",
    "GetUserPolicy",
    "UpdateAccessKey",
    "UpdateSSHPublicKey",
)
OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {
    **{("iam", name): run_on_existing_entities for name in _ON_ENTITIES},
    **{("iam", name): run_on_existing_part for name in _ON_A_PART},
    ("iam", "CreateInstanceProfile"): create_instance_profile,
    ("iam", "GetAccessKeyLastUsed"): get_access_key_last_used,
    ("iam", "RemoveRoleFromInstanceProfile"): remove_role_from_instance_profile,
}
