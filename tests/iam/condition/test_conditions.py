"""The condition operators, each with its own table of cases.

Sources: IAM User Guide, "IAM JSON policy elements: Condition operators", "Conditions with multiple
context keys or values" and "Set operators for multivalued context keys"; where those pages are
silent, independent simulators (data/facts.md, "Condition operators").
"""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import pytest

from mfa_lab import Outcome, Policy, PolicySet, Request, evaluate
from mfa_lab.iam.condition.operators import BASE_OPERATORS, OPERATOR_SPELLINGS, operator_named

KeyValue: TypeAlias = str | list[str] | None

KEY = "example:Key"
ABSENT = None
ALICE = "arn:aws:iam::123456789012:user/alice"


def allow_if(condition: object) -> Policy:
    """Give a policy that allows everything where a condition holds.

    It is read as one of AWS Organizations: IAM refuses values that are no dates.
    """
    return Policy.parse(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "*",
                "Resource": "*",
                "Condition": condition,
            },
        },
        "scp",
    )


def holds_in(condition: object, context: dict[str, Any]) -> bool:
    """Tell whether a Condition holds in a context."""
    request = Request("s3:GetObject", "arn:aws:s3:::b/k", ALICE, context)
    return evaluate(PolicySet([allow_if(condition)]), request).outcome is Outcome.ALLOW


def holds(operator: str, wanted: object, given: KeyValue) -> bool:
    """Tell whether one operator holds for one key; None where the request lacks the key."""
    return holds_in({operator: {KEY: wanted}}, {} if given is ABSENT else {KEY: given})


def finding(operator: str, wanted: object, given: KeyValue) -> str:
    """Give the code of what a trace says about one condition test."""
    request = Request("s3:GetObject", "*", ALICE, {} if given is ABSENT else {KEY: given})
    trace = evaluate(PolicySet([allow_if({operator: {KEY: wanted}})]), request).trace
    (statement,) = trace["statements"]
    (condition,) = statement["conditions"]
    code = condition["finding"]
    assert isinstance(code, str)
    return code


# Each operator's own table: what the policy wants, what the request gives, whether it holds.
# Beside it stands whether the negated operator holds: the other way round, but for values that
# cannot be read, which match nothing.

# fmt: off
STRING_EQUALS = [
    # wanted                given               equals  not equals
    ("alice",               "alice",            True,   False),
    ("alice",               "bob",              False,  True),
    ("alice",               "Alice",            False,  True),   # case counts
    ("alice",               "alice ",           False,  True),
    ("alice",               "",                 False,  True),
    ("",                    "",                 True,   False),
    ("",                    "alice",            False,  True),
    ("al*",                 "alice",            False,  True),   # no wildcards here
    ("al*",                 "al*",              True,   False),
    ("a?",                  "ab",               False,  True),
    ("アリス",               "アリス",            True,   False),
    (["alice", "bob"],      "bob",              True,   False),  # OR; NOR
    (["alice", "bob"],      "alice",            True,   False),
    (["alice", "bob"],      "carol",            False,  True),
]

STRING_EQUALS_IGNORE_CASE = [
    # wanted                given               equals  not equals
    ("alice",               "alice",            True,   False),
    ("alice",               "ALICE",            True,   False),
    ("Alice",               "aLICE",            True,   False),
    ("alice",               "bob",              False,  True),
    ("alice",               "",                 False,  True),
    ("",                    "",                 True,   False),
    ("AL*",                 "alice",            False,  True),   # no wildcards here
    (["Finance", "HR"],     "hr",               True,   False),
    (["Finance", "HR"],     "legal",            False,  True),
]

