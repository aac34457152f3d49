"""Condition: what is refused, where, and in which words; which dates are accepted."""

from __future__ import annotations

import pytest

from mfa_lab import Policy
from tests.iam.parsing.marked_policy import COND, REST, assert_in_statement, refusal

# fmt: off
IN_STATEMENT = [
    # code, what stands in the statement's braces, pointer from the statement, words
    ("operator_and_key_swapped", COND + '{§"aws:MultiFactorAuthPresent": {"Bool": "true"}}',
        "/Condition/aws:MultiFactorAuthPresent", ["“aws:MultiFactorAuthPresent”", "operator first"]),
    ("empty_values", COND + '{"Bool": {§"aws:X": []}}', "/Condition/Bool/aws:X",
        ["“aws:X”", "at least one"]),
    ("condition_not_an_object", f'{REST}, §"Condition": []', "/Condition",
        ["Condition", "JSON object of operators", "list"]),
    ("unknown_operator", COND + '{§"BoolIfExist": {"k": "true"}}', "/Condition/BoolIfExist",
        ["“BoolIfExist”", "Did you mean “BoolIfExists”?", "IfExists may follow", "ForAllValues:"]),
    ("unknown_operator", COND + '{§"stringequals": {"k": "x"}}', "/Condition/stringequals",
        ["Did you mean “StringEquals”?"]),
    ("null_if_exists", COND + '{§"NullIfExists": {"k": "true"}}', "/Condition/NullIfExists",
        ["Null has no IfExists", "“Null”"]),
    ("null_if_exists", COND + '{§"ForAnyValue:NullIfExists": {"k": "true"}}', "/Condition/ForAnyValue:NullIfExists",
        ["“ForAnyValue:Null”"]),
    ("operator_missing", COND + '{§"aws:MultiFactorAuthPresent": "false"}', "/Condition/aws:MultiFactorAuthPresent",
        ["operator is missing", '{"Bool": {"aws:MultiFactorAuthPresent": "false"}}']),
    ("operator_missing", COND + '{§"aws:username": ["a", "b"]}', "/Condition/aws:username",
        ['{"StringEquals": {"aws:username": "…"}}']),
    ("malformed_date", COND + '{"DateGreaterThan": {§"aws:CurrentTime": "sdfdsf"}}', "/Condition/DateGreaterThan/aws:CurrentTime",
        ["“sdfdsf”", "2021-06-11T09:00:00Z", "DateGreaterThan"]),
    ("malformed_date", COND + '{"ForAnyValue:DateLessThanIfExists": {"aws:CurrentTime": ["2021", §"234-13"]}}',
        "/Condition/ForAnyValue:DateLessThanIfExists/aws:CurrentTime/1", ["“234-13”"]),
    ("unknown_operator", COND + '{§"StringEqualsIfExistsIfExists": {}}',
        "/Condition/StringEqualsIfExistsIfExists", ["Did you mean “StringEqualsIfExists”?"]),
    ("unknown_operator", COND + '{§"ForAllValue:StringLike": {}}', "/Condition/ForAllValue:StringLike",
        ["Did you mean “ForAllValues:StringLike”?"]),
    ("unknown_operator", COND + '{§"": {}}', "/Condition/",
        ["“”"]),
    ("operator_not_an_object", COND + '{§"Bool": "true"}', "/Condition/Bool",
        ["JSON object of context keys and values", "text"]),
    ("condition_value_not_text", COND + '{"Bool": {§"aws:X": null}}', "/Condition/Bool/aws:X",
        ["text, a number or true or false", "null"]),
    ("condition_value_not_text", COND + '{"StringLike": {"k": ["a", §{}]}}', "/Condition/StringLike/k/1",
        ["object"]),
    ("condition_value_not_text", COND + '{"StringLike": {"k": [§["a"]]}}', "/Condition/StringLike/k/0",
        ["list"]),
]

ACCEPTED_DATES = [
    "2017-07-01T00:00:00Z", "01T", "2016-12-13T21:20:37.593194+00:00", "2016-12-13t2:00:00.593194+23", "-292275054",
    "2021-06-11T09:00:00+0900", "2021-06-11T09:00:00-05:00", "1623000000", "1623000000.5", "2021", "2021-6-1", "2021-02-30",
    "9223372036854775807", "${aws:PrincipalTag/until}",
]

REFUSED_DATES = [
    "", "now", "*", "2016-12-13t2:00:00.593194+1", "2016-12-13t2:00:00.1999999999+10:59", "9223372036854775808", "2021/06/11",
    "2021-13-01", "2021-06-32", "2021-06-11T25:00:00Z", "2021-06-11T09:60:00Z",
]
# fmt: on


@pytest.mark.parametrize(("code", "marked", "pointer", "words"), IN_STATEMENT)
def test_a_mistake_in_a_statement(code: str, marked: str, pointer: str, words: list[str]) -> None:
    assert_in_statement(code, marked, pointer, words)


@pytest.mark.parametrize(
    ("value", "accepted"),
    [*((v, True) for v in ACCEPTED_DATES), *((v, False) for v in REFUSED_DATES)],
)
def test_which_dates_are_accepted(value: str, accepted: bool) -> None:
    condition = {"DateLessThan": {"aws:CurrentTime": value}}
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    document = {"Version": "2012-10-17", "Statement": statement}
    if accepted:
        assert Policy.parse(document).statements
    else:
        assert refusal(document).mistakes[0].code == "malformed_date"
