"""One caller's answers over the whole catalogue at once, as sets of actions.

The same statements and the same rule of decision as `evaluate`, asked for all actions together; a
test holds the two to the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from mfa_lab.analysis.catalogue import EMPTY, ActionSet, Catalogue
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.questions import Question
from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.context import Context, normalized
from mfa_lab.iam.credentials import Caller, Sureness
from mfa_lab.iam.fast_path import CacheKey, remember
from mfa_lab.iam.patterns import Tokens
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.principals import Principal, is_in_account_of, principal_of
from mfa_lab.iam.required_allows import RESOURCE_POLICY_DECIDES, Allows, missing_allows
from mfa_lab.iam.service_rules import NO_PERMISSION_NEEDED, Refusal, ServiceRules
from mfa_lab.iam.statement import (
    ActionElement,
    Effect,
    ResourceElement,
    ResourcePattern,
    Statement,
)
from mfa_lab.iam.statement_index import TRUST_POLICY_DECIDES

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
        """Return the face of one action."""
        return next(face for face, actions in self.faces.items() if actions & action)

    def decided_by(self, action: ActionSet) -> tuple[MatchedStatement, ...]:
        """Return the statements that decide about one action; none for the other two faces."""
        effect = {Face.ALLOW: Effect.ALLOW, Face.EXPLICIT_DENY: Effect.DENY}.get(self.face(action))
        return tuple(
            matched
            for matched, actions in self.matches
            if actions & action and matched.statement.effect is effect
        )


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is known of a caller before any policy is.

    Args:
        arn: ARN of the principal.
        contexts: The context that was chosen, then the others that AWS might build.
        refused: The actions that a service refuses the caller.
        refused_undocumented: Those of them of which AWS does not document it for the caller.
    """

    arn: str
    contexts: tuple[Context, ...] = field(repr=False)
    refused: ActionSet = field(repr=False)
    refused_undocumented: ActionSet = field(repr=False)


class _Decided(NamedTuple):
    """What policies say of all actions, in one context."""

    denied: ActionSet
    allowed: ActionSet
    matches: tuple[tuple[MatchedStatement, ActionSet], ...]


