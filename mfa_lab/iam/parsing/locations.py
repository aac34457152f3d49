"""Where a value stands in a document: its JSON pointer, and its line and column in the text.

Lines are looked up only after a mistake was found, by a second walk over the text.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Any, Final

from mfa_lab.iam.parsing.mistakes import Mistake

BYTE_ORDER_MARK: Final = "\ufeff"
"""With this some editors begin a file; it is no part of the text."""

TOKEN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


def pointer_to(parent: str, step: str | int) -> str:
    """Return the JSON pointer of a member or an item (RFC 6901)."""
    return f"{parent}/{str(step).replace('~', '~0').replace('/', '~1')}"


class Lines:
    """Lines and columns of a text, looked up once for many places.

    Args:
        text: The text; a line ends with a line feed.
    """

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0, *_after_line_feeds(text)]

    def line_and_column(self, place: int) -> tuple[int, int]:
        """Return line and column of an offset."""
        line = bisect_right(self._starts, place)
        return line, place - self._starts[line - 1] + 1


def line_and_column(text: str, place: int) -> tuple[int, int]:
    """Return line and column of one offset in a text."""
    return text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)


def _after_line_feeds(text: str) -> Iterator[int]:
    place = text.find("\n")
    while place >= 0:
        yield place + 1
        place = text.find("\n", place + 1)


def line_of_each_value(text: str) -> dict[str, int]:
    """Return the line of every value in a valid JSON text by pointer; a member's is its name's.

    Lines count from 0.
    """
    places = Lines(text)
    return {
        pointer: places.line_and_column(offset)[0] - 1 for pointer, offset, *_ in values_in(text)
    }


def with_locations(text: str, mistakes: list[Mistake]) -> list[Mistake]:
    """Return the mistakes with line and column, sorted by them; those that have them keep them."""
    text = text.removeprefix(BYTE_ORDER_MARK)
    offsets: dict[str, int] = {}
    for pointer, offset, *_ in values_in(text):
        offsets.setdefault(pointer, offset)
    places = Lines(text)
    found = [
        mistake
        if mistake.line is not None
        else mistake.at(*places.line_and_column(offsets.get(mistake.pointer, 0)))
        for mistake in mistakes
    ]
    return sorted(found, key=lambda mistake: (mistake.line or 0, mistake.column or 0))


def in_document_order(values: Any, mistakes: list[Mistake]) -> list[Mistake]:
    """Return the mistakes of a policy that came as values, in the order of its members."""
    numbers: dict[int, dict[str, tuple[int, Any]]] = {}
    return sorted(mistakes, key=lambda each: _place_in_values(values, each.pointer, numbers))


def _place_in_values(
    values: Any, pointer: str, numbers: dict[int, dict[str, tuple[int, Any]]]
) -> tuple[int, ...]:
    """Return the number of each step of a pointer among its neighbours.

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
                numbers[id(values)] = {str(name): (n, value) for n, (name, value) in members}
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


def outside_of_repetitions(repetitions: list[Mistake], mistakes: list[Mistake]) -> list[Mistake]:
    """Return the mistakes outside repeated members, since which of these was meant is unknown."""
    pointers = {repetition.pointer for repetition in repetitions}
    return [each for each in mistakes if pointers.isdisjoint(_with_parents(each.pointer))]


def _with_parents(pointer: str) -> Iterator[str]:
    """Yield a pointer, and those of everything around it but the document."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]


def values_in(text: str) -> Iterator[tuple[str, int, str, int | None]]:
    """Yield pointer, offset and name of every value in valid JSON: a member is where its name is.

    Last comes the offset at which the object of a member opens; None for what is no member.
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
