"""Virtual MFA devices: codes, drift, limits, and what a QR code holds."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest

from mfa_lab import Policy
from mfa_lab.account import Account, keys_of
from mfa_lab.account.operations.mfa_devices import DEVICES_PER_USER
from mfa_lab.account.phone import Authenticator
from tests.account.conftest import code_of, error_of

ACCOUNT = "123456789012"
INVALID = ("InvalidAuthenticationCode", "Authentication code for device is not valid.", 403)


def made(account: Account, name: str = "phone") -> Authenticator:
    answer = account.client("iam").create_virtual_mfa_device(VirtualMFADeviceName=name)
    return account.phone().scan(answer["VirtualMFADevice"])


def pair(device: Authenticator, first: str, second: str, user: str = "alice") -> dict[str, str]:
    return {
        "UserName": user,
        "SerialNumber": device.serial_number,
        "AuthenticationCode1": first,
        "AuthenticationCode2": second,
    }


def enrolled(account: Account, name: str = "phone", user: str = "alice") -> Authenticator:
    device = made(account, name)
    account.client("iam").enable_mfa_device(**pair(device, *device.two_codes(), user=user))
    return device


@pytest.fixture
def alice(account: Account) -> Any:
    return account.create_user("alice")


def session(account: Account, keys: Any, device: Authenticator, code: str) -> Any:
    sts = account.client("sts", keys)
    return sts.get_session_token(SerialNumber=device.serial_number, TokenCode=code)


def test_what_is_made(account: Account) -> None:
    answer = account.client("iam").create_virtual_mfa_device(VirtualMFADeviceName="my-phone")
    device = answer["VirtualMFADevice"]
    assert device["SerialNumber"] == f"arn:aws:iam::{ACCOUNT}:mfa/my-phone"
    seed = device["Base32StringSeed"].decode()
    assert len(seed) == 64
    pyotp.TOTP(seed).now()
    address = (
        f"otpauth://totp/Amazon%20Web%20Services:my-phone@{ACCOUNT}"
        f"?secret={seed}&issuer=Amazon%20Web%20Services"
    )
    assert account.phone().scan(device).address == address
    assert device["QRCodePNG"].startswith(b"\x89PNG\r\n\x1a\n")


def test_seeds_differ_and_follow_the_seed_of_the_account() -> None:
    seeds = []
    for _ in range(2):
        with Account(seed=7) as account:
            seeds.append([made(account, name).seed for name in ("a", "b")])
    assert seeds[0] == seeds[1]
    assert seeds[0][0] != seeds[0][1]


def test_eight_devices_and_no_more(account: Account, alice: Any) -> None:
    for number in range(DEVICES_PER_USER):
        enrolled(account, f"phone-{number}")
    ninth = made(account, "ninth")
    iam = account.client("iam")
    code, _, status = error_of(iam.enable_mfa_device, **pair(ninth, *ninth.two_codes()))
    assert (code, status) == ("LimitExceeded", 409)
    assert len(iam.list_mfa_devices(UserName="alice")["MFADevices"]) == 8


def test_a_device_is_of_one_user(account: Account, alice: Any) -> None:
    device = enrolled(account)
    account.clock.advance(minutes=5)
    iam = account.client("iam")
    codes = pair(device, *device.two_codes(), user="admin")
    assert error_of(iam.enable_mfa_device, **codes)[::2] == ("EntityAlreadyExists", 409)
    assert iam.list_mfa_devices(UserName="admin")["MFADevices"] == []


def test_one_that_is_assigned_is_not_deleted(account: Account, alice: Any) -> None:
    device = enrolled(account)
    iam = account.client("iam")
    serial = {"SerialNumber": device.serial_number}
    assert error_of(iam.delete_virtual_mfa_device, **serial)[::2] == ("DeleteConflict", 409)
    iam.deactivate_mfa_device(UserName="alice", **serial)
    iam.delete_virtual_mfa_device(**serial)
    assert iam.list_virtual_mfa_devices()["VirtualMFADevices"] == []


def test_after_removal_its_codes_are_worth_nothing(account: Account, alice: Any) -> None:
    device = enrolled(account)
    account.clock.advance(minutes=5)
    iam = account.client("iam")
    iam.deactivate_mfa_device(UserName="alice", SerialNumber=device.serial_number)
    token = {"SerialNumber": device.serial_number, "TokenCode": device.code()}
    assert code_of(account.client("sts", alice).get_session_token, **token) == "AccessDenied"


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("enable_mfa_device", ("NoSuchEntity", 404)),
        ("resync_mfa_device", ("NoSuchEntity", 404)),
    ],
)
def test_a_device_or_user_that_is_not_there(
    account: Account, alice: Any, method: str, expected: tuple[str, int]
) -> None:
    device = made(account)
    call = getattr(account.client("iam"), method)
    for user, serial in (("nobody", device.serial_number), ("alice", device.serial_number + "x")):
        codes = {**pair(device, *device.two_codes(), user=user), "SerialNumber": serial}
        assert error_of(call, **codes)[::2] == expected


def test_a_device_of_somebody_else(account: Account, alice: Any) -> None:
    """What is done to a device is done to a user: the serial number alone is not enough."""
    device = enrolled(account, user="admin")
    account.clock.advance(minutes=5)
    iam = account.client("iam")
    codes = pair(device, *device.two_codes())
    assert error_of(iam.resync_mfa_device, **codes)[::2] == ("NoSuchEntity", 404)
    named = {"UserName": "alice", "SerialNumber": device.serial_number}
    assert error_of(iam.deactivate_mfa_device, **named)[::2] == ("NoSuchEntity", 404)
    assert len(iam.list_mfa_devices(UserName="admin")["MFADevices"]) == 1


def test_listing_tells_no_seed(account: Account, alice: Any) -> None:
    """Whoever may list all devices, as the fence lets everybody, must not learn their seeds."""
    enrolled(account)
    made(account, "spare")
    iam = account.client("iam")
    listed = iam.list_virtual_mfa_devices()["VirtualMFADevices"]
    assert [one["SerialNumber"].rpartition("/")[2] for one in listed] == ["phone", "spare"]
    assert all(set(one) <= {"SerialNumber", "EnableDate", "User"} for one in listed)
    assert listed[0]["User"]["UserName"] == "alice"
    for status, names in (("Assigned", ["phone"]), ("Unassigned", ["spare"])):
        found = iam.list_virtual_mfa_devices(AssignmentStatus=status)["VirtualMFADevices"]
        assert [one["SerialNumber"].rpartition("/")[2] for one in found] == names


def test_listing_in_pages(account: Account) -> None:
    for number in range(5):
        made(account, f"p{number}")
    pages = account.client("iam").get_paginator("list_virtual_mfa_devices")
    found = [
        [one["SerialNumber"][-2:] for one in page["VirtualMFADevices"]]
        for page in pages.paginate(PaginationConfig={"PageSize": 2})
    ]
    assert found == [["p0", "p1"], ["p2", "p3"], ["p4"]]


def test_a_name_is_free_again_after_deletion_but_the_seed_is_another(account: Account) -> None:
    first = made(account)
    account.client("iam").delete_virtual_mfa_device(SerialNumber=first.serial_number)
    assert made(account).seed != first.seed


def test_a_path(account: Account) -> None:
    iam = account.client("iam")
    device = iam.create_virtual_mfa_device(Path="/team/", VirtualMFADeviceName="p")[
        "VirtualMFADevice"
    ]
    assert device["SerialNumber"] == f"arn:aws:iam::{ACCOUNT}:mfa/team/p"


# The rule of April 2023


FENCE_AND_MORE = "2022-11-23_multiple_mfa_devices"


def with_fence(account: Account) -> Any:
    from mfa_lab.lesson.policies import stored_policy

    return account.create_user("carol", stored_policy(FENCE_AND_MORE))


@pytest.mark.parametrize("in_force", [True, False])
def test_a_second_device_by_keys_alone(in_force: bool) -> None:
    """The attack of 2022: whoever has the keys adds a device of their own, and has MFA."""
    with Account(own_devices_need_mfa=in_force) as account:
        keys = with_fence(account)
        enrolled(account, "first", user="carol")
        iam = account.client("iam", keys)
        answer = iam.create_virtual_mfa_device(VirtualMFADeviceName="thief")["VirtualMFADevice"]
        thief = account.phone().scan(answer)
        codes = pair(thief, *thief.two_codes(), user="carol")
        if in_force:
            code, message, status = error_of(iam.enable_mfa_device, **codes)
            assert (code, status) == ("AccessDenied", 403)
            assert message == (
                "To complete this action, please ensure that you are authenticated with an MFA "
                "device that is enabled for this user."
            )
        else:
            iam.enable_mfa_device(**codes)
            mfa = session(account, keys, thief, thief.next_code())["Credentials"]
            assert account.client("iam", mfa).list_access_keys()["AccessKeyMetadata"]


def test_the_rule_lets_a_session_with_mfa_through(account: Account) -> None:
    keys = with_fence(account)
    first = enrolled(account, "first", user="carol")
    mfa = session(account, keys, first, first.next_code())["Credentials"]
    iam = account.client("iam", mfa)
    answer = iam.create_virtual_mfa_device(VirtualMFADeviceName="second")["VirtualMFADevice"]
    second = account.phone().scan(answer)
    iam.enable_mfa_device(**pair(second, *second.two_codes(), user="carol"))
    assert len(iam.list_mfa_devices()["MFADevices"]) == 2


def test_an_administrators_keys_enable_a_device_for_another_user(
    account: Account, alice: Any
) -> None:
    """The rule speaks of one's own devices, though the administrator has one and no code."""
    enrolled(account, "admins", user="admin")
    enrolled(account, "alices", user="alice")
    assert len(account.client("iam").list_mfa_devices(UserName="alice")["MFADevices"]) == 1


