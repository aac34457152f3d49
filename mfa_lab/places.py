"""Where `data/` and `notebooks/` are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mfa_lab.text import say

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
    """Give the folder of the policies and scenarios.

    Args:
        package: The folder of the package.

    Raises:
        MissingFolderError: It is not there.
    """
    return _folder("data", package)


def notebooks(package: Path = _PACKAGE) -> Path:
    """Give the folder of the lessons, which has a folder for each language.

    Args:
        package: The folder of the package.

    Raises:
        MissingFolderError: It is not there.
    """
    return _folder("notebooks", package)


def is_checkout(package: Path = _PACKAGE) -> bool:
    """Tell whether the package stands in a checkout, whose files are the user's to edit."""
    return (package.parent / _SIGN_OF_A_CHECKOUT).is_file()


def _folder(name: str, package: Path) -> Path:
    folder = (package.parent if is_checkout(package) else package) / name
    if not folder.is_dir():
        raise MissingFolderError(name)
    return folder
