"""The statements of a line, and the lines of their conditions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.reference.evaluator import IN_ORDER, documents
from tests.reference.resources import listed


def statements_of(policies: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every statement of every kind."""
    for kind in IN_ORDER:
        for _, _, document in documents(kind, policies.get(kind)):
            yield from listed(document["Statement"])


def condition_lines(statements: list[dict[str, Any]]) -> Iterator[tuple[str, str, list[Any]]]:
    """Every operator and key with its wanted values."""
    for statement in statements:
        for operator, keys in statement.get("Condition", {}).items():
            for key, values in keys.items():
                yield operator, key, listed(values)
