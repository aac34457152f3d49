"""A cell's outcomes, on drawn policies: each is shown by its witness, and none is left out.

*Sound*: every witness is a request of the cell, and `evaluate` decides it as claimed. *Complete*:
requests drawn out of the policies' words, by means that the search does not use, never have an
outcome that is not in the cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from mfa_lab import Policy, PolicySet, evaluate
from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.analysis.requests.admission import why_not
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.cells import Answers, reachable
from mfa_lab.analysis.requests.rows import Row, Target
from mfa_lab.analysis.table import LESSON_ACTIONS
from mfa_lab.iam.credentials import KINDS, CredentialsKind, User
from mfa_lab.iam.service_rules import ServiceRules
from tests.analysis.requests.drawing import (
    Policies,
    PolicyDrawer,
    RequestDrawer,
    any_cell,
    narrowed,
    read,
)

SEED = 2026
CELLS = 600
SLICES = 6
REQUESTS = 20
MOST_UNDECIDED = CELLS // SLICES // 50

POLICIES = Path(__file__).parents[3] / "data" / "policies"
VECTORS = Path(__file__).parents[2] / "vectors" / "decisions.jsonl"


def check_witnesses(answers: Answers, policies: PolicySet, kind: CredentialsKind, row: Row) -> None:
    """Each outcome is what its witness is answered."""
    assert answers.outcomes
    for face, part in answers.outcomes.items():
        assert part.face is face
        assert why_not(kind, row, part.witness) is None, part.witness
        if face is not Face.REFUSED:
            decision = evaluate(policies, part.witness)
            assert Face(decision.outcome) is face
            assert decision.decided_by == part.decided_by
        else:
            assert part.refusal is not None
    for one in answers.open_parts:
        other = replace(kind, mfa=one.mfa)
        assert why_not(other, row, one.part.witness) is None
        assert one.part.face not in answers.outcomes


@pytest.mark.parametrize("part", range(SLICES))
def test_drawn_policies(part: int) -> None:
    undecided = 0
    for number in range(part, CELLS, SLICES):
        draw = Random(f"{SEED}/{number}")
        kind, row = any_cell(draw)
        document = PolicyDrawer(draw, row.action.name).policies()
        policies = read(document)
        rules = ServiceRules(has_device=draw.random() < 0.5)
        answers = reachable(policies, kind, row, rules)
        undecided += answers.is_undecided
        check_witnesses(answers, policies, kind, row)
        check_drawn_requests(answers, document, kind, row, draw)
    assert undecided <= MOST_UNDECIDED


@pytest.mark.parametrize("part", range(SLICES))
def test_narrowed_rows(part: int) -> None:
    asked = 0
    for number in range(part, CELLS, SLICES):
        draw = Random(f"narrowed/{SEED}/{number}")
        kind, row = any_cell(draw)
        document = PolicyDrawer(draw, row.action.name).policies()
        drawer = RequestDrawer(draw, document, kind, row)
        policies = read(document)
        for request in drawer.requests(2):
            narrow = narrowed(draw, row, request)
            assert why_not(kind, narrow, request) is None, (narrow, request)
            answers = reachable(policies, kind, narrow)
            assert answers.outcomes, (kind.name, narrow, request)
            check_witnesses(answers, policies, kind, narrow)
            if Face.REFUSED not in answers.outcomes:
                face = Face(evaluate(policies, request).outcome)
                assert face in answers.outcomes, (document, narrow, request)
                check_drawn_requests(answers, document, kind, narrow, draw)
            asked += 1
    assert asked > CELLS / SLICES


def check_drawn_requests(
    answers: Answers, document: Policies, kind: CredentialsKind, row: Row, draw: Random
) -> None:
    """No request of the cell has another outcome; what a service refuses is not asked here."""
    if answers.is_undecided or Face.REFUSED in answers.outcomes:
        return
    policies = read(document)
    for request in RequestDrawer(draw, document, kind, row).requests(REQUESTS):
        face = Face(evaluate(policies, request).outcome)
        assert face in answers.outcomes, (document, request)


@pytest.mark.parametrize("file", sorted(POLICIES.glob("*.json")), ids=lambda file: file.stem)
def test_published_policies(file: Path) -> None:
    document = json.loads(file.read_text("utf-8"))
    policies = PolicySet([Policy.parse(document)])
    draw = Random(SEED)
    for action in LESSON_ACTIONS:
        for kind in KINDS.values():
            for target in (Target.OWN_USER, Target.DEVICE_OF_ANOTHER_NAME, Target.ANY):
                row = Row(aws_catalogue()[action], target)
                answers = reachable(policies, kind, row)
                assert not answers.is_undecided
                check_witnesses(answers, policies, kind, row)
            check_drawn_requests(answers, {"identity": [document]}, kind, row, draw)


def vectors() -> Iterator[tuple[str, Policies, str]]:
    for line in VECTORS.read_text("utf-8").splitlines():
        case = json.loads(line)
        yield case["id"], case["policies"], case["request"]["action"]


def test_the_policies_of_the_vectors() -> None:
    asked = 0
    for name, document, action in vectors():
        if action not in aws_catalogue():
            continue
        try:
            policies = read(document)
        except (ValueError, TypeError):  # what no policy may be, which vectors show too
            continue
        row = Row(
            aws_catalogue()[action],
            user=None if asked % 4 == 0 else User(),
        )
        kind = list(KINDS.values())[asked % len(KINDS)]
        answers = reachable(policies, kind, row)
        check_witnesses(answers, policies, kind, row)
        check_drawn_requests(answers, document, kind, row, Random(name))
        asked += 1
    assert asked > 200
