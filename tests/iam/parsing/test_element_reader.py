"""A misspelled element is one mistake, and the nearest name is suggested."""

from __future__ import annotations

import pytest

from mfa_lab import Policy, PolicyError
from tests.iam.parsing.marked_policy import refusal


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        ('{"Statement": [{"Efect": "Allow", "Acton": "*", "Resorce": "*"}]}', ["Efect", "Acton", "Resorce"]),
        ('{"Statement": {"Effect": "Allow", "NotActions": "a:b", "Resource": "*"}}', ["NotActions"]),
        ('{"Statment": []}', ["Statment"]),
    ],
)  # fmt: skip
def test_a_misspelled_element_is_not_said_to_be_missing_too(
    document: str, pointers: list[str]
) -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.parse(document)
    assert [one.code for one in caught.value.mistakes] == ["unknown_element"] * len(pointers)
    assert [one.pointer.rpartition("/")[2] for one in caught.value.mistakes] == pointers


def test_an_element_of_no_similar_name_hides_nothing() -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.parse('{"Statement": {"Foo": 1, "Action": "a:b", "Resource": "*"}}')
    assert [one.code for one in caught.value.mistakes] == ["no_effect", "unknown_element"]


def test_a_misspelled_element_of_one_statement_hides_nothing_of_another() -> None:
    rest = '"Action": "a:b", "Resource": "*"'
    with pytest.raises(PolicyError) as caught:
        Policy.parse(f'{{"Statement": [{{"Efect": "Allow", {rest}}}, {{{rest}}}]}}')
    assert [one.code for one in caught.value.mistakes] == ["unknown_element", "no_effect"]


def test_a_question_is_asked_only_where_something_is_near() -> None:
    for statement in (
        {"Effect": "Reject", "Action": "*", "Resource": "*"},
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Zzz": 1},
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"x": {}}},
    ):
        (mistake,) = refusal({"Version": "2012-10-17", "Statement": statement}).mistakes
        assert "Did you mean" not in mistake.sentence("en")
        assert "ありませんか" not in mistake.sentence("ja")
    assert "Id" not in str(refusal({"ID": 1, "Statement": {}})).partition("Allowed here:")[2]


def test_the_elements_that_a_sentence_offers_are_allowed() -> None:
    """A name that is refused for itself is neither suggested nor listed as allowed."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Principals": "*"}
    sentence = str(refusal({"Version": "2012-10-17", "Statement": statement}))
    assert "Principal," not in sentence.partition("Allowed here:")[2]
