"""What travels: the wheel works without the tree it was built from, the sdist can build it again.

Both are built with hatchling in this process, without a network, from a copy of the tree with one
file of every kind planted in it.
"""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

import mfa_lab

ROOT = Path(__file__).resolve().parents[2]

# Where a file stands in the tree, and where it must stand in the wheel.
PLANTED = {
    "data/planted.md": "mfa_lab/data/planted.md",
    "data/policies/planted.json": "mfa_lab/data/policies/planted.json",
    "notebooks/en/99_planted.ipynb": "mfa_lab/notebooks/en/99_planted.ipynb",
    "notebooks/ja/99_planted.ipynb": "mfa_lab/notebooks/ja/99_planted.ipynb",
    "mfa_lab/view/planted.js": "mfa_lab/view/planted.js",
    "mfa_lab/view/planted.css": "mfa_lab/view/planted.css",
    "mfa_lab/text/planted.toml": "mfa_lab/text/planted.toml",
    "mfa_lab/iam/planted.py": "mfa_lab/iam/planted.py",
}
# What must stay at home.
LITTER = (
    "notebooks/en/.ipynb_checkpoints/99_planted-checkpoint.ipynb",
    "mfa_lab/iam/__pycache__/planted.cpython-311.pyc",
    "notebooks/.mfa_lab_progress.json",
    "notebooks/.mfa_lab_progress_kept_aside_1.json",
    "notebooks/mfa_lab_progress_en.html",
)
# Made by tools, or a repository's own; not part of the project.
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "build", "dist", "node_modules", "__pycache__", ".*_cache", ".hypothesis",
    "wheelhouse", "slides",
)  # fmt: skip


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("tree") / "mfa_lab"
    shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
    for name in (*PLANTED, *LITTER):
        path = copy / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("planted\n", "utf-8")
    return copy


def wheel_of(tree: Path, folder: Path) -> set[str]:
    """Build a tree's wheel in a folder and give the names in it."""
    (wheel,) = WheelBuilder(str(tree)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def wheel(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    return wheel_of(tree, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def unpacked_sdist(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    (sdist,) = SdistBuilder(str(tree)).build(directory=str(folder), versions=["standard"])
    # By hand: extractall's filter is younger than Python 3.11.0, and without one 3.12 warns.
    with tarfile.open(sdist) as archive:
        for member in archive.getmembers():
            if content := archive.extractfile(member):
                path = folder / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())
    (unpacked,) = (path for path in folder.iterdir() if path.is_dir())
    return unpacked


@pytest.mark.parametrize("name", PLANTED)
def test_wheel_carries_every_kind_of_file(wheel: set[str], name: str) -> None:
    assert PLANTED[name] in wheel


@pytest.mark.parametrize("top", ["data", "notebooks", "mfa_lab"])
def test_wheel_carries_all_that_stands_in_the_tree(wheel: set[str], tree: Path, top: str) -> None:
    inside = "" if top == "mfa_lab" else "mfa_lab/"
    expected = {
        inside + path.relative_to(tree).as_posix()
        for path in (tree / top).rglob("*")
        if path.is_file() and not path.relative_to(tree).as_posix().startswith(LITTER)
    }
    assert expected <= wheel


def test_wheel_says_that_it_is_typed(wheel: set[str]) -> None:
    assert "mfa_lab/py.typed" in wheel


def test_wheel_has_the_version_that_the_package_says(wheel: set[str]) -> None:
    assert f"mfa_lab-{mfa_lab.__version__}.dist-info/METADATA" in wheel


def test_wheel_carries_the_licence_and_the_notice(wheel: set[str]) -> None:
    kept = {name.rpartition("/")[2] for name in wheel if ".dist-info/licenses/" in name}
    assert kept == {"LICENSE", "NOTICE.md"}


def test_wheel_holds_nothing_else(wheel: set[str]) -> None:
    """Only the package: a top-level data or tests would land beside everybody's packages."""
    tops = {name.partition("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"mfa_lab"}
    assert not [name for name in wheel if "__pycache__" in name or "checkpoint" in name]
    assert not [name for name in wheel if "mfa_lab_progress" in name]


@pytest.mark.parametrize(
    "name",
    [
        "Makefile",
        "constraints.txt",
        "environment.yml",
        "postBuild",
        "tests/ground/test_wheel.py",
        "tests/vectors/decisions.jsonl",
        *PLANTED,
    ],
)
def test_sdist_carries_what_make_and_the_tests_need(unpacked_sdist: Path, name: str) -> None:
    assert (unpacked_sdist / name).is_file()


def test_sdist_builds_the_same_wheel(unpacked_sdist: Path, wheel: set[str], tmp_path: Path) -> None:
    assert wheel_of(unpacked_sdist, tmp_path) == wheel
