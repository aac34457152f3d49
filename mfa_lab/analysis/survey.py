"""One caller's answers over the whole catalogue at once, as sets of actions.

The same statements and the same rule of decision as `evaluate`, asked for all actions together; a
test holds the two to the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from mfa_lab.analysis.answer import Face
from mfa_lab.analysis.catalogue import EMPTY, ActionSet, Catalogue
from mfa_lab.analysis.questions import Question
from mfa_lab.iam.allowance import Allows, lacking
from mfa_lab.iam.authorizer import (
    NO_PERMISSION_NEEDED,
    RESOURCE_POLICY_DECIDES,
    is_in_account_of,
    principal_of,
)
from mfa_lab.iam.context import Context, normalized
from mfa_lab.iam.credentials import Caller, Sureness
from mfa_lab.iam.decision import MatchedStatement
from mfa_lab.iam.patterns import Tokens
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.principals import Principal
from mfa_lab.iam.service_rules import Refusal, ServiceRules
from mfa_lab.iam.statement import (
    ActionElement,
    Effect,
    ResourceElement,
    ResourcePattern,
    Statement,
)

# Sets of policies whose answers are kept: the one to start from, and the newest.
MOST_SURVEYS: Final = 4


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What one caller is answered, over the whole catalogue.

    Args:
        faces: The set of actions that each face has; every action has one.
        undocumented: The actions whose face rests on a point that AWS does not document.
        matches: The statements that match at least one action, with the actions.
    """

    # Not in the repr: Python refuses to write an integer of 22,321 bits, and nobody could read it.
    faces: dict[Face, ActionSet] = field(repr=False)
    undocumented: ActionSet = field(repr=False)
    matches: tuple[tuple[MatchedStatement, ActionSet], ...] = field(repr=False)

    def face(self, action: ActionSet) -> Face:
        """Give the face of one action."""
        return next(face for face, actions in self.faces.items() if actions & action)

    def decided_by(self, action: ActionSet) -> tuple[MatchedStatement, ...]:
        """Give the statements that decide about one action; none for the other two faces."""
        effect = {Face.ALLOW: Effect.ALLOW, Face.EXPLICIT_DENY: Effect.DENY}.get(self.face(action))
        return tuple(
            matched
            for matched, actions in self.matches
            if actions & action and matched.statement.effect is effect
        )


