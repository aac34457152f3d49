"""The page to keep: what stands on it, and what it never overwrites."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mfa_lab import folders
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.content import content_of
from mfa_lab.lesson.lesson_notebook import read_notebook
from mfa_lab.lesson.progress.progress import learners_progress
from mfa_lab.text import LANGUAGES, say
from tests.view.markup import one, parsed, words

NAME = "01_force_mfa_policy"
HOSTILE = "\"><script>alert(1)</script>' --> & <title> é ñ 花"


@pytest.fixture
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's copy of the notebooks, in which a kernel runs."""
    folder = tmp_path / "notebooks"
    for language in LANGUAGES:
        (folder / language).mkdir(parents=True)
        (folder / language / "00_start_here.ipynb").touch()
    monkeypatch.delenv("MFA_LAB_PROGRESS")
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(folder / "en")
    learners_progress.cache_clear()
    return folder


def text_of(file: Path) -> str:
    return words(one(parsed(file.read_text("utf-8").removeprefix("<!doctype html>")), "main"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_in_sentences_what_was_guessed_and_what_came_out(
    language: str, notebooks: Path
) -> None:
    lesson = Lesson(NAME, language)
    lesson.guess("enable_by_key", "allow")
    lesson.guess("password_by_key", "allow")
    lesson.results()
    lesson.guess("work_with_code", "refused")
    allow, deny, refused = (
        say(f"face.{face}", language) for face in ("allow", "explicit_deny", "refused")
    )
    view = lesson.keep_progress("Hanako")
    text = text_of(notebooks / view.name)
    assert "Hanako" in text
    for key, guess, result in (
        ("came_out", allow, allow),
        ("surprised", allow, deny),
        ("not_run", refused, ""),
    ):
        assert say(f"summary_page.{key}", language, guess=guess, result=result) in text
    assert say("lesson_01.predict_enable_by_key", language) in text
    assert say("lesson_01.predict_own_keys_by_console", language) not in text  # not guessed


@pytest.mark.parametrize("language", LANGUAGES)
def test_key_points_are_those_of_the_lessons_that_are_done(language: str, notebooks: Path) -> None:
    lesson = Lesson(NAME, language)
    lesson.guess("enable_by_key", "allow")
    heading = say("summary_page.key_points", language)
    assert heading not in text_of(notebooks / lesson.keep_progress().name)
    for exercise in content_of(NAME).exercises:
        learners_progress().record_check(NAME, exercise.name, True)
    file = notebooks / lesson.keep_progress().name
    tree = parsed(file.read_text("utf-8").removeprefix("<!doctype html>"))
    points = [words(item) for item in tree.select("section ul")[-1].select("li")]
    notebook = read_notebook(folders.notebooks() / language / f"{NAME}.ipynb", language)
    assert points == [point.replace("`", "").replace("**", "") for point in notebook.key_points]
    assert len(points) >= 3


def test_before_anything_is_done_it_says_so(notebooks: Path) -> None:
    file = notebooks / Lesson(NAME).keep_progress().name
    assert say("summary_page.nothing") in text_of(file)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_link_leads_from_the_notebook_to_the_page(language: str, notebooks: Path) -> None:
    view = Lesson(NAME, language).keep_progress()
    assert view.link == f"../mfa_lab_progress_{language}.html"
    assert f'href="{view.link}"' in view._repr_html_()
    assert (notebooks / language / view.link).resolve().is_file()


def test_one_s_own_page_is_replaced(notebooks: Path) -> None:
    lesson = Lesson(NAME)
    first = lesson.keep_progress(HOSTILE).name
    lesson.guess("enable_by_key", "allow")
    assert lesson.keep_progress(HOSTILE).name == first
    assert say("summary_page.not_run", guess=say("face.allow")) in text_of(notebooks / first)
    assert sorted(one.name for one in notebooks.iterdir()) == [
        ".mfa_lab_progress.json",
        ".mfa_lab_progress.json.lock",
        "en",
        "ja",
        first,
    ]


def test_another_learner_s_page_stays(notebooks: Path) -> None:
    lesson = Lesson(NAME)
    names = [lesson.keep_progress(name).name for name in ("", "Ann", "Ann", "", HOSTILE)]
    assert names == [f"mfa_lab_progress_en{number}.html" for number in ("", "_2", "_2", "", "_3")]


@pytest.mark.parametrize("kind", ["file", "empty file", "folder", "link", "dead link"])
def test_a_file_that_is_none_of_its_own_stays(kind: str, notebooks: Path) -> None:
    place = notebooks / "mfa_lab_progress_en.html"
    target = notebooks / "target"
    match kind:
        case "file":
            place.write_text("<!doctype html>\nmine", "utf-8")
        case "empty file":
            place.touch()
        case "folder":
            place.mkdir()
        case _:
            place.symlink_to(target)
    if kind == "link":
        target.write_text("mine", "utf-8")
    before = place.read_bytes() if place.is_file() else b""
    view = Lesson(NAME).keep_progress()
    assert view.name == "mfa_lab_progress_en_2.html"
    assert os.path.lexists(place)
    assert before == (place.read_bytes() if place.is_file() else b"")
    assert target.exists() is (kind == "link")


@pytest.mark.parametrize("name", [HOSTILE, "\ud800", "x" * 10_000, "a\nb", "{{ 7*7 }}", 5])
def test_a_name_is_only_a_name(name: object, notebooks: Path) -> None:
    view = Lesson(NAME).keep_progress(name)  # type: ignore[arg-type]
    html = (notebooks / view.name).read_text("utf-8")
    tree = parsed(html.removeprefix("<!doctype html>"))
    assert not tree.select("script")
    assert words(tree.select("main p")[0]).startswith(
        " ".join(str(name).encode("utf-8", "replace").decode().split())
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_can_be_written_a_sentence_says_so(
    language: str, notebooks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    view = Lesson(NAME, language).keep_progress()
    assert "Permission denied" in view.sentence and not view.name
    assert "<a " not in view._repr_html_()


def test_off_writes_no_page(notebooks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MFA_LAB_PROGRESS", "off")
    learners_progress.cache_clear()
    assert Lesson(NAME).keep_progress().sentence == say("summary_page.unwritten_off")
    assert not list(notebooks.glob("*.html"))
