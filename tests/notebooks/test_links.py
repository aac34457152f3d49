"""No link of a lesson is dead, wherever the lesson is opened."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from mfa_lab import folders
from mfa_lab.folders import FIRST_LESSON
from mfa_lab.lesson import Lesson
from tests.notebooks.lesson_file import LANGUAGES, NOTEBOOKS, LessonFile, lesson_files

LINKS = [
    pytest.param(file, cell.id, link, id=f"{file}-{cell.id}-{link}")
    for file in lesson_files()
    for cell in file.prose
    for link in cell.links
]
RELATIVE = [one for one in LINKS if not urlsplit(str(one.values[2])).scheme]
every_relative_link = pytest.mark.parametrize(("file", "cell", "link"), RELATIVE)


def target_of(file: LessonFile, link: str) -> Path:
    return (file.path.parent / unquote(urlsplit(link).path)).resolve()


def test_there_are_links() -> None:
    assert len(RELATIVE) >= 8
    for file in lesson_files():
        assert any(cell.links for cell in file.prose), file


@every_relative_link
def test_a_link_leads_to_a_file(file: LessonFile, cell: str, link: str) -> None:
    assert target_of(file, link).is_file()


@every_relative_link
def test_a_link_leads_to_what_jupyterlab_shows(file: LessonFile, cell: str, link: str) -> None:
    """`mfa-lab open` shows the folder of the notebooks: what is outside it cannot be opened."""
    assert target_of(file, link).is_relative_to(folders.notebooks().resolve())


@every_relative_link
def test_a_link_has_no_backslash_and_no_absolute_path(
    file: LessonFile, cell: str, link: str
) -> None:
    assert "\\" not in link
    assert not link.startswith("/")


@pytest.mark.parametrize(("file", "cell", "link"), [one for one in LINKS if one not in RELATIVE])
def test_a_link_to_the_world_is_secure_and_whole(file: LessonFile, cell: str, link: str) -> None:
    parts = urlsplit(link)
    assert parts.scheme == "https"
    assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.netloc)
    assert not re.search(r"[\s<>]", link)


@pytest.mark.parametrize("file", lesson_files(), ids=str)
def test_the_first_link_of_a_lesson_leads_to_a_lesson(file: LessonFile) -> None:
    first = next(link for cell in file.prose for link in cell.links)
    assert target_of(file, first) in {one.path for one in lesson_files()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lesson_that_is_opened_first_is_there(language: str) -> None:
    assert (NOTEBOOKS / language / FIRST_LESSON).is_file()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lesson_can_be_reached_from_the_first(language: str) -> None:
    files = {one.path: one for one in lesson_files(language)}
    reached: set[Path] = set()
    waiting = [NOTEBOOKS / language / FIRST_LESSON]
    while waiting:
        path = waiting.pop()
        if path in reached or path not in files:
            continue
        reached.add(path)
        waiting += [
            target_of(files[path], link) for cell in files[path].prose for link in cell.links
        ]
    assert reached == set(files)


@pytest.mark.parametrize("file", lesson_files(), ids=str)
def test_code_in_prose_that_calls_a_tool_names_what_there_is(file: LessonFile) -> None:
    """A sentence says what to write where a widget does not appear; that must work."""
    for cell in file.prose:
        for code in cell.prose.select("code"):
            spelled = code.get_text()
            if not re.fullmatch(r"lesson\.\w+\(.*\)", spelled):
                continue
            call = ast.parse(spelled, mode="eval").body
            assert isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
            assert callable(getattr(Lesson, call.func.attr)), spelled
            lesson = Lesson(file.name, file.language)
            if call.func.attr in ("guess", "contexts"):
                eval(spelled, {"lesson": lesson})
            lesson.forget_guesses()
