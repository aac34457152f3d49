"""A notebook as the tests read it: its cells, its prose as HTML, its headings and links."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import mistune
from bs4 import BeautifulSoup, Tag

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
LANGUAGES = ("en", "ja")
HEADING = re.compile(r"h[1-6]")

_render = mistune.create_markdown(escape=False, plugins=["table", "strikethrough", "url"])


@dataclass(frozen=True)
class Cell:
    """One cell."""

    id: str
    type: str
    source: str
    tags: tuple[str, ...]
    metadata: dict[str, Any]
    outputs: tuple[dict[str, Any], ...]

    @property
    def is_code(self) -> bool:
        return self.type == "code"

    @cached_property
    def prose(self) -> Tag:
        """A markdown cell as JupyterLab draws it."""
        assert not self.is_code
        return BeautifulSoup(str(_render(self.source)), "html.parser")

    @property
    def headings(self) -> list[tuple[str, str]]:
        return [(tag.name, tag.get_text()) for tag in self.prose.find_all(HEADING)]

    @property
    def links(self) -> list[str]:
        return [str(tag["href"]) for tag in self.prose.select("a[href]")]


@dataclass(frozen=True)
class LessonFile:
    """A notebook of one language."""

    path: Path

    @property
    def language(self) -> str:
        return self.path.parent.name

    @property
    def name(self) -> str:
        return self.path.stem

    @cached_property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
        return document

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(
            Cell(
                cell["id"],
                cell["cell_type"],
                "".join(cell["source"]),
                tuple(cell["metadata"].get("tags", ())),
                cell["metadata"],
                tuple(cell.get("outputs", ())),
            )
            for cell in self.document["cells"]
        )

    @property
    def prose(self) -> list[Cell]:
        return [cell for cell in self.cells if not cell.is_code]

    @property
    def code(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_code]

    def __str__(self) -> str:
        return f"{self.language}/{self.name}"


@cache
def lesson_files(language: str = "") -> tuple[LessonFile, ...]:
    """Give the notebooks of a language, or of all, in order."""
    wanted = (language,) if language else LANGUAGES
    return tuple(
        LessonFile(path) for one in wanted for path in sorted((NOTEBOOKS / one).glob("*.ipynb"))
    )
