"""The phone, whose codes follow the account's clock."""

from __future__ import annotations

from datetime import timedelta

from mfa_lab.account import Account
from tests.account.operations.test_mfa_devices import made


def test_the_phone_follows_the_clock(account: Account) -> None:
    device = made(account)
    start = device.valid_until
    assert start - account.clock.now() <= timedelta(seconds=30)
    first = device.code()
    assert device.next_code() != first
    assert account.clock.now() == start
    assert device.code(-1) == first
    assert device._repr_png_().startswith(b"\x89PNG")
