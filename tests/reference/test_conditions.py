"""Small tables of cases for the reference's conditions, resources and actions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reference.actions import action_matches
from tests.reference.conditions import line_holds
from tests.reference.resources import resource_matches

NEW, OLD = "2012-10-17", "2008-10-17"
ABSENT = object()


def holds(operator: str, wanted: Any, given: Any, version: str = NEW, **context: Any) -> bool:
    if given is not ABSENT:
        context["Example:Key"] = given
    return line_holds(operator, "example:key", wanted, version, context)


@pytest.mark.parametrize(
    ("operator", "wanted", "fits", "fits_not", "unreadable"),
    [
        ("StringEquals", ["a*", "b"], ["a*", "b"], ["ax", "A*", ""], []),
        ("StringEqualsIgnoreCase", "Éa", ["éA"], ["ea"], []),
        ("StringLike", ["a*c", "d?"], ["ac", "a\nc", "a:c", "d\n"], ["acd", "d", "A*C"], []),
        (
            "NumericEquals",
            "5",
            ["5", "5.0", "+5", "05", "5."],
            ["5.0000000000000000001"],
            ["five", ""],
        ),
        (
            "DateEquals",
            "2024-01-01T00:00:00Z",
            ["1704067200", "2024", "2024-01"],
            ["2024-01-02"],
            ["x"],
        ),
        (
            "IpAddress",
            ["203.0.113.0/24", "::1"],
            ["203.0.113.9", "0::1"],
            ["203.0.114.1"],
            ["here"],
        ),
        ("ArnLike", "arn:*:s3:::b*", ["arn:aws:s3:::b:c"], ["arn:aws:s3::1:b"], ["b", "*"]),
        ("ArnEquals", "arn:*:s3:::b*", ["arn:aws:s3:::b:c"], ["arn:aws:s3::1:b"], ["b", "*"]),
    ],
)
def test_operators_and_their_negations(
    operator: str, wanted: Any, fits: list[str], fits_not: list[str], unreadable: list[str]
) -> None:
    negated = {"IpAddress": "NotIpAddress"}.get(operator) or operator.replace(
        "Equals" if "Equals" in operator else "Like",
        "NotEquals" if "Equals" in operator else "NotLike",
        1,
    )
    for text in fits:
        assert holds(operator, wanted, text), text
        assert not holds(negated, wanted, text), text
    for text in fits_not:
        assert not holds(operator, wanted, text), text
        assert holds(negated, wanted, text), text
    for text in unreadable:
        assert not holds(operator, wanted, text), text
        assert not holds(negated, wanted, text), text
    assert not holds(operator, wanted, ABSENT)
    assert holds(operator + "IfExists", wanted, ABSENT)
    assert holds(negated, wanted, ABSENT)
    assert holds(negated + "IfExists", wanted, ABSENT)
    assert not holds(operator, wanted, [fits[0]])
    assert not holds(negated, wanted, fits_not[:1])


@pytest.mark.parametrize(
    ("operator", "less", "same", "more"),
    [
        ("Numeric{}", "4.999", "5.0", "5.001"),
        ("Date{}", "2023-12-31T23:59:59.999Z", "2024-01-01T01:00:00+01:00", "1704067200.001"),
    ],
)
def test_order(operator: str, less: str, same: str, more: str) -> None:
    wanted = {"Numeric{}": "5", "Date{}": "2024-01-01"}[operator]
    found = {
        name: [holds(operator.format(name), wanted, given) for given in (less, same, more)]
        for name in ("LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
    }
    assert found == {
        "LessThan": [True, False, False],
        "LessThanEquals": [True, True, False],
        "GreaterThan": [False, False, True],
        "GreaterThanEquals": [False, True, True],
    }


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2023-02-29",
            "2024-13",
            "2024-01-01T24:00Z",
            "2024-01-01T00:00:60Z",
            "2024-01-01Z",
            "0000",
        ),
        *(
            "2024-01-01T00Z",
            "2024-01-01T00:00+24:00",
            "2024-01-01T00:00+00:60",
            "today",
            "٢٠٢٤",
            "",
        ),
    ],
)
def test_no_dates(text: str) -> None:
    assert not holds("DateGreaterThan", "1", text)
    assert not holds("DateNotEquals", "1", text)


def test_four_digits_are_a_year_and_five_are_seconds() -> None:
    assert holds("DateEquals", "2024-01-01T00:00Z", "2024")
    assert holds("DateEquals", "1970-01-01T05:37:04Z", "20224")


@pytest.mark.parametrize(
    ("wanted", "given", "expected"),
    [
        ("true", "TRUE", True),
        (True, "true", True),
        ("true", "false", False),
        ("yes", "yes", False),
        ("false", "0", False),
    ],
)
def test_bool(wanted: Any, given: str, expected: bool) -> None:
    assert holds("Bool", wanted, given) is expected


@pytest.mark.parametrize(
    ("wanted", "given", "expected"),
    [("YQ==", "YQ==", True), ("YQ==", "YR==", True), ("YQ==", "Yg==", False), ("YQ", "YQ", False)],
)
def test_binary_is_compared_by_its_bytes(wanted: str, given: str, expected: bool) -> None:
    assert holds("BinaryEquals", wanted, given) is expected


@pytest.mark.parametrize(
    ("wanted", "given", "expected"),
    [
        ("203.0.113.77/24", "203.0.113.1", True),
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("::/0", "203.0.113.7", False),
        ("0.0.0.0/0", "::ffff:203.0.113.7", False),
        ("203.0.113.0/255.255.255.0", "203.0.113.7", False),
        ("203.0.113.0/24", "203.0.113.0/24", False),
    ],
)
def test_addresses(wanted: str, given: str, expected: bool) -> None:
    assert holds("IpAddress", wanted, given) is expected


def test_an_unreadable_wanted_value_spoils_a_negated_operator() -> None:
    assert holds("NumericEquals", ["five", "5"], "5")
    assert holds("NumericNotEquals", ["6", "7"], "5")
    assert not holds("NumericNotEquals", ["five", "6"], "5")


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        (ABSENT, "true", True),
        (ABSENT, "false", False),
        ([], "true", True),
        ("", "true", False),
        ("", "false", True),
        (["a", "b"], "FALSE", True),
        ("a", ["true", "false"], True),
        ("a", "maybe", False),
    ],
)
def test_null(given: Any, wanted: Any, expected: bool) -> None:
    assert holds("Null", wanted, given) is expected


@pytest.mark.parametrize(
    ("given", "for_all", "for_any", "for_all_not", "for_any_not"),
    [
        (ABSENT, True, False, True, False),
        ([], True, False, True, False),
        ("", True, False, True, False),
        ("a", True, True, False, False),
        (["a"], True, True, False, False),
        (["a", "b"], True, True, False, False),
        (["a", "x"], False, True, False, True),
        (["x", "y"], False, False, True, True),
        (["a", ""], True, True, False, False),
    ],
)
def test_set_operators(
    given: Any, for_all: bool, for_any: bool, for_all_not: bool, for_any_not: bool
) -> None:
    for suffix in ("", "IfExists"):
        assert holds(f"ForAllValues:StringEquals{suffix}", ["a", "b"], given) is for_all
        assert holds(f"ForAnyValue:StringEquals{suffix}", ["a", "b"], given) is for_any
        assert holds(f"ForAllValues:StringNotEquals{suffix}", ["a", "b"], given) is for_all_not
        assert holds(f"ForAnyValue:StringNotEquals{suffix}", ["a", "b"], given) is for_any_not


NAME = "aws:username"


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "context", "expected"),
    [
        ("StringEquals", "${aws:username}", "alice", {NAME: "alice"}, True),
        ("StringEquals", "${ AWS:UserName }", "alice", {NAME: "alice"}, True),
        ("StringLike", "x-${aws:username}-*", "x-alice-y", {NAME: "alice"}, True),
        ("StringLike", "${aws:username}", "alice", {NAME: "a*"}, False),
        ("StringLike", "${aws:username}", "a*", {NAME: "a*"}, True),
        ("StringEquals", "${aws:username}", "", {NAME: ""}, True),
        ("StringEquals", "${aws:username}", "", {}, False),
        ("StringNotEquals", "${aws:username}", "x", {}, True),
        ("StringNotEquals", ["${aws:username}", "x"], "x", {}, False),
        ("StringEquals", "${aws:username, 'nobody'}", "nobody", {}, True),
        ("StringEquals", "${aws:username, 'nobody'}", "nobody", {NAME: "alice"}, False),
        ("StringEquals", "${aws:username, 'nobody'}", "nobody", {NAME: ["a", "b"]}, True),
        ("StringLike", "${aws:username, 'a*'}", "ab", {}, False),
        ("StringEquals", "${aws:username}", "a", {NAME: ["a"]}, False),
        ("StringLike", "${*}${?}${$}", "*?$", {}, True),
        ("StringLike", "${*}", "x", {}, False),
        ("StringEquals", "${}", "${}", {}, True),
        ("StringEquals", "${aws:username", "${aws:username", {NAME: "alice"}, True),
        ("ArnLike", "${aws:PrincipalArn}", "arn:aws:iam::1:user/*", {"aws:PrincipalArn": "arn:aws:iam::1:user/*"}, True),
        ("ArnLike", "${aws:PrincipalArn}", "arn:aws:iam::1:user/x", {"aws:PrincipalArn": "arn:aws:iam::1:user/*"}, False),
        ("NumericEquals", "${aws:username}", "5", {NAME: "5"}, False),
        ("Bool", "${aws:username}", "true", {NAME: "TRUE"}, True),
        ("Bool", "${aws:username}", "true", {}, False),
    ],
)  # fmt: skip
def test_variables(
    operator: str, wanted: Any, given: str, context: dict[str, Any], expected: bool
) -> None:
    assert holds(operator, wanted, given, **context) is expected


def test_the_old_version_knows_no_variables() -> None:
    assert holds("StringEquals", "${aws:username}", "${aws:username}", OLD, **{NAME: "alice"})
    assert not holds("StringEquals", "${aws:username}", "alice", OLD, **{NAME: "alice"})
    assert holds("StringLike", "${*}", "${x}", OLD)


@pytest.mark.parametrize(
    ("entry", "resource", "expected"),
    [
        ("*", "*", True),
        ("*", "arn:aws:s3:::b", True),
        ("arn:aws:s3:::*", "*", False),
        ("arn:aws:s3:::b*", "arn:aws:s3:::b/c:d\ne", True),
        ("arn:aws:s3:::b?", "arn:aws:s3:::b", False),
        ("arn:*:s3:::b", "arn:aws:s3:::b", True),
        ("arn:*:b", "arn:aws:s3:::b", False),
        ("arn:aws:s3:*", "arn:aws:s3:eu-west-1:1:b", True),
        ("arn:aws:s3:*", "arn:aws:s4:::b", False),
        ("arn:aws:s3:e*", "arn:aws:s3:eu:1:b", True),
        ("arn:aws:s3:e*", "arn:aws:s3:us:1:b", False),
        ("arn:aws:iam::1:user/*", "arn:aws:iam::1:2:user/x", False),
        ("arn:aws:iam::*:user/x", "arn:aws:iam::1:2:user/x", False),
        ("arn:aws:iam::1:user/alice", "arn:aws:iam::1:user/Alice", False),
        ("arn:aws:iam::1:user/${aws:username}", "arn:aws:iam::1:user/alice", True),
        ("arn:aws:iam::1:user/${nothing}", "arn:aws:iam::1:user/", False),
        ("arn:aws:iam::1:user/${nothing}", "arn:aws:iam::1:user/${nothing}", False),
        ("arn:aws:iam::${account}:user/x", "arn:aws:iam::1:user/x", False),
        ("arn:aws:iam::${account}:user/x", "arn:aws:iam::${account}:user/x", True),
        ("arn:aws:s3:::a${*}b", "arn:aws:s3:::axb", False),
        ("arn:aws:s3:::a${*}b", "arn:aws:s3:::a*b", True),
    ],
)
def test_resources(entry: str, resource: str, expected: bool) -> None:
    context = {"aws:username": "alice", "account": "1"}
    assert resource_matches({"Resource": entry}, resource, NEW, context) is expected
    assert resource_matches({"NotResource": entry}, resource, NEW, context) is not expected
    assert (
        resource_matches({"Resource": ["arn:aws:x:::y", entry]}, resource, NEW, context) is expected
    )


def test_a_trust_policy_is_about_every_resource() -> None:
    assert resource_matches({}, "arn:aws:iam::1:role/r", NEW, {})


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("*", "s3:GetObject", True),
        ("S3:getobject", "s3:GetObject", True),
        ("s3:Get*", "s3:GetObject", True),
        ("s3:?etObject", "s3:GetObject", True),
        ("s3:GetObject?", "s3:GetObject", False),
        ("s3:Get", "s3:GetObject", False),
    ],
)
def test_actions(pattern: str, action: str, expected: bool) -> None:
    assert action_matches({"Action": pattern}, action) is expected
    assert action_matches({"NotAction": [pattern]}, action) is not expected
    assert action_matches({"Action": ["x:y", pattern]}, action) is expected
