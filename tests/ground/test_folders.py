"""Where data and notebooks are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from mfa_lab import folders

FINDERS = {"data": folders.data, "notebooks": folders.notebooks}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    package = tmp_path / "mfa_lab"
    package.mkdir()
    return package


@pytest.mark.parametrize("name", FINDERS)
def test_in_a_checkout_they_stand_beside_the_package(package: Path, name: str) -> None:
    (package.parent / "pyproject.toml").touch()
    (package.parent / name).mkdir()
    assert FINDERS[name](package) == package.parent / name
    assert folders.is_checkout(package)


@pytest.mark.parametrize("name", FINDERS)
def test_in_a_wheel_they_stand_inside_the_package(package: Path, name: str) -> None:
    (package / name).mkdir()
    (package.parent / name).mkdir()  # as site-packages may hold another project's
    assert FINDERS[name](package) == package / name
    assert not folders.is_checkout(package)


@pytest.mark.parametrize("name", FINDERS)
def test_what_is_not_there_is_said(package: Path, name: str) -> None:
    (package.parent / name).mkdir()
    with pytest.raises(folders.MissingFolderError, match=name) as raised:
        FINDERS[name](package)
    assert raised.value.folder == name


def test_the_policies_are_found_from_here() -> None:
    assert (folders.data() / "policies" / "2021-05-13_article.json").is_file()
