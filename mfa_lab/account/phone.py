"""A phone with an authenticator app: the secrets of devices, and codes by the account's clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from mfa_lab.account.clock import Clock
from mfa_lab.account.operations.mfa_codes import (
    STEP_SECONDS,
    draw_qr_code,
    generate_code,
    otpauth_uri,
    step_at,
)


@dataclass(frozen=True, slots=True, eq=False)
class Authenticator:
    """A device in an authenticator app.

    Args:
        address: The otpauth address that its QR code holds.
        clock: The clock that its codes follow.
        serial_number: ARN of the virtual device, which the app itself does not know.
    """

    address: str
    clock: Clock
    serial_number: str = ""

    @property
    def seed(self) -> str:
        """The secret, in base 32."""
        return parse_qs(urlsplit(self.address).query)["secret"][0]

    def code(self, steps_ahead: int = 0) -> str:
        """Return the code that the app shows.

        Args:
            steps_ahead: By how many times 30 seconds in the future; negative for the past.
        """
        return generate_code(self.seed, step_at(self.clock.now()) + steps_ahead)

    def two_codes(self) -> tuple[str, str]:
        """Return the last and the current code: enabling a device needs two consecutive ones."""
        return self.code(-1), self.code()

    def next_code(self) -> str:
        """Wait until the app shows another code, and give it.

        The account's clock moves; the machine's cannot be moved, so there nothing waits.

        Raises:
            ValueError: The clock is the machine's.
        """
        now = self.clock.now().timestamp()
        self.clock.advance(seconds=STEP_SECONDS - now % STEP_SECONDS)
        return self.code()

    @property
    def valid_until(self) -> datetime:
        """Until when the app shows the present code."""
        following = (step_at(self.clock.now()) + 1) * STEP_SECONDS
        return datetime.fromtimestamp(following, UTC)

    def _repr_png_(self) -> bytes:
        """Show the QR code, which a phone can scan."""
        return draw_qr_code(self.address)

    def __repr__(self) -> str:
        return f"<authenticator for {self.serial_number or 'a device'}>"


class Phone:
    """A phone, to which devices are added by their seed or QR code.

    Args:
        clock: The clock that codes follow.
        account_name: Tells the name that the account has in QR codes: its alias, else its id.
    """

    def __init__(self, clock: Clock, account_name: Callable[[], str]) -> None:
        self.clock, self._account_name = clock, account_name
        self.authenticators: dict[str, Authenticator] = {}

    def scan(self, device: dict[str, Any]) -> Authenticator:
        """Add a device from what CreateVirtualMFADevice answers.

        Args:
            device: The answer's `VirtualMFADevice`, with `SerialNumber` and `Base32StringSeed`.
        """
        serial_number = str(device["SerialNumber"])
        seed = device["Base32StringSeed"]
        text = seed.decode("ascii") if isinstance(seed, bytes) else str(seed)
        address = otpauth_uri(serial_number.rpartition("/")[2], self._account_name(), text)
        added = Authenticator(address, self.clock, serial_number)
        self.authenticators[serial_number] = added
        return added

    def lose(self) -> None:
        """Lose the phone: what was in it is gone."""
        self.authenticators.clear()

    def __repr__(self) -> str:
        return f"<phone with {len(self.authenticators)} devices>"
