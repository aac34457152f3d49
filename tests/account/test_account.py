"""The account as an object: one at a time, the same from the same seed, whole after a fault."""

from __future__ import annotations

import gc
import importlib
import subprocess
import sys
import threading
from typing import Any

import pytest

import mfa_lab
from mfa_lab.account import Account, AccountError
from tests.account.conftest import code_of


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


def test_the_first_user_may_do_everything(account: Account) -> None:
    attached = account.client("iam").list_attached_user_policies(UserName="admin")
    assert [one["PolicyName"] for one in attached["AttachedPolicies"]] == ["AdministratorAccess"]


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
