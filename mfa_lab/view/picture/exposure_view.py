"""Policies side by side as a picture: what each leaves open, and whom it locks out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from markupsafe import Markup

from mfa_lab.analysis.exposure import Attempt, AttemptAnswer, Concern, Exposure
from mfa_lab.analysis.requests.answer import CALL_FACES
from mfa_lab.text import say
from mfa_lab.view.face_label import SYMBOLS, face_label
from mfa_lab.view.html import render, static
from mfa_lab.view.picture.picture import Colour, Picture, wrapped

_WIDTH: Final = 740.0
_LABELS: Final = 300.0  # where the columns begin
_NARROWEST: Final = 100.0  # of a column; with many policies the picture grows wider
_LINE: Final = 14.0
_HEAD_LINES: Final = 3  # of a policy's label
_ROW: Final = 22.0
_SIZE: Final = 10.5


@dataclass(frozen=True, slots=True)
class ExposureView:
    """Policies side by side as a reader sees them.

    Args:
        exposure: What is shown.
        language: `en` or `ja`.
    """

    exposure: Exposure
    language: str = "en"

    def fragment(self) -> str:
        """Return the HTML without style."""
        return render(
            "picture/exposure_view",
            self.language,
            svg=self.svg(),
            legend=[face_label(face, self.language) for face in CALL_FACES],
            notes=self._notes(),
            labels=self._labels(),
            concerns=[self._table(concern) for concern in Concern],
        )

    def _repr_html_(self) -> str:
        return static(self.fragment())

    def __repr__(self) -> str:
        open_, locked = (self.exposure.problems(concern) for concern in Concern)
        policies = zip(self.exposure.labels, open_, locked, strict=True)
        return "\n".join(
            f"{label}: {exposures} exposures, {lock_outs} lock-outs"
            for label, exposures, lock_outs in policies
        )

    def _labels(self) -> list[str]:
        return [label if label.strip() else "–" for label in self.exposure.labels]

    def svg(self) -> Markup:
        """Draw the picture."""
        heads = [
            wrapped(label, self._column - 8, _SIZE, _HEAD_LINES, is_bold=True)
            for label in self._labels()
        ]
        top = _LINE * max(map(len, heads)) + 6
        rows = sum(
            _ROW + _LINE * len(self._attempt(row[0].attempt)) - _LINE for row in self.exposure.rows
        )
        scenes = len(list(groupby(self.exposure.rows, lambda row: row[0].attempt.scene)))
        height = top + rows + scenes * _ROW + len(Concern) * (_ROW + 10)
        picture = Picture(_LABELS + self._column * len(heads), height)
        for number, lines in enumerate(heads):
            first = _LINE * (max(map(len, heads)) - len(lines) + 1)
            for place, text in enumerate(lines):
                picture.text(self._left(number), first + _LINE * place, text, size=_SIZE,
                             is_bold=True)  # fmt: skip
        for concern in Concern:
            top = self._draw_concern(picture, concern, top)
        return picture.svg(self._say("exposure.name"))

    def _say(self, key: str, /, **values: object) -> str:
        return say(key, self.language, **values)

    # ---------------------------------------------------------------- drawing
    @property
    def _column(self) -> float:
        return max(_NARROWEST, (_WIDTH - _LABELS) / len(self.exposure.labels))

    def _left(self, number: int) -> float:
        return _LABELS + number * self._column + 6

    def _draw_concern(self, picture: Picture, concern: Concern, top: float) -> float:
        """Draw the rows of a concern below a line; give where they end."""
        picture.line(0, top + 4, picture.width, top + 4, Colour.STRONG_LINE)
        picture.text(0, top + 21, self._say(f"exposure_concern.{concern}"), size=12, is_bold=True)
        for number, count in enumerate(self._counts(concern)):
            picture.text(self._left(number), top + 21, count, size=12, is_bold=True)
        top += _ROW + 10
        for scene, rows in groupby(self._rows(concern), lambda row: row[0].attempt.scene):
            picture.text(0, top + 12, self._say(f"exposure_scene.{scene}"), size=_SIZE,
                         colour=Colour.FAINT)  # fmt: skip
            top += _ROW
            for row in rows:
                top = self._draw_row(picture, row, top)
        return top

    def _draw_row(self, picture: Picture, row: tuple[AttemptAnswer, ...], top: float) -> float:
        lines = self._attempt(row[0].attempt)
        for place, text in enumerate(lines):
            picture.text(12, top + _LINE * (place + 0.9), text, size=_SIZE)
        height = _ROW + _LINE * (len(lines) - 1)
        for number, found in enumerate(row):
            self._draw_cell(picture, found, self._left(number) - 6, top, height)
        return top + height

    def _draw_cell(
        self, picture: Picture, found: AttemptAnswer, left: float, top: float, height: float
    ) -> None:
        box = (left + 1, top, self._column - 4, height - 4)
        if found.is_problem:
            picture.box(*box, Colour.RAISED, Colour.MARK)
        else:
            picture.box(*box, Colour.NONE_GROUND)
        mark = " †" if found.is_undocumented else ""
        picture.text(
            left + 7,
            top + height / 2 + 2,
            f"{SYMBOLS[found.answer.face]} {self._word(found)}{mark}",
            size=_SIZE,
            colour=Colour.MARK if found.is_problem else Colour.NONE_INK,
            is_bold=found.is_problem,
        )

    # ---------------------------------------------------------------- words
    def _rows(self, concern: Concern) -> list[tuple[AttemptAnswer, ...]]:
        return [row for row in self.exposure.rows if row[0].attempt.concern is concern]

    def _attempt(self, attempt: Attempt) -> list[str]:
        return wrapped(self._sentence(attempt), _LABELS - 20, _SIZE, 2)

    def _sentence(self, attempt: Attempt) -> str:
        return self._say(f"exposure_{attempt.scene}.{attempt.name}")

    def _word(self, found: AttemptAnswer) -> str:
        if found.attempt.concern is Concern.EXPOSURE:
            return self._say("exposure.is_open" if found.is_problem else "exposure.is_closed")
        return self._say("exposure.is_locked" if found.is_problem else "exposure.works")

    def _counts(self, concern: Concern) -> list[str]:
        size = len(self._rows(concern))
        return [
            self._say("exposure.count", count=count, all=size)
            for count in self.exposure.problems(concern)
        ]

    def _notes(self) -> list[str]:
        notes = [self._say("exposure.password_known"), self._say("exposure.work")]
        if any(found.is_undocumented for row in self.exposure.rows for found in row):
            notes.append(f"† {self._say('table.undocumented_legend')}")
        return notes

    def _table(self, concern: Concern) -> dict[str, Any]:
        return {
            "title": self._say(f"exposure_concern.{concern}"),
            "counts": self._counts(concern),
            "rows": [
                {
                    "scene": self._say(f"exposure_scene.{row[0].attempt.scene}"),
                    "attempt": self._sentence(row[0].attempt),
                    "cells": [
                        {
                            "word": self._word(found),
                            "is_problem": found.is_problem,
                            "face": face_label(found.answer.face, self.language),
                            "is_undocumented": found.is_undocumented,
                        }
                        for found in row
                    ],
                }
                for row in self._rows(concern)
            ],
        }
