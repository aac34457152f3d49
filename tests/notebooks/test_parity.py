"""The two languages of a lesson are the same lesson."""

from __future__ import annotations

import re

import pytest

from tests.notebooks.lesson_file import LANGUAGES, NOTEBOOKS, Cell, LessonFile, lesson_files

SETUP = "setup"
FIRST = "00_start_here"
# Hiragana, katakana, ideographs, and the brackets and letters of full width.
JAPANESE = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
# Words, not names: what a Japanese sentence cannot do without.
JAPANESE_WORDS = re.compile("[\u3040-\u309f]")

each_lesson = pytest.mark.parametrize(
    ("english", "japanese"),
    [
        pytest.param(one, LessonFile(NOTEBOOKS / "ja" / one.path.name), id=one.name)
        for one in lesson_files("en")
    ],
)
every_file = pytest.mark.parametrize("file", lesson_files(), ids=str)


def test_both_languages_have_the_same_files() -> None:
    names = {
        language: sorted(str(path.relative_to(NOTEBOOKS / language)) for path in (NOTEBOOKS / language).rglob("*")
                         if ".ipynb_checkpoints" not in path.parts)
        for language in LANGUAGES
    }  # fmt: skip
    assert names["en"] == names["ja"]
    assert f"{FIRST}.ipynb" in names["en"]
    folders = [path.name for path in NOTEBOOKS.iterdir() if path.is_dir() and path.name[0] != "."]
    assert sorted(folders) == sorted(LANGUAGES)


@each_lesson
def test_cells_have_the_same_ids_in_the_same_order(
    english: LessonFile, japanese: LessonFile
) -> None:
    ids = [cell.id for cell in english.cells]
    assert ids == [cell.id for cell in japanese.cells]
    assert len(ids) == len(set(ids))


@each_lesson
def test_cells_have_the_same_types_tags_and_metadata(
    english: LessonFile, japanese: LessonFile
) -> None:
    for one, other in zip(english.cells, japanese.cells, strict=True):
        assert (one.type, one.tags, one.metadata) == (other.type, other.tags, other.metadata), (
            one.id
        )


@each_lesson
def test_notebooks_have_the_same_format_and_kernel(
    english: LessonFile, japanese: LessonFile
) -> None:
    for name in ("metadata", "nbformat", "nbformat_minor"):
        assert english.document[name] == japanese.document[name]


def lines_that_differ(one: Cell, other: Cell) -> list[tuple[str, str]]:
    lines, others = one.source.split("\n"), other.source.split("\n")
    return [pair for pair in zip(lines, others, strict=True) if pair[0] != pair[1]]


@each_lesson
def test_code_is_the_same_to_the_byte_but_for_the_line_that_names_the_language(
    english: LessonFile, japanese: LessonFile
) -> None:
    for one, other in zip(english.cells, japanese.cells, strict=True):
        if one.is_code and one.id != SETUP:
            assert one.source == other.source, one.id
    [setup] = [cell for cell in english.cells if cell.id == SETUP]
    [setup_in_japanese] = [cell for cell in japanese.cells if cell.id == SETUP]
    [(line, line_in_japanese)] = lines_that_differ(setup, setup_in_japanese)
    assert line.count('language="en"') == 1
    assert line_in_japanese == line.replace('language="en"', 'language="ja"')


@each_lesson
def test_headings_have_the_same_levels(english: LessonFile, japanese: LessonFile) -> None:
    for one, other in zip(english.prose, japanese.prose, strict=True):
        assert [level for level, _ in one.headings] == [level for level, _ in other.headings], (
            one.id
        )


@each_lesson
def test_what_is_folded_is_the_same(english: LessonFile, japanese: LessonFile) -> None:
    for one, other in zip(english.prose, japanese.prose, strict=True):
        for selector in ("details", "summary", "li", "tr", "td, th"):
            assert len(one.prose.select(selector)) == len(other.prose.select(selector)), one.id


@each_lesson
def test_links_lead_to_the_same_places(english: LessonFile, japanese: LessonFile) -> None:
    for one, other in zip(english.prose, japanese.prose, strict=True):
        links, others = list(one.links), list(other.links)
        if (english.name, one.id) == (FIRST, "title"):
            links.remove(f"../ja/{FIRST}.ipynb")
            others.remove(f"../en/{FIRST}.ipynb")
        assert links == others, one.id


@each_lesson
def test_calls_and_actions_in_prose_are_the_same(english: LessonFile, japanese: LessonFile) -> None:
    for one, other in zip(english.prose, japanese.prose, strict=True):
        spelled = [
            {
                code
                for tag in cell.prose.select("code")
                if re.search(r"[:(=]", code := tag.get_text())
            }
            for cell in (one, other)
        ]
        assert spelled[0] == spelled[1], one.id


@pytest.mark.parametrize("file", lesson_files("ja"), ids=str)
def test_japanese_prose_is_in_japanese(file: LessonFile) -> None:
    for cell in file.prose:
        assert JAPANESE_WORDS.search(cell.prose.get_text()), cell.id
        for _, heading in cell.headings:
            if not re.fullmatch(r"[\d ·]*[\w ]*", heading, re.ASCII):
                assert JAPANESE.search(heading), heading
        for summary in cell.prose.select("summary"):
            assert JAPANESE.search(summary.get_text()), summary


@pytest.mark.parametrize("file", lesson_files("en"), ids=str)
def test_english_prose_has_japanese_only_in_titles_of_sources_and_links_to_it(
    file: LessonFile,
) -> None:
    heading = ""
    for cell in file.prose:
        for line in cell.source.split("\n"):
            heading = line if line.startswith("#") else heading
            is_source = heading == "## Sources" and line.startswith("- ")
            if not is_source and "](../ja/" not in line:
                assert not JAPANESE.search(line), line


@pytest.mark.parametrize("file", lesson_files("ja"), ids=str)
def test_every_paragraph_of_the_japanese_is_in_japanese(file: LessonFile) -> None:
    for cell in file.prose:
        for block in cell.prose.select("p, li, summary, td, th, h1, h2, h3"):
            text = block.get_text()
            if re.search(r"[A-Za-z]", text) and "../en/" not in str(block):
                assert JAPANESE.search(text), text


@every_file
def test_stored_outputs_are_in_the_language(file: LessonFile) -> None:
    for cell in file.code:
        for output in cell.outputs:
            html = "".join(output["data"]["text/html"])
            assert set(re.findall(r'\blang="(\w+)"', html)) == {file.language}, cell.id
