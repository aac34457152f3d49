"""The console: signs a user in, makes the calls that AWS's console makes, and shows its messages.

A console session is a temporary one: its context says of MFA what the sign-in was. What AWS's
console calls behind its pages is documented in part only; here each page makes the calls that it
cannot do without, so a policy that stops one of them stops the page.

Source: IAM User Guide, "How IAM users sign in to AWS"; data/facts.md, "Console sessions", "The
forced password change" and "Naming MFA devices".
"""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from typing import Any, Final, Protocol

from botocore.exceptions import ClientError

from mfa_lab.account.clock import Clock
from mfa_lab.account.moto_state.state import MotoState
from mfa_lab.account.operations.mfa_codes import find_accepted_step, mark_used
from mfa_lab.account.operations.passwords import is_expired, is_hard_expired, is_password_of
from mfa_lab.account.phone import Phone
from mfa_lab.account.record import Record, RecordedCall
from mfa_lab.account.sessions import Keys, Session, Sessions
from mfa_lab.iam.credentials import (
    CONSOLE_WITH_MFA,
    CONSOLE_WITHOUT_MFA,
    FORCED_PASSWORD_CHANGE,
    CredentialsKind,
)
from mfa_lab.text import say
from mfa_lab.text.spoken_error import SpokenError

SESSION_HOURS: Final = 12
_TAKEN_TOGETHER: Final = ("AccessDenied", "PasswordPolicyViolation")


class SignInState(enum.StrEnum):
    """How far a sign-in at the console has come."""

    SIGNED_OUT = "signed_out"
    ASKED_FOR_CODE = "asked_for_code"
    ASKED_FOR_NEW_PASSWORD = "asked_for_new_password"
    SIGNED_IN = "signed_in"


