"""Whether a statement is about the action of a request.

Source: IAM User Guide, "IAM JSON policy elements: Action" and "NotAction": case does not matter,
and wildcards may stand anywhere.
"""

from __future__ import annotations

from typing import Any

from tests.reference.resources import listed
from tests.reference.variables import as_written, fits


def action_matches(statement: dict[str, Any], action: str) -> bool:
    """Whether Action or NotAction holds."""

    def any_fits(entries: Any) -> bool:
        return any(fits(as_written(one.lower()), action.lower()) for one in listed(entries))

    if "Action" in statement:
        return any_fits(statement["Action"])
    return not any_fits(statement["NotAction"])
