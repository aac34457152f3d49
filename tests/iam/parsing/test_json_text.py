"""Reading JSON text and writing it: repetitions, characters that IAM refuses, numbers as spelled."""

from __future__ import annotations

import pytest

from mfa_lab import Policy
from tests.iam.parsing.drawn_documents import meaning
from tests.iam.parsing.marked_policy import (
    COND,
    REST,
    assert_in_document,
    assert_in_statement,
    place_of,
    refusal,
)

# fmt: off
IN_DOCUMENT = [
    # code, text, pointer, words of the sentence
    ("number_too_long", '§{"Statement": ' + "1" * 5_000 + "}", "",
        ["digits"]),
    ("too_deep", '§' + '[' * 100_000, "",
        ["nested too deeply"]),
    ("repeated", '{"Version": "2012-10-17",\n  §"Version": "2012-10-17", "Statement": @}', "/Version",
        ["“Version”", "twice", "once"]),
]

IN_STATEMENT = [
    # code, what stands in the statement's braces, pointer from the statement, words
    ("repeated", f'{REST},\n §"Effect": "Deny"', "/Effect",
        ["“Effect”", "twice"]),
    ("repeated", COND + '{"Bool": {"k": "true"}, §"Bool": {"l": "true"}}', "/Condition/Bool",
        ["“Bool”"]),
]

FOREIGN = [
    # text in a statement, pointer from the statement, characters, code point
    (f'{REST}, "Condition": {{"StringLike": {{"k": ["a", "x§要求"]}}}}', "/Condition/StringLike/k/1",
        "要求", "U+8981"),
    (f'{REST}, "Condition": {{"StringLike": {{"k§é…": "v"}}}}'.replace("§é", "é§"),
        "/Condition/StringLike/ké…", "…", "U+2026"),
    (f'{REST}, "Condition": {{"StringLike": {{"k": "§😀"}}}}', "/Condition/StringLike/k", "😀", "U+1F600"),
    (f'{REST}, "Condition": {{"StringLike": {{"k": "ÿ§Ā"}}}}', "/Condition/StringLike/k", "Ā", "U+0100"),
]

NOTED_ONCE = [
    # what stands in the statement's braces, pointer from the statement, code, suggestion
    ('"Effect": "Allow", "Action": "iam：GetUser", "Resource": "*"', "/Action", "full_width_action", "iam:GetUser"),
    ('"Effect": "Allow", "Action": "iam:Get\u200bUser", "Resource": "*"', "/Action", "full_width_action", "iam:GetUser"),
    ('"Effect": "Allow", "Action": "＊", "Resource": "*"', "/Action", "full_width_action", "*"),
    ('"Effect": "Allow", "Action": "*", "Resource": "＊"', "/Resource", "malformed_resource", "*"),
    ('"Effect": "Ａllow", "Action": "*", "Resource": "*"', "/Effect", "unknown_effect", "Allow"),
    ('"Ｅffect": "Allow", "Action": "*", "Resource": "*"', "/Ｅffect", "unknown_element", "Effect"),
    (COND + '{"Ｂool": {"aws:SecureTransport": "true"}}', "/Condition/Ｂool", "unknown_operator", "Bool"),
    (COND + '{"StringLike": {"aws:username": "ａlice"}}', "/Condition/StringLike/aws:username", "foreign_characters", "a"),
    (COND + '{"StringLike": {"aws:username": "要"}}', "/Condition/StringLike/aws:username", "foreign_characters", ""),
    ('"Effect": "Allow", "Action": "*", "Resource": "*", "Sid": "管理者"', "/Sid", "malformed_sid", None),
]

WRITTEN = ["1", "1.50", "1e3", "1E+3", "-0", "1e400", "0.1000000000000000055511151231257827", "true",
    '"1"', '"\\ue0001\\ue000"', '"\xffx\xa0"', '"\\u0000\\ud800"', '"a\\"b\\\\"']
# fmt: on


@pytest.mark.parametrize(("code", "marked", "pointer", "words"), IN_DOCUMENT)
def test_a_mistake_in_the_document(code: str, marked: str, pointer: str, words: list[str]) -> None:
    assert_in_document(code, marked, pointer, words)


@pytest.mark.parametrize(("code", "marked", "pointer", "words"), IN_STATEMENT)
def test_a_mistake_in_a_statement(code: str, marked: str, pointer: str, words: list[str]) -> None:
    assert_in_statement(code, marked, pointer, words)


