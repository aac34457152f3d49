"""Progress: kept for the learner, shared by kernels, and never in the way of a lesson."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mfa_lab import folders
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.content import content_of
from mfa_lab.lesson.errors import GuessError
from mfa_lab.lesson.prediction import MultipleChoice
from mfa_lab.lesson.progress.notes import (
    Check,
    Comparison,
    Guess,
    LessonNotes,
    Notes,
    NotesError,
)
from mfa_lab.lesson.progress.progress import Progress, learners_progress
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.course.progress_view import ProgressView
from tests.started import started

ROOT = Path(__file__).resolve().parents[3]
NAME = "01_force_mfa_policy"
QUESTION = MultipleChoice("x", ("one", "many"), lambda: "one")
NOON = datetime(2021, 6, 11, 12, tzinfo=UTC)


def progress_at(path: Path | None) -> Progress:
    return Progress(path, lambda: NOON)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "progress.json"


@pytest.fixture
def new_kernel(file: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Lesson]:
    """A lesson in a kernel that has just started, with the learner's file."""

    def start(language: str = "en", name: str = NAME, progress: Path = file) -> Lesson:
        monkeypatch.setenv("MFA_LAB_PROGRESS", str(progress))
        learners_progress.cache_clear()
        return Lesson(name, language)

    return start


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


def test_notes_come_back_as_they_were() -> None:
    first = Comparison("多い", "one", "2021-06-11T12:00:00Z")
    notes = Notes(
        {"レッスン": LessonNotes({"x": Guess("one", first), "y": Guess("")}, {"e": Check(3)})},
        ("was.json",),
    )
    assert Notes.parse(notes.to_json()) == notes


# Two kernels.

MANY = 60
_WRITER = """
import sys
from pathlib import Path
from mfa_lab.lesson.prediction import MultipleChoice
from mfa_lab.lesson.progress.progress import Progress
progress, who, many = Progress(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for number in range(many):
    progress.record_guess("shared", MultipleChoice(f"{who}{number}", ("one",), str), "one")
    progress.record_check(who, "e", False)
"""


def test_two_kernels_lose_nothing_of_each_other(file: Path) -> None:
    def writer(who: str) -> AbstractContextManager[subprocess.Popen[str]]:
        pipe = subprocess.PIPE
        command = [sys.executable, "-c", _WRITER, str(file), who, str(MANY)]
        return started(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)

    with writer("a") as first, writer("b") as second:
        for kernel in (first, second):
            assert kernel.stdout and kernel.stdout.readline() == "ready\n"
        for kernel in (first, second):  # both at once
            assert kernel.stdin
            kernel.stdin.write("\n")
            kernel.stdin.flush()
        for kernel in (first, second):
            kernel.communicate(timeout=60)
            assert kernel.returncode == 0
    notes = progress_at(file).notes
    assert set(notes.of("shared").guesses) == {f"{who}{n}" for who in "ab" for n in range(MANY)}
    assert [notes.of(who).checks["e"].tries for who in "ab"] == [MANY, MANY]
    assert sorted(one.name for one in file.parent.iterdir()) == [file.name, f"{file.name}.lock"]


def test_a_kernel_sees_what_another_noted(file: Path) -> None:
    one, other = progress_at(file), progress_at(file)
    one.record_guess("a", QUESTION, "one")
    assert other.guess("a", "x") == "one"
    other.reset()
    assert one.guess("a", "x") is None


# Files that are none.

GOOD: dict[str, Any] = json.loads(Notes({"a": LessonNotes({"x": Guess("one")}, {})}).to_json())
JUNK: dict[str, bytes] = {
    "empty": b"",
    "no JSON": b"hello",
    "half of it": json.dumps(GOOD).encode()[:-9],
    "no UTF-8": b"\xff\xfe\x00",
    "a number": b"5",
    "a list": b"[]",
    "an empty object": b"{}",
    "somebody else's": b'{"format": "x", "version": 1, "lessons": {}, "kept_aside": []}',
    "newer": json.dumps({**GOOD, "version": 2}).encode(),
    "lessons as a list": json.dumps({**GOOD, "lessons": []}).encode(),
    "a lesson as a text": json.dumps({**GOOD, "lessons": {"a": "b"}}).encode(),
    "a guess as a number": json.dumps(
        {**GOOD, "lessons": {"a": {"guesses": {"x": {"guess": 1}}, "checks": {}}}}
    ).encode(),
    "a check with few tries": json.dumps(
        {**GOOD, "lessons": {"a": {"guesses": {}, "checks": {"e": {"tries": -1, "passed": True}}}}}
    ).encode(),
    "half a character": json.dumps({**GOOD, "kept_aside": ["\ud800"]}).encode(),
    "deep": b"[" * 200_000,
    "long": b" " * 1_000_001,
    "a long number": b"9" * 10_000,
}


