"""The sums by which `mfa-lab open` knows a lesson that nobody has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mfa_lab.cli.trusted_notebooks import SUMS

ROOT = Path(__file__).parents[2]
FILE = ROOT / "data" / SUMS


def sums() -> str:
    """Give a line for each lesson, as `sha256sum` writes it."""
    notebooks = ROOT / "notebooks"
    return "".join(
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(notebooks).as_posix()}\n"
        for file in sorted(notebooks.glob("*/*.ipynb"))
    )


def write_sums() -> None:
    """Write the sums of the lessons as they are now."""
    FILE.write_text(sums(), "utf-8")
