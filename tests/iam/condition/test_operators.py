"""The condition operators, each with its own table of cases.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators"; where that page is silent,
independent simulators (data/facts.md, "Condition operators").
"""

from __future__ import annotations

import pytest

from mfa_lab.iam.condition.operators import BASE_OPERATORS, operator_named
from tests.iam.condition.one_condition import ABSENT, KeyValue, holds

# Each operator's own table: what the policy wants, what the request gives, whether it holds.
# Beside it is whether the negated operator holds: the other way round, but for values that
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


@pytest.mark.parametrize("prefix", ["ForAllValues:", "ForAnyValue:"])
@pytest.mark.parametrize(("wanted", "given", "expected"), NULL)
def test_null_is_the_same_with_a_set_operator(
    prefix: str, wanted: object, given: KeyValue, expected: bool
) -> None:
    assert holds(f"{prefix}Null", wanted, given) is expected


def test_a_name_is_read_into_its_parts() -> None:
    operator = operator_named("ForAnyValue:StringLikeIfExists")
    assert operator is not None and operator.base is BASE_OPERATORS["StringLike"]
    assert (operator.set_prefix, operator.if_exists) == ("ForAnyValue", True)
    null = operator_named("ForAllValues:Null")
    assert null is not None and (null.base, null.set_prefix) == (None, "ForAllValues")
    for unknown in ("NullIfExists", "StringLikes", "stringlike", "", "String Like"):
        assert operator_named(unknown) is None
