"""The console as a page: where the user stands, what it says, and the calls behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mfa_lab.account import Account
from mfa_lab.account.console import Console, Page, Place
from mfa_lab.account.phone import Phone
from mfa_lab.text import say
from mfa_lab.view.html import render, static
from mfa_lab.view.phone_view import PhoneView
from mfa_lab.view.record_view import RecordView
from mfa_lab.view.trace_view import TraceView


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
    def place(self) -> Place:
        """Where the user stands now."""
        return self.page.place

    @property
    def is_error(self) -> bool:
        """Whether the message is an error."""
        return self.page.is_error

    def why(self) -> TraceView:
        """Explain the call that stopped the page, or the last one that came to a decision.

        Raises:
            LookupError: None of its calls came to a decision.
        """
        decided = [one for one in self.page.calls if one.answer is not None]
        stopped = [one for one in decided if one.error_code]
        if not decided:
            raise LookupError(say("console_view.no_decision", self.language))
        answer = (stopped or decided)[-1].answer
        assert answer is not None
        return TraceView(answer, self.language)

    def fragment(self) -> str:
        """Give the HTML without style."""
        calls = RecordView(self.page.calls, self.language).fragment() if self.page.calls else ""
        return render(
            "console_page",
            self.language,
            place=say(f"console_view.{self.page.place}", self.language),
            page=self.page,
            calls=calls,
        )

    def _repr_html_(self) -> str:
        return static(self.fragment())

    def __repr__(self) -> str:
        return repr(self.page)


class ConsoleView:
    """The console of an account: what is done to it here, its page shows.

    Args:
        account: The account.
        language: `en` or `ja`.
    """

    def __init__(self, account: Account, language: str = "en") -> None:
        self.language = language
        self.console = Console(account, language)
        self._page = Page(Place.SIGNED_OUT, False, "")

    def sign_in(self, user_name: str, password: str, code: str | None = None) -> PageView:
        """Sign in; see `Console.sign_in`."""
        return self._show(self.console.sign_in(user_name, password, code))

    def give_code(self, code: str) -> PageView:
        """Give the code that is asked for; see `Console.give_code`."""
        return self._show(self.console.give_code(code))

    def change_forced_password(self, old: str, new: str) -> PageView:
        """Set the new password that is asked for; see `Console.change_forced_password`."""
        return self._show(self.console.change_forced_password(old, new))

    def change_password(self, old: str, new: str) -> PageView:
        """Change the own password; see `Console.change_password`."""
        return self._show(self.console.change_password(old, new))

    def enrol_device(self, phone: Phone | PhoneView, name: str | None = None) -> PageView:
        """Assign an MFA device to oneself; see `Console.enrol_device`."""
        scanning = phone.phone if isinstance(phone, PhoneView) else phone
        return self._show(self.console.enrol_device(scanning, name))

    def remove_device(self, serial_number: str) -> PageView:
        """Remove one of one's devices; see `Console.remove_device`."""
        return self._show(self.console.remove_device(serial_number))

    def sign_out(self) -> PageView:
        """Sign out."""
        return self._show(self.console.sign_out())

    def client(self, service: str) -> Any:
        """Give a boto3 client with the credentials of the session; see `Console.client`."""
        return self.console.client(service)

    def _show(self, page: Page) -> PageView:
        self._page = page
        return PageView(page, self.language)

    def _repr_html_(self) -> str:
        return PageView(self._page, self.language)._repr_html_()

    def __repr__(self) -> str:
        return repr(self.console)
