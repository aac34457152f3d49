"""A line of Markdown as HTML: bold, emphasis, code and the words of links; the rest is escaped."""

from __future__ import annotations

import re
from html import escape
from typing import Final

_CODE: Final = re.compile(r"(`+)(.+?)\1")
# Stands for a piece of code while the marks around it are found; no text may bring it in.
_HELD: Final = "\ue000"
# On escaped text. A link keeps its words: the page that shows it has no address to follow.
_MARKS: Final = (
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\*\*(?=\S)([^*]+?)(?<=\S)\*\*"), r"<b>\1</b>"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])"), r"<em>\1</em>"),
)


def markdown_line(text: str) -> str:
    """Return a line as HTML; nothing of the line itself is taken for HTML.

    Args:
        text: What stands in a notebook, without the sign of a list.
    """
    text = text.replace(_HELD, "")
    codes = [f"<code>{escape(found[2].strip())}</code>" for found in _CODE.finditer(text)]
    marked = escape(_CODE.sub(_HELD, text))
    for pattern, replacement in _MARKS:
        marked = pattern.sub(replacement, marked)
    first, *rest = marked.split(_HELD)
    return first + "".join(code + more for code, more in zip(codes, rest, strict=True))
