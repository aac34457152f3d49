"""Console passwords: ChangePassword, login profiles and the password policy."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mfa_lab import Policy
from mfa_lab.account import Account
from mfa_lab.account.clock import Clock
from mfa_lab.lesson.policies import stored_policy
from tests.account.conftest import code_of, error_of

GOOD, BETTER = "Good-Pass-1", "Better-Pass-2"
ALLOW = Policy.parse(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "iam:ChangePassword", "Resource": "*"},
    }
)


@pytest.fixture
def alice(account: Account) -> Any:
    """IAM as alice, who may change her password."""
    return account.client("iam", account.create_user("alice", ALLOW, password=GOOD))


def can_sign_in(account: Account, password: str) -> bool:
    return not account.console().sign_in("alice", password).is_error


def test_the_old_password_is_asked_for(account: Account, alice: Any) -> None:
    wrong = {"OldPassword": "Wrong-Pass-1", "NewPassword": BETTER}
    expected = ("AccessDenied", "The old password was incorrect.", 403)
    assert error_of(alice.change_password, **wrong) == expected
    assert can_sign_in(account, GOOD) and not can_sign_in(account, BETTER)
    alice.change_password(OldPassword=GOOD, NewPassword=BETTER)
    assert can_sign_in(account, BETTER) and not can_sign_in(account, GOOD)


def test_without_a_password(account: Account) -> None:
    iam = account.client("iam", account.create_user("bob", ALLOW))
    expected = ("NoSuchEntity", "Login Profile for User bob cannot be found.", 404)
    assert error_of(iam.change_password, OldPassword=GOOD, NewPassword=BETTER) == expected


DEFAULT = [
    ("Abcdef12", True),  # three of four classes
    ("abcdef1!", True),
    ("ABCDEF1!", True),
    ("Abcdef!!", True),
    ("Abcde12", False),  # seven characters
    ("abcdefg1", False),  # two classes
    ("ABCDEFG1", False),
    ("Abcdefgh", False),
    ("12345678", False),
    ("Aa1" + "x" * 125, True),  # 128
    ("123456789012", False),  # the account's number
]


@pytest.mark.parametrize(("password", "conforms"), DEFAULT)
def test_the_default_policy(account: Account, alice: Any, password: str, conforms: bool) -> None:
    change = {"OldPassword": GOOD, "NewPassword": password}
    if conforms:
        alice.change_password(**change)
        assert can_sign_in(account, password)
    else:
        message = "Password does not conform to the account password policy."
        assert error_of(alice.change_password, **change) == (
            "PasswordPolicyViolation",
            message,
            400,
        )
        assert can_sign_in(account, GOOD)


def test_the_default_policy_is_none_to_be_read(account: Account) -> None:
    assert code_of(account.client("iam").get_account_password_policy) == "NoSuchEntity"


CUSTOM = [
    ({"MinimumPasswordLength": 12}, "abcdefghijk", "abcdefghijkl"),
    ({"RequireSymbols": True}, "abcdef", "abcde!"),
    ({"RequireNumbers": True}, "abcdef", "abcde1"),
    ({"RequireUppercaseCharacters": True}, "abcdef", "abcdeF"),
    ({"RequireLowercaseCharacters": True}, "ABCDEF", "ABCDEf"),
    ({}, "abcde", "abcdef"),
]


@pytest.mark.parametrize(("policy", "refused", "accepted"), CUSTOM)
def test_a_policy_of_ones_own(
    account: Account, alice: Any, policy: dict[str, Any], refused: str, accepted: str
) -> None:
    account.client("iam").update_account_password_policy(**policy)
    change = {"OldPassword": GOOD, "NewPassword": refused}
    assert code_of(alice.change_password, **change) == "PasswordPolicyViolation"
    alice.change_password(OldPassword=GOOD, NewPassword=accepted)


def test_no_password_comes_back_too_soon(account: Account, alice: Any) -> None:
    account.client("iam").update_account_password_policy(PasswordReusePrevention=2)
    first, second, third = GOOD, "Second-1", "Third-12"
    alice.change_password(OldPassword=first, NewPassword=second)
    for former in (first, second):
        change = {"OldPassword": second, "NewPassword": former}
        assert code_of(alice.change_password, **change) == "PasswordPolicyViolation"
    alice.change_password(OldPassword=second, NewPassword=third)
    alice.change_password(OldPassword=third, NewPassword=first)


def test_the_account_may_let_users_change_their_own(account: Account) -> None:
    """A grant for all users that no policy document shows; an explicit Deny still wins."""
    plain = account.client("iam", account.create_user("bob", password=GOOD))
    fenced = account.client(
        "iam", account.create_user("carol", stored_policy("2021-05-13_article"), password=GOOD)
    )
    change = {"OldPassword": GOOD, "NewPassword": BETTER}
    assert code_of(plain.change_password, **change) == "AccessDenied"
    account.client("iam").update_account_password_policy(AllowUsersToChangePassword=True)
    plain.change_password(**change)
    assert plain.get_account_password_policy()["PasswordPolicy"]["AllowUsersToChangePassword"]
    assert code_of(plain.list_users) == "AccessDenied"
    assert code_of(fenced.change_password, **change) == "AccessDenied"


def test_only_users_have_passwords(account: Account) -> None:
    trust = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}'
    iam = account.client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)
    iam.attach_role_policy(RoleName="r", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    sts = account.client("sts")
    arn = "arn:aws:iam::123456789012:role/r"
    keys = sts.assume_role(RoleArn=arn, RoleSessionName="s1")["Credentials"]
    role = account.client("iam", keys)
    code, _, status = error_of(role.change_password, OldPassword=GOOD, NewPassword=BETTER)
    assert (code, status) == ("InvalidUserType", 400)


# Login profiles


def test_a_login_profile(account: Account) -> None:
    iam = account.client("iam")
    iam.create_user(UserName="bob")
    assert error_of(iam.get_login_profile, UserName="bob")[::2] == ("NoSuchEntity", 404)
    account.clock.advance(days=1)
    made = iam.create_login_profile(UserName="bob", Password=GOOD, PasswordResetRequired=True)
    assert made["LoginProfile"]["PasswordResetRequired"] is True
    assert made["LoginProfile"]["CreateDate"].date() == account.clock.now().date()
    assert iam.get_login_profile(UserName="bob")["LoginProfile"] == made["LoginProfile"]
    again = {"UserName": "bob", "Password": BETTER}
    assert error_of(iam.create_login_profile, **again)[::2] == ("EntityAlreadyExists", 409)
    iam.update_login_profile(UserName="bob", PasswordResetRequired=False)
    profile = iam.get_login_profile(UserName="bob")["LoginProfile"]
    assert profile["PasswordResetRequired"] is False
    iam.delete_login_profile(UserName="bob")
    assert code_of(iam.get_login_profile, UserName="bob") == "NoSuchEntity"
    assert code_of(iam.update_login_profile, UserName="bob", Password=GOOD) == "NoSuchEntity"


def test_an_administrator_is_held_to_the_policy_too(account: Account) -> None:
    iam = account.client("iam")
    iam.create_user(UserName="bob")
    weak = {"UserName": "bob", "Password": "weak"}
    assert code_of(iam.create_login_profile, **weak) == "PasswordPolicyViolation"
    iam.create_login_profile(UserName="bob", Password=GOOD)
    assert code_of(iam.update_login_profile, **weak) == "PasswordPolicyViolation"


def test_an_administrator_needs_no_old_password(account: Account, alice: Any) -> None:
    account.client("iam").update_login_profile(UserName="alice", Password=BETTER)
    assert can_sign_in(account, BETTER)


def test_changing_it_lifts_the_demand(account: Account, alice: Any) -> None:
    iam = account.client("iam")
    iam.update_login_profile(UserName="alice", PasswordResetRequired=True)
    alice.change_password(OldPassword=GOOD, NewPassword=BETTER)
    profile = iam.get_login_profile(UserName="alice")["LoginProfile"]
    assert profile["PasswordResetRequired"] is False


def test_a_password_grows_old(account: Account, alice: Any) -> None:
    iam = account.client("iam")
    iam.update_account_password_policy(MaxPasswordAge=90)
    account.clock.advance(days=89)
    assert account.console().sign_in("alice", GOOD).sign_in_state == "signed_in"
    account.clock.advance(days=1)
    assert account.console().sign_in("alice", GOOD).sign_in_state == "asked_for_new_password"
    iam.update_account_password_policy(MaxPasswordAge=90, HardExpiry=True)
    assert account.console().sign_in("alice", GOOD).is_error
    alice.change_password(OldPassword=GOOD, NewPassword=BETTER)  # keys do not expire with it
    assert account.console().sign_in("alice", BETTER).sign_in_state == "signed_in"


def test_a_new_user_of_an_old_name_has_no_password(account: Account, alice: Any) -> None:
    iam = account.client("iam")
    iam.delete_login_profile(UserName="alice")
    for key in iam.list_access_keys(UserName="alice")["AccessKeyMetadata"]:
        iam.delete_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"])
    for policy in iam.list_attached_user_policies(UserName="alice")["AttachedPolicies"]:
        iam.detach_user_policy(UserName="alice", PolicyArn=policy["PolicyArn"])
    iam.delete_user(UserName="alice")
    iam.create_user(UserName="alice")
    assert code_of(iam.get_login_profile, UserName="alice") == "NoSuchEntity"
    assert not can_sign_in(account, GOOD)


def test_no_password_is_written_down(account: Account, alice: Any) -> None:
    code_of(alice.change_password, OldPassword="Wrong-Pass-1", NewPassword=BETTER)
    alice.change_password(OldPassword=GOOD, NewPassword=BETTER)
    written = "".join(repr(entry) for entry in account.record)
    assert "iam:ChangePassword" in written
    for password in (GOOD, BETTER, "Wrong-Pass-1"):
        assert password not in written


def test_the_date_of_a_password_has_whole_seconds() -> None:
    """As all dates that AWS gives."""
    with Account(clock=Clock(datetime(2021, 6, 11, 9, 0, 0, 123456, tzinfo=UTC))) as account:
        iam = account.client("iam")
        made = iam.create_login_profile(UserName="admin", Password=GOOD)["LoginProfile"]
        assert made["CreateDate"] == datetime(2021, 6, 11, 9, 0, tzinfo=UTC)
        credential = iam.create_service_specific_credential(
            UserName="admin", ServiceName="codecommit.amazonaws.com"
        )["ServiceSpecificCredential"]
        assert credential["CreateDate"] == made["CreateDate"]
