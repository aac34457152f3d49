"""What a lesson shows of a simulated account: console, phone, calls and their record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mfa_lab.account import Account
from mfa_lab.account.account import Credentials
from mfa_lab.lesson.calls import attempt, run_command
from mfa_lab.view.account.call_view import CallView
from mfa_lab.view.account.console_view import ConsoleView
from mfa_lab.view.account.phone_view import PhoneView
from mfa_lab.view.account.record_view import RecordView


class AccountViews:
    """The tools of a lesson that act in an account.

    Args:
        language: `en` or `ja`.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        # Of the account that is open: there is one at a time.
        self._console: tuple[Account, ConsoleView] | None = None
        self._phone: tuple[Account, PhoneView] | None = None

    def console(self, account: Account, phone: PhoneView | None = None) -> ConsoleView:
        """Return a console of an account, to sign in at.

        Args:
            account: The account.
            phone: What scans QR codes on its page; None for the account's phone of this lesson.
        """
        if phone is None and self._phone is not None and self._phone[0] is account:
            phone = self._phone[1]
        view = ConsoleView(account, self.language, phone)
        self._console = account, view
        return view

    def phone(self, account: Account) -> PhoneView:
        """Return a phone with an authenticator app that follows an account's clock.

        A console of the account that knows no phone yet scans with this one.

        Args:
            account: Whose clock it follows.
        """
        view = PhoneView(account.phone(), self.language)
        self._phone = account, view
        if self._console is not None and self._console[0] is account:
            console = self._console[1]
            console.phone = console.phone or view
        return view

    def record(self, account: Account) -> RecordView:
        """Show every call that an account was asked for, with its verdict.

        Args:
            account: Whose calls are shown.
        """
        return RecordView(account.record, self.language)

    def attempt(self, call: Callable[..., Any], **parameters: Any) -> CallView:
        """Make a call of boto3 that may be refused, and show what came back.

        Args:
            call: A method of one of the account's clients, such as `iam.change_password`.
            parameters: Of the call.
        """
        return attempt(self.language, call, parameters)

    def cli(self, account: Account, command: str, credentials: Credentials = None) -> CallView:
        """Run the real AWS CLI against an account, and show what a terminal shows.

        Where there is no AWS CLI, or nothing that it could reach, boto3 makes the same call.

        Args:
            account: The account.
            command: What is typed after `aws`.
            credentials: Whose keys it uses; the administrator's by default.

        Raises:
            AccountError: There is no AWS CLI, and the command is no plain call of an operation.
        """
        return run_command(self.language, account, command, credentials)
