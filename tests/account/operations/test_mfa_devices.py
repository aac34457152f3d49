"""Virtual MFA devices: codes, drift, limits, and what a QR code holds."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import segno

from mfa_lab import Policy
from mfa_lab.account import Account, keys_of
from mfa_lab.account.operations.mfa_codes import otpauth_uri
from mfa_lab.account.operations.mfa_device_tags import TAGS_PER_DEVICE
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


def test_seeds_differ_and_follow_the_seed_of_the_account() -> None:
    seeds = []
    for _ in range(2):
        with Account(seed=7) as account:
            seeds.append([made(account, name).seed for name in ("a", "b")])
    assert seeds[0] == seeds[1]
    assert seeds[0][0] != seeds[0][1]


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
    from mfa_lab import Policy

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


def test_the_phone_follows_the_clock(account: Account) -> None:
    device = made(account)
    start = device.valid_until
    assert start - account.clock.now() <= timedelta(seconds=30)
    first = device.code()
    assert device.next_code() != first
    assert account.clock.now() == start
    assert device.code(-1) == first
    assert device._repr_png_().startswith(b"\x89PNG")


# Tags

TEAM = {"Key": "team", "Value": "blue"}


def tags_of(account: Account, serial_number: str) -> Any:
    return account.client("iam").list_mfa_device_tags(SerialNumber=serial_number)["Tags"]


def test_tags_come_with_a_device_and_later_and_go(account: Account) -> None:
    iam = account.client("iam")
    made_now = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone", Tags=[TEAM])
    device = made_now["VirtualMFADevice"]
    serial_number = device["SerialNumber"]
    assert device["Tags"] == tags_of(account, serial_number) == [TEAM]
    more = [{"Key": "Team", "Value": "red"}, {"Key": "cost", "Value": ""}]
    iam.tag_mfa_device(SerialNumber=serial_number, Tags=more)
    assert tags_of(account, serial_number) == more  # a key is the same in any case
    iam.untag_mfa_device(SerialNumber=serial_number, TagKeys=["TEAM", "nothing"])
    assert tags_of(account, serial_number) == more[1:]
    iam.delete_virtual_mfa_device(SerialNumber=serial_number)
    again = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    assert again["SerialNumber"] == serial_number and tags_of(account, serial_number) == []


def test_tags_are_given_by_pages(account: Account) -> None:
    iam = account.client("iam")
    serial_number = made(account).serial_number
    given = [{"Key": f"key-{number}", "Value": "x"} for number in range(5)]
    iam.tag_mfa_device(SerialNumber=serial_number, Tags=given[::-1])
    first = iam.list_mfa_device_tags(SerialNumber=serial_number, MaxItems=3)
    second = iam.list_mfa_device_tags(SerialNumber=serial_number, Marker=first["Marker"])
    assert first["IsTruncated"] and not second["IsTruncated"] and "Marker" not in second
    assert first["Tags"] + second["Tags"] == given


def test_tags_that_iam_does_not_take(account: Account) -> None:
    iam = account.client("iam")
    device = made(account)
    serial_number = device.serial_number
    both = [TEAM, {"Key": "TEAM", "Value": "red"}]
    fault = error_of(iam.tag_mfa_device, SerialNumber=serial_number, Tags=both)
    assert fault[0] == "InvalidInput" and "Duplicate tag keys" in fault[1]
    fault = error_of(iam.create_virtual_mfa_device, VirtualMFADeviceName="other", Tags=both)
    assert fault[0] == "InvalidInput"
    many = [{"Key": f"key-{number}", "Value": "x"} for number in range(TAGS_PER_DEVICE)]
    iam.tag_mfa_device(SerialNumber=serial_number, Tags=many)
    fault = error_of(iam.tag_mfa_device, SerialNumber=serial_number, Tags=[TEAM])
    assert (fault[0], fault[2]) == ("LimitExceeded", 409)
    assert len(tags_of(account, serial_number)) == TAGS_PER_DEVICE
    assert [one["SerialNumber"] for one in iam.list_virtual_mfa_devices()["VirtualMFADevices"]] == [
        serial_number
    ]
    absent = f"{serial_number}x"
    assert error_of(iam.tag_mfa_device, SerialNumber=absent, Tags=[TEAM])[0] == "NoSuchEntity"
    assert error_of(iam.untag_mfa_device, SerialNumber=absent, TagKeys=["a"])[0] == "NoSuchEntity"
    assert error_of(iam.list_mfa_device_tags, SerialNumber=absent)[0] == "NoSuchEntity"


def test_a_policy_asks_for_the_tags_of_a_device(account: Account) -> None:
    """The user's own team removes devices; the call that makes one must name the team."""
    blue = {"StringEquals": {"aws:ResourceTag/team": "blue"}}
    named = {"StringEquals": {"aws:RequestTag/team": "blue"}}
    statements = [
        {"Action": "iam:DeleteVirtualMFADevice", "Condition": blue},
        {"Action": ["iam:CreateVirtualMFADevice", "iam:TagMFADevice"], "Condition": named},
    ]
    document = [{"Effect": "Allow", "Resource": "*", **one} for one in statements]
    policy = Policy.parse({"Version": "2012-10-17", "Statement": document})
    alice = account.client("iam", account.create_user("alice", policy))
    create = alice.create_virtual_mfa_device
    assert error_of(create, VirtualMFADeviceName="phone")[0] == "AccessDenied"
    create(VirtualMFADeviceName="phone", Tags=[TEAM])
    other = made(account, "other").serial_number
    delete = alice.delete_virtual_mfa_device
    assert error_of(delete, SerialNumber=other)[0] == "AccessDenied"
    alice.tag_mfa_device(SerialNumber=other, Tags=[TEAM])
    delete(SerialNumber=other)
    delete(SerialNumber=f"arn:aws:iam::{ACCOUNT}:mfa/phone")
