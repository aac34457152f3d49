"""What the reference answers to an example is one of the outcomes that a survey finds."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.questions import Question
from mfa_lab.analysis.requests.survey import Surveyor
from mfa_lab.iam.credentials import KINDS, Caller, User
from mfa_lab.iam.service_rules import ServiceRules
from tests.reference.comparison import as_read, policy_set
from tests.reference.drawing import Drawer
from tests.reference.evaluator import IN_ORDER, decide
from tests.reference.spelling import written
from tests.reference.words import ACTIONS, OWN

AWS = aws_catalogue()
# A name that policies can ask for with a variable that differs between a user's credentials.
USER = User("true", account=OWN)
# One for all cases: what it keeps of one must not spoil another.
SURVEYOR = Surveyor(AWS, Question(USER), ServiceRules(has_device=True))


CALLERS = [Caller(kind, USER) for kind in KINDS.values()]


def assert_agrees(policies: dict[str, Any], actions: list[str]) -> None:
    """Ask the reference about an example of each cell: its outcome is one of the cell's."""
    fast, slow = policy_set(policies), as_read(policies)
    for caller in CALLERS:
        verdicts = SURVEYOR.survey(fast, caller)
        for name in actions:
            bit = AWS.bit(name)
            request = {
                "action": name,
                "resource": SURVEYOR.question.resource(AWS[name]),
                "principal": caller.arn,
                "context": caller.context(),
            }
            line = {"policies": policies, "request": request}
            outcomes = verdicts.outcomes(bit)
            if Face.REFUSED in outcomes or bit & verdicts.undecided:
                continue
            assert decide(slow, request)["outcome"] in outcomes, written(line)


@pytest.mark.parametrize("kinds", [["identity"], IN_ORDER], ids=["identity", "all kinds"])
@pytest.mark.parametrize("seed", range(4))
def test_a_survey_agrees_with_the_reference(seed: int, kinds: list[str]) -> None:
    random = Random(seed)
    drawer = Drawer(random, kinds)
    some = [action.name for action in random.sample(AWS.actions, 3)]
    drawer.words.resources = [SURVEYOR.question.resource(AWS[one]) for one in drawer.words.actions]
    drawer.words.principals += [caller.arn for caller in CALLERS]
    assert_agrees(drawer.policies(), [*ACTIONS, *some])


def test_a_variable_tells_the_credentials_of_one_user_apart() -> None:
    own = "arn:aws:iam::*:user/${aws:MultiFactorAuthPresent}"
    statement = {"Effect": "Allow", "Action": "iam:*", "Resource": own}
    policies = {"identity": [{"Version": "2012-10-17", "Statement": statement}]}
    assert_agrees(policies, ["iam:GetUser", "iam:ListUsers", "s3:GetObject"])
