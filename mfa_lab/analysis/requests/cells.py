"""What a cell answers: every outcome that its requests reach, each with a request that shows it.

    reachable(policies, kind, row)    the outcomes of one cell, each with its witness

The search only finds requests. What each is answered, `evaluate` says, and a witness that it does
not answer as the search foretold is an error of the search.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from mfa_lab.analysis.requests.admission import with_alternative
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.calling_principals import calling_principals
from mfa_lab.analysis.requests.reachability import Goal, OutOfStepsError, Reached, reach
from mfa_lab.analysis.requests.request_parts import Choice, RequestPart, RequestParts
from mfa_lab.analysis.requests.resource_spaces import ResourceSpace, resource_spaces
from mfa_lab.analysis.requests.rows import CallingPrincipal, Row, Target
from mfa_lab.analysis.requests.witnesses import witness
from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.authorizer import evaluate
from mfa_lab.iam.credentials import Caller, CredentialsKind, MfaKeys
from mfa_lab.iam.decision import Outcome
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.principals import Principal, read_principal
from mfa_lab.iam.request import Request
from mfa_lab.iam.required_allows import RESOURCE_POLICY_DECIDES, Allows, missing_allows
from mfa_lab.iam.service_rules import (
    DEVICE_CHANGES,
    NO_PERMISSION_NEEDED,
    Refusal,
    ServiceRules,
)
from mfa_lab.iam.statement import Effect
from mfa_lab.iam.statement_index import TRUST_POLICY_DECIDES

RESOURCE_TYPE: Final = "resource_type"
PRINCIPAL: Final = "principal"


@dataclass(frozen=True, slots=True)
class Part:
    """An outcome of a cell.

    Args:
        face: The outcome.
        witness: A request that has it.
        decided_by: The statements that decide there; none for an implicit deny or a refusal.
        depends_on: The parts of the request that decide whether it is this outcome or another:
            context keys, `resource`, `resource_type` and `principal`. Empty where all have it.
        refusal: The service's rule, for a refusal.
        resource_type: The type of resource that the witness is about, or None.
        missing: For an implicit deny, the kinds of policy that lack an Allow.
    """

    face: Face
    witness: Request
    decided_by: tuple[MatchedStatement, ...] = ()
    depends_on: tuple[str, ...] = ()
    refusal: Refusal | None = None
    resource_type: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenPart:
    """An outcome that a cell has besides, if AWS builds a context that it does not document.

    Args:
        mfa: What the context would say about MFA.
        part: The outcome.
    """

    mfa: MfaKeys
    part: Part


@dataclass(frozen=True, slots=True)
class Answers:
    """What a cell answers.

    Args:
        outcomes: Every outcome that its requests reach.
        is_undecided: Whether there may be others, since the search did not come to its end.
        open_parts: Outcomes that rest on what AWS does not document.
        unknown_keys: Context keys that nobody knows, taken to be there or not.
    """

    outcomes: Mapping[Face, Part]
    is_undecided: bool = False
    open_parts: tuple[OpenPart, ...] = ()
    unknown_keys: tuple[str, ...] = ()

    @property
    def faces(self) -> frozenset[Face]:
        """The outcomes."""
        return frozenset(self.outcomes)

    @property
    def face(self) -> Face | None:
        """The only outcome; None where it depends."""
        return next(iter(self.outcomes)) if len(self.outcomes) == 1 else None


def reachable(
    policies: PolicySet,
    kind: CredentialsKind,
    row: Row,
    rules: ServiceRules | None = None,
) -> Answers:
    """Return every outcome of a cell.

    Args:
        policies: The policies that bear on the caller.
        kind: With what credentials its requests are made.
        row: What else is fixed of them.
        rules: The service rules in force; None for a user without a device.
    """
    rules = rules or ServiceRules()
    outcomes, is_undecided, unknown = _outcomes(policies, kind, row, rules)
    open_parts: dict[Face, OpenPart] = {}
    for other in with_alternative(kind):
        others, is_other_undecided, _ = _outcomes(policies, other, row, rules)
        is_undecided |= is_other_undecided
        for face, part in others.items():
            if face not in outcomes and face not in open_parts:
                open_parts[face] = OpenPart(other.mfa, part)
    return Answers(outcomes, is_undecided, tuple(open_parts.values()), unknown)


def _outcomes(
    policies: PolicySet, kind: CredentialsKind, row: Row, rules: ServiceRules
) -> tuple[dict[Face, Part], bool, tuple[str, ...]]:
    found: dict[Face, Part] = {}
    unknown: dict[str, None] = {}
    is_undecided = False
    searches = list(_searches(policies, kind, row, rules))
    for search in searches:
        search.faces  # noqa: B018  (whether it came to its end is known only then)
        is_undecided |= search.is_undecided
        unknown.update(search.parts.unknown_keys)
    for search in searches:
        for face in search.faces:
            if face not in found:
                found[face] = search.part(face, _between(search, searches))
    ordered = {face: found[face] for face in Face if face in found}
    return ordered, is_undecided, tuple(unknown)


def _between(search: Search, searches: Iterable[Search]) -> tuple[str, ...]:
    """Return whether another type of resource, or another principal, has other outcomes."""
    names: dict[str, None] = {}
    for other in searches:
        if other.faces.keys() != search.faces.keys():
            is_same = other.principal == search.principal
            names[RESOURCE_TYPE if is_same else PRINCIPAL] = None
    return tuple(names)


def _searches(
    policies: PolicySet, kind: CredentialsKind, row: Row, rules: ServiceRules
) -> Iterator[Search]:
    principals = calling_principals((policies,), kind, row)
    seen: set[tuple[object, ...]] = set()
    for principal in principals.principals:
        for space in resource_spaces(row, principal):
            search = Search(policies, principal, row, space, rules)
            if search.likeness not in seen:
                seen.add(search.likeness)
                search.are_principals_complete = principals.is_complete
                yield search


class Search:
    """The search for the outcomes of one principal's requests about one type of resource.

    Args:
        policies: The policies that bear on the principal.
        principal: Who asks.
        row: What else is fixed.
        space: The resources that are asked about.
        rules: The service rules in force.

    Attributes:
        parts: The parts of the requests.
        are_principals_complete: Whether all principals that policies tell apart are asked.
    """

    def __init__(
        self,
        policies: PolicySet,
        principal: CallingPrincipal,
        row: Row,
        space: ResourceSpace,
        rules: ServiceRules,
    ) -> None:
        self.policies, self.row, self.space = policies, row, space
        self.principal, self.rules = principal, rules
        self.decider = Decider(policies, principal, row)
        statements = self.decider.statements
        self._refused_bit = 1 << len(statements)
        marked = {}
        if self._refusal_of_own is not None and not space.is_one:
            marked[principal.user_arn] = self._refused_bit
        self.parts = RequestParts(
            row,
            principal,
            space,
            ((1 << number, one.statement) for number, one in enumerate(statements)),
            marked,
        )
        self._everything = self.parts.alive | (self._refused_bit if marked else 0)
        self._is_cut_short = False
        self.are_principals_complete = True

    @property
    def is_undecided(self) -> bool:
        """Whether the search did not come to its end, once it has been made."""
        return self._is_cut_short or not self.parts.is_complete or not self.are_principals_complete

    @property
    def likeness(self) -> tuple[object, ...]:
        """What decides its outcomes: searches that are alike in it need be made only once."""
        return (
            self.parts.likeness,
            self.decider.likeness,
            self._refusal(self.space.example) is None,
        )

    @property
    def _refusal_of_own(self) -> Refusal | None:
        """The rule that refuses a change of the caller's own devices, and of those alone."""
        action = self.row.action.name
        if action.lower() not in DEVICE_CHANGES:
            return None
        if self._refusal(self.principal.user_arn) is self._refusal(""):
            return None
        return self._refusal(self.principal.user_arn)

    def _refusal(self, resource: str) -> Refusal | None:
        caller = Caller(self.principal.kind, _AsUser(self.principal))  # type: ignore[arg-type]
        return self.rules.refusal(caller, self.row.action.name, resource)

    @cached_property
    def faces(self) -> dict[Face, Reached]:
        """Every outcome, with a request as the choices that it is made of."""
        everything = self._everything
        if self._refusal(self.space.example) is not None and not self.parts.marked:
            return {Face.REFUSED: self._any()}
        found: dict[Face, Reached] = {}
        refused = self._refused_bit if self.parts.marked else 0
        if refused:
            one = self._reach(Goal(refused, 0, 0), lambda mask: True)
            if one is not None:
                found[Face.REFUSED] = one
        if self.row.action.name.lower() in NO_PERMISSION_NEEDED:
            found[Face.ALLOW] = self._any()
            return found
        denies, allows = self.decider.denies & everything, self.decider.allows & everything
        decide = self.decider.decide
        denied = None
        for bit in _bits(denies):
            goal = Goal(bit, 0, refused)
            denied = self._reach(goal, lambda mask: not mask & refused)
            if denied is not None:
                found[Face.EXPLICIT_DENY] = denied
                break
        for outcome, goal in (
            (Outcome.ALLOW, Goal(0, allows, denies | refused)),
            (Outcome.IMPLICIT_DENY, Goal(0, 0, allows | denies | refused)),
        ):
            one = self._reach(
                goal,
                lambda mask, wanted=outcome: not mask & refused and decide(mask) is wanted,
            )
            if one is not None:
                found[Face(outcome)] = one
        return found

    def _any(self) -> Reached:
        choices = tuple(part.choices[0] for part in self.parts.parts)
        mask = self._everything
        for choice in choices:
            mask &= choice.mask
        return Reached(mask, choices)

    def _reach(self, goal: Goal, is_found: Any) -> Reached | None:
        try:
            return reach(self.parts.parts, self._everything, goal, is_found)
        except OutOfStepsError:
            self._is_cut_short = True
            return None

    def request(self, reached: Reached) -> Request:
        """Return the request that choices make."""
        return witness(self.parts, reached.choices)

    def part(self, face: Face, depends_on: tuple[str, ...] = ()) -> Part:
        """Return an outcome with its witness, which is decided anew.

        Args:
            face: One of the outcomes.
            depends_on: What decides between this search and others of the cell.

        Raises:
            AssertionError: The witness is answered otherwise, which is an error of the search.
        """
        reached = self.faces[face]
        request = self.request(reached)
        if len(self.faces) > 1:
            depends_on = (*self._depends_on(face, reached), *depends_on)
        refusal = self._refusal(request.resource)
        if face is Face.REFUSED:
            assert refusal is not None
            return Part(face, request, (), depends_on, refusal, self.space.resource_type)
        decision = evaluate(self.policies, request)
        if refusal is not None or Face(decision.outcome) is not face:
            raise AssertionError(f"{face} was foretold, not {decision.outcome}: {request}")
        return Part(
            face,
            request,
            decision.decided_by,
            depends_on,
            None,
            self.space.resource_type,
            decision.missing,
        )

    def _depends_on(self, face: Face, reached: Reached) -> tuple[str, ...]:
        """Return the parts for which another choice would have another outcome."""
        names: list[str] = []
        for number, part in enumerate(self.parts.parts):
            rest = self._everything
            for other, choice in enumerate(reached.choices):
                if other != number:
                    rest &= choice.mask
            if any(self._face(rest & choice.mask) is not face for choice in part.choices):
                names += _differing(part, reached.choices[number])
        return tuple(dict.fromkeys(names))

    def _face(self, mask: int) -> Face:
        if self.parts.marked and mask & self._refused_bit:
            return Face.REFUSED
        return Face(self.decider.decide(mask))


