"""A permission that a call needs: an action on a resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

EVERYTHING: Final = "*"


@dataclass(frozen=True, slots=True)
class NeededPermission:
    """An action on a resource, which policies must allow for the call to go through.

    Args:
        action: IAM action, such as `iam:ChangePassword`.
        resource: ARN, or `*`.
        shown: What AWS's message names in its place, where that is something else.
        context: Context keys with their values that this action alone is asked with.
    """

    action: str
    resource: str = EVERYTHING
    shown: str = ""
    context: tuple[tuple[str, str], ...] = ()
