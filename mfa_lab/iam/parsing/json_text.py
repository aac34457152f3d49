"""Reading and writing the JSON text of a policy; `json.loads` decides what is valid."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from mfa_lab.iam.parsing.broken_json import cause, unknown_word
from mfa_lab.iam.parsing.locations import BYTE_ORDER_MARK, Lines, values_in
from mfa_lab.iam.parsing.mistakes import Mistake, PolicyError
from mfa_lab.text.nearest_name import half_width
from mfa_lab.text.shown_value import shown

_FOREIGN: Final = re.compile(r"[^\t\n\r\u0020-\u00ff]+")
_MOST_FOREIGN: Final = 20


class WrittenInteger(int):
    """A whole number of the document, with its spelling."""

    spelled: str


class WrittenDecimal(float):
    """A decimal number of the document, with its spelling."""

    spelled: str


def read(text: str) -> Any:
    """Return the values of a JSON text.

    Raises:
        PolicyError: The text is no JSON, is nested too deeply, or names a member twice.
    """
    value, repetitions = read_with_repetitions(text)
    if repetitions:
        raise PolicyError(repetitions)
    return value


def read_with_repetitions(text: str) -> tuple[Any, list[Mistake]]:
    """Return the values of a JSON text, and the members that it repeats, of which the last counts.

    Raises:
        PolicyError: The text is no JSON, or is nested too deeply.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    repeated = False

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        result = dict(pairs)
        repeated = repeated or len(result) < len(pairs)
        return result

    try:
        value = json.loads(
            text,
            object_pairs_hook=members,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as error:
        raise PolicyError([cause(text, error)]) from None
    except RecursionError:
        raise PolicyError([Mistake("too_deep", "", {}, 1, 1)]) from None
    except _ConstantError as error:
        raise PolicyError([unknown_word(text, error.name)]) from None
    except ValueError:  # Python refuses to read a whole number of more than 4,300 digits
        raise PolicyError([Mistake("number_too_long", "", {}, 1, 1)]) from None
    return value, list(_repetitions(text)) if repeated else []


def foreign_characters(text: str) -> list[Mistake]:
    """Find the characters that no policy of IAM may hold, where they are written as such.

    The escape of such a character is itself made of others, and is let through; what IAM does with
    it is not documented. Only the first twenty places are noted.

    Source: IAM User Guide, "IAM and AWS STS quotas", on names: tab, line feed, carriage return
    and U+0020 to U+00FF.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    runs = [run for run, _ in zip(_FOREIGN.finditer(text), range(_MOST_FOREIGN), strict=False)]
    if not runs:
        return []
    places, found = Lines(text), []
    members = list(values_in(text))
    at = 0
    for run in runs:
        while at + 1 < len(members) and members[at + 1][1] <= run.start():
            at += 1
        code_point = f"U+{ord(run.group()[0]):04X}"
        meant = half_width(run.group())
        values: dict[str, object] = {
            "characters": shown(run.group()),
            "code_point": code_point,
            "suggestion": meant if meant.isascii() else "",
        }
        place = places.line_and_column(run.start())
        found.append(Mistake("foreign_characters", members[at][0], values, *place))
    return found


def _integer(spelled: str) -> WrittenInteger:
    number = WrittenInteger(spelled)
    number.spelled = spelled
    return number


def _decimal(spelled: str) -> WrittenDecimal:
    number = WrittenDecimal(spelled)
    number.spelled = spelled
    return number


class _ConstantError(Exception):
    """NaN or Infinity, which Python reads and JSON does not have."""

    def __init__(self, name: str) -> None:
        self.name = name


def _refuse_constant(name: str) -> None:
    raise _ConstantError(name)


def written(values: Any, indent: int | None, separators: tuple[str, str] | None = None) -> str:
    """Write values as JSON text, numbers as they were spelled.

    What an IAM policy may not hold as a character is written as an escape.
    """
    plain = json.dumps(values, ensure_ascii=False)
    # A character that is nowhere in the text marks the numbers, and is then taken out.
    mark = next(each for each in map(chr, range(0xE000, 0x110000)) if each not in plain)
    text = json.dumps(
        _with_spelled_numbers(values, mark),
        indent=indent,
        separators=separators,
        ensure_ascii=False,
    )
    text = text.replace(f'"{mark}', "").replace(f'{mark}"', "")
    return _FOREIGN.sub(lambda run: json.dumps(run.group())[1:-1], text)


def size(values: Any, *, white_space: bool) -> int | None:
    """Count the characters of a document at its shortest; None where it cannot be written.

    Args:
        values: The document's values.
        white_space: Whether white space inside texts counts. Between texts there is none.
    """
    try:
        text = written(values, None, (",", ":"))
    except (RecursionError, TypeError, ValueError):
        return None
    return len(text if white_space else "".join(text.split()))


def _with_spelled_numbers(value: Any, mark: str) -> Any:
    if isinstance(value, (WrittenInteger, WrittenDecimal)):
        return f"{mark}{value.spelled}{mark}"
    if isinstance(value, Mapping):
        return {name: _with_spelled_numbers(member, mark) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_spelled_numbers(item, mark) for item in value]
    return value


def _repetitions(text: str) -> Iterator[Mistake]:
    """Yield the members that an object has twice, but not those inside a repeated member."""
    places = Lines(text)
    seen: set[tuple[int, str]] = set()
    within: str | None = None
    for pointer, offset, name, parent in values_in(text):
        if parent is None or (within is not None and pointer.startswith(within)):
            continue
        within = None
        if (parent, name) in seen:
            within = f"{pointer}/"
            values: dict[str, object] = {"name": shown(name)}
            yield Mistake("repeated", pointer, values, *places.line_and_column(offset))
        seen.add((parent, name))