class Surveyor:
    """Answers for the whole catalogue, with what does not change between policies kept.

    Args:
        catalogue: The actions.
        question: What each action is asked about.
        rules: The service rules in force.
    """

    def __init__(self, catalogue: Catalogue, question: Question, rules: ServiceRules) -> None:
        self.catalogue, self.question, self.rules = catalogue, question, rules
        self._resource_sets: dict[tuple[str, Tokens | None], ActionSet] = {}
        self._own_sets: dict[tuple[str, object], ActionSet] = {}
        self._surveys: list[tuple[PolicySet, dict[Caller, Verdicts]]] = []
        self._refusals: dict[Caller, dict[str, Refusal]] = {}

    def survey(self, policies: PolicySet, caller: Caller) -> Verdicts:
        """Answer for every action of the catalogue.

        Args:
            policies: The policies that bear on the caller.
            caller: Who calls, with what credentials.
        """
        known = self._surveys_of(policies)
        if caller not in known:
            known[caller] = self._survey(policies, caller)
        return known[caller]

    def _surveys_of(self, policies: PolicySet) -> dict[Caller, Verdicts]:
        """Give what is known of policies: an edit asks several times about few sets of them."""
        index = next((i for i, one in enumerate(self._surveys) if one[0] is policies), None)
        found = (policies, {}) if index is None else self._surveys.pop(index)
        self._surveys = [*self._surveys[1 - MOST_SURVEYS :], found]
        return found[1]

    def _survey(self, policies: PolicySet, caller: Caller) -> Verdicts:
        explicit, allowed, matches = self._decide(policies, caller, caller.context())
        open_point = EMPTY
        for context in caller.open_contexts():
            other_explicit, other_allowed, _ = self._decide(policies, caller, context)
            open_point |= (explicit ^ other_explicit) | (allowed ^ other_allowed)
        refusals = self.refusals(caller)
        refused = self.catalogue.set_of(refusals)
        undocumented_refusal = self.catalogue.set_of(
            action
            for action, refusal in refusals.items()
            if refusal.sureness is Sureness.UNDOCUMENTED
        )
        faces = {
            Face.ALLOW: allowed & ~refused,
            Face.EXPLICIT_DENY: explicit & ~refused,
            Face.IMPLICIT_DENY: self.catalogue.everything & ~(allowed | explicit | refused),
            Face.REFUSED: refused,
        }
        return Verdicts(faces, open_point & ~refused | undocumented_refusal, matches)

    def refusals(self, caller: Caller) -> dict[str, Refusal]:
        """Give the actions that a service refuses the caller, each with the rule."""
        if caller not in self._refusals:
            asked = (
                (
                    action.name,
                    self.rules.refusal(caller, action.name, self.question.resource(action)),
                )
                for action in self.catalogue.members(self._with_service_rules)
            )
            self._refusals[caller] = {name: refusal for name, refusal in asked if refusal}
        return self._refusals[caller]

    def _decide(
        self, policies: PolicySet, caller: Caller, context: dict[str, str]
    ) -> tuple[ActionSet, ActionSet, tuple[tuple[MatchedStatement, ActionSet], ...]]:
        """Give what is denied explicitly, what is allowed, and what each statement matches."""
        values = normalized(context)
        principal = principal_of(caller.arn, values)
        allows = Allows.of(
            policies,
            everything=self.catalogue.everything,
            same_account=self._in_account_of(principal, values),
            resource_decides=self._resource_policy_decides,
        )
        denied, matches = EMPTY, []
        for matched in policies.index_for(principal).statements:
            actions = self._matched_by(matched.statement, policies, principal, values)
            if not actions:
                continue
            matches.append((matched, actions))
            if matched.statement.effect is Effect.DENY:
                denied |= actions
            else:
                allows.add(matched, principal, actions)
        not_allowed = _union(lacking(allows, principal).values())
        allowed = self.catalogue.everything & ~(denied | not_allowed)
        return denied, allowed | self._ungoverned, tuple(matches)

    def _matched_by(
        self, statement: Statement, policies: PolicySet, principal: Principal, context: Context
    ) -> ActionSet:
        about = statement.principals
        if about and not about.matches(principal, has_boundary=policies.has_boundary):
            return EMPTY
        if not statement.conditions_hold(context):
            return EMPTY
        actions = self._actions(statement.actions) & ~self._ungoverned
        if statement.resources is not None:
            actions &= self._resources(statement.resources, context)
        return actions

    def _actions(self, element: ActionElement) -> ActionSet:
        listed = _union(map(self.catalogue.matching, element.patterns))
        return self.catalogue.everything & ~listed if element.negated else listed

    def _resources(self, element: ResourceElement, context: Context) -> ActionSet:
        fitting = _union(self._about(pattern, context) for pattern in element.patterns)
        return self.catalogue.everything & ~fitting if element.negated else fitting

    def _about(self, pattern: ResourcePattern, context: Context) -> ActionSet:
        """Give the actions whose resource fits one entry of Resource."""
        last = pattern.last_pattern(context)
        key = (pattern.spelled, None if last is None else last.tokens)
        if key not in self._resource_sets:
            self._resource_sets[key] = _union(
                actions
                for resource, actions in self._asked.items()
                if pattern.matches(resource, context)
            )
        return self._resource_sets[key]

    @cached_property
    def _asked(self) -> dict[str, ActionSet]:
        return self.question.resources(self.catalogue)

    @cached_property
    def _resource_policy_decides(self) -> ActionSet:
        """The actions that nobody may do whom the resource's policy does not name."""
        return _union(self.catalogue.matching(f"{prefix}*") for prefix in RESOURCE_POLICY_DECIDES)

    def _in_account_of(self, principal: Principal, context: Context) -> ActionSet:
        """The actions that are asked about resources of the principal's own account."""
        key = principal.account, context.get("aws:resourceaccount")
        if key not in self._own_sets:
            self._own_sets[key] = _union(
                actions
                for resource, actions in self._asked.items()
                if is_in_account_of(principal, resource, context)
            )
        return self._own_sets[key]

    @cached_property
    def _ungoverned(self) -> ActionSet:
        """The actions that no policy governs."""
        return self.catalogue.set_of(NO_PERMISSION_NEEDED)

    @cached_property
    def _with_service_rules(self) -> ActionSet:
        """The actions of the services that have rules of their own."""
        return self.catalogue.matching("iam:*") | self.catalogue.matching("sts:*")


def _union(sets: Iterable[ActionSet]) -> ActionSet:
    result = EMPTY
    for one in sets:
        result |= one
    return result