STRING_LIKE = [
    # wanted                given               like    not like
    ("alice",               "alice",            True,   False),
    ("alice",               "alice2",           False,  True),   # partial only with wildcards
    ("al*",                 "alice",            True,   False),
    ("*ce",                 "alice",            True,   False),
    ("a*e",                 "alice",            True,   False),
    ("*l*c*",               "alice",            True,   False),
    ("al*",                 "al",               True,   False),  # * may be nothing
    ("AL*",                 "alice",            False,  True),   # case counts
    ("a?ice",               "alice",            True,   False),
    ("a?ice",               "aice",             False,  True),   # ? is exactly one
    ("a??ice",              "alice",            False,  True),
    ("*",                   "",                 True,   False),
    ("?",                   "",                 False,  True),
    ("",                    "",                 True,   False),
    ("",                    "alice",            False,  True),
    ("a.i",                 "aXi",              False,  True),   # no regular expression
    ("[a-z]*",              "alice",            False,  True),
    ("a*e",                 "a\nl/i:c\ne",      True,   False),  # * is any character
    ("a?e",                 "a\ne",             True,   False),
    (["t1.*", "t2.*"],      "t2.micro",         True,   False),
    (["t1.*", "t2.*"],      "c5.large",         False,  True),
]

NUMERIC_EQUALS = [
    # wanted                given               equals  not equals
    ("5",                   "5",                True,   False),
    ("5",                   "5.0",              True,   False),  # numbers, not texts
    ("5.00",                "5",                True,   False),
    ("5",                   "05",               True,   False),
    ("5",                   "+5",               True,   False),
    ("0",                   "-0",               True,   False),
    ("0.1",                 "0.10",             True,   False),
    ("5",                   "6",                False,  True),
    ("5",                   "-5",               False,  True),
    ("5",                   "5.0001",           False,  True),
    ("9007199254740993",    "9007199254740992", False,  True),   # not as floats
    (["5", "6"],            "6.0",              True,   False),
    (["5", "6"],            "7",                False,  True),
    ("5",                   "",                 False,  False),  # unreadable
    ("",                    "",                 False,  False),
    ("5",                   "five",             False,  False),
    ("five",                "5",                False,  False),
    ("five",                "five",             False,  False),
    ("5",                   "5 ",               False,  False),
    ("5",                   "５",                False,  False),  # no digit of AWS's
    ("5*",                  "5",                False,  False),  # no wildcards
]

NUMERIC_ORDER = [
    # wanted    given           <       <=      >       >=
    ("10",      "9",            True,   True,   False,  False),
    ("10",      "10",           False,  True,   False,  True),
    ("10",      "10.0",         False,  True,   False,  True),
    ("10",      "11",           False,  False,  True,   True),
    ("9",       "10",           False,  False,  True,   True),   # as texts, 10 is before 9
    ("10",      "9.9999",       True,   True,   False,  False),
    ("-10",     "-11",          True,   True,   False,  False),
    ("0.5",     "0.25",         True,   True,   False,  False),
    ("3600",    "3600",         False,  True,   False,  True),
    ("1000",    "999",          True,   True,   False,  False),  # a number, not a year
    (["5", "15"], "10",         True,   True,   True,   True),   # one value is enough
    (["5", "15"], "20",         False,  False,  True,   True),
    ("10",      "",             False,  False,  False,  False),
    ("10",      "ten",          False,  False,  False,  False),
    ("ten",     "10",           False,  False,  False,  False),
    ("ten",     "ten",          False,  False,  False,  False),
]

