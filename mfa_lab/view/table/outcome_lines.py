"""What a cell depends on, in words: each of its outcomes with an example request.

✓ allowed on arn:aws:s3:::logs/b with aws:SourceIp 10.0.0.1 (statement 1)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.cells import Part
from mfa_lab.analysis.table import Table
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.text import say
from mfa_lab.text.shown_value import shown
from mfa_lab.view.face_label import SYMBOLS
from mfa_lab.view.table.statement_numbers import statement_number

_RESOURCE: Final = frozenset({"resource", "resource_type"})
_PRINCIPAL: Final = "principal"
_MOST_ACTIONS: Final = 40  # each of them takes a search; the number of the others is given
_UNDOCUMENTED: Final = "†"


def depending_lines(table: Table, language: str) -> Iterator[str]:
    """Yield what the cells of a table depend on, a line for those of an action that are alike.

    Args:
        table: The table; one where nothing depends has no lines.
        language: `en` or `ja`.
    """
    rows = [
        number
        for number, row in enumerate(table.rows)
        if any(cell.face is Face.DEPENDS for cell in row.cells)
    ]
    for number in rows[:_MOST_ACTIONS]:
        yield from _row_lines(table, number, language)
    if more := len(rows[_MOST_ACTIONS:]):
        yield say("outcome.more", language, count=more)


def _row_lines(table: Table, number: int, language: str) -> Iterator[str]:
    row = table.rows[number]
    alike: dict[str, list[str]] = {}
    for column, (caller, cell) in enumerate(zip(table.callers, row.cells, strict=True)):
        if cell.face is Face.DEPENDS:
            outcomes = say("outcome.between", language).join(
                cell_lines(table, number, column, language)
            )
            alike.setdefault(outcomes, []).append(say(f"credentials.{caller.kind.name}", language))
    for outcomes, credentials in alike.items():
        is_every = len(credentials) == len(table.callers) > 1
        yield say(
            "outcome.cell",
            language,
            action=row.action,
            credentials=say("outcome.every_column", language)
            if is_every
            else "; ".join(credentials),
            outcomes=outcomes,
        )


def cell_lines(table: Table, row: int, column: int, language: str) -> list[str]:
    """Return the outcomes of a cell, each with what it depends on and what decides it.

    Args:
        table: The table.
        row: From 0.
        column: From 0.
        language: `en` or `ja`.
    """
    answers, words = table.outcomes(row, column), RequestWords(language, (table.policies,))
    lines = [words.outcome(part, table.policies) for part in answers.outcomes.values()]
    lines += [
        f"{_UNDOCUMENTED} {words.outcome(one.part, table.policies)}" for one in answers.open_parts
    ]
    if answers.is_undecided:
        lines.append(say("outcome.undecided", language))
    return lines


@dataclass(frozen=True, slots=True)
class RequestWords:
    """Requests in words, of which only that is named on which the answer depends.

    Args:
        language: `en` or `ja`.
        policies: Those that are asked, which spell the condition keys.
    """

    language: str
    policies: tuple[PolicySet, ...]

    def outcome(self, part: Part, policies: PolicySet) -> str:
        """Return an outcome with its request and the statements that decide it.

        Args:
            part: The outcome.
            policies: Those that decide.
        """
        face = f"{SYMBOLS[part.face]} {self._say(f'face.{part.face}')}"
        pieces = self._pieces(part)
        if part.decided_by:
            numbers = [statement_number(matched, policies) for matched in part.decided_by]
            listed = self._say("trace.comma").join(numbers)
            pieces.append(self._say("outcome.statements", count=len(numbers), numbers=listed))
        if not pieces:
            return face
        return self._say("outcome.part", face=face, request=self._joined(pieces))

    def request(self, part: Part) -> str:
        """Return the request of an outcome; empty where it depends on nothing.

        Args:
            part: The outcome.
        """
        return self._joined(self._pieces(part))

    def _pieces(self, part: Part) -> list[str]:
        request, names = part.witness, part.depends_on
        pieces = []
        if not _RESOURCE.isdisjoint(names):
            pieces.append(self._say("outcome.on", resource=shown(request.resource)))
        if _PRINCIPAL in names:
            pieces.append(self._say("outcome.by", principal=shown(request.principal)))
        keys = [name for name in names if name not in _RESOURCE and name != _PRINCIPAL]
        spelled, context = self._spelled_keys(), _context(part)
        present = [
            self._say("outcome.value", key=shown(spelled.get(key, key)), value=_value(context[key]))
            for key in keys
            if key in context
        ]
        absent = [shown(spelled.get(key, key)) for key in keys if key not in context]
        if present:
            pieces.append(self._say("outcome.with", keys=self._say("trace.comma").join(present)))
        if absent:
            pieces.append(self._say("outcome.without", keys=self._say("outcome.nor").join(absent)))
        return pieces

    def _joined(self, pieces: list[str]) -> str:
        return self._say("outcome.piece_break").join(pieces)

    def _spelled_keys(self) -> Mapping[str, str]:
        """Return the condition keys as the policies spell them, by their names in lower case."""
        return {
            test.key: test.spelled_key
            for policies in self.policies
            for attached in policies.attached
            for statement in attached.policy.statements
            for test in statement.conditions
        }

    def _say(self, key: str, /, **values: object) -> str:
        return say(key, self.language, **values)


def _context(part: Part) -> dict[str, Any]:
    return {key.lower(): value for key, value in part.witness.context.items()}


def _value(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return shown(f"[{', '.join(map(str, value))}]")
    return shown(value) or '""'
