"""What each cell is on the slides: the rule, and that every notebook follows it."""

from __future__ import annotations

import pytest

from tests.notebooks.lesson_file import LessonFile, lesson_files
from tests.notebooks.slide_types import BELOW, NEW, ON, SKIP, metadata, slide_type

every_file = pytest.mark.parametrize("file", lesson_files(), ids=str)


@every_file
def test_every_cell_says_what_it_is_on_the_slides(file: LessonFile) -> None:
    for cell in file.cells:
        wanted = metadata(cell.type, cell.id, cell.source, cell.metadata)
        assert cell.metadata == wanted, f"{cell.id}: make outputs"


@every_file
def test_no_slide_tells_a_solution(file: LessonFile) -> None:
    kinds = {cell.id: cell.metadata["slideshow"]["slide_type"] for cell in file.cells}
    for cell in file.cells:
        if "<summary>" in cell.source or ("lesson.check(" in cell.source and cell.is_code):
            assert kinds[cell.id] == SKIP, cell.id
    assert kinds["title"] == NEW


@pytest.mark.parametrize(
    ("type", "id", "source", "tags", "wanted"),
    [
        ("markdown", "title", "# 01 · Title", (), NEW),
        ("markdown", "scene", "## The scene\n\nText", (), NEW),
        ("markdown", "fence", "More text about # and ##", (), BELOW),
        ("markdown", "part", "### A part", (), BELOW),
        ("markdown", "help", "<details><summary>Hint 1</summary>", (), SKIP),
        ("code", "setup", "lesson = 1\nlesson", (), SKIP),
        ("code", "doctor", "doctor()", ("nbval-ignore-output",), SKIP),
        ("code", "check", 'lesson.check("a", b)', (), SKIP),
        ("code", "stub", 'answer = "?"', (), ON),
        ("code", "table", "x = 1\nlesson.table(x)", (), BELOW),
    ],
)
def test_the_rule(type: str, id: str, source: str, tags: tuple[str, ...], wanted: str) -> None:
    assert slide_type(type, id, source, tags) == wanted


def test_other_metadata_stays() -> None:
    given = {"tags": ["nbval-ignore-output"]}
    assert metadata("code", "x", "1", given) == {**given, "slideshow": {"slide_type": SKIP}}
