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


def pattern(entry: str, version: str, context: dict[str, Any]) -> list[Character] | None:
    """The characters of an entry: variables count behind the fifth colon only."""
    before, last = entry.split(":", PARTS - 1)[:-1], entry.split(":", PARTS - 1)[-1]
    if len(before) < PARTS - 1:
        return as_written(entry)
    filled = read(last, version, context)
    return None if filled is None else as_written(":".join([*before, ""])) + filled


def entry_fits(entry: str, resource: str, version: str, context: dict[str, Any]) -> bool:
    """Whether an entry of Resource or NotResource names the resource; never without its variable."""
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
