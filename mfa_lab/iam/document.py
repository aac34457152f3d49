"""A policy's JSON text: its values, and the place of each for when something is wrong.

`json.loads` decides what is valid. The places are looked up only after a mistake was found, by a
second walk over the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from mfa_lab.iam.mistakes import Mistake, PolicyError


class Integer(int):
    """A whole number of the document, with its spelling."""

    spelled: str


class Decimal(float):
    """A decimal number of the document, with its spelling."""

    spelled: str


def read(text: str) -> Any:
    """Give the values of a JSON text.

    Raises:
        PolicyError: The text is no JSON, is nested too deeply, or names a member twice.
    """
    text = text.removeprefix("\ufeff")
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
        values: dict[str, object] = {"reason": error.msg}
        raise PolicyError([Mistake("not_json", "", values, error.lineno, error.colno)]) from None
    except RecursionError:
        raise PolicyError([Mistake("too_deep", "", {}, 1, 1)]) from None
    except _ConstantError as error:
        place = _place_outside_texts(text, error.name)
        values = {"reason": f"{error.name} is no JSON value"}
        raise PolicyError(
            [Mistake("not_json", "", values, *line_and_column(text, place))]
        ) from None
    except ValueError:  # Python refuses to read a whole number of more than 4,300 digits
        raise PolicyError([Mistake("number_too_long", "", {}, 1, 1)]) from None
    if repeated:
        raise PolicyError(list(_repetitions(text)))
    return value


def located(text: str, mistakes: list[Mistake]) -> list[Mistake]:
    """Give the mistakes with line and column, sorted by their place."""
    text = text.removeprefix("\ufeff")
    places: dict[str, int] = {}
    for pointer, place, _ in _members(text):
        places.setdefault(pointer, place)
    found = [
        Mistake(mistake.code, mistake.pointer, mistake.values, *line_and_column(text, place))
        for mistake in mistakes
        for place in [places.get(mistake.pointer, 0)]
    ]
    return sorted(found, key=lambda mistake: (mistake.line or 0, mistake.column or 0))


def line_and_column(text: str, place: int) -> tuple[int, int]:
    """Give line and column, both from 1, of an offset in a text."""
    return text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)


def pointer_to(parent: str, step: str | int) -> str:
    """Give the JSON pointer of a member or an item (RFC 6901)."""
    return f"{parent}/{str(step).replace('~', '~0').replace('/', '~1')}"


def _integer(spelled: str) -> Integer:
    number = Integer(spelled)
    number.spelled = spelled
    return number


def _decimal(spelled: str) -> Decimal:
    number = Decimal(spelled)
    number.spelled = spelled
    return number


class _ConstantError(Exception):
    """NaN or Infinity, which Python's reader knows and JSON does not."""

    def __init__(self, name: str) -> None:
        self.name = name


def _refuse_constant(name: str) -> None:
    raise _ConstantError(name)


def _place_outside_texts(text: str, name: str) -> int:
    """Give where a name that the reader met stands; what follows it may be no JSON at all."""
    tokens = (one for one in _TOKEN.finditer(text) if not one.group().startswith('"'))
    found = (one.start() + one.group().find(name) for one in tokens if name in one.group())
    return next(found, 0)


def in_order(values: Any, mistakes: list[Mistake]) -> list[Mistake]:
    """Give the mistakes of a policy that came as values in the order of its members."""
    return sorted(mistakes, key=lambda mistake: _place_in_values(values, mistake.pointer))


def _place_in_values(values: Any, pointer: str) -> tuple[int, ...]:
    """Give the number of each step of a pointer among its neighbours."""
    place: list[int] = []
    for step in pointer.split("/")[1:]:
        if isinstance(values, Mapping):
            names = [str(name) for name in values]
            name = step.replace("~1", "/").replace("~0", "~")
            if name not in names:
                break
            place.append(names.index(name))
            values = values[list(values)[place[-1]]]
        elif isinstance(values, (list, tuple)) and step.isdigit() and int(step) < len(values):
            place.append(int(step))
            values = values[int(step)]
        else:
            break
    return tuple(place)


def written(values: Any, indent: int | None) -> str:
    """Write values as JSON text, numbers as they were spelled."""
    plain = json.dumps(values, ensure_ascii=False)
    # A character that stands nowhere in the text marks the numbers, and goes again.
    mark = next(one for one in map(chr, range(0xE000, 0x110000)) if one not in plain)
    text = json.dumps(_with_spelled_numbers(values, mark), indent=indent, ensure_ascii=False)
    return text.replace(f'"{mark}', "").replace(f'{mark}"', "")


def _with_spelled_numbers(value: Any, mark: str) -> Any:
    if isinstance(value, (Integer, Decimal)):
        return f"{mark}{value.spelled}{mark}"
    if isinstance(value, Mapping):
        return {name: _with_spelled_numbers(one, mark) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_spelled_numbers(one, mark) for one in value]
    return value


def _repetitions(text: str) -> Iterator[Mistake]:
    seen: set[str] = set()
    for pointer, place, name in _members(text):
        if pointer in seen:
            yield Mistake("repeated", pointer, {"name": name}, *line_and_column(text, place))
        seen.add(pointer)


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def _members(text: str) -> Iterator[tuple[str, int, str]]:
    """Give pointer, offset and name of every value in valid JSON: a member stands at its name."""
    parents: list[tuple[str, int | None]] = []  # pointer of each open value, next index of a list
    name: str | None = None
    after_comma_or_open = True
    for token in _TOKEN.finditer(text):
        spelled, place = token.group(), token.start()
        if spelled in "}]":
            parents.pop()
        elif spelled == ",":
            after_comma_or_open, name = True, None
        elif spelled == ":":
            after_comma_or_open = False
        elif parents and parents[-1][1] is None and after_comma_or_open:
            name, after_comma_or_open = json.loads(spelled), False
            yield pointer_to(parents[-1][0], name or ""), place, name or ""
        else:
            pointer = _pointer_of_value(parents, name)
            if not parents or parents[-1][1] is not None:
                yield pointer, place, pointer.rpartition("/")[2]
            if spelled in "{[":
                parents.append((pointer, None if spelled == "{" else 0))
                after_comma_or_open, name = True, None


def _pointer_of_value(parents: list[tuple[str, int | None]], name: str | None) -> str:
    if not parents:
        return ""
    pointer, index = parents[-1]
    if index is None:
        return pointer_to(pointer, name or "")
    parents[-1] = (pointer, index + 1)
    return pointer_to(pointer, index)
