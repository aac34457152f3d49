"""What was done in the course, counted and named as the learner sees it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from mfa_lab import folders
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.content import content_of
from mfa_lab.lesson.progress.progress import learners_progress
from mfa_lab.text import LANGUAGES
from mfa_lab.view.course.progress_view import ProgressView
from tests.lesson.progress.kernels import NAME


def rows(view: ProgressView) -> list[tuple[str, int, int, int, int]]:
    return [
        (one.stage, one.passed, one.checks, len(one.guesses), len(one.surprises))
        for one in view.lessons
    ]


def test_the_view_counts_and_says_what_comes_next(new_kernel: Callable[..., Lesson]) -> None:
    lesson = new_kernel()
    assert set(rows(lesson.progress())[0:2]) == {("open", 0, 1, 0, 0), ("open", 0, 2, 0, 0)}
    assert (lesson.progress().next_lesson or pytest.fail()).link == "00_start_here.ipynb"
    lesson.guess("enable_by_key", "allow")
    lesson.guess("password_by_key", "allow")
    lesson.guess("work_with_code", "allow")
    lesson.results("enable_by_key", "password_by_key")
    start = new_kernel(name="00_start_here")
    start.check("which_wins", "DenyDelete")
    view = start.progress()
    assert rows(view)[:2] == [("done", 1, 1, 0, 0), ("begun", 0, 2, 3, 1)]
    assert view.before_next == "Go on with: "
    assert (view.next_lesson or pytest.fail()).link == f"{NAME}.ipynb"
    assert "✓ 00 · Start here: checks passed 1 of 1, guesses made 0 of 1" in repr(view)
    assert "1 came out as you guessed, 1 surprised you" in view._repr_html_()


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_are_those_of_the_notebooks_in_the_language(language: str) -> None:
    view = Lesson(NAME, language).progress()
    names = [one.link for one in view.lessons]
    assert names == sorted(file.name for file in (folders.notebooks() / language).glob("*.ipynb"))
    for one in view.lessons:
        text = (folders.notebooks() / language / one.link).read_text("utf-8")
        title = json.loads(text)["cells"][0]["source"][0].removeprefix("# ").strip()
        assert one.title == title
        assert one.key_points


def test_when_all_is_done_there_is_a_page_to_keep(new_kernel: Callable[..., Lesson]) -> None:
    for done in new_kernel().progress().lessons:
        name = done.link.removesuffix(".ipynb")
        for exercise in content_of(name).exercises:
            learners_progress().record_check(name, exercise.name, True)
    view = new_kernel().progress()
    assert view.next_lesson is None
    assert "lesson.keep_progress()" in view._repr_html_()
