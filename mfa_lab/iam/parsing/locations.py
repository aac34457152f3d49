"""Where something stands in a text: line and column, both from 1."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator


class Places:
    """Lines and columns of a text, looked up once for many places.

    Args:
        text: The text; a line ends with a line feed.
    """

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0, *_after_line_feeds(text)]

    def line_and_column(self, place: int) -> tuple[int, int]:
        """Give line and column of an offset."""
        line = bisect_right(self._starts, place)
        return line, place - self._starts[line - 1] + 1


def line_and_column(text: str, place: int) -> tuple[int, int]:
    """Give line and column of one offset in a text."""
    return text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)


def _after_line_feeds(text: str) -> Iterator[int]:
    place = text.find("\n")
    while place >= 0:
        yield place + 1
        place = text.find("\n", place + 1)
