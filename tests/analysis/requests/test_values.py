"""The values that tests tell apart, beside all values of a small world.

Whatever a value of the world makes of some tests, one of the values that are found makes of them
too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations, product
from random import Random
from typing import Any

import pytest

from mfa_lab import Policy
from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.analysis.requests.condition_key_table import Domain, KeyFacts, Presence
from mfa_lab.analysis.requests.key_values import key_values, member_sets
from mfa_lab.analysis.requests.points import spelled_moment
from mfa_lab.analysis.requests.rows import Row
from mfa_lab.analysis.requests.text_classes import (
    ANY,
    Characters,
    literal,
    run_of,
    text_classes,
    unit,
    units_of,
)
from mfa_lab.analysis.requests.times import times
from mfa_lab.iam.condition.conditions import ConditionTest
from mfa_lab.iam.credentials import ACCESS_KEY, CONSOLE_WITH_MFA, ROLE_SESSION, CredentialsKind
from mfa_lab.iam.patterns import compiled_pattern, tokens_of

SINGLE = KeyFacts(Presence.SOMETIMES)
ROUNDS = 60


def conditions_of(*conditions: tuple[str, str, Sequence[str]]) -> tuple[ConditionTest, ...]:
    """Condition tests, each of its own statement."""
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {operator: {key: values}}}
        for operator, key, values in conditions
    ]
    policy = Policy.parse({"Version": "2012-10-17", "Statement": statements})
    return tuple(statement.conditions[0] for statement in policy.statements)


def seen(tests: Iterable[ConditionTest], context: Mapping[str, Any]) -> tuple[bool, ...]:
    """What the tests say of a context, from which what is None is absent."""
    present = {key: value for key, value in context.items() if value is not None}
    return tuple(test.result(present).holds for test in tests)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_numbers(number: int) -> None:
    draw = Random(number)
    names = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan")
    tests = conditions_of(
        *(
            (
                f"Numeric{draw.choice(names)}{draw.choice(('', 'IfExists'))}",
                "s3:max-keys",
                [draw.choice(("0", "1", "2", "2.5", "3", "5"))],
            )
            for _ in range(draw.choice((1, 2, 3)))
        )
    )
    facts = replace(SINGLE, domain=Domain.NUMBER)
    found = {seen(tests, {"s3:max-keys": one}) for one in key_values(facts, tests, {}).values}
    world = [None, *map(str, range(9))]
    assert {seen(tests, {"s3:max-keys": one}) for one in world} == found


@pytest.mark.parametrize("number", range(ROUNDS))
def test_addresses(number: int) -> None:
    draw = Random(number)

    def network() -> str:
        size = draw.choice((29, 30, 31, 32))
        return f"10.0.0.{draw.randrange(0, 24) >> 32 - size << 32 - size}/{size}"

    tests = conditions_of(
        *(
            (draw.choice(("IpAddress", "NotIpAddress")), "aws:SourceIp", [network(), network()])
            for _ in range(draw.choice((1, 2, 3)))
        )
    )
    facts = replace(SINGLE, domain=Domain.ADDRESS)
    found = {seen(tests, {"aws:sourceip": one}) for one in key_values(facts, tests, {}).values}
    world = [None, "2001:db8::1", *(f"10.0.0.{one}" for one in range(32))]
    assert {seen(tests, {"aws:sourceip": one}) for one in world} == found


def test_addresses_between_networks() -> None:
    inside = ["10.0.0.0/25", "10.0.0.192/26", "10.0.0.128/30"]
    tests = conditions_of(
        ("IpAddress", "aws:SourceIp", ["10.0.0.0/24"]), ("NotIpAddress", "aws:SourceIp", inside)
    )
    facts = replace(SINGLE, domain=Domain.ADDRESS)
    found = {seen(tests, {"aws:sourceip": one}) for one in key_values(facts, tests, {}).values}
    assert (True, True) in found


@pytest.mark.parametrize("number", range(ROUNDS))
def test_sets(number: int) -> None:
    draw = Random(number)
    patterns = ("a", "b", "c", "a*", "*b", "d?")
    tests = conditions_of(
        *(
            (
                f"{draw.choice(('ForAllValues', 'ForAnyValue'))}:String"
                f"{draw.choice(('Like', 'NotLike'))}",
                "aws:TagKeys",
                draw.sample(patterns, draw.choice((1, 2, 3))),
            )
            for _ in range(draw.choice((1, 2, 3)))
        )
    )
    members = ("a", "b", "c", "ab", "d", "dd", "x")
    found = {seen(tests, {"aws:tagkeys": one}) for one in member_sets(members, tests, {}).values}
    world = [one for size in range(5) for one in combinations(members, size)]
    assert {seen(tests, {"aws:tagkeys": one}) for one in world} == found


@pytest.mark.parametrize("number", range(ROUNDS))
def test_texts(number: int) -> None:
    draw = Random(number)
    spelled = [
        "".join(draw.choice("ab*?") for _ in range(draw.choice((1, 2, 3)))) for _ in range(4)
    ]
    language = draw.choice(
        (run_of(ANY), (*literal("a"), unit(Characters(frozenset("ab")), is_run=True)))
    )
    groups = tuple(
        tuple(units_of(tokens_of(one)) for one in several) for several in (spelled[:2], spelled[2:])
    )
    classes = text_classes(language, groups)
    assert classes.is_complete

    def fits(text: str) -> int:
        first = any(compiled_pattern(one).matches(text) for one in spelled[:2])
        return first + 2 * any(compiled_pattern(one).matches(text) for one in spelled[2:])

    for one in classes.classes:
        assert fits(one.text) == one.fits
    is_all = language == run_of(ANY)
    letters = "abx" if is_all else "ab"
    world = ["".join(one) for size in range(1, 7) for one in product(letters, repeat=size)]
    in_language = [one for one in world if is_all or one.startswith("a")]
    assert set(map(fits, in_language)) == {one.fits for one in classes.classes}


@pytest.mark.parametrize("kind", [ACCESS_KEY, ROLE_SESSION, CONSOLE_WITH_MFA])
@pytest.mark.parametrize("number", range(ROUNDS))
def test_times(kind: CredentialsKind, number: int) -> None:
    draw = Random(number)
    keys = ("aws:CurrentTime", "aws:EpochTime", "aws:TokenIssueTime", "aws:MultiFactorAuthAge")

    def condition() -> tuple[str, str, list[str]]:
        key = draw.choice(keys)
        if key == "aws:MultiFactorAuthAge":
            name = draw.choice(("NumericLessThan", "NumericGreaterThanIfExists", "NumericEquals"))
            return name, key, [str(draw.randrange(0, 6))]
        name = draw.choice(("LessThan", "GreaterThanEquals", "Equals"))
        moment = draw.randrange(97, 106)
        if key == "aws:EpochTime":
            return f"Numeric{name}", key, [str(moment)]
        return f"Date{name}", key, [spelled_moment(moment)]

    tests = conditions_of(*(condition() for _ in range(draw.choice((1, 2, 3)))))
    row = Row(aws_catalogue()["s3:GetObject"], since=datetime.fromtimestamp(100, UTC))
    has_token, has_age = kind.temporary, kind.mfa.age is not None
    world = set()
    for now, issue, age in product(range(100, 109), range(94, 109), range(9)):
        if has_token and (issue > now or (has_age and now - age > issue)):
            continue
        context = {
            "aws:currenttime": spelled_moment(now),
            "aws:epochtime": str(now),
            "aws:tokenissuetime": spelled_moment(issue) if has_token else None,
            "aws:multifactorauthage": str(age) if has_age else None,
        }
        world.add(seen(tests, context))
    found = times(tests, row, kind)
    assert found.is_complete
    assert {seen(tests, one) for one in found.assignments} == world
