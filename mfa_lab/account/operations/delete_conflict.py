"""What is in the way of a deletion: what belongs to an entity must be taken from it first.

The words are those of field reports; in which order AWS looks is not documented.

Source: IAM API Reference, DeleteUser, DeleteGroup, DeleteRole, DeleteInstanceProfile, DeletePolicy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mfa_lab.account.call.fault import Fault


def demand_no_obstacle(obstacles: Mapping[str, Any]) -> None:
    """Demand that nothing is in the way.

    Args:
        obstacles: What must be done first, and what it would be done to, empty where there is
            nothing.

    Raises:
        Fault: Something is there.
    """
    for obstacle, is_there in obstacles.items():
        if is_there:
            raise delete_conflict(f"Cannot delete entity, {obstacle} first.")


def delete_conflict(message: str) -> Fault:
    """Give the fault for something that cannot be deleted as it is."""
    return Fault("DeleteConflict", message, 409)
