"""HTML that the library draws, parsed; strict about nesting, which browsers forgive."""

from __future__ import annotations

from html.parser import HTMLParser

from bs4 import BeautifulSoup, Tag

HEADING = "h1, h2, h3, h4, h5, h6"
WITHOUT_END = frozenset({"br", "img", "input", "link", "meta", "hr", "col", "wbr"})


class _Nesting(HTMLParser):
    """Fails where a tag is closed that is not the last one opened, or none is."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        if tag not in WITHOUT_END:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()


def parsed(html: str) -> BeautifulSoup:
    """Give the tree of some HTML whose tags are all closed, in order."""
    nesting = _Nesting()
    nesting.feed(html)
    nesting.close()
    assert nesting.open == [], f"never closed: {nesting.open}"
    return BeautifulSoup(html, "html.parser")


def one(tree: Tag, selector: str) -> Tag:
    """Give the only element that a selector finds."""
    found = tree.select(selector)
    assert len(found) == 1, f"{len(found)} elements for {selector!r}"
    return found[0]


def words(tag: Tag) -> str:
    """Give an element's text, white space and line breaks as a reader sees them."""
    pieces = (
        " " if isinstance(one, Tag) and one.name == "br" else str(one)
        for one in tag.descendants
        if not isinstance(one, Tag) or one.name == "br"
    )
    return " ".join("".join(pieces).split())


def rows_of(html: str) -> list[list[str]]:
    """Give the words of each cell, row by row."""
    return [list(map(words, row.select("th, td"))) for row in parsed(html).select("tbody tr")]