@pytest.mark.parametrize(("marked", "pointer", "characters", "code_point"), FOREIGN)
def test_characters_that_no_policy_may_hold(
    marked: str, pointer: str, characters: str, code_point: str
) -> None:
    text, line, column = place_of(f'{{"Statement": [\n{{{REST}}}, {{{marked}}}]}}')
    error = refusal(text)
    (mistake,) = error.mistakes
    assert (mistake.code, mistake.pointer) == ("foreign_characters", f"/Statement/1{pointer}")
    assert (mistake.line, mistake.column) == (line, column)
    for language in ("en", "ja"):
        assert characters in mistake.sentence(language)
        assert code_point in mistake.sentence(language)


@pytest.mark.parametrize(("body", "pointer", "code", "suggestion"), NOTED_ONCE)
def test_a_character_of_another_keyboard_is_noted_once(
    body: str, pointer: str, code: str, suggestion: str | None
) -> None:
    (mistake,) = refusal(f'{{"Version": "2012-10-17", "Statement": {{{body}}}}}').mistakes
    assert (mistake.code, mistake.pointer) == (code, f"/Statement{pointer}")
    assert mistake.values.get("suggestion") == suggestion
    if suggestion:
        assert f"Did you mean “{suggestion}”?" in mistake.sentence("en")
        assert f"「{suggestion}」の誤りではありませんか。" in mistake.sentence("ja")


def test_what_stands_in_a_repeated_element_is_not_repeated_itself() -> None:
    text, line, column = place_of(
        f'{{"Statement": [{{"Sid": "A", {REST}}}],\n §"Statement": [{{"Sid": "B", {REST}}}]}}'
    )
    (mistake,) = refusal(text).mistakes
    assert (mistake.code, mistake.pointer) == ("repeated", "/Statement")
    assert (mistake.line, mistake.column) == (line, column)


def test_the_same_names_in_two_objects_of_a_list_are_no_repetition() -> None:
    text = f'{{"Statement": [{{{REST}}}, {{{REST}, "Effect": "Deny"}}, {{{REST}}}]}}'
    (mistake,) = refusal(text).mistakes
    assert mistake.pointer == "/Statement/1/Effect"


def test_a_repetition_hides_no_other_mistake() -> None:
    text = f'{{"Vorsion": 1, "Statement": [{{{REST}, "Effect": "deny"}}, {{"Action": "x"}}]}}'
    mistakes = refusal(text).mistakes
    assert [(one.code, one.pointer) for one in mistakes] == [
        ("unknown_element", "/Vorsion"),
        ("repeated", "/Statement/0/Effect"),
        ("no_effect", "/Statement/1"),
        ("neither_form", "/Statement/1"),
        ("action_without_service", "/Statement/1/Action"),
    ]


def test_all_repetitions_come_at_once() -> None:
    error = refusal('{"Version": 1, "Version": 2, "a": [{"b": 1, "b": 2}], "Version": 3}')
    repeated = [one for one in error.mistakes if one.code == "repeated"]
    pointers = [(one.code, one.pointer, one.column) for one in repeated]
    assert pointers == [
        ("repeated", "/Version", 16),
        ("repeated", "/a/0/b", 45),
        ("repeated", "/Version", 55),
    ]


def test_the_escape_of_a_character_is_let_through() -> None:
    Policy.parse(f'{{"Statement": {{{COND}{{"StringLike": {{"k": "\\u8981"}}}}}}}}')


def test_the_characters_of_latin_letters_are_allowed() -> None:
    text = f'{{"Statement": {{{COND}{{"StringLike": {{"k": "\x7f\xa0\xff"}}}}}}}}'
    assert Policy.parse(text).to_json(None) == text


def test_a_text_full_of_foreign_characters_names_twenty_places() -> None:
    values = ", ".join('"要x"' for _ in range(1_000))
    error = refusal(f'{{"Statement": {{{COND}{{"StringLike": {{"k": [{values}]}}}}}}}}')
    assert len(error.mistakes) == 20
    assert error.mistakes[19].pointer == "/Statement/Condition/StringLike/k/19"


def test_a_constant_that_json_does_not_have_is_found_where_it_stands() -> None:
    error = refusal('{"Version":\n\n  NaN}')
    assert error.mistakes[0].code == "json_bare_word"
    assert "NaN" in str(error)
    assert error.line == 3


@pytest.mark.parametrize("value", WRITTEN)
def test_a_policy_written_out_says_the_same(value: str) -> None:
    """Unquoted numbers are compared as they are spelled, so they must be written as they came."""
    policy = Policy.parse(f'{{"Statement": {{{COND}{{"StringEquals": {{"k": {value}}}}}}}}}')
    for again in (Policy.parse(policy.to_json()), Policy.parse(policy.to_json(indent=None))):
        assert meaning(again) == meaning(policy)
