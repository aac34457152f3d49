"""Why a call is answered as it is: the answer first, the deciding statements, the rest folded.

Each statement stands beside its JSON, so that neither has to point at the other: a page may hold
many traces, the same one twice, and an id in one would meet that in another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mfa_lab.analysis.requests.answer import Answer, Face
from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.authorizer import matching_statements
from mfa_lab.iam.decision import Decision, Outcome
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.text import say
from mfa_lab.view.face_label import face_label
from mfa_lab.view.html import render, static
from mfa_lab.view.statement_json import passages
from mfa_lab.view.table.statement_numbers import policy_letter, statement_number

# The header of whoever called names the machine that runs it, which is nobody's lesson.
_OF_ONE_MACHINE: Final = frozenset({"aws:useragent"})


@dataclass(frozen=True, slots=True)
class TraceView:
    """The trace of an answer as a reader sees it.

    Args:
        answer: What is explained.
        language: `en` or `ja`.
    """

    answer: Answer
    language: str = "en"

    def fragment(self) -> str:
        """Return the HTML without style."""
        return render("table/trace_view", self.language, view=self._values())

    def _repr_html_(self) -> str:
        return static(self.fragment())

    def __repr__(self) -> str:
        request = self.answer.decision.request
        return f"<why {request.action} with {self.answer.caller.kind.name}: {self.answer.face}>"

    def _say(self, key: str, /, **values: object) -> str:
        return say(key, self.language, **values)

    def _values(self) -> dict[str, Any]:
        answer = self.answer
        decision, request = answer.decision, answer.decision.request
        deciding = self._deciding()
        attached = {
            attached_policy.name: attached_policy.policy
            for attached_policy in decision.policies.attached
        }
        statements = [
            self._statement(traced, attached, deciding) for traced in decision.trace["statements"]
        ]
        matching = [statement for statement in statements if statement["matched"]]
        matching.sort(key=lambda statement: not statement["decides"])  # the answer first, also here
        silent = [statement for statement in statements if not statement["matched"]]
        credentials = self._say(f"credentials.{answer.caller.kind.name}")
        return {
            "heading": self._say("trace.heading", action=request.action, credentials=credentials),
            "face": face_label(answer.face, self.language),
            "answer": self._say(f"trace.answer_{answer.face}"),
            "because": self._because(),
            "error": self._error(),
            "matching": matching,
            "silent": silent,
            "others": self._say("trace.others", count=len(silent)) if silent else "",
            "asked": self._say(
                "trace.asked", resource=request.resource, principal=request.principal
            ),
            "context": [
                (key, str(value))
                for key, value in request.context.items()
                if key.lower() not in _OF_ONE_MACHINE
            ],
        }

    def _deciding(self) -> set[tuple[str, int]]:
        """Name the statements that decide; where the service refuses, none does."""
        if self.answer.refusal is not None:
            return set()
        return {
            (matched.policy, matched.statement.index) for matched in self.answer.decision.decided_by
        }

    def _error(self) -> str:
        refusal = self.answer.refusal
        if refusal is None or not refusal.error_code:
            return ""
        return f"{refusal.error_code}: {refusal.message}" if refusal.message else refusal.error_code

    def _because(self) -> list[str]:
        """Return the reasons, the deciding one first."""
        answer, decision = self.answer, self.answer.decision
        if answer.refusal is not None:
            face = self._say(f"face.{Face(decision.outcome)}")
            reasons = [
                self._say(f"trace.refused_{answer.refusal.name}"),
                self._say("trace.policy_would", face=face),
            ]
            if answer.is_undocumented:
                reasons.append(self._say("trace.undocumented_refusal"))
            return reasons
        if decision.exemption is not None:
            return [self._say(f"trace.because_{decision.exemption}")]
        reasons = self._because_of_statements(decision)
        beaten = self._beaten()
        if beaten:
            reasons.append(beaten)
        if answer.other_faces:
            others = [self._say(f"face.{Face(outcome)}") for outcome in answer.other_faces]
            chosen = answer.caller.kind.mfa.present or "absent"
            reasons.append(
                self._say(
                    "trace.undocumented",
                    chosen=chosen,
                    others=self._say("policy_page.or").join(others),
                )
            )
        return reasons

    def _because_of_statements(self, decision: Decision) -> list[str]:
        decided_by = decision.decided_by
        if decided_by:
            numbers = self._numbers(decided_by)
            key = f"trace.because_{decision.outcome}"
            return [self._say(key, count=len(decided_by), numbers=numbers)]
        if decision.policies.is_identity_alone and decision.missing == (PolicyKind.IDENTITY,):
            return [self._say("trace.because_implicit_deny")]
        return [self._say(f"trace.lacks_{kind}") for kind in decision.missing]

    def _beaten(self) -> str | None:
        """Name the Allow statements that an explicit deny beats."""
        decision = self.answer.decision
        if decision.outcome is not Outcome.EXPLICIT_DENY:
            return None
        _, allowing = matching_statements(decision.policies, decision.request)
        if not allowing:
            return None
        return self._say("trace.beaten", count=len(allowing), numbers=self._numbers(allowing))

    def _numbers(self, matched: tuple[MatchedStatement, ...] | list[MatchedStatement]) -> str:
        policies = self.answer.decision.policies
        return self._listed([statement_number(statement, policies) for statement in matched])

    def _listed(self, entries: list[str]) -> str:
        return self._say("trace.comma").join(entries)

    def _statement(
        self,
        traced: dict[str, Any],
        attached: Mapping[str, Policy],
        deciding: set[tuple[str, int]],
    ) -> dict[str, Any]:
        effect = traced["effect"].lower()
        verdict = f"matched_{effect}" if traced["matched"] else "not_matched"
        conditions = [self._condition(condition) for condition in traced["conditions"]]
        return {
            "name": self._name(traced),
            "policy": self._policy(traced["policy"]) if len(attached) > 1 else "",
            "matched": traced["matched"],
            "decides": (traced["policy"], traced["statement"]) in deciding,
            "face": "explicit_deny" if effect == "deny" else "allow",
            "verdict": self._say(f"trace.{verdict}"),
            "parts": [
                *([self._principal(traced["principal"])] if traced["principal"] else []),
                self._action(traced["action"]),
                *([self._resource(traced["resource"])] if traced["resource"] else []),
                *conditions,
            ],
            "json": passages(attached[traced["policy"]], traced),
        }

    def _name(self, traced: dict[str, Any]) -> str:
        """Return number and Sid, as the reasons and the table name a statement."""
        letter = policy_letter(traced["policy"], self.answer.decision.policies)
        return f"{letter}{traced['statement'] + 1} {traced['sid'] or ''}".rstrip()

    def _policy(self, name: str) -> str:
        """Say which policy it is: `scp/1/0` is the first one of the second level."""
        kind, *places = name.split("/")
        numbers = ".".join(str(int(place) + 1) for place in places)
        return f"{self._say(f'trace.policy_{kind}')} {numbers}".rstrip()

    def _principal(self, traced: dict[str, Any]) -> dict[str, Any]:
        if traced["element"] == "NotPrincipal":
            key = "not_principal_matches" if traced["matched"] else "not_principal_excepts"
        else:
            key = "principal_named" if traced["matched"] else "principal_unnamed"
        why = self._say(
            f"trace.{key}",
            entries=self._listed(traced["fitting"] or traced["entries"]),
            principal=self.answer.decision.request.principal,
        )
        return {"element": traced["element"], "matched": traced["matched"], "why": why}

    def _action(self, traced: dict[str, Any]) -> dict[str, Any]:
        prefix = "not_action" if traced["element"] == "NotAction" else "action"
        key = f"trace.{prefix}_{'listed' if traced['fitting'] else 'unlisted'}"
        why = self._say(key, entries=self._listed(traced["fitting"]))
        return {"element": traced["element"], "matched": traced["matched"], "why": why}

    def _resource(self, traced: dict[str, Any]) -> dict[str, Any]:
        prefix = "not_resource" if traced["element"] == "NotResource" else "resource"
        fitting, without_value = traced["fitting"], traced["without_value"]
        if without_value and not fitting:
            why = self._say("trace.resource_without_value", entries=self._listed(without_value))
        else:
            why = self._say(
                f"trace.{prefix}_{'fits' if fitting else 'unfit'}",
                entries=self._listed(fitting or traced["patterns"]),
                resource=self.answer.decision.request.resource,
            )
        return {"element": traced["element"], "matched": traced["matched"], "why": why}

    def _quoted(self, given: str | list[str]) -> str:
        return self._listed(
            [f'"{value}"' for value in ([given] if isinstance(given, str) else given)]
        )

    def _condition(self, traced: dict[str, Any]) -> dict[str, Any]:
        wanted = self._listed([f'"{value}"' for value in traced["wanted"]])
        given = traced["given"]
        says = (
            self._say("trace.condition_absent")
            if given is None
            else self._say("trace.condition_given", given=self._quoted(given))
        )
        reason = self._say(f"finding.{traced['finding']}")
        return {
            "element": f"{traced['operator']} {traced['key']} {wanted}",
            "matched": traced["holds"],
            "why": f"{says}{self._say('trace.semicolon')}{reason}",
        }
