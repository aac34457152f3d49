"""The answer to one call: the service's rules first, then the policies. Four faces.

A cell, which speaks about many calls, has one of the four, or a fifth where it depends.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from mfa_lab.iam.authorizer import evaluate
from mfa_lab.iam.context import ContextValue
from mfa_lab.iam.credentials import Caller, Sureness
from mfa_lab.iam.decision import Decision
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.request import Request
from mfa_lab.iam.service_rules import Refusal, ServiceRules


class Face(enum.StrEnum):
    """What a table cell shows. No single call is answered `DEPENDS`."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit_deny"
    IMPLICIT_DENY = "implicit_deny"
    REFUSED = "refused"
    DEPENDS = "depends"


CALL_FACES: Final = (Face.ALLOW, Face.EXPLICIT_DENY, Face.IMPLICIT_DENY, Face.REFUSED)
"""What one call can be answered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What AWS answers a caller.

    Args:
        face: The answer.
        caller: Who asked.
        decision: What the policies say, by the chosen context.
        refusal: The service's rule that refuses the call before policies are asked, or None.
        other_faces: What would be answered if AWS built one of the other contexts that its
            documentation leaves open, where that is not `face`.
    """

    face: Face
    caller: Caller
    decision: Decision
    refusal: Refusal | None
    other_faces: tuple[Face, ...]

    @property
    def is_undocumented(self) -> bool:
        """Whether the face rests on a point that AWS does not document."""
        if self.refusal is not None:
            return self.refusal.sureness is Sureness.UNDOCUMENTED
        return bool(self.other_faces)


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

    def decide(caller: Caller) -> tuple[Face, Decision, Refusal | None]:
        values = {**caller.context(), **circumstances}
        decision = evaluate(policies, Request(action, resource, caller.arn, values))
        refusal = rules.refusal(caller, action, resource)
        return (Face.REFUSED if refusal else Face(decision.outcome)), decision, refusal

    face, decision, refusal = decide(caller)
    others = {
        decide(replace(caller, kind=replace(caller.kind, mfa=mfa)))[0]
        for mfa in caller.kind.open_points
    }
    return Answer(face, caller, decision, refusal, tuple(sorted(others - {face})))
