"""Lesson 05: the documented way and AWS's order, written out from AWS's pages, and run.

Sources: data/facts.md, "The article", "The MFA condition keys", "GetSessionToken" and "MFA codes".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_lab import Account
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.lessons.lesson_05 import EXERCISES, ORDER, PREDICTIONS, STEPS
from mfa_lab.lesson.policies import BUCKETS, stored_policy
from mfa_lab.lesson.prediction import Prediction

EXPECTED = {
    "password_in_same_session": "explicit_deny",
    "work_by_new_key": "explicit_deny",
    "used_code": "refused",
    "own_keys_by_plain_session": "refused",
    "first_password_stays": "article",
}
ALICE = "arn:aws:iam::123456789012:user/alice"
ASKED = {
    "password_in_same_session": ("iam:ChangePassword", ALICE, "console_without_mfa"),
    "work_by_new_key": ("s3:ListAllMyBuckets", "*", "access_key"),
    "own_keys_by_plain_session": ("iam:ListAccessKeys", ALICE, "session_token_without_mfa"),
}
ARTICLE = stored_policy("2021-05-13_article")
STEPS_IN_ORDER, CREDENTIALS = EXERCISES


def test_a_prediction_asks_what_its_question_says() -> None:
    asked = {}
    for one in PREDICTIONS:
        if isinstance(one, Prediction):
            answer = one.ask()
            request = answer.decision.request
            asked[one.name] = (request.action, request.resource, answer.caller.kind.name)
            assert one.has_device
    assert asked == ASKED


# What the lesson says and shows, each claim once more.


@contextmanager
def new_alice() -> Iterator[Any]:
    lesson = Lesson("05_the_documented_way")
    with Account() as account:
        account.create_user("alice", ARTICLE, BUCKETS, password="First-Pass-0", keys=False)
        console, phone = lesson.console(account), lesson.phone(account)
        console.sign_in("alice", "First-Pass-0")
        yield account, console, phone


def code_of(call: Any, **parameters: Any) -> str:
    """The error's code; empty where it works."""
    try:
        call(**parameters)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def test_a_session_stays_without_mfa_after_it_has_enrolled_a_device() -> None:
    with new_alice() as (_, console, phone):
        assert not console.enrol_device(phone).is_error
        page = console.change_password("First-Pass-0", "Second-Pass-0")
        assert page.is_error
        assert page.page.calls[-1].mfa == "false"
        assert code_of(console.client("s3").list_buckets) == "AccessDenied"
        console.sign_out()
        assert (
            console.sign_in("alice", "First-Pass-0", phone.next_code()).sign_in_state == "signed_in"
        )
        page = console.change_password("First-Pass-0", "Second-Pass-0")
        assert not page.is_error
        assert page.page.calls[-1].mfa == "true"
        assert code_of(console.client("s3").list_buckets) == ""


def test_a_key_made_with_mfa_carries_none_and_a_fresh_code_helps() -> None:
    with new_alice() as (account, console, phone):
        console.enrol_device(phone)
        console.sign_in("alice", "First-Pass-0", phone.next_code())
        keys = console.client("iam").create_access_key()["AccessKey"]
        assert code_of(account.client("s3", keys).list_buckets) == "AccessDenied"
        assert account.record[-1].mfa == "absent"
        sts, serial_number = account.client("sts", keys), phone.device().serial_number
        used = {"SerialNumber": serial_number, "TokenCode": phone.code()}
        assert code_of(sts.get_session_token, **used) == "AccessDenied"
        made = sts.get_session_token(SerialNumber=serial_number, TokenCode=phone.next_code())
        assert account.cli("s3api list-buckets", made["Credentials"]).works
        plain = sts.get_session_token()["Credentials"]
        assert code_of(account.client("iam", plain).list_access_keys) == "InvalidClientTokenId"
        assert code_of(account.client("s3", plain).list_buckets) == "AccessDenied"
        assert account.record[-1].mfa == "false"


