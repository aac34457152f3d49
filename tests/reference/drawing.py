"""Random cases: policies of every kind, and requests to ask of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from tests.reference.choice import Choice
from tests.reference.evaluator import IN_ORDER
from tests.reference.policy_drawing import PolicyDrawer, Words, any_principal
from tests.reference.request_drawing import RequestDrawer
from tests.reference.words import ACTIONS, RESOURCES


class Drawer:
    """Draws a case.

    Args:
        random: Where the choices come from: the same numbers give the same case.
        kinds: Which kinds of policy may be drawn; identity policies always are.
    """

    def __init__(self, random: Random, kinds: Sequence[str] = IN_ORDER) -> None:
        self.choice, self.kinds = Choice(random), kinds
        self.words = Words(
            actions=self.choice.some(ACTIONS, 3),
            resources=self.choice.some(RESOURCES, 3),
            principals=[any_principal(self.choice) for _ in range(3)],
        )

    def policies(self) -> dict[str, Any]:
        """The member "policies" of a line."""
        return PolicyDrawer(self.choice, self.words, self.kinds).policies()

    def requests(self, policies: dict[str, Any], count: int) -> Iterator[dict[str, Any]]:
        """Some times the member "request" of a line about these policies."""
        return RequestDrawer(self.choice, self.words, policies).requests(count)
