"""A lesson as slides: one HTML page that asks nothing of the network.

The slides follow the `slideshow` metadata of the cells, which JupyterLab and nbconvert know too;
nbconvert's own slides load reveal.js, MathJax and RequireJS from the network.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import mistune
from markupsafe import Markup, escape

from mfa_lab.view.html import render

_FOLDER: Final = Path(__file__).parent
_LEFT_OUT: Final = frozenset({"skip", "notes"})
_BEGINS: Final = frozenset({"slide", "subslide"})
_SECTION: Final = re.compile(r"^(?=## )", re.MULTILINE)


def slides_page(document: Mapping[str, Any], language: str) -> str:
    """Return a notebook as a page of slides.

    Args:
        document: The notebook, in nbformat 4, with its outputs.
        language: `en` or `ja`.
    """
    script = _text("slides.js")
    slides = [Markup("\n").join(slide) for slide in _slides(document["cells"])]
    return render(
        "course/slides",
        language,
        title=_title(document["cells"]),
        slides=slides,
        style=_text("slides.css"),
        script=script,
        sum_of_script=_sum_of(script),
    )


def _sum_of(script: str) -> str:
    """Return the sum by which a page's policy knows its own script, and runs no other.

    Source: W3C, "Content Security Policy Level 3", hash-source.
    """
    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"


def _slides(cells: list[Mapping[str, Any]]) -> list[list[Markup]]:
    slides: list[list[Markup]] = []
    for cell in cells:
        kind = cell["metadata"].get("slideshow", {}).get("slide_type", "-")
        if kind in _LEFT_OUT:
            continue
        for place, part in enumerate(_parts(cell)):
            if place or kind in _BEGINS or not slides:
                slides.append([])
            slides[-1].append(part)
    return slides


def _parts(cell: Mapping[str, Any]) -> Iterator[Markup]:
    """Return what a cell shows: prose cut at second-level headings, or code with its outputs."""
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        for section in filter(str.strip, _SECTION.split(source)):
            yield Markup('<div class="prose">{}</div>').format(_prose(section))
    else:
        outputs = Markup().join(map(_shown, cell.get("outputs", ())))
        yield Markup('<pre class="code" tabindex="0"><code>{}</code></pre>{}').format(
            source, outputs
        )


def _shown(output: Mapping[str, Any]) -> Markup:
    """Return a stored output: its HTML is the library's own, anything else is text."""
    data = output.get("data", {})
    if "text/html" in data:
        return Markup('<div class="output">{}</div>').format(Markup("".join(data["text/html"])))
    return Markup("<pre>{}</pre>").format("".join(data.get("text/plain", output.get("text", ""))))


def _title(cells: list[Mapping[str, Any]]) -> str:
    first = "".join(cells[0]["source"]) if cells else ""
    return first.partition("\n")[0].removeprefix("# ")


class _Prose(mistune.HTMLRenderer):
    """Prose whose HTML is shown as text, and whose links lead to slides or to the world."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Draw a link; one to a file that is no slide is its text alone."""
        parts = urlsplit(url)
        if parts.scheme == "https":
            return str(Markup('<a href="{}">{}</a>').format(url, Markup(text)))
        if not parts.scheme and not parts.netloc and parts.path.endswith(".ipynb"):
            target = parts.path.removesuffix(".ipynb") + ".html"
            return str(Markup('<a href="{}">{}</a>').format(target, Markup(text)))
        return text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Draw no picture: it would be asked for."""
        return str(escape(text))


@cache
def _markdown() -> mistune.Markdown:
    return mistune.create_markdown(
        renderer=_Prose(escape=True), plugins=["table", "strikethrough", "url"]
    )


def _prose(source: str) -> Markup:
    return Markup(str(_markdown()(source)))


@cache
def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
