"""The answer to one call: the service's rules first, then the policies. Four faces."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mfa_lab.iam.authorizer import evaluate
from mfa_lab.iam.context import ContextValue
from mfa_lab.iam.credentials import Caller, Sureness
from mfa_lab.iam.decision import Decision, Outcome
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.request import Request
from mfa_lab.iam.service_rules import Refusal, ServiceRules


class Face(enum.StrEnum):
    """What a table cell shows."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit_deny"
    IMPLICIT_DENY = "implicit_deny"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What AWS answers a caller.

    Args:
        face: The answer.
        caller: Who asked.
        decision: What the policies say, by the chosen context.
        refusal: The service's rule that refuses the call before policies are asked, or None.
        other_outcomes: What the policies would say if AWS built one of the other contexts that
            its documentation leaves open, where that is not what `decision` says.
    """

    face: Face
    caller: Caller
    decision: Decision
    refusal: Refusal | None
    other_outcomes: tuple[Outcome, ...]

    @property
    def is_undocumented(self) -> bool:
        """Whether the face rests on a point that AWS does not document."""
        if self.refusal is not None:
            return self.refusal.sureness is Sureness.UNDOCUMENTED
        return bool(self.other_outcomes)


def answer(
    policies: PolicySet,
    caller: Caller,
    action: str,
    resource: str,
    rules: ServiceRules,
    circumstances: Mapping[str, ContextValue] = MappingProxyType({}),
) -> Answer:
    """Answer one call.

    Args:
        policies: The policies that bear on the caller. For a role session, those of the role.
        caller: Who calls, with what credentials.
        action: Such as `iam:ChangePassword`.
        resource: ARN, or `*`.
        rules: The service rules in force.
        circumstances: Context keys that the call adds to those that the credentials imply.
    """

    def decide(context: dict[str, str]) -> Decision:
        values = {**context, **circumstances}
        return evaluate(policies, Request(action, resource, caller.arn, values))

    decision = decide(caller.context())
    refusal = rules.refusal(caller, action, resource)
    face = Face.REFUSED if refusal else Face(decision.outcome)
    others = {decide(context).outcome for context in caller.open_contexts()}
    return Answer(face, caller, decision, refusal, tuple(sorted(others - {decision.outcome})))
