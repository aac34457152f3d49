"""What somebody probably meant by a name that does not exist."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

# Comparing takes the square of the length.
_LONGEST_NAME: Final = 120


def half_width(text: str) -> str:
    """Return a text with its full-width characters in half width.

    Japanese keyboards write many where ASCII was meant. Invisible characters go as well, since what
    is copied from a page brings them along.
    """
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    return "".join(
        character for character in plain if unicodedata.category(character) != "Cf"
    ).strip()


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that a mistyped one is most similar to; None where none is similar."""
    by_lower = {each.lower(): each for each in known}
    close = get_close_matches(name[:_LONGEST_NAME].lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None
