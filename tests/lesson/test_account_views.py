"""A lesson's console and phone find each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from mfa_lab.account import Account
from mfa_lab.account.console import Console
from mfa_lab.account.record import Record
from mfa_lab.lesson import Lesson


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as one:
        yield one


def test_a_console_scans_with_the_phone_that_comes_after_it(account: Account) -> None:
    lesson = Lesson("01_force_mfa_policy")
    console, phone = lesson.console(account), lesson.phone(account)
    assert console.phone is phone
    lesson.phone(account)
    assert console.phone is phone, "it keeps the one it knows"


def test_a_console_scans_with_the_phone_that_was_there_before(account: Account) -> None:
    lesson = Lesson("01_force_mfa_policy")
    phone = lesson.phone(account)
    assert lesson.console(account).phone is phone
    other = Lesson("01_force_mfa_policy").phone(account)
    assert lesson.console(account, other).phone is other


def test_a_phone_of_another_account_scans_nothing() -> None:
    lesson = Lesson("01_force_mfa_policy")
    with Account() as first:
        console = lesson.console(first)
        lesson.phone(first)
    with Account() as second:
        assert lesson.console(second).phone is None
        lesson.console(first)
        lesson.phone(second)
        assert console.phone is not None


def test_a_full_record_hides_no_call_that_is_made_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mfa_lab.account.account.Record", partial(Record, most=3))
    with Account() as account:
        account.create_user("alice", password="First-Pass-0", reset=True)
        lesson = Lesson("01_force_mfa_policy")
        iam = account.client("iam")
        for _ in range(4):
            iam.list_users()
        operations = [one.operation for one in lesson.attempt(iam.list_users).calls]
        assert operations == ["iam:ListUsers"]
        console = Console(account)
        console.sign_in("alice", "First-Pass-0")
        page = console.change_forced_password("First-Pass-0", "Own-Pass-1")
        assert [one.operation for one in page.calls] == ["iam:ChangePassword"]