DATE_EQUALS = [
    # wanted                        given                           equals  not equals
    ("2020-06-01T00:00:00Z",        "2020-06-01T00:00:00Z",         True,   False),
    ("2020-06-01T00:00:00Z",        "2020-06-01T09:00:00+09:00",    True,   False),
    ("2020-06-01T00:00:00Z",        "2020-05-31T19:30:00-04:30",    True,   False),
    ("2020-06-01T00:00:00Z",        "2020-06-01T00:00Z",            True,   False),
    ("2020-06-01T00:00:00Z",        "2020-06-01T00:00:00.000Z",     True,   False),
    ("2020-06-01T00:00:00.25Z",     "2020-06-01T00:00:00.250Z",     True,   False),
    ("2020-06-01T00:00:00.25Z",     "2020-06-01T00:00:00.250000Z",  True,   False),
    ("2020-06-01T00:00:00.000001Z", "2020-06-01T00:00:00.000002Z",  False,  True),
    ("2020-06-01T00:00:00.1234567Z", "2020-06-01T00:00:00.1234567Z", True,  False),
    ("2020-06-01T00:00:00Z",        "2020-06-01",                   True,   False),
    ("2020-06-01",                  "2020-06",                      True,   False),
    ("2020-01-01",                  "2020",                         True,   False),
    ("2020-06-01T00:00:00Z",        "1590969600",                   True,   False),
    ("1590969600",                  "2020-06-01T00:00:00Z",         True,   False),
    ("1590969600",                  "1590969600.0",                 True,   False),
    ("1970-01-01T00:00:00Z",        "0",                            True,   False),
    ("2020-06-01T00:00:00Z",        "2020-06-01T00:00:01Z",         False,  True),
    ("2020-06-01T00:00:00Z",        "2020-06-01T00:00:00.001Z",     False,  True),
    ("2020-06-01T00:00:00Z",        "2020-06-01T00:00:00+09:00",    False,  True),
    ("2020-06-01T00:00:00Z",        "1590969601",                   False,  True),
    (["2019-01-01", "2020-01-01"],  "2020",                         True,   False),
    (["2019-01-01", "2020-01-01"],  "2021",                         False,  True),
    ("2020-06-01",                  "",                             False,  False),  # unreadable
    ("2020-06-01",                  "yesterday",                    False,  False),
    ("2020-06-01",                  "２０２０-06-01",                   False,  False),
    ("1590969600",                  "１５９０９６９６００",                   False,  False),
    ("2020-06-01",                  "999999999999",                 False,  False),  # no such year
    ("2020-06-01",                  "2020-6-1",                     False,  False),
    ("2020-06-01",                  "2020-13-01",                   False,  False),
    ("2020-06-01",                  "2020-02-30",                   False,  False),
    ("2020-06-01",                  "2020-06-01T25:00:00Z",         False,  False),
    ("2020-06-01",                  "2020-06-01T00:00:00+99:00",    False,  False),
    ("2020-06-*",                   "2020-06-01",                   False,  False),  # no wildcards
    ("tomorrow",                    "2020-06-01",                   False,  False),
]

DATE_ORDER = [
    # wanted                    given                           <       <=      >       >=
    ("2020-06-01T00:00:00Z",    "2020-05-31T23:59:59Z",         True,   True,   False,  False),
    ("2020-06-01T00:00:00Z",    "2020-06-01T00:00:00Z",         False,  True,   False,  True),
    ("2020-06-01T00:00:00Z",    "2020-06-01T00:00:01Z",         False,  False,  True,   True),
    ("2020-06-01T00:00:00Z",    "2020-06-01T08:59:59+09:00",    True,   True,   False,  False),
    ("2020-06-01T00:00:00Z",    "2020-06-01T09:00:00+09:00",    False,  True,   False,  True),
    ("2020-06-01T00:00:00Z",    "2020-05-31T23:59:59-00:01",    False,  False,  True,   True),
    ("2020-06-01T00:00:00Z",    "1590969599",                   True,   True,   False,  False),
    ("1590969600",              "2020-06-01T00:00:01Z",         False,  False,  True,   True),
    ("1590969600",              "-1",                           True,   True,   False,  False),
    (["2019", "2021"],          "2020",                         True,   True,   True,   True),
    ("2020-06-01T00:00:00Z",    "",                             False,  False,  False,  False),
    ("2020-06-01T00:00:00Z",    "now",                          False,  False,  False,  False),
    ("now",                     "2020-06-01T00:00:00Z",         False,  False,  False,  False),
]

BOOL = [
    # wanted            given       holds
    ("true",            "true",     True),
    ("true",            "false",    False),
    ("false",           "false",    True),
    ("false",           "true",     False),
    ("true",            "TRUE",     True),   # any case, on either side
    ("True",            "true",     True),
    ("FALSE",           "False",    True),
    ("False",           "True",     False),
    (["true", "false"], "false",    True),
    ("true",            "",         False),
    ("true",            "yes",      False),  # unreadable
    ("true",            "1",        False),
    ("yes",             "true",     False),
    ("yes",             "yes",      False),
    ("tru*",            "true",     False),  # no wildcards
]

