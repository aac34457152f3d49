"""Values as sentences show them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from mfa_lab.iam.parsing.json_text import read
from mfa_lab.text.shown_value import TYPE_NAMES, as_text, quoted, shown, type_name


def test_a_long_text_is_cut() -> None:
    assert shown("x" * 120) == "x" * 120
    assert shown("x" * 121) == "x" * 120 + "…"
    assert len(quoted("x" * 10_000)) < 130


def test_what_would_be_invisible_is_shown_as_its_escape() -> None:
    assert shown("a\u200bb\n") == "a\\u200bb\\n"
    assert shown("アリス") == "アリス"


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), (True, "true"), (5, "5"), (1.5, "1.5"), (None, None), ([], None)],
)
def test_a_condition_value_as_text(value: Any, text: str | None) -> None:
    assert as_text(value) == text


def test_a_number_of_a_document_is_shown_as_it_is_spelled() -> None:
    assert [as_text(number) for number in read("[1.50, 1e3, -0]")] == ["1.50", "1e3", "-0"]


# fmt: off
TYPES: list[Any] = [
    (True, "boolean"), ("a", "text"), (1, "number"), (1.5, "number"), ({}, "object"), ([], "list"),
    ((), "list"), (None, "null"),
]
# fmt: on


@pytest.mark.parametrize(("value", "name"), TYPES)
def test_the_types_of_json_are_named(value: Any, name: str) -> None:
    assert type_name(value) == name
    assert name in TYPE_NAMES
    assert shown(value) in (name, "null", as_text(value))


def test_another_type_is_named_as_python_names_it() -> None:
    assert type_name(datetime.date(2021, 6, 11)) == "date"
