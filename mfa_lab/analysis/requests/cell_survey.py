"""The outcomes of the cells of all actions at once, as sets of actions.

Actions that the same statements cover, and whose requests the statements tell apart by the same
means, have the same outcomes: one of them is searched, and what was found is kept for the next
policy that has such statements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from mfa_lab.analysis.catalogue import EMPTY, Action, ActionSet, Catalogue
from mfa_lab.analysis.requests.admission import with_alternative
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.condition_key_table import (
    is_listed_by_action,
    key_facts,
    keys_listed,
)
from mfa_lab.analysis.requests.resource_spaces import (
    ResourceSpace,
    may_fit,
    resource_spaces,
)
from mfa_lab.analysis.requests.rows import (
    CallingPrincipal,
    Row,
    credentials_keys,
    fixed_principal,
)
from mfa_lab.analysis.requests.search import Search
from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.credentials import ACCESS_KEY, CredentialsKind
from mfa_lab.iam.fast_path import CacheKey, remember
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.required_allows import RESOURCE_POLICY_DECIDES
from mfa_lab.iam.service_rules import DEVICE_CHANGES, NO_PERMISSION_NEEDED, ServiceRules
from mfa_lab.iam.statement import ActionElement, ResourceElement, Statement
from mfa_lab.iam.statement_index import TRUST_POLICY_DECIDES

# What was found is kept of so many different questions.
MOST_FOUND: Final = 20_000
MOST_SURVEYS: Final = 4

_PREFIXES: Final = (*RESOURCE_POLICY_DECIDES, TRUST_POLICY_DECIDES)
_OF_REQUEST_TAGS: Final = frozenset({"aws:requesttag", "aws:tagkeys"})
_OF_ARNS: Final = frozenset({"aws:requestedregion", "aws:resourceaccount"})


class Found(NamedTuple):
    """What the cells of some actions answer.

    Args:
        faces: The outcomes.
        open_faces: Those that they have besides, if AWS does what it does not document.
        is_undecided: Whether there may be others.
    """

    faces: frozenset[Face]
    open_faces: frozenset[Face]
    is_undecided: bool


@dataclass(frozen=True, slots=True)
class CellFaces:
    """The outcomes of the cells of one kind of credentials, over the whole catalogue.

    Args:
        reached: The actions of which some request has each outcome.
        open: The actions of which some request has it if AWS does what it does not document.
        undecided: The actions that may have other outcomes.
    """

    # Not in the repr: Python refuses to write an integer of 22,321 bits, and nobody could read it.
    reached: Mapping[Face, ActionSet] = field(repr=False)
    open: Mapping[Face, ActionSet] = field(repr=False)
    undecided: ActionSet = field(repr=False)

    @property
    def depending(self) -> ActionSet:
        """The actions of which not all requests have the same outcome."""
        once = several = EMPTY
        for actions in self.reached.values():
            several |= once & actions
            once |= actions
        return several

    def only(self, face: Face) -> ActionSet:
        """Return the actions of which every request has an outcome."""
        return self.reached.get(face, EMPTY) & ~self.depending

    def faces(self, action: ActionSet) -> frozenset[Face]:
        """Return the outcomes of one action."""
        return frozenset(face for face, actions in self.reached.items() if actions & action)


class _Asked(NamedTuple):
    """Actions that are alike in all that statements can see.

    Args:
        likeness: What they are alike in.
        examples: An action and the number of one of its resource types, for each way in which a
            request for the actions may be looked at. Other statements may cover it.
        actions: The actions.
        covering: The statements that cover them.
        seen: The numbers of the ways in which a request may be looked at, one for each example.
    """

    likeness: tuple[object, ...]
    examples: tuple[tuple[Action, int], ...]
    actions: ActionSet
    covering: tuple[MatchedStatement, ...] = ()
    seen: tuple[int, ...] = ()


class _ActionClass(NamedTuple):
    """Actions that are asked about the same resources, with the same keys in their requests.

    Args:
        action: One of them.
        spaces: The resources, by type.
        special: What sets them apart from all others: what services or trust policies decide.
        actions: The actions.
    """

    action: Action
    spaces: tuple[ResourceSpace, ...]
    special: str
    actions: ActionSet


@dataclass(slots=True)
class _Survey:
    """What was found out about a set of policies.

    Args:
        policies: The set.
        faces: The answers by kind of credentials.
        asked: The actions that are alike, by who asks.
        outcomes: The outcomes of searches, by what they are alike in.
        sights: What statements can see of kinds of credentials.
        keys: The context keys that the statements look at, in lower case.
    """

    policies: PolicySet
    faces: dict[str, CellFaces] = field(default_factory=dict)
    asked: dict[object, list[_Asked]] = field(default_factory=dict)
    outcomes: dict[object, tuple[frozenset[Face], bool]] = field(default_factory=dict)
    sights: dict[object, object] = field(default_factory=dict)
    keys: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        statements = (one for each in self.policies.attached for one in each.policy.statements)
        self.keys = tuple(dict.fromkeys(key for one in statements for key in _keys_of(one)))


class CellSurveyor:
    """Finds the outcomes of all cells, with what does not change between policies kept.

    Args:
        catalogue: The actions.
        row_of: Returns what else is fixed of the requests for an action. It has to be the same
            user, account and partition for all, and not to leave the user free.
        rules: The service rules in force.
    """

    def __init__(
        self, catalogue: Catalogue, row_of: Callable[[Action], Row], rules: ServiceRules
    ) -> None:
        self.catalogue, self.row_of, self.rules = catalogue, row_of, rules
        self._numbers: dict[object, int] = {}
        self._found: dict[tuple[object, ...], Found] = {}
        self._action_sets: dict[CacheKey, ActionSet] = {}
        self._alike: dict[object, tuple[_Asked, ...]] = {}
        self._fits: dict[object, list[tuple[object, ...]]] = {}
        self._refused: dict[str, ActionSet] = {}
        self._surveys: list[_Survey] = []

    def survey(self, policies: PolicySet, kind: CredentialsKind) -> CellFaces:
        """Return the outcomes of all cells of a kind of credentials.

        Args:
            policies: The policies that bear on the caller.
            kind: With what credentials the requests are made.
        """
        survey = self._survey_of(policies)
        if kind.name not in survey.faces:
            survey.faces[kind.name] = self._faces(survey, kind)
        return survey.faces[kind.name]

    def _survey_of(self, policies: PolicySet) -> _Survey:
        """Return what is known of policies: an edit asks several times about few sets of them."""
        known = next((one for one in self._surveys if one.policies is policies), None)
        survey = known or _Survey(policies)
        others = [one for one in self._surveys if one is not survey]
        self._surveys = [*others[1 - MOST_SURVEYS :], survey]
        return survey

    def _faces(self, survey: _Survey, kind: CredentialsKind) -> CellFaces:
        refused = self._refused_whole(kind)
        reached: dict[Face, ActionSet] = {Face.REFUSED: refused}
        opened: dict[Face, ActionSet] = {}
        undecided = EMPTY
        for asked in self._asked_of(survey, kind):
            found = self._found.get((kind.name, asked.likeness))
            if found is None:
                found = self._found_anew(survey, kind, asked)
            for face in found.faces:
                reached[face] = reached.get(face, EMPTY) | asked.actions
            for face in found.open_faces:
                opened[face] = opened.get(face, EMPTY) | asked.actions
            if found.is_undecided:
                undecided |= asked.actions
        if refused:
            for face in reached:
                if face is not Face.REFUSED:
                    reached[face] &= ~refused
            opened = {face: actions & ~refused for face, actions in opened.items()}
        return CellFaces(reached, opened, undecided & ~refused)

    def _asked_of(self, survey: _Survey, kind: CredentialsKind) -> list[_Asked]:
        principal = self._principal(kind)
        statements = survey.policies.index_for(principal.read).statements
        profile = (id(statements), kind.holder)
        if profile not in survey.asked:
            survey.asked[profile] = list(self._parted(survey.policies, statements, principal))
        return survey.asked[profile]

    def _found_anew(self, survey: _Survey, kind: CredentialsKind, asked: _Asked) -> Found:
        faces: frozenset[Face] = frozenset()
        others: frozenset[Face] = frozenset()
        is_undecided = False
        covering = tuple(map(id, asked.covering))
        for seen, (action, number) in zip(asked.seen, asked.examples, strict=True):
            for one in (kind, *with_alternative(kind)):
                key = (self._sight(survey, one, action), covering, seen)
                outcomes = survey.outcomes.get(key)
                if outcomes is None:
                    outcomes = self._search(survey, one, action, number, asked.covering)
                    survey.outcomes[key] = outcomes
                if one is kind:
                    faces |= outcomes[0]
                else:
                    others |= outcomes[0]
                is_undecided |= outcomes[1]
        found = Found(faces, others - faces, is_undecided)
        if len(self._found) >= MOST_FOUND:
            self._found.clear()
        self._found[kind.name, asked.likeness] = found
        return found

    def _search(
        self,
        survey: _Survey,
        kind: CredentialsKind,
        action: Action,
        number: int,
        covering: Sequence[MatchedStatement] = (),
    ) -> tuple[frozenset[Face], bool]:
        """Return the outcomes of one action on one type of resource."""
        row, principal = self.row_of(action), self._principal(kind)
        space = resource_spaces(row, principal)[number]
        search = Search((survey.policies,), principal, row, space, self.rules, covering)
        likeness = search.likeness
        if likeness not in survey.outcomes:
            faces = frozenset(face for (face,) in search.faces)
            survey.outcomes[likeness] = faces, search.is_undecided
        return survey.outcomes[likeness]

    def _sight(self, survey: _Survey, kind: CredentialsKind, action: Action) -> object:
        """Return what statements can see of a kind of credentials: of most kinds the same."""
        if self.rules.has_device and action.name.lower() in DEVICE_CHANGES:
            return kind
        asked = (kind.name, kind.mfa)
        if asked not in survey.sights:
            fixed = credentials_keys(kind)
            survey.sights[asked] = (
                kind.holder,
                *(
                    fixed.get(key) or key_facts(key, kind, action.name, None)
                    for key in survey.keys
                    if not is_listed_by_action(key)
                ),
            )
        return survey.sights[asked]

    def _principal(self, kind: CredentialsKind) -> CallingPrincipal:
        principal = fixed_principal(self._any_row, kind)
        assert principal is not None
        return principal

    @cached_property
    def _any_row(self) -> Row:
        return self.row_of(self.catalogue.actions[0])

    # Which actions are alike

    def _parted(
        self,
        policies: PolicySet,
        statements: Sequence[MatchedStatement],
        principal: CallingPrincipal,
    ) -> Iterator[_Asked]:
        """Part the actions until those that are together are alike."""
        whole = (tuple(sorted(policies.kinds)), policies.scp_levels, principal.kind.holder)
        numbers = {id(one): self._number(_content(one)) for one in statements}
        number_of_set = self._number(whole)
        for covering, actions in self._by_coverage(statements):
            likeness = (number_of_set, *(numbers[id(one)] for one in covering))
            for alike in self._alike_under(policies, covering, principal, likeness):
                inside = actions & alike.actions
                if inside:
                    yield _Asked(
                        (*likeness, *alike.likeness),
                        alike.examples,
                        inside,
                        covering,
                        alike.seen,
                    )

    def _by_coverage(
        self, statements: Sequence[MatchedStatement]
    ) -> Iterator[tuple[tuple[MatchedStatement, ...], ActionSet]]:
        """Part the actions by the statements that cover them."""
        parted: list[tuple[tuple[MatchedStatement, ...], ActionSet]] = [
            ((), self.catalogue.everything)
        ]
        for matched in statements:
            covered = self._actions(matched.statement.actions)
            if matched.statement.resources is None:
                covered &= self._trust_policy_decides
            following = []
            for several, actions in parted:
                inside = actions & covered
                if not inside:
                    following.append((several, actions))
                elif inside == actions:
                    following.append(((*several, matched), actions))
                else:
                    following.append(((*several, matched), inside))
                    following.append((several, actions & ~covered))
            parted = following
        yield from parted

    def _actions(self, element: ActionElement) -> ActionSet:
        asked = (element.name, element.patterns)
        known = self._action_sets.get(asked)
        if known is not None:
            return known
        listed = EMPTY
        for pattern in element.patterns:
            listed |= self.catalogue.matching(pattern)
        actions = self.catalogue.everything & ~listed if element.negated else listed
        return remember(self._action_sets, asked, actions)

    def _alike_under(
        self,
        policies: PolicySet,
        covering: Sequence[MatchedStatement],
        principal: CallingPrincipal,
        likeness: tuple[object, ...],
    ) -> tuple[_Asked, ...]:
        """Part all actions by what statements can see of them, if they cover them."""
        if likeness in self._alike:
            return self._alike[likeness]
        elements: dict[object, ResourceElement] = {}
        keys: dict[str, None] = {}
        for matched in covering:
            resources = matched.statement.resources
            if resources is not None and not resources.is_everything:
                elements[self._name(resources, principal)] = resources
            keys.update(dict.fromkeys(_keys_of(matched.statement)))
        if not _OF_REQUEST_TAGS.isdisjoint(one.partition("/")[0] for one in keys):
            keys.update(dict.fromkeys(("aws:tagkeys", "aws:requesttag/a")))
        listed = tuple(sorted(key for key in keys if is_listed_by_action(key)))
        has_resource = policies.resource is not None
        looked_at = (tuple(elements), listed, not _OF_ARNS.isdisjoint(keys), has_resource)
        if looked_at not in self._alike:
            for name, element in elements.items():
                if name not in self._fits:
                    self._fits[name] = list(self._fits_of(element, principal))
            self._alike[looked_at] = tuple(self._parted_by(*looked_at))
        if len(self._alike) > MOST_FOUND:
            self._alike, self._fits = {looked_at: self._alike[looked_at]}, {}
        self._alike[likeness] = self._alike[looked_at]
        return self._alike[likeness]

    def _name(self, element: ResourceElement, principal: CallingPrincipal) -> object:
        values = principal.keys()
        of_variables = tuple(values.get(key) for key in element.variables)
        return (element.name, element.spelled, of_variables)

    def _parted_by(
        self, elements: Sequence[object], keys: Sequence[str], of_arns: bool, has_resource: bool
    ) -> Iterator[_Asked]:
        """Part all actions by what can be seen of their requests, type by type."""
        examples: dict[int, tuple[Action, int]] = {}
        alike: dict[frozenset[int], ActionSet] = {}
        fits = [self._fits[name] for name in elements]
        for place, one in enumerate(self._classes_with_keys if keys else self._classes):
            numbers: list[int] = []
            base = self._place_of[id(one)] if keys else place
            for number, space in enumerate(one.spaces):
                seen = self._number(
                    (
                        one.special if has_resource or one.special not in _PREFIXES else "",
                        *(of_element[base][number] for of_element in fits),
                        *(
                            key_facts(key, ACCESS_KEY, one.action.name, space.resource_type)
                            for key in keys
                        ),
                        (space.has_region, space.has_account, space.owner) if of_arns else None,
                    )
                )
                examples.setdefault(seen, (one.action, number))
                numbers.append(seen)
            likeness = frozenset(numbers)
            alike[likeness] = alike.get(likeness, EMPTY) | one.actions
        for likeness, actions in alike.items():
            ordered = tuple(sorted(likeness))
            yield _Asked(ordered, tuple(examples[one] for one in ordered), actions, seen=ordered)

    def _fits_of(
        self, element: ResourceElement, principal: CallingPrincipal
    ) -> Iterator[tuple[object, ...]]:
        """Return whether an element covers resources of each type; else the resources."""
        context = principal.keys()
        is_fixed = all(key in context or key == "aws:username" for key in element.variables)
        for one in self._classes:
            fits: list[object] = []
            for space in one.spaces:
                if space.is_one and is_fixed:
                    fits.append(element.match(space.example, context).matched)
                elif not any(may_fit(space, pattern) for pattern in element.patterns):
                    fits.append(element.negated)
                else:
                    fits.append(space.example)
            yield tuple(fits)

    @cached_property
    def _classes(self) -> tuple[_ActionClass, ...]:
        """The actions by the resources that they are asked about."""
        found: dict[tuple[object, ...], ActionSet] = {}
        first: dict[tuple[object, ...], tuple[Action, Row, str]] = {}
        for number, action in enumerate(self.catalogue.actions):
            row, special = self.row_of(action), _special(action)
            own = action.name if action.service == "iam" and not action.resource_types else ""
            key = (action.service, action.resource_types, row.target, row.resources, special, own)
            first.setdefault(key, (action, row, special))
            found[key] = found.get(key, EMPTY) | 1 << number
        principal = self._principal(ACCESS_KEY)
        return tuple(
            _ActionClass(action, resource_spaces(row, principal), special, found[key])
            for key, (action, row, special) in first.items()
        )

    @cached_property
    def _classes_with_keys(self) -> tuple[_ActionClass, ...]:
        """The same, parted by the keys that the reference lists for them and their resources."""
        self._place_of: dict[int, int] = {}
        several: list[_ActionClass] = []
        for place, whole in enumerate(self._classes):
            parted: dict[object, _ActionClass] = {}
            for action in self.catalogue.members(whole.actions):
                listed = tuple(
                    keys_listed(action.name, space.resource_type) for space in whole.spaces
                )
                known = parted.get(listed)
                actions = self.catalogue.bit(action.name) | (known.actions if known else EMPTY)
                parted[listed] = whole._replace(
                    action=known.action if known else action, actions=actions
                )
            for one in parted.values():
                self._place_of[id(one)] = place
                several.append(one)
        return tuple(several)

    @cached_property
    def _trust_policy_decides(self) -> ActionSet:
        return self.catalogue.matching(f"{TRUST_POLICY_DECIDES}*")

    def _refused_whole(self, kind: CredentialsKind) -> ActionSet:
        """The actions that a service refuses the caller, whatever the resource."""
        if kind.name not in self._refused:
            nothing = _Survey(PolicySet())
            self._refused[kind.name] = self.catalogue.set_of(
                action.name
                for one in self._classes
                if one.action.service in ("iam", "sts")
                for action in self.catalogue.members(one.actions)
                if all(
                    self._search(nothing, kind, action, number)[0] == {Face.REFUSED}
                    for number in range(len(one.spaces))
                )
            )
        return self._refused[kind.name]

    def _number(self, content: object) -> int:
        """Return one small number for equal contents, which is quicker to compare."""
        number = self._numbers.get(content)
        if number is None:
            if len(self._numbers) > MOST_FOUND:
                # A number that is forgotten must not come back with another meaning.
                self._found.clear()
                self._alike.clear()
                self._surveys.clear()
                self._numbers.clear()
            number = self._numbers[content] = len(self._numbers)
        return number


def _special(action: Action) -> str:
    """Return what sets an action apart: what services or the policies of resources decide."""
    lowered = action.name.lower()
    if lowered in NO_PERMISSION_NEEDED or lowered in DEVICE_CHANGES:
        return lowered
    return next((prefix for prefix in _PREFIXES if lowered.startswith(prefix)), "")


def _content(matched: MatchedStatement) -> tuple[object, ...]:
    """Return what decides about a statement beside its actions, so that equal ones are known."""
    statement = matched.statement
    resources = statement.resources
    return (
        matched.kind,
        matched.level,
        statement.effect,
        None if resources is None else (resources.name, resources.spelled),
        None if resources is None else tuple(len(one.last.variables) for one in resources.patterns),
        tuple(
            (
                test.operator.spelled,
                test.key,
                test.spelled_values,
                tuple(map(_read_as, test.wanted)),
            )
            for test in statement.conditions
        ),
        statement.principals,
    )


def _read_as(template: object) -> int:
    return len(getattr(template, "variables", ()))


def _keys_of(statement: Statement) -> Iterator[str]:
    for test in statement.conditions:
        yield test.key
        for template in test.wanted:
            yield from (variable.key for variable in template.variables)
    if statement.resources is not None:
        yield from statement.resources.variables
