"""The JSON of a policy's statements, and the lines of it by which a statement matched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mfa_lab.iam.parsing.json_text import written
from mfa_lab.iam.parsing.locations import line_of_each_value, pointer_to
from mfa_lab.iam.policy import Policy


def statement_texts(policy: Policy) -> tuple[str, ...]:
    """Return the JSON text of each statement, in order."""
    return tuple(written(document, 2) for document in _documents(policy))


@dataclass(frozen=True, slots=True)
class Passage:
    """Some lines of JSON text.

    Args:
        text: The lines, without the line feed at their end.
        is_marked: Whether they are why the statement matched; a marked passage is one line.
    """

    text: str
    is_marked: bool


def passages(policy: Policy, traced: Mapping[str, Any]) -> list[Passage]:
    """Return the JSON of a statement; where it matched, with the lines marked by which it did.

    Args:
        policy: The policy that the statement stands in.
        traced: The statement, as a decision's trace has it.
    """
    document = _documents(policy)[traced["statement"]]
    text = written(document, 2)
    marked = set(_marked_lines(text, document, traced)) if traced["matched"] else set()
    found: list[Passage] = []
    plain: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if number not in marked:
            plain.append(line)
            continue
        if plain:
            found.append(Passage("\n".join(plain), False))
            plain = []
        found.append(Passage(line, True))
    return [*found, Passage("\n".join(plain), False)]


def _documents(policy: Policy) -> list[Mapping[str, Any]]:
    given = policy.document["Statement"]
    return [given] if isinstance(given, Mapping) else given


def _marked_lines(
    text: str, document: Mapping[str, Any], traced: Mapping[str, Any]
) -> Iterator[int]:
    lines = line_of_each_value(text)
    for pointer in _pointers(document, traced):
        yield lines[pointer]


def _pointers(document: Mapping[str, Any], traced: Mapping[str, Any]) -> Iterator[str]:
    """Yield where the parts stand that made a statement match."""
    for part in (traced["principal"], traced["action"], traced["resource"]):
        if part is not None:
            element = pointer_to("", part["element"])
            yield from _fitting(element, document[part["element"]], part["fitting"]) or [element]
    for condition in traced["conditions"]:
        operator = pointer_to("/Condition", condition["operator"])
        yield from (operator, pointer_to(operator, condition["key"]))


def _fitting(pointer: str, value: Any, entries: list[str]) -> list[str]:
    """Return the pointers of the entries of an element; none where none of them fits."""
    if isinstance(value, Mapping):
        steps: list[tuple[str | int, Any]] = list(value.items())
    elif isinstance(value, (list, tuple)):
        steps = list(enumerate(value))
    else:
        return [pointer] if value in entries else []
    return [
        found
        for step, part in steps
        for found in _fitting(pointer_to(pointer, step), part, entries)
    ]
