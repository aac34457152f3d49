"""The statements of a policy set by the action that they cover, so that a decision looks at few.

Why there is an index: `mfa_lab.iam.fast_path`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.condition.conditions import ConditionTest
from mfa_lab.iam.principals import PrincipalElement
from mfa_lab.iam.statement import Effect, ResourceElement, Statement

# Of a policy of thousands of statements the whole catalogue would keep millions of candidates.
MOST_KEPT: Final = 250_000

# What a role's trust policy applies to, sts:TagSession and sts:SetSourceIdentity included.
TRUST_POLICY_DECIDES: Final = "sts:"


class Candidate(NamedTuple):
    """A statement that covers the action of a request, with what is left to look at.

    Args:
        statement: The statement, with the place of its policy.
        denies: Whether its Effect is Deny.
        principals: Who it is about; None where it names no principals.
        resources: What it is about; None where every resource is covered.
        conditions: The tests of its Condition.
    """

    statement: MatchedStatement
    denies: bool
    principals: PrincipalElement | None
    resources: ResourceElement | None
    conditions: tuple[ConditionTest, ...]


class StatementIndex:
    """Statements by the action that they cover, each action looked up once.

    Args:
        statements: The statements in order, each with the place of its policy.
    """

    __slots__ = ("_by_action", "_kept", "statements")

    def __init__(self, statements: Iterable[MatchedStatement]) -> None:
        self.statements = tuple(statements)
        self._by_action: dict[str, tuple[Candidate, ...]] = {}
        self._kept = 0

    def covering(self, action: str) -> tuple[Candidate, ...]:
        """Return the statements that cover an action.

        Args:
            action: The action in lower case.
        """
        candidates = self._by_action.get(action)
        if candidates is None:
            candidates = tuple(
                _candidate(each)
                for each in self.statements
                if each.statement.actions.matches(action) and can_apply_to(each.statement, action)
            )
            self._keep(action, candidates)
        return candidates

    def _keep(self, action: str, candidates: tuple[Candidate, ...]) -> None:
        self._kept += 1 + len(candidates)
        if self._kept > MOST_KEPT:
            self._by_action.clear()
            self._kept = 1 + len(candidates)
        self._by_action[action] = candidates


def can_apply_to(statement: Statement, action: str) -> bool:
    """Tell whether a statement can apply to an action at all: one of a trust policy, to STS only.

    A trust policy decides who may assume its role; who may read, change or pass the role, identity
    policies decide.

    Args:
        statement: A statement whose element of actions matches.
        action: The action in lower case.
    """
    return statement.resources is not None or action.startswith(TRUST_POLICY_DECIDES)


def _candidate(attached: MatchedStatement) -> Candidate:
    statement = attached.statement
    resources = statement.resources
    return Candidate(
        attached,
        statement.effect is Effect.DENY,
        statement.principals,
        None if resources is None or resources.is_everything else resources,
        statement.conditions,
    )
