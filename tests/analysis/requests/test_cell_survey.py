"""The cells of all actions at once: what each says is what it says by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.catalogue import Action, aws_catalogue
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.cell_survey import CellSurveyor
from mfa_lab.analysis.requests.cells import reachable
from mfa_lab.analysis.requests.rows import Row, Target
from mfa_lab.iam.credentials import KINDS
from mfa_lab.iam.service_rules import ServiceRules
from tests.analysis.requests.drawing import PolicyDrawer, read

SEED = 31
POLICIES = Path(__file__).parents[3] / "data" / "policies"


def own(action: Action) -> Row:
    """A row about the caller's own user or device, where the action is about one."""
    types = [name for name, _ in action.resource_types]
    if action.service == "iam" and "user" in types:
        return Row(action, Target.OWN_USER)
    return Row(action, Target.OWN_DEVICE)


@pytest.fixture(scope="module", params=[ServiceRules(), ServiceRules(has_device=True)])
def surveyor(request: pytest.FixtureRequest) -> CellSurveyor:
    return CellSurveyor(aws_catalogue(), own, request.param)


def check(
    surveyor: CellSurveyor,
    policies: PolicySet,
    draw: Random,
    count: int,
    row_of: Callable[[Action], Row] = own,
) -> None:
    catalogue = surveyor.catalogue
    near = catalogue.matching("iam:*") | catalogue.matching("s*:*")
    actions = list(catalogue.members(near)), catalogue.actions
    for _ in range(count):
        action = draw.choice(draw.choice(actions))
        kind = draw.choice(list(KINDS.values()))
        answers = reachable(policies, kind, row_of(action), surveyor.rules)
        survey = surveyor.survey(policies, kind)
        bit = catalogue.bit(action.name)
        assert survey.faces(bit) == answers.faces, (action.name, kind.name)
        opened = {face for face, some in survey.open.items() if some & bit}
        assert opened == {one.part.face for one in answers.open_parts}
        assert bool(survey.undecided & bit) is answers.is_undecided


@pytest.mark.parametrize("file", sorted(POLICIES.glob("*.json")), ids=lambda file: file.stem)
def test_published_policies(surveyor: CellSurveyor, file: Path) -> None:
    policies = PolicySet([Policy.parse(json.loads(file.read_text("utf-8")))])
    check(surveyor, policies, Random(SEED), 20)


def test_drawn_policies(surveyor: CellSurveyor) -> None:
    for number in range(25):
        draw = Random(f"{SEED}/{number}")
        check(surveyor, read(PolicyDrawer(draw).policies()), draw, 8)


@pytest.mark.parametrize(
    "context",
    [
        (("aws:sourceip", "10.1.0.1"), ("aws:requestedregion", "eu-west-1")),
        (("aws:resourcetag/team", "red"), ("aws:multifactorauthpresent", "false")),
        (("s3:prefix", "home/alice/"), ("aws:resourceaccount", None)),
    ],
)
def test_narrowed_rows(context: tuple[tuple[str, str | None], ...]) -> None:
    def narrow(action: Action) -> Row:
        return replace(own(action), context=context)

    surveyor = CellSurveyor(aws_catalogue(), narrow, ServiceRules())
    for number in range(12):
        draw = Random(f"narrowed/{SEED}/{number}")
        policies = read(PolicyDrawer(draw, "s3:ListBucket").policies())
        check(surveyor, policies, draw, 6, narrow)


def test_every_action_has_an_outcome(surveyor: CellSurveyor) -> None:
    policies = read(PolicyDrawer(Random(SEED)).policies())
    for kind in KINDS.values():
        faces = surveyor.survey(policies, kind)
        together = 0
        for actions in faces.reached.values():
            together |= actions
        assert together == surveyor.catalogue.everything
        only = [faces.only(face) for face in Face]
        assert sum(one.bit_count() for one in only) + faces.depending.bit_count() == len(
            surveyor.catalogue
        )
