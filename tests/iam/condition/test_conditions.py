"""What is the same for every condition operator: sets, absent keys, IfExists, several tests.

Sources: IAM User Guide, "Conditions with multiple context keys or values" and "Set operators for
multivalued context keys"; where those pages are silent, independent simulators (data/facts.md,
"Condition operators").
"""

from __future__ import annotations

import json

import pytest

from mfa_lab import Outcome, Policy, PolicySet, Request, evaluate
from mfa_lab.iam.condition.operators import BASE_OPERATORS, OPERATOR_SPELLINGS
from tests.iam.condition.one_condition import ABSENT, ALICE, KEY, KeyValue, holds, holds_in, result

TOPIC = "arn:aws:sns:us-east-1:123456789012:topic"

# fmt: off
EXAMPLES = {
    # operator                      wanted                  fits                    does not
    "StringEquals":                ("alice",                "alice",                "bob"),
    "StringNotEquals":             ("alice",                "bob",                  "alice"),
    "StringEqualsIgnoreCase":      ("alice",                "ALICE",                "bob"),
    "StringNotEqualsIgnoreCase":   ("alice",                "bob",                  "ALICE"),
    "StringLike":                  ("al*",                  "alice",                "bob"),
    "StringNotLike":               ("al*",                  "bob",                  "alice"),
    "NumericEquals":               ("5",                    "5.0",                  "6"),
    "NumericNotEquals":            ("5",                    "6",                    "5.0"),
    "NumericLessThan":             ("5",                    "4",                    "5"),
    "NumericLessThanEquals":       ("5",                    "5",                    "6"),
    "NumericGreaterThan":          ("5",                    "6",                    "5"),
    "NumericGreaterThanEquals":    ("5",                    "5",                    "4"),
    "DateEquals":                  ("2020-01-01",           "1577836800",           "2021-01-01"),
    "DateNotEquals":               ("2020-01-01",           "2021-01-01",           "1577836800"),
    "DateLessThan":                ("2020-01-01",           "2019-12-31",           "2020-01-01"),
    "DateLessThanEquals":          ("2020-01-01",           "2020-01-01",           "2020-01-02"),
    "DateGreaterThan":             ("2020-01-01",           "2020-01-02",           "2020-01-01"),
    "DateGreaterThanEquals":       ("2020-01-01",           "2020-01-01",           "2019-12-31"),
    "Bool":                        ("true",                 "True",                 "false"),
    "BinaryEquals":                ("YQ==",                 "YQ==",                 "Yg=="),
    "IpAddress":                   ("203.0.113.0/24",       "203.0.113.9",          "198.51.100.1"),
    "NotIpAddress":                ("203.0.113.0/24",       "198.51.100.1",         "203.0.113.9"),
    "ArnEquals":                   ("arn:aws:sns:*:*:*",    "arn:aws:sns:::t",      "arn:aws:sqs:::t"),
    "ArnNotEquals":                ("arn:aws:sns:*:*:*",    "arn:aws:sqs:::t",      "arn:aws:sns:::t"),
    "ArnLike":                     ("arn:aws:sns:*:*:*",    "arn:aws:sns:::t",      "arn:aws:sqs:::t"),
    "ArnNotLike":                  ("arn:aws:sns:*:*:*",    "arn:aws:sqs:::t",      "arn:aws:sns:::t"),
}
# fmt: on

NEGATED = {name for name in EXAMPLES if "Not" in name}


def test_every_operator_has_an_example() -> None:
    assert set(EXAMPLES) == set(BASE_OPERATORS)
    assert len(EXAMPLES) == 26
    assert len(NEGATED) == 8
    # with and without IfExists; Null; each with two prefixes or none
    assert len(set(OPERATOR_SPELLINGS)) == len(OPERATOR_SPELLINGS) == (26 * 2 + 1) * 3


every_operator = pytest.mark.parametrize("name", sorted(EXAMPLES))


@every_operator
def test_one_value(name: str) -> None:
    wanted, fits, does_not = EXAMPLES[name]
    assert holds(name, wanted, fits)
    assert not holds(name, wanted, does_not)
    assert holds(f"{name}IfExists", wanted, fits)
    assert not holds(f"{name}IfExists", wanted, does_not)


