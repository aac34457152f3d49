"""The console as a page: where the user stands, what it says, and the calls behind it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

import traitlets

from mfa_lab.account import Account
from mfa_lab.account.account import AccountError
from mfa_lab.account.console import Console, ConsoleError, Page, SignInState
from mfa_lab.account.phone import Phone
from mfa_lab.text import say
from mfa_lab.text.spoken_error import SpokenLookupError
from mfa_lab.view.account.console_form import Form, NotSentError, forms_of, typed_into
from mfa_lab.view.account.console_page import PageView, place_name
from mfa_lab.view.account.phone_view import PhoneView
from mfa_lab.view.account.record_view import RecordView
from mfa_lab.view.html import render
from mfa_lab.view.widget import Widget

_LABELS: Final = ("simulation", "calls", "no_calls", "why", "no_answer", "secret")


class ConsoleView(Widget, beside=__file__):
    """The console of an account, to be used on its page or from a cell: both stay in step.

    What is typed on the page comes with the message that sends it; a password, a code or a secret
    is never part of the state that a notebook stores. Only while the page shows the QR code of a
    new device, its state holds that.

    Args:
        account: The account.
        language: `en` or `ja`.
        phone: The phone that can scan a QR code on the page, or None.
    """

    labels: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    page: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    opened = traitlets.Int(0).tag(sync=True)
    trace = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self, account: Account, language: str = "en", phone: PhoneView | None = None
    ) -> None:
        self.language = language
        self.console = Console(account, language)
        self._phone = phone
        self._number = 0
        self._forms: tuple[Form, ...] = ()
        super().__init__(
            labels={name: say(f"console_view.{name}", language) for name in _LABELS}
            | {
                "label": say("console_view.label", language),
                "language": language,
                "undocumented": say("table.undocumented", language),
            }
        )
        self._show(Page(SignInState.SIGNED_OUT, False, ""))
        self.on_msg(self._receive)

    @property
    def phone(self) -> PhoneView | None:
        """The phone that can scan a QR code on the page."""
        return self._phone

    @phone.setter
    def phone(self, phone: PhoneView | None) -> None:
        self._phone = phone
        self._show(self._page)

    def sign_in(self, user_name: str, password: str, code: str | None = None) -> PageView:
        """Sign in; see `Console.sign_in`."""
        return self._show(self.console.sign_in(user_name, password, code))

    def give_code(self, code: str) -> PageView:
        """Return the code that is asked for; see `Console.give_code`."""
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
        shown = self._show(self.console.enrol_device(scanning, name))
        if isinstance(phone, PhoneView):
            phone.refresh()
        return shown

    def begin_device(self, name: str | None = None) -> PageView:
        """Make a device and show its QR code; see `Console.begin_device`."""
        return self._show(self.console.begin_device(name))

    def scan_device(self) -> PageView:
        """Scan the QR code on the page with the phone that this console knows.

        Raises:
            SpokenLookupError: There is no QR code, or no phone.
        """
        device = self.console.new_device
        if device is None or self._phone is None:
            raise SpokenLookupError(say("console_view.nothing_to_scan", self.language))
        self._phone.phone.scan(dict(device.answer))
        message = say("console_view.scanned", self.language, name=device.name)
        return self._show(Page(self.console.sign_in_state, False, message))

    def finish_device(self, first: str, second: str) -> PageView:
        """Assign the device by two consecutive codes; see `Console.finish_device`."""
        return self._show(self.console.finish_device(first, second))

    def cancel_device(self) -> PageView:
        """Leave the QR code; see `Console.cancel_device`."""
        return self._show(self.console.cancel_device())

    def list_devices(self) -> PageView:
        """List one's devices; see `Console.list_devices`."""
        return self._show(self.console.list_devices())

    def remove_device(self, serial_number: str) -> PageView:
        """Remove one of one's devices; see `Console.remove_device`."""
        return self._show(self.console.remove_device(serial_number))

    def sign_out(self) -> PageView:
        """Sign out."""
        return self._show(self.console.sign_out())

    def client(self, service: str) -> Any:
        """Return a boto3 client with the credentials of the session; see `Console.client`."""
        return self.console.client(service)

    def show_why(self, number: int) -> None:
        """Open the reason of one of the page's calls below it, or close it where it is open.

        Args:
            number: The call's number in the record.

        Raises:
            SpokenLookupError: There is no such call on the page, or it did not come to a decision.
        """
        trace = RecordView(self._page.calls, self.language).why(number)
        with self.hold_sync():
            is_open = self.opened == number
            self.opened = 0 if is_open else number
            self.trace = "" if is_open else trace.fragment()

    # The page

    def _show(self, page: Page) -> PageView:
        self._page = page
        self._forms = forms_of(self.console, can_scan=self._can_scan())
        self._number += 1
        with self.hold_sync():
            self.opened, self.trace = 0, ""
            self.page = {
                "number": self._number,
                "heading": self._heading(),
                "user": self._user(),
                "message": page.message,
                "is_error": page.is_error,
                "tone": "explicit_deny" if page.is_error else "allow",
                "symbol": "✕" if page.is_error else "✓",
                "forms": [asdict(form) for form in self._forms],
                "picture": self._picture(),
                "calls": [
                    {**row, "has_reason": bool(row["face"])}
                    for row in RecordView(page.calls, self.language).rows()
                ],
                "focus": self._focus(page),
            }
        if self._phone is not None:
            self._phone.refresh()
        return PageView(page, self.language)

    def _heading(self) -> str:
        return place_name(Page(self.console.sign_in_state, False, ""), self.language)

    def _user(self) -> str:
        """Say who is signed in, and what the session is."""
        kind = self.console.session_kind
        if kind is None:
            return ""
        return say(
            "console_view.user",
            self.language,
            user=self.console.user_name,
            session=say(f"credentials.{kind.name}", self.language),
        )

    def _can_scan(self) -> bool:
        device = self.console.new_device
        if device is None or self._phone is None:
            return False
        return device.serial_number not in self._phone.phone.authenticators

    def _picture(self) -> dict[str, str] | None:
        device = self.console.new_device
        if device is None:
            return None
        return {
            "source": f"data:image/png;base64,{b64encode(device.qr_code).decode()}",
            "words": say("console_view.qr_code", self.language, name=device.name),
            "secret": device.seed,
        }

    def _focus(self, page: Page) -> list[str]:
        """Return the form and the box to go on at; none where the message is to be read first."""
        main = next((form for form in self._forms if form.is_main), None)
        if page.is_error or main is None:
            return []
        return [main.name, main.fields[0].name if main.fields else ""]

    # What the page sends

    def _receive(self, _widget: object, content: object, _buffers: object) -> None:
        match content:
            case {"why": int(number)} if self._has_reason(number):
                self.show_why(number)
            case {"do": str(name), "value": str(value), "fields": dict(fields), "page": number}:
                form = self._form(name, value)
                # A form that was sent twice, or has been overtaken, is done once.
                if form is not None and number == self._number:
                    self._submit(form, fields)

    def _has_reason(self, number: int) -> bool:
        return any(call.number == number and call.answer is not None for call in self._page.calls)

    def _form(self, name: str, value: str) -> Form | None:
        for form in self._forms:
            if (form.name, form.value) == (name, value):
                return form
        return None

    def _submit(self, form: Form, fields: dict[str, Any]) -> None:
        try:
            typed = typed_into(form, fields)
            self._actions()[form.name](*([form.value] if form.value else []), *typed.values())
        except NotSentError as mistake:
            self._tell(say(f"console_view.{mistake.code}", self.language))
        except AccountError as error:
            self._tell(say(f"account_error.{error.code}", self.language, **error.values))
        except ConsoleError as error:
            self._tell(say(f"console_error.{error.code}", self.language))

    def _actions(self) -> dict[str, Callable[..., PageView]]:
        return {
            "sign_in": self.sign_in,
            "sign_out": self.sign_out,
            "give_code": self.give_code,
            "change_forced_password": self.change_forced_password,
            "change_password": self.change_password,
            "list_devices": self.list_devices,
            "remove_device": self.remove_device,
            "begin_device": lambda name: self.begin_device(name or None),
            "scan_device": self.scan_device,
            "finish_device": self.finish_device,
            "cancel_device": self.cancel_device,
        }

    def _tell(self, sentence: str) -> None:
        """Say why nothing was done, on the page where it was asked for."""
        self._show(Page(self.console.sign_in_state, True, sentence))

    def __repr__(self) -> str:
        return repr(self.console)

    def fragment(self) -> str:
        """Return the page as HTML without style; the QR code and the secret are left out."""
        page = self._page
        calls = RecordView(page.calls, self.language).fragment() if page.calls else ""
        return render(
            "account/console_view",
            self.language,
            heading=self._heading(),
            user=self._user(),
            page=page,
            forms=self._forms,
            device=self.console.new_device,
            calls=calls,
        )
