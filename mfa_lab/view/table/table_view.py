"""A decision table as HTML: symbol, word and colour in each cell, and what decided it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from mfa_lab.analysis.requests.answer import CALL_FACES, Face
from mfa_lab.analysis.requests.survey import Verdicts
from mfa_lab.analysis.table import Cell, Row, Table
from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.service_rules import DEVICE_CHANGES
from mfa_lab.text import say
from mfa_lab.view.face_label import SYMBOLS, face_label
from mfa_lab.view.html import render, static
from mfa_lab.view.table.outcome_lines import depending_lines
from mfa_lab.view.table.statement_numbers import statement_name, statement_number


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as a reader sees it.

    Args:
        table: What is shown.
        language: `en` or `ja`.
        caption: Its title; None for one that says whose credentials are asked about.
        is_interactive: Whether cells can be opened, as in the widget.
    """

    table: Table
    language: str = "en"
    caption: str | None = None
    is_interactive: bool = False

    def fragment(self, on_row: Callable[[], object] = lambda: None) -> str:
        """Return the HTML without style.

        Args:
            on_row: Is called whenever a row is drawn.
        """
        return render(
            "table/table_view", self.language, view={**self._values(), "rows": self._rows(on_row)}
        )

    def _repr_html_(self) -> str:
        return static(self.fragment())

    def __repr__(self) -> str:
        return f"<table of {len(self.table.rows)} actions × {len(self.table.callers)} credentials>"

    def _values(self) -> dict[str, Any]:
        table = self.table
        cells = [cell for row in table.rows for cell in row.cells]
        size = f"{table.size:,}"
        return {
            "caption": self.caption or self._say("table.caption", user=table.callers[0].user.name),
            "is_interactive": self.is_interactive,
            "is_compared": any(cell.is_changed for cell in cells),
            "depends": Face.DEPENDS in self._faces()
            or any(cell.face_before is Face.DEPENDS for cell in cells),
            "groups": self._groups(),
            "columns": [self._column(caller.kind.name) for caller in table.callers],
            "all_actions": self._say("table.all_actions", size=size),
            "totals": [self._total(verdicts) for verdicts in table.totals],
            "legend": [face_label(face, self.language) for face in self._faces()],
            "outcomes_heading": self._say("outcome.heading", symbol=SYMBOLS[Face.DEPENDS]),
            "outcomes": self._outcomes(),
            "statements": self._statements(cells),
            "notes": self._notes(),
            "has_undocumented": any(cell.is_undocumented for cell in cells),
        }

    def _say(self, key: str, /, **values: object) -> str:
        return say(key, self.language, **values)

    def _groups(self) -> list[dict[str, Any]]:
        """Return the neighbouring columns that have the same value of the MFA key."""
        values = [caller.kind.mfa.present or "absent" for caller in self.table.callers]
        return [
            {"label": self._say(f"mfa_key.{value}"), "span": len(list(group))}
            for value, group in groupby(values)
        ]

    def _column(self, kind: str) -> dict[str, str]:
        return {
            "label": self._say(f"credentials.{kind}"),
            "description": self._say(f"credentials_meaning.{kind}"),
        }

    def _rows(self, on_row: Callable[[], object]) -> Iterator[dict[str, Any]]:
        for number, row in enumerate(self.table.rows):
            yield self._row(number, row)
            on_row()

    def _row(self, number: int, row: Row) -> dict[str, Any]:
        return {
            "number": number,
            "action": row.action,
            "resource": row.resource,
            "cells": [self._cell(cell) for cell in row.cells],
        }

    def _cell(self, cell: Cell) -> dict[str, Any]:
        return {
            "face": cell.face.value,
            "symbol": SYMBOLS[cell.face],
            "word": self._say(f"face.{cell.face}"),
            "numbers": ", ".join(str(self._number(matched)) for matched in cell.decided_by),
            "sids": ", ".join(statement_name(matched) for matched in cell.decided_by),
            "is_undocumented": cell.is_undocumented,
            "was": cell.face_before and self._say(f"face.{cell.face_before}"),
        }

    def _outcomes(self) -> list[str]:
        """Say what cells depend on; where a cell can be opened, it says so itself."""
        return [] if self.is_interactive else list(depending_lines(self.table, self.language))

    def _notes(self) -> list[str]:
        """Say what the requests take for granted and would change answers."""
        table = self.table
        notes = []
        asks_about_devices = any(row.action.lower() in DEVICE_CHANGES for row in table.rows)
        if asks_about_devices and not table.rules.has_device:
            notes.append(self._say("table.no_device", user=table.callers[0].user.name))
        return notes

    def _number(self, matched: MatchedStatement) -> str:
        return statement_number(matched, self.table.policies)

    def _faces(self) -> tuple[Face, ...]:
        """Return the faces of the table: that it depends only where something does."""
        depends = any(verdicts.faces[Face.DEPENDS] for verdicts in self.table.totals)
        return (*CALL_FACES, Face.DEPENDS) if depends else CALL_FACES

    def _total(self, verdicts: Verdicts) -> list[dict[str, Any]]:
        return [
            {
                "face": face.value,
                "symbol": SYMBOLS[face],
                "number": f"{verdicts.faces[face].bit_count():,}",
                "word": self._say(f"face.{face}"),
            }
            for face in self._faces()
        ]

    def _statements(self, cells: list[Cell]) -> list[dict[str, str]]:
        """Return number and name of every statement that decides a cell, in the policy's order."""
        deciding = {
            (matched.policy, matched.statement.index): matched
            for cell in cells
            for matched in cell.decided_by
        }
        return [
            {"number": self._number(matched), "name": statement_name(matched)}
            for _, matched in sorted(deciding.items())
        ]