@every_operator
def test_an_absent_key(name: str) -> None:
    """No match, but for a negated operator, and for IfExists."""
    wanted, _, _ = EXAMPLES[name]
    assert holds(name, wanted, ABSENT) is (name in NEGATED)
    assert holds(f"{name}IfExists", wanted, ABSENT)


@every_operator
def test_many_values_without_a_set_operator(name: str) -> None:
    """They match nothing, were it a list of one; nor does IfExists help."""
    wanted, fits, does_not = EXAMPLES[name]
    for given in ([], [fits], [does_not], [fits, fits], [fits, does_not]):
        assert not holds(name, wanted, given), given
        assert not holds(f"{name}IfExists", wanted, given), given


@every_operator
def test_for_all_values(name: str) -> None:
    """Every member fits; true of no member, and of an absent key."""
    wanted, fits, does_not = EXAMPLES[name]
    for operator in (f"ForAllValues:{name}", f"ForAllValues:{name}IfExists"):
        assert holds(operator, wanted, ABSENT)
        assert holds(operator, wanted, [])
        assert holds(operator, wanted, fits)
        assert holds(operator, wanted, [fits])
        assert holds(operator, wanted, [fits, fits])
        assert not holds(operator, wanted, does_not)
        assert not holds(operator, wanted, [does_not])
        assert not holds(operator, wanted, [fits, does_not])
        assert not holds(operator, wanted, [does_not, fits])


@every_operator
def test_for_any_value(name: str) -> None:
    """One member fits; false of no member and of an absent key, from which IfExists saves not."""
    wanted, fits, does_not = EXAMPLES[name]
    for operator in (f"ForAnyValue:{name}", f"ForAnyValue:{name}IfExists"):
        assert not holds(operator, wanted, ABSENT)
        assert not holds(operator, wanted, [])
        assert holds(operator, wanted, fits)
        assert holds(operator, wanted, [fits])
        assert holds(operator, wanted, [fits, does_not])
        assert holds(operator, wanted, [does_not, fits])
        assert not holds(operator, wanted, does_not)
        assert not holds(operator, wanted, [does_not])
        assert not holds(operator, wanted, [does_not, does_not])


# fmt: off
SETS = [
    # operator                          given                       expected
    # Of the request's members, each is compared with all of the policy's values.
    ("ForAllValues:StringEquals",       ["ID", "Tags"],             True),
    ("ForAllValues:StringEquals",       ["Tags", "ID", "Message"],  True),
    ("ForAllValues:StringEquals",       ["ID", "UserName"],         False),
    ("ForAnyValue:StringEquals",        ["ID", "UserName"],         True),
    ("ForAnyValue:StringEquals",        ["UserName", "Password"],   False),
    ("ForAllValues:StringNotEquals",    ["UserName", "Password"],   True),
    ("ForAllValues:StringNotEquals",    ["UserName", "Tags"],       False),
    ("ForAnyValue:StringNotEquals",     ["UserName", "Tags"],       True),
    ("ForAnyValue:StringNotEquals",     ["ID", "Tags"],             False),
]
# fmt: on


@pytest.mark.parametrize(("operator", "given", "expected"), SETS)
def test_sets_against_several_values(operator: str, given: list[str], expected: bool) -> None:
    assert holds(operator, ["ID", "Message", "Tags"], given) is expected


def test_empty_text_is_a_set_without_members() -> None:
    """Empty text counts as no value at all where a set operator asks.

    IAM User Guide, "Multivalued context key examples": ForAllValues is true also "if the context
    key value resolves to a null dataset, such as an empty string"; ForAnyValue is then false.
    """
    assert holds("ForAllValues:StringEquals", "alice", "")
    assert not holds("ForAnyValue:StringLike", "*", "")


# fmt: off
UNREADABLE_AMONG_OTHERS = [
    # operator                          wanted                  given           expected
    # A member that cannot be read fits nothing.
    ("ForAllValues:NumericLessThan",    "10",                   ["5", "ten"],   False),
    ("ForAllValues:NumericNotEquals",   "10",                   ["5", "ten"],   False),
    ("ForAnyValue:NumericLessThan",     "10",                   ["ten", "5"],   True),
    ("ForAnyValue:NumericNotEquals",    "10",                   ["ten"],        False),
    ("ForAnyValue:NotIpAddress",        "10.0.0.0/8",           ["here"],       False),
    # Nor does a value of the policy's; the others still count.
    ("NumericEquals",                   ["ten", "10"],          "10",           True),
    ("DateLessThan",                    ["now", "2021"],        "2020",         True),
    ("Bool",                            ["no", "false"],        "false",        True),
    ("ArnLike",                         ["*", TOPIC],           TOPIC,          True),
    ("IpAddress",                       ["x", "10.0.0.0/8"],    "10.1.2.3",     True),
]
# fmt: on


