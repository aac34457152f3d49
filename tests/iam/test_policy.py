"""Reading a policy, whatever comes: a policy or a PolicyError, and nothing else."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfa_lab import Policy, PolicyError, PolicySet, Request, evaluate
from tests.iam.parsing.drawn_documents import (
    ARTICLE,
    POLICIES,
    changed_articles,
    documents,
    meaning,
    repeatable,
)
from tests.iam.parsing.marked_policy import COND, refusal


def nested(depth: int) -> list[Any]:
    """Return lists in lists, deeper than Python may go down."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


DEEP = nested(5_000)


def in_condition(value: str) -> str:
    return f'{{"Statement": {{{COND}{{"NumericEquals": {{"k": {value}}}}}}}}}'


# fmt: off
ODD_TEXTS = {
    "nothing":              "",
    "white space":          " \n\t",
    "NUL":                  "\x00",
    "NUL in a text":        '{"Version": "\x00"}',
    "NUL escaped":          '{"Version": "\\u0000", "Statement": {"Action": "\\u0000:\\u0000"}}',
    "lone surrogate":       '{"\ud800": "\udfff"}',
    "surrogate escaped":    '{"\\ud800": "\\udfff", "Statement": {"Effect": "\\ud800"}}',
    "two marks":            "\ufeff\ufeff{}",
    "NaN":                  '{"Version": NaN}',
    "NaN and more":         '{"Version": NaNx}',
    "NaN and NUL":          "[NaN\x00]",
    "Infinity and more":    '{"Version": -Infinity1}',
    "Infinity":             in_condition("-Infinity"),
    "long integer":         in_condition("1" * 10_000),
    "long decimal":         in_condition("1" * 10_000 + ".5"),
    "long fraction":        in_condition("0." + "1" * 10_000),
    "long quoted":          in_condition('"' + "1" * 10_000 + '"'),
    "large exponent":       in_condition("1e999999999"),
    "quoted exponent":      in_condition('"1e999999999"'),
    "arrays":               "[" * 100_000,
    "arrays, closed":       "[" * 100_000 + "]" * 100_000,
    "objects":              '{"a":' * 100_000,
    "arrays in Version":    '{"Version":' + "[" * 100_000,
    "some arrays":          '{"Version":' + "[" * 300 + "]" * 300 + "}",
    "some in Effect":       '{"Statement": {"Effect":' + "[" * 300 + "]" * 300 + "}}",
    "some objects":         '{"Version":' + '{"a":' * 300 + "1" + "}" * 301,
    "long name":            '{"%s": 1}' % ("Statement" * 2_000),
    "long Effect":          '{"Statement": {"Effect": "%s"}}' % ("Allow" * 2_000),
    "long operator":        '{"Statement": {"Condition": {"%s": {}}}}' % ("IfExists" * 2_000),
    "escapes":              '{"\\u005c\\"}{": "\\\\\\"", "Statement": ["\\\\", {}]}',
    "empty names":          '{"": {"": [{"": ""}]}, "Statement": {"": ""}}',
    "braces in text":       '{"a}],:{[": "}],:{[", "Statement": "}"}',
    "other spaces":         '{\u00a0"Version": 1}',
    "comment":              '{"Version": 1} // no',
    "trailing comma":       '{"Version": 1,}',
    "single quotes":        "{'Version': 1}",
}
# fmt: on


# fmt: off
ODD_BYTES = {
    "no UTF-8":             b'{"Version": "\xff\xfe"}',
    "UTF-16":               ARTICLE.encode("utf-16"),
    "UTF-16 without mark":  ARTICLE.encode("utf-16-le"),
    "cut":                  ARTICLE.encode()[:-20],
    "NUL":                  b"\x00" * 10,
}
# fmt: on


# fmt: off
ODD_VALUES = {
    "none":                 None,
    "number":               7,
    "list":                 [{"Version": 1}],
    "names no text":        {1: 2, None: 3, "Statement": {4: 5}},
    "not hashable":         {"Version": [], "Statement": {"Effect": {}, "Action": [[]]}},
    "sets":                 {"Version": {1}, "Statement": {"Effect": {1}, "Action": {1}}},
    "bytes":                {"Version": b"2012-10-17", "Statement": {"Action": b"*"}},
    "not a number":         {"Statement": {"Condition": {"Bool": {"k": float("nan")}}}},
    "long integer":         {"Statement": {"Condition": {"Bool": {"k": 10**5_000}}}},
    "long Version":         {"Version": 10**5_000, "Statement": []},
    "long Effect":          {"Statement": {"Effect": 10**5_000}},
    "deep Version":         {"Version": DEEP},
    "deep Effect":          {"Statement": {"Effect": DEEP}},
    "deep Action":          {"Statement": {"Action": DEEP}},
    "deep Condition":       {"Statement": {"Condition": {"Bool": {"k": DEEP}}}},
}
# fmt: on


