"""Making a case smaller as long as it stays interesting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def minimised(case: Any, is_interesting: Callable[[Any], bool]) -> Any:
    """Leave out members, items and characters of a JSON value while what remains is interesting.

    Args:
        case: A JSON value that is interesting.
        is_interesting: Asked about smaller values, which may be nonsense.
    """
    while True:
        for smaller in reductions(case):
            if is_interesting(smaller):
                case = smaller
                break
        else:
            return case


def reductions(value: Any) -> Iterator[Any]:
    """Every value with one thing left out, the largest things first."""
    if isinstance(value, dict):
        for name in value:
            yield {other: member for other, member in value.items() if other != name}
        for name, member in value.items():
            for smaller in reductions(member):
                yield {**value, name: smaller}
    elif isinstance(value, list):
        if len(value) == 1:
            yield value[0]
        for place in range(len(value)):
            yield value[:place] + value[place + 1 :]
        for place, item in enumerate(value):
            for smaller in reductions(item):
                yield [*value[:place], smaller, *value[place + 1 :]]
    elif isinstance(value, str):
        for place in range(len(value)):
            yield value[:place] + value[place + 1 :]
