"""The folders of the project, `data/` and `notebooks/`, and the learner's own.

`data/` and `notebooks/` are beside the package in a checkout, inside it in a wheel.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mfa_lab.text import LANGUAGES, say

COPY: Final = "mfa_lab_notebooks"  # the learner's copy of a wheel's notebooks
FIRST_LESSON: Final = "00_start_here.ipynb"
PROGRESS_VARIABLE: Final = "MFA_LAB_PROGRESS"
PROGRESS: Final = ".mfa_lab_progress.json"  # hidden in JupyterLab's list of files, and from git

_OFF: Final = "off"
_SESSION_VARIABLE: Final = "JPY_SESSION_NAME"  # the path of the notebook that a kernel belongs to
_PACKAGE: Final = Path(__file__).resolve().parent

# Only beside this file is a folder the checkout's own: site-packages may hold anybody's `data`.
_SIGN_OF_A_CHECKOUT: Final = "pyproject.toml"


class MissingFolderError(FileNotFoundError):
    """A folder that belongs to the project is not there.

    Attributes:
        folder: Its name.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        super().__init__(say("place_error.missing", folder=folder))


def data(package: Path = _PACKAGE) -> Path:
    """Return the folder of the policies and scenarios.

    Args:
        package: The folder of the package.

    Raises:
        MissingFolderError: It is not there.
    """
    return _folder("data", package)


def notebooks(package: Path = _PACKAGE) -> Path:
    """Return the folder of the lessons, which has a folder for each language.

    Args:
        package: The folder of the package.

    Raises:
        MissingFolderError: It is not there.
    """
    return _folder("notebooks", package)


def is_checkout(package: Path = _PACKAGE) -> bool:
    """Tell whether the package is in a checkout, whose files are the user's to edit.

    Args:
        package: The folder of the package.
    """
    return (package.parent / _SIGN_OF_A_CHECKOUT).is_file()


def progress() -> Path | None:
    """Return the file that holds a learner's progress; None where it is in memory alone.

    It is the one that MFA_LAB_PROGRESS names, else one beside the learner's notebooks.
    """
    named = os.environ.get(PROGRESS_VARIABLE, "").strip()
    if named.lower() == _OFF:
        return None
    if named:
        with contextlib.suppress(OSError):  # the working directory was deleted
            return Path(os.path.abspath(os.path.expanduser(named)))
        return None
    folder = learners_notebooks()
    return folder / PROGRESS if folder else None


def is_progress_off() -> bool:
    """Tell whether MFA_LAB_PROGRESS keeps progress in memory alone."""
    return os.environ.get(PROGRESS_VARIABLE, "").strip().lower() == _OFF


def learners_notebooks(package: Path = _PACKAGE) -> Path | None:
    """Return the folder with the notebooks that the learner works in; None where there is none.

    It is looked for around the notebook of this kernel, around the working directory, where
    `mfa-lab open` copies notebooks to, and last in the checkout. What is inside an installed
    package belongs to the package and is not taken.

    Args:
        package: The folder of the package.
    """
    for folder in _around_the_learner():
        if any((folder / language / FIRST_LESSON).is_file() for language in LANGUAGES):
            return folder
    try:
        return notebooks(package) if is_checkout(package) else None
    except MissingFolderError:
        return None


def notebook_folder() -> Path | None:
    """Return the folder of this kernel's notebook, else the working directory; None without one."""
    session = os.environ.get(_SESSION_VARIABLE, "")
    if os.path.isabs(session) and os.path.isdir(os.path.dirname(session)):
        return Path(session).parent
    try:
        return Path.cwd()
    except OSError:  # it was deleted
        return None


def can_hold(file: Path) -> bool:
    """Tell whether a file can be written, by the permissions of its folder.

    Args:
        file: Where it would be.
    """
    return file.parent.is_dir() and os.access(file.parent, os.W_OK | os.X_OK)


def _around_the_learner() -> Iterator[Path]:
    starts = [notebook_folder()]
    with contextlib.suppress(OSError):  # it was deleted
        starts.append(Path.cwd())
    for start in starts:
        if start is not None:
            yield from (start, *start.parents)
            yield start / COPY


def _folder(name: str, package: Path) -> Path:
    folder = (package.parent if is_checkout(package) else package) / name
    if not folder.is_dir():
        raise MissingFolderError(name)
    return folder
