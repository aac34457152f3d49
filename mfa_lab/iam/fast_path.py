"""Answers kept for the next time, within bounds.

A lesson asks about the same few resources and values again and again. Whoever asks about millions
of them, each once, or about a few enormous ones, must not fill the machine's memory with answers.
"""

from __future__ import annotations

from typing import Final, TypeVar

Answer = TypeVar("Answer")
CacheKey = str | None | tuple[object, ...]

MOST_KEPT: Final = 1024
LONGEST_KEPT: Final = 1024


def remember(known: dict[CacheKey, Answer], asked: CacheKey, found: Answer) -> Answer:
    """Keep an answer, unless the question is long; where too many are kept, forget them first.

    Args:
        known: The answers so far.
        asked: The question: a text, or texts and tuples of texts.
        found: Its answer.

    Returns:
        The answer.
    """
    if _length(asked) <= LONGEST_KEPT:
        if len(known) >= MOST_KEPT:
            known.clear()
        known[asked] = found
    return found


def _length(asked: object) -> int:
    if isinstance(asked, tuple):
        return sum(1 + _length(one) for one in asked)
    return len(asked) if isinstance(asked, str) else 0
