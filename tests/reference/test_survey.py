"""What the reference answers to an example is one of the outcomes that a survey finds."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from mfa_lab import PolicySet
from mfa_lab.analysis.catalogue import Catalogue, aws_catalogue
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.table import Cell, Tabulator
from mfa_lab.iam.credentials import KINDS, User
from mfa_lab.iam.service_rules import ServiceRules
from tests.reference.comparison import as_read, policy_set
from tests.reference.drawing import Drawer
from tests.reference.evaluator import IN_ORDER, decide
from tests.reference.spelling import written
from tests.reference.words import ACTIONS, OWN

AWS = aws_catalogue()
# A name that policies can ask for with a variable that differs between a user's credentials.
USER = User("true", account=OWN)
# Those that the drawn policies are about, and some others.
ASKED = {*(AWS[name] for name in ACTIONS), *Random(0).sample(AWS.actions, 12)}
# One for all cases: what it keeps of one must not spoil another.
TABULATOR = Tabulator(
    ["*"],
    list(KINDS.values()),
    user=USER,
    rules=ServiceRules(has_device=True),
    catalogue=Catalogue(sorted(ASKED, key=lambda action: action.name)),
)

# Face and numbers of the deciding statements, by policy.
Decided = tuple[str, set[tuple[str, int]]]


def by_reference(policies: dict[str, Any], request: dict[str, Any]) -> Decided:
    """What the reference decides, and by which statements."""
    decision = decide(policies, request)
    by = {(one["policy"], one["statement"]) for one in decision["decided_by"]}
    return decision["outcome"], by


def by_cell(cell: Cell) -> Decided:
    """What every request of a cell is answered, and by which statements."""
    return str(cell.face), {(one.policy, one.statement.index) for one in cell.decided_by}


def assert_agrees(policies: dict[str, Any]) -> int:
    """Ask the reference about an example of each cell, and return of how many cells it could.

    What it decides is one of the cell's outcomes, and the cell's own answer where it has but one.
    """
    table, slow = TABULATOR.table(policy_set(policies)), as_read(policies)
    compared = 0
    for row in table.rows:
        for caller, cell in zip(table.callers, row.cells, strict=True):
            if Face.REFUSED in cell.outcomes or cell.is_undecided:
                continue
            request = {
                "action": row.action,
                "resource": row.resource,
                "principal": caller.arn,
                "context": caller.context(),
            }
            expected = by_reference(slow, request)
            line = written({"policies": policies, "request": request})
            assert expected[0] in set(map(str, cell.outcomes)), line
            assert cell.face is Face.DEPENDS or by_cell(cell) == expected, line
            compared += 1
    return compared


@pytest.mark.parametrize("kinds", [["identity"], IN_ORDER], ids=["identity", "all kinds"])
@pytest.mark.parametrize("seed", range(26))
def test_a_survey_agrees_with_the_reference(seed: int, kinds: list[str]) -> None:
    drawer = Drawer(Random(seed), kinds)
    resources = {row.action: row.resource for row in TABULATOR.table(PolicySet()).rows}
    drawer.words.resources = [resources[AWS[one].name] for one in drawer.words.actions]
    drawer.words.principals += [caller.arn for caller in TABULATOR.callers]
    assert assert_agrees(drawer.policies()) > 50


def test_a_variable_tells_the_credentials_of_one_user_apart() -> None:
    own = "arn:aws:iam::*:user/${aws:MultiFactorAuthPresent}"
    statement = {"Effect": "Allow", "Action": "iam:*", "Resource": own}
    assert assert_agrees({"identity": [{"Version": "2012-10-17", "Statement": statement}]})
