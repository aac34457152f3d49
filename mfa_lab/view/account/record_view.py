"""The record of an account: every call with its verdict, and why for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mfa_lab.account.record import RecordedCall
from mfa_lab.text import say
from mfa_lab.text.spoken_error import SpokenLookupError
from mfa_lab.view.face_label import SYMBOLS
from mfa_lab.view.html import render, static
from mfa_lab.view.table.trace_view import TraceView

_TIME = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class RecordView:
    """Calls as a reader sees them, a row each.

    Args:
        entries: The calls: a whole record, a part of it, or those of a console's page.
        language: `en` or `ja`.
    """

    entries: Iterable[RecordedCall]
    language: str = "en"

    def why(self, number: int) -> TraceView:
        """Explain one call.

        Args:
            number: As the first column shows it.

        Raises:
            SpokenLookupError: There is no such call, or it did not come to a decision.
        """
        for entry in self.entries:
            if entry.number == number and entry.answer is not None:
                return TraceView(entry.answer, self.language)
        raise SpokenLookupError(say("record.no_decision", self.language, number=number))

    def fragment(self) -> str:
        """Return the HTML without style."""
        return render("account/record_view", self.language, rows=self.rows())

    def rows(self) -> list[dict[str, Any]]:
        """Return the words of each call, the oldest first."""
        return list(map(self._row, self.entries))

    def _repr_html_(self) -> str:
        return static(self.fragment())

    def __repr__(self) -> str:
        return f"<record of {len(list(self.entries))} calls>"

    def _row(self, entry: RecordedCall) -> dict[str, Any]:
        face = entry.answer.face if entry.answer is not None else None
        return {
            "number": str(entry.number),
            "time": f"{entry.time:{_TIME}}",
            "caller": entry.caller.rpartition(":")[2] or entry.access_key_id,
            "credentials": self._credentials(entry),
            "action": entry.operation,
            "resource": entry.resource,
            "face": str(face) if face else "",
            "symbol": SYMBOLS[face] if face else "",
            "word": self._word(entry),
            "is_undocumented": entry.answer is not None and entry.answer.is_undocumented,
            "error": entry.error_code,
            "deciding": say("trace.comma", self.language).join(entry.deciding),
        }

    def _word(self, entry: RecordedCall) -> str:
        if entry.answer is not None:
            return say(f"face.{entry.answer.face}", self.language)
        return say("record.unauthenticated", self.language) if entry.error_code else ""

    def _credentials(self, entry: RecordedCall) -> str:
        if entry.answer is None:
            return ""
        return say(
            "record.credentials",
            self.language,
            kind=say(f"credentials.{entry.answer.caller.kind.name}", self.language),
            value=say(f"mfa_key.{entry.mfa}", self.language),
        )
