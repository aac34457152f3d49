"""A table as data for other programs: JSON, CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from itertools import groupby
from typing import Any, Final

from mfa_lab.analysis.difference import Difference
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.table import Table

CSV_COLUMNS: Final = (
    "action",
    "resource",
    "credentials",
    "face",
    "undocumented",
    "decided_by",
    "face_before",
)


def json_pieces(table: Table, difference: Difference | None) -> Iterator[str]:
    """Return a table as one JSON object, a line a cell.

    Its members are `credentials`, `size`, `totals`, `difference` where there is one, and `cells`.

    Args:
        table: The table.
        difference: What changes from the first policy to the second, or None.
    """
    yield "{" + "".join(
        f"{_json(name)}: {_json(part)},\n " for name, part in _head(table, difference)
    )
    yield '"cells": ['
    lead = "\n  "
    for _, cells in _rows(table):
        yield lead + ",\n  ".join(map(_json, cells))
        lead = ",\n  "
    yield "\n ]}\n"


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
    for _, cells in _rows(table):
        yield _csv([_csv_value(cell[column]) for column in CSV_COLUMNS] for cell in cells)


def _rows(table: Table) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for action, cells in groupby(table.to_data(), key=lambda cell: str(cell["action"])):
        yield action, list(cells)


def _csv_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
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
