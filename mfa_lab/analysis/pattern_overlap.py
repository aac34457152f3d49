"""Whether two patterns can fit the same text.

A pattern here is a text with three wildcards: `*` is any run of characters, `?` any one character,
and `SEGMENT` a run without colon and slash, as an account number or a bucket's name is one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

SEGMENT: Final = "\x00"

_RUNS: Final = frozenset(("*", SEGMENT))
_OPEN: Final = frozenset(("*", "?", SEGMENT))


@lru_cache(maxsize=16_384)
def overlap(one: str, other: str) -> bool:
    """Return whether some text fits both patterns.

    Time grows with the product of their lengths.
    """
    end = (len(one), len(other))
    seen = {(0, 0)}
    waiting = [(0, 0)]
    while waiting:
        place = waiting.pop()
        if place == end:
            return True
        for following in _steps(one, other, *place):
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return False


def _steps(one: str, other: str, i: int, j: int) -> list[tuple[int, int]]:
    """Return where both patterns may stand after one more character, or after a run's end."""
    steps: list[tuple[int, int]] = []
    left = one[i] if i < len(one) else ""
    right = other[j] if j < len(other) else ""
    if left in _RUNS:
        steps.append((i + 1, j))
    if right in _RUNS:
        steps.append((i, j + 1))
    if left and right and _share_a_character(left, right):
        steps.append((i + (left not in _RUNS), j + (right not in _RUNS)))
    return steps


def _share_a_character(left: str, right: str) -> bool:
    if left in _OPEN and right in _OPEN:
        return True
    if left in _OPEN:
        left, right = right, left
    if right not in _OPEN:
        return left == right
    return right != SEGMENT or left not in ":/"
