"""What each cell of a lesson is on the slides: the rule, written into the cells' metadata.

`store_outputs.py` writes it, `test_slides.py` holds it; an author of lessons does nothing. JupyterLab
and nbconvert know the same metadata.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

NEW = "slide"  # begins a slide
BELOW = "subslide"  # begins one that belongs to the slide before
ON = "-"  # stands on the slide before
SKIP = "skip"  # is not on the slides

CHANGES = "nbval-ignore-output"
_HEADING = re.compile(r"#{1,2} ")


def slide_type(type: str, id: str, source: str, tags: Sequence[str]) -> str:
    """Give what a cell is.

    Args:
        type: `markdown` or `code`.
        id: The cell's id.
        source: What stands in it.
        tags: Its tags.
    """
    if type == "markdown":
        if "<details>" in source:
            return SKIP  # hints and solutions
        return NEW if _HEADING.match(source) else BELOW
    if id == "setup" or CHANGES in tags or "lesson.check(" in source:
        return SKIP  # says nothing to a room, or differs from machine to machine
    shows_something = isinstance(ast.parse(source).body[-1], ast.Expr)
    return BELOW if shows_something else ON


def metadata(type: str, id: str, source: str, given: Mapping[str, object]) -> dict[str, object]:
    """Give a cell's metadata with what it is on the slides."""
    tags = given.get("tags", ())
    assert isinstance(tags, Sequence)
    return {**given, "slideshow": {"slide_type": slide_type(type, id, source, tags)}}
