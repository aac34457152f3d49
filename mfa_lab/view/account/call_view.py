"""Calls of boto3 or the AWS CLI as a learner sees them: what came back, and the verdict behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mfa_lab.account.aws_cli import CommandResult
from mfa_lab.account.record import RecordedCall
from mfa_lab.text import say
from mfa_lab.text.spoken_error import SpokenLookupError
from mfa_lab.view.account.record_view import RecordView
from mfa_lab.view.html import render, static
from mfa_lab.view.table.trace_view import TraceView


@dataclass(frozen=True, slots=True)
class CallView:
    """What somebody called, and what the account answered.

    Args:
        works: Whether it was carried out.
        lines: What a terminal shows, or the error's words.
        calls: The calls that it made, each with its verdict.
        language: `en` or `ja`.
        answer: What came back, for the lesson to go on with; None for a refusal or a command.
        is_by_boto3: Whether boto3 made the call in place of the AWS CLI, which is not there.
        exit_status: Of a command; None for a call of boto3.
    """

    works: bool
    lines: tuple[str, ...]
    calls: tuple[RecordedCall, ...]
    language: str = "en"
    answer: Any = field(default=None, repr=False, compare=False)
    is_by_boto3: bool = False
    exit_status: int | None = None

    def why(self) -> TraceView:
        """Explain the last of its calls that came to a decision.

        Raises:
            SpokenLookupError: None came to one.
        """
        for entry in reversed(self.calls):
            if entry.answer is not None:
                return TraceView(entry.answer, self.language)
        raise SpokenLookupError(say("console_view.no_decision", self.language))

    def fragment(self) -> str:
        """Return the HTML without style."""
        calls = RecordView(self.calls, self.language).fragment() if self.calls else ""
        return render(
            "account/call_view", self.language, view=self, result=self._result(), calls=calls
        )

    def _result(self) -> str:
        if self.exit_status is None:
            return say("call_view.works" if self.works else "call_view.fails", self.language)
        key = "call_view.works_with_status" if self.works else "call_view.fails_with_status"
        return say(key, self.language, status=self.exit_status)

    def _repr_html_(self) -> str:
        return static(self.fragment())

    def __repr__(self) -> str:
        return "\n".join(self.lines)


def command_view(result: CommandResult, calls: tuple[RecordedCall, ...], language: str) -> CallView:
    """Show a command of the AWS CLI as a terminal does.

    Args:
        result: What it wrote, and its exit status.
        calls: Those that it made.
        language: `en` or `ja`.
    """
    lines = tuple(repr(result).split("\n"))
    return CallView(result.works, lines, calls, language, exit_status=result.exit_code)


def boto3_view(call: str, made: CallView) -> CallView:
    """Show a call of boto3 that was made in place of a command of the AWS CLI.

    Args:
        call: As it is written in Python.
        made: What came of it.
    """
    lines = (f">>> {call}", *(() if made.works else made.lines))
    return CallView(made.works, lines, made.calls, made.language, made.answer, is_by_boto3=True)