@pytest.mark.parametrize(("operator", "wanted", "given", "expected"), UNREADABLE_AMONG_OTHERS)
def test_one_unreadable_value_among_others(
    operator: str, wanted: object, given: KeyValue, expected: bool
) -> None:
    assert holds(operator, wanted, given) is expected


# Several tests in one Condition.

BOTH = {"aws:username": "alice", "example:Mfa": "true"}


# fmt: off
SEVERAL_TESTS = [
    # operators: all
    ({"StringLike": {"aws:username": "alice"}, "Bool": {"example:Mfa": "true"}},  True),
    ({"StringLike": {"aws:username": "bob"},   "Bool": {"example:Mfa": "true"}},  False),
    ({"StringLike": {"aws:username": "alice"}, "Bool": {"example:Mfa": "false"}}, False),
    # keys of one operator: all
    ({"StringEquals": {"aws:username": "alice", "example:Mfa": "true"}},  True),
    ({"StringEquals": {"aws:username": "alice", "example:Mfa": "false"}}, False),
    ({"StringEquals": {"aws:username": "bob",   "example:Mfa": "true"}},  False),
    # values of one key: one is enough
    ({"StringEquals": {"aws:username": ["bob", "alice"]}}, True),
    ({"StringEquals": {"aws:username": ["bob", "carol"]}}, False),
    # one key under two operators: both
    ({"StringLike": {"aws:username": "a*"}, "StringNotLike": {"aws:username": "*n"}}, True),
    ({"StringLike": {"aws:username": "a*"}, "StringNotLike": {"aws:username": "*e"}}, False),
    # nothing is asked
    ({},                   True),
    ({"StringEquals": {}}, True),
]
# fmt: on


@pytest.mark.parametrize(("condition", "expected"), SEVERAL_TESTS)
def test_several_tests(condition: object, expected: bool) -> None:
    """Operators and keys are joined by AND, the values of a key by OR."""
    assert holds_in(condition, BOTH) is expected


def test_without_mfa_there_is_no_age_to_be_too_high() -> None:
    """A Deny of both an old sign-in and no sign-in at all: with AND between them, it never acts."""
    condition = {
        "NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"},
        "Bool": {"aws:MultiFactorAuthPresent": "false"},
    }
    assert not holds_in(condition, {"aws:MultiFactorAuthPresent": "false"})
    assert not holds_in(
        condition, {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "7200"}
    )


# fmt: off
KEY_NAMES = [
    # in the policy         in the request          expected
    ("aws:username",        "aws:username",         True),
    ("aws:UserName",        "aws:username",         True),
    ("aws:username",        "AWS:USERNAME",         True),
    ("AWS:UserName",        "aws:userNAME",         True),
    ("aws:userid",          "aws:username",         False),
    ("username",            "aws:username",         False),
]
# fmt: on


@pytest.mark.parametrize(("in_policy", "in_request", "expected"), KEY_NAMES)
def test_case_of_key_names(in_policy: str, in_request: str, expected: bool) -> None:
    """Names of condition keys are the same in any case; values are not."""
    assert holds_in({"StringEquals": {in_policy: "Alice"}}, {in_request: "Alice"}) is expected
    assert not holds_in({"StringEquals": {in_policy: "Alice"}}, {in_request: "alice"})
    assert holds_in({"Null": {in_policy: "false"}}, {in_request: "Alice"}) is expected