class _Survey:
    """What was found out about a set of policies.

    Attributes:
        policies: The set.
        variables: The context keys that policy variables in its resources ask for.
        verdicts: The answers by caller.
        decided: What the policies say, by what they can see of a context.
    """

    def __init__(self, policies: PolicySet) -> None:
        self.policies = policies
        statements = (one for each in policies.attached for one in each.policy.statements)
        resources = [one.resources for one in statements if one.resources is not None]
        self.variables = tuple({key: None for one in resources for key in one.variables})
        self.verdicts: dict[Caller, Verdicts] = {}
        self.decided: dict[tuple[object, ...], _Decided] = {}


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
        self._action_sets: dict[CacheKey, ActionSet] = {}
        self._element_sets: dict[CacheKey, ActionSet] = {}
        self._own_sets: dict[tuple[str, object], ActionSet] = {}
        self._surveys: list[_Survey] = []
        self._refusals: dict[Caller, dict[str, Refusal]] = {}
        self._standing: dict[Caller, _Standing] = {}

    def survey(self, policies: PolicySet, caller: Caller) -> Verdicts:
        """Answer for every action of the catalogue.

        Args:
            policies: The policies that bear on the caller.
            caller: Who calls, with what credentials.
        """
        survey = self._survey_of(policies)
        if caller not in survey.verdicts:
            survey.verdicts[caller] = self._verdicts(survey, self._standing_of(caller))
        return survey.verdicts[caller]

    def _survey_of(self, policies: PolicySet) -> _Survey:
        """Return what is known of policies: an edit asks several times about few sets of them."""
        known = next((one for one in self._surveys if one.policies is policies), None)
        survey = known or _Survey(policies)
        others = [one for one in self._surveys if one is not survey]
        self._surveys = [*others[1 - MOST_SURVEYS :], survey]
        return survey

    def _standing_of(self, caller: Caller) -> _Standing:
        if caller not in self._standing:
            contexts = (caller.context(), *caller.open_contexts())
            refusals = self.refusals(caller)
            self._standing[caller] = _Standing(
                caller.arn,
                tuple(map(normalized, contexts)),
                self.catalogue.set_of(refusals),
                self.catalogue.set_of(
                    action
                    for action, refusal in refusals.items()
                    if refusal.sureness is Sureness.UNDOCUMENTED
                ),
            )
        return self._standing[caller]

    def _verdicts(self, survey: _Survey, standing: _Standing) -> Verdicts:
        chosen, *others = (
            self._decide(survey, standing.arn, context) for context in standing.contexts
        )
        open_point = EMPTY
        for other in others:
            open_point |= (chosen.denied ^ other.denied) | (chosen.allowed ^ other.allowed)
        refused = standing.refused
        faces = {
            Face.ALLOW: chosen.allowed & ~refused,
            Face.EXPLICIT_DENY: chosen.denied & ~refused,
            Face.IMPLICIT_DENY: self.catalogue.everything
            & ~(chosen.allowed | chosen.denied | refused),
            Face.REFUSED: refused,
        }
        undocumented = open_point & ~refused | standing.refused_undocumented
        return Verdicts(faces, undocumented, chosen.matches)

    def refusals(self, caller: Caller) -> dict[str, Refusal]:
        """Return the actions that a service refuses the caller, each with the rule."""
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

    def _decide(self, survey: _Survey, arn: str, context: Context) -> _Decided:
        """Decide about all actions; contexts that no statement tells apart only once."""
        policies = survey.policies
        principal = principal_of(arn, context)
        applying = tuple(
            matched
            for matched in policies.index_for(principal).statements
            if _applies(matched.statement, policies, principal, context)
        )
        asked = (
            principal,
            context.get("aws:resourceaccount"),
            tuple(map(id, applying)),
            tuple(map(context.get, survey.variables)),
        )
        if asked not in survey.decided:
            survey.decided[asked] = self._decide_by(applying, policies, principal, context)
        return survey.decided[asked]

    def _decide_by(
        self,
        statements: tuple[MatchedStatement, ...],
        policies: PolicySet,
        principal: Principal,
        context: Context,
    ) -> _Decided:
        allows = Allows.of(
            policies,
            everything=self.catalogue.everything,
            same_account=self._in_account_of(principal, context),
            resource_decides=self._resource_policy_decides,
            trust_decides=self._trust_policy_decides,
        )
        denied, matches = EMPTY, []
        for matched in statements:
            statement = matched.statement
            actions = self._actions(statement.actions) & ~self._ungoverned
            if statement.resources is None:
                actions &= self._trust_policy_decides
            else:
                actions &= self._resources(statement.resources, context)
            if not actions:
                continue
            matches.append((matched, actions))
            if statement.effect is Effect.DENY:
                denied |= actions
            else:
                allows.add(matched, principal, actions)
        not_allowed = denied | _union(missing_allows(allows, principal).values())
        allowed = self.catalogue.everything & ~not_allowed
        return _Decided(denied, allowed | self._ungoverned, tuple(matches))

    def _actions(self, element: ActionElement) -> ActionSet:
        asked = (element.name, element.patterns)
        known = self._action_sets.get(asked)
        if known is not None:
            return known
        listed = _union(map(self.catalogue.matching, element.patterns))
        actions = self.catalogue.everything & ~listed if element.negated else listed
        return remember(self._action_sets, asked, actions)

    def _resources(self, element: ResourceElement, context: Context) -> ActionSet:
        if element.is_everything:
            return self.catalogue.everything
        asked = (element.name, element.spelled, *map(context.get, element.variables))
        known = self._element_sets.get(asked)
        if known is not None:
            return known
        fitting = _union(self._about(pattern, context) for pattern in element.patterns)
        actions = self.catalogue.everything & ~fitting if element.negated else fitting
        return remember(self._element_sets, asked, actions)

    def _about(self, pattern: ResourcePattern, context: Context) -> ActionSet:
        """Return the actions whose resource fits one entry of Resource."""
        last = pattern.last_pattern(context)
        key = (pattern.spelled, None if last is None else last.tokens)
        if key not in self._resource_sets:
            self._resource_sets[key] = _union(
                actions
                for resource, actions in self._asked_like(pattern)
                if pattern.matches(resource, context)
            )
        return self._resource_sets[key]

    def _asked_like(self, pattern: ResourcePattern) -> Iterable[tuple[str, ActionSet]]:
        """Return the resources that are asked about, if need be of the pattern's service alone."""
        service = pattern.spelled.split(":")[2:3]
        if not pattern.leading or not service or set("*?") & set(service[0]):
            return self._asked.items()
        return self._asked_by_service.get(service[0], ())

    @cached_property
    def _asked(self) -> dict[str, ActionSet]:
        return self.question.resources(self.catalogue)

    @cached_property
    def _asked_by_service(self) -> dict[str, list[tuple[str, ActionSet]]]:
        by_service: dict[str, list[tuple[str, ActionSet]]] = {}
        for resource, actions in self._asked.items():
            for service in resource.split(":")[2:3]:
                by_service.setdefault(service, []).append((resource, actions))
        return by_service

    @cached_property
    def _resource_policy_decides(self) -> ActionSet:
        """The actions that nobody may do whom the resource's policy does not name."""
        return _union(self.catalogue.matching(f"{prefix}*") for prefix in RESOURCE_POLICY_DECIDES)

    @cached_property
    def _trust_policy_decides(self) -> ActionSet:
        """The actions that a role's trust policy is about."""
        return self.catalogue.matching(f"{TRUST_POLICY_DECIDES}*")

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


def _applies(
    statement: Statement, policies: PolicySet, principal: Principal, context: Context
) -> bool:
    """Return whether a statement is about the principal and its conditions hold."""
    about = statement.principals
    if about is not None and not about.matches(principal, has_boundary=policies.has_boundary):
        return False
    return statement.conditions_hold(context)
