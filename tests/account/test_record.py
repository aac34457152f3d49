"""The record of calls: who called what, what was decided, and no secrets."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mfa_lab.account import Account
from mfa_lab.lesson.policies import stored_policy
from tests.account.conftest import code_of


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
