"""Policy variables in resources and in condition values.

Source: IAM User Guide, "IAM policy elements: Variables and tags"; data/facts.md, "Policy variables".
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_lab import Outcome, Policy, PolicySet, Request, evaluate
from mfa_lab.iam.condition.variables import Variable, template
from mfa_lab.iam.patterns import ANY_ONE, ANY_RUN

ALICE = "arn:aws:iam::123456789012:user/alice"
BUCKET = "arn:aws:s3:::b/"
NEW, OLD, NONE = "2012-10-17", "2008-10-17", None

repeatable = settings(deadline=None, derandomize=True, max_examples=200)


def is_allowed(version: str | None, part: dict[str, Any], resource: str, context: Any) -> bool:
    """Decide by one Allow statement that has Resource "*" where `part` names no other."""
    statement = {"Effect": "Allow", "Action": "*"} | part
    if "NotResource" not in part:
        statement = {"Resource": "*"} | statement
    document = {"Statement": statement} | ({} if version is None else {"Version": version})
    request = Request("s3:GetObject", resource, ALICE, context)
    return evaluate(PolicySet([Policy.parse(document)]), request).outcome is Outcome.ALLOW


def covers(pattern: str, resource: str, context: Any, version: str | None = NEW) -> bool:
    """Tell whether a Resource entry, written after the bucket's name, covers an object's key."""
    return is_allowed(version, {"Resource": BUCKET + pattern}, BUCKET + resource, context)


# fmt: off
RESOURCES = [
    # pattern                       object              context                         covered
    ("${aws:username}",             "alice",            {"aws:username": "alice"},      True),
    ("${aws:username}",             "bob",              {"aws:username": "alice"},      False),
    ("${aws:username}",             "alice/x",          {"aws:username": "alice"},      False),
    ("${AWS:UserName}",             "alice",            {"aws:username": "alice"},      True),
    ("${aws:username}/*",           "alice/x/y",        {"aws:username": "alice"},      True),
    ("*/${aws:username}?",          "x/alice2",         {"aws:username": "alice"},      True),
    ("${a}-${b}",                   "1-2",              {"a": "1", "b": "2"},           True),
    ("${a}${a}",                    "11",               {"a": "1"},                     True),
    ("${X}",                        "1",                {"x": "1"},                     True),
    ("${aws:PrincipalTag/team}",    "blue",             {"aws:PrincipalTag/team": "blue"}, True),
    ("${aws:username}",             "",                 {"aws:username": ""},           True),
    # no value: the entry matches nothing
    ("${aws:username}",             "alice",            {},                             False),
    ("${aws:username}",             "",                 {},                             False),
    ("*${aws:username}",            "alice",            {},                             False),
    ("${aws:username}",             "${aws:username}",  {},                             False),
    ("${a}-${b}",                   "1-",               {"a": "1"},                     False),
    # many values: no single one to put in
    ("${aws:username}",             "alice",            {"aws:username": ["alice"]},    False),
    ("${aws:username}",             "alice",            {"aws:username": []},           False),
    # a value is literal
    ("${aws:username}",             "a*",               {"aws:username": "a*"},         True),
    ("${aws:username}",             "alice",            {"aws:username": "a*"},         False),
    ("${aws:username}",             "alice",            {"aws:username": "*"},          False),
    ("${aws:username}",             "alice",            {"aws:username": "al?ce"},      False),
    ("${aws:username}",             "${b}",             {"aws:username": "${b}", "b": "x"}, True),
    ("${aws:username}",             "x",                {"aws:username": "${b}", "b": "x"}, False),
    ("${aws:username}",             "a:b",              {"aws:username": "a:b"},        True),
    # escapes
    ("a${*}b",                      "a*b",              {},                             True),
    ("a${*}b",                      "axxb",             {},                             False),
    ("a${?}b",                      "a?b",              {},                             True),
    ("a${?}b",                      "axb",              {},                             False),
    ("${$}{aws:username}",          "${aws:username}",  {"aws:username": "alice"},      True),
    ("${$}{aws:username}",          "alice",            {"aws:username": "alice"},      False),
    ("a${*}*",                      "a*b",              {},                             True),
    # defaults
    ("${a, 'none'}",                "none",             {},                             True),
    ("${a, 'none'}",                "x",                {"a": "x"},                     True),
    ("${a, 'none'}",                "none",             {"a": "x"},                     False),
    ("${a,'none'}",                 "none",             {},                             True),
    ("${a, ''}",                    "",                 {},                             True),
    ("${a, 'two words, a comma'}",  "two words, a comma", {},                           True),
    ("${a, '*'}",                   "*",                {},                             True),
    ("${a, '*'}",                   "x",                {},                             False),
    # no variables, so they stay as they are
    ("${",                          "${",               {},                             True),
    ("${}",                         "${}",              {},                             True),
    ("$a",                          "$a",               {"a": "x"},                     True),
    ("{a}",                         "{a}",              {"a": "x"},                     True),
    ("${a",                         "${a",              {"a": "x"},                     True),
    ("${}-${a}",                    "${}-x",            {"a": "x"},                     True),
    ("${a,}",                       "${a,}",            {"a": "x"},                     True),
    ("${a, none}",                  "${a, none}",       {"a": "x"},                     True),
    ("${a, 'b'c'}",                 "${a, 'b'c'}",      {"a": "x"},                     True),
    ("${a, '}",                     "${a, '}",          {"a": "x"},                     True),
    ("${a, !'b'}",                  "${a, !'b'}",       {"a": "x"},                     True),
    ("${a, x'b'}",                  "${a, x'b'}",       {"a": "x"},                     True),
    ("${a, !'b'!}",                 "${a, !'b'!}",      {"a": "x"},                     True),
    ("${a, x'b'x}",                 "${a, x'b'x}",      {"a": "x"},                     True),
    ("${a, 'b'!}",                  "${a, 'b'!}",       {"a": "x"},                     True),
    ("${a, 'b'x}",                  "${a, 'b'x}",       {"a": "x"},                     True),
    ("${a'b}",                      "${a'b}",           {"a'b": "x"},                   True),
]

OLD_LANGUAGE = [
    # version   pattern                 object              covered
    (NEW,       "${aws:username}",      "alice",            True),
    (NEW,       "${aws:username}",      "${aws:username}",  False),
    (OLD,       "${aws:username}",      "alice",            False),
    (OLD,       "${aws:username}",      "${aws:username}",  True),
    (NONE,      "${aws:username}",      "alice",            False),
    (NONE,      "${aws:username}",      "${aws:username}",  True),
    (OLD,       "${aws:username, 'x'}", "x",                False),
    (NEW,       "a${*}b",               "a${xx}b",          False),
    (OLD,       "a${*}b",               "a${xx}b",          True),   # a star like any other
    (NONE,      "a${*}b",               "a*b",              False),
]

CONDITIONS = [
    # operator                  wanted                      given       username    holds
    ("StringEquals",            "${aws:username}",          "alice",    "alice",    True),
    ("StringEquals",            "${aws:username}",          "bob",      "alice",    False),
    ("StringEquals",            "home/${aws:username}/",    "home/alice/", "alice", True),
    ("StringNotEquals",         "${aws:username}",          "alice",    "alice",    False),
    ("StringNotEquals",         "${aws:username}",          "bob",      "alice",    True),
    ("StringEqualsIgnoreCase",  "${aws:username}",          "ALICE",    "alice",    True),
    ("StringNotEqualsIgnoreCase", "${aws:username}",        "ALICE",    "alice",    False),
    ("StringLike",              "home/${aws:username}/*",   "home/alice/x", "alice", True),
    ("StringLike",              "${aws:username}",          "alice",    "a*",       False),  # literal
    ("StringLike",              "${aws:username}*",         "a*c",      "a*",       True),
    ("StringNotLike",           "${aws:username}",          "alice",    "a*",       True),
    ("StringEquals",            "a${*}",                    "a*",       "alice",    True),
    ("StringLike",              "a${*}",                    "ab",       "alice",    False),
    ("StringEquals",            "${aws:username, 'x'}",     "x",        None,       True),
    ("StringEquals",            "${aws:username, 'x'}",     "x",        "alice",    False),
    ("StringEquals",            "${aws:username, 'x'}",     "alice",    "alice",    True),
    ("ArnLike",  "arn:aws:iam::*:user/${aws:username}",     ALICE,      "alice",    True),
    ("ArnLike",  "arn:aws:iam::*:user/${aws:username}",     ALICE,      "al*",      False),
    ("ArnNotLike", "arn:aws:iam::*:user/${aws:username}",   ALICE,      "bob",      True),
    ("ArnEquals", "${aws:username}",                        ALICE,      ALICE,      True),
    # no value: positive operators do not hold, negated ones do
    ("StringEquals",            "${aws:username}",          "alice",    None,       False),
    ("StringEquals",            "${aws:username}",          "${aws:username}", None, False),
    ("StringEqualsIfExists",    "${aws:username}",          "alice",    None,       False),
    ("StringLike",              "*${aws:username}*",        "alice",    None,       False),
    ("ArnLike",  "arn:aws:iam::*:user/${aws:username}",     ALICE,      None,       False),
    ("StringNotEquals",         "${aws:username}",          "alice",    None,       True),
    ("StringNotLike",           "*${aws:username}*",        "alice",    None,       True),
    ("ArnNotEquals", "arn:aws:iam::*:user/${aws:username}", ALICE,      None,       True),
    # of several values, one without a value drops out
    ("StringEquals",            ["${aws:username}", "x"],   "x",        None,       True),
    ("StringNotEquals",         ["${aws:username}", "x"],   "x",        None,       False),
    # Bool takes variables by AWS's page on operators, by its page on variables it does not
    ("Bool",                    "${aws:username}",          "true",     "True",     True),
    ("Bool",                    "${aws:username}",          "true",     "false",    False),
    ("Bool",                    "${aws:username}",          "true",     None,       False),
    # no other operators take variables
    ("NumericEquals",           "${aws:username}",          "5",        "5",        False),
    ("DateEquals",              "${aws:username}",          "2020",     "2020",     False),
    ("IpAddress",               "${aws:username}",          "10.0.0.1", "10.0.0.1", False),
    ("BinaryEquals",            "${aws:username}",          "YQ==",     "YQ==",     False),
    ("Null",                    "${aws:username}",          "x",        "false",    False),
]

FIFTH_COLON = [
    # resource entry                                covers the queue
    ("arn:aws:sqs:us-east-1:123456789012:${q}",     True),
    ("arn:aws:sqs:${r}:123456789012:queue",         False),
    ("arn:aws:sqs:us-east-1:${account}:queue",      False),
]
# fmt: on


@pytest.mark.parametrize(("pattern", "resource", "context", "covered"), RESOURCES)
def test_in_a_resource(pattern: str, resource: str, context: Any, covered: bool) -> None:
    assert covers(pattern, resource, context) is covered


@pytest.mark.parametrize(("version", "pattern", "resource", "covered"), OLD_LANGUAGE)
def test_the_old_language_has_no_variables(
    version: str | None, pattern: str, resource: str, covered: bool
) -> None:
    """Version 2008-10-17, and no Version, which means the same."""
    assert covers(pattern, resource, {"aws:username": "alice"}, version) is covered


@pytest.mark.parametrize(("operator", "wanted", "given_text", "username", "holds"), CONDITIONS)
def test_in_a_condition_value(
    operator: str, wanted: object, given_text: str, username: str | None, holds: bool
) -> None:
    condition = {"Condition": {operator: {"example:Key": wanted}}}
    context = {"example:Key": given_text}
    if username is not None:
        context["aws:username"] = username
    assert is_allowed(NEW, condition, "*", context) is holds


@pytest.mark.parametrize("version", [OLD, NONE])
def test_in_a_condition_value_of_the_old_language(version: str | None) -> None:
    condition = {"Condition": {"StringEquals": {"example:Key": "${aws:username}"}}}
    context = {"aws:username": "alice"}
    assert not is_allowed(version, condition, "*", context | {"example:Key": "alice"})
    assert is_allowed(version, condition, "*", context | {"example:Key": "${aws:username}"})


@pytest.mark.parametrize(("entry", "covered"), FIFTH_COLON)
def test_only_after_the_fifth_colon(entry: str, covered: bool) -> None:
    """Before it a variable is not replaced."""
    context = {"p": "aws", "r": "us-east-1", "account": "123456789012", "q": "queue"}
    queue = "arn:aws:sqs:us-east-1:123456789012:queue"
    assert is_allowed(NEW, {"Resource": entry}, queue, context) is covered


def test_not_resource_without_a_value() -> None:
    """The entry fits nothing, so NotResource covers everything (AWS says it of Resource alone)."""
    entry = {"NotResource": f"{BUCKET}${{aws:username}}"}
    assert is_allowed(NEW, entry, f"{BUCKET}alice", {})
    assert not is_allowed(NEW, entry, f"{BUCKET}alice", {"aws:username": "alice"})
    assert is_allowed(NEW, entry, f"{BUCKET}bob", {"aws:username": "alice"})


# fmt: off
ASKED_AGAIN = [
    # part of the statement
    {"Resource": f"{BUCKET}${{aws:username}}"},
    {"Condition": {"StringEquals": {"example:Key": "${aws:username}"}}},
]
# fmt: on


@pytest.mark.parametrize("part", ASKED_AGAIN)
def test_what_one_user_is_answered_is_not_kept_for_another(part: dict[str, Any]) -> None:
    """The same policy, resource and key; another value of the variable."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"} | part
    policies = PolicySet([Policy.parse({"Version": NEW, "Statement": statement})])
    for username, outcome in (
        ("alice", Outcome.ALLOW),
        ("bob", Outcome.IMPLICIT_DENY),
        ("alice", Outcome.ALLOW),
    ):
        context = {"example:Key": "alice", "aws:username": username}
        request = Request("s3:GetObject", f"{BUCKET}alice", ALICE, context)
        assert evaluate(policies, request).outcome is outcome


