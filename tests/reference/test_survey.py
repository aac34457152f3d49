"""The survey of the whole catalogue answers as the reference does, one action after the other."""

from __future__ import annotations

from random import Random

import pytest

from mfa_lab.analysis.answer import Face
from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.analysis.questions import Question
from mfa_lab.analysis.survey import Surveyor
from mfa_lab.iam.credentials import KINDS, Caller, User
from mfa_lab.iam.service_rules import ServiceRules
from tests.reference.comparison import as_read, policy_set
from tests.reference.drawing import Drawer
from tests.reference.evaluator import IN_ORDER, decide
from tests.reference.spelling import written
from tests.reference.words import ACTIONS, OWN

AWS = aws_catalogue()
USER = User(account=OWN)
# One for all cases: what it keeps of one must not spoil another.
SURVEYOR = Surveyor(AWS, Question(USER), ServiceRules(has_device=True))


@pytest.mark.parametrize("kinds", [["identity"], IN_ORDER], ids=["identity", "all kinds"])
@pytest.mark.parametrize("seed", range(60))
def test_a_survey_agrees_with_the_reference(seed: int, kinds: list[str]) -> None:
    random = Random(seed)
    drawer = Drawer(random, kinds)
    caller = Caller(KINDS[drawer.choice.one(list(KINDS))], USER)
    asked = [AWS[name] for name in ACTIONS] + random.sample(AWS.actions, 20)
    about = {action.name: SURVEYOR.question.resource(action) for action in asked}
    drawer.words.resources = [about[name] for name in drawer.words.actions]
    drawer.words.principals.append(caller.arn)
    policies = drawer.policies()

    verdicts = SURVEYOR.survey(policy_set(policies), caller)
    for name, resource in about.items():
        request = {
            "action": name,
            "resource": resource,
            "principal": caller.arn,
            "context": caller.context(),
        }
        bit = AWS.bit(name)
        if verdicts.face(bit) is Face.REFUSED:
            continue
        expected = decide(as_read(policies), request)
        matched = [one.to_data() for one in verdicts.decided_by(bit)]
        found = [{"policy": one["policy"], "statement": one["statement"]} for one in matched]
        line = written({"policies": policies, "request": request})
        assert str(verdicts.face(bit)) == expected["outcome"], line
        assert found == expected["decided_by"], line
