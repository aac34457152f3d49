"""What the notebooks say that is shown elsewhere too: a lesson's title and its key points."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mfa_lab import folders
from mfa_lab.text import say


@dataclass(frozen=True, slots=True)
class LessonNotebook:
    """What is taken from the notebook of a lesson in one language.

    Args:
        name: Of the lesson; the file's without `.ipynb`.
        title: Its first heading.
        key_points: The list under the heading of that name, each point a line of Markdown.
    """

    name: str
    title: str
    key_points: tuple[str, ...]


@cache
def lesson_notebook(name: str, language: str) -> LessonNotebook | None:
    """Return what the project's own notebook of a lesson says; None where there is none.

    Args:
        name: Of the lesson.
        language: `en` or `ja`.
    """
    try:
        file = folders.notebooks() / language / f"{name}.ipynb"
    except folders.MissingFolderError:
        return None
    return read_notebook(file, language) if file.is_file() else None


def read_notebook(file: Path, language: str) -> LessonNotebook:
    """Read a notebook; of one that is broken, the file's name is all there is.

    Args:
        file: The notebook.
        language: `en` or `ja`.
    """
    try:
        lines = list(_lines(json.loads(file.read_text("utf-8"))))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        lines = []
    titles = [line.removeprefix("# ").strip() for line in lines if line.startswith("# ")]
    heading = f"## {say('summary_page.key_points', language)}"
    return LessonNotebook(
        file.stem, titles[0] if titles else file.stem, tuple(_points(lines, heading))
    )


def _lines(document: dict[str, list[dict[str, object]]]) -> Iterator[str]:
    """Return the lines of the prose."""
    for cell in document["cells"]:
        if cell["cell_type"] == "markdown":
            source = cell["source"]
            yield from (source if isinstance(source, str) else "".join(_texts(source))).splitlines()


def _texts(source: object) -> list[str]:
    if not isinstance(source, list):
        raise TypeError("a source is a text or a list of lines")
    return [str(line) for line in source]


def _points(lines: list[str], heading: str) -> Iterator[str]:
    if heading not in map(str.rstrip, lines):
        return
    place = [line.rstrip() for line in lines].index(heading) + 1
    for line in lines[place:]:
        if line.startswith("#"):
            return
        if line.startswith("- "):
            yield line.removeprefix("- ").strip()
