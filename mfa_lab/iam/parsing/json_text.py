"""A policy's JSON text: its values, and the place of each for when something is wrong.

`json.loads` decides what is valid. The places are looked up only after a mistake was found, by a
second walk over the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from mfa_lab.iam.parsing.broken_json import TOKEN, cause, unknown_word
from mfa_lab.iam.parsing.locations import Places
from mfa_lab.iam.parsing.mistakes import Mistake, PolicyError
from mfa_lab.text.nearest_name import half_width
from mfa_lab.text.shown_value import shown

MARK: Final = "\ufeff"
"""The byte order mark, with which some editors begin a file; it is no part of the text."""

_FOREIGN: Final = re.compile(r"[^\t\n\r\u0020-\u00ff]+")
_MOST_FOREIGN: Final = 20


class WrittenInteger(int):
    """A whole number of the document, with its spelling."""

    spelled: str


class WrittenDecimal(float):
    """A decimal number of the document, with its spelling."""

    spelled: str


def read(text: str) -> Any:
    """Give the values of a JSON text.

    Raises:
        PolicyError: The text is no JSON, is nested too deeply, or names a member twice.
    """
    value, repetitions = read_with_repetitions(text)
    if repetitions:
        raise PolicyError(repetitions)
    return value


def read_with_repetitions(text: str) -> tuple[Any, list[Mistake]]:
    """Give the values of a JSON text, and the members that it names twice, of which the last holds.

    Raises:
        PolicyError: The text is no JSON, or is nested too deeply.
    """
    text = text.removeprefix(MARK)
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


def apart_from(repetitions: list[Mistake], mistakes: list[Mistake]) -> list[Mistake]:
    """Give the mistakes that are not of a repeated member, of which nobody knows which is meant."""
    pointers = {one.pointer for one in repetitions}
    return [one for one in mistakes if pointers.isdisjoint(_with_parents(one.pointer))]


def _with_parents(pointer: str) -> Iterator[str]:
    """Give a pointer, and those of all that it is in but the document."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]


def located(text: str, mistakes: list[Mistake]) -> list[Mistake]:
    """Give the mistakes with line and column, sorted by their place.

    Those that know their place keep it.
    """
    text = text.removeprefix(MARK)
    offsets: dict[str, int] = {}
    for pointer, offset, *_ in _members(text):
        offsets.setdefault(pointer, offset)
    places = Places(text)
    found = [
        mistake
        if mistake.line is not None
        else mistake.at(*places.line_and_column(offsets.get(mistake.pointer, 0)))
        for mistake in mistakes
    ]
    return sorted(found, key=lambda mistake: (mistake.line or 0, mistake.column or 0))


def foreign_characters(text: str) -> list[Mistake]:
    """Find the characters that no policy of IAM may hold, where they are written as such.

    The escape of such a character is itself made of others, and is let through; what IAM does with
    it is not documented. The first twenty places are told.

    Source: IAM User Guide, "IAM and AWS STS quotas", on names: tab, line feed, carriage return
    and U+0020 to U+00FF.
    """
    text = text.removeprefix(MARK)
    runs = [run for run, _ in zip(_FOREIGN.finditer(text), range(_MOST_FOREIGN), strict=False)]
    if not runs:
        return []
    places, found = Places(text), []
    members = list(_members(text))
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


def line_of_each_value(text: str) -> dict[str, int]:
    """Give the line of every value of a valid JSON text by its pointer; a member's is its name's.

    Lines count from 0.
    """
    places = Places(text)
    return {
        pointer: places.line_and_column(offset)[0] - 1 for pointer, offset, *_ in _members(text)
    }


def pointer_to(parent: str, step: str | int) -> str:
    """Give the JSON pointer of a member or an item (RFC 6901)."""
    return f"{parent}/{str(step).replace('~', '~0').replace('/', '~1')}"


def _integer(spelled: str) -> WrittenInteger:
    number = WrittenInteger(spelled)
    number.spelled = spelled
    return number


def _decimal(spelled: str) -> WrittenDecimal:
    number = WrittenDecimal(spelled)
    number.spelled = spelled
    return number


