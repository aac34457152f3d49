"""Whether a statement is about the resource of a request.

Source: IAM User Guide, "IAM JSON policy elements: Resource", "NotResource", "Variables and tags".
"""

from __future__ import annotations

from typing import Any

from tests.reference.arns import PARTS, parts_fit
from tests.reference.variables import Character, as_written, read


def listed(value: Any) -> list[Any]:
    """An element's values: a single one may stand without brackets."""
    return value if isinstance(value, list) else [value]


def pattern(entry: str, version: str, context: dict[str, Any]) -> list[list[Character]] | None:
    """The six parts of an entry; None where a variable has no value.

    Variables count behind the fifth colon only. A short ARN leaves its missing parts open, which
    AWS does not document so precisely.
    """
    texts = entry.split(":", PARTS - 1)
    parts = [as_written(text) for text in texts]
    if len(parts) < PARTS:
        return parts + [as_written("*")] * (PARTS - len(parts))
    last = read(texts[-1], version, context)
    return None if last is None else [*parts[:-1], last]


def entry_fits(entry: str, resource: str, version: str, context: dict[str, Any]) -> bool:
    """Whether an entry of Resource or NotResource names the resource; never without its variable.

    What is no ARN, such as the "*" of actions without a resource, is named by "*" alone.
    """
    if entry == "*":
        return True
    wanted = pattern(entry, version, context)
    return wanted is not None and parts_fit(wanted, resource)


def resource_matches(
    statement: dict[str, Any], resource: str, version: str, context: dict[str, Any]
) -> bool:
    """Whether Resource or NotResource holds; a trust policy has neither and is about its role."""

    def any_fits(entries: Any) -> bool:
        return any(entry_fits(entry, resource, version, context) for entry in listed(entries))

    if "Resource" in statement:
        return any_fits(statement["Resource"])
    if "NotResource" in statement:
        return not any_fits(statement["NotResource"])
    return True
