"""Pictures: SVG in the colours and the fonts of the page that it stands in.

Every colour is a variable of the style sheet, so a picture follows the light and the dark theme.
No font is named: the browser takes the page's, which has Japanese where the page has it. Nothing
has an id, which would meet the id of another picture in the same page.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from typing import Final
from unicodedata import east_asian_width

from markupsafe import Markup

from mfa_lab.analysis.requests.answer import Face


class Colour(enum.Enum):
    """The colours of a picture: variables of style.css."""

    INK = "--ink"
    FAINT = "--faint"
    STRONG_LINE = "--strong-line"
    RAISED = "--raised"
    MARK = "--mark"
    ALLOW_INK = "--allow-ink"
    ALLOW_GROUND = "--allow-ground"
    DENY_INK = "--deny-ink"
    DENY_GROUND = "--deny-ground"
    NONE_INK = "--none-ink"
    NONE_GROUND = "--none-ground"
    REFUSED_INK = "--refused-ink"
    REFUSED_GROUND = "--refused-ground"


FACE_COLOURS: Final = {
    Face.ALLOW: (Colour.ALLOW_INK, Colour.ALLOW_GROUND),
    Face.EXPLICIT_DENY: (Colour.DENY_INK, Colour.DENY_GROUND),
    Face.IMPLICIT_DENY: (Colour.NONE_INK, Colour.NONE_GROUND),
    Face.REFUSED: (Colour.REFUSED_INK, Colour.REFUSED_GROUND),
}
"""Ink and ground of each face, as style.css pairs them."""

_EDGE: Final = 1.5  # how thick the edge of a box is, in dots
# How wide a letter is, in parts of the font size: generously, since the reader's font isn't known.
_NARROW, _WIDE, _BOLD = 0.58, 1.02, 1.12
# In a line of Japanese; a space goes with the word behind it.
_NEVER_FIRST: Final = "、。，．・：」』）)ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々"
_NEVER_LAST: Final = " 「『（"


class Picture:
    """A picture to draw on; places are in dots from the upper left corner.

    What is drawn later covers what was drawn before.

    Args:
        width: In dots.
        height: In dots.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._elements: list[Markup] = []

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        ground: Colour,
        edge: Colour | None = None,
    ) -> None:
        """Draw a filled box, with an edge or without.

        Args:
            x: Left edge, in dots.
            y: Upper edge, from the top of the picture.
            width: In dots.
            height: In dots.
            ground: What fills it.
            edge: Colour of the edge; None for none.
        """
        self._draw("rect", x=x, y=y, width=width, height=height, fill=ground,
                   stroke=edge, stroke_width=edge and _EDGE)  # fmt: skip

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: Colour) -> None:
        """Draw a straight line, one dot thick.

        Args:
            x1: Where it begins, in dots.
            y1: The same, from the top of the picture.
            x2: Where it ends.
            y2: The same, from the top of the picture.
            colour: Its colour.
        """
        self._draw("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 11,
        colour: Colour = Colour.INK,
        is_bold: bool = False,
        anchor: str = "start",
    ) -> None:
        """Write a line of text.

        Args:
            x: Where it begins; with another anchor, where its middle or its end is.
            y: Its base line.
            text: The words.
            size: Of the font.
            colour: Of the words.
            is_bold: Whether they are bold.
            anchor: `start`, `middle` or `end`.
        """
        self._draw("text", text, x=x, y=y, font_size=size, fill=colour,
                   font_weight=700 if is_bold else None,
                   text_anchor=anchor if anchor != "start" else None)  # fmt: skip

    def svg(self, name: str) -> Markup:
        """Return the picture as SVG to stand in HTML.

        Args:
            name: What a screen reader calls it.
        """
        box = f"0 0 {_spelled(self.width)} {_spelled(self.height)}"
        begin = Markup('<svg role="img" viewBox="{}" aria-label="{}">').format(box, name)
        return Markup("\n").join([begin, *self._elements, Markup("</svg>")])

    def _draw(
        self, tag: str, text: str | None = None, /, **attributes: float | str | Colour | None
    ) -> None:
        """Add an element; an attribute that is None is left out."""
        given = Markup("").join(
            Markup(' {}="{}"').format(name.replace("_", "-"), _spelled(value))
            for name, value in attributes.items()
            if value is not None
        )
        form = "<{}{}/>" if text is None else "<{0}{1}>{2}</{0}>"
        self._elements.append(Markup(form).format(tag, given, text))


def _spelled(value: float | str | Colour) -> str:
    if isinstance(value, Colour):
        return f"var({value.value})"
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def width_of(text: str, size: float, *, is_bold: bool = False) -> float:
    """Estimate how wide a text is, rather too wide than too narrow.

    Args:
        text: The words.
        size: Of the font, in dots.
        is_bold: Whether the words are bold.
    """
    wide = sum(map(_is_wide, text))
    weight = _BOLD if is_bold else 1
    return size * weight * (_WIDE * wide + _NARROW * (len(text) - wide))


def wrapped(text: str, width: float, size: float, most: int, *, is_bold: bool = False) -> list[str]:
    """Break a text into lines that fit, the last one cut with … where there are too many.

    Args:
        text: The words; what is too long for a line is broken inside.
        width: How wide a line may be, in dots.
        size: Of the font.
        most: How many lines there may be.
        is_bold: Whether the words are bold.
    """

    def fits(line: str) -> bool:
        return width_of(line.strip(), size, is_bold=is_bold) <= width

    lines = [""]
    for piece in _pieces(text, fits):
        if lines[-1] and not fits(lines[-1] + piece):
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and not fits(f"{last}…"):
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def _pieces(text: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """Return the pieces that a line may be broken between, none too long for a line."""
    piece = ""
    for letter in " ".join(text.split()):
        if piece and (_may_end(piece[-1], letter) or not fits(piece + letter)):
            yield piece
            piece = ""
        piece += letter
    yield piece


def _may_end(before: str, after: str) -> bool:
    """Return whether a line may end between two letters; a space begins the next piece."""
    if after == " ":
        return True
    if before in _NEVER_LAST or after in _NEVER_FIRST:
        return False
    return _is_wide(before) or _is_wide(after) or before in "-_/:"


def _is_wide(letter: str) -> bool:
    return east_asian_width(letter) in "WF"
