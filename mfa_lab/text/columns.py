"""Columns of text in a terminal, where a Japanese character is two columns wide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from unicodedata import category, combining, east_asian_width

GAP: Final = "  "


def width(text: str) -> int:
    """Count the columns that a text takes; characters of ambiguous width take one."""
    return sum(map(_width_of, text))


def _width_of(character: str) -> int:
    if combining(character) or category(character) == "Cf":  # such as a place to break a line
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the width of each column: that of its widest cell."""
    return [max(map(width, column)) for column in zip(*rows, strict=True)]


def aligned(row: Sequence[str], to: Sequence[int]) -> str:
    """Return a row as a line, each cell padded to a width.

    Args:
        row: The cells.
        to: The width of each, in columns of the terminal.
    """
    padded = (cell + " " * (wide - width(cell)) for cell, wide in zip(row, to, strict=True))
    return GAP.join(padded).rstrip()
