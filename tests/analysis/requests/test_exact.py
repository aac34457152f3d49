"""A small world in which every request can be asked: a cell has just the outcomes that they have.

Names are made of three letters, of which policies name two, and there are two condition keys. What
policies compare with is so short that longer names and values could be seen no other way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random
from typing import Any

import pytest

from mfa_lab import Policy, PolicySet, Request, evaluate
from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.analysis.requests.admission import why_not
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.cells import reachable
from mfa_lab.analysis.requests.rows import Row
from mfa_lab.iam.credentials import ACCESS_KEY

SEED = 11
POLICIES = 2_000
SLICES = 8

LETTERS = "abc"
ROW = Row(aws_catalogue()["sqs:SendMessage"])
ALICE = "arn:aws:iam::123456789012:user/alice"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:"
TAG, AGENT, PATHS = "aws:PrincipalTag/k", "aws:UserAgent", "aws:PrincipalOrgPaths"

BASE = {
    "aws:PrincipalArn": ALICE,
    "aws:PrincipalAccount": "123456789012",
    "aws:PrincipalType": "User",
    "aws:PrincipalIsAWSService": "false",
    "aws:userid": "AIDAEXAMPLEALICE00001",
    "aws:username": "alice",
    "aws:ViaAWSService": "false",
    "aws:SecureTransport": "true",
    "aws:CurrentTime": "2021-06-11T09:00:00Z",
    "aws:EpochTime": "1623402000",
    "aws:RequestedRegion": "us-east-1",
}


def texts(least: int, most: int) -> list[str]:
    """Every text of the three letters."""
    return [
        "".join(one) for size in range(least, most + 1) for one in product(LETTERS, repeat=size)
    ]


NAMES = texts(1, 3)
VALUES: list[str | None] = [None, *texts(0, 1), "ab", "aa", "ac", "ca", "A", "B", "AB"]
SETS: list[Any] = [
    None,
    *([], ["a"], ["b"], ["c"], ["a", "b"], ["a", "c"], ["b", "c"], ["a", "b", "c"]),
    *(["ab"], ["ba"], ["aa"], ["ab", "b"], ["aa", "b"], ["ba", "a"], ["aa", "ba"]),
]
NAME_PATTERNS = ("a", "b", "ab", "a*", "*b", "?", "??", "*a*", "?b", "*", "${aws:PrincipalTag/k}")
NAME_PATTERNS_MORE = ("a${aws:PrincipalTag/k}", "${aws:PrincipalTag/k}*")
VALUE_PATTERNS = ("a", "b", "a*", "?", "*", "")
LIKE = ("StringLike", "StringNotLike", "StringLikeIfExists", "StringNotLikeIfExists")
EQUALS = ("StringEquals", "StringNotEquals", "StringEqualsIfExists", "StringEqualsIgnoreCase")
MANY = ("ForAllValues:StringEquals", "ForAnyValue:StringEquals", "ForAnyValue:StringNotEquals",
        "ForAllValues:StringNotEquals")  # fmt: skip


def policy(draw: Random) -> dict[str, Any]:
    """Draw a policy of the small world."""
    second = draw.choice((AGENT, PATHS))
    statements = []
    for _ in range(draw.choice((1, 2, 3, 4))):
        count = draw.choice((1, 1, 2))
        names = draw.sample((*NAME_PATTERNS, *NAME_PATTERNS_MORE), count)
        element = draw.choice(("Resource", "Resource", "Resource", "NotResource"))
        statement: dict[str, Any] = {
            "Effect": draw.choice(("Allow", "Deny")),
            "Action": "sqs:*",
            element: [f"arn:aws:sqs:*:*:{name}" for name in names],
        }
        condition: dict[str, dict[str, list[str]]] = {}
        for _ in range(draw.choice((0, 1, 1, 2))):
            key = draw.choice((TAG, second))
            operator, values = _test(draw, key)
            condition.setdefault(operator, {})[key] = values
        if condition:
            statement["Condition"] = condition
        statements.append(statement)
    return {"Version": "2012-10-17", "Statement": statements}


def _test(draw: Random, key: str) -> tuple[str, list[str]]:
    if draw.random() < 0.15:
        return "Null", [draw.choice(("true", "false"))]
    count = draw.choice((1, 1, 2))
    if key == PATHS:
        return draw.choice(MANY), draw.sample(("a", "b", "ab"), count)
    if draw.random() < 0.5:
        return draw.choice(LIKE), draw.sample(VALUE_PATTERNS, count)
    others = ("a", "b", "ab", "") + (("${aws:PrincipalTag/k}",) if key == AGENT else ())
    return draw.choice(EQUALS), draw.sample(others, count)


def every_request(document: dict[str, Any]) -> Iterator[Request]:
    """Every request of the small world; a key that a policy does not speak of is left out."""
    text = str(document)
    tags = VALUES if TAG in text else [None]
    agents = VALUES if AGENT in text else [None]
    paths = SETS if PATHS in text else [None]
    for name, tag, agent, path in product(NAMES, tags, agents, paths):
        given = {TAG: tag, AGENT: agent, PATHS: path}
        context = BASE | {key: value for key, value in given.items() if value is not None}
        yield Request("sqs:SendMessage", QUEUE + name, ALICE, context)


def outcomes(policies: PolicySet, requests: Iterator[Request]) -> set[Face]:
    """What they are answered, all of them, or the first until nothing more can come."""
    found: set[Face] = set()
    for request in requests:
        found.add(Face(evaluate(policies, request).outcome))
        if len(found) == 3:
            break
    return found


def test_the_small_world_is_admitted() -> None:
    context: dict[str, Sequence[str] | str] = BASE | {TAG: "ab", AGENT: "", PATHS: ["a", "b"]}
    assert (
        why_not(ACCESS_KEY, ROW, Request("sqs:SendMessage", QUEUE + "abc", ALICE, context)) is None
    )


@pytest.mark.parametrize("part", range(SLICES))
def test_a_cell_has_just_the_outcomes_that_all_requests_have(part: int) -> None:
    for number in range(part, POLICIES, SLICES):
        document = policy(Random(f"{SEED}/{number}"))
        policies = PolicySet([Policy.parse(document)])
        answers = reachable(policies, ACCESS_KEY, ROW)
        assert not answers.is_undecided
        assert answers.faces == outcomes(policies, every_request(document)), (number, document)
