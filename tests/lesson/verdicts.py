"""The verdicts on what the exercises' authors hand in: each answer is judged once for all tests."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from mfa_lab.lesson import Lesson
from mfa_lab.lesson.content import Content, content_of
from mfa_lab.lesson.exercise import Exercise, Verdict
from mfa_lab.view.course.verdict_view import VerdictView
from tests.notebooks.lesson_file import lesson_files

EXERCISES: dict[str, tuple[Exercise, ...]] = {
    file.name: content_of(file.name).exercises for file in lesson_files("en")
}


@dataclass(frozen=True, eq=False)
class Answer:
    """A solution or a typical wrong answer.

    Args:
        lesson: Name of the lesson.
        exercise: What it answers.
        given: What is handed in.
        code: Of the verdict that it should get.
        number: Its place among the wrong answers; -1 for the solution.
    """

    lesson: str
    exercise: Exercise
    given: Any
    code: str
    number: int

    def __str__(self) -> str:
        return f"{self.exercise.name}-{self.number}-{self.code}"


SOLUTIONS = [
    Answer(lesson, exercise, exercise.solution, "right", -1)
    for lesson, exercises in EXERCISES.items()
    for exercise in exercises
]
WRONG_ANSWERS = [
    Answer(lesson, exercise, given, code, number)
    for lesson, exercises in EXERCISES.items()
    for exercise in exercises
    for number, (given, code) in enumerate(exercise.wrong_answers)
]


def wrong_answers(exercise: str) -> list[Answer]:
    """Return the typical wrong answers to an exercise."""
    return [answer for answer in WRONG_ANSWERS if answer.exercise.name == exercise]


@dataclass(frozen=True)
class Judged:
    """A verdict, and whether the answer was as before once it had been judged."""

    verdict: Verdict
    is_unchanged: bool


@cache
def judged(answer: Answer) -> Judged:
    """Judge an answer, the first time that a test asks for it."""
    before = deepcopy(answer.given)
    return Judged(answer.exercise.check(answer.given), answer.given == before)


def verdict_on(answer: Answer) -> Verdict:
    """Return the verdict on an answer."""
    return judged(answer).verdict


def shown_by_its_lesson(answer: Answer, language: str) -> VerdictView:
    """Return what the lesson shows for the verdict, without judging the answer again."""
    tools = Lesson(answer.lesson, language)
    as_judged = replace(answer.exercise, check=lambda _: verdict_on(answer))
    tools._content = Content((), (as_judged,))
    return tools.check(answer.exercise.name, answer.given)
