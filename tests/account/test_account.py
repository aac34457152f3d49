"""The account as an object: one at a time, the same from the same seed, whole after a fault."""

from __future__ import annotations

import gc
import importlib
import json
import subprocess
import sys
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

import mfa_lab
from mfa_lab.account import Account, AccountError, Clock, Keys, RealClock, keys_of
from mfa_lab.lesson.policies import stored_policy
from tests.account.conftest import code_of, error_of


def test_the_public_name() -> None:
    assert mfa_lab.Account is Account
    assert "Account" in mfa_lab.__all__
    assert set(mfa_lab.__all__) < set(dir(mfa_lab))
    assert all(getattr(mfa_lab, name).__name__ == name for name in mfa_lab.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        mfa_lab.Nothing  # noqa: B018


def test_importing_mfa_lab_loads_neither_boto3_nor_moto() -> None:
    script = "import sys, mfa_lab; print(sorted({'boto3', 'botocore', 'moto', 'pandas'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_a_second_account_is_refused_with_a_sentence(account: Account) -> None:
    with pytest.raises(AccountError, match="Another account is open"):
        Account()
    assert account.client("iam").list_users()["Users"], "the first is as it was"


def test_after_closing_there_may_be_another() -> None:
    first = Account()
    first.create_user("alice")
    first.close()
    first.close()
    with Account() as second:
        assert [user["UserName"] for user in second.client("iam").list_users()["Users"]] == [
            "admin"
        ]
        with pytest.raises(AccountError, match="closed"):
            first.client("iam").list_users()


CELL = """
from mfa_lab import Account
account = Account()
account.client("iam").create_user(UserName="alice")
account.client("s3").create_bucket(Bucket="bucket")
users = [user["UserName"] for user in account.client("iam").list_users()["Users"]]
"""


def test_a_cell_that_is_run_again() -> None:
    """Also one that was edited meanwhile, while the former account is in use over HTTP."""
    notebook: dict[str, Any] = {}
    exec(compile(CELL, "<cell 1>", "exec"), notebook)
    first = notebook["account"]
    assert first.endpoint_url
    exec(compile(CELL + "\n", "<cell 2>", "exec"), notebook)
    assert notebook["users"] == ["admin", "alice"]
    assert not first.is_open
    with pytest.raises(AccountError, match="Another account is open"):
        Account()
    notebook["account"].close()


def test_a_cell_does_not_end_an_account_that_is_entered(account: Account) -> None:
    with pytest.raises(AccountError, match="Another account is open"):
        exec(compile(CELL, "<cell>", "exec"), {})
    with account, pytest.raises(AccountError, match="Another account is open"):
        exec(compile(CELL, "<cell>", "exec"), {})


def test_moto_gets_its_clock_back() -> None:
    models: Any = importlib.import_module("moto.iam.models")
    before = models.utcnow
    with Account() as account:
        assert models.utcnow is not before
        account.reset()
    assert models.utcnow is before
    left = Account()
    assert models.utcnow is not before
    del left
    gc.collect()
    assert models.utcnow is before


def test_one_that_nobody_holds_is_no_obstacle() -> None:
    left = Account()
    del left
    gc.collect()
    with Account() as account:
        assert len(account.client("iam").list_users()["Users"]) == 1


def test_a_cell_that_was_interrupted() -> None:
    with pytest.raises(KeyboardInterrupt), Account() as account:
        account.create_user("alice")
        raise KeyboardInterrupt
    with Account() as account:
        assert len(account.client("iam").list_users()["Users"]) == 1


def story(account: Account) -> list[Any]:
    """Some calls, with all that they answer but the dates of the HTTP answers."""
    keys = account.create_user("alice", stored_policy("2021-05-13_article"), password="Some-Pass-1")
    iam = account.client("iam", keys)
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="alice")["VirtualMFADevice"]
    session = account.client("sts", keys).get_session_token()["Credentials"]
    user = iam.get_user()["User"]
    role = account.client("iam").create_role(
        RoleName="r",
        AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}',
    )["Role"]
    return [keys, keys.secret_access_key, device, session, user, role]


def test_the_same_seed_makes_the_same_keys() -> None:
    stories = []
    for seed in ("x", "x", "y", None):
        with Account(seed=seed) as account:
            stories.append((account.admin, story(account)))
    assert stories[0] == stories[1]
    for other in stories[2:]:
        assert other[0] != stories[0][0] and other[1][0] != stories[0][1][0]


def test_keys_carry_the_mark_of_examples(account: Account) -> None:
    keys = account.create_user("alice")
    session = keys_of(account.client("sts").get_session_token()["Credentials"])
    for one, prefix in ((keys, "AKIA"), (account.admin, "AKIA"), (session, "ASIA")):
        assert one.access_key_id.startswith(prefix) and one.access_key_id.endswith("EXAMPLE")
        assert len(one.access_key_id) == 20
        assert len(one.secret_access_key) == 40 and one.secret_access_key.endswith("EXAMPLEKEY")
        assert one.secret_access_key not in repr(one)


def test_a_user_without_keys(account: Account) -> None:
    account.create_user("alice", password="Some-Pass-1", keys=False)
    assert account.client("iam").list_access_keys(UserName="alice")["AccessKeyMetadata"] == []
    assert account.client("iam").get_login_profile(UserName="alice")["LoginProfile"]
    assert [one.operation for one in account.record].count("iam:CreateAccessKey") == 0


def test_reset(account: Account) -> None:
    account.clock.advance(days=3)
    account.create_user("alice")
    iam = account.client("iam")
    first = account.admin
    account.reset()
    assert account.admin == first
    assert [user["UserName"] for user in iam.list_users()["Users"]] == ["admin"]
    assert len(account.record) == 1
    assert f"{account.clock.now():%Y-%m-%d}" == "2021-06-14"


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


