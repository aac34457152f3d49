"""What moto holds under the name that a call gives: a name may be short for an ARN.

Reads only. What is used here of moto's backends is private to it in part; the test beside it,
`tests/account/permissions/test_needed.py`, fails loudly where it moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mfa_lab.account.moto_state.state import State

# An id of a key stands at the head of what moto encrypts; AWS's blobs name their key as well.
_KEY_ID_LENGTH: Final = 36
_SECRET_FILTERS: Final = frozenset(
    {"all", "description", "name", "owning-service", "primary-region", "tag-key", "tag-value"}
)
_MOST_SECRETS: Final = 100_000


def key_arn(state: State, region: str, identifier: str) -> str | None:
    """Give the ARN of the KMS key that moto takes for an id, an ARN or an alias, or None.

    moto looks at what follows `key/` or `alias/` alone, whatever region and account an ARN names.
    """
    backend = state.backend("kms", region)
    if backend is None:
        return None
    before, colon, after = identifier.partition(":alias/")
    alias = f"alias/{after}" if colon and before.startswith("arn:") else identifier
    if alias.startswith("alias/"):
        found = next((key for key in backend.keys.values() if alias in key.aliases), None)
    else:
        found = backend.keys.get(identifier.rpartition(":key/")[2])
    return None if found is None else str(found.arn)


def key_arn_of(state: State, region: str, ciphertext: bytes) -> str | None:
    """Give the ARN of the KMS key under which something was encrypted, or None."""
    identifier = ciphertext[:_KEY_ID_LENGTH].decode("ascii", "replace")
    return key_arn(state, region, identifier)


def secret_arn(state: State, region: str, identifier: str) -> str | None:
    """Give the whole ARN of the secret of a name, or of an ARN with or without suffix, or None."""
    backend = state.backend("secretsmanager", region)
    found = None if backend is None else backend.secrets.get(identifier)
    return None if found is None else str(found.arn)


def secret_arns(state: State, region: str, filters: list[Mapping[str, Any]]) -> Iterable[str]:
    """Give the ARNs of the secrets that filters let through; none for a filter that is none."""
    backend = state.backend("secretsmanager", region)
    are_filters = all(one.get("Key") in _SECRET_FILTERS and one.get("Values") for one in filters)
    if backend is None or not are_filters:
        return []
    found, _ = backend.list_secrets(filters, max_results=_MOST_SECRETS)
    return [str(secret["ARN"]) for secret in found]


def profile_roles(state: State, name: str | None, arn: str | None) -> list[str]:
    """Give the ARNs of the roles in the instance profile of an ARN, else of a name."""
    for profile in state.iam.instance_profiles.values():
        if profile.arn == arn or (arn is None and profile.name == name):
            return [str(role.arn) for role in profile.roles]
    return []


def associated_instance(state: State, region: str, association: str) -> str | None:
    """Give the id of the EC2 instance that an instance profile is associated with, or None."""
    backend = state.backend("ec2", region)
    associations = {} if backend is None else backend.iam_instance_profile_associations
    for instance, one in associations.items():
        if one.association_id == association:
            return str(instance)
    return None


def security_group(state: State, region: str, name: str) -> str | None:
    """Give the id of the EC2 security group of a name, or None."""
    backend = state.backend("ec2", region)
    found = None if backend is None else backend.get_security_group_from_name(name)
    return None if found is None else str(found.id)


def key_pair(state: State, region: str, identifier: str) -> str | None:
    """Give the name of the EC2 key pair of an id, or None."""
    backend = state.backend("ec2", region)
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
    backend = state.backend("ec2", region)
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
