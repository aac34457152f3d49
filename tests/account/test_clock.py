"""The clock of an account."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mfa_lab.account import Account, Clock, RealClock


def test_the_clock_of_a_lesson(account: Account) -> None:
    made = account.client("iam").create_user(UserName="early")["User"]["CreateDate"]
    account.clock.advance(days=1, hours=2, minutes=3, seconds=4)
    later = account.client("iam").create_user(UserName="late")["User"]["CreateDate"]
    assert f"{made:%Y-%m-%dT%H:%M:%S}" == "2021-06-11T09:00:00"
    assert f"{later:%Y-%m-%dT%H:%M:%S}" == "2021-06-12T11:03:04"
    with pytest.raises(ValueError, match="goes forward only"):
        account.clock.advance(seconds=-1)


def test_the_machines_clock_is_not_moved() -> None:
    with pytest.raises(ValueError, match="cannot be moved"):
        RealClock().advance(seconds=1)
    assert repr(Clock()) == "<clock at 2021-06-11 09:00:00 UTC>"


def test_a_clock_without_a_zone_begins_in_utc() -> None:
    assert Clock(datetime(2021, 6, 11, 9)).now() == datetime(2021, 6, 11, 9, tzinfo=UTC)
