"""What a check says: one sentence, with symbol and word."""

from __future__ import annotations

from dataclasses import dataclass

from mfa_lab.account.record import RecordedCall
from mfa_lab.analysis.requests.answer import Answer
from mfa_lab.analysis.warnings import PolicyWarning
from mfa_lab.text import joined, say
from mfa_lab.view.account.record_view import RecordView
from mfa_lab.view.html import render, static
from mfa_lab.view.policy.warnings_view import WarningsView
from mfa_lab.view.table.trace_view import TraceView


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A check's verdict as a learner sees it.

    Args:
        is_right: Whether the answer is right.
        sentence: What is right, or which misconception the answer shows.
        language: `en` or `ja`.
        calls: Calls that show it, each with its verdict.
        warnings: What AWS accepts in the policy that was handed in, but hardly anybody intends.
        answer: What a request that shows it is answered.
        line: The request with its policies, as `mfa-lab evaluate` reads it; empty for none.
    """

    is_right: bool
    sentence: str
    language: str = "en"
    calls: tuple[RecordedCall, ...] = ()
    warnings: tuple[PolicyWarning, ...] = ()
    answer: Answer | None = None
    line: str = ""

    @property
    def word(self) -> str:
        """`Right` or `Not yet`."""
        return say("verdict.right" if self.is_right else "verdict.not_yet", self.language)

    def _repr_html_(self) -> str:
        calls = RecordView(self.calls, self.language).fragment() if self.calls else ""
        warnings = WarningsView(self.warnings, self.language).fragment() if self.warnings else ""
        trace = TraceView(self.answer, self.language).fragment() if self.answer else ""
        verdict = render("course/verdict_view", self.language, view=self)
        line = render("course/request_line", self.language, view=self) if self.line else ""
        return static(verdict + trace + line + warnings + calls)

    def __repr__(self) -> str:
        symbol = "✓" if self.is_right else "…"
        return f"{symbol} {joined([self.word, self.sentence], self.language)}"