def test_in_the_order_of_aws_work_is_open_until_the_fence_is_there() -> None:
    """The window, and why no other permission should be given before."""
    with Account() as account:
        account.create_user("alice", BUCKETS, password="First-Pass-0", keys=False)
        console, admin = account.console(), account.client("iam")
        console.sign_in("alice", "First-Pass-0")
        list_buckets = console.client("s3").list_buckets
        assert code_of(list_buckets) == ""
        made = admin.create_policy(PolicyName="Force_MFA", PolicyDocument=ARTICLE.to_json())
        admin.attach_user_policy(UserName="alice", PolicyArn=made["Policy"]["Arn"])
        assert code_of(list_buckets) == "AccessDenied"


def test_before_alice_another_who_knows_the_password_can_enrol() -> None:
    with new_alice() as (account, _, _phone):
        other, other_phone = account.console(), account.phone()
        other.sign_in("alice", "First-Pass-0")
        assert not other.enrol_device(other_phone).is_error
        [device] = other_phone.authenticators.values()
        assert (
            other.sign_in("alice", "First-Pass-0", device.next_code()).sign_in_state == "signed_in"
        )


# Order the steps.


def works(order: tuple[str, ...]) -> bool:
    """What has to come before what, said once more; each step once."""
    place = {step: number for number, step in enumerate(order)}
    return (
        place["sign_in"] < place["enrol_device"] < place["sign_in_with_code"]
        # Signed out, nothing can be done at the console until the next sign-in.
        and not place["sign_in"] < place["sign_out"] < place["enrol_device"]
        and all(
            place["sign_in_with_code"] < place[step]
            and not place["sign_in_with_code"] < place["sign_out"] < place[step]
            for step in ("change_password", "create_access_key")
        )
        and place["create_access_key"] < place["get_session_token"]
    )


@settings(deadline=None, derandomize=True, max_examples=80)
@given(st.permutations(STEPS) | st.permutations(ORDER[3:]).map(lambda last: [*ORDER[:3], *last]))
def test_an_order_passes_where_every_step_can_be_done(order: list[str]) -> None:
    assert STEPS_IN_ORDER.check(order).is_right is works(tuple(order))


def test_who_meets_the_fence_sees_the_call() -> None:
    found = STEPS_IN_ORDER.check(["sign_in", "enrol_device", "create_access_key"])
    assert (found.code, found.values) == ("fence", {"number": 3})
    [call] = found.calls
    assert (call.operation, call.mfa) == ("iam:CreateAccessKey", "false")


@pytest.mark.parametrize("step", ORDER)
def test_no_step_but_the_sign_out_can_be_left_out(step: str) -> None:
    """Signing in anew ends the session before."""
    shorter = [one for one in ORDER if one != step]
    assert STEPS_IN_ORDER.check(shorter).is_right is (step == "sign_out")


@pytest.mark.parametrize("junk", [None, 1, "", "__init__", ["sign_in"]])
def test_what_is_no_step_is_named(junk: Any) -> None:
    found = STEPS_IN_ORDER.check(["sign_in", junk])
    assert (found.code, found.values) == ("no_such_step", {"given": str(junk)})


def test_what_is_done_twice_is_said_to_be_that() -> None:
    again = [*ORDER[:2], "enrol_device"]
    assert (found := STEPS_IN_ORDER.check(again)).code == "twice"
    assert found.values == {"number": 3}
    keys = [*ORDER[:-1], "create_access_key", "create_access_key"]
    assert STEPS_IN_ORDER.check(keys).code == "twice"


# Which credentials.

KINDS = (
    "console_without_mfa",
    "console_with_mfa",
    "access_key",
    "session_token_without_mfa",
    "session_token_with_mfa",
)


@pytest.mark.parametrize(("task", "kind"), list(product(CREDENTIALS.solution, KINDS)))
def test_only_the_least_that_is_enough_passes(task: str, kind: str) -> None:
    found = CREDENTIALS.check({**CREDENTIALS.solution, task: kind})
    assert found.is_right is (CREDENTIALS.solution[task] == kind)
