"""What Resource and NotResource may hold.

Source: IAM User Guide, "IAM JSON policy elements: Resource": an ARN, whose service takes no
wildcard; AWS completes one that is cut short. "Role trust policy syntax error resource" in the
policy check reference.
"""

from __future__ import annotations

import re
from typing import Final

from mfa_lab.iam.document import pointer_to
from mfa_lab.iam.elements import Elements, Given
from mfa_lab.iam.kinds import PolicyKind
from mfa_lab.iam.spelling import shown
from mfa_lab.iam.statement import ResourceElement, ResourcePattern, resource_pattern
from mfa_lab.iam.values import ARN_PARTS

NAMES: Final = ("Resource", "NotResource")

_EVERYTHING: Final = re.compile(r"\*+")


def resources(
    read: Elements, given: Given, pointer: str, kind: PolicyKind, *, variables: bool
) -> ResourceElement | None:
    """Read the Resource or NotResource of a statement.

    Args:
        read: Reads, and keeps the mistakes.
        given: The statement.
        pointer: Where the statement is.
        kind: What kind of policy it is in. A trust policy is about its role; a resource policy
            is about its resource, and some services let it name none.
        variables: Whether the language of the policy knows variables.
    """
    named = [name for name in NAMES if name in given]
    if not kind.names_resources:
        for name in named:
            read.note("resource_in_trust_policy", pointer_to(pointer, name), name=name)
        return None
    if not named and kind is PolicyKind.RESOURCE:
        return None
    name, negated = read.one_of(given, pointer, "Resource")
    patterns: list[ResourcePattern] = []
    for where, resource in read.listed(given, name, pointer, "empty_resources"):
        if not _EVERYTHING.fullmatch(resource) and not resource.startswith("arn:"):
            read.note("malformed_resource", where, resource=shown(resource))
        elif _has_service_wildcard(resource):
            read.note("service_wildcard", where, resource=shown(resource))
        patterns.append(resource_pattern(resource, variables=variables))
    return ResourceElement(tuple(patterns), negated)


def _has_service_wildcard(resource: str) -> bool:
    """Whether a whole ARN names its service with a wildcard.

    A short one, such as arn:*, stands for what it leaves out.
    """
    parts = resource.split(":", ARN_PARTS - 1)
    return len(parts) == ARN_PARTS and ("*" in parts[2] or "?" in parts[2])
