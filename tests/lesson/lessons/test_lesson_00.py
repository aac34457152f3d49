"""Lesson 00: what its predictions come to."""

from __future__ import annotations

from mfa_lab.lesson.lessons.lesson_00 import PREDICTIONS

EXPECTED = {"delete_key": "explicit_deny"}


def test_the_statement_that_the_lesson_names_decides() -> None:
    [prediction] = PREDICTIONS
    [decided] = prediction.ask().decision.decided_by
    assert decided.statement.sid == "DenyDelete"
