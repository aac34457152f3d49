"""What make would run, without running it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IGNORED = (ROOT / ".gitignore").read_text("utf-8").splitlines()


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("make")
    if program is None:
        pytest.skip("no make on the PATH")
    return subprocess.run(
        # -o: as if the environment and what is in it were there.
        [program, "-n", "-o", ".venv/made", *arguments],
        cwd=ROOT,
        env={**os.environ, "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_every_target() -> None:
    source = (ROOT / "Makefile").read_text("utf-8")
    [targets] = re.findall(r"^\.PHONY: (.*)$", source, re.MULTILINE)
    said = make("help").stdout
    for target in set(targets.split()) - {"help"}:
        assert f"make {target} " in said, target


def test_wheelhouse_collects_the_pinned_packages_and_says_how_to_install() -> None:
    said = make("wheelhouse").stdout
    assert re.search(
        r"pip .*wheel .*-c constraints\.txt -w wheelhouse \. hatchling editables", said
    )
    for copied in ("constraints.txt", "data/workshop/install.en.md", "data/workshop/install.ja.md"):
        assert f"cp {copied} wheelhouse/" in said
        assert (ROOT / copied).is_file()
    assert "uv" not in said, "nothing more for this system"


@pytest.mark.parametrize(
    ("system", "tag"),
    [("windows", "win_amd64"), ("macos", "macosx_14_0_arm64"), ("linux", "manylinux_2_28_x86_64")],
)
def test_wheelhouse_for_another_system(system: str, tag: str) -> None:
    said = make("wheelhouse", f"FOR={system}", "FOR_PYTHON=3.13").stdout
    assert re.search(
        rf"download .*--only-binary=:all: .*--python-version 3\.13 .*\n?.*--platform {tag}\b", said
    )
    assert re.search(r"uv pip compile .*--python-version 3\.13 .*\n?.*-c constraints\.txt", said)


def test_an_unknown_system_is_refused() -> None:
    assert re.search(r"test -z 'plan9' \|\| test -n ''", make("wheelhouse", "FOR=plan9").stdout)


def test_lab_installs_from_a_wheelhouse_alone() -> None:
    def installs(*arguments: str) -> str:
        return make("-W", "pyproject.toml", "lab", *arguments).stdout

    assert "--no-index --find-links 'wheelhouse' -c constraints.txt" in installs(
        "WHEELHOUSE=wheelhouse"
    )
    assert "--no-index" not in installs()


def test_what_make_makes_is_ignored_and_slides_are_cleaned_but_not_wheels() -> None:
    assert {"/slides/", "/wheelhouse/"} <= set(IGNORED)
    said = make("clean").stdout
    assert " slides " in said and "wheelhouse" not in said
