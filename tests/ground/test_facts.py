"""data/facts.md: each fact has a source and says how sure it is, and each citation leads to it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "data" / "facts.md"
MARKS = ("Documented", "Derived", "Not documented")
# Where facts are cited by heading. Other pages name the file alone.
CITING = ("mfa_lab", "tests", "notebooks")
TEXT = {".py", ".toml", ".md", ".ipynb", ".json", ".jsonl", ".js", ".css", ".html"}

_MENTION = re.compile(r'data/facts\.md(?P<headings>(?:,?(?: and)? "[^"]+")*)')
_FACT = re.compile(
    rf"(?P<statement>.+?) \*(?P<mark>{'|'.join(MARKS)}):\* (?P<source>.+[.>])", re.DOTALL
)


def sections() -> dict[str, str]:
    """What stands under each heading."""
    _, *parts = re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    found = [(heading, body) for heading, _, body in (part.partition("\n") for part in parts)]
    assert not [name for name, count in Counter(name for name, _ in found).items() if count > 1]
    return dict(found)


HEADINGS = sections().keys()


def facts(body: str) -> Iterator[str]:
    """Each list item of a section, in one line."""
    for item in re.split(r"^- ", body, flags=re.MULTILINE)[1:]:
        yield " ".join(item.partition("\n\n")[0].split())


def rows(body: str) -> Iterator[list[str]]:
    """The cells of each row of a section's tables, headings included."""
    for line in body.splitlines():
        if line.startswith("|") and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def files(*tops: str) -> Iterator[Path]:
    for top in tops:
        yield from (
            path
            for path in sorted((ROOT / top).rglob("*"))
            if path.suffix in TEXT and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
        )


def prose(path: Path) -> str:
    """The text of a file, without line breaks and the signs of comments."""
    text = path.read_text("utf-8")
    if path.suffix == ".ipynb":
        text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return re.sub(r"\s*\n\s*(?:# ?)?", " ", text)


def citations(text: str) -> Iterator[list[str]]:
    """The headings that each mention of the page names."""
    for mention in _MENTION.finditer(text):
        yield re.findall('"([^"]+)"', mention["headings"])


@pytest.mark.parametrize("heading", HEADINGS)
def test_every_fact_has_a_source_and_says_how_sure_it_is(heading: str) -> None:
    body = sections()[heading]
    assert any(facts(body)) or any(rows(body))
    for fact in facts(body):
        found = _FACT.fullmatch(fact)
        assert found, fact
        assert found["statement"].endswith((".", '."')), fact
        assert fact.count(":* ") == 1, fact


@pytest.mark.parametrize("heading", HEADINGS)
def test_every_row_of_a_table_has_a_source_and_says_how_sure_it_is(heading: str) -> None:
    table = list(rows(sections()[heading]))
    if table:
        head, *rest = table
        assert head[-2:] == ["source", "how sure"]
        for row in rest:
            assert len(row) == len(head), row
            assert row[-2], row
            assert row[-1].capitalize() in MARKS, row


@pytest.mark.parametrize("heading", HEADINGS)
def test_what_a_fact_refers_to_on_the_page_is_there(heading: str) -> None:
    named = re.findall('\\b(?:see|stands? in) "([^"]+)"', " ".join(sections()[heading].split()))
    assert set(named) <= HEADINGS


def test_every_citation_names_a_heading() -> None:
    cited = {
        path.relative_to(ROOT).as_posix(): list(citations(prose(path)))
        for path in files(*CITING)
        if path != Path(__file__).resolve()
    }
    wrong = {
        path: named
        for path, found in cited.items()
        for named in found
        if not named or not set(named) <= HEADINGS
    }
    assert not wrong
    assert sum(map(len, cited.values())) >= 20


def test_a_citation_over_two_lines_is_read_whole() -> None:
    docstring = 'Source: data/facts.md,\n    "MFA codes" and "Service\n    rules"; RFC 6238.'
    [named] = citations(re.sub(r"\s*\n\s*", " ", docstring))
    assert named == ["MFA codes", "Service rules"]
    assert [*citations("data/facts.md says so")] == [[]]


def test_nothing_cites_a_page_that_is_not_here() -> None:
    """Citations by number, of a page whose name was in capitals: headings are cited instead."""
    capitals = re.compile(rf"\b{PAGE.stem.upper()}\b")
    pages = [*files("data", *CITING), *ROOT.glob("*.md"), *ROOT.glob("*.toml"), ROOT / "Makefile"]
    assert [path for path in pages if capitals.search(path.read_text("utf-8"))] == []
