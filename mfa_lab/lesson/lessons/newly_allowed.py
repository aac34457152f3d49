"""What a policy allows that others did not, over the whole catalogue of AWS's actions.

A policy that enforces MFA is worth what it denies. So the calls without MFA are evaluated with
everything allowed beside it: what a user's other policies allow is not known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from mfa_lab.analysis.catalogue import EMPTY, Action, ActionSet
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.questions import Whose
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam import credentials
from mfa_lab.iam.credentials import CredentialsKind
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.lesson.lessons.request_search import (
    Found,
    Wanted,
    find_request,
    newly_allowed,
    own_account,
)
from mfa_lab.lesson.policies import EVERYTHING_ALLOWED

WITHOUT_MFA: Final = (
    credentials.ACCESS_KEY,
    credentials.CONSOLE_WITHOUT_MFA,
    credentials.SESSION_TOKEN_WITHOUT_MFA,
    credentials.FORCED_PASSWORD_CHANGE,
    credentials.THROUGH_SERVICE,
)
WITH_MFA: Final = (credentials.CONSOLE_WITH_MFA, credentials.SESSION_TOKEN_WITH_MFA)

_READING: Final = frozenset({"Read", "List"})


@dataclass(frozen=True, slots=True)
class NewlyAllowed:
    """Actions that one policy allows and others do not.

    Args:
        kind: The first kind of credentials that may call one.
        action: The first action that they may call.
        count: How many actions any kind may call.
    """

    kind: CredentialsKind
    action: str
    count: int


def reads_in_iam(action: Action) -> bool:
    """Tell whether an action only reads, and that in IAM: it shows no data of other services."""
    return action.service == "iam" and action.access_level in _READING


def changes(action: Action) -> bool:
    """Tell whether an action changes anything, by the access level that AWS gives it."""
    return action.access_level not in _READING


def newly_allowed_without_mfa(
    policy: Policy, before: Sequence[Policy], wanted: Wanted
) -> NewlyAllowed | None:
    """Find what can be done without MFA under a policy, and under none of those before.

    Args:
        policy: The policy.
        before: What it is compared with; each alone, with everything allowed beside it.
        wanted: Which openings count.
    """
    attached = [
        PolicySet(identity=(compared, EVERYTHING_ALLOWED)) for compared in (policy, *before)
    ]
    return _opened(_tabulators(WITHOUT_MFA), attached, wanted)


def newly_allowed_by_itself(
    policy: Policy, before: Sequence[Policy], wanted: Wanted
) -> NewlyAllowed | None:
    """Find what the Allow statements of a policy grant without MFA, and none of those before.

    A grant that itself asks for MFA is no opening. One that does not is held back by the Deny
    statements alone.

    Args:
        policy: The policy.
        before: What it is compared with, each alone.
        wanted: Which openings count.
    """
    attached = [PolicySet(identity=(grants_of(compared),)) for compared in (policy, *before)]
    return _opened(_tabulators(WITHOUT_MFA), attached, wanted)


def request_newly_allowed_without_mfa(
    policy: Policy, before: Sequence[Policy], wanted: Wanted
) -> Found:
    """Find a request that a policy allows without MFA, and none of those before.

    Args:
        policy: The policy.
        before: What it is compared with; each alone, with everything allowed beside it.
        wanted: Which actions count.
    """
    several = [(compared, EVERYTHING_ALLOWED) for compared in (policy, *before)]
    return find_request(several, WITHOUT_MFA, newly_allowed, wanted)


def request_newly_allowed_by_itself(
    policy: Policy, before: Sequence[Policy], wanted: Wanted
) -> Found:
    """Find a request that the Allow statements of a policy grant without MFA, and none before.

    Args:
        policy: The policy.
        before: What it is compared with, each alone.
        wanted: Which actions count.
    """
    partition, _ = own_account(policy)
    several = [(grants_of(compared, partition),) for compared in (policy, *before)]
    return find_request(several, WITHOUT_MFA, newly_allowed, wanted)


@lru_cache(maxsize=8)
def grants_of(policy: Policy, partition: str = "aws") -> Policy:
    """Return the Allow statements of a policy, as a policy; one that grants nothing for none.

    Args:
        policy: The policy.
        partition: Where its resources are, if not where it says.
    """
    statements = policy.document["Statement"]
    listed = [statements] if isinstance(statements, Mapping) else statements
    granting = [one for one in listed if one["Effect"] == "Allow"]
    nothing = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    granted = json.dumps({**policy.document, "Statement": granting or [nothing]})
    return Policy.parse(granted.replace('"arn:aws:', f'"arn:{partition}:'))


def _opened(
    tabulators: Iterable[Tabulator], attached: Sequence[PolicySet], wanted: Wanted
) -> NewlyAllowed | None:
    found: list[tuple[CredentialsKind, str]] = []
    for tabulator in tabulators:
        now, *before = (tabulator.survey(policies) for policies in attached)
        for number, caller in enumerate(tabulator.callers):
            known = EMPTY
            for verdicts in before:
                known |= _open(verdicts[number].faces)
            for action in tabulator.catalogue.members(_open(now[number].faces) & ~known):
                if wanted(caller.kind, action):
                    found.append((caller.kind, action.name))
    if not found:
        return None
    kind, action_name = found[0]
    return NewlyAllowed(kind, action_name, len({name for _, name in found}))


def _open(faces: Mapping[Face, ActionSet]) -> ActionSet:
    return faces[Face.ALLOW]


@cache
def _tabulators(kinds: tuple[CredentialsKind, ...]) -> tuple[Tabulator, ...]:
    """Ask about the caller's own user and device, and about somebody else's.

    The user has no device yet, so that AWS's rule of April 2023, which guards those who have one,
    hides nothing that the policy leaves open.
    """
    return tuple(Tabulator((), kinds, whose=whose) for whose in Whose)
