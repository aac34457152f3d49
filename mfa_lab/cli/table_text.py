"""A table as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mfa_lab.analysis.catalogue import EMPTY
from mfa_lab.analysis.difference import Difference, Flip
from mfa_lab.analysis.requests.answer import CALL_FACES, Face
from mfa_lab.analysis.table import Cell, Table
from mfa_lab.cli.table_data import TableData
from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.credentials import Caller
from mfa_lab.text import say
from mfa_lab.text.columns import aligned, width, widths
from mfa_lab.view.face_label import SYMBOLS
from mfa_lab.view.table.outcome_lines import RequestWords, depending_lines

MFA_KEY: Final = "aws:MultiFactorAuthPresent"

_UNDOCUMENTED: Final = "†"
_CHANGED: Final = "«"
_MOST_NAMES: Final = 40  # of the actions that flip; the number of all is always given


def text_pieces(data: TableData, language: str) -> Iterator[str]:
    """Yield a table line by line, with what changed before it where two policies are compared.

    Args:
        data: The table, with the difference where there is one.
        language: `en` or `ja`.
    """
    if data.difference is not None:
        yield from _lines(DifferenceText(data, data.difference, language).lines())
        yield "\n"
    yield from _lines(TableText(data.table, language).lines())


def _lines(lines: Iterator[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class TableText:
    """A table as lines of text: title, head, rows, totals, notes."""

    table: Table
    language: str

    def lines(self) -> Iterator[str]:
        """Return the lines, without their ends."""
        head, totals = self._head(), self._totals()
        rows = [[row.action, *map(self._cell, row.cells)] for row in self.table.rows]
        columns = widths([*head, *rows, *totals])
        rule = "-" * min(sum(columns) + 2 * (len(columns) - 1), 200)
        yield self._say("table.caption", user=self.table.callers[0].user.name)
        yield ""
        yield from (aligned(row, columns) for row in head)
        yield rule
        yield from (aligned(row, columns) for row in rows)
        yield rule
        yield from (aligned(row, columns) for row in totals)
        yield ""
        yield from self._outcomes()
        yield from self._notes()

    def _say(self, key: str, /, **values: object) -> str:
        return say(key, self.language, **values)

    def _head(self) -> list[list[str]]:
        """Return the names of the credentials, in as many lines as they have parts."""
        callers = self.table.callers
        parts = [self._name(caller).split(self._say("cli.table.name_break")) for caller in callers]
        height = max(map(len, parts))
        lines = [
            [part[line] if line < len(part) else "" for part in parts] for line in range(height)
        ]
        values = [self._say(f"mfa_key.{caller.kind.mfa.present or 'absent'}") for caller in callers]
        empty = [""] * (height - 1)
        firsts = [*empty, self._say("table.action"), MFA_KEY]
        return [[first, *rest] for first, rest in zip(firsts, [*lines, values], strict=True)]

    def _name(self, caller: Caller) -> str:
        return self._say(f"credentials.{caller.kind.name}")

    def _cell(self, cell: Cell) -> str:
        parts = [_shown(cell.face, self.language)]
        if cell.decided_by:
            parts.append(",".join(map(_number, cell.decided_by)))
        if cell.is_undocumented:
            parts.append(_UNDOCUMENTED)
        if cell.face_before is not None:
            parts += [_CHANGED, self._say(f"face.{cell.face_before}")]
        return " ".join(parts)

    def _faces(self) -> tuple[Face, ...]:
        """Return the faces of the table: that it depends only where something does."""
        depends = any(verdicts.faces[Face.DEPENDS] for verdicts in self.table.totals)
        return (*CALL_FACES, Face.DEPENDS) if depends else CALL_FACES

    def _totals(self) -> list[list[str]]:
        """Return the counts over the whole catalogue, a row a face."""
        title = self._say("table.all_actions", size=f"{self.table.size:,}")
        counts = [
            [f"{verdicts.faces[face].bit_count():,}" for verdicts in self.table.totals]
            for face in self._faces()
        ]
        wide = max(len(count) for row in counts for count in row)
        return [
            [title, *[""] * len(self.table.totals)],
            *(
                ["  " + _shown(face, self.language), *(count.rjust(wide) for count in row)]
                for face, row in zip(self._faces(), counts, strict=True)
            ),
        ]

    def _outcomes(self) -> Iterator[str]:
        """Say what the cells that depend on the request depend on."""
        lines = list(depending_lines(self.table, self.language))
        if lines:
            yield self._say("outcome.heading", symbol=SYMBOLS[Face.DEPENDS])
            yield from (f"  {line}" for line in lines)
            yield ""

    def _notes(self) -> Iterator[str]:
        """Say what symbols, numbers and marks mean."""
        faces = self._faces()
        words = [_shown(face, self.language) for face in faces]
        wide = max(map(width, words))
        for face, word in zip(faces, words, strict=True):
            yield aligned([word, self._say(f"face_meaning.{face}")], [wide, 0])
        cells = [cell for row in self.table.rows for cell in row.cells]
        deciding = {
            matched.statement.index: matched for cell in cells for matched in cell.decided_by
        }
        if deciding:
            yield self._say("cli.table.numbers")
            for _, matched in sorted(deciding.items()):
                yield f"  {_numbered(matched)}"
        if any(cell.is_changed for cell in cells):
            yield f"{_CHANGED} {self._say('cli.table.changed')}"
        if any(cell.is_undocumented for cell in cells):
            yield f"{_UNDOCUMENTED} {self._say('table.undocumented_legend')}"


@dataclass(frozen=True, slots=True)
class DifferenceText:
    """A difference as lines of text: how many actions flip, and which for whom."""

    data: TableData
    difference: Difference
    language: str

    def lines(self) -> Iterator[str]:
        """Return the lines, without their ends."""
        count, size = len(self.difference.actions), f"{self.data.table.size:,}"
        if not count:
            yield say("cli.difference.none", self.language, size=size)
            return
        others = f"{self.difference.unchanged:,}"
        yield say(
            "cli.difference.head", self.language, count=count, number=f"{count:,}", others=others
        )
        for flips in self._alike():
            yield from self._flip(flips)

    def _alike(self) -> Iterator[list[Flip]]:
        """Return the flips in groups: the same change of the same actions for several callers."""
        groups: dict[object, list[Flip]] = {}
        for flip in self.difference.flips:
            groups.setdefault((flip.before, flip.after, flip.actions), []).append(flip)
        return iter(groups.values())

    def _flip(self, flips: list[Flip]) -> Iterator[str]:
        flip = flips[0]
        before, after = _shown(flip.before, self.language), _shown(flip.after, self.language)
        yield ""
        yield f"{before} → {after}"
        callers = (say(f"credentials.{flip.caller.kind.name}", self.language) for flip in flips)
        yield "  " + say("cli.difference.for", self.language, callers="; ".join(callers))
        if example := self._example(flips):
            yield "  " + example
        for name in flip.actions[:_MOST_NAMES]:
            yield f"    {name}"
        if (more := len(flip.actions) - _MOST_NAMES) > 0:
            yield "    " + say("cli.difference.more", self.language, number=f"{more:,}")

    def _example(self, flips: list[Flip]) -> str | None:
        """Name a request that flips, where some requests for an action of the group do not."""
        difference = self.difference
        words = RequestWords(self.language, (difference.before, difference.after))
        for flip in flips:
            for action in self._depending(flip):
                changes = difference.changes(self.data.tabulator, flip.caller, action)
                changed = changes.flips.get((flip.before, flip.after))
                request = words.request(changed.before) if changed else ""
                if request:
                    return say(
                        "cli.difference.some_requests",
                        self.language,
                        action=action,
                        request=request,
                    )
        return None

    def _depending(self, flip: Flip) -> Iterator[str]:
        """Return the actions whose answer depends on the request, before or after."""
        tabulator = self.data.tabulator
        depending = EMPTY
        for policies in (self.difference.before, self.difference.after):
            depending |= tabulator.surveyor.survey(policies, flip.caller).faces[Face.DEPENDS]
        return (name for name in flip.actions if tabulator.catalogue.bit(name) & depending)


def _shown(face: Face, language: str) -> str:
    return f"{SYMBOLS[face]} {say(f'face.{face}', language)}"


def _number(matched: MatchedStatement) -> str:
    return str(matched.statement.index + 1)


def _numbered(matched: MatchedStatement) -> str:
    return " ".join(filter(None, [_number(matched), matched.statement.sid]))