def test_the_age_of_mfa_follows_the_clock(account: Account) -> None:

    fresh = Policy.parse(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "iam:ListUsers",
                "Resource": "*",
                "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "600"}},
            },
        }
    )
    keys = account.create_user("dave", fresh)
    device = enrolled(account, user="dave")
    account.clock.advance(minutes=1)
    mfa = account.client("iam", session(account, keys, device, device.code())["Credentials"])
    account.clock.advance(seconds=599)
    assert mfa.list_users()["Users"]
    account.clock.advance(seconds=1)
    assert code_of(mfa.list_users) == "AccessDenied"
    assert code_of(account.client("iam", keys).list_users) == "AccessDenied"


def test_a_lost_phone_and_the_way_out(account: Account) -> None:
    keys = with_fence(account)
    device = enrolled(account, "first", user="carol")
    phone = account.phone()
    phone.lose()
    assert phone.authenticators == {}
    own = account.client("iam", keys)
    assert code_of(own.deactivate_mfa_device, SerialNumber=device.serial_number) == "AccessDenied"
    admin = account.client("iam")
    admin.deactivate_mfa_device(UserName="carol", SerialNumber=device.serial_number)
    admin.delete_virtual_mfa_device(SerialNumber=device.serial_number)
    again = own.create_virtual_mfa_device(VirtualMFADeviceName="new")["VirtualMFADevice"]
    new = account.phone().scan(again)
    own.enable_mfa_device(**pair(new, *new.two_codes(), user="carol"))
    mfa = keys_of(session(account, keys, new, new.next_code())["Credentials"])
    assert account.client("iam", mfa).list_access_keys()["AccessKeyMetadata"]


# Tags
