"""The pages around the lessons: for a learner alone, for the instructor, for a room without network."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import mistune
import pytest
from bs4 import BeautifulSoup, Tag

from mfa_lab import Account, Policy
from mfa_lab.lesson import Lesson
from tests.notebooks.lesson_file import LANGUAGES, NOTEBOOKS, lesson_files
from tests.notebooks.test_parity import JAPANESE, JAPANESE_WORDS
from tests.notebooks.workshop_answers import WORKSHOP, answers_page, stored_page

SELF_STUDY = ("glossary", "keyboard", "if_something_does_not_appear", "what_aws_documents")
FOR_THE_ROOM = ("guide", "answers", "install")
# Lessons of the course; those that are not written yet are not compared with the agenda.
COUNT = 10
ADDRESS_OF_PACKAGES = re.compile(r"index-url|--channel\b|/simple/|https?://[^\s)>]*\.whl")

_render = mistune.create_markdown(escape=False, plugins=["table"])


def path_of(name: str, language: str) -> Path:
    if name in SELF_STUDY:
        return NOTEBOOKS / language / f"{name}.md"
    return WORKSHOP / f"{name}.{language}.md"


@cache
def page(name: str, language: str) -> Tag:
    return BeautifulSoup(str(_render(path_of(name, language).read_text("utf-8"))), "html.parser")


every_name = pytest.mark.parametrize("name", [*SELF_STUDY, *FOR_THE_ROOM])
every_page = pytest.mark.parametrize(
    ("name", "language"), [(n, one) for n in (*SELF_STUDY, *FOR_THE_ROOM) for one in LANGUAGES]
)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def test_every_page_is_looked_at_here() -> None:
    found = {file.stem for one in LANGUAGES for file in (NOTEBOOKS / one).glob("*.md")}
    assert found == set(SELF_STUDY)
    stored = {file.name.partition(".")[0] for file in WORKSHOP.glob("*")}
    assert stored == set(FOR_THE_ROOM)


@every_page
def test_no_page_shows_an_object_of_the_library(name: str, language: str) -> None:
    """`Mistake(code='…')`, `<Face.ALLOW: …>`: what Python shows, not a sentence."""
    shown = page(name, language).get_text()
    assert not re.search(r"\b[A-Z]\w+\(\w+='|<[A-Z]\w+\.[A-Z_]+:", shown)


@every_page
def test_every_link_leads_to_a_file(name: str, language: str) -> None:
    for link in page(name, language).select("a[href]"):
        parts = urlsplit(str(link["href"]))
        if parts.scheme:
            assert parts.scheme == "https"
        else:
            assert (path_of(name, language).parent / unquote(parts.path)).is_file(), link


@pytest.mark.parametrize("name", SELF_STUDY)
@every_language
def test_a_page_for_learners_links_to_what_jupyterlab_shows_and_is_linked(
    name: str, language: str
) -> None:
    """`mfa-lab open` shows the folder of the notebooks."""
    folder = NOTEBOOKS / language
    for link in page(name, language).select("a[href]"):
        assert (folder / str(link["href"])).resolve().is_relative_to(NOTEBOOKS)
    [start] = [one for one in lesson_files(language) if one.name == "00_start_here"]
    assert f"{name}.md" in {link for cell in start.prose for link in cell.links}


@every_name
def test_both_languages_have_the_same_shape(name: str) -> None:
    english, japanese = (page(name, one) for one in LANGUAGES)

    def shape(tree: Tag) -> list[str]:
        return [tag.name for tag in tree.select("h1, h2, h3, table, tr, td, th, li, pre")]

    def links(tree: Tag, language: str) -> list[str]:
        return [
            re.sub(rf"\.{language}\.|/{language}/", ".", str(one["href"]))
            for one in tree.select("a")
        ]

    assert shape(english) == shape(japanese)
    assert links(english, "en") == links(japanese, "ja")


@every_name
def test_both_languages_have_the_same_commands(name: str) -> None:
    blocks = [[one.get_text() for one in page(name, lang).select("pre")] for lang in LANGUAGES]
    assert blocks[0] == blocks[1]
    if name != "answers":
        calls = [
            {text for one in page(name, lang).select("code") if "(" in (text := one.get_text())}
            for lang in LANGUAGES
        ]
        assert calls[0] == calls[1]


@every_name
def test_the_japanese_is_in_japanese_and_the_english_in_english(name: str) -> None:
    for block in page(name, "ja").select("p, li, h1, h2, h3, th, td"):
        own = re.sub(r"[\d:·\s]", "", block.get_text())
        spelled = "".join(code.get_text() for code in block.select("code"))
        if re.search("[A-Za-z]", own) and not spelled and "Sid" not in own and "TOTP" not in own:
            assert JAPANESE.search(own) or own == "JupyterLab", block
    for block in page(name, "ja").select("p"):
        if block.get_text().startswith('"'):  # an answer in code
            continue
        assert JAPANESE_WORDS.search(block.get_text()), block
    if name != "answers":  # whose sentences are the catalogue's, tested there
        assert not JAPANESE.search(path_of(name, "en").read_text("utf-8"))


@every_page
def test_nobody_is_sent_to_a_registry(name: str, language: str) -> None:
    assert not ADDRESS_OF_PACKAGES.search(path_of(name, language).read_text("utf-8"))


@pytest.mark.parametrize(("file", "name"), [("README.md", "en"), ("README.ja.md", "ja")])
def test_the_readme_leads_to_the_pages(file: str, name: str) -> None:
    root = NOTEBOOKS.parent
    links = re.findall(r"\]\(([^)#:]+)\)", (root / file).read_text("utf-8"))
    assert all((root / link).is_file() for link in links)
    wanted = [path_of(one, name) for one in (*SELF_STUDY, "guide", "answers")]
    assert set(wanted) <= {root / link for link in links}


# The glossary.

# Terms that the lessons lean on, as the lessons spell them.
TERMS = {
    "en": ("fence", "gate", "explicit deny", "implicit deny", "condition key", "policy variable",
           "access key", "session token", "serial number", "role session", "MFA code"),
    "ja": ("柵", "門", "明示的な拒否", "暗黙的な拒否", "条件キー", "ポリシー変数", "アクセスキー",
           "セッショントークン", "シリアル番号", "ロールセッション", "MFA コード", "受付不可",
           "アイデンティティベースのポリシー", "アクセス許可の境界", "信頼ポリシー",
           "サービスコントロールポリシー", "一時的なセキュリティ認証情報"),
}  # fmt: skip


def entries(language: str) -> list[tuple[str, str, str]]:
    rows = page("glossary", language).select("tbody tr")
    return [
        (cells[0].get_text(), cells[1].get_text(), cells[2].get_text())
        for row in rows
        if (cells := row.select("td"))
    ]


@every_language
def test_the_glossary_explains_every_term_once(language: str) -> None:
    terms = [term for term, _, _ in entries(language)]
    assert len(terms) == len(set(terms)) >= 40
    assert set(TERMS[language]) <= set(terms)
    for term, meaning, lesson in entries(language):
        assert meaning.endswith((".", "。")), term
        named = re.fullmatch(r"0\d", lesson) and int(lesson) < COUNT
        assert named or lesson == "–", term


def test_both_glossaries_name_the_same_lessons() -> None:
    lessons = [[lesson for _, _, lesson in entries(one)] for one in LANGUAGES]
    assert lessons[0] == lessons[1]


@every_language
def test_the_glossary_s_terms_are_used_by_the_lessons(language: str) -> None:
    """Those of the lessons that are here: a word that nobody uses helps nobody."""
    prose = "\n".join(cell.source for file in lesson_files(language) for cell in file.prose)
    there = {file.name[:2] for file in lesson_files(language)}
    for term in TERMS[language][:4]:
        assert re.search(term, prose, re.IGNORECASE), term
    assert there <= {f"{number:02}" for number in range(COUNT)}


# The twins in code.


TWIN = re.compile(r"(lesson|console|phone)\.\w+\(.*\)")


@every_language
def test_the_twins_in_code_run(language: str) -> None:
    """In the order of the page: sign in, enrol, change the password, as a learner would."""
    tree = page("if_something_does_not_appear", language)
    twins = [one.get_text() for one in tree.select("td code") if TWIN.fullmatch(one.get_text())]
    lesson = Lesson("01_force_mfa_policy", language)
    policy = Policy.parse(
        {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "iam:*", "Resource": "*"},
        }
    )
    [forced] = [twin for twin in twins if "change_forced_password" in twin]
    done = [twin for twin in twins if "enrol_device" not in twin and twin != forced]
    with Account() as account:
        account.create_user("alice", policy, password="First-Pass-0")
        console, phone = lesson.console(account), lesson.phone(account)
        tools = {"lesson": lesson, "console": console, "phone": phone, "policy": policy}
        console.sign_in("alice", "First-Pass-0")
        console.enrol_device(phone)
        console.sign_out()
        for twin in done:
            account.clock.advance(minutes=1)
            answer = eval(twin, dict(tools))
            assert not getattr(answer, "is_error", False), (twin, answer)
    with Account() as account:
        account.create_user("alice", policy, password="First-Pass-0", reset=True)
        console = lesson.console(account)
        console.sign_in("alice", "First-Pass-0")
        assert not eval(forced, {"console": console}).is_error
    assert len(twins) == len(done) + 2 == 10
    lesson.forget_guesses()


# The agenda.


def agendas(language: str) -> list[list[tuple[int, int, str]]]:
    """Each agenda: from when, how many minutes, what."""
    tables = [
        table
        for table in page("guide", language).select("table")
        if re.match(r"0:00", table.select("tbody td")[0].get_text())
    ]
    return [
        [
            (int(start[:-3]) * 60 + int(start[-2:]), int(minutes), what)
            for row in table.select("tbody tr")
            for start, minutes, what in [[cell.get_text() for cell in row.select("td")]]
        ]
        for table in tables
    ]


@every_language
def test_the_minutes_of_an_agenda_add_up(language: str) -> None:
    half_day, two_hours = agendas(language)
    for agenda in (half_day, two_hours):
        now = 0
        for start, minutes, what in agenda:
            assert start == now, what
            now += minutes
        assert now == (210 if agenda is half_day else 120)


@every_language
def test_an_agenda_gives_a_lesson_its_title_and_minutes(language: str) -> None:
    told = {file.name[:2]: file for file in lesson_files(language)}
    half_day, two_hours = agendas(language)
    assert [what[:2] for _, _, what in half_day if " · " in what] == [
        f"{number:02}" for number in range(COUNT)
    ]
    for _, minutes, what in (*half_day, *two_hours):
        file = told.get(what[:2])
        if file is None or " · " not in what:
            continue
        assert file.cells[0].headings[0][1] == what
        row = file.cells[0].prose.select("tbody tr")[1]
        assert re.findall(r"\d+", row.get_text()) == [str(minutes)], what


@every_language
def test_the_guide_has_a_part_for_every_lesson(language: str) -> None:
    titles = [what for _, _, what in agendas(language)[0] if " · " in what]
    assert [one.get_text() for one in page("guide", language).select("h3")] == titles


# The answers.


@every_language
def test_the_answers_are_those_of_the_notebooks(language: str) -> None:
    stored = stored_page(language).read_text("utf-8")
    assert stored == answers_page(language), "make outputs"


@every_language
def test_the_answers_have_every_exercise_and_its_solution(language: str) -> None:
    stored = stored_page(language).read_text("utf-8")
    for file in lesson_files(language):
        assert f"## {file.cells[0].headings[0][1]}" in stored
        for cell in file.prose:
            for folded in cell.prose.select("details"):
                if folded.select("summary")[0].get_text().startswith(("Solution", "解答")):
                    solution = cell.source.rpartition("</summary>")[2].partition("</details>")[0]
                    assert solution.strip() in stored
