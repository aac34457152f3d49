"""A search among all requests that policies can tell apart: the first one that a check asks for.

Name and path of the user are free. Account and partition are those that the policy names, where
the ARNs of its users and MFA devices name exactly one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from mfa_lab.analysis.catalogue import Action, aws_catalogue
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.cell_survey import CellSurveyor
from mfa_lab.analysis.requests.rows import Row, Target
from mfa_lab.analysis.requests.search import Faces, Search, between, searches
from mfa_lab.iam.credentials import EXAMPLE_ACCOUNT, CredentialsKind
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.lesson.exercise import Verdict, not_yet
from mfa_lab.lesson.shown_request import ShownRequest

# Accounts for which it is kept which actions are alike: the example's, and that of one policy.
_MOST_ACCOUNTS: Final = 2

Attached: TypeAlias = Sequence[Policy]
Wanted: TypeAlias = Callable[[CredentialsKind, Action], bool]


@dataclass(frozen=True, slots=True)
class Undecided:
    """What is said where nothing was found, but the search did not come to its end.

    Args:
        kind: With what credentials.
        action: The first action of which it is not decided.
    """

    kind: CredentialsKind
    action: str


Found: TypeAlias = ShownRequest | Undecided | None


def own_account(policy: Policy) -> tuple[str, str]:
    """Return the partition and the account that a policy's users and MFA devices belong to.

    Args:
        policy: The policy; where it names none or several, they are those of the examples.
    """
    named: set[tuple[str, str]] = set()
    for statement in policy.statements:
        resources = statement.resources
        for spelled in resources.spelled if resources is not None else ():
            parts = spelled.split(":", 5)
            if len(parts) == 6 and parts[2] == "iam" and parts[5].startswith(("user/", "mfa/")):
                named.add((parts[1], parts[4]))
    partitions = {partition for partition, _ in named if "*" not in partition}
    accounts = {account for _, account in named if account.isdecimal()}
    return (
        partitions.pop() if len(partitions) == 1 else "aws",
        accounts.pop() if len(accounts) == 1 else EXAMPLE_ACCOUNT,
    )


def find_request(
    several: Sequence[Attached],
    kinds: Iterable[CredentialsKind],
    is_asked: Callable[[Faces], bool],
    wanted: Wanted = lambda kind, action: True,
    rules: ServiceRules | None = None,
) -> Found:
    """Look for a request among those for all actions.

    Args:
        several: Policies that are attached together, first those that are judged, then others
            that the answers are compared with.
        kinds: With what credentials.
        is_asked: Tells by the answers, one for each of `several`, whether it is looked for.
        wanted: Which actions count.
        rules: The service rules in force; None for a user without a device.
    """
    partition, account = own_account(several[0][0])
    surveyor = _surveyor(partition, account)
    together = PolicySet(identity=tuple(dict.fromkeys(one for each in several for one in each)))
    undecided: Undecided | None = None
    for kind in kinds:
        for actions in surveyor.alike(together, kind):
            counting = (one for one in surveyor.catalogue.members(actions) if wanted(kind, one))
            action = next(counting, None)
            if action is None:
                continue
            row = Row(action, user=None, account=account, partition=partition)
            found = find_in_cell(several, kind, row, is_asked, rules)
            if isinstance(found, ShownRequest):
                return found
            undecided = undecided or found
    return undecided


def find_in_cell(
    several: Sequence[Attached],
    kind: CredentialsKind,
    row: Row,
    is_asked: Callable[[Faces], bool],
    rules: ServiceRules | None = None,
) -> Found:
    """Look for a request among those of one cell.

    Args:
        several: As for `find_request`.
        kind: With what credentials.
        row: What else is fixed of the requests.
        is_asked: As for `find_request`.
        rules: The service rules in force; None for a user without a device.
    """
    sets = [PolicySet(identity=attached) for attached in several]
    made: list[Search] = []
    for search in searches(sets, kind, row, rules or ServiceRules()):
        made.append(search)
        for faces in search.faces:
            if is_asked(faces):
                depends_on = (*search.depends_on(faces), *between(search, made))
                return ShownRequest(kind, search.request(faces), tuple(several[0]), depends_on)
    is_undecided = any(search.is_undecided for search in made)
    return Undecided(kind, row.action.name) if is_undecided else None


def newly_allowed(faces: Faces) -> bool:
    """Tell whether the first policies allow what none of the others does."""
    first, *others = faces
    return first is Face.ALLOW and Face.ALLOW not in others


def is_allowed(faces: Faces) -> bool:
    """Tell whether the first policies allow it."""
    return faces[0] is Face.ALLOW


def is_stopped(faces: Faces) -> bool:
    """Tell whether the first policies deny what the second allow."""
    return faces[0] in (Face.EXPLICIT_DENY, Face.IMPLICIT_DENY) and faces[1] is Face.ALLOW


def not_for_all(*found: tuple[str, Found]) -> Verdict | None:
    """Return the verdict of a policy that does what is asked for some requests, and not for all.

    Args:
        found: What was looked for, each with the code of its verdict. What was found goes first;
            then what is not decided.
    """
    for code, one in found:
        if isinstance(one, ShownRequest):
            return not_yet(code, request=one)
    for _, one in found:
        if isinstance(one, Undecided):
            return not_yet("check.undecided", action=one.action, kind=one.kind)
    return None


def own_row(action: str, policy: Policy, target: Target) -> Row:
    """Return the row about something of the caller's own, in the account of a policy.

    Args:
        action: Such as `iam:EnableMFADevice`.
        policy: Says whose account it is.
        target: What the action is done to.
    """
    partition, account = own_account(policy)
    return Row(aws_catalogue()[action], target, None, account, partition)


@lru_cache(maxsize=_MOST_ACCOUNTS)
def _surveyor(partition: str, account: str) -> CellSurveyor:
    """Return who tells which actions are alike; it is kept, since it takes a while to make."""

    def row_of(action: Action) -> Row:
        return Row(action, account=account, partition=partition)

    return CellSurveyor(aws_catalogue(), row_of, ServiceRules())
