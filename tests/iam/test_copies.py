"""Policies, decisions and errors can be copied and sent to another process."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from mfa_lab import Policy, PolicyError, PolicySet, Request, evaluate
from mfa_lab.iam import ContextError, PolicySetError, RequestError

ALICE = "arn:aws:iam::123456789012:user/alice"
CONDITIONS = {
    "NumericLessThan": {"aws:MultiFactorAuthAge": ["3600", "an hour"]},
    "StringLike": {"aws:username": "al*", "aws:userid": "${aws:username}"},
    "Bool": {"aws:MultiFactorAuthPresent": "true"},
    "DateLessThan": {"aws:CurrentTime": "2021-06-11"},
}


def policy(*conditions: dict[str, Any]) -> Policy:
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": one} for one in conditions
    ]
    return Policy.parse({"Version": "2012-10-17", "Statement": statements})


def pickled(one: Any) -> Any:
    return pickle.loads(pickle.dumps(one))


THROUGH = pytest.mark.parametrize("through", [copy.copy, copy.deepcopy, pickled])


@THROUGH
def test_policies_sets_and_decisions_can_be_copied(through: Callable[[Any], Any]) -> None:
    given = policy(*({operator: keys} for operator, keys in CONDITIONS.items()))
    policies = PolicySet([given], boundary=given)
    assert through(given) == given
    assert through(policies) == policies
    asked = Request("iam:GetUser", "*", ALICE)
    assert through(asked) == asked
    for age in ("10", "4000", "soon"):
        asked = Request("iam:GetUser", "*", ALICE, {"aws:MultiFactorAuthAge": age})
        decision = evaluate(policies, asked)
        again = through(decision)
        assert (again.outcome, again.trace) == (decision.outcome, decision.trace)
        assert evaluate(through(policies), asked).trace == decision.trace


@THROUGH
def test_an_operator_stays_the_one_that_there_is(through: Callable[[Any], Any]) -> None:
    (statement,) = policy({"Bool": {"aws:MultiFactorAuthPresent": "true"}}).statements
    operator = statement.conditions[0].operator
    assert through(operator).base is operator.base


@THROUGH
def test_errors_can_be_copied(through: Callable[[Any], Any]) -> None:
    causes: list[Callable[[], object]] = [
        lambda: Policy.parse("{}"),
        lambda: PolicySet(identity=5),  # type: ignore[arg-type]
        lambda: PolicySet(identity=[{}]),  # type: ignore[list-item]
        lambda: Request("iam:*", "*", "x"),
        lambda: Request("iam:GetUser", "*", "x", {"a": 1}),
    ]
    for cause in causes:
        with pytest.raises((PolicyError, PolicySetError, RequestError, ContextError)) as raised:
            cause()
        again = through(raised.value)
        assert type(again) is type(raised.value)
        assert str(again) == str(raised.value)
        assert again.__dict__ == raised.value.__dict__