def test_the_first_user_may_do_everything(account: Account) -> None:
    attached = account.client("iam").list_attached_user_policies(UserName="admin")
    assert [one["PolicyName"] for one in attached["AttachedPolicies"]] == ["AdministratorAccess"]


# Users: what moto does otherwise


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
    assert account.console().sign_in("carol", "Some-Pass-1").place == "asked_for_code"


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


# The record


def test_the_record(account: Account) -> None:
    keys = account.create_user("alice", stored_policy("2021-05-13_article"))
    iam = account.client("iam", keys)
    code_of(iam.list_access_keys)
    entry = account.record[-1]
    assert entry.row() == {
        "time": "2021-06-11T09:00:00Z",
        "caller": "arn:aws:iam::123456789012:user/alice",
        "credentials": "access_key",
        "action": "iam:ListAccessKeys",
        "resource": "arn:aws:iam::123456789012:user/alice",
        "verdict": "explicit_deny",
        "decided_by": "alice-1: DenyAllExceptListedIfNoMFA",
        "error": "AccessDenied",
        "mfa": "absent",
    }
    assert entry.answer is not None
    assert [one["sid"] for one in entry.answer.decision.trace["statements"] if one["matched"]] == [
        "AllowManageOwnAccessKeys",
        "DenyAllExceptListedIfNoMFA",
    ]
    frame = account.record.to_frame()
    assert list(frame.columns) == list(entry.row())
    assert len(frame) == len(account.record) == account.record[-1].number


def test_calls_without_a_caller_are_recorded_too(account: Account) -> None:
    unknown = {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "x"}
    code_of(account.client("iam", unknown).list_users)
    entry = account.record[-1]
    assert (entry.verdict, entry.error_code) == ("unauthenticated", "InvalidClientTokenId")
    assert (entry.access_key_id, entry.caller) == ("AKIAIOSFODNN7EXAMPLE", "")


def test_codes_are_masked(account: Account) -> None:
    sts = account.client("sts")
    code_of(sts.get_session_token, SerialNumber="arn:aws:iam::1:mfa/x", TokenCode="123456")
    assert account.record[-1].parameters["TokenCode"] == "****"


def test_a_record_keeps_the_newest(account: Account) -> None:
    from mfa_lab.account.record import Record

    record = Record(most=3)
    for _ in range(5):
        record.add(time=account.clock.now())
    assert [entry.number for entry in record] == [3, 4, 5]
    record.clear()
    assert len(record) == 0


@pytest.mark.parametrize(
    ("number", "later"),
    [(0, [3, 4, 5]), (1, [3, 4, 5]), (3, [4, 5]), (4, [5]), (5, [])],
)
def test_a_full_record_tells_what_came_since_a_call(number: int, later: list[int]) -> None:
    from mfa_lab.account.record import Record

    record = Record(most=3)
    for _ in range(5):
        record.add(time=datetime(2021, 6, 11, tzinfo=UTC))
    assert [entry.number for entry in record.since(number)] == later
    assert record.last_number == 5
    record.clear()
    assert record.last_number == 0


def test_a_user_s_policy_may_be_given_by_its_values(account: Account) -> None:
    allow = {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"}
    keys = account.create_user("alice", {"Version": "2012-10-17", "Statement": allow})
    assert account.client("iam", keys).list_users()["Users"]


def test_a_quotation_mark_that_is_not_closed_is_told(account: Account) -> None:
    with pytest.raises(AccountError, match="not closed") as caught:
        account.cli("iam change-password --old-password 'First-Pass-0")
    assert caught.value.code == "open_quotation"


def test_a_closed_account_is_not_begun_anew() -> None:
    """It would stand beside the one that is open, on the same state, and wipe it."""
    closed = Account()
    closed.close()
    with Account() as account:
        account.create_user("alice")
        with pytest.raises(AccountError, match="closed"):
            closed.reset()
        assert account.client("iam").get_user(UserName="alice")
    assert not closed.is_open


def test_a_call_that_waits_while_the_account_begins_anew_meets_the_new_one() -> None:
    """Its key is of the old one, so it is nobody's."""
    with Account() as account:
        late = account.create_user("late")
        iam = account.client("iam", late)
        with account.lock:
            caller = threading.Thread(target=lambda: codes.append(code_of(iam.get_user)))
            codes: list[str] = []
            caller.start()
            account.reset()
        caller.join()
        assert codes == ["InvalidClientTokenId"]
        assert len(account.record) == 1


def test_an_account_ends_its_errors_in_xml(account: Account) -> None:
    """Also where a call holds what XML cannot."""
    assert code_of(account.client("iam").create_user, UserName="a\x08b") == "ValidationError"
    document = '{\x00"Version": "2012-10-17"}'
    code = code_of(account.client("iam").create_policy, PolicyName="p", PolicyDocument=document)
    assert code in ("MalformedPolicyDocument", "ValidationError")


def test_a_document_over_which_moto_s_own_check_stumbles(account: Account) -> None:
    account.create_user("alice")
    document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": [None]}}
    code, message, _ = error_of(
        account.client("iam").put_user_policy,
        UserName="alice",
        PolicyName="p",
        PolicyDocument=json.dumps(document),
    )
    assert (code, message) == ("MalformedPolicyDocument", "Syntax errors in policy.")


def test_a_clock_without_a_zone_begins_in_utc() -> None:
    assert Clock(datetime(2021, 6, 11, 9)).now() == datetime(2021, 6, 11, 9, tzinfo=UTC)
