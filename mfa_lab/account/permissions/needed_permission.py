"""What a call is asked about: an action and a resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

EVERYTHING: Final = "*"


@dataclass(frozen=True, slots=True)
class NeededPermission:
    """An action and what it is asked about.

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
