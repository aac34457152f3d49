"""One page of the console as it was, with the calls that were made for it."""

from __future__ import annotations

from dataclasses import dataclass

from mfa_lab.account.console import Page, SignInState
from mfa_lab.text import say
from mfa_lab.text.spoken_error import SpokenLookupError
from mfa_lab.view.account.record_view import RecordView
from mfa_lab.view.html import render, static
from mfa_lab.view.table.trace_view import TraceView


@dataclass(frozen=True, slots=True)
class PageView:
    """A page of the console as a reader sees it, with the calls that were made for it.

    Args:
        page: What the console shows.
        language: `en` or `ja`.
    """

    page: Page
    language: str = "en"

    @property
    def sign_in_state(self) -> SignInState:
        """How far the sign-in has come."""
        return self.page.sign_in_state

    @property
    def is_error(self) -> bool:
        """Whether the message is an error."""
        return self.page.is_error

    def why(self) -> TraceView:
        """Explain the call that stopped the page, or the last one that came to a decision.

        Raises:
            SpokenLookupError: None of its calls came to a decision.
        """
        decided = [call for call in self.page.calls if call.answer is not None]
        stopped = [call for call in decided if call.error_code]
        if not decided:
            raise SpokenLookupError(say("console_view.no_decision", self.language))
        answer = (stopped or decided)[-1].answer
        assert answer is not None
        return TraceView(answer, self.language)

    def fragment(self) -> str:
        """Return the HTML without style."""
        calls = RecordView(self.page.calls, self.language).fragment() if self.page.calls else ""
        return render(
            "account/console_page",
            self.language,
            place=place_name(self.page, self.language),
            page=self.page,
            calls=calls,
        )

    def _repr_html_(self) -> str:
        return static(self.fragment())

    def __repr__(self) -> str:
        return repr(self.page)


def place_name(page: Page, language: str) -> str:
    """Return what the page is called where the user stands.

    Args:
        page: What the console shows.
        language: `en` or `ja`.
    """
    return say(f"console_view.{page.sign_in_state}", language)
