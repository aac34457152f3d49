"""Where a mistake is: its pointer, and its line and column in the text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_lab import Policy, PolicyError
from tests.iam.parsing.drawn_documents import ARTICLE, changed_articles, repeatable
from tests.iam.parsing.marked_policy import REST, place_of, refusal

MANY_MISTAKES = """{
  "Statement": [
    {"Resource": "alice", "Action": ["iam", "iam:*", "x y"], "Effect": "allow", "Sid": "a b"},
    {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Boolean": {"k": null}}},
    7
  ],
  "Version": "2021-06-11"
}"""

IN_ORDER = [
    ("malformed_resource", "/Statement/0/Resource"),
    ("action_without_service", "/Statement/0/Action/0"),
    ("action_without_service", "/Statement/0/Action/2"),
    ("unknown_effect", "/Statement/0/Effect"),
    ("malformed_sid", "/Statement/0/Sid"),
    ("unknown_operator", "/Statement/1/Condition/Boolean"),
    ("condition_value_not_text", "/Statement/1/Condition/Boolean/k"),
    ("statement_not_an_object", "/Statement/2"),
    ("unknown_version", "/Version"),
]


@pytest.mark.parametrize(
    "source", [MANY_MISTAKES, json.loads(MANY_MISTAKES)], ids=["text", "values"]
)
def test_all_mistakes_come_at_once_in_document_order(source: str | dict[str, Any]) -> None:
    error = refusal(source)
    assert [(one.code, one.pointer) for one in error.mistakes] == IN_ORDER
    assert error.pointer == "/Statement/0/Resource"


def test_the_places_of_many_mistakes() -> None:
    error = refusal(MANY_MISTAKES)
    assert [one.line for one in error.mistakes] == [3, 3, 3, 3, 3, 4, 4, 5, 7]
    assert (error.line, error.column) == (3, 6)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert Policy.parse("\ufeff" + ARTICLE) == Policy.parse(ARTICLE)
    assert Policy.parse(b"\xef\xbb\xbf" + ARTICLE.encode()) == Policy.parse(ARTICLE)
    error = refusal('\ufeff{"Statement": 1}')
    assert (error.line, error.column) == (1, 2)


def test_line_ends_of_windows() -> None:
    assert Policy.parse(ARTICLE.replace("\n", "\r\n")) == Policy.parse(ARTICLE)
    error = refusal('{\r\n "Version": "2012-10-17",\r\n "Statement": 1}')
    assert (error.line, error.column) == (3, 2)


def test_names_that_json_escapes() -> None:
    """A pointer has the name itself; the place is that of the name as it is spelled."""
    text, line, column = place_of(f'{{"Statement": {{{REST}, §"\\u0053\\"/": 1}}}}')
    error = refusal(text)
    assert (error.pointer, error.line, error.column) == ('/Statement/S"~1', line, column)


def value_at(document: Any, pointer: str) -> Any:
    """Follow a JSON pointer (RFC 6901)."""
    value = document
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[int(name) if isinstance(value, list) else name]
    return value


@repeatable
@given(changed_articles(), st.sampled_from([None, 2]))
def test_every_mistake_is_where_it_is_said_to_be(document: Any, indent: int | None) -> None:
    """The pointer leads to a value; line and column to its name, or to an item itself."""
    text = json.dumps(document, indent=indent)
    lines = text.split("\n")
    document = json.loads(text)
    try:
        Policy.parse(text)
    except PolicyError as error:
        if error.mistakes[0].code == "json_bare_word":  # NaN
            return
        places = [(mistake.line or 0, mistake.column or 0) for mistake in error.mistakes]
        assert places == sorted(places)
        for mistake, (line, column) in zip(error.mistakes, places, strict=True):
            here = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
            found, _ = json.JSONDecoder().raw_decode(here)
            parent, _, step = mistake.pointer.rpartition("/")
            is_member = mistake.pointer and isinstance(value_at(document, parent), dict)
            name = step.replace("~1", "/").replace("~0", "~")
            assert found == (name if is_member else value_at(document, mistake.pointer))
