"""`mfa-lab reset`: it asks, deletes the progress alone, and says what it deleted."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mfa_lab.lesson.prediction import MultipleChoice
from mfa_lab.lesson.progress.progress import Progress
from mfa_lab.text import LANGUAGES, say

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
Failed = Callable[..., None]


@pytest.fixture
def file(tmp_path: Path, environment: dict[str, str]) -> Path:
    """A learner's progress beside notebooks, in the folder in which the command runs."""
    folder = tmp_path / "mfa_lab_notebooks"
    (folder / "en").mkdir(parents=True)
    (folder / "en" / "00_start_here.ipynb").write_text("mine", "utf-8")
    (folder / "mfa_lab_progress_en.html").write_text("mine", "utf-8")
    del environment["MFA_LAB_PROGRESS"]
    path = folder / ".mfa_lab_progress.json"
    Progress(path).record_guess("a", MultipleChoice("x", ("one",), str), "one")
    return path


def left(file: Path) -> set[str]:
    folder = file.parent
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {
        f"{file.name}.lock"
    }


KEPT = {"en/00_start_here.ipynb", "mfa_lab_progress_en.html"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_yes_deletes_the_progress_alone_and_says_so(language: str, file: Path, run: Run) -> None:
    result = run("reset", "--yes", "--lang", language)
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.decode("utf-8").strip() == say("cli.reset.deleted", language, path=file)
    assert left(file) == KEPT


@pytest.mark.parametrize(
    ("given", "is_deleted"),
    [
        (b"y\n", True), (b"YES\r\n", True), (b"n\n", False), (b"\n", False), (b"", False),
        (b"\xff\n", False), (b"yesterday\n", False),
    ],
)  # fmt: skip
def test_without_yes_it_asks_first(given: bytes, is_deleted: bool, file: Path, run: Run) -> None:
    result = run("reset", given=given)
    assert result.returncode == 0
    assert str(file) in result.stderr.decode("utf-8")
    assert result.stdout.decode("utf-8").strip() == (
        say("cli.reset.deleted", path=file) if is_deleted else say("cli.reset.kept")
    )
    assert left(file) == (KEPT if is_deleted else {*KEPT, file.name})


def test_where_there_is_nothing_to_delete_it_says_so(file: Path, run: Run) -> None:
    file.unlink()
    result = run("reset")
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.decode("utf-8").strip() == say("cli.reset.nothing", path=file)


@pytest.mark.parametrize("yes", [["--yes"], []])
def test_what_is_no_progress_stays(file: Path, run: Run, failed: Failed, yes: list[str]) -> None:
    file.write_text("mine", "utf-8")
    failed(run("reset", *yes), say("cli.failure.no_progress", path=file))
    assert file.read_text("utf-8") == "mine"


def test_a_folder_in_its_place_stays(file: Path, run: Run, failed: Failed) -> None:
    file.unlink()
    file.mkdir()
    failed(run("reset", "--yes"), say("cli.failure.no_progress", path=file))
    assert file.is_dir()


def test_off_and_another_file(
    file: Path, run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    environment["MFA_LAB_PROGRESS"] = "off"
    assert run("reset", "--yes").stdout.decode("utf-8").strip() == say("cli.reset.off")
    other = tmp_path / "other.json"
    Progress(other).record_guess("a", MultipleChoice("x", ("one",), str), "one")
    environment["MFA_LAB_PROGRESS"] = "other.json"
    assert str(other) in run("reset", "--yes").stdout.decode("utf-8")
    assert not other.exists() and file.exists()


def test_a_file_that_cannot_be_deleted_is_one_sentence(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    from mfa_lab.cli import main

    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setenv("MFA_LAB_PROGRESS", str(file))
    monkeypatch.setattr(Path, "unlink", refuse)
    assert main(["reset", "--yes", "--lang", "en"]) == 2
    out, err = capfdbinary.readouterr()
    assert out == b""
    assert b"Permission denied" in err and str(file).encode() in err and err.count(b"\n") == 1
