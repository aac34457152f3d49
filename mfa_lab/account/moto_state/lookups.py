"""What moto holds under the name that a call gives: a name may be short for an ARN.

Reads only. What is used here of moto's backends is private to it in part; the test beside it,
`tests/account/permissions/test_needed.py`, fails loudly where it moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mfa_lab.account.moto_state.state import State


def profile_roles(state: State, name: str | None, arn: str | None) -> list[str]:
    """Give the ARNs of the roles in the instance profile of an ARN, else of a name."""
    for profile in state.iam.instance_profiles.values():
        if profile.arn == arn or (arn is None and profile.name == name):
            return [str(role.arn) for role in profile.roles]
    return []


def associated_instance(state: State, region: str, association: str) -> str | None:
    """Give the id of the EC2 instance that an instance profile is associated with, or None."""
    backend = state.ec2(region)
    associations = {} if backend is None else backend.iam_instance_profile_associations
    for instance, one in associations.items():
        if one.association_id == association:
            return str(instance)
    return None


def security_group(state: State, region: str, name: str) -> str | None:
    """Give the id of the EC2 security group of a name, or None."""
    backend = state.ec2(region)
    found = None if backend is None else backend.get_security_group_from_name(name)
    return None if found is None else str(found.id)


def key_pair(state: State, region: str, identifier: str) -> str | None:
    """Give the name of the EC2 key pair of an id, or None."""
    backend = state.ec2(region)
    pairs = {} if backend is None else backend.key_pairs
    return next((str(name) for name, pair in pairs.items() if pair.id == identifier), None)


@dataclass(frozen=True, slots=True)
class LaunchTemplate:
    """A launch template of EC2, in one version.

    Args:
        identifier: Its id.
        data: What instances are launched with, as RunInstances names it.
    """

    identifier: str
    data: Mapping[str, Any]


def launch_template(state: State, region: str, named: Any) -> LaunchTemplate | None:
    """Give the launch template that a call names by id or name, in its version, or None."""
    if not isinstance(named, Mapping):
        return None
    backend = state.ec2(region)
    identifier, name = named.get("LaunchTemplateId"), named.get("LaunchTemplateName")
    for one in {} if backend is None else backend.launch_templates.values():
        if one.id == identifier or (identifier is None and one.name == name):
            version = str(named.get("Version") or "$Default")
            number = {"$Default": one.default_version_number, "$Latest": len(one.versions)}.get(
                version, int(version) if version.isdecimal() else 0
            )
            data = one.versions[number - 1].data if 0 < number <= len(one.versions) else {}
            return LaunchTemplate(str(one.id), data)
    return None
