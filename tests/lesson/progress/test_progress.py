"""Progress: kept for the learner, shared by kernels, and never in the way of a lesson."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mfa_lab import folders
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.content import content_of
from mfa_lab.lesson.errors import GuessError
from mfa_lab.lesson.progress.notes import (
    Check,
    Comparison,
    Guess,
    LessonNotes,
    Notes,
)
from mfa_lab.lesson.progress.progress import learners_progress
from mfa_lab.text import LANGUAGES, say
from tests.lesson.progress.kernels import NAME, QUESTION, progress_at

# What is noted.


def test_a_guess_is_kept_when_the_kernel_is_restarted(new_kernel: Callable[..., Lesson]) -> None:
    new_kernel().guess("enable_by_key", "allow")
    again = new_kernel()
    assert again.predict("enable_by_key").chosen == "allow"
    assert "[allow] → allow" in repr(again.results())


def test_who_changes_the_language_keeps_all(new_kernel: Callable[..., Lesson]) -> None:
    new_kernel("en").guess("enable_by_key", "allow")
    japanese = new_kernel("ja")
    assert japanese.predict("enable_by_key").recorded == say("guess.recorded", "ja")


def test_results_are_noted_beside_guesses_and_only_there(file: Path) -> None:
    progress = progress_at(file)
    progress.record_results("a", {"x": "one"})
    assert not file.exists()
    progress.record_guess("a", QUESTION, "many")
    progress.record_results("a", {"x": "one", "y": "one"})
    first = Comparison("many", "one", "2021-06-11T12:00:00Z")
    expected = {"a": LessonNotes({"x": Guess("many", first)})}
    assert progress_at(file).notes == Notes(expected)


def test_the_first_comparison_stays_when_the_guess_is_changed(file: Path) -> None:
    progress = progress_at(file)
    progress.record_guess("a", QUESTION, "many")
    progress.record_results("a", {"x": "one"})
    progress.record_guess("a", QUESTION, "one")
    progress.record_results("a", {"x": "one"})
    made = progress.notes.of("a").guesses["x"]
    assert made.guess == "one" and made.first is not None
    assert (made.first.guess, made.first.result) == ("many", "one")


def test_a_guess_may_be_changed_before_the_run(file: Path) -> None:
    progress = progress_at(file)
    progress.record_guess("a", QUESTION, "many")
    progress.record_guess("a", QUESTION, "one")
    progress.record_results("a", {"x": "one"})
    first = progress.notes.of("a").guesses["x"].first
    assert first is not None and (first.guess, first.result) == ("one", "one")


def test_a_guess_that_is_none_is_not_noted(file: Path) -> None:
    with pytest.raises(GuessError):
        progress_at(file).record_guess("a", QUESTION, "three")
    assert not file.exists()


def test_tries_are_counted_until_a_check_is_passed(file: Path) -> None:
    progress = progress_at(file)
    for is_right in (False, False, True, False, True):
        progress.record_check("a", "e", is_right)
    assert progress_at(file).notes.of("a").checks == {"e": Check(2, True)}


def test_an_unedited_answer_is_no_try(new_kernel: Callable[..., Lesson], file: Path) -> None:
    lesson = new_kernel()
    [three, gate] = content_of(NAME).exercises
    lesson.check(three.name, dict.fromkeys(three.solution, "?"))
    policy = lesson.policy("2021-05-13_article")
    lesson.check(gate.name, lesson.edit(policy))
    lesson.results()
    for one in content_of(NAME).predictions:
        lesson.predict(one.name)
    lesson.progress()
    lesson.forget_guesses()
    assert not file.exists()
    lesson.reset()
    assert not file.exists()


def test_answers_are_noted(new_kernel: Callable[..., Lesson]) -> None:
    lesson = new_kernel()
    [three, _] = content_of(NAME).exercises
    lesson.check(three.name, "junk")
    lesson.check(three.name, three.solution)
    assert learners_progress().notes.of(NAME).checks == {three.name: Check(1, True)}


def test_forgetting_guesses_leaves_other_lessons_and_checks(file: Path) -> None:
    progress = progress_at(file)
    for lesson in ("a", "b"):
        progress.record_guess(lesson, QUESTION, "one")
        progress.record_check(lesson, "e", True)
    progress.forget_guesses("a")
    notes = progress_at(file).notes
    assert notes.of("a") == LessonNotes({}, {"e": Check(0, True)})
    assert notes.of("b").guesses


def test_what_is_known_already_is_not_written_again(file: Path) -> None:
    progress = progress_at(file)
    progress.record_guess("a", QUESTION, "one")
    before = file.stat().st_mtime_ns, file.stat().st_ino
    progress.record_guess("a", QUESTION, "one")
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before


# Where nothing can be written.


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_folder_that_cannot_be_written(
    language: str, tmp_path: Path, new_kernel: Callable[..., Lesson]
) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "progress.json"
    lesson = new_kernel(language, progress=path)
    assert lesson.progress().notices == (say("progress.memory_unwritable", language, path=path),)
    lesson.guess("enable_by_key", "allow")
    assert lesson.predict("enable_by_key").chosen == "allow"
    assert "[allow] → allow" in repr(lesson.results())
    [notice] = lesson.progress().notices
    assert str(path) in notice
    assert lesson.progress().lessons[1].came_out == 1
    lesson.reset()
    assert lesson.predict("enable_by_key").chosen == ""


def test_what_could_not_be_written_is_written_later(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    progress = progress_at(folder / "progress.json")
    progress.record_check("a", "e", False)
    assert progress.trouble
    folder.mkdir()
    progress.record_check("a", "e", False)
    assert not progress.trouble
    assert progress_at(progress.path).notes.of("a").checks["e"] == Check(2)


def test_a_full_disk(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    progress = progress_at(file)
    progress.record_guess("a", QUESTION, "one")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    progress.record_guess("a", QUESTION, "many")
    assert progress.guess("a", "x") == "many"
    assert progress.trouble == "No space left on device"
    monkeypatch.undo()
    assert progress_at(file).guess("a", "x") == "one"
    assert not list(file.parent.glob("*.part"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_off_is_memory_and_says_so_once_there_is_something(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = Lesson(NAME, language)
    assert learners_progress().path is None
    assert lesson.progress().notices == ()
    lesson.guess("enable_by_key", "allow")
    assert lesson.progress().notices == (say("progress.memory_off", language),)
    assert Lesson(NAME, language).predict("enable_by_key").chosen == "allow"
    lesson.reset()
    assert lesson.predict("enable_by_key").chosen == ""
    monkeypatch.setenv("MFA_LAB_PROGRESS", " OFF ")
    assert folders.progress() is None


def test_reset_deletes_the_file(new_kernel: Callable[..., Lesson], file: Path) -> None:
    lesson = new_kernel()
    lesson.guess("enable_by_key", "allow")
    assert file.exists()
    assert lesson.reset().notices == (say("progress.reset", "en"),)
    assert not file.exists()
    assert lesson.reset().notices == (say("progress.reset_nothing", "en"),)


def test_a_reset_that_fails_says_so(
    new_kernel: Callable[..., Lesson], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = new_kernel()
    lesson.guess("enable_by_key", "allow")

    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    assert "Permission denied" in lesson.reset().notices[0]