@pytest.mark.parametrize("content", JUNK.values(), ids=JUNK)
@pytest.mark.parametrize("language", LANGUAGES)
def test_junk_is_kept_aside_with_a_sentence(
    content: bytes, language: str, file: Path, new_kernel: Callable[..., Lesson]
) -> None:
    file.write_bytes(content)
    lesson = new_kernel(language)
    assert lesson.predict("enable_by_key").chosen == ""
    assert file.name in lesson.progress().notices[0]
    assert file.read_bytes() == content  # looking alone moves nothing
    lesson.guess("enable_by_key", "allow")
    aside = file.with_name("progress_kept_aside_1.json")
    assert aside.read_bytes() == content
    again = new_kernel(language)
    assert again.predict("enable_by_key").chosen == "allow"
    assert again.progress().notices == (say("progress.kept_aside", language, names=aside.name),)


def test_what_is_kept_aside_takes_nobody_s_place(file: Path) -> None:
    for number in (1, 2):
        file.write_text(f"junk {number}", "utf-8")
        progress_at(file).record_guess("a", QUESTION, "one")
    kept = [file.with_name(f"progress_kept_aside_{n}.json").read_text("utf-8") for n in (1, 2)]
    assert kept == ["junk 1", "junk 2"]


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("nowhere")])
def test_something_else_than_a_file_is_kept_aside_too(
    make: Callable[[Path], object], file: Path
) -> None:
    make(file)
    progress_at(file).record_guess("a", QUESTION, "one")
    assert progress_at(file).guess("a", "x") == "one"
    assert os.path.lexists(file.with_name("progress_kept_aside_1.json"))


def test_reset_does_not_delete_what_is_somebody_else_s(file: Path) -> None:
    file.write_text("mine", "utf-8")
    assert progress_at(file).reset() is False
    assert file.read_text("utf-8") == "mine"


def test_a_file_of_notes_may_begin_with_a_mark_of_order(file: Path) -> None:
    file.write_text(json.dumps(GOOD), "utf-8-sig")
    assert progress_at(file).guess("a", "x") == "one"


def test_names_and_guesses_that_a_lesson_does_not_have_are_borne(
    file: Path, new_kernel: Callable[..., Lesson]
) -> None:
    first = Comparison("no", "such", "thing")
    strange = LessonNotes(
        {"nope": Guess("x"), "enable_by_key": Guess("nope", first)}, {"nope": Check()}
    )
    file.write_text(Notes({"nope": strange, NAME: strange}).to_json(), "utf-8")
    for language in LANGUAGES:
        lesson = new_kernel(language)
        assert lesson.predict("enable_by_key").chosen == ""
        assert "[?] → allow" in repr(lesson.results())
        assert "nope" not in lesson.progress()._repr_html_()


@pytest.mark.parametrize("version", [0, 2, "1", None, [1]])
def test_another_version_is_no_notes(version: object) -> None:
    with pytest.raises(NotesError):
        Notes.parse(json.dumps({**GOOD, "version": version}))


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


# The view.


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


# Where the file is.


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A learner's notebooks, and no word about where progress is to be."""
    folder = tmp_path / "somewhere" / "mfa_lab_notebooks"
    for language in LANGUAGES:
        (folder / language).mkdir(parents=True)
        (folder / language / "00_start_here.ipynb").touch()
    monkeypatch.delenv("MFA_LAB_PROGRESS")
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    yield folder


@pytest.mark.parametrize("inside", [".", "en", "ja", ".."])
def test_it_is_beside_the_notebooks_wherever_in_them_a_kernel_runs(
    inside: str, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copy / inside)
    assert folders.progress() == copy / ".mfa_lab_progress.json"


def test_it_is_beside_the_notebook_that_the_kernel_belongs_to(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JPY_SESSION_NAME", str(copy / "ja" / "00_start_here.ipynb"))
    assert folders.progress() == copy / ".mfa_lab_progress.json"


def test_in_a_checkout_it_is_beside_its_notebooks(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert folders.progress() == ROOT / "notebooks" / ".mfa_lab_progress.json"


def test_from_a_wheel_nothing_is_kept_in_the_package(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "mfa_lab"
    (package / "notebooks" / "en").mkdir(parents=True)
    (package / "notebooks" / "en" / "00_start_here.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    assert folders.learners_notebooks(package) is None


def test_a_working_directory_that_is_gone(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert folders.notebook_folder() is None
    assert folders.progress() == ROOT / "notebooks" / ".mfa_lab_progress.json"
    monkeypatch.setenv("MFA_LAB_PROGRESS", "relative.json")
    assert folders.progress() is None
    monkeypatch.chdir(tmp_path)


def test_the_variable_names_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MFA_LAB_PROGRESS", "other.json")
    assert folders.progress() == tmp_path / "other.json"
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MFA_LAB_PROGRESS", "~/mine.json")
    assert folders.progress() == tmp_path / "home" / "mine.json"