def _differing(part: RequestPart, chosen: Choice) -> Iterator[str]:
    """Return the names of what the choices of a part differ in."""
    for name in part.names:
        values = {one.values.get(name) for one in part.choices}
        if len(values) > 1 or len(part.names) == 1:
            yield name


@dataclass(frozen=True, slots=True)
class _AsUser:
    """What the service rules look at of a user."""

    principal: CallingPrincipal

    @property
    def arn(self) -> str:
        return self.principal.user_arn


class Decider:
    """Tells by the statements that match what policies answer, as `evaluate` does.

    Args:
        policies: The policies.
        principal: Who asks.
        row: Says what for, and whether the resource is the caller's own.

    Attributes:
        statements: The statements that cover the action and are about the principal; each has
            its place as its bit.
        denies: The bits of those with Deny.
        allows: The bits of those with Allow.
    """

    def __init__(self, policies: PolicySet, principal: CallingPrincipal, row: Row) -> None:
        self.policies = policies
        self.asking: Principal = read_principal(principal.arn, principal.keys()["aws:principalarn"])
        self._action = row.action.name.lower()
        self._is_own = row.target is not Target.ANOTHER_ACCOUNT
        candidates = policies.index_for(self.asking).covering(self._action)
        self.statements: tuple[MatchedStatement, ...] = tuple(
            one.statement
            for one in candidates
            if one.principals is None
            or one.principals.matches(self.asking, has_boundary=policies.has_boundary)
        )
        self.denies = self.allows = 0
        for number, one in enumerate(self.statements):
            if one.statement.effect is Effect.DENY:
                self.denies |= 1 << number
            else:
                self.allows |= 1 << number
        self._known: dict[int, bool] = {}

    @property
    def likeness(self) -> tuple[object, ...]:
        """What decides its answers: how closely resource policies name who asks, for one."""
        return (
            self.asking.type,
            tuple(
                (id(one.statement), one.statement.principals.naming(self.asking))
                for one in self.statements
                if one.statement.principals is not None
            ),
        )

    def decide(self, mask: int) -> Outcome:
        """Return the outcome where just some statements match.

        Args:
            mask: The statements, a bit each.
        """
        if self._action in NO_PERMISSION_NEEDED:
            return Outcome.ALLOW
        if mask & self.denies:
            return Outcome.EXPLICIT_DENY
        allowing = mask & self.allows
        if allowing not in self._known:
            self._known[allowing] = self._is_allowed(allowing)
        return Outcome.ALLOW if self._known[allowing] else Outcome.IMPLICIT_DENY

    def _is_allowed(self, allowing: int) -> bool:
        allows = Allows.of(
            self.policies,
            everything=1,
            same_account=int(self._is_own),
            resource_decides=int(self._action.startswith(RESOURCE_POLICY_DECIDES)),
            trust_decides=int(self._action.startswith(TRUST_POLICY_DECIDES)),
        )
        for bit in _bits(allowing):
            allows.add(self.statements[bit.bit_length() - 1], self.asking, 1)
        return not any(missing_allows(allows, self.asking).values())


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit
