"""How the answers changed from one version of a policy to the next, and for whom.

Each version is asked as on the day on which it appeared: AWS's own rule about MFA devices is in
force for those alone that appeared after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from mfa_lab.analysis.catalogue import EMPTY
from mfa_lab.analysis.difference import changed_actions
from mfa_lab.analysis.requests.answer import Answer, Face
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.analysis.requests.questions import Question
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam import credentials
from mfa_lab.iam.credentials import CredentialsKind
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import DEVICE_CHANGES, ServiceRules

# A user's own credentials; a role session has the role's policies, and is another history.
HISTORY_KINDS: Final = (
    credentials.ACCESS_KEY,
    credentials.CONSOLE_WITHOUT_MFA,
    credentials.SESSION_TOKEN_WITHOUT_MFA,
    credentials.CONSOLE_WITH_MFA,
    credentials.SESSION_TOKEN_WITH_MFA,
)
RULE_ABOUT_OWN_DEVICES: Final = "2023-04-21"
"""From when a user with a device needs MFA to change own devices (bulletin AWS-2023-001)."""

_OTHER_NAME: Final = "phone"
_ENABLE: Final = "iam:enablemfadevice"


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a policy.

    Args:
        date: When it appeared, `2017-12-01` or, where the day is not known, `2023-11`.
        policy: The policy.
    """

    date: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class HistoryQuestion:
    """What is asked of each version.

    Args:
        action: Such as `iam:EnableMFADevice`.
        variant: `own_name` or `other_name` of the device, `first_device` or `further_device`, or
            empty where there is but one way to ask.
    """

    action: str
    variant: str = ""

    def answer(self, version: Version, kind: CredentialsKind) -> Answer:
        """Ask a version of the policy, as on its day."""
        removes = self.action.lower() in DEVICE_CHANGES - {_ENABLE}
        rules = ServiceRules(
            has_device=removes or self.variant == "further_device",
            own_devices_need_mfa=version.date >= RULE_ABOUT_OWN_DEVICES,
        )
        resource = None
        if self.variant == "other_name":
            resource = f"arn:aws:iam::{credentials.EXAMPLE_ACCOUNT}:mfa/{_OTHER_NAME}"
        policies = PolicySet(identity=[version.policy])
        return ask(policies, kind, self.action, rules, resource=resource)


@dataclass(frozen=True, slots=True)
class Line:
    """What is answered alike to one question or several, version by version.

    Args:
        asked: The questions.
        faces: The answers, one a version.
        undocumented: Whether each rests on a point that AWS does not document.
    """

    asked: tuple[HistoryQuestion, ...]
    faces: tuple[Face, ...]
    undocumented: tuple[bool, ...]

    @property
    def changes(self) -> bool:
        """Whether two versions answer differently."""
        return len(set(self.faces)) > 1

    def runs(self) -> list[tuple[int, int, Face, bool]]:
        """Return the stretches of the same answer: first version, length, face, undocumented."""
        cells = list(zip(self.faces, self.undocumented, strict=True))
        found, first = [], 0
        for (face, is_undocumented), run in groupby(cells):
            length = len(list(run))
            found.append((first, length, face, is_undocumented))
            first += length
        return found


@dataclass(frozen=True, slots=True)
class Panel:
    """The history for credentials that are answered alike in every version.

    Args:
        kinds: The kinds of credentials.
        lines: What changed for them. None where nothing did.
        steady: The one face of all answers where there is but one, else None.
        undocumented: Those of the kinds for whom an answer rests on a point that AWS does not
            document.
    """

    kinds: tuple[CredentialsKind, ...]
    lines: tuple[Line, ...]
    steady: Face | None
    undocumented: tuple[CredentialsKind, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """What changed over the versions of a policy.

    Args:
        versions: Oldest first.
        panels: One for the credentials that are answered alike.
    """

    versions: tuple[Version, ...]
    panels: tuple[Panel, ...]


def history(
    versions: Sequence[Version], kinds: Sequence[CredentialsKind] = HISTORY_KINDS
) -> History:
    """Find what changed over the versions of a policy, among all actions of AWS.

    Args:
        versions: Oldest first; at least one.
        kinds: Kinds of credentials.
    """
    questions = _questions(versions, kinds)
    lines = {
        kind: tuple(_line(question, versions, kind) for question in questions) for kind in kinds
    }
    alike: dict[tuple[tuple[Face, ...], ...], list[CredentialsKind]] = {}
    for kind in kinds:
        alike.setdefault(tuple(line.faces for line in lines[kind]), []).append(kind)
    panels = [_panel(group, [lines[kind] for kind in group]) for group in alike.values()]
    return History(tuple(versions), tuple(panels))


def _questions(
    versions: Sequence[Version], kinds: Sequence[CredentialsKind]
) -> list[HistoryQuestion]:
    """Return what may change: the actions whose answers differ, in each way to ask about them."""
    own_name = Tabulator(kinds=kinds)
    other_name = Tabulator(kinds=kinds, device_name=_OTHER_NAME)
    sets = [PolicySet(identity=[version.policy]) for version in versions]
    changed = EMPTY
    for tabulator in (own_name, other_name):
        for before, after in pairwise(sets):
            changed |= changed_actions(tabulator, before, after)
    catalogue = own_name.catalogue
    for name in DEVICE_CHANGES:
        changed |= catalogue.matching(name)
    found = []
    for action in catalogue.members(changed):
        has_named_device = Question(device_name=_OTHER_NAME).resource(action) != (
            Question().resource(action)
        )
        variants: tuple[str, ...] = ("",)
        if has_named_device:
            variants = ("own_name", "other_name")
        elif action.name.lower() == _ENABLE:
            variants = ("first_device", "further_device")
        found += [HistoryQuestion(action.name, variant) for variant in variants]
    return sorted(found, key=lambda one: "MFADevice" not in one.action)  # the devices first


def _line(asked: HistoryQuestion, versions: Iterable[Version], kind: CredentialsKind) -> Line:
    answers = [asked.answer(version, kind) for version in versions]
    return Line(
        (asked,),
        tuple(answer.face for answer in answers),
        tuple(answer.is_undocumented for answer in answers),
    )


def _panel(kinds: Sequence[CredentialsKind], lines: Sequence[Sequence[Line]]) -> Panel:
    """Put together what credentials have in common, lines that say the same in one."""
    together = [_in_one(same) for same in zip(*lines, strict=True)]
    changing = {line.asked[0].action for line in together if line.changes}
    faces = {face for line in together for face in line.faces}
    merged: dict[tuple[object, ...], list[Line]] = {}
    for line in together:
        if line.asked[0].action in changing:
            own = line.asked if line.asked[0].variant else ()
            merged.setdefault((line.faces, line.undocumented, own), []).append(line)
    found = tuple(_in_one(same) for same in merged.values())
    shown = {asked for line in found for asked in line.asked}
    undocumented = tuple(
        kind
        for kind, of_kind in zip(kinds, lines, strict=True)
        if any(any(line.undocumented) and shown.issuperset(line.asked) for line in of_kind)
    )
    return Panel(tuple(kinds), found, faces.pop() if len(faces) == 1 else None, undocumented)


def _in_one(same: Sequence[Line]) -> Line:
    """Put lines of the same answers into one."""
    asked = dict.fromkeys(asked for line in same for asked in line.asked)
    undocumented = zip(*(line.undocumented for line in same), strict=True)
    return Line(tuple(asked), same[0].faces, tuple(map(any, undocumented)))
