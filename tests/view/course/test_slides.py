"""A lesson as slides: what becomes a slide, and that nothing is asked of the network."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from mfa_lab import folders
from mfa_lab.text import LANGUAGES
from mfa_lab.view.course.slides import slides_page
from tests.view.test_html import HOSTILE, TAG

STORED = [file for one in LANGUAGES for file in sorted((folders.notebooks() / one).glob("*.ipynb"))]


def cell(source: str, kind: str = "-", **more: Any) -> dict[str, Any]:
    return {
        "cell_type": "markdown",
        "metadata": {"slideshow": {"slide_type": kind}},
        "source": [source],
        **more,
    }


def code(source: str, kind: str, *data: dict[str, str]) -> dict[str, Any]:
    outputs = [{"output_type": "execute_result", "data": one} for one in data]
    return cell(source, kind, cell_type="code", outputs=outputs)


def drawn(*cells: dict[str, Any], language: str = "en") -> Tag:
    return BeautifulSoup(slides_page({"cells": list(cells)}, language), "html.parser")


def slides(tree: Tag) -> list[str]:
    return [" ".join(one.get_text(" ").split()) for one in tree.select("section.slide")]


def test_cells_become_slides_by_their_metadata() -> None:
    tree = drawn(
        cell("# A title", "slide"),
        cell("## One\n\ntext", "slide"),
        cell("beside it"),
        cell("below it", "subslide"),
        cell("a solution", "skip"),
        cell("a note", "notes"),
        code("x = 1", "-"),
        code("x", "subslide", {"text/html": "<p>drawn</p>", "text/plain": "plain"}),
        code("y", "-", {"text/plain": "<plain>"}),
        cell("## Points\n\n- a\n\n## Sources\n\n- b", "slide"),
    )
    assert slides(tree) == [
        "A title",
        "One text beside it",
        "below it x = 1",
        "x drawn y <plain>",
        "Points a",
        "Sources b",
    ]
    assert tree.select_one("title").get_text() == "A title"  # type: ignore[union-attr]


def test_a_notebook_without_the_metadata_or_without_cells_is_shown_too() -> None:
    assert slides(drawn(cell("# A") | {"metadata": {}}, cell("b") | {"metadata": {}})) == ["A b"]
    assert slides(drawn()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_its_language(language: str) -> None:
    html = drawn(cell("# A", "slide"), language=language).select("html")[0]
    assert html["lang"] == language


def test_a_link_leads_to_slides_or_to_the_world_or_nowhere() -> None:
    tree = drawn(
        cell("[a](01_x.ipynb) [b](../ja/00_y.ipynb) [c](glossary.md) <https://example.com/d>"),
        cell("[e](javascript:alert(1)) [f](http://example.com) ![g](https://example.com/g.png)"),
    )
    found = {one.get_text(): one["href"] for one in tree.select("a")}
    assert found == {
        "a": "01_x.html",
        "b": "../ja/00_y.html",
        "https://example.com/d": "https://example.com/d",
    }
    assert "c" in slides(tree)[0] and "g" in slides(tree)[0]
    assert not tree.select("img")


def test_nothing_that_comes_in_is_taken_for_html() -> None:
    tree = drawn(
        cell(f"# {HOSTILE}", "slide"),
        cell(f'text {TAG} [{TAG}](x.ipynb) [x](<x" onclick="1.ipynb>)'),
        code(HOSTILE, "subslide", {"text/plain": HOSTILE}),
    )
    assert not tree.select("img")
    assert len(tree.select("script")) == 1 and len(tree.select("style")) == 1
    assert not [
        tag for tag in tree.find_all(True) if any(name.startswith("on") for name in tag.attrs)
    ]


def test_the_page_runs_its_own_script_and_no_other() -> None:
    tree = drawn(cell("# A", "slide"))
    [script], [policy] = tree.select("script"), tree.select("meta[http-equiv]")
    own = base64.b64encode(hashlib.sha256(script.string.encode()).digest()).decode()  # type: ignore[union-attr]
    assert f"script-src 'sha256-{own}'" in str(policy["content"])
    assert "unsafe-inline" not in str(policy["content"]).partition("script-src")[2]
    assert "showNamed();" in str(script.string)


@pytest.mark.parametrize("file", STORED, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_lesson_s_slides_ask_nothing_of_anybody(file: Any) -> None:
    tree = BeautifulSoup(
        slides_page(json.loads(file.read_text("utf-8")), file.parent.name), "html.parser"
    )
    assert len(tree.select("section.slide")) >= 10
    assert not tree.select("[src], link, iframe, object, img")
    for style in tree.select("style"):
        assert not re.search(r"url\(|@import", style.get_text())
    [policy] = tree.select("meta[http-equiv]")
    assert "default-src 'none'" in str(policy["content"])
    assert "<details" not in str(tree.select(".prose")), "hints and solutions stay away"
