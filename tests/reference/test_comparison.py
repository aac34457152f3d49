"""The evaluator answers as the reference does, on cases drawn from the policies' own words."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from mfa_lab import Policy, PolicySet
from mfa_lab.cli.evaluate_line import answer
from tests.reference.comparison import (
    as_read,
    by_evaluator,
    decided,
    is_trust,
    policy_set,
    smallest,
)
from tests.reference.drawing import Drawer
from tests.reference.evaluator import decide
from tests.reference.principals import ROLE, kind_of
from tests.reference.spelling import written

# Every choice of the drawer is one of Hypothesis's, so that it can make a case smaller.
CASES = settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@CASES
@given(st.randoms(use_true_random=False))
def test_both_evaluators_answer_alike(random: Random) -> None:
    for one in decided(random, requests=3):
        if one.differs:
            note(f"as a line: {written(smallest(one.line))}")
        assert not one.differs, (one.fast, one.slow)


@pytest.mark.parametrize("seed", range(200))
def test_both_evaluators_answer_alike_with_identity_policies_alone(seed: int) -> None:
    for one in decided(Random(seed), ["identity"]):
        assert not one.differs, written(smallest(one.line))


@pytest.mark.parametrize("seed", range(100))
def test_the_command_answers_as_the_reference(seed: int) -> None:
    """The labels of policies are those of the line, wherever they stand in it."""
    drawer = Drawer(Random(seed))
    policies = drawer.policies()
    for request in drawer.requests(policies, 4):
        line = {"policies": policies, "request": request}
        resource = policies.get("resource") or None
        is_about_a_role = kind_of(request["resource"]) == ROLE
        if resource is not None and is_trust(resource) is not is_about_a_role:
            continue  # the command takes the policy of a role, and no other, for a trust policy
        given_answer = json.loads(answer(written(line).encode()))
        expected = decide(as_read(policies), request)
        assert given_answer["outcome"] == expected["outcome"]
        assert [
            {"policy": one["policy"], "statement": one["statement"]}
            for one in given_answer["decided_by"]
        ] == expected["decided_by"]


@pytest.mark.parametrize("seed", range(100))
def test_a_policy_written_and_read_again_decides_alike(seed: int) -> None:
    drawer = Drawer(Random(seed))
    policies = drawer.policies()
    first = policy_set(policies)
    second = read_again(first)
    for request in drawer.requests(policies, 4):
        assert by_evaluator(first, request) == by_evaluator(second, request)


def read_again(policies: PolicySet) -> PolicySet:
    """The same policies, each from its own JSON."""

    def again(given: object) -> object:
        if isinstance(given, (list, tuple)):
            return [again(one) for one in given]
        if not isinstance(given, Policy):
            return given
        read = Policy.parse(given.to_json(), given.kind)
        assert read.to_json() == given.to_json()
        assert read == given
        return read

    names = ("identity", "boundary", "session", "scps", "rcps", "resource")
    given = {name: again(getattr(policies, name)) for name in names}
    return PolicySet(**given)  # type: ignore[arg-type]
