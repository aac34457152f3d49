"""A policy in the place where it applies to a request, and the statements in it that match."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.iam.statement import Statement


@dataclass(frozen=True, slots=True)
class MatchedStatement:
    """A statement, and the policy that it belongs to.

    Args:
        policy: The place of the policy in the set, such as `identity/0`.
        statement: The statement.
        kind: The kind of the policy; a trust policy counts as `resource`.
        level: The policy's level of the organization, from 0 for its root.
    """

    policy: str
    statement: Statement
    kind: PolicyKind = PolicyKind.IDENTITY
    level: int = 0

    def to_data(self) -> dict[str, Any]:
        """Return policy, number, Sid and effect as JSON values."""
        return {
            "policy": self.policy,
            "statement": self.statement.index,
            "sid": self.statement.sid,
            "effect": str(self.statement.effect),
        }


@dataclass(frozen=True, slots=True)
class AttachedPolicy:
    """A policy in its place in a set of policies.

    Args:
        kind: As which kind it applies: a trust policy counts as `resource`.
        level: The level of the organization, from 0 for its root; 0 for the other kinds.
        name: Its place in the set, such as `identity/0`, `boundary` or `scp/1/0`.
        policy: The policy.
    """

    kind: PolicyKind
    level: int
    name: str
    policy: Policy

    def statements(self) -> Iterator[MatchedStatement]:
        """Yield its statements, each with the place of its policy."""
        for statement in self.policy.statements:
            yield MatchedStatement(self.name, statement, self.kind, self.level)
