"""A table as data for other programs: JSON, CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

from mfa_lab.analysis.difference import Difference, Flip
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.cells import Part
from mfa_lab.analysis.requests.evaluate_lines import evaluate_line
from mfa_lab.analysis.table import Table, Tabulator
from mfa_lab.iam.credentials import Caller

CSV_COLUMNS: Final = (
    "action",
    "resource",
    "credentials",
    "face",
    "undocumented",
    "decided_by",
    "face_before",
    "outcomes",
    "undecided",
)

MOST_WITNESSED: Final = 1_000
"""So many cells, and so many flips, have their witnesses without being asked."""


@dataclass(frozen=True, slots=True)
class TableData:
    """A table, and the difference where two policies are compared, as JSON values.

    Args:
        table: The table.
        difference: What changes from the first policy to the second, or None.
        tabulator: What made them.
        has_all_witnesses: Whether each outcome has its witness, however many there are.
    """

    table: Table
    difference: Difference | None
    tabulator: Tabulator
    has_all_witnesses: bool = False

    def rows(self) -> Iterator[list[dict[str, Any]]]:
        """Yield the cells, row by row."""
        table = self.table
        is_witnessed = self._is_witnessed(len(table.rows) * len(table.callers))
        kept: dict[tuple[int, int], list[Part]] = {}
        groups = [] if is_witnessed else [self._groups(caller) for caller in table.callers]
        for number, row in enumerate(table.rows):
            cells = table.row_data(number)
            for column, cell in enumerate(cells):
                if is_witnessed:
                    cell["outcomes"] = self._outcomes(number, column)
                    continue
                # Alike actions have the same parts, but for what the witnesses are about.
                group = column, groups[column][row.action]
                if group not in kept:
                    kept[group] = list(table.outcomes(number, column).outcomes.values())
                cell["outcomes"] = {str(part.face): _reasons(part) for part in kept[group]}
            yield cells

    def flips(self) -> Iterator[dict[str, Any]]:
        """Yield each change of an action for a kind of credentials, with its witness."""
        if self.difference is None:
            return
        found = self.difference.flips
        is_witnessed = self._is_witnessed(sum(len(flip.actions) for flip in found))
        for flip in found:
            for action in flip.actions:
                shown: dict[str, Any] = {
                    "action": action,
                    "credentials": flip.caller.kind.name,
                    "before": str(flip.before),
                    "after": str(flip.after),
                }
                if is_witnessed:
                    shown["witness"] = self._witness(self.difference, flip, action)
                yield shown

    def _is_witnessed(self, count: int) -> bool:
        return self.has_all_witnesses or count <= MOST_WITNESSED

    def _groups(self, caller: Caller) -> dict[str, int]:
        catalogue, surveyor = self.tabulator.catalogue, self.tabulator.surveyor
        return {
            name: number
            for number, actions in enumerate(surveyor.alike(self.table.policies, caller))
            for name in catalogue.names(actions)
        }

    def _outcomes(self, row: int, column: int) -> dict[str, dict[str, Any]]:
        policies = self.table.policies
        return {
            str(part.face): {"witness": evaluate_line(policies, part.witness), **_reasons(part)}
            for part in self.table.outcomes(row, column).outcomes.values()
        }

    def _witness(self, difference: Difference, flip: Flip, action: str) -> dict[str, Any]:
        changes = difference.changes(self.tabulator, flip.caller, action)
        request = changes.flips[flip.before, flip.after].before.witness
        both = {"before": difference.before, "after": difference.after}
        return {name: evaluate_line(policies, request) for name, policies in both.items()}


def _reasons(part: Part) -> dict[str, Any]:
    return {
        "decided_by": [matched.to_data() for matched in part.decided_by],
        "depends_on": list(part.depends_on),
    }


def json_pieces(data: TableData) -> Iterator[str]:
    """Yield a table as one JSON object, a line a cell.

    Its members are `credentials`, `size`, `totals`, where there are two policies `difference` and
    `flips`, and `cells`.

    Args:
        data: The table.
    """
    table, difference = data.table, data.difference
    yield "{" + "".join(
        f"{_json(name)}: {_json(one)},\n " for name, one in _head(table, difference)
    )
    if difference is not None:
        yield '"flips": ['
        yield from _listed([flip] for flip in data.flips())
        yield "\n ],\n "
    yield '"cells": ['
    yield from _listed(data.rows())
    yield "\n ]}\n"


def _listed(groups: Iterable[list[dict[str, Any]]]) -> Iterator[str]:
    lead = "\n  "
    for entries in groups:
        yield lead + ",\n  ".join(map(_json, entries))
        lead = ",\n  "


def _head(table: Table, difference: Difference | None) -> Iterator[tuple[str, Any]]:
    yield "credentials", [caller.kind.name for caller in table.callers]
    yield "size", table.size
    yield "totals", totals(table)
    if difference is not None:
        yield "difference", difference.to_data()


def totals(table: Table) -> dict[str, dict[str, int]]:
    """Count, for each kind of credentials, the actions of the whole catalogue by face."""
    return {
        caller.kind.name: {str(face): verdicts.faces[face].bit_count() for face in Face}
        for caller, verdicts in zip(table.callers, table.totals, strict=True)
    }


def csv_pieces(table: Table) -> Iterator[str]:
    """Return a table as CSV, a line a cell, with a header.

    Statements are named by Sid, or by their place where they have none, and parted by spaces.
    """
    yield _csv([CSV_COLUMNS])
    for number in range(len(table.rows)):
        cells = table.row_data(number)
        yield _csv([_csv_value(cell[column]) for column in CSV_COLUMNS] for cell in cells)


def _csv_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return " ".join(value)
    if isinstance(value, list):
        return " ".join(
            statement["sid"] or f"Statement[{statement['statement']}]" for statement in value
        )
    return "" if value is None else str(value)


def _csv(rows: Any) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
