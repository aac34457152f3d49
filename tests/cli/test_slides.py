"""`mfa-lab slides`: every lesson of every language, as one HTML file each."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
Failed = Callable[..., None]

ROOT = Path(__file__).resolve().parents[2]


def test_every_lesson_is_written_in_every_language(run: Run, tmp_path: Path) -> None:
    result = run("slides", "out")
    lessons = {
        path.relative_to(ROOT / "notebooks").with_suffix(".html").as_posix()
        for path in (ROOT / "notebooks").glob("*/*.ipynb")
    }
    written = {path.relative_to(tmp_path / "out").as_posix() for path in tmp_path.rglob("*.html")}
    assert written == lessons
    assert str(len(lessons)) in result.stderr.decode("utf-8")
    assert (result.returncode, result.stdout) == (0, b"")
    assert '<html lang="ja">' in (tmp_path / "out/ja/00_start_here.html").read_text("utf-8")


def test_written_again_they_are_the_same(run: Run, tmp_path: Path) -> None:
    run("slides", "out")
    first = {path: path.read_bytes() for path in tmp_path.rglob("*.html")}
    run("slides", "out")
    assert first == {path: path.read_bytes() for path in tmp_path.rglob("*.html")}


def test_a_folder_that_cannot_be_written_to(run: Run, failed: Failed, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    failed(run("slides", "file"), "file", "cannot be written to")


def test_the_folder_must_be_named(run: Run, failed: Failed, tmp_path: Path) -> None:
    failed(run("slides"), "FOLDER")
    failed(run("slides", ""), "empty")
    failed(run("slides", " "), "empty")
    assert list(tmp_path.iterdir()) == []
