"""A request that a check found, as its sentence names it and as its trace explains it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mfa_lab.analysis.requests.answer import Answer, Face
from mfa_lab.analysis.requests.condition_key_table import as_spelled
from mfa_lab.analysis.requests.search import PRINCIPAL, RESOURCE_TYPE
from mfa_lab.iam.authorizer import evaluate
from mfa_lab.iam.credentials import Caller, CredentialsKind
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.request import Request
from mfa_lab.text import say

_OF_CALL: Final = frozenset({"resource", RESOURCE_TYPE, PRINCIPAL})


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """A request, with what decides whether one like it is answered otherwise.

    Args:
        kind: With what credentials it is made.
        request: The request.
        policies: The identity-based policies that answer it.
        depends_on: The parts of the request on which the answer depends: context keys,
            `resource`, `resource_type` and `principal`.
    """

    kind: CredentialsKind
    request: Request
    policies: tuple[Policy, ...]
    depends_on: tuple[str, ...]

    def sentence(self, language: str) -> str:
        """Say who makes it, with what credentials, about what, and on which context keys it rests.

        Args:
            language: `en` or `ja`.
        """
        values = {
            "action": self.request.action,
            "resource": self.request.resource,
            "principal": self.request.principal,
            "kind": say(f"credentials.{self.kind.name}", language),
        }
        context = say("shown_request.comma", language).join(self._context(language))
        if not context:
            return say("shown_request.call", language, **values)
        return say("shown_request.call_with", language, **values, context=context)

    def _context(self, language: str) -> Iterator[str]:
        values = {key.lower(): value for key, value in self.request.context.items()}
        for key in self.depends_on:
            if key in _OF_CALL:
                continue
            value = values.get(key)
            spelled = as_spelled(key)
            if value is None:
                yield say("shown_request.key_absent", language, key=spelled)
            else:
                shown = value if isinstance(value, str) else ", ".join(value)
                yield say("shown_request.key", language, key=spelled, value=shown)

    @property
    def answer(self) -> Answer:
        """What the policies answer it."""
        decision = evaluate(PolicySet(identity=self.policies), self.request)
        return Answer(Face(decision.outcome), Caller(self.kind), decision, None, ())

    @property
    def line(self) -> str:
        """The line of JSON by which `mfa-lab evaluate` answers the same."""
        request = self.request
        asked = {
            "action": request.action,
            "resource": request.resource,
            "principal": request.principal,
            "context": dict(request.context),
        }
        identity = [policy.document for policy in self.policies]
        return json.dumps(
            {"policies": {"identity": identity}, "request": asked}, ensure_ascii=False
        )
