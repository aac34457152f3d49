"""What a cell answers: every outcome that its requests reach, each with a request that shows it.

    reachable(policies, kind, row)    the outcomes of one cell, each with its witness

The search only finds requests. What each is answered, `evaluate` says, and a witness that it does
not answer as the search foretold is an error of the search.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mfa_lab.analysis.requests.admission import with_alternative
from mfa_lab.analysis.requests.answer import Answer, Face
from mfa_lab.analysis.requests.rows import Row
from mfa_lab.analysis.requests.search import Search, between, searches
from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.authorizer import evaluate
from mfa_lab.iam.credentials import Caller, CredentialsKind, MfaKeys
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.request import Request
from mfa_lab.iam.service_rules import Refusal, ServiceRules


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
    made = list(searches((policies,), kind, row, rules))
    found: dict[Face, Part] = {}
    unknown: dict[str, None] = {}
    for search in made:
        for (face,) in search.faces:
            if face not in found:
                found[face] = _part(policies, face, search, between(search, made))
        unknown.update(search.parts.unknown_keys)
    ordered = {face: found[face] for face in Face if face in found}
    return ordered, any(one.is_undecided for one in made), tuple(unknown)


def _part(policies: PolicySet, face: Face, search: Search, others: tuple[str, ...]) -> Part:
    """Return an outcome with its witness, which is decided anew.

    Raises:
        AssertionError: The witness is answered otherwise, which is an error of the search.
    """
    depends_on = others
    if len(search.faces) > 1:
        depends_on = (*search.depends_on((face,)), *others)
    return part_of(policies, face, search, search.request((face,)), depends_on)


def part_of(
    policies: PolicySet,
    face: Face,
    search: Search,
    request: Request,
    depends_on: tuple[str, ...],
) -> Part:
    """Return what a witness is answered.

    Args:
        policies: Who decides.
        face: What the search foretold.
        search: The search that found it.
        request: The witness.
        depends_on: What decides whether it is this outcome or another.

    Raises:
        AssertionError: It is answered otherwise, which is an error of the search.
    """
    refusal = search.refusal(request.resource)
    decision = evaluate(policies, request)
    answered = Face.REFUSED if refusal is not None else Face(decision.outcome)
    if answered is not face:
        raise AssertionError(f"{face} was foretold, not {answered}: {request}")
    resource_type = search.space.resource_type
    if refusal is not None:
        return Part(face, request, (), depends_on, refusal, resource_type)
    by = decision.decided_by
    return Part(face, request, by, depends_on, None, resource_type, decision.missing)


def answer_of(policies: PolicySet, caller: Caller, part: Part) -> Answer:
    """Return what the witness of a part is answered, with its trace.

    Args:
        policies: Who decides.
        caller: Who asks.
        part: The part.
    """
    return Answer(part.face, caller, evaluate(policies, part.witness), part.refusal, ())