def assert_reads_or_refuses(source: Any) -> None:
    """A policy, or a PolicyError that can be told in every language: nothing else."""
    try:
        policy = Policy.parse(source)
    except PolicyError as error:
        assert error.mistakes
        for mistake in error.mistakes:
            assert mistake.sentence("en")
            assert mistake.located_sentence("ja")
            assert (mistake.line is None) is (not isinstance(source, (str, bytes)))
        return
    context = {"k": "5", "aws:username": "alice"}
    decision = evaluate(PolicySet([policy]), Request("iam:GetUser", "*", "arn:x", context))
    assert decision.trace["outcome"] == decision.outcome


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_odd_texts(text: str) -> None:
    assert_reads_or_refuses(text)


@pytest.mark.parametrize("source", ODD_BYTES.values(), ids=ODD_BYTES)
def test_odd_bytes(source: bytes) -> None:
    assert_reads_or_refuses(source)


@pytest.mark.parametrize("source", ODD_VALUES.values(), ids=ODD_VALUES)
def test_odd_values(source: Any) -> None:
    assert_reads_or_refuses(source)


def test_deep_values_take_memory_by_their_size() -> None:
    """Not by the square of it: a pointer to every list would be thousands of long texts."""
    deep = nested(10_000)
    tracemalloc.start()
    try:
        refusal({"Version": deep})
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10_000_000


def test_what_only_python_can_hold_is_a_mistake() -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    for condition, code in (
        ({"Bool": {5: "x"}}, "name_not_text"),
        ({5: {"aws:x": "x"}}, "name_not_text"),
        ({"NumericEquals": {"aws:x": float("nan")}}, "not_finite"),
        ({"NumericEquals": {"aws:x": [float("-inf")]}}, "not_finite"),
    ):
        document: Any = {"Version": "2012-10-17", "Statement": statement | {"Condition": condition}}
        (mistake,) = refusal(document).mistakes
        assert mistake.code == code
        assert mistake.sentence("ja") != mistake.sentence("en")
    for odd in ({None: 1, "Statement": statement}, {"Statement": statement | {("a",): 1}}):
        assert refusal(odd).mistakes[0].code == "name_not_text"  # type: ignore[arg-type]


def test_a_path_is_given_in_place_of_a_text() -> None:
    given: Any = Path("policy.json")
    (mistake,) = refusal(given).mistakes
    assert mistake.code == "path_given"
    for language in ("en", "ja"):
        assert "read_text" in mistake.sentence(language)


def test_bytes_that_are_no_utf_8_are_found_where_they_stand() -> None:
    error = refusal(b'{"Version":\n "\xff"}')
    assert (error.mistakes[0].code, error.line, error.column) == ("not_utf8", 2, 3)


@repeatable
@given(documents)
def test_any_values(document: Any) -> None:
    assert_reads_or_refuses(document)


@repeatable
@given(documents, st.sampled_from([None, 1]))
def test_any_json(document: Any, indent: int | None) -> None:
    assert_reads_or_refuses(json.dumps(document, indent=indent))


@repeatable
@given(st.text(max_size=30) | st.text('{}[]:,"\\ aeE0.-\n', max_size=30))
def test_any_text(text: str) -> None:
    assert_reads_or_refuses(text)


@repeatable
@given(st.binary(max_size=30))
def test_any_bytes(source: bytes) -> None:
    assert_reads_or_refuses(source)


changes = st.lists(
    st.tuples(
        st.integers(0, len(ARTICLE)),
        st.integers(0, 12),
        st.text('{}[]:,"\\ *?$aA1\n', max_size=4) | st.sampled_from(['"Effect": "Deny",', "null"]),
    ),
    min_size=1,
    max_size=3,
)


@repeatable
@given(changes)
def test_the_article_with_random_changes_of_its_text(cuts: list[tuple[int, int, str]]) -> None:
    text = ARTICLE
    for place, length, instead in cuts:
        text = text[:place] + instead + text[place + length :]
    assert_reads_or_refuses(text)


@repeatable
@given(changed_articles())
def test_text_and_values_are_read_alike(document: Any) -> None:
    """The same mistakes, or the same policy."""
    document = json.loads(json.dumps(document, allow_nan=True).replace("NaN", "0"))
    document = json.loads(json.dumps(document).replace("-Infinity", "0").replace("Infinity", "0"))

    def read(source: Any) -> Any:
        try:
            return meaning(Policy.parse(source))
        except PolicyError as error:
            return sorted((one.code, one.pointer) for one in error.mistakes)

    assert read(json.dumps(document)) == read(document)


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.stem)
def test_the_policies_of_the_article_and_its_history(file: Path) -> None:
    text = file.read_text("utf-8")
    policy = Policy.parse(text)
    assert policy.version == "2012-10-17"
    assert policy.document == json.loads(text)
    assert len(policy.statements) == len(json.loads(text)["Statement"])
    assert json.loads(policy.to_json()) == json.loads(text)


# fmt: off
UNLIKE = [
    # one value, another
    ("1.5",     "1.50"),
    ("1",       "true"),
    ("1",       "1.0"),
    ('"1"',     '"01"'),
]
# fmt: on


@pytest.mark.parametrize(("one", "another"), UNLIKE)
def test_policies_that_decide_differently_are_not_equal(one: str, another: str) -> None:
    first, second = (
        Policy.parse(f'{{"Statement": {{{COND}{{"StringEquals": {{"k": {value}}}}}}}}}')
        for value in (one, another)
    )
    assert first != second