class _ConstantError(Exception):
    """NaN or Infinity, which Python's reader knows and JSON does not."""

    def __init__(self, name: str) -> None:
        self.name = name


def _refuse_constant(name: str) -> None:
    raise _ConstantError(name)


def in_order(values: Any, mistakes: list[Mistake]) -> list[Mistake]:
    """Give the mistakes of a policy that came as values in the order of its members."""
    numbers: dict[int, dict[str, tuple[int, Any]]] = {}
    return sorted(mistakes, key=lambda one: _place_in_values(values, one.pointer, numbers))


def _place_in_values(
    values: Any, pointer: str, numbers: dict[int, dict[str, tuple[int, Any]]]
) -> tuple[int, ...]:
    """Give the number of each step of a pointer among its neighbours.

    Args:
        values: The document.
        pointer: Where the mistake is.
        numbers: The members of each object with their numbers, by the object's identity, as far
            as they were looked up.
    """
    place: list[int] = []
    for step in pointer.split("/")[1:]:
        if isinstance(values, Mapping):
            if id(values) not in numbers:
                members = enumerate(values.items())
                numbers[id(values)] = {str(name): (n, one) for n, (name, one) in members}
            name = step.replace("~1", "/").replace("~0", "~")
            if name not in numbers[id(values)]:
                break
            number, values = numbers[id(values)][name]
            place.append(number)
        elif isinstance(values, (list, tuple)) and step.isdecimal() and int(step) < len(values):
            place.append(int(step))
            values = values[int(step)]
        else:
            break
    return tuple(place)


def written(values: Any, indent: int | None, separators: tuple[str, str] | None = None) -> str:
    """Write values as JSON text, numbers as they were spelled.

    What an IAM policy may not hold as a character is written as an escape.
    """
    plain = json.dumps(values, ensure_ascii=False)
    # A character that stands nowhere in the text marks the numbers, and goes again.
    mark = next(one for one in map(chr, range(0xE000, 0x110000)) if one not in plain)
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
        return {name: _with_spelled_numbers(one, mark) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_spelled_numbers(one, mark) for one in value]
    return value


def _repetitions(text: str) -> Iterator[Mistake]:
    """Give the members that stand twice in an object, but not those of a repeated member."""
    places = Places(text)
    seen: set[tuple[int, str]] = set()
    within: str | None = None
    for pointer, offset, name, parent in _members(text):
        if parent is None or (within is not None and pointer.startswith(within)):
            continue
        within = None
        if (parent, name) in seen:
            within = f"{pointer}/"
            values: dict[str, object] = {"name": shown(name)}
            yield Mistake("repeated", pointer, values, *places.line_and_column(offset))
        seen.add((parent, name))


def _members(text: str) -> Iterator[tuple[str, int, str, int | None]]:
    """Give pointer, offset and name of every value in valid JSON: a member stands at its name.

    Last comes where the object opens that a member is of; None for what is no member.
    """
    # Pointer of each open value, next index of a list, and where it opens.
    parents: list[tuple[str, int | None, int]] = []
    name: str | None = None
    after_comma_or_open = True
    for token in TOKEN.finditer(text):
        spelled, place = token.group(), token.start()
        if spelled in "}]":
            parents.pop()
        elif spelled == ",":
            after_comma_or_open, name = True, None
        elif spelled == ":":
            after_comma_or_open = False
        elif parents and parents[-1][1] is None and after_comma_or_open:
            name, after_comma_or_open = json.loads(spelled), False
            yield pointer_to(parents[-1][0], name or ""), place, name or "", parents[-1][2]
        else:
            pointer = _pointer_of_value(parents, name)
            if not parents or parents[-1][1] is not None:
                yield pointer, place, pointer.rpartition("/")[2], None
            if spelled in "{[":
                parents.append((pointer, None if spelled == "{" else 0, place))
                after_comma_or_open, name = True, None


def _pointer_of_value(parents: list[tuple[str, int | None, int]], name: str | None) -> str:
    if not parents:
        return ""
    pointer, index, place = parents[-1]
    if index is None:
        return pointer_to(pointer, name or "")
    parents[-1] = (pointer, index + 1, place)
    return pointer_to(pointer, index)
