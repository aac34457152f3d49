"""The stage of a lesson, and which lesson is next."""

from __future__ import annotations

import pytest

from mfa_lab.view.course.answer_options import Option
from mfa_lab.view.course.progress_view import GuessMade, LessonDone, ProgressView, Stage

DENIED, ALLOWED = Option("explicit_deny", "denied"), Option("allow", "allowed")
GUESS = GuessMade("Is it allowed?", DENIED)


def lesson(
    title: str = "a lesson",
    *,
    checks: int = 2,
    passed: int = 0,
    tries: int = 0,
    guesses: tuple[GuessMade, ...] = (),
) -> LessonDone:
    return LessonDone(title, "01.ipynb", checks, passed, tries, questions=2, guesses=guesses)


@pytest.mark.parametrize(
    ("done", "stage"),
    [
        (lesson(), "open"),
        (lesson(tries=1), "begun"),
        (lesson(guesses=(GUESS,)), "begun"),
        (lesson(passed=1), "begun"),
        (lesson(passed=2), "done"),
        (lesson(passed=2, tries=3, guesses=(GUESS,)), "done"),
    ],
)
def test_the_stage_of_a_lesson(done: LessonDone, stage: Stage) -> None:
    assert done.stage == stage


def test_a_lesson_without_checks_is_not_done_by_itself() -> None:
    """None of none is passed: that says nothing of what the learner did."""
    assert lesson(checks=0).stage == "open"
    assert lesson(checks=0, guesses=(GUESS,)).stage == "begun"


def test_a_guess_that_was_not_run_neither_came_out_nor_surprised() -> None:
    right, wrong = GuessMade("?", DENIED, DENIED), GuessMade("?", DENIED, ALLOWED)
    told = {guess: (guess.came_out, guess.surprised) for guess in (GUESS, right, wrong)}
    assert told == {GUESS: (False, False), right: (True, False), wrong: (False, True)}
    done = lesson(guesses=(GUESS, right, wrong))
    assert (done.came_out, done.surprises) == (1, (wrong,))


def test_the_next_lesson_is_one_that_is_begun_before_one_that_is_open() -> None:
    done, open_one, begun = lesson("a", passed=2), lesson("b"), lesson("c", tries=1)
    assert ProgressView((done, open_one, begun)).next_lesson is begun
    assert ProgressView((done, open_one)).next_lesson is open_one
    assert ProgressView((done,)).next_lesson is None