def test_a_trace_names_the_entries_whose_variable_has_no_value() -> None:
    entries = [f"{BUCKET}${{aws:username}}", f"{BUCKET}public"]
    policy = Policy.parse(
        {
            "Version": NEW,
            "Statement": {"Effect": "Allow", "Action": "*", "Resource": entries},
        }
    )
    request = Request("s3:GetObject", f"{BUCKET}public", ALICE, {})
    resource = evaluate(PolicySet([policy]), request).trace["statements"][0]["resource"]
    assert resource["without_value"] == entries[:1]
    assert resource["fitting"] == entries[1:]
    assert resource["patterns"] == entries


def test_a_template_is_read_once() -> None:
    parts = template("a*${k}${*}?${K, 'd'}", variables=True, wildcards=True)
    assert parts.parts == ("a", ANY_RUN, Variable("k"), "*", ANY_ONE, Variable("k", "d"))
    assert parts.variables == (Variable("k"), Variable("k", "d"))
    assert parts.resolve({"k": "x"}) == ("a", ANY_RUN, "x", "*", ANY_ONE, "x")
    assert parts.resolve({}) is None
    assert template("a*", variables=True, wildcards=False).parts == ("a*",)


@repeatable
@given(st.text(max_size=20))
def test_a_value_fits_only_itself(name: str) -> None:
    """Whatever characters a value holds, none is a wildcard or a variable."""
    assert covers("${aws:username}", name, {"aws:username": name})
    assert not covers("${aws:username}", name + "x", {"aws:username": name})


def test_a_text_of_nothing_but_openings_is_read_in_one_go() -> None:
    """A million of them: looking for the end of each would never come to an end."""
    text = "${" * 1_000_000
    assert template(text, variables=True, wildcards=True).parts == (text,)


def test_a_default_may_hold_a_dollar_sign() -> None:
    (variable,) = template("${aws:userid, 'a$b'}", variables=True, wildcards=False).variables
    assert variable == Variable("aws:userid", "a$b")
