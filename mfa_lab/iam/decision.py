"""A decision: the outcome, and what decided it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.request import Request
from mfa_lab.iam.trace import trace_statements


class Outcome(enum.StrEnum):
    """The three outcomes of policy evaluation."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit_deny"
    IMPLICIT_DENY = "implicit_deny"


class Exemption(enum.StrEnum):
    """Why a request is allowed without an Allow."""

    NO_PERMISSION_NEEDED = "no_permission_needed"
    ROOT_USER = "root_user"


@dataclass(slots=True, init=False)
class Decision:
    """What AWS decides about a request, by its policies. Not to be changed.

    Why it is not frozen: `mfa_lab.iam.fast_path`.

    Args:
        outcome: What was decided.
        decided_by: For an explicit deny the Deny statements that matched, for an allow the Allow
            statements that matched, for an implicit deny none.
        missing: For an implicit deny, the kinds of policy that lack an Allow which is needed.
        exemption: Why no Allow was needed, or None.
        policies: The policies that decided.
        request: The request.
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
        """Why the decision came out so, as JSON values, made when somebody reads it.

        `outcome`, `exemption` (a code or None), `missing`, and `statements`, each as
        `mfa_lab.iam.trace` describes it.
        """
        return {
            "outcome": str(self.outcome),
            "exemption": self.exemption and str(self.exemption),
            "missing": list(self.missing),
            "statements": trace_statements(self.policies, self.request),
        }
