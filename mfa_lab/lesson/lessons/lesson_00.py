"""Lesson 00, start here: a small round of predict, run and check."""

from __future__ import annotations

from typing import Final

from mfa_lab.iam import credentials
from mfa_lab.iam.policy import Policy
from mfa_lab.lesson.exercise import Exercise, Verdict, not_yet, right
from mfa_lab.lesson.prediction import Prediction

TWO_STATEMENTS: Final = Policy.parse(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "AllowAll", "Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Sid": "DenyDelete", "Effect": "Deny", "Action": "iam:Delete*", "Resource": "*"},
        ],
    }
)

PREDICTIONS: Final = (
    Prediction("delete_key", TWO_STATEMENTS, credentials.ACCESS_KEY, "iam:DeleteAccessKey"),
)


def _check_which_wins(answer: object) -> Verdict:
    """Which of the two statements decides about iam:DeleteAccessKey?"""
    given = str(answer).strip()
    if given in ("", "?"):
        return not_yet("empty")
    if given.lower() == "denydelete":
        return right()
    if given.lower() == "allowall":
        return not_yet("allow_wins")
    return not_yet("no_such_statement", given=given)


EXERCISES: Final = (
    Exercise(
        "which_wins",
        _check_which_wins,
        solution="DenyDelete",
        wrong_answers=(
            ("?", "empty"),
            ("AllowAll", "allow_wins"),
            ("iam:Delete*", "no_such_statement"),
        ),
    ),
)
