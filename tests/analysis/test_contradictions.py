"""Tests of a Condition that can never hold together: certain, and never a false alarm."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_lab import Policy
from mfa_lab.analysis.contradictions import contradictions, exclude_each_other
from mfa_lab.iam.condition.conditions import ConditionTest
from mfa_lab.iam.context import normalized


def parsed(condition: dict[str, Any]) -> tuple[ConditionTest, ...]:
    """Read a Condition as one of AWS Organizations: IAM refuses values that are no dates."""
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
    document = {"Version": "2012-10-17", "Statement": statement}
    return Policy.parse(document, "scp").statements[0].conditions


# fmt: off
NEVER = [
    # operator, values, operator, values
    ("StringEquals",          ["a", "b"],      "StringNotEquals",         ["b", "a", "c"]),
    ("StringEquals",          "a",             "StringEquals",            "b"),
    ("StringEquals",          "A",             "StringEqualsIgnoreCase",  "b"),
    ("StringEquals",          "a",             "StringLike",              "b*"),
    ("StringEquals",          "x",             "NumericEquals",           "1"),
    ("StringEqualsIgnoreCase","a",             "StringNotEqualsIgnoreCase", "A"),
    ("StringLike",            ["ab*", "ac*"],  "StringLike",              ["b*", "a", "c?"]),
    ("StringLike",            "a*",            "StringNotLike",           ["b*", "a*"]),
    ("Bool",                  "true",          "Bool",                    "False"),
    ("Bool",                  "true",          "Null",                    "true"),
    ("Null",                  "true",          "Null",                    "false"),
    ("Null",                  "true",          "ForAnyValue:StringEquals", "a"),
    ("NumericLessThan",       "5",             "NumericGreaterThan",      "10"),
    ("NumericLessThan",       "5",             "NumericGreaterThanEquals", "5.0"),
    ("NumericEquals",         ["1", "2"],      "NumericNotEquals",        ["2.0", "01"]),
    ("DateLessThan",          "2021-01-01",    "DateGreaterThan",         "2021-01-01T00:00:00Z"),
    ("DateEquals",            "1609459200",    "DateNotEquals",           "2021-01-01T09:00:00+09:00"),
    ("IpAddress",             "10.0.0.0/8",    "IpAddress",               "192.0.2.0/24"),
    ("IpAddress",             "10.1.0.0/16",   "NotIpAddress",            "10.0.0.0/8"),
    ("IpAddress",             "10.0.0.0/8",    "NotIpAddress",            ["10.0.0.0/9", "10.128.0.0/9"]),
    ("IpAddress",             "10.0.0.0/8",    "IpAddress",               "::/0"),
    ("ArnLike",               "arn:aws:iam::1:user/*", "ArnLike",         "arn:aws:iam::1:role/*"),
    ("ArnEquals",             "arn:aws:iam::1:user/a", "StringLike",      "*role*"),
    ("BinaryEquals",          "QQ==",          "BinaryEquals",            "Qg=="),
]
SOMETIMES = [
    ("StringEquals",          ["a", "b"],      "StringNotEquals",         ["b"]),
    ("StringEqualsIfExists",  "a",             "StringEqualsIfExists",    "b"),
    ("StringNotEquals",       "a",             "StringNotEquals",         "b"),
    ("StringEquals",          "${aws:username}", "StringNotEquals",       "${aws:userid}"),
    ("StringEquals",          "${*}",          "StringEquals",            "*"),
    ("StringLike",            "a*",            "StringLike",              "*b"),
    ("StringLike",            "a*",            "StringNotLike",           "ab*"),
    ("ForAllValues:StringEquals", "a",         "StringEquals",            "b"),
    ("ForAnyValue:StringEquals",  "a",         "ForAnyValue:StringEquals", "b"),
    ("Bool",                  "true",          "StringEquals",            "TRUE"),
    ("Bool",                  "true",          "StringLike",              "T*"),
    ("BoolIfExists",          "true",          "BoolIfExists",            "false"),
    ("BoolIfExists",          "true",          "Null",                    "true"),
    ("Null",                  "false",         "Bool",                    "true"),
    ("NumericLessThan",       "10",            "NumericGreaterThan",      "9"),
    ("NumericLessThanEquals", "5",             "NumericGreaterThanEquals", "5"),
    ("DateLessThan",          "2021-01-02",    "DateGreaterThan",         "2021-01-01"),
    ("DateGreaterThan",       "2021-01-01",    "NumericLessThan",         "5"),
    ("DateGreaterThan",       "2021-01-01",    "DateLessThan",            "2021-01-01T00:00:00.000001Z"),
    ("IpAddress",             "10.0.0.0/8",    "NotIpAddress",            ["10.0.0.0/9", "10.192.0.0/10"]),
    ("IpAddress",             "10.0.0.0/8",    "NotIpAddress",            ["10.0.0.0/9", "10.128.0.0/10"]),
    ("ArnLike",               "arn:aws:iam::*:user/a", "ArnNotLike",      "arn:aws:iam::1:user/a"),
    ("NumericEquals",         "x",             "NumericNotEquals",        "x"),
]
# fmt: on


def pair_of(one: str, values: Any, other: str, more: Any) -> tuple[ConditionTest, ConditionTest]:
    first, second = parsed({one: {"test:Key": values}}), parsed({other: {"TEST:key": more}})
    return first[0], second[0]


@pytest.mark.parametrize("case", NEVER, ids=lambda case: f"{case[0]} {case[2]}")
def test_tests_that_exclude_each_other(case: tuple[str, Any, str, Any]) -> None:
    one, other = pair_of(*case)
    assert exclude_each_other(one, other)
    assert exclude_each_other(other, one)


@pytest.mark.parametrize("case", SOMETIMES, ids=lambda case: f"{case[0]} {case[2]}")
def test_tests_that_do_not(case: tuple[str, Any, str, Any]) -> None:
    one, other = pair_of(*case)
    assert not exclude_each_other(one, other)
    assert not exclude_each_other(other, one)


def test_each_key_has_at_most_one_pair() -> None:
    tests = parsed(
        {
            "StringEquals": {"a:x": "1", "a:y": "1"},
            "StringNotEquals": {"a:x": "1", "a:y": "2"},
            "Null": {"A:X": "true"},
        }
    )
    (pair,) = contradictions(tests)
    assert [test.operator.spelled for test in pair] == ["StringEquals", "StringNotEquals"]


# Never a false alarm.

TEXTS = ["", "a", "A", "ab", "a*", "*b", "?", "true", "False", "TRUE", "1", "01", "1.0", "2", "1.5",
         "-1", "2021", "2021-01-01", "2021-01-01T00:00:00Z", "2020-12-31T23:59:59.5+01:00", "1609459200",
         "10.0.0.0/8", "10.1.2.3", "10.1.0.0/16", "::/0", "::1", "0.0.0.0/0", "QQ==", "QR==",
         "arn:aws:iam::1:user/a", "arn:aws:iam::*:user/*", "arn:aws:s3:::b", "${a:b}", "${*}"]  # fmt: skip
OPERATORS = [
    "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase",
    "StringLike", "StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan",
    "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals",
    "DateNotEquals", "DateLessThan", "DateGreaterThan", "DateLessThanEquals", "Bool",
    "BinaryEquals", "IpAddress", "NotIpAddress", "ArnLike", "ArnNotLike", "ArnEquals", "Null",
]  # fmt: skip
texts = st.sampled_from(TEXTS)
operators = st.one_of(
    st.sampled_from(OPERATORS),
    st.sampled_from(OPERATORS[:-1]).map(lambda name: f"{name}IfExists"),
    st.sampled_from(OPERATORS).map(lambda name: f"ForAnyValue:{name}"),
    st.sampled_from(OPERATORS).map(lambda name: f"ForAllValues:{name}"),
)
drawn_tests = st.tuples(operators, st.lists(texts, min_size=1, max_size=3)).map(
    lambda drawn: parsed({drawn[0]: {"test:key": drawn[1]}})[0]
)
more_texts = st.one_of(
    texts,
    st.decimals(-3, 3, places=1).map(str),
    st.ip_addresses().map(str),
    st.sampled_from(["2020-12-31T23:00:00Z", "2021-01-01T00:00:00.5Z", "2100", "tRuE", "axb", "b"]),
    st.text("aAb*?/:", max_size=4),
)
contexts: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    more_texts.map(lambda text: {"test:key": text}),
    st.lists(more_texts, max_size=2).map(lambda several: {"test:key": several}),
)


@settings(deadline=None, derandomize=True, max_examples=1_000)
@given(drawn_tests, drawn_tests, st.lists(contexts, min_size=10, max_size=30))
def test_no_context_ever_satisfies_what_is_said_to_be_impossible(
    one: ConditionTest, other: ConditionTest, drawn: list[dict[str, Any]]
) -> None:
    for context in [*drawn, *({"test:key": text} for text in TEXTS)]:
        given_values = normalized({**context, "a:b": "a"})
        if one.result(given_values).holds and other.result(given_values).holds:
            assert not exclude_each_other(one, other)