# fmt: off
UNQUOTED = [
    # operator          wanted              given       expected
    ("StringEquals",    '5',            "5",        True),
    ("StringEquals",    '1.50',         "1.50",     True),   # as it is spelled
    ("StringEquals",    '1.50',         "1.5",      False),
    ("StringEquals",    '1e3',          "1e3",      True),
    ("StringEquals",    '1e3',          "1000.0",   False),
    ("StringEquals",    '-0',           "-0",       True),
    ("StringEquals",    '0.10000000000000000001', "0.10000000000000000001", True),
    ("StringEquals",    '[1, "b"]',     "1",        True),
    ("StringEquals",    'true',         "true",     True),
    ("StringEquals",    'true',         "True",     False),
    ("StringLike",      '1.5',          "1x5",      False),
    ("NumericEquals",   '5',            "5.0",      True),
    ("NumericLessThan", '3600',         "60",       True),
    ("Bool",            'true',         "true",     True),
    ("Bool",            'false',        "true",     False),
    ("Bool",            'false',        "false",    True),
    ("Null",            'true',         ABSENT,     True),
    ("Null",            'false',        ABSENT,     False),
    ("DateEquals",      '1577836800',   "2020",     True),
]
# fmt: on


@pytest.mark.parametrize(("operator", "wanted", "given", "expected"), UNQUOTED)
def test_unquoted_values_keep_their_spelling(
    operator: str, wanted: str, given: KeyValue, expected: bool
) -> None:
    """Quotation marks are optional around numbers and booleans."""
    text = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "*",
                "Resource": "*",
                "Condition": {operator: {KEY: "WANTED"}},
            },
        }
    )
    policy = Policy.parse(text.replace('"WANTED"', wanted))
    context = {} if given is ABSENT else {KEY: given}
    request = Request("s3:GetObject", "*", ALICE, context)
    assert (evaluate(PolicySet([policy]), request).outcome is Outcome.ALLOW) is expected


# fmt: off
RESULTS = [
    # operator                       given       code
    ("StringEquals",                 "alice",    "value_fits"),
    ("StringEquals",                 "bob",      "no_value_fits"),
    ("StringNotEquals",              "bob",      "none_fits_as_asked"),
    ("StringNotEquals",              "alice",    "one_fits_against"),
    ("StringEquals",                 ABSENT,     "absent_fails"),
    ("StringEqualsIfExists",         ABSENT,     "absent_passes_if_exists"),
    ("StringNotEquals",              ABSENT,     "absent_passes_negated"),
    ("StringNotEqualsIfExists",      ABSENT,     "absent_passes_if_exists"),
    ("StringEquals",                 ["alice"],  "many_values"),
    ("ForAllValues:StringEquals",    ABSENT,     "empty_passes_for_all"),
    ("ForAnyValue:StringEquals",     ABSENT,     "empty_fails_for_any"),
    ("ForAllValues:StringEquals",    ["alice"],  "value_fits"),
    ("ForAnyValue:StringNotEquals",  ["alice"],  "one_fits_against"),
]

UNREADABLE = [
    # operator              wanted          given       code
    ("NumericNotEquals",    "5",            "five",     "unreadable"),
    ("NumericNotEquals",    "five",         "5",        "unreadable"),
    ("NumericNotEquals",    ["five", "5"],  "5",        "one_fits_against"),
    ("NumericNotEquals",    "5",            "5",        "one_fits_against"),
    ("NumericNotEquals",    "5",            "6",        "none_fits_as_asked"),
    ("NumericEquals",       "5",            "five",     "no_value_fits"),
]
# fmt: on


@pytest.mark.parametrize(("operator", "wanted", "given", "code"), UNREADABLE)
def test_a_trace_tells_what_cannot_be_read(
    operator: str, wanted: object, given: str, code: str
) -> None:
    """A negated operator that does not hold, though nothing fits, is not said to be against."""
    assert result(operator, wanted, given) == code


@pytest.mark.parametrize(("operator", "given", "code"), RESULTS)
def test_a_trace_names_the_result(operator: str, given: KeyValue, code: str) -> None:
    assert result(operator, "alice", given) == code


# fmt: off
NULL_RESULTS = [
    # wanted    given       code
    ("true",    ABSENT,     "absent_as_asked"),
    ("true",    "alice",    "present_against"),
    ("false",   ABSENT,     "absent_against"),
    ("false",   "alice",    "present_as_asked"),
]
# fmt: on


@pytest.mark.parametrize(("wanted", "given", "code"), NULL_RESULTS)
def test_a_trace_names_the_result_of_null(wanted: str, given: KeyValue, code: str) -> None:
    assert result("Null", wanted, given) == code