BINARY_EQUALS = [
    # wanted                            given                               holds
    ("QmluYXJ5VmFsdWVJbkJhc2U2NA==",    "QmluYXJ5VmFsdWVJbkJhc2U2NA==",     True),
    ("QmluYXJ5VmFsdWVJbkJhc2U2NA==",    "QmluYXJ5VmFsdWVJbkJhc2U2NQ==",     False),
    ("YQ==",                            "yq==",                             False),  # case counts
    (["YQ==", "Yg=="],                  "Yg==",                             True),
    ("YQ==",                            "",                                 False),
    ("",                                "",                                 True),
    ("YQ==",                            "YQ",                               False),  # unreadable
    ("YQ==",                            "Y!Q==",                            False),
    ("Y Q==",                           "YQ==",                             False),
    ("YQ==",                            "not base64!",                      False),
    ("not base64!",                     "not base64!",                      False),
    ("YQ==",                            "あ",                                False),
]

IP_ADDRESS = [
    # wanted                        given                       in      not in
    ("203.0.113.0/24",              "203.0.113.0",              True,   False),
    ("203.0.113.0/24",              "203.0.113.255",            True,   False),
    ("203.0.113.0/24",              "203.0.112.255",            False,  True),
    ("203.0.113.0/24",              "203.0.114.0",              False,  True),
    ("203.0.113.9",                 "203.0.113.9",              True,   False),  # bare: one address
    ("203.0.113.9",                 "203.0.113.8",              False,  True),
    ("203.0.113.9/32",              "203.0.113.9",              True,   False),
    ("203.0.113.77/24",             "203.0.113.9",              True,   False),  # host bits set
    ("203.0.113.77/24",             "203.0.114.77",             False,  True),
    ("0.0.0.0/0",                   "198.51.100.1",             True,   False),
    ("2001:DB8:1234:5678::/64",     "2001:db8:1234:5678::1",    True,   False),
    ("2001:DB8:1234:5678::/64",     "2001:db8:1234:5679::1",    False,  True),
    ("2001:db8::1",                 "2001:0db8:0:0::1",         True,   False),
    ("2001:db8::1",                 "2001:db8::2",              False,  True),
    ("::/0",                        "203.0.113.9",              False,  True),   # not of its kind
    ("0.0.0.0/0",                   "2001:db8::1",              False,  True),
    (["203.0.113.0/24", "::/0"],    "2001:db8::1",              True,   False),
    (["203.0.113.0/24", "::/0"],    "198.51.100.1",             False,  True),
    ("203.0.113.0/24",              "",                         False,  False),  # unreadable
    ("203.0.113.0/24",              "localhost",                False,  False),
    ("203.0.113.0/24",              "203.0.113.256",            False,  False),
    ("203.0.113.0/24",              "203.0.113.0/24",           False,  False),
    ("203.0.113.0/33",              "203.0.113.9",              False,  False),
    ("203.0.113.0/255.255.255.0",   "203.0.113.9",              False,  False),
    ("203.0.113.*",                 "203.0.113.9",              False,  False),  # no wildcards
    ("everywhere",                  "203.0.113.9",              False,  False),
]

TOPIC = "arn:aws:sns:us-east-1:123456789012:topic"
DEEP = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"

