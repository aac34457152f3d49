"""The sentences of mistakes, in both languages."""

from __future__ import annotations

import json

from mfa_lab.text import catalogue
from tests.iam.parsing import (
    test_actions,
    test_conditions,
    test_grammar,
    test_json_text,
    test_principals,
    test_resources,
)
from tests.iam.parsing.marked_policy import refusal

SECTION = "policy_error."
WITH_TESTS_OF_THEIR_OWN = {
    "foreign_characters",
    "name_not_text",
    "not_finite",
    "not_utf8",
    "path_given",
    "sid_twice",
    "too_large",
}


def test_every_mistake_has_its_case() -> None:
    elements = (test_actions, test_conditions, test_grammar, test_principals, test_resources)
    tables = [
        getattr(module, table, [])
        for module in (*elements, test_json_text)
        for table in ("IN_DOCUMENT", "IN_STATEMENT", "IN_OTHER_KINDS")
    ]
    cases = {row[0] for table in tables for row in table} | WITH_TESTS_OF_THEIR_OWN
    in_catalogue = {key.removeprefix(SECTION) for key in catalogue("en") if key.startswith(SECTION)}
    not_grammar = {code for code in in_catalogue if code.startswith(("json_", "not_json"))}
    assert cases == in_catalogue - not_grammar


def test_the_message_says_where_then_what() -> None:
    document = {"Version": "2012-10-17", "Statement": {"Action": "*", "Resource": "*"}}
    assert str(refusal(json.dumps(document, indent=1))).startswith(
        "Line 3, column 2 (/Statement): The"
    )
    assert str(refusal(document)).startswith("At /Statement: The statement has no Effect.")
    assert str(refusal({})).startswith("The policy has no Statement.")
    (mistake,) = refusal(json.dumps(document, indent=1)).mistakes
    assert mistake.located_sentence("ja").startswith("3 行目 2 文字目 (/Statement): ")


def test_the_text_of_an_error_names_five_mistakes_and_counts_the_rest() -> None:
    actions = ["a", "b", "c", "d", "e", "f", "g"]
    statement = {"Effect": "Allow", "Action": actions[:5], "Resource": "*"}
    lines = str(refusal({"Statement": statement})).split("\n")
    assert len(lines) == 5
    statement["Action"] = actions
    lines = str(refusal({"Statement": statement})).split("\n")
    assert lines[4].startswith("At /Statement/Action/4: “e”")
    assert lines[5:] == ["There are 2 more mistakes."]


def test_types_are_named_in_the_language() -> None:
    (mistake,) = refusal("[]").mistakes
    assert "リスト" in mistake.sentence("ja")
    assert "list" in mistake.sentence("en")
