"""No test and no stored output reads or writes the progress of whoever makes it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mfa_lab import folders

ROOT = Path(__file__).resolve().parents[2]


def test_progress_is_off_in_every_test() -> None:
    assert os.environ["MFA_LAB_PROGRESS"] == "off"
    assert folders.progress() is None


@pytest.mark.parametrize("target", ["test", "outputs", "bench", "screenshots"])
def test_make_switches_it_off(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    [targets] = re.findall(r"^(.+): export MFA_LAB_PROGRESS = off$", makefile, re.MULTILINE)
    assert target in targets.split()


def test_stored_outputs_are_made_without_it(tmp_path: Path) -> None:
    """The variable is set before the first notebook runs; here there is none to run."""
    # No page is written either: other tests read those of the checkout at the same time.
    code = (
        "import os; from tests.notebooks import store_outputs as script;"
        "script.NOTEBOOKS = script.Path('.'); script.write_answers = script.write_sums = lambda: None;"
        "script.main([]); print(os.environ['MFA_LAB_PROGRESS'])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "MFA_LAB_PROGRESS": "mine.json", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == ["off"]


def test_a_guess_in_a_kernel_of_the_tests_writes_nothing_into_the_checkout() -> None:
    code = (
        "from mfa_lab.lesson import Lesson; one = Lesson('00_start_here');"
        "one.guess('delete_key', 'allow'); one.results(); one.check('which_wins', 'x');"
        "one.keep_progress()"
    )
    notebooks = ROOT / "notebooks"
    before = {path: path.stat().st_mtime_ns for path in notebooks.iterdir() if path.is_file()}
    subprocess.run([sys.executable, "-c", code], cwd=notebooks / "en", check=True)
    after = {path: path.stat().st_mtime_ns for path in notebooks.iterdir() if path.is_file()}
    assert before == after


@pytest.mark.parametrize(
    "name",
    [
        ".mfa_lab_progress.json",
        ".mfa_lab_progress.json.lock",
        ".mfa_lab_progress.jsonabc.part",
        ".mfa_lab_progress_kept_aside_1.json",
        "mfa_lab_progress_en.html",
        "mfa_lab_progress_ja_2.html",
    ],
)
def test_git_ignores_what_is_a_learner_s_own(name: str) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("no repository")
    run = subprocess.run(["git", "check-ignore", "-q", f"notebooks/{name}"], cwd=ROOT, check=False)
    assert run.returncode == 0
