"""Users and their keys: what moto does otherwise than IAM."""

from __future__ import annotations

from typing import Any

from mfa_lab.account import Account, Keys, keys_of
from mfa_lab.lesson.policies import stored_policy
from tests.account.conftest import code_of


def test_names_differ_not_only_in_case(account: Account) -> None:
    iam = account.client("iam")
    iam.create_user(UserName="Alice")
    assert code_of(iam.create_user, UserName="alice") == "EntityAlreadyExists"
    iam.create_user(UserName="bob")
    assert code_of(iam.update_user, UserName="bob", NewUserName="ALICE") == "EntityAlreadyExists"
    iam.update_user(UserName="Alice", NewUserName="alice")


def test_a_user_who_is_renamed_keeps_everything(account: Account) -> None:
    from tests.account.operations.test_mfa_devices import enrolled

    keys = account.create_user("alice", stored_policy("2021-05-13_article"), password="Some-Pass-1")
    device = enrolled(account)
    iam = account.client("iam")
    iam.tag_user(UserName="alice", Tags=[{"Key": "team", "Value": "blue"}])
    iam.update_user(UserName="alice", NewUserName="carol", NewPath="/new/")
    assert code_of(iam.get_user, UserName="alice") == "NoSuchEntity"
    user = iam.get_user(UserName="carol")["User"]
    assert user["Arn"] == "arn:aws:iam::123456789012:user/new/carol"
    assert iam.list_user_tags(UserName="carol")["Tags"] == [{"Key": "team", "Value": "blue"}]
    assert iam.list_access_keys(UserName="carol")["AccessKeyMetadata"][0]["UserName"] == "carol"
    sts = account.client("sts", keys)
    assert sts.get_caller_identity()["Arn"].endswith(":user/new/carol")
    token = {"SerialNumber": device.serial_number, "TokenCode": device.next_code()}
    assert sts.get_session_token(**token)["Credentials"]
    assert account.console().sign_in("carol", "Some-Pass-1").sign_in_state == "asked_for_code"


def test_what_belongs_to_a_user_goes_first(account: Account) -> None:
    from tests.account.operations.test_mfa_devices import enrolled

    keys = account.create_user("alice", password="Some-Pass-1")
    device = enrolled(account)
    iam = account.client("iam")
    iam.create_group(GroupName="g")
    iam.add_user_to_group(UserName="alice", GroupName="g")
    alice = {"UserName": "alice"}
    removals: list[Any] = [
        lambda: iam.delete_login_profile(**alice),
        lambda: iam.delete_access_key(**alice, AccessKeyId=keys.access_key_id),
        lambda: iam.deactivate_mfa_device(**alice, SerialNumber=device.serial_number),
        lambda: iam.remove_user_from_group(**alice, GroupName="g"),
    ]
    for remove in removals:
        assert code_of(iam.delete_user, **alice) == "DeleteConflict"
        remove()
    iam.delete_user(**alice)
    assert code_of(iam.get_user, **alice) == "NoSuchEntity"


def test_two_keys_a_user(account: Account) -> None:
    iam = account.client("iam")
    account.create_user("alice")
    second = iam.create_access_key(UserName="alice")["AccessKey"]
    assert code_of(iam.create_access_key, UserName="alice") == "LimitExceeded"
    iam.delete_access_key(UserName="alice", AccessKeyId=second["AccessKeyId"])
    third = keys_of(iam.create_access_key(UserName="alice")["AccessKey"])
    assert isinstance(third, Keys)
    assert account.client("sts", third).get_caller_identity()
    sts = account.client("sts", second)
    assert code_of(sts.get_caller_identity) == "InvalidClientTokenId"


def test_when_a_key_was_used_last(account: Account) -> None:
    keys = account.create_user("alice")
    iam = account.client("iam")
    named = {"AccessKeyId": keys.access_key_id}
    assert "LastUsedDate" not in iam.get_access_key_last_used(**named)["AccessKeyLastUsed"]
    account.clock.advance(hours=1)
    code_of(account.client("iam", keys).list_users)
    used = iam.get_access_key_last_used(**named)
    assert used["UserName"] == "alice"
