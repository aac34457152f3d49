"""Lesson 01: what its predictions come to, written out from AWS's pages and the article.

Sources: data/facts.md, "The MFA condition keys", "Conditions on the MFA keys" and "Policy evaluation".
"""

from __future__ import annotations

import pytest

from mfa_lab.lesson.lessons.lesson_01 import PREDICTIONS
from mfa_lab.lesson.prediction import Prediction

EXPECTED = {
    "own_keys_by_console": "explicit_deny",
    "enable_by_key": "allow",
    "password_by_key": "explicit_deny",
    "work_with_code": "implicit_deny",
}
# User alice, account 123456789012.
ALICE = "arn:aws:iam::123456789012:user/alice"
ASKED = {
    "own_keys_by_console": ("iam:ListAccessKeys", ALICE, "console_without_mfa"),
    "enable_by_key": ("iam:EnableMFADevice", ALICE, "access_key"),
    "password_by_key": ("iam:ChangePassword", ALICE, "access_key"),
    "work_with_code": ("ec2:DescribeInstances", "*", "console_with_mfa"),
}


@pytest.mark.parametrize("prediction", PREDICTIONS, ids=lambda one: one.name)
def test_a_prediction_asks_what_its_question_says(prediction: Prediction) -> None:
    answer = prediction.ask()
    request = answer.decision.request
    assert (request.action, request.resource, answer.caller.kind.name) == ASKED[prediction.name]
