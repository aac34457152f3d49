"""The file of the progress: shared by kernels, beside the notebooks, and never taken for another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from mfa_lab import folders
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.progress.notes import (
    Check,
    Comparison,
    Guess,
    LessonNotes,
    Notes,
)
from mfa_lab.text import LANGUAGES, say
from tests.lesson.progress.kernels import GOOD, NAME, QUESTION, progress_at
from tests.started import started

ROOT = Path(__file__).resolve().parents[3]


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
