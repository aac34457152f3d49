"""The exact difference of two policies: which actions flip for whom, over the whole catalogue.

An action flips where the two answer a request for it differently, whatever the request.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from mfa_lab.analysis.catalogue import EMPTY, ActionSet
from mfa_lab.analysis.requests.answer import CALL_FACES, Face
from mfa_lab.analysis.requests.flips import CellFlips, flips
from mfa_lab.analysis.requests.survey import Verdicts
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam.credentials import Caller
from mfa_lab.iam.policy_set import PolicySet


@dataclass(frozen=True, slots=True)
class Flip:
    """Actions of which a request goes from one face to another for one caller.

    Args:
        caller: Who.
        before: The face of the request under the first policies.
        after: Its face under the second.
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
        before: The first policies.
        after: The second policies.
        flips: What changes, caller by caller.
        actions: The actions that flip for at least one caller, in alphabetical order.
        unchanged: How many actions of the catalogue change for nobody.
        undocumented: The callers for whom other actions may change besides, or these may not, since
            AWS does not document what their context says.
        callers: Everybody who was asked for.
        undecided: The actions that may flip in other ways too: the search was cut short.
    """

    before: PolicySet
    after: PolicySet
    flips: tuple[Flip, ...]
    actions: tuple[str, ...]
    unchanged: int
    undocumented: tuple[Caller, ...] = ()
    callers: tuple[Caller, ...] = ()
    undecided: tuple[str, ...] = ()

    def changes(self, tabulator: Tabulator, caller: Caller, action: str) -> CellFlips:
        """Return how the answers about an action change, each change with a witness.

        Args:
            tabulator: What made the difference.
            caller: Who calls.
            action: Name of the action.
        """
        row = tabulator.surveyor.question.row(tabulator.catalogue[action])
        return flips(self.before, self.after, caller.kind, row, tabulator.rules)

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
            "undecided": list(self.undecided),
        }


def difference(tabulator: Tabulator, before: PolicySet, after: PolicySet) -> Difference:
    """Compare two sets of policies over the whole catalogue.

    Args:
        tabulator: Whose callers, questions and rules to use.
        before: The first policies.
        after: The second policies.
    """
    catalogue = tabulator.catalogue
    found: list[Flip] = []
    undocumented: list[Caller] = []
    changed = undecided = EMPTY
    surveys = zip(tabulator.callers, tabulator.survey(before), tabulator.survey(after), strict=True)
    for caller, old, new in surveys:
        open_points = old.undocumented | new.undocumented
        changing = _changing(tabulator, caller, (before, old), (after, new))
        undecided |= changing.undecided
        for (first, second), actions in changing.actions.items():
            changed |= actions
            names, is_undocumented = catalogue.names(actions), bool(open_points & actions)
            found.append(Flip(caller, first, second, names, is_undocumented))
        if open_points:
            undocumented.append(caller)
    return Difference(
        before,
        after,
        tuple(found),
        catalogue.names(changed),
        len(catalogue) - changed.bit_count(),
        tuple(undocumented),
        tabulator.callers,
        catalogue.names(undecided),
    )


def changed_actions(tabulator: Tabulator, before: PolicySet, after: PolicySet) -> ActionSet:
    """Return the actions that change for at least one of a tabulator's callers.

    Args:
        tabulator: Whose callers, questions and rules to use.
        before: The first policies.
        after: The second policies.
    """
    changed = EMPTY
    surveys = zip(tabulator.callers, tabulator.survey(before), tabulator.survey(after), strict=True)
    for caller, old, new in surveys:
        for actions in _changing(tabulator, caller, (before, old), (after, new)).actions.values():
            changed |= actions
    return changed


class _Changing(NamedTuple):
    """The actions that change for one caller.

    Args:
        actions: Those of which a request has one face first and another one then, by the two.
        undecided: Those that may change in other ways too.
    """

    actions: dict[tuple[Face, Face], ActionSet]
    undecided: ActionSet


def _changing(
    tabulator: Tabulator,
    caller: Caller,
    first: tuple[PolicySet, Verdicts],
    second: tuple[PolicySet, Verdicts],
) -> _Changing:
    (before, old), (after, new) = first, second
    if before is after:
        return _Changing({}, old.undecided)
    # Where one of the two answers all requests alike, both faces say how each request changes.
    depending = old.faces[Face.DEPENDS] & new.faces[Face.DEPENDS]
    found = {
        (one, other): old.reached[one] & new.reached[other] & ~depending
        for one, other in product(CALL_FACES, CALL_FACES)
        if one is not other
    }
    undecided = (old.undecided | new.undecided) & ~depending
    for alike in tabulator.surveyor.differently_covered(before, after, caller):
        actions = alike.actions & depending
        if not actions:
            continue
        example = next(tabulator.catalogue.members(actions))
        row = tabulator.surveyor.question.row(example)
        changes = flips(before, after, caller.kind, row, tabulator.rules)
        for faces in changes.flips:
            found[faces] |= actions
        if changes.is_undecided:
            undecided |= actions
    return _Changing({faces: actions for faces, actions in found.items() if actions}, undecided)
