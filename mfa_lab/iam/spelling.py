"""How sentences show what a policy holds: short and printable, with the nearest right word."""

from __future__ import annotations

import decimal as exact
import reprlib
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

_MOST_SHOWN: Final = 120


def shown(value: object) -> str:
    """Give a value as a sentence shows it: short, and printable, whatever it is."""
    if isinstance(value, str):
        short = value if len(value) <= _MOST_SHOWN else value[:_MOST_SHOWN] + "…"
        return short if short.isprintable() else "".join(map(_printable, short))
    if value is None:
        return "null"
    text = as_text(value)
    return type_name(value) if text is None else shown(text)


def quoted(value: object) -> str:
    """Give a value as Python writes it, but short, whatever it is and however deep."""
    return _REPR.repr(value)


_REPR: Final = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = _REPR.maxlong = _MOST_SHOWN


def _printable(character: str) -> str:
    """Give a character, or its escape where it would show as nothing or turn the line around."""
    if character.isprintable():
        return character
    return repr(character)[1:-1]


def as_text(value: object) -> str | None:
    """Give a condition value as text, None where it is none.

    Quotes are optional around numbers and booleans; a number is compared as it is spelled.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        spelled = getattr(value, "spelled", None)
        return spelled or str(exact.Decimal(value) if isinstance(value, int) else value)
    return None


def as_ascii(text: str) -> str:
    """Give a text with the plain forms of full-width characters, as Japanese keyboards write them.

    Text that has none is given as it is.
    """
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    return "".join(one for one in plain if unicodedata.category(one) != "Cf").strip()


def similar(name: str, known: Iterable[str]) -> str | None:
    """Give the known name that a mistyped one is most similar to, None where none is."""
    by_lower = {one.lower(): one for one in known}
    close = get_close_matches(name[:_MOST_SHOWN].lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


_TYPE_NAMES: Final[tuple[tuple[type, str], ...]] = (
    (bool, "boolean"),
    (str, "text"),
    (int, "number"),
    (float, "number"),
    (Mapping, "object"),
    (list, "list"),
    (tuple, "list"),
    (type(None), "null"),
)

TYPE_NAMES: Final = frozenset(name for _, name in _TYPE_NAMES)
"""The types of JSON, as `type_name` names them; sentences name them in their language."""


def type_name(value: object) -> str:
    """Name a JSON type; of a value that JSON does not have, such as a date, its Python type."""
    return next((name for kind, name in _TYPE_NAMES if isinstance(value, kind)), _own_name(value))


def _own_name(value: object) -> str:
    return type(value).__name__
