"""The exact difference of two policies: which actions flip for whom, over the whole catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

from mfa_lab.analysis.catalogue import EMPTY, ActionSet, Catalogue
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.survey import Verdicts
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam.credentials import Caller
from mfa_lab.iam.policy_set import PolicySet


@dataclass(frozen=True, slots=True)
class Flip:
    """Actions that go from one face to another for one caller.

    Args:
        caller: Who.
        before: The face under the first policies.
        after: The face under the second.
        actions: Names, in alphabetical order; at least one.
        is_undocumented: Whether one of the faces, of one of the actions at least, rests on a point
            that AWS does not document.
    """

    caller: Caller
    before: Face
    after: Face
    actions: tuple[str, ...]
    is_undocumented: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes from one set of policies to another.

    Args:
        flips: What changes, caller by caller.
        actions: The actions that flip for at least one caller, in alphabetical order.
        unchanged: How many actions of the catalogue change for nobody.
        undocumented: The callers for whom other actions may change besides, or these may not, since
            AWS does not document what their context says.
        callers: Everybody who was asked for.
    """

    flips: tuple[Flip, ...]
    actions: tuple[str, ...]
    unchanged: int
    undocumented: tuple[Caller, ...] = ()
    callers: tuple[Caller, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the difference as JSON values."""
        return {
            "flips": [
                {
                    "credentials": flip.caller.kind.name,
                    "before": str(flip.before),
                    "after": str(flip.after),
                    "actions": list(flip.actions),
                }
                for flip in self.flips
            ],
            "actions": list(self.actions),
            "unchanged": self.unchanged,
            "undocumented": [caller.kind.name for caller in self.undocumented],
        }


def difference(tabulator: Tabulator, before: PolicySet, after: PolicySet) -> Difference:
    """Compare two sets of policies over the whole catalogue.

    Args:
        tabulator: Whose callers, questions and rules to use.
        before: The first policies.
        after: The second policies.
    """
    catalogue = tabulator.catalogue
    flips: list[Flip] = []
    undocumented: list[Caller] = []
    surveys = zip(tabulator.callers, tabulator.survey(before), tabulator.survey(after), strict=True)
    for caller, old, new in surveys:
        flips += _flips(catalogue, caller, old, new)
        if old.undocumented | new.undocumented:
            undocumented.append(caller)
    changed = changed_actions(tabulator, before, after)
    unchanged = len(catalogue) - changed.bit_count()
    return Difference(
        tuple(flips),
        catalogue.names(changed),
        unchanged,
        tuple(undocumented),
        tabulator.callers,
    )


def changed_actions(tabulator: Tabulator, before: PolicySet, after: PolicySet) -> ActionSet:
    """Return the actions that change for at least one of a tabulator's callers.

    Args:
        tabulator: Whose callers, questions and rules to use.
        before: The first policies.
        after: The second policies.
    """
    changed = EMPTY
    for old, new in zip(tabulator.survey(before), tabulator.survey(after), strict=True):
        changed |= _changed(old, new)
    return changed


def _flips(catalogue: Catalogue, caller: Caller, old: Verdicts, new: Verdicts) -> list[Flip]:
    undocumented = old.undocumented | new.undocumented
    return [
        Flip(caller, before, after, catalogue.names(actions), bool(undocumented & actions))
        for before, after in product(Face, Face)
        if before is not after
        for actions in [old.faces[before] & new.faces[after]]
        if actions
    ]


def _changed(old: Verdicts, new: Verdicts) -> ActionSet:
    changed = EMPTY
    for face in Face:
        changed |= old.faces[face] ^ new.faces[face]
    return changed
