"""Requests that two policy sets answer differently, each as a witness with both answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mfa_lab.analysis.requests.admission import with_alternative
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.cells import Part, part_of
from mfa_lab.analysis.requests.rows import Row
from mfa_lab.analysis.requests.search import between, searches
from mfa_lab.iam.credentials import CredentialsKind, MfaKeys
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules


@dataclass(frozen=True, slots=True)
class CellFlip:
    """A request that two policy sets answer differently.

    Args:
        before: What the first answers, with the request as its witness.
        after: What the second answers the same request.
        mfa: What the context would say about MFA, where the flip rests on what AWS does not
            document; else None.
    """

    before: Part
    after: Part
    mfa: MfaKeys | None = None


@dataclass(frozen=True, slots=True)
class CellFlips:
    """How the answers of a cell change from one policy set to another.

    Args:
        flips: One for each pair of different outcomes that one request has.
        is_undecided: Whether there may be others, since the search did not come to its end.
        open_flips: Those that rest on what AWS does not document.
    """

    flips: Mapping[tuple[Face, Face], CellFlip]
    is_undecided: bool = False
    open_flips: tuple[CellFlip, ...] = ()


def flips(
    before: PolicySet,
    after: PolicySet,
    kind: CredentialsKind,
    row: Row,
    rules: ServiceRules | None = None,
) -> CellFlips:
    """Return how the answers of a cell change, over all its requests.

    Args:
        before: The first policies.
        after: The second policies.
        kind: With what credentials the cell's requests are made.
        row: What else is fixed of them.
        rules: The service rules in force; None for a user without a device.
    """
    rules = rules or ServiceRules()
    found, is_undecided = _flips(before, after, kind, row, rules, None)
    open_flips: dict[tuple[Face, Face], CellFlip] = {}
    for other in with_alternative(kind):
        others, is_other_undecided = _flips(before, after, other, row, rules, other.mfa)
        is_undecided |= is_other_undecided
        for faces, flip in others.items():
            if faces not in found:
                open_flips.setdefault(faces, flip)
    return CellFlips(found, is_undecided, tuple(open_flips.values()))


def _flips(
    before: PolicySet,
    after: PolicySet,
    kind: CredentialsKind,
    row: Row,
    rules: ServiceRules,
    mfa: MfaKeys | None,
) -> tuple[dict[tuple[Face, Face], CellFlip], bool]:
    made = list(searches((before, after), kind, row, rules))
    found: dict[tuple[Face, Face], CellFlip] = {}
    for search in made:
        for faces in search.faces:
            first, second = faces
            if (first, second) in found:
                continue
            request = search.request(faces)
            depends_on = (*search.depends_on(faces), *between(search, made))
            found[first, second] = CellFlip(
                part_of(before, first, search, request, depends_on),
                part_of(after, second, search, request, depends_on),
                mfa,
            )
    return found, any(one.is_undecided for one in made)
