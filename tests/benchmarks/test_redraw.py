"""What an edit of the NotAction list costs: all actions of AWS for all kinds of credentials anew.

The edited policy is read anew too. Beside it the same answers asked for one by one, of IAM's
actions alone, since all 22,321 would take minutes; and moto's evaluator over all actions, which
answers for one kind of credentials and knows no conditions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from moto.iam.access_control import IAMPolicy
from pytest_benchmark.fixture import BenchmarkFixture

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.analysis.requests.answer import answer
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam.credentials import KINDS
from tests.benchmarks.decisions import ARTICLE

Timed = Callable[[str], None]
Compare = Callable[[str, str, float], None]

PLAIN = [action.name for action in aws_catalogue().actions]
# Of small and of great services, with one run of anything and with several.
WILDCARDS = [
    pattern.format(one, other)
    for one, other in product("abcdefghijklmnopqrstuvwxyz", repeat=2)
    for pattern in ("iam:*{}{}*", "ec2:*{}{}*", "ec2:*{}*{}*", "s3:{}*{}", "sagemaker:?*{}{}*")
]


def edited(entry: str) -> dict[str, Any]:
    """The article's policy with one entry more in its NotAction list."""
    document: dict[str, Any] = json.loads(json.dumps(ARTICLE))
    document["Statement"][-1]["NotAction"].append(entry)
    return document


@pytest.fixture(scope="module")
def tabulator() -> Tabulator:
    made = Tabulator(["iam:*"], kinds=tuple(KINDS.values()))
    made.survey(PolicySet([Policy.parse(ARTICLE)]))
    return made


@pytest.mark.parametrize(
    ("name", "entries"), [("redraw, plain action", PLAIN), ("redraw, new wildcard", WILDCARDS)]
)
def test_redraw(
    benchmark: BenchmarkFixture,
    tabulator: Tabulator,
    timed: Timed,
    name: str,
    entries: list[str],
) -> None:
    never_seen: Iterator[str] = iter(entries)

    def edit() -> tuple[tuple[dict[str, Any]], dict[str, Any]]:
        return (edited(next(never_seen)),), {}

    def redraw(document: dict[str, Any]) -> int:
        return len(tabulator.survey(PolicySet([Policy.parse(document)])))

    kinds = benchmark.pedantic(redraw, setup=edit, rounds=min(len(entries), 1000))
    assert kinds == len(KINDS)
    timed(name)


def test_one_by_one(benchmark: BenchmarkFixture, tabulator: Tabulator, timed: Timed) -> None:
    policies = PolicySet([Policy.parse(edited("iam:ChangePassword"))])
    rows = tabulator.table(policies).rows

    def ask_each() -> int:
        return sum(
            answer(policies, caller, row.action, row.resource, tabulator.rules) is not None
            for row in rows
            for caller in tabulator.callers
        )

    assert benchmark.pedantic(ask_each, rounds=3) == len(rows) * len(KINDS)
    timed("IAM's actions for all kinds, one by one")


def test_by_moto(benchmark: BenchmarkFixture, timed: Timed) -> None:
    policy = IAMPolicy({"policy_document": json.dumps(edited("iam:ChangePassword"))})

    def redraw() -> int:
        return len([policy.is_action_permitted(action) for action in PLAIN])

    assert benchmark.pedantic(redraw, rounds=3) == len(PLAIN)
    timed("all actions for one kind, by moto")


def test_against_the_others(compare: Compare) -> None:
    compare("all actions for one kind, by moto", "redraw, plain action", 100)
    compare("all actions for one kind, by moto", "redraw, new wildcard", 20)
    compare("IAM's actions for all kinds, one by one", "redraw, plain action", 20)
