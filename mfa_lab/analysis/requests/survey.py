"""One caller's cells over the whole catalogue at once, as sets of actions: each has one face."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mfa_lab.analysis.catalogue import EMPTY, ActionSet, Catalogue
from mfa_lab.analysis.requests.answer import CALL_FACES, Face
from mfa_lab.analysis.requests.cell_survey import AlikeActions, CellSurveyor
from mfa_lab.analysis.requests.questions import Question
from mfa_lab.iam.credentials import Caller, Sureness
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What one caller is answered, over the whole catalogue.

    Args:
        faces: The set of actions that each face has; every action has one.
        reached: For each face of a call the actions of which at least one request has it.
        undocumented: The actions whose face rests on a point that AWS does not document.
        undecided: The actions that may have other outcomes too: the search was cut short.
    """

    # Not in the repr: Python refuses to write an integer of 22,321 bits, and nobody could read it.
    faces: Mapping[Face, ActionSet] = field(repr=False)
    reached: Mapping[Face, ActionSet] = field(repr=False)
    undocumented: ActionSet = field(repr=False)
    undecided: ActionSet = field(repr=False, default=EMPTY)

    def face(self, action: ActionSet) -> Face:
        """Return the face of one action."""
        return next(face for face, actions in self.faces.items() if actions & action)

    def outcomes(self, action: ActionSet) -> tuple[Face, ...]:
        """Return every face that a request for one action has."""
        return tuple(face for face, actions in self.reached.items() if actions & action)


class Surveyor:
    """Answers for the whole catalogue, with what does not change between policies kept.

    Args:
        catalogue: The actions.
        question: What each action is asked about.
        rules: The service rules in force.
    """

    def __init__(self, catalogue: Catalogue, question: Question, rules: ServiceRules) -> None:
        self.catalogue, self.question, self.rules = catalogue, question, rules
        self._cells = CellSurveyor(catalogue, question.row, rules)
        self._refused_undocumented: dict[Caller, ActionSet] = {}

    def survey(self, policies: PolicySet, caller: Caller) -> Verdicts:
        """Answer for every action of the catalogue.

        Args:
            policies: The policies that bear on the caller.
            caller: Who calls, with what credentials.
        """
        cells = self._cells.survey(policies, caller.kind)
        depending = cells.depending
        reached = {face: cells.reached.get(face, EMPTY) for face in CALL_FACES}
        faces = {face: actions & ~depending for face, actions in reached.items()}
        faces[Face.DEPENDS] = depending
        undocumented = self._refusals_undocumented(caller)
        for actions in cells.open.values():
            undocumented |= actions
        return Verdicts(faces, reached, undocumented, cells.undecided)

    def alike(self, policies: PolicySet, caller: Caller) -> Iterator[ActionSet]:
        """Yield the actions in sets that have the same parts, but for resources and witnesses.

        Args:
            policies: The policies that bear on the caller.
            caller: Who calls, with what credentials.
        """
        return iter(self._cells.alike(policies, caller.kind))

    def differently_covered(
        self, before: PolicySet, after: PolicySet, caller: Caller
    ) -> Iterator[AlikeActions]:
        """Yield the actions that two policy sets may answer differently, in sets that are alike.

        Args:
            before: The first policies.
            after: The second policies.
            caller: Who calls, with what credentials.
        """
        several = self._cells.alike_under_each((before, after), caller.kind)
        return (each for each in several if not each.is_covered_alike)

    def _refusals_undocumented(self, caller: Caller) -> ActionSet:
        """Return the actions that a service refuses, though AWS does not say so for the caller."""
        if caller not in self._refused_undocumented:
            refused = EMPTY
            for action in self.catalogue.members(self._with_service_rules):
                refusal = self.rules.refusal(caller, action.name, self.question.resource(action))
                if refusal is not None and refusal.sureness is Sureness.UNDOCUMENTED:
                    refused |= self.catalogue.bit(action.name)
            self._refused_undocumented[caller] = refused
        return self._refused_undocumented[caller]

    @cached_property
    def _with_service_rules(self) -> ActionSet:
        """The actions of the services that have rules of their own."""
        return self.catalogue.matching("iam:*") | self.catalogue.matching("sts:*")
