"""The outcomes of the cells of all actions at once, as sets of actions.

Actions that the same statements cover, and whose requests the statements tell apart by the same
means, have the same outcomes: one of them is searched, and what was found is kept for the next
policy that has such statements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from mfa_lab.analysis.catalogue import EMPTY, Action, ActionSet, Catalogue
from mfa_lab.analysis.requests.action_likeness import ActionLikeness, Alike, keys_of
from mfa_lab.analysis.requests.admission import with_alternative
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.condition_key_table import is_listed_by_action, key_facts
from mfa_lab.analysis.requests.resource_spaces import resource_spaces
from mfa_lab.analysis.requests.rows import CallingPrincipal, Row, credentials_keys
from mfa_lab.analysis.requests.search import Search
from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.credentials import CredentialsKind
from mfa_lab.iam.fast_path import CacheKey, remember
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.iam.statement import ActionElement
from mfa_lab.iam.statement_index import TRUST_POLICY_DECIDES

# Whom these refuse depends on more of the credentials than statements can see.
_WITH_SERVICE_RULES: Final = ("iam", "sts")

# What was found is kept of so many different questions.
MOST_FOUND: Final = 20_000
MOST_SURVEYS: Final = 4


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

    def without(self, refused: ActionSet) -> CellFaces:
        """Return the same, but for actions that a service refuses whatever the policies say."""
        if not refused:
            return self
        reached = {face: actions & ~refused for face, actions in self.reached.items()}
        reached[Face.REFUSED] = reached.get(Face.REFUSED, EMPTY) | refused
        opened = {face: actions & ~refused for face, actions in self.open.items()}
        return CellFaces(reached, opened, self.undecided & ~refused)


def _summed(several: Iterable[_Asked], found: Iterable[Found]) -> CellFaces:
    reached: dict[Face, ActionSet] = {}
    opened: dict[Face, ActionSet] = {}
    undecided = EMPTY
    for asked, one in zip(several, found, strict=True):
        for face in one.faces:
            reached[face] = reached.get(face, EMPTY) | asked.actions
        for face in one.open_faces:
            opened[face] = opened.get(face, EMPTY) | asked.actions
        if one.is_undecided:
            undecided |= asked.actions
    return CellFaces(reached, opened, undecided)


class AlikeActions(NamedTuple):
    """Actions whose cells have the same outcomes, under each of several policy sets.

    Args:
        actions: The actions.
        is_covered_alike: Whether the same statements cover them in all of the sets, which then
            answer them alike.
    """

    actions: ActionSet
    is_covered_alike: bool


class _Asked(NamedTuple):
    """Actions that are alike in all that the statements that cover them can see.

    Args:
        likeness: What they are alike in.
        alike: The ways in which requests for them are looked at.
        actions: The actions.
        covering: The statements.
    """

    likeness: tuple[int, ...]
    alike: Alike
    actions: ActionSet
    covering: tuple[MatchedStatement, ...]


class _Covered(NamedTuple):
    """Actions that the same statements cover.

    Args:
        covering: The statements.
        numbers: A number for what each of them says beside its actions.
        actions: The actions.
    """

    covering: tuple[MatchedStatement, ...]
    numbers: tuple[int, ...]
    actions: ActionSet


@dataclass(slots=True)
class _Survey:
    """What was found out about a set of policies.

    Args:
        policies: The set.
        faces: The answers by kind of credentials.
        covered: The actions by the statements that cover them, by the statements that there are.
        asked: The actions that are alike, by who asks.
        outcomes: The outcomes of searches, by what they are alike in.
        summed: The answers, by what was found of each of several actions that are alike.
        sights: What statements can see of kinds of credentials.
        keys: The context keys that the statements look at, in lower case.
    """

    policies: PolicySet
    faces: dict[str, CellFaces] = field(default_factory=dict)
    covered: dict[int, list[_Covered]] = field(default_factory=dict)
    asked: dict[object, list[_Asked]] = field(default_factory=dict)
    outcomes: dict[object, tuple[frozenset[Face], bool]] = field(default_factory=dict)
    summed: dict[object, CellFaces] = field(default_factory=dict)
    sights: dict[object, object] = field(default_factory=dict)
    keys: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        statements = (
            statement for each in self.policies.attached for statement in each.policy.statements
        )
        self.keys = tuple(
            dict.fromkeys(key for statement in statements for key in keys_of(statement))
        )


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
        self._likeness = ActionLikeness(catalogue, row_of)
        self._found: dict[tuple[object, ...], Found] = {}
        self._action_sets: dict[CacheKey, ActionSet] = {}
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

    def alike(self, policies: PolicySet, kind: CredentialsKind) -> tuple[ActionSet, ...]:
        """Return the actions, those together whose requests the policies tell apart alike.

        It holds of any user, as long as the rows name no target.

        Args:
            policies: The policies that are looked at, of several sets together if need be.
            kind: With what credentials the requests are made.
        """
        return tuple(one.actions for one in self._asked_of(self._survey_of(policies), kind))

    def alike_under_each(
        self, several: Sequence[PolicySet], kind: CredentialsKind
    ) -> Iterator[AlikeActions]:
        """Part the actions into sets that are answered alike, under each of several policy sets.

        Args:
            several: The policy sets, each by itself; at least one.
            kind: With what credentials the requests are made.
        """
        principal = self._likeness.principal(kind)
        of_sets = [each.index_for(principal.read).statements for each in several]
        owners = {id(one): place for place, of_set in enumerate(of_sets) for one in of_set}
        is_same = len({_whole(each) for each in several}) == 1
        whole = next((each for each in several if each.resource is not None), several[0])
        covered = self._covered([one for of_set in of_sets for one in of_set])
        for asked in self._parted(whole, covered, principal):
            covering: list[list[int]] = [[] for _ in several]
            for matched in asked.covering:
                number = self._likeness.number(_content(matched))
                covering[owners[id(matched)]].append(number)
            is_covered_alike = len({tuple(sorted(one)) for one in covering}) == 1
            yield AlikeActions(asked.actions, is_same and is_covered_alike)

    def _survey_of(self, policies: PolicySet) -> _Survey:
        """Return what is known of policies: an edit asks several times about few sets of them."""
        known = next((one for one in self._surveys if one.policies is policies), None)
        survey = known or _Survey(policies)
        others = [one for one in self._surveys if one is not survey]
        self._surveys = [*others[1 - MOST_SURVEYS :], survey]
        return survey

    def _faces(self, survey: _Survey, kind: CredentialsKind) -> CellFaces:
        several, name = self._asked_of(survey, kind), kind.name
        found = tuple(
            [
                self._found.get((name, asked.likeness)) or self._found_anew(survey, kind, asked)
                for asked in several
            ]
        )
        # Most kinds of credentials are answered as another is.
        summed = (id(several), found)
        faces = survey.summed.get(summed)
        if faces is None:
            faces = survey.summed[summed] = _summed(several, found)
        return faces.without(self._refused_whole(kind))

    def _asked_of(self, survey: _Survey, kind: CredentialsKind) -> list[_Asked]:
        principal = self._likeness.principal(kind)
        statements = survey.policies.index_for(principal.read).statements
        profile = (id(statements), kind.holder)
        if profile not in survey.asked:
            if id(statements) not in survey.covered:
                survey.covered[id(statements)] = list(self._covered(statements))
            covered = survey.covered[id(statements)]
            survey.asked[profile] = list(self._parted(survey.policies, covered, principal))
        return survey.asked[profile]

    def _found_anew(self, survey: _Survey, kind: CredentialsKind, asked: _Asked) -> Found:
        faces: frozenset[Face] = frozenset()
        others: frozenset[Face] = frozenset()
        is_undecided = False
        covering = tuple(map(id, asked.covering))
        for seen, action, number in asked.alike.examples:
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
        row, principal = self.row_of(action), self._likeness.principal(kind)
        space = resource_spaces(row, principal)[number]
        search = Search((survey.policies,), principal, row, space, self.rules, covering)
        likeness = search.likeness
        if likeness not in survey.outcomes:
            faces = frozenset(face for (face,) in search.faces)
            survey.outcomes[likeness] = faces, search.is_undecided
        return survey.outcomes[likeness]

    def _sight(self, survey: _Survey, kind: CredentialsKind, action: Action) -> object:
        """Return what statements can see of a kind of credentials: of most kinds the same."""
        if action.service in _WITH_SERVICE_RULES or self.row_of(action).context:
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

    # Which actions are alike

    def _covered(self, statements: Sequence[MatchedStatement]) -> Iterator[_Covered]:
        """Part the actions by the statements that cover them, and by what these say beside."""
        numbers = {
            id(statement): self._likeness.number(_content(statement)) for statement in statements
        }
        for covering, actions in self._by_coverage(statements):
            yield _Covered(covering, tuple([numbers[id(one)] for one in covering]), actions)

    def _parted(
        self, policies: PolicySet, several: Iterable[_Covered], principal: CallingPrincipal
    ) -> Iterator[_Asked]:
        """Part the actions until those that are together are alike."""
        whole = (_whole(policies), principal.kind.holder)
        number_of_set = self._likeness.number(whole)
        for covering, numbers, actions in several:
            likeness = (number_of_set, *numbers)
            for alike in self._likeness.under(
                covering,
                principal,
                likeness,
                has_resource_policy=policies.resource is not None,
            ):
                inside = actions & alike.actions
                if inside:
                    seen = [example.seen for example in alike.examples]
                    yield _Asked((*likeness, *seen), alike, inside, covering)

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

    @cached_property
    def _trust_policy_decides(self) -> ActionSet:
        return self.catalogue.matching(f"{TRUST_POLICY_DECIDES}*")

    def _refused_whole(self, kind: CredentialsKind) -> ActionSet:
        """The actions that a service refuses the caller, whatever the resource."""
        if kind.name not in self._refused:
            nothing = _Survey(PolicySet())
            self._refused[kind.name] = self.catalogue.set_of(
                action.name
                for one in self._likeness.classes
                if one.action.service in _WITH_SERVICE_RULES
                for action in self.catalogue.members(one.actions)
                if all(
                    self._search(nothing, kind, action, number)[0] == {Face.REFUSED}
                    for number in range(len(one.spaces))
                )
            )
        return self._refused[kind.name]


def _whole(policies: PolicySet) -> tuple[object, ...]:
    """Return what decides about a set of policies beside its statements."""
    # A trust policy counts as a resource's, yet decides about STS's actions alone.
    of_resource = None if policies.resource is None else policies.resource.kind
    return policies.kinds, of_resource, policies.scp_levels


def _content(matched: MatchedStatement) -> tuple[object, ...]:
    """Return what decides about a statement beside its actions, so that equal ones are known."""
    statement = matched.statement
    resources = statement.resources
    return (
        matched.kind,
        matched.level,
        statement.effect,
        None if resources is None else (resources.name, resources.spelled),
        None
        if resources is None
        else tuple(len(pattern.last.variables) for pattern in resources.patterns),
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
