"""The sums of the lessons are those of the lessons."""

from __future__ import annotations

from tests.notebooks.lesson_sums import FILE, sums


def test_the_sums_are_those_of_the_lessons_as_they_are() -> None:
    assert FILE.read_text("utf-8") == sums(), "run make outputs"