@dataclass(frozen=True, slots=True)
class Page:
    """What the console shows after something was done.

    Args:
        sign_in_state: How far the sign-in has come.
        is_error: Whether the message is an error.
        message: The console's words; empty where it says nothing.
        calls: The calls that were made for it, each with its verdict.
    """

    sign_in_state: SignInState
    is_error: bool
    message: str
    calls: tuple[RecordedCall, ...] = ()

    def __repr__(self) -> str:
        symbol = "✕" if self.is_error else "✓"
        lines = [f"{symbol} {self.message}" if self.message else f"{symbol} {self.sign_in_state}"]
        lines += [f"  {call.operation}: {call.error_code or call.verdict}" for call in self.calls]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A virtual MFA device that is made and assigned to nobody yet.

    Args:
        answer: What CreateVirtualMFADevice answered as `VirtualMFADevice`, its secret included.
    """

    answer: Mapping[str, Any] = field(repr=False)

    @property
    def serial_number(self) -> str:
        """Its ARN."""
        return str(self.answer["SerialNumber"])

    @property
    def name(self) -> str:
        """The name that was typed for it."""
        return self.serial_number.rpartition("/")[2]

    @property
    def seed(self) -> str:
        """Its secret in base 32, which an app takes where it cannot scan the QR code."""
        return bytes(self.answer["Base32StringSeed"]).decode("ascii")

    @property
    def qr_code(self) -> bytes:
        """The picture that an app scans, as PNG."""
        return bytes(self.answer["QRCodePNG"])


class AccountOfConsole(Protocol):
    """What a console needs of the account that it signs in to.

    The account makes its consoles, so it stands above them and cannot be named here.
    """

    clock: Clock
    state: MotoState
    sessions: Sessions
    record: Record

    @property
    def lock(self) -> threading.RLock:
        """Held while a sign-in goes on, so that no call changes the user meanwhile."""

    def require_open(self) -> None:
        """Check that calls are answered."""

    def client(self, service: str, credentials: Keys | None = None) -> Any:
        """Return a boto3 client of the account."""

    def phone(self) -> Phone:
        """Return a phone with an authenticator app."""


class Console:
    """The console in one browser: one user at a time.

    Args:
        account: The account.
        language: `en` or `ja`.
    """

    def __init__(self, account: AccountOfConsole, language: str = "en") -> None:
        self.account, self.language = account, language
        self.sign_in_state = SignInState.SIGNED_OUT
        self._session: Session | None = None
        self._user: Any = None
        self._used_mfa = False
        self._devices: tuple[str, ...] | None = None
        self._new_device: NewDevice | None = None

    @property
    def user_name(self) -> str:
        """Who signs in or is signed in; empty for nobody."""
        return "" if self._user is None else str(self._user.name)

    @property
    def session_kind(self) -> CredentialsKind | None:
        """The kind of credentials that the pages' calls carry; None before there is a session."""
        return None if self._session is None else self._session.kind

    @property
    def devices(self) -> tuple[str, ...] | None:
        """Serial numbers of one's devices as the page lists them; None where it does not."""
        return self._devices

    @property
    def new_device(self) -> NewDevice | None:
        """The device whose QR code the page shows; None where it shows none."""
        return self._new_device

    # Signing in

    def sign_in(self, user_name: str, password: str, code: str | None = None) -> Page:
        """Sign in with a password and, where the user has a device, a code.

        Args:
            user_name: The user's name.
            password: The console password.
            code: The code of one of the user's devices; None to be asked for it.
        """
        self.account.require_open()
        self.sign_out()
        with self.account.lock:
            state, now = self.account.state, self.account.clock.now()
            user = state.user(user_name)
            if user is None or not is_password_of(user, password):
                return self._sign_in_failed(user_name)
            self._user = user
            if is_hard_expired(state, user, now):
                return self._show(True, "password_expired")
            if user.mfa_devices:
                self.sign_in_state = SignInState.ASKED_FOR_CODE
                if code is None:
                    return self._show(False, "give_code")
                return self.give_code(code)
            return self._go_on()

    def give_code(self, code: str) -> Page:
        """Enter the code that the console asks for.

        Raises:
            ConsoleError: It asks for none.
        """
        self._require(SignInState.ASKED_FOR_CODE)
        self.account.require_open()
        with self.account.lock:
            devices, now = self.account.state.devices(), self.account.clock.now()
            for serial_number in self._user.mfa_devices:
                device = devices.get(serial_number)
                step = find_accepted_step(device, code, now) if device is not None else None
                if step is not None:
                    mark_used(device, step)
                    self._used_mfa = True
                    return self._go_on()
            return self._sign_in_failed(self._user.name)

    def _go_on(self) -> Page:
        """Sign the user in, or ask for a new password first."""
        state, now = self.account.state, self.account.clock.now()
        if self._user.password_reset_required or is_expired(state, self._user, now):
            # That this session carries "false" is not documented, nor that with a device it
            # carries "true".
            kind = CONSOLE_WITH_MFA if self._used_mfa else FORCED_PASSWORD_CHANGE
            self._begin(kind)
            self.sign_in_state = SignInState.ASKED_FOR_NEW_PASSWORD
            return self._show(False, "give_new_password")
        return self._let_in()

    def _let_in(self) -> Page:
        self._begin(CONSOLE_WITH_MFA if self._used_mfa else CONSOLE_WITHOUT_MFA)
        self.sign_in_state = SignInState.SIGNED_IN
        now = self.account.clock.now()
        self._user.password_last_used = now.astimezone(UTC).replace(microsecond=0, tzinfo=None)
        entry = self._record_sign_in(self._user.name, "")
        return self._show(False, "signed_in", (entry,), user=self._user.name)

    def _begin(self, kind: CredentialsKind) -> None:
        now = self.account.clock.now()
        self._end()
        self._session = self.account.sessions.begin(
            kind,
            now,
            timedelta(hours=SESSION_HOURS),
            user=self._user,
            mfa_time=now if self._used_mfa else None,
        )

    def _sign_in_failed(self, user_name: str) -> Page:
        entry = self._record_sign_in(user_name, "AuthenticationFailed")
        self.sign_out()
        return self._show(True, "sign_in_failed", (entry,))

    def _record_sign_in(self, user_name: str, error: str) -> RecordedCall:
        user = self.account.state.user(user_name)
        return self.account.record.add(
            time=self.account.clock.now(),
            caller=user.arn if user is not None else "",
            operation="signin:ConsoleLogin",
            error_code=error,
        )

    def change_forced_password(self, old: str, new: str) -> Page:
        """Set the new password without which the sign-in does not go on.

        Args:
            old: The present password.
            new: The new one.

        Raises:
            ConsoleError: The console asks for none.
        """
        self._require(SignInState.ASKED_FOR_NEW_PASSWORD)
        first = self.account.record.last_number
        error = self._call("iam", "change_password", OldPassword=old, NewPassword=new)
        if error is not None:
            return self._show(True, self._key_of(error, "change_password"), self._since(first))
        calls = self._since(first)
        page = self._let_in()
        return replace(page, calls=(*calls, *page.calls))

    # Signed in

    def change_password(self, old: str, new: str) -> Page:
        """Change one's password on the security credentials page.

        Args:
            old: The present password.
            new: The new one.
        """
        self._require(SignInState.SIGNED_IN)
        return self._do(
            "password_changed",
            lambda: self._call("iam", "change_password", OldPassword=old, NewPassword=new),
            together="change_password",
        )

    def enrol_device(self, phone: Phone, name: str | None = None) -> Page:
        """Assign a virtual MFA device to oneself: scan the QR code, give two codes.

        Args:
            phone: What scans the code.
            name: The name that is typed for the device. None for the user's own name, which the
                console gave it until November 2022 without asking.
        """
        begun = self.begin_device(name)
        if begun.is_error:
            return begun
        assert self._new_device is not None
        finished = self.finish_device(*phone.scan(dict(self._new_device.answer)).two_codes())
        self._new_device = None
        return replace(finished, calls=(*begun.calls, *finished.calls))

    def begin_device(self, name: str | None = None) -> Page:
        """Make a virtual MFA device, and show its QR code until it is assigned or given up.

        Args:
            name: The name that is typed for the device; None as in `enrol_device`.
        """
        self._require(SignInState.SIGNED_IN)
        device_name = name or self.user_name
        return self._do("scan_qr_code", lambda: self._make_device(device_name), name=device_name)

    def _make_device(self, name: str) -> ClientError | None:
        try:
            made = self._client("iam").create_virtual_mfa_device(VirtualMFADeviceName=name)
        except ClientError as error:
            return error
        self._new_device = NewDevice(made["VirtualMFADevice"])
        return None

    def finish_device(self, first: str, second: str) -> Page:
        """Assign the device whose QR code is shown; after a wrong code it is still shown.

        Args:
            first: A code of the device.
            second: The code that follows it.

        Raises:
            ConsoleError: No QR code is shown.
        """
        device = self._require_new_device()
        has_mfa = self.session_kind is CONSOLE_WITH_MFA
        page = self._do(
            "another_device_enrolled" if has_mfa else "device_enrolled",
            lambda: self._call(
                "iam",
                "enable_mfa_device",
                UserName=self.user_name,
                SerialNumber=device.serial_number,
                AuthenticationCode1=first,
                AuthenticationCode2=second,
            ),
        )
        if not page.is_error:
            self._new_device = None
            if self._devices is not None:
                self._devices = (*self._devices, device.serial_number)
        return page

    def cancel_device(self) -> Page:
        """Leave the QR code: the device that was made for it stays, assigned to nobody.

        Its name is taken from then on, until somebody who may deletes the device. A report of 2026
        says that AWS's console by now deletes such devices when the next one is added; AWS does
        not document that, and it is not done here.

        Raises:
            ConsoleError: No QR code is shown.

        Source: IAM User Guide, "Troubleshoot IAM" (an administrator deletes the existing but
        unassigned virtual MFA device); data/facts.md, "Naming MFA devices".
        """
        device = self._require_new_device()
        self._new_device = None
        return self._show(False, "device_left", name=device.name)

    def _require_new_device(self) -> NewDevice:
        self._require(SignInState.SIGNED_IN)
        if self._new_device is None:
            raise ConsoleError("not_adding_device", self.language)
        return self._new_device

    def list_devices(self) -> Page:
        """List one's MFA devices on the security credentials page."""
        self._require(SignInState.SIGNED_IN)
        page = self._do("devices_listed", self._list_devices)
        if page.is_error or self._devices:
            return page
        return self._show(False, "no_devices_listed", page.calls)

    def _list_devices(self) -> ClientError | None:
        try:
            listed = self._client("iam").list_mfa_devices(UserName=self.user_name)
        except ClientError as error:
            return error
        self._devices = tuple(device["SerialNumber"] for device in listed["MFADevices"])
        return None

    def remove_device(self, serial_number: str) -> Page:
        """Remove one of one's devices: the console deactivates it, then deletes it.

        Args:
            serial_number: Its ARN.
        """
        self._require(SignInState.SIGNED_IN)

        def remove() -> ClientError | None:
            name = self._user.name
            error = self._call(
                "iam", "deactivate_mfa_device", UserName=name, SerialNumber=serial_number
            )
            return error or self._call(
                "iam", "delete_virtual_mfa_device", SerialNumber=serial_number
            )

        page = self._do("device_removed", remove)
        if not page.is_error and self._devices is not None:
            self._devices = tuple(device for device in self._devices if device != serial_number)
        return page

    def client(self, service: str) -> Any:
        """Return a boto3 client with the credentials of the session, as any page's calls have.

        Args:
            service: Such as `s3`.
        """
        self._require(SignInState.SIGNED_IN)
        return self._client(service)

    def sign_out(self) -> Page:
        """Sign out; the session's credentials work no more."""
        self._end()
        self.sign_in_state, self._user, self._used_mfa = SignInState.SIGNED_OUT, None, False
        self._devices = self._new_device = None
        return self._show(False, "signed_out")

    def _end(self) -> None:
        if self._session is not None:
            self.account.sessions.end(self._session)
        self._session = None

    # Pages

    def _do(
        self,
        done: str,
        action: Callable[[], ClientError | None],
        together: str = "",
        **values: object,
    ) -> Page:
        first = self.account.record.last_number
        error = action()
        calls = self._since(first)
        if error is None:
            return self._show(False, done, calls, **values)
        key = self._key_of(error, together)
        if key:
            return self._show(True, key, calls)
        return Page(self.sign_in_state, True, error.response["Error"]["Message"], calls)

    def _key_of(self, error: ClientError, together: str) -> str:
        """Return the message that the console has for an error; empty where it shows AWS's own."""
        code = error.response["Error"]["Code"]
        return f"{together}_failed" if together and code in _TAKEN_TOGETHER else ""

    def _call(self, service: str, method: str, **parameters: Any) -> ClientError | None:
        try:
            getattr(self._client(service), method)(**parameters)
        except ClientError as error:
            return error
        return None

    def _client(self, service: str) -> Any:
        assert self._session is not None
        return self.account.client(service, self._session.keys)

    def _since(self, first: int) -> tuple[RecordedCall, ...]:
        assert self._session is not None
        own = self._session.keys.access_key_id
        return tuple(call for call in self.account.record.since(first) if call.access_key_id == own)

    def _require(self, state: SignInState) -> None:
        if self.sign_in_state is not state:
            raise ConsoleError(f"not_{state}", self.language)

    def _show(
        self, is_error: bool, key: str, calls: tuple[RecordedCall, ...] = (), **values: object
    ) -> Page:
        message = say(f"console.{key}", self.language, **values)
        return Page(self.sign_in_state, is_error, message, calls)

    def __repr__(self) -> str:
        return f"<console, {self.sign_in_state}>"


class ConsoleError(SpokenError, RuntimeError):
    """Something was asked of the console that its present page does not offer.

    Args:
        code: Which page would: a key of the section `console_error` of the text catalogue.
        language: `en` or `ja`.
    """

    def __init__(self, code: str, language: str = "en") -> None:
        self.code = code
        super().__init__(say(f"console_error.{code}", language))
