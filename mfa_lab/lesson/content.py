"""The lessons, and what there is to guess and to do in each."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Final

from mfa_lab.lesson.errors import UnknownNameError
from mfa_lab.lesson.exercise import Exercise
from mfa_lab.lesson.prediction import Question

LESSONS: Final = (
    "00_start_here",
    "01_force_mfa_policy",
    "02_first_sign_in",
    "03_two_more_actions",
    "04_someone_elses_keys",
    "05_the_documented_way",
    "06_many_devices",
    "07_absent_is_not_false",
    "08_design_your_own",
    "09_check_your_own_policy",
)


@dataclass(frozen=True, slots=True)
class Content:
    """What there is to guess and to do in a lesson.

    Args:
        predictions: The questions, in order.
        exercises: The exercises, in order.
    """

    predictions: tuple[Question, ...]
    exercises: tuple[Exercise, ...]


def content_of(name: str) -> Content:
    """Return what there is to guess and to do in a lesson.

    Args:
        name: The notebook's name without `.ipynb`.

    Raises:
        UnknownNameError: There is no such lesson.
    """
    if name not in LESSONS:
        raise UnknownNameError("lesson", name, LESSONS)
    module = import_module(f"mfa_lab.lesson.lessons.lesson_{name[:2]}")
    return Content(module.PREDICTIONS, module.EXERCISES)
