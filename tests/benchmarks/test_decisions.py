"""Single decisions, each with a Request made anew, beside moto's own evaluator of policies.

moto's class knows neither conditions nor variables, so it does less. PMapper, the other evaluator
in Python, cannot be imported by Python 3.10 and newer.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from moto.iam.access_control import IAMPolicy, PermissionResult
from pytest_benchmark.fixture import BenchmarkFixture

from mfa_lab import Request, evaluate
from tests.benchmarks.decisions import ALICE, ASKED, DOCUMENTS, FOURTEEN_KEYS, POLICIES, SMALL

Timed = Callable[[str, int], None]
Compare = Callable[[str, str, float], None]


@pytest.mark.parametrize(
    ("name", "context"),
    [("decision, 2 keys", SMALL), ("decision, 14 keys", FOURTEEN_KEYS)],
)
def test_decisions(
    benchmark: BenchmarkFixture, timed: Timed, name: str, context: dict[str, Any]
) -> None:
    def decide() -> None:
        for action, resource in ASKED:
            evaluate(POLICIES, Request(action, resource, ALICE, context))

    benchmark(decide)
    timed(name, len(ASKED))


@pytest.mark.parametrize(
    ("name", "context"),
    [("decision with trace, 2 keys", SMALL), ("decision with trace, 14 keys", FOURTEEN_KEYS)],
)
def test_decisions_with_their_trace(
    benchmark: BenchmarkFixture, timed: Timed, name: str, context: dict[str, Any]
) -> None:
    def decide() -> None:
        for action, resource in ASKED:
            assert evaluate(POLICIES, Request(action, resource, ALICE, context)).trace

    benchmark(decide)
    timed(name, len(ASKED))


def test_decisions_about_resources_never_seen(benchmark: BenchmarkFixture, timed: Timed) -> None:
    """Nothing that was found out before helps with these."""
    numbers = iter(range(10**9))

    def decide() -> None:
        for action, _ in ASKED:
            bucket = f"arn:aws:s3:::bucket/{next(numbers)}"
            evaluate(POLICIES, Request(action, bucket, ALICE, SMALL))

    benchmark(decide)
    timed("decision, new resource", len(ASKED))


def test_decisions_by_moto(benchmark: BenchmarkFixture, timed: Timed) -> None:
    policies = [IAMPolicy({"policy_document": json.dumps(one)}) for one in DOCUMENTS]

    def permitted(action: str, resource: str) -> bool:
        results = [one.is_action_permitted(action, resource) for one in policies]
        return PermissionResult.DENIED not in results and PermissionResult.PERMITTED in results

    def decide() -> None:
        for action, resource in ASKED:
            permitted(action, resource)

    benchmark(decide)
    timed("decision by moto", len(ASKED))


def test_against_moto(compare: Compare) -> None:
    compare("decision by moto", "decision, 2 keys", 8)