ARN = [
    # wanted                                            given   like    not like
    (TOPIC,                                             TOPIC,  True,   False),
    ("arn:aws:sns:us-east-1:123456789012:other",        TOPIC,  False,  True),
    ("arn:aws:sns:us-east-1:123456789012:TOPIC",        TOPIC,  False,  True),   # case counts
    ("ar*:aws:sns:us-east-1:123456789012:topic",        TOPIC,  True,   False),  # part by part
    ("arn:*:sns:us-east-1:123456789012:topic",          TOPIC,  True,   False),
    ("arn:aws:s?s:us-east-1:123456789012:topic",        TOPIC,  True,   False),
    ("arn:aws:sns:us-east-?:123456789012:top*",         TOPIC,  True,   False),
    ("arn:aws:sns:us-east-1:*:topic",                   TOPIC,  True,   False),
    ("arn:aws:sns:*:*:*",                               TOPIC,  True,   False),
    ("*:*:*:*:*:*",                                     TOPIC,  True,   False),
    ("arn:aws:sqs:*:*:*",                               TOPIC,  False,  True),
    ("arn:aws-cn:*:*:*:*",                              TOPIC,  False,  True),
    ("arn:aws:sns:us-east-1::topic",                    TOPIC,  False,  True),
    ("arn:aws:sns:us-east-1:123456789012:top?",         TOPIC,  False,  True),
    ("arn:aws:someservice:*:111122223333:finance/*",    DEEP,   False,  True),   # * stops at colons
    ("arn:aws:someservice:*:*:store/*",                 DEEP,   True,   False),  # but in the last
    ("arn:aws:someservice:*:*:store/*:finance/*",       DEEP,   True,   False),
    (["arn:aws:sqs:*:*:*", "arn:aws:sns:*:*:*"],        TOPIC,  True,   False),
    (["arn:aws:sqs:*:*:*", "arn:aws:ec2:*:*:*"],        TOPIC,  False,  True),
    ("*",                                               TOPIC,  False,  False),  # not six parts
    ("arn:aws:sns:*",                                   TOPIC,  False,  False),
    ("topic",                                           TOPIC,  False,  False),
    ("*:*:*:*:*:*",                                     "",     False,  False),
    ("*:*:*:*:*:*",                                     "topic", False, False),
    ("*:*:*:*:*:*",                                     "arn:aws:sns", False, False),
    ("*:*:*:*:*:*",                                     "urn:a:b:c:d:e", False, False),
    ("*:*:*:*:*:*",                                     "abc:a:b:c:d:e", False, False),
]

NULL = [
    # wanted            given           holds
    ("true",            ABSENT,         True),
    ("true",            "alice",        False),
    ("true",            [],             True),   # no value
    ("true",            ["alice"],      False),
    ("false",           ABSENT,         False),
    ("false",           "alice",        True),
    ("false",           [],             False),
    ("false",           ["alice"],      True),
    ("TRUE",            ABSENT,         True),
    ("False",           "false",        True),   # asks whether there is a value, not which
    ("true",            "true",         False),
    (True,              ABSENT,         True),   # quotes are optional
    (False,             ABSENT,         False),
    (["true", "false"], ABSENT,         True),
    (["true", "false"], "alice",        True),
    ("maybe",           ABSENT,         False),  # unreadable
    ("maybe",           "alice",        False),
]
# fmt: on


@pytest.mark.parametrize(("wanted", "given", "equals", "not_equals"), STRING_EQUALS)
def test_string_equals(wanted: object, given: str, equals: bool, not_equals: bool) -> None:
    assert holds("StringEquals", wanted, given) is equals
    assert holds("StringNotEquals", wanted, given) is not_equals


@pytest.mark.parametrize(("wanted", "given", "equals", "not_equals"), STRING_EQUALS_IGNORE_CASE)
def test_string_equals_ignore_case(
    wanted: object, given: str, equals: bool, not_equals: bool
) -> None:
    assert holds("StringEqualsIgnoreCase", wanted, given) is equals
    assert holds("StringNotEqualsIgnoreCase", wanted, given) is not_equals


@pytest.mark.parametrize(("wanted", "given", "like", "not_like"), STRING_LIKE)
def test_string_like(wanted: object, given: str, like: bool, not_like: bool) -> None:
    assert holds("StringLike", wanted, given) is like
    assert holds("StringNotLike", wanted, given) is not_like


@pytest.mark.parametrize(("wanted", "given", "equals", "not_equals"), NUMERIC_EQUALS)
def test_numeric_equals(wanted: object, given: str, equals: bool, not_equals: bool) -> None:
    assert holds("NumericEquals", wanted, given) is equals
    assert holds("NumericNotEquals", wanted, given) is not_equals


@pytest.mark.parametrize(("wanted", "given", "less", "at_most", "more", "at_least"), NUMERIC_ORDER)
def test_numeric_order(
    wanted: object, given: str, less: bool, at_most: bool, more: bool, at_least: bool
) -> None:
    assert holds("NumericLessThan", wanted, given) is less
    assert holds("NumericLessThanEquals", wanted, given) is at_most
    assert holds("NumericGreaterThan", wanted, given) is more
    assert holds("NumericGreaterThanEquals", wanted, given) is at_least


@pytest.mark.parametrize(("wanted", "given", "equals", "not_equals"), DATE_EQUALS)
def test_date_equals(wanted: object, given: str, equals: bool, not_equals: bool) -> None:
    assert holds("DateEquals", wanted, given) is equals
    assert holds("DateNotEquals", wanted, given) is not_equals


