"""A decision: the outcome, and what decided it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mfa_lab.iam.statement import Statement

if TYPE_CHECKING:
    from mfa_lab.iam.policy import PolicySet
    from mfa_lab.iam.request import Request


class Outcome(enum.StrEnum):
    """The three answers of policy evaluation."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit_deny"
    IMPLICIT_DENY = "implicit_deny"


class Exemption(enum.StrEnum):
    """Why policies were not asked."""

    NO_PERMISSION_NEEDED = "no_permission_needed"
    ROOT_USER = "root_user"


@dataclass(frozen=True, slots=True)
class MatchedStatement:
    """A statement that matched, and the policy that it stands in.

    Args:
        policy: Kind and number, such as `identity/0`.
        statement: The statement.
    """

    policy: str
    statement: Statement

    def to_data(self) -> dict[str, Any]:
        """Give policy, number, Sid and effect as JSON values."""
        return {
            "policy": self.policy,
            "statement": self.statement.index,
            "sid": self.statement.sid,
            "effect": str(self.statement.effect),
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """What AWS answers a request, by its policies.

    Args:
        outcome: The answer.
        decided_by: For an explicit deny the Deny statements that matched, for an allow the Allow
            statements that matched, for an implicit deny none.
        missing: For an implicit deny, the kinds of policy in which no Allow matched.
        exemption: Why no policy was asked, or None.
        policies: What it was decided by.
        request: What was asked.
    """

    outcome: Outcome
    decided_by: tuple[MatchedStatement, ...]
    missing: tuple[str, ...]
    exemption: Exemption | None
    policies: PolicySet
    request: Request

    @property
    def trace(self) -> dict[str, Any]:
        """Every statement looked at, with what matched and what did not, as JSON values."""
        from mfa_lab.iam.trace import trace_of

        return trace_of(self)
