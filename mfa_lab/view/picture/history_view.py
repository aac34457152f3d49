"""The history of a policy as a picture: each answer a bar over the versions that give it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from markupsafe import Markup

from mfa_lab.analysis.history import History, HistoryQuestion, Line, Panel
from mfa_lab.analysis.requests.answer import CALL_FACES, Face
from mfa_lab.iam.credentials import CredentialsKind
from mfa_lab.text import say
from mfa_lab.view.face_label import SYMBOLS, face_label
from mfa_lab.view.html import render, static
from mfa_lab.view.picture.picture import FACE_COLOURS, Colour, Picture, width_of

_WIDTH: Final = 740.0
_LABELS: Final = 236.0  # where the columns begin
_AXIS, _DATES, _PANELS = 28.0, 68.0, 84.0  # from above: the line of time, the dates, the bars
_LINE: Final = 14.0  # of a label
_SIZE: Final = 10.5
_GAP: Final = 3.0


@dataclass(frozen=True, slots=True)
class HistoryView:
    """A history as a reader sees it.

    Args:
        history: What is shown.
        language: `en` or `ja`.
    """

    history: History
    language: str = "en"

    def fragment(self) -> str:
        """Return the HTML without style."""
        return render(
            "picture/history_view",
            self.language,
            svg=self.svg(),
            legend=[face_label(face, self.language) for face in CALL_FACES],
            notes=self._notes(),
            dates=self._dates(),
            panels=[self._table(panel) for panel in self._panels()],
        )

    def _repr_html_(self) -> str:
        return static(self.fragment())

    def __repr__(self) -> str:
        dates = self._dates()
        return f"<history of {len(dates)} versions, {dates[0]} to {dates[-1]}>"

    def svg(self) -> Markup:
        """Draw the picture."""
        panels = self._panels()
        height = _PANELS + sum(_LINE + 12 + sum(map(self._height, panel.lines)) for panel in panels)
        picture = Picture(_WIDTH, height)
        self._draw_time(picture)
        top = _PANELS
        for panel in panels:
            top += _LINE
            picture.text(0, top, self._credentials(panel.kinds), size=12, is_bold=True)
            top += 6
            for line in panel.lines:
                self._draw_line(picture, line, top)
                top += self._height(line)
            top += 6
        dates = self._dates()
        return picture.svg(self._say("history.name", first=dates[0], last=dates[-1]))

    def _say(self, key: str, /, **values: object) -> str:
        return say(key, self.language, **values)

    def _panels(self) -> list[Panel]:
        return [panel for panel in self.history.panels if panel.lines]

    def _dates(self) -> list[str]:
        return [version.date for version in self.history.versions]

    def _credentials(self, kinds: Iterable[CredentialsKind]) -> str:
        separator = self._say("difference.separator")
        return separator.join(self._say(f"credentials.{kind.name}") for kind in kinds)

    # ---------------------------------------------------------------- drawing
    @property
    def _column(self) -> float:
        return (_WIDTH - _LABELS) / len(self.history.versions)

    def _draw_time(self, picture: Picture) -> None:
        """Draw the versions where they stand in time, each with a line to its column."""
        days = [_day(version.date) for version in self.history.versions]
        first, last = days[0].year, days[-1].year + 1
        start, end = date(first, 1, 1).toordinal(), date(last, 1, 1).toordinal()
        scale = (_WIDTH - _LABELS) / (end - start)

        def place(day: date) -> float:
            return _LABELS + (day.toordinal() - start) * scale

        picture.line(_LABELS, _AXIS, _WIDTH, _AXIS, Colour.STRONG_LINE)
        for year in range(first, last + 1):
            x = place(date(year, 1, 1))
            picture.line(x, _AXIS - 4, x, _AXIS, Colour.STRONG_LINE)
            if year < last:
                middle = (x + place(date(year + 1, 1, 1))) / 2
                picture.text(middle, _AXIS - 8, str(year), size=10, colour=Colour.FAINT,
                             anchor="middle")  # fmt: skip
        for number, (day, spelled) in enumerate(zip(days, self._dates(), strict=True)):
            x, middle = place(day), _LABELS + (number + 0.5) * self._column
            picture.box(x - 2, _AXIS - 2.5, 4, 5, Colour.INK)
            picture.line(x, _AXIS + 3, middle, _DATES - 12, Colour.STRONG_LINE)
            picture.text(middle, _DATES, spelled, size=10, anchor="middle")

    def _height(self, line: Line) -> float:
        return _LINE * len(self._label(line)) + 8

    def _label(self, line: Line) -> list[str]:
        """Return the lines of text that say what a bar is about."""
        names = [call.action.removeprefix("iam:") for call in line.asked]
        variant = line.asked[0].variant
        if variant:
            return [names[0], f"({self._say(f'history.{variant}')})"]
        return names

    def _draw_line(self, picture: Picture, line: Line, top: float) -> None:
        label = self._label(line)
        for number, text in enumerate(label):
            is_variant = bool(line.asked[0].variant) and number > 0
            colour = Colour.FAINT if is_variant else Colour.INK
            picture.text(0, top + 3 + _LINE * (number + 0.75), text, size=_SIZE, colour=colour)
        height = self._height(line) - 3
        for first, length, face, is_undocumented in line.runs():
            ink, ground = FACE_COLOURS[face]
            left = _LABELS + first * self._column + _GAP / 2
            width = length * self._column - _GAP
            picture.box(left, top, width, height, ground)
            if first:
                picture.box(left, top, 2.5, height, ink)
            words = self._words(face, is_undocumented, width - 9)
            picture.text(left + 7, top + height / 2 + 4, words, size=_SIZE, colour=ink)

    def _words(self, face: Face, is_undocumented: bool, width: float) -> str:
        """Return symbol and word of a face; where a bar is too narrow, the symbol alone."""
        mark = " †" if is_undocumented else ""
        full = f"{SYMBOLS[face]} {self._say(f'face.{face}')}{mark}"
        return full if width_of(full, _SIZE) <= width else f"{SYMBOLS[face]}{mark}"

    # ---------------------------------------------------------------- words
    def _notes(self) -> list[str]:
        notes = [self._say("history.only_changes")]
        for panel in self.history.panels:
            if not panel.lines:
                notes.append(self._steady(panel))
        notes += [self._say(f"history.{note}") for note in ("rule", "one_device", "newest")]
        undocumented = [kind for panel in self._panels() for kind in panel.undocumented]
        if undocumented:
            credentials = self._credentials(undocumented)
            notes.append(self._say("history.undocumented", credentials=credentials))
        return notes

    def _steady(self, panel: Panel) -> str:
        credentials = self._credentials(panel.kinds)
        if panel.steady is None:
            return self._say("history.nothing", credentials=credentials)
        face = self._say(f"face.{panel.steady}")
        return self._say("history.unchanged", credentials=credentials, face=face)

    def _table(self, panel: Panel) -> dict[str, Any]:
        return {
            "title": self._credentials(panel.kinds),
            "lines": [
                {
                    "asked": [self._asked(call) for call in line.asked],
                    "cells": [
                        {
                            "face": face_label(face, self.language),
                            "is_undocumented": is_undocumented,
                        }
                        for face, is_undocumented in zip(line.faces, line.undocumented, strict=True)
                    ],
                }
                for line in panel.lines
            ],
        }

    def _asked(self, asked: HistoryQuestion) -> dict[str, str]:
        variant = self._say(f"history.{asked.variant}") if asked.variant else ""
        return {"action": asked.action, "variant": variant}


def _day(spelled: str) -> date:
    """Read a date; of a month its first day."""
    return date.fromisoformat(spelled if spelled.count("-") == 2 else f"{spelled}-01")
