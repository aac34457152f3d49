"""Pictures: drawn by matplotlib, shown as SVG that takes the page's colours and fonts.

What matplotlib writes is read again and only its shapes are kept: no ids, which another picture of
the page would meet, no fonts and no metadata. Colours become the library's own variables, so that a
picture follows the light and the dark theme; words are put in last, escaped, and drawn by the
reader's browser, so that no font of matplotlib's needs to have Japanese.
"""

from __future__ import annotations

import enum
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width
from xml.etree import ElementTree

from markupsafe import escape

from mfa_lab.analysis.requests.answer import Face

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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

    @property
    def sentinel(self) -> str:
        """A colour that stands for it in what matplotlib writes."""
        return f"#{list(Colour).index(self) + 1:06x}"


FACE_COLOURS: Final = {
    Face.ALLOW: (Colour.ALLOW_INK, Colour.ALLOW_GROUND),
    Face.EXPLICIT_DENY: (Colour.DENY_INK, Colour.DENY_GROUND),
    Face.IMPLICIT_DENY: (Colour.NONE_INK, Colour.NONE_GROUND),
    Face.REFUSED: (Colour.REFUSED_INK, Colour.REFUSED_GROUND),
}
"""Ink and ground of each face, as style.css pairs them."""

# A figure of 72 dots an inch has the dots of its SVG as its units.
_DOTS_AN_INCH: Final = 72
_NARROW, _WIDE = 0.58, 1.02  # of the font size, generously, since the reader's font is not known


@dataclass(frozen=True, slots=True)
class _Word:
    """A text of a picture."""

    text: str
    size: float
    colour: Colour
    is_bold: bool
    anchor: str


class Picture:
    """A picture to draw on; places are in dots from the upper left corner.

    Args:
        width: In dots.
        height: In dots.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._shapes: list[tuple[str, tuple[float, ...], Colour, Colour | None, float]] = []
        self._words: list[tuple[float, float, _Word]] = []

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
        self._shapes.append(
            ("box", (x, self.height - y - height, width, height), ground, edge, 1.5)
        )

    def line(self, points: Sequence[float], colour: Colour, thickness: float = 1) -> None:
        """Draw a line through points, x and y in turn.

        Args:
            points: In dots, from the upper left corner: x, y, x, y and so on.
            colour: Its colour.
            thickness: In dots.
        """
        flipped = tuple(self.height - one if index % 2 else one for index, one in enumerate(points))
        self._shapes.append(("line", flipped, colour, None, thickness))

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
        self._words.append((x, self.height - y, _Word(text, size, colour, is_bold, anchor)))

    def svg(self, name: str) -> str:
        """Give the picture as SVG to stand in HTML.

        Args:
            name: What one who does not see it is told that it is.
        """
        shapes = "\n".join(self._elements(ElementTree.fromstring(self._written())))
        box = f"0 0 {_number(self.width)} {_number(self.height)}"
        return f'<svg role="img" viewBox="{box}" aria-label="{escape(name)}">\n{shapes}\n</svg>'

    def _written(self) -> str:
        """Let matplotlib write the picture, whatever the settings of the machine are."""
        with _quiet():
            import matplotlib
            from matplotlib.figure import Figure
        file = StringIO()
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "mfa_lab"})
            inches = (self.width / _DOTS_AN_INCH, self.height / _DOTS_AN_INCH)
            figure = Figure(figsize=inches, dpi=_DOTS_AN_INCH)
            figure.patch.set_visible(False)
            self._draw_on(figure)
            figure.savefig(file, format="svg", metadata={"Date": None})
        return file.getvalue()

    def _draw_on(self, figure: Figure) -> None:
        from matplotlib.lines import Line2D
        from matplotlib.patches import Rectangle
        from matplotlib.transforms import IdentityTransform

        dots = IdentityTransform()
        for order, (shape, places, colour, edge, thickness) in enumerate(self._shapes):
            if shape == "box":
                x, y, width, height = places
                box = Rectangle((x, y), width, height, transform=dots, zorder=order)
                box.set(facecolor=colour.sentinel, edgecolor=edge.sentinel if edge else "none")
                box.set_linewidth(thickness)
                figure.add_artist(box)
            else:
                line = Line2D(places[::2], places[1::2], transform=dots, zorder=order)
                line.set(color=colour.sentinel, linewidth=thickness)
                figure.add_artist(line)
        for number, (x, y, _) in enumerate(self._words):
            figure.text(
                x, y, str(number), transform=dots, va="baseline", zorder=len(self._shapes) + number
            )

    def _elements(self, tree: ElementTree.Element) -> Iterator[str]:
        """Give what was drawn, in order, with the library's colours and the words."""
        for element in tree.iter():
            kind = element.tag.rpartition("}")[2]
            if kind == "path":
                yield _path(element)
            elif kind == "text":
                word = self._words[int(element.text or "")][2]
                yield _text(element, word)


def _path(element: ElementTree.Element) -> str:
    style = dict(re.findall(r"([\w-]+): ([^;]+)", element.get("style", "")))
    places = re.sub(r"-?\d+\.\d+", lambda one: _number(float(one[0])), element.get("d", ""))
    attributes = [f'd="{" ".join(places.split())}"', f'fill="{_variable(style["fill"])}"']
    stroke = style.get("stroke", "none")
    if stroke != "none":
        attributes += [f'stroke="{_variable(stroke)}"']
        attributes += [f'stroke-width="{style.get("stroke-width", "1")}"']
    return f"<path {' '.join(attributes)}/>"


def _text(element: ElementTree.Element, word: _Word) -> str:
    x, y = (_number(float(element.get(name, "0"))) for name in ("x", "y"))
    anchor = "" if word.anchor == "start" else f' text-anchor="{word.anchor}"'
    weight = ' font-weight="700"' if word.is_bold else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{_number(word.size)}"{anchor}{weight} '
        f'fill="var({word.colour.value})">{escape(word.text)}</text>'
    )


def _variable(spelled: str) -> str:
    known = {colour.sentinel: f"var({colour.value})" for colour in Colour}
    return "none" if spelled == "none" else known[spelled]


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep out of the page what matplotlib says of its font cache when it is first imported."""
    log = logging.getLogger("matplotlib")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def width_of(text: str, size: float) -> float:
    """Estimate how wide a text is, rather too wide than too narrow.

    Args:
        text: The words.
        size: Of the letters, in dots.
    """
    wide = sum(east_asian_width(one) in "WF" for one in text)
    return size * (_WIDE * wide + _NARROW * (len(text) - wide))


def wrapped(text: str, width: float, size: float, most: int) -> list[str]:
    """Break a text into lines that fit, the last one cut with … where there are too many.

    Args:
        text: The words; Japanese may be broken after any character.
        width: How wide a line may be, in dots.
        size: Of the font.
        most: How many lines there may be.
    """
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and width_of((lines[-1] + piece).rstrip(), size) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    lines[-1] = lines[-1].rstrip()
    if len(lines) <= most:
        return lines
    kept = lines[:most]
    while kept[-1] and width_of(f"{kept[-1]}…", size) > width:
        kept[-1] = kept[-1][:-1]
    kept[-1] += "…"
    return kept


def _pieces(text: str) -> Iterator[str]:
    """Give the pieces that a line may be broken between."""
    for word in re.findall(r"\s*\S+", " ".join(text.split())):
        piece = ""
        for one in word:
            is_wide = east_asian_width(one) in "WF" and one not in "、。」』)）"
            if piece.strip() and (is_wide or len(piece) > 24):
                yield piece
                piece = ""
            piece += one
        yield piece
