"""Notebooks that JupyterLab shows as they are, with style and pictures, before they are run.

Of a notebook that its reader has not run, JupyterLab strips the stored outputs of style and SVG,
since they may come from a stranger. `jupyter trust` says that they do not; here it is said of the
lessons.

Source: Jupyter Server, "Security in notebook documents".
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from jupyter_core.paths import jupyter_data_dir
from nbformat import v4
from nbformat.sign import NotebookNotary

from mfa_lab import folders

SUMS: Final = "lessons.sha256"
"""In the folder of data: the SHA-256 sum of each lesson as it comes, as `sha256sum` writes it."""


def trust_lessons(folder: Path) -> None:
    """Let JupyterLab trust the lessons that nobody has changed since they came.

    What somebody changed is left to JupyterLab, which trusts what its own user has run. What cannot
    be read or noted stays as it was: the lessons open all the same.

    Args:
        folder: Of the notebooks, with a folder for each language.
    """
    data_folder = Path(jupyter_data_dir())
    try:
        data_folder.mkdir(parents=True, exist_ok=True)
        notary = NotebookNotary(data_dir=str(data_folder))  # type: ignore[no-untyped-call]
        with closing(notary):
            for lesson in unchanged_lessons(folder):
                notary.sign(v4.reads(lesson))  # type: ignore[no-untyped-call]
    except (OSError, sqlite3.Error):
        return


def unchanged_lessons(folder: Path) -> Iterator[str]:
    """Return the text of each lesson in a folder that is as it came."""
    for line in _sums():
        sum_as_it_came, _, name = line.partition("  ")
        with contextlib.suppress(OSError):  # a learner may have deleted it
            content = (folder / name).read_bytes()
            if hashlib.sha256(content).hexdigest() == sum_as_it_came:
                yield content.decode("utf-8")


def _sums() -> list[str]:
    try:
        return (folders.data() / SUMS).read_text("utf-8").splitlines()
    except OSError:  # an incomplete package: nothing is known to be unchanged
        return []
