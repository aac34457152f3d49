"""The phone as a learner sees it: the code of each device, and how long it is shown."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Any

import traitlets

from mfa_lab.account.operations.mfa_codes import STEP_SECONDS
from mfa_lab.account.phone import Authenticator, Phone
from mfa_lab.text import say
from mfa_lab.text.spoken_error import SpokenLookupError
from mfa_lab.view.html import render
from mfa_lab.view.widget import Widget


class PhoneView(Widget, beside=__file__):
    """A phone with an authenticator app, whose codes follow the account's clock.

    Args:
        phone: The phone.
        language: `en` or `ja`.
    """

    labels: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    seconds: traitlets.List[str] = traitlets.List().tag(sync=True)
    screen: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)

    def __init__(self, phone: Phone, language: str = "en") -> None:
        self.language, self.phone = language, phone
        self._number = 0
        super().__init__(
            labels={
                name: say(f"phone_view.{name}", language) for name in ("label", "empty", "next")
            }
            | {"language": language},
            seconds=[
                say("phone_view.seconds", language, count=count)
                for count in range(STEP_SECONDS + 1)
            ],
        )
        self.refresh()
        self.on_msg(self._receive)

    def device(self, name: str | None = None) -> Authenticator:
        """Return a device of the phone.

        Args:
            name: Its name; None for the one that was added last.

        Raises:
            SpokenLookupError: There is none.
        """
        devices = self.phone.authenticators
        for serial_number in reversed(devices):
            if name in (None, serial_number, serial_number.rpartition("/")[2]):
                return devices[serial_number]
        raise SpokenLookupError(say("phone_view.no_device", self.language))

    def code(self, name: str | None = None) -> str:
        """Return the code that a device shows now; see `device`."""
        return self.device(name).code()

    def next_code(self, name: str | None = None) -> str:
        """Wait, by the account's clock, for a device's next code, and give it; see `device`."""
        code = self.device(name).next_code()
        self.refresh()
        return code

    def lose(self) -> None:
        """Lose the phone: what was in it is gone."""
        self.phone.lose()
        self.refresh()

    @property
    def now(self) -> datetime:
        """The time by which its codes go."""
        return self.phone.clock.now()

    def refresh(self, *, says: str = "") -> None:
        """Show the phone as it stands, after a device was added or the clock moved.

        Args:
            says: What is read out besides.
        """
        self._number += 1
        self.screen = {
            "number": self._number,
            "rows": self._rows(),
            "clock": self._clock(),
            "ticks": self.phone.clock.is_real,
            "says": says,
        }

    def _rows(self) -> list[dict[str, Any]]:
        now = self.now
        rows = []
        for serial_number, device in self.phone.authenticators.items():
            left = (device.valid_until - now).total_seconds()
            rows.append(
                {
                    "name": serial_number.rpartition("/")[2],
                    "code": in_groups(device.code()),
                    "seconds": left,
                    "left": say("phone_view.seconds", self.language, count=ceil(left)),
                }
            )
        return rows

    def _clock(self) -> str:
        if self.phone.clock.is_real:
            return say("phone_view.real_clock", self.language)
        return say("phone_view.now", self.language, time=f"{self.now:%Y-%m-%d %H:%M:%S}")

    def _receive(self, _widget: object, content: object, _buffers: object) -> None:
        match content:
            case {"do": "next"} if self.phone.authenticators and not self.phone.clock.is_real:
                self.device().next_code()
                rows = self._rows()
                said = [f"{row['name']} {row['code']}" for row in rows]
                self.refresh(says=say("trace.comma", self.language).join(said))
            case {"do": "refresh"}:
                self.refresh()

    def __repr__(self) -> str:
        return repr(self.phone)

    def fragment(self) -> str:
        """Return the phone as it stands as HTML without style."""
        return render("account/phone_view", self.language, rows=self._rows(), clock=self._clock())

    def _repr_mimebundle_(self, **options: Any) -> Any:
        self.refresh()
        return super()._repr_mimebundle_(**options)


def in_groups(code: str) -> str:
    """Return a code in two groups, which is easier to read and to type over."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"
