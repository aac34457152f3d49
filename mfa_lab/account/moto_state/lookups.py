"""What moto holds under the name that a call gives: tags, policies, groups, buckets, EC2 resources.

Nothing is changed here. What is used of moto's backends is private to it in part; the tests of
`permissions` and `moto_state` fail loudly where it moves.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mfa_lab.account.isolated_boto3 import isolated_imports
from mfa_lab.account.moto_state.state import ACCOUNT_ID, MotoState, load_service

with isolated_imports():
    from moto.s3 import models as s3_models


def bucket_policy(name: str) -> str | None:
    """Return the policy of a bucket, or None."""
    bucket = s3_models.s3_backends[ACCOUNT_ID]["aws"].buckets.get(name)
    policy = bucket.policy if bucket is not None else None
    return policy.decode() if isinstance(policy, bytes) else policy


def buckets() -> Iterator[Any]:
    """Return moto's buckets."""
    yield from s3_models.s3_backends[ACCOUNT_ID]["aws"].buckets.values()


def _ec2(region: str) -> Any | None:
    """Return moto's EC2 backend of a region, or None where there is no such region."""
    load_service("ec2")
    backends: Any = importlib.import_module("moto.ec2.models").ec2_backends
    if region not in backends[ACCOUNT_ID]:
        return None
    return backends[ACCOUNT_ID][region]  # makes the backend where there is none yet


def ec2_tags(region: str, identifier: str) -> dict[str, str]:
    """Return the tags of an EC2 resource, such as `i-…`."""
    backend = _ec2(region)
    return {} if backend is None else dict(backend.tags.get(identifier, {}))


def tags_of(state: MotoState, principal: Any) -> dict[str, str]:
    """Return the tags of a user or role."""
    tags = state.iam.tagger.list_tags_for_resource(principal.arn)["Tags"]
    own = getattr(principal, "tags", None)
    if isinstance(own, dict):  # a role keeps its own
        tags = list(own.values())
    return {tag["Key"]: tag["Value"] for tag in tags}


def device_tags(state: MotoState, serial_number: str) -> list[dict[str, str]]:
    """Return the tags of a virtual MFA device, in the order in which their keys were added."""
    tags: list[dict[str, str]] = state.iam.tagger.list_tags_for_resource(serial_number)["Tags"]
    return tags


def groups_of(state: MotoState, user: Any) -> list[Any]:
    """Return moto's groups that a user is in."""
    return [group for group in state.iam.groups.values() if user in group.users]


def default_document(policy: Any) -> str:
    """Return the text of a managed policy's default version."""
    for version in policy.versions:
        if version.version_id == policy.default_version_id:
            return str(version.document)
    raise LookupError(f"{policy.arn} has no default version")


def profile_roles(state: MotoState, name: str | None, arn: str | None) -> list[str]:
    """Return the ARNs of the roles in the instance profile of an ARN, else of a name."""
    for profile in state.iam.instance_profiles.values():
        if profile.arn == arn or (arn is None and profile.name == name):
            return [str(role.arn) for role in profile.roles]
    return []


def associated_instance(region: str, association: str) -> str | None:
    """Return the id of the EC2 instance that an instance profile is associated with, or None."""
    backend = _ec2(region)
    associations = {} if backend is None else backend.iam_instance_profile_associations
    for instance, profile in associations.items():
        if profile.association_id == association:
            return str(instance)
    return None


def security_group(region: str, name: str) -> str | None:
    """Return the id of the EC2 security group of a name, or None."""
    backend = _ec2(region)
    found = None if backend is None else backend.get_security_group_from_name(name)
    return None if found is None else str(found.id)


def key_pair(region: str, identifier: str) -> str | None:
    """Return the name of the EC2 key pair of an id, or None."""
    backend = _ec2(region)
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


def launch_template(region: str, named: Any) -> LaunchTemplate | None:
    """Return the launch template that a call names by id or name, in its version, or None."""
    if not isinstance(named, Mapping):
        return None
    backend = _ec2(region)
    identifier, name = named.get("LaunchTemplateId"), named.get("LaunchTemplateName")
    for template in {} if backend is None else backend.launch_templates.values():
        if template.id == identifier or (identifier is None and template.name == name):
            version = str(named.get("Version") or "$Default")
            number = {
                "$Default": template.default_version_number,
                "$Latest": len(template.versions),
            }.get(version, int(version) if version.isdecimal() else 0)
            data = (
                template.versions[number - 1].data if 0 < number <= len(template.versions) else {}
            )
            return LaunchTemplate(str(template.id), data)
    return None
