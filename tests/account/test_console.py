"""The console: pages, messages, calls, and the sessions behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mfa_lab import Policy
from mfa_lab.account import Account
from mfa_lab.account.account import AccountError
from mfa_lab.account.console import Console, ConsoleError, SignInState
from mfa_lab.iam.credentials import FORCED_PASSWORD_CHANGE
from mfa_lab.lesson.policies import stored_policy
from tests.account.conftest import code_of

OLD, NEW = "Old-Pass-1", "New-Pass-2"
ARTICLE, WEAKENED, OF_2022 = (
    "2021-05-13_article",
    "2021-05-13_article_weakened",
    "2022-11-23_multiple_mfa_devices",
)
FAILED = {
    "en": "Either user is not authorized to perform iam:ChangePassword or entered password does not comply with account password policy set by administrator",
    "ja": "ユーザーに iam:ChangePassword を実行する権限がないか、入力されたパスワードが管理者によって設定されたアカウントパスワードポリシーに準拠していません",
}


def new_user(account: Account, policy: str, *, reset: bool = False) -> Any:
    return account.create_user("alice", stored_policy(policy), password=OLD, reset=reset)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_dead_end_at_the_first_sign_in(account: Account, language: str) -> None:
    new_user(account, ARTICLE, reset=True)
    console = account.console(language)
    assert console.sign_in("alice", OLD).sign_in_state is SignInState.ASKED_FOR_NEW_PASSWORD
    page = console.change_forced_password(OLD, NEW)
    assert (page.is_error, page.message) == (True, FAILED[language])
    assert console.sign_in_state is SignInState.ASKED_FOR_NEW_PASSWORD
    (call,) = page.calls
    assert call.operation == "iam:ChangePassword"
    assert (call.verdict, call.mfa) == ("explicit_deny", "false")
    assert call.deciding == ("alice-1: DenyAllExceptListedIfNoMFA",)
    assert call.answer is not None and call.answer.is_undocumented is False


def test_the_weakened_policy_opens_it(account: Account) -> None:
    new_user(account, WEAKENED, reset=True)
    console = account.console()
    console.sign_in("alice", OLD)
    assert console.change_forced_password(OLD, "weak").message == FAILED["en"]
    page = console.change_forced_password(OLD, NEW)
    assert (page.is_error, page.sign_in_state) == (False, SignInState.SIGNED_IN)
    assert console.sign_in("alice", OLD).is_error
    assert console.sign_in("alice", NEW).sign_in_state is SignInState.SIGNED_IN


def test_the_wrong_present_password(account: Account) -> None:
    new_user(account, WEAKENED, reset=True)
    console = account.console()
    console.sign_in("alice", OLD)
    assert console.change_forced_password("Wrong-Pass-1", NEW).is_error
    assert not console.sign_in("alice", OLD).is_error


@pytest.mark.parametrize("who", [("alice", "Wrong-Pass-1"), ("nobody", OLD), ("alice", "")])
def test_a_wrong_sign_in_says_not_what_was_wrong(account: Account, who: tuple[str, str]) -> None:
    new_user(account, ARTICLE)
    page = account.console().sign_in(*who)
    assert (page.is_error, page.sign_in_state) == (True, SignInState.SIGNED_OUT)
    assert page.message == "Your authentication information is incorrect. Please try again."


def test_a_user_without_a_password(account: Account) -> None:
    account.create_user("alice")
    assert account.console().sign_in("alice", "").is_error


def test_the_documented_way(account: Account) -> None:
    new_user(account, ARTICLE)
    console, phone = account.console(), account.phone()
    assert console.sign_in("alice", OLD).sign_in_state is SignInState.SIGNED_IN
    page = console.enrol_device(phone)
    assert not page.is_error
    assert [call.operation for call in page.calls] == [
        "iam:CreateVirtualMFADevice",
        "iam:EnableMFADevice",
    ]
    (device,) = phone.authenticators.values()
    assert console.change_password(OLD, NEW).is_error, "this session is still one without MFA"
    console.sign_out()
    assert console.sign_in("alice", OLD).sign_in_state is SignInState.ASKED_FOR_CODE
    assert console.give_code("000000").is_error
    assert console.sign_in_state is SignInState.SIGNED_OUT
    console.sign_in("alice", OLD)
    assert console.give_code(device.next_code()).sign_in_state is SignInState.SIGNED_IN
    page = console.change_password(OLD, NEW)
    assert not page.is_error
    assert page.calls[0].mfa == "true"
    account.clock.advance(minutes=10)
    assert console.sign_in("alice", NEW, device.code()).sign_in_state is SignInState.SIGNED_IN


def test_a_code_of_the_console_is_used_up(account: Account) -> None:
    keys = new_user(account, ARTICLE)
    console, phone = account.console(), account.phone()
    console.sign_in("alice", OLD)
    console.enrol_device(phone)
    (device,) = phone.authenticators.values()
    code = device.next_code()
    console.sign_in("alice", OLD, code)
    assert account.console().sign_in("alice", OLD, code).is_error
    sts = account.client("sts", keys)
    token = {"SerialNumber": device.serial_number, "TokenCode": code}
    assert code_of(sts.get_session_token, **token) == "AccessDenied"


@pytest.mark.parametrize(("policy", "works"), [(ARTICLE, False), (OF_2022, True)])
def test_a_device_of_any_name(account: Account, policy: str, works: bool) -> None:
    new_user(account, policy)
    console = account.console()
    console.sign_in("alice", OLD)
    page = console.enrol_device(account.phone(), "Test")
    assert page.is_error is not works
    if not works:
        assert page.message.endswith(
            "on resource: arn:aws:iam::123456789012:mfa/Test because no identity-based policy "
            "allows the iam:CreateVirtualMFADevice action"
        )


def test_removing_a_device(account: Account) -> None:
    new_user(account, ARTICLE)
    console, phone = account.console(), account.phone()
    console.sign_in("alice", OLD)
    console.enrol_device(phone)
    (device,) = phone.authenticators.values()
    page = console.remove_device(device.serial_number)
    assert page.is_error and page.message.startswith("To complete this action")
    console.sign_in("alice", OLD, device.next_code())
    page = console.remove_device(device.serial_number)
    assert [call.operation for call in page.calls] == [
        "iam:DeactivateMFADevice",
        "iam:DeleteVirtualMFADevice",
    ]
    assert console.sign_in("alice", OLD).sign_in_state is SignInState.SIGNED_IN


def test_any_call_with_the_consoles_credentials(account: Account) -> None:
    new_user(account, ARTICLE)
    console = account.console()
    console.sign_in("alice", OLD)
    s3 = console.client("s3")
    assert code_of(s3.list_buckets) == "AccessDenied"
    assert account.record[-1].mfa == "false"


def test_the_session_ends(account: Account) -> None:
    new_user(account, ARTICLE)
    console = account.console()
    console.sign_in("alice", OLD)
    iam = console.client("iam")
    iam.get_user()
    console.sign_out()
    assert code_of(iam.get_user) == "InvalidClientTokenId"
    console.sign_in("alice", OLD)
    iam = console.client("iam")
    account.clock.advance(hours=12)
    assert code_of(iam.get_user) == "ExpiredToken"


def test_what_the_present_page_does_not_offer(account: Account) -> None:
    new_user(account, ARTICLE)
    console = account.console("ja")
    for call in (
        lambda: console.give_code("123456"),
        lambda: console.change_forced_password(OLD, NEW),
        lambda: console.change_password(OLD, NEW),
        lambda: console.enrol_device(account.phone()),
        lambda: console.client("iam"),
    ):
        with pytest.raises(ConsoleError, match="sign_in"):
            call()


def test_the_sign_in_is_in_the_record(account: Account) -> None:
    new_user(account, ARTICLE)
    account.console().sign_in("alice", "Wrong-Pass-1")
    account.console().sign_in("alice", OLD)
    failed, worked = list(account.record)[-2:]
    assert (failed.operation, failed.error_code) == ("signin:ConsoleLogin", "AuthenticationFailed")
    assert (worked.operation, worked.error_code) == ("signin:ConsoleLogin", "")
    assert worked.caller == "arn:aws:iam::123456789012:user/alice"


def test_the_last_use_of_a_password_shows(account: Account) -> None:
    new_user(account, ARTICLE)
    iam = account.client("iam")
    assert "PasswordLastUsed" not in iam.get_user(UserName="alice")["User"]
    account.console().sign_in("alice", OLD)
    used = iam.get_user(UserName="alice")["User"]["PasswordLastUsed"]
    assert used == account.clock.now()


def test_what_a_page_prints(account: Account) -> None:
    new_user(account, ARTICLE)
    console = account.console()
    console.sign_in("alice", OLD)
    with pytest.raises(ClientError):
        console.client("iam").list_users()
    printed = repr(console.change_password(OLD, NEW))
    assert printed == f"✕ {FAILED['en']}\n  iam:ChangePassword: AccessDenied"


# A device in two steps.


def signed_in(account: Account, policy: str = ARTICLE, language: str = "en") -> Console:
    new_user(account, policy)
    console = account.console(language)
    console.sign_in("alice", OLD)
    return console


def codes_for(console: Console) -> tuple[str, str]:
    """What an app shows that scanned the QR code."""
    assert console.new_device is not None
    return console.account.phone().scan(dict(console.new_device.answer)).two_codes()


def test_a_device_is_made_and_then_assigned(account: Account) -> None:
    console = signed_in(account)
    page = console.begin_device()
    assert [call.operation for call in page.calls] == ["iam:CreateVirtualMFADevice"]
    assert "two consecutive codes" in page.message and page.sign_in_state is SignInState.SIGNED_IN
    device = console.new_device
    assert device is not None
    assert (device.name, device.serial_number.endswith(":mfa/alice")) == ("alice", True)
    assert device.qr_code.startswith(b"\x89PNG") and len(device.seed) >= 32
    assert device.seed not in repr(device)
    page = console.finish_device(*codes_for(console))
    assert [call.operation for call in page.calls] == ["iam:EnableMFADevice"]
    assert page.message.endswith("this session still counts as one without MFA.")
    assert console.new_device is None
    assert console.sign_in("alice", OLD).sign_in_state is SignInState.ASKED_FOR_CODE


def test_after_a_wrong_code_the_qr_code_stays(account: Account) -> None:
    console = signed_in(account)
    console.begin_device()
    first, second = codes_for(console)
    page = console.finish_device(second, first)
    assert (page.is_error, page.message) == (True, "Authentication code for device is not valid.")
    assert console.new_device is not None
    assert not console.finish_device(first, second).is_error


def test_a_device_that_is_given_up_stays_and_keeps_its_name(account: Account) -> None:
    console = signed_in(account)
    console.begin_device()
    page = console.cancel_device()
    assert not page.is_error and "alice" in page.message and page.calls == ()
    assert console.new_device is None
    devices = account.client("iam").list_virtual_mfa_devices(AssignmentStatus="Unassigned")
    assert len(devices["VirtualMFADevices"]) == 1
    page = console.begin_device()
    assert page.message == "MFADevice entity at the same path and name already exists."
    assert console.new_device is None


def test_a_device_in_one_step_leaves_no_qr_code_where_it_fails(account: Account) -> None:
    """A policy may let a user make a device and not assign it."""
    document = {"Effect": "Allow", "Action": "iam:CreateVirtualMFADevice", "Resource": "*"}
    policy = Policy.parse({"Version": "2012-10-17", "Statement": [document]})
    account.create_user("alice", policy, password=OLD)
    console = account.console()
    console.sign_in("alice", OLD)
    page = console.enrol_device(account.phone())
    assert [call.error_code for call in page.calls] == ["", "AccessDenied"]
    assert (page.is_error, console.new_device) == (True, None)


def test_signing_out_leaves_the_qr_code(account: Account) -> None:
    console = signed_in(account)
    console.begin_device()
    console.list_devices()
    console.sign_out()
    assert (console.new_device, console.devices, console.user_name) == (None, None, "")


def test_there_is_no_device_to_assign(account: Account) -> None:
    console = signed_in(account, language="ja")
    calls: list[Callable[[], object]] = [
        lambda: console.finish_device("123456", "123456"),
        lambda: console.cancel_device(),
    ]
    for call in calls:
        with pytest.raises(ConsoleError, match="begin_device"):
            call()
    console.sign_out()
    with pytest.raises(ConsoleError, match="sign_in"):
        console.begin_device()


def test_the_devices_are_listed_when_asked_for_and_followed(account: Account) -> None:
    console = signed_in(account)
    before = console.devices
    page = console.list_devices()
    assert (before, page.message, console.devices) == (None, "You have no MFA device.", ())
    phone = account.phone()
    console.enrol_device(phone)
    assert console.devices == tuple(phone.authenticators)
    assert console.list_devices().message == "These are your MFA devices."
    (device,) = phone.authenticators.values()
    console.sign_in("alice", OLD, device.next_code())
    console.list_devices()
    console.remove_device(device.serial_number)
    assert console.devices == ()


def test_a_policy_can_stop_the_list(account: Account) -> None:
    account.create_user("alice", password=OLD)
    console = account.console()
    console.sign_in("alice", OLD)
    page = console.list_devices()
    assert page.is_error and "iam:ListMFADevices" in page.message
    assert page.calls[0].verdict == "implicit_deny" and console.devices is None


def test_the_second_device_in_a_session_with_mfa_is_not_said_to_be_in_one_without(
    account: Account,
) -> None:
    console, phone = signed_in(account, OF_2022), account.phone()
    console.enrol_device(phone)
    (device,) = phone.authenticators.values()
    console.sign_in("alice", OLD, device.next_code())
    assert console.enrol_device(phone, "spare").message == "The MFA device is assigned."


def test_who_is_signed_in_and_how(account: Account) -> None:
    new_user(account, ARTICLE, reset=True)
    console = account.console()
    assert (console.user_name, console.session_kind) == ("", None)
    console.sign_in("alice", OLD)
    assert (console.user_name, console.session_kind) == ("alice", FORCED_PASSWORD_CHANGE)


def test_a_code_of_other_letters_is_a_wrong_code(account: Account) -> None:
    console = signed_in(account)
    console.enrol_device(account.phone())
    for code in ("１２３４５６", "コード", "\ud83d", ""):
        console.sign_in("alice", OLD)
        assert console.give_code(code).is_error


def test_a_closed_account_signs_nobody_in() -> None:
    with Account() as account:
        console = signed_in(account)
        console.enrol_device(account.phone())
        console.sign_in("alice", OLD)
    calls: list[Callable[[], object]] = [
        lambda: console.give_code("123456"),
        lambda: console.sign_in("alice", OLD),
    ]
    for call in calls:
        with pytest.raises(AccountError, match="closed"):
            call()
