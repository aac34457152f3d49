"""The codes of MFA devices: which are accepted, and how often."""

from __future__ import annotations

import io
from typing import Any

import pytest
import segno

from mfa_lab.account import Account
from mfa_lab.account.operations.mfa_codes import otpauth_uri
from tests.account.conftest import code_of, error_of
from tests.account.operations.test_mfa_devices import (
    ACCOUNT,
    INVALID,
    enrolled,
    made,
    pair,
    session,
)


@pytest.fixture
def alice(account: Account) -> Any:
    return account.create_user("alice")


def test_the_qr_code_is_the_address(account: Account) -> None:
    """The picture is compared with one made from the modules of the code, bit for bit."""
    answer = account.client("iam").create_virtual_mfa_device(VirtualMFADeviceName="p")
    device = answer["VirtualMFADevice"]
    address = otpauth_uri("p", ACCOUNT, device["Base32StringSeed"].decode())
    expected = io.BytesIO()
    segno.make(address, micro=False).save(expected, kind="png", scale=4)
    assert device["QRCodePNG"] == expected.getvalue()


def test_the_alias_stands_in_the_address(account: Account) -> None:
    iam = account.client("iam")
    iam.create_account_alias(AccountAlias="the-company")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="p")["VirtualMFADevice"]
    expected = otpauth_uri("p", "the-company", device["Base32StringSeed"].decode())
    picture = io.BytesIO()
    segno.make_qr(expected).save(picture, kind="png", scale=4)
    assert device["QRCodePNG"] == picture.getvalue()
    assert account.phone().scan(device).address == expected


@pytest.mark.parametrize(
    ("first", "second", "works"),
    [(-1, 0, True), (0, 1, True), (-2, -1, True), (1, 2, False), (-3, -2, False), (0, 0, False), (0, -1, False), (-1, 1, False)],
)  # fmt: skip
def test_the_two_codes_that_enable(
    account: Account, alice: Any, first: int, second: int, works: bool
) -> None:
    device = made(account)
    iam = account.client("iam")
    codes = pair(device, device.code(first), device.code(second))
    if works:
        iam.enable_mfa_device(**codes)
        assert len(iam.list_mfa_devices(UserName="alice")["MFADevices"]) == 1
    else:
        assert error_of(iam.enable_mfa_device, **codes) == INVALID
        assert iam.list_mfa_devices(UserName="alice")["MFADevices"] == []


@pytest.mark.parametrize(
    ("steps", "works"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_one_step_either_side(account: Account, alice: Any, steps: int, works: bool) -> None:
    device = enrolled(account)
    account.clock.advance(minutes=10)
    if works:
        assert session(account, alice, device, device.code(steps))["Credentials"]
    else:
        sts = account.client("sts", alice)
        code, message, status = error_of(
            sts.get_session_token, SerialNumber=device.serial_number, TokenCode=device.code(steps)
        )
        assert (code, status) == ("AccessDenied", 403)
        assert message == "MultiFactorAuthentication failed with invalid MFA one time pass code. "


def test_no_code_works_twice(account: Account, alice: Any) -> None:
    device = enrolled(account)
    account.clock.advance(minutes=10)
    sts = account.client("sts", alice)
    for steps in (0, -1, 1):
        token = {"SerialNumber": device.serial_number, "TokenCode": device.code(steps)}
        sts.get_session_token(**token)
        assert code_of(sts.get_session_token, **token) == "AccessDenied"
    account.clock.advance(seconds=30)
    token = {"SerialNumber": device.serial_number, "TokenCode": device.code()}
    assert code_of(sts.get_session_token, **token) == "AccessDenied", "used one step early"


def test_the_codes_of_enrolment_are_used_up(account: Account, alice: Any) -> None:
    device = enrolled(account)
    sts = account.client("sts", alice)
    for steps in (-1, 0):
        token = {"SerialNumber": device.serial_number, "TokenCode": device.code(steps)}
        assert code_of(sts.get_session_token, **token) == "AccessDenied"


def test_the_codes_of_enrolment_do_not_enable_it_again(account: Account, alice: Any) -> None:
    device = enrolled(account)
    iam = account.client("iam")
    used = pair(device, *device.two_codes())
    iam.deactivate_mfa_device(UserName="alice", SerialNumber=device.serial_number)
    assert error_of(iam.enable_mfa_device, **used) == INVALID
    half = pair(device, device.code(0), device.code(1))
    assert error_of(iam.enable_mfa_device, **half) == INVALID
    account.clock.advance(minutes=1)
    iam.enable_mfa_device(**pair(device, *device.two_codes()))


def test_a_refused_code_is_not_used_up(account: Account, alice: Any) -> None:
    """AssumeRole checks the code before policies are asked; refused, it has changed nothing."""
    device = enrolled(account)
    account.clock.advance(minutes=10)
    code = device.code()
    role = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/none", "RoleSessionName": "s1"}
    sts = account.client("sts", alice)
    token = {"SerialNumber": device.serial_number, "TokenCode": code}
    assert code_of(sts.assume_role, **role, **token) == "AccessDenied"
    assert sts.get_session_token(**token)["Credentials"]


def test_a_code_of_another_users_device(account: Account, alice: Any) -> None:
    device = enrolled(account, user="admin")
    account.clock.advance(minutes=10)
    sts = account.client("sts", alice)
    code, message, _ = error_of(
        sts.get_session_token, SerialNumber=device.serial_number, TokenCode=device.code()
    )
    assert code == "AccessDenied"
    assert message.startswith("MultiFactorAuthentication failed, unable to validate MFA code.  ")


@pytest.mark.parametrize("lacking", ["SerialNumber", "TokenCode"])
def test_half_of_it(account: Account, alice: Any, lacking: str) -> None:
    device = enrolled(account)
    token = {"SerialNumber": device.serial_number, "TokenCode": device.code()}
    del token[lacking]
    code, message, _ = error_of(account.client("sts", alice).get_session_token, **token)
    assert code == "AccessDenied"
    assert "must provide both MFA serial number and one time pass code." in message


def test_a_device_that_runs_fast_is_resynchronized(account: Account, alice: Any) -> None:
    device = enrolled(account)
    account.clock.advance(minutes=10)
    sts, iam = account.client("sts", alice), account.client("iam")
    serial = {"SerialNumber": device.serial_number}
    fast = 10  # steps
    assert code_of(sts.get_session_token, **serial, TokenCode=device.code(fast)) == "AccessDenied"
    wrong = pair(device, device.code(fast), device.code(fast + 2))
    assert error_of(iam.resync_mfa_device, **wrong) == INVALID
    iam.resync_mfa_device(**pair(device, device.code(fast), device.code(fast + 1)))
    used = {**serial, "TokenCode": device.code(fast + 1)}
    assert code_of(sts.get_session_token, **used) == "AccessDenied"
    account.clock.advance(seconds=30)
    assert sts.get_session_token(**serial, TokenCode=device.code(fast + 1))["Credentials"]
