"""A decision: the outcome, and what decided it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.iam.statement import Statement

if TYPE_CHECKING:
    from mfa_lab.iam.policy_set import PolicySet
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
        policy: Where the policy was given, such as `identity/0`.
        statement: The statement.
        kind: What kind of policy it stands in; a trust policy counts as `resource`.
        level: The policy's level of the organization, from 0 for its root.
    """

    policy: str
    statement: Statement
    kind: PolicyKind = PolicyKind.IDENTITY
    level: int = 0

    def to_data(self) -> dict[str, Any]:
        """Give policy, number, Sid and effect as JSON values."""
        return {
            "policy": self.policy,
            "statement": self.statement.index,
            "sid": self.statement.sid,
            "effect": str(self.statement.effect),
        }


@dataclass(slots=True, init=False)
class Decision:
    """What AWS answers a request, by its policies. Not to be changed.

    It is not frozen, as `Request` is not: writing its fields would take longer than deciding.

    Args:
        outcome: The answer.
        decided_by: For an explicit deny the Deny statements that matched, for an allow the Allow
            statements that matched, for an implicit deny none.
        missing: For an implicit deny, the kinds of policy that lack an Allow which is needed.
        exemption: Why no policy was asked for an Allow, or None.
        policies: What it was decided by.
        request: What was asked.
    """

    outcome: Outcome
    decided_by: tuple[MatchedStatement, ...]
    missing: tuple[str, ...]
    exemption: Exemption | None
    policies: PolicySet
    request: Request

    def __init__(
        self,
        outcome: Outcome,
        policies: PolicySet,
        request: Request,
        decided_by: tuple[MatchedStatement, ...] = (),
        missing: tuple[str, ...] = (),
        exemption: Exemption | None = None,
    ) -> None:
        self.outcome = outcome
        self.policies = policies
        self.request = request
        self.decided_by = decided_by
        self.missing = missing
        self.exemption = exemption

    @property
    def trace(self) -> dict[str, Any]:
        """Every statement looked at, with what matched and what did not, as JSON values."""
        from mfa_lab.iam.trace import trace_of

        return trace_of(self)
