"""The search for the outcomes of a row, one principal and one type of resource at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import Final

from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.calling_principals import calling_principals
from mfa_lab.analysis.requests.decider import Decider, bits_of
from mfa_lab.analysis.requests.reachability import Goal, OutOfStepsError, Reached, reach
from mfa_lab.analysis.requests.request_parts import RequestPart, RequestParts
from mfa_lab.analysis.requests.resource_spaces import ResourceSpace, resource_spaces
from mfa_lab.analysis.requests.rows import CallingPrincipal, Row
from mfa_lab.analysis.requests.witnesses import witness
from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.credentials import Caller, CredentialsKind, User
from mfa_lab.iam.decision import Outcome
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.request import Request
from mfa_lab.iam.service_rules import DEVICE_CHANGES, Refusal, ServiceRules

RESOURCE_TYPE: Final = "resource_type"
PRINCIPAL: Final = "principal"

Faces = tuple[Face, ...]


def searches(
    several: Sequence[PolicySet], kind: CredentialsKind, row: Row, rules: ServiceRules
) -> Iterator[Search]:
    """Return the searches that together cover the requests of a cell; alike ones only once.

    Args:
        several: The policy sets that are asked, each by itself.
        kind: With what credentials the requests are made.
        row: What else is fixed of them.
        rules: The service rules in force.
    """
    principals = calling_principals(several, kind, row)
    seen: set[tuple[object, ...]] = set()
    for principal in principals.principals:
        for space in resource_spaces(row, principal):
            search = Search(several, principal, row, space, rules)
            if search.likeness not in seen:
                seen.add(search.likeness)
                search.are_principals_complete = principals.is_complete
                yield search


class Search:
    """The search for what one principal's requests about one type of resource are answered.

    Args:
        several: The policy sets that are asked, each by itself.
        principal: Who asks.
        row: What else is fixed.
        space: The resources that are asked about.
        rules: The service rules in force.
        covering: The statements of one policy set that cover the action, where they are known.

    Attributes:
        parts: The parts of the requests.
        are_principals_complete: Whether all principals that policies tell apart are asked.
    """

    def __init__(
        self,
        several: Sequence[PolicySet],
        principal: CallingPrincipal,
        row: Row,
        space: ResourceSpace,
        rules: ServiceRules,
        covering: Sequence[MatchedStatement] | None = None,
    ) -> None:
        self.row, self.space, self.principal, self.rules = row, space, principal, rules
        self._is_cut_short = False
        self.are_principals_complete = True
        self._deciders: list[tuple[Decider, int]] = []
        statements, place = [], 0
        for policies in several:
            decider = Decider(
                policies,
                principal,
                row.action.name,
                is_own=space.owner is not None,
                covering=covering,
            )
            self._deciders.append((decider, place))
            for statement in decider.statements:
                statements.append((1 << place, statement.statement))
                place += 1
        self._refused_bit = 1 << place
        is_partly_refused = self._is_own_refused and not space.is_one
        marked = {principal.user_arn: self._refused_bit} if is_partly_refused else {}
        self.parts = RequestParts(row, principal, space, statements, marked)
        self._everything = self.parts.alive | (self._refused_bit if marked else 0)

    @property
    def is_undecided(self) -> bool:
        """Whether the search did not come to its end, once it has been made."""
        return self._is_cut_short or not self.parts.is_complete or not self.are_principals_complete

    @property
    def likeness(self) -> tuple[object, ...]:
        """What decides its outcomes: searches that are alike in it need be made only once."""
        return (
            self.parts.likeness,
            tuple(decider.likeness for decider, _ in self._deciders),
            self.refusal(self.space.example) is None,
        )

    @property
    def _is_own_refused(self) -> bool:
        """Whether a service refuses a change of the caller's own devices, and of those alone."""
        if self.row.action.name.lower() not in DEVICE_CHANGES:
            return False
        return self.refusal(self.principal.user_arn) is not self.refusal("")

    def refusal(self, resource: str) -> Refusal | None:
        """Return the rule by which the service refuses a request, or None.

        Args:
            resource: What the request is about.
        """
        asking = self.principal
        user = User(asking.name, asking.path, asking.account)
        # The rules know the ARNs of one partition, and mean the same in all.
        about = resource.replace(f"arn:{asking.partition}:", "arn:aws:", 1)
        return self.rules.refusal(Caller(asking.kind, user), self.row.action.name, about)

    @cached_property
    def faces(self) -> dict[Faces, Reached]:
        """What the policy sets answer together, each with a request as its choices.

        A key has one face for each policy set. Of two policy sets only what they answer otherwise
        is looked for.
        """
        count = len(self._deciders)
        if self.parts.is_empty:
            return {}
        if not self.parts.marked:
            if self.refusal(self.space.example) is not None:
                return {(Face.REFUSED,) * count: self._any} if count == 1 else {}
            certain = [decider.certain(*self._bounds(place)) for decider, place in self._deciders]
            if None not in certain:
                faces = tuple(Face(one) for one in certain if one is not None)
                return {faces: self._any} if count == 1 or len(set(faces)) > 1 else {}
        if not all(part.choices for part in self.parts.parts):
            return {}
        found: dict[Faces, Reached] = {}
        refused = self._refused_bit if self.parts.marked else 0
        if refused and count == 1:
            one = self._reach([Goal(refused, 0, 0)], lambda mask: True)
            if one is not None:
                found[(Face.REFUSED,)] = one
        for outcomes in self._combinations():
            is_found = self._check(outcomes, refused)
            one = self._reach(self._goals(outcomes, refused), is_found)
            if one is not None:
                found[tuple(map(Face, outcomes))] = one
        return found

    def _bounds(self, place: int) -> tuple[int, int]:
        """Return the statements of one policy set that always match, and those that may."""
        return self.parts.certain >> place, self.parts.alive >> place

    def _combinations(self) -> Iterator[tuple[Outcome, ...]]:
        for outcomes in product(Outcome, repeat=len(self._deciders)):
            if len(outcomes) == 1 or len(set(outcomes)) > 1:
                yield outcomes

    def _check(self, outcomes: Sequence[Outcome], refused: int) -> Callable[[int], bool]:
        def is_found(mask: int) -> bool:
            return not mask & refused and all(
                decider.decide(mask >> place) is outcome
                for (decider, place), outcome in zip(self._deciders, outcomes, strict=True)
            )

        return is_found

    def _goals(self, outcomes: Sequence[Outcome], refused: int) -> Iterator[Goal]:
        """Return what to look for, for each Deny that may decide one by itself."""
        several = [
            self._goals_of(decider, place, outcome)
            for (decider, place), outcome in zip(self._deciders, outcomes, strict=True)
        ]
        for goals in product(*several):
            needed = wanted = 0
            unwanted = refused
            for goal in goals:
                needed |= goal.needed
                wanted |= goal.wanted
                unwanted |= goal.unwanted
            yield Goal(needed, wanted, unwanted)

    def _goals_of(self, decider: Decider, place: int, outcome: Outcome) -> list[Goal]:
        denies = decider.denies << place & self._everything
        allows = decider.allows << place & self._everything
        match outcome:
            case Outcome.EXPLICIT_DENY:
                return [Goal(bit, 0, 0) for bit in bits_of(denies)]
            case Outcome.ALLOW:
                return [Goal(0, allows, denies)]
        return [Goal(0, 0, allows | denies)]

    @property
    def _any(self) -> Reached:
        """Any request, where all are answered alike."""
        return Reached(self._everything, ())

    def _reach(self, goals: Iterable[Goal], is_found: Callable[[int], bool]) -> Reached | None:
        try:
            for goal in goals:
                found = reach(self.parts.parts, self._everything, goal, is_found)
                if found is not None:
                    return found
        except OutOfStepsError:
            self._is_cut_short = True
        return None

    def request(self, faces: Faces) -> Request:
        """Return the request that is answered so."""
        return witness(self.parts, self.faces[faces].choices)

    def depends_on(self, faces: Faces) -> tuple[str, ...]:
        """Return the parts for which another choice would be answered otherwise."""
        reached = self.faces[faces]
        names: list[str] = []
        for number, part in enumerate(self.parts.parts):
            rest = self._everything
            for other, choice in enumerate(reached.choices):
                if other != number:
                    rest &= choice.mask
            if any(self._faces(rest & choice.mask) != faces for choice in part.choices):
                names += _differing(part)
        return tuple(dict.fromkeys(names))

    def _faces(self, mask: int) -> Faces:
        if self.parts.marked and mask & self._refused_bit:
            return (Face.REFUSED,) * len(self._deciders)
        return tuple(Face(decider.decide(mask >> place)) for decider, place in self._deciders)


def _differing(part: RequestPart) -> Iterator[str]:
    """Return the names of what the choices of a part differ in."""
    for name in part.names:
        values = {choice.values.get(name) for choice in part.choices}
        if len(values) > 1 or len(part.names) == 1:
            yield name


def between(search: Search, others: Iterable[Search]) -> tuple[str, ...]:
    """Return whether another type of resource, or another principal, is answered otherwise.

    Args:
        search: One of a cell's searches.
        others: All of them.
    """
    names: dict[str, None] = {}
    for other in others:
        if other.faces.keys() != search.faces.keys():
            is_same = other.principal == search.principal
            names[RESOURCE_TYPE if is_same else PRINCIPAL] = None
    return tuple(names)
