"""The clock of an account: the machine's, or one that only a lesson moves."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from mfa_lab.iam.credentials import EXAMPLE_TIME
from mfa_lab.text import say
from mfa_lab.text.spoken_error import SpokenValueError


class Clock:
    """A time that stands still until it is moved; codes, sessions and ages follow it.

    Args:
        start: The time to begin with, in UTC where it has no time zone; the example's 2021-06-11
            by default.
    """

    is_real = False

    def __init__(self, start: datetime = EXAMPLE_TIME) -> None:
        # Not in the zone of the machine, which would make other codes on other machines.
        self._now = (start if start.tzinfo else start.replace(tzinfo=UTC)).astimezone(UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the time, in UTC."""
        return self._now

    def advance(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> None:
        """Move the clock forward.

        Args:
            days: Days of 24 hours.
            hours: Hours.
            minutes: Minutes.
            seconds: Seconds.

        Raises:
            ValueError: The clock would go back: a code that was used could be used again.
        """
        step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        if step < timedelta(0):
            raise SpokenValueError(say("account_error.clock_goes_forward"))
        with self._lock:
            self._now += step

    def __repr__(self) -> str:
        return f"<clock at {self.now():%Y-%m-%d %H:%M:%S} UTC>"


class RealClock(Clock):
    """The machine's clock, which nobody moves: a real phone shows codes by it."""

    is_real = True

    def now(self) -> datetime:
        """Return the machine's time, in UTC."""
        return datetime.now(UTC)

    def advance(self, **_: float) -> None:
        """Refuse to move.

        Raises:
            ValueError: Always.
        """
        raise SpokenValueError(say("account_error.clock_is_real"))
