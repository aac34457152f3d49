"""Values as sentences show them: short and printable, whatever they are."""

from __future__ import annotations

import decimal
import reprlib
from collections.abc import Mapping
from typing import Final

_MOST_SHOWN: Final = 120


def shown(value: object) -> str:
    """Return a value as a sentence shows it: short and printable, whatever it is."""
    if isinstance(value, str):
        short = value if len(value) <= _MOST_SHOWN else value[:_MOST_SHOWN] + "…"
        return short if short.isprintable() else "".join(map(_printable, short))
    if value is None:
        return "null"
    text = as_text(value)
    return type_name(value) if text is None else shown(text)


def quoted(value: object) -> str:
    """Return a value as Python writes it, but short, however long or deep it is."""
    return _REPR.repr(value)


_REPR: Final = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = _REPR.maxlong = _MOST_SHOWN


def _printable(character: str) -> str:
    """Return a character, or its escape where it would be invisible or turn the line around."""
    if character.isprintable():
        return character
    return repr(character)[1:-1]


def as_text(value: object) -> str | None:
    """Return a condition value as text; None where it is neither text, number nor boolean.

    Quotes are optional around numbers and booleans; a number is compared as it is spelled.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        spelled = getattr(value, "spelled", None)
        return spelled or str(decimal.Decimal(value) if isinstance(value, int) else value)
    return None


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
    """Return the name of a value's JSON type; of its Python type where JSON has no such value."""
    return next((name for kind, name in _TYPE_NAMES if isinstance(value, kind)), _own_name(value))


def _own_name(value: object) -> str:
    return type(value).__name__