@pytest.mark.parametrize(("wanted", "given", "before", "until", "after", "since"), DATE_ORDER)
def test_date_order(
    wanted: object, given: str, before: bool, until: bool, after: bool, since: bool
) -> None:
    assert holds("DateLessThan", wanted, given) is before
    assert holds("DateLessThanEquals", wanted, given) is until
    assert holds("DateGreaterThan", wanted, given) is after
    assert holds("DateGreaterThanEquals", wanted, given) is since


@pytest.mark.parametrize(("wanted", "given", "expected"), BOOL)
def test_bool(wanted: object, given: str, expected: bool) -> None:
    assert holds("Bool", wanted, given) is expected


@pytest.mark.parametrize(("wanted", "given", "expected"), BINARY_EQUALS)
def test_binary_equals(wanted: object, given: str, expected: bool) -> None:
    assert holds("BinaryEquals", wanted, given) is expected


@pytest.mark.parametrize(("wanted", "given", "inside", "outside"), IP_ADDRESS)
def test_ip_address(wanted: object, given: str, inside: bool, outside: bool) -> None:
    assert holds("IpAddress", wanted, given) is inside
    assert holds("NotIpAddress", wanted, given) is outside


@pytest.mark.parametrize(("wanted", "given", "like", "not_like"), ARN)
@pytest.mark.parametrize("name", ["Equals", "Like"])
def test_arn(name: str, wanted: object, given: str, like: bool, not_like: bool) -> None:
    """ArnEquals and ArnLike behave identically, and so do their negations."""
    assert holds(f"Arn{name}", wanted, given) is like
    assert holds(f"ArnNot{name}", wanted, given) is not_like


@pytest.mark.parametrize(("wanted", "given", "expected"), NULL)
def test_null(wanted: object, given: KeyValue, expected: bool) -> None:
    assert holds("Null", wanted, given) is expected


def test_a_string_operator_reaches_over_colons_where_an_arn_operator_does_not() -> None:
    """The example of the page on operators."""
    pattern = "arn:aws:someservice:*:111122223333:finance/*"
    assert holds("StringLike", pattern, DEEP)
    assert not holds("ArnLike", pattern, DEEP)


# What is the same for every operator: sets, absent keys, IfExists.

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


def test_a_name_is_read_into_its_parts() -> None:
    operator = operator_named("ForAnyValue:StringLikeIfExists")
    assert operator is not None and operator.base is BASE_OPERATORS["StringLike"]
    assert (operator.set_prefix, operator.if_exists) == ("ForAnyValue", True)
    null = operator_named("ForAllValues:Null")
    assert null is not None and (null.base, null.set_prefix) == (None, "ForAllValues")
    for unknown in ("NullIfExists", "StringLikes", "stringlike", "", "String Like"):
        assert operator_named(unknown) is None


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


@pytest.mark.parametrize("prefix", ["ForAllValues:", "ForAnyValue:"])
@pytest.mark.parametrize(("wanted", "given", "expected"), NULL)
def test_null_asks_the_same_with_a_set_operator(
    prefix: str, wanted: object, given: KeyValue, expected: bool
) -> None:
    assert holds(f"{prefix}Null", wanted, given) is expected


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
FINDINGS = [
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
    assert finding(operator, wanted, given) == code


@pytest.mark.parametrize(("operator", "given", "code"), FINDINGS)
def test_a_trace_names_what_was_found(operator: str, given: KeyValue, code: str) -> None:
    assert finding(operator, "alice", given) == code


# fmt: off
NULL_FINDINGS = [
    # wanted    given       code
    ("true",    ABSENT,     "absent_as_asked"),
    ("true",    "alice",    "present_against"),
    ("false",   ABSENT,     "absent_against"),
    ("false",   "alice",    "present_as_asked"),
]
# fmt: on


@pytest.mark.parametrize(("wanted", "given", "code"), NULL_FINDINGS)
def test_a_trace_names_what_null_found(wanted: str, given: KeyValue, code: str) -> None:
    assert finding("Null", wanted, given) == code
