"""The phone as a learner sees it: the code of each device, and how long it is shown."""

from __future__ import annotations

from datetime import datetime

from mfa_lab.account.phone import Authenticator, Phone
from mfa_lab.text import say
from mfa_lab.view.html import render, static


class PhoneView:
    """A phone with an authenticator app, whose codes follow the account's clock.

    Args:
        phone: The phone.
        language: `en` or `ja`.
    """

    def __init__(self, phone: Phone, language: str = "en") -> None:
        self.language, self.phone = language, phone

    def device(self, name: str | None = None) -> Authenticator:
        """Give a device of the phone.

        Args:
            name: Its name; None for the one that was added last.

        Raises:
            LookupError: There is none.
        """
        devices = self.phone.authenticators
        for serial_number in reversed(devices):
            if name in (None, serial_number, serial_number.rpartition("/")[2]):
                return devices[serial_number]
        raise LookupError(say("phone_view.no_device", self.language))

    def code(self, name: str | None = None) -> str:
        """Give the code that a device shows now; see `device`."""
        return self.device(name).code()

    def next_code(self, name: str | None = None) -> str:
        """Wait, by the account's clock, for a device's next code, and give it; see `device`."""
        return self.device(name).next_code()

    def lose(self) -> None:
        """Lose the phone: what was in it is gone."""
        self.phone.lose()

    @property
    def now(self) -> datetime:
        """The time by which its codes go."""
        return self.phone.clock.now()

    def fragment(self) -> str:
        """Give the HTML without style."""
        rows = [
            {
                "name": serial_number.rpartition("/")[2],
                "code": device.code(),
                "seconds": round((device.valid_until - self.now).total_seconds()),
            }
            for serial_number, device in self.phone.authenticators.items()
        ]
        return render("phone", self.language, rows=rows, now=f"{self.now:%Y-%m-%d %H:%M:%S}")

    def _repr_html_(self) -> str:
        return static(self.fragment())

    def __repr__(self) -> str:
        return repr(self.phone)
