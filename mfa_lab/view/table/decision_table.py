"""The decision table as a widget: a click or Enter on a cell shows why."""

from __future__ import annotations

from typing import Any

import traitlets

from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.table import Table
from mfa_lab.text import say
from mfa_lab.view.html import render
from mfa_lab.view.table.outcome_lines import cell_lines
from mfa_lab.view.table.table_view import TableView
from mfa_lab.view.table.trace_view import TraceView
from mfa_lab.view.widget import Widget


class DecisionTable(Widget, beside=__file__):
    """A decision table whose cells can be opened.

    Args:
        table: What is shown.
        language: `en` or `ja`.
        caption: Its title, or None for the usual one.
    """

    html = traitlets.Unicode("").tag(sync=True)
    detail = traitlets.Unicode("").tag(sync=True)
    hint = traitlets.Unicode("").tag(sync=True)
    opened = traitlets.List(traitlets.Int(), default_value=[]).tag(sync=True)

    def __init__(self, table: Table, language: str = "en", caption: str | None = None) -> None:
        self.language, self.caption = language, caption
        super().__init__(hint=say("table.hint", language))
        self.show(table)
        self.on_msg(self._receive)

    def show(self, table: Table) -> None:
        """Show another table; a cell that is open stays open and shows its new reason."""
        self.table = table
        with self.hold_sync():
            if self.opened and not self._has_cell(*self.opened):
                self.opened, self.detail = [], ""
            self.html = self._view(is_interactive=True).fragment()
            self._show_detail()

    def show_why(self, row: int, column: int) -> None:
        """Open a cell, as a click does.

        Args:
            row: From 0.
            column: From 0.

        Raises:
            IndexError: There is no such cell.
        """
        if not self._has_cell(row, column):
            raise IndexError(f"the table has no cell in row {row}, column {column}")
        with self.hold_sync():
            self.opened = [row, column]
            self._show_detail()

    def _has_cell(self, row: int, column: int) -> bool:
        return 0 <= row < len(self.table.rows) and 0 <= column < len(self.table.callers)

    def _show_detail(self) -> None:
        if not self.opened:
            return
        row, column = self.opened
        answers = self.table.answers(row, column)
        traces = [TraceView(one, self.language).fragment() for one in answers]
        self.detail = "".join([self._outcomes(row, column), *traces])

    def _outcomes(self, row: int, column: int) -> str:
        """Return what a cell depends on as HTML; nothing where it has one answer."""
        if self.table.rows[row].cells[column].face is not Face.DEPENDS:
            return ""
        lines = cell_lines(self.table, row, column, self.language)
        return render("table/outcome_list", self.language, lines=lines)

    def _view(self, *, is_interactive: bool) -> TableView:
        return TableView(self.table, self.language, self.caption, is_interactive)

    def _receive(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        match content:
            case {"open": [int(row), int(column)]} if self._has_cell(row, column):
                self.show_why(row, column)

    def __repr__(self) -> str:
        return repr(self._view(is_interactive=False))

    def fragment(self) -> str:
        """Return the widget as it stands as HTML without style."""
        return self._view(is_interactive=False).fragment() + self.detail
