"""Choosing at random, from one source: the same random numbers make the same choices."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Choice:
    """Makes choices.

    Args:
        random: Where they come from.
    """

    def __init__(self, random: Random) -> None:
        self.random = random

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def one(self, choices: Sequence[T]) -> T:
        return choices[self.random.randrange(len(choices))]

    def some(self, choices: Sequence[T], most: int) -> list[T]:
        return [self.one(choices) for _ in range(self.random.randint(1, most))]

    def weighted(self, choices: Sequence[tuple[T, int]]) -> T:
        at = self.random.randrange(sum(weight for _, weight in choices))
        for choice, weight in choices:
            at -= weight
            if at < 0:
                return choice
        raise AssertionError("weights are positive")

    def bare_or_list(self, values: list[T]) -> T | list[T]:
        return values[0] if len(values) == 1 and self.chance(60) else values
