"""A lesson runs the real AWS CLI, and goes on with boto3 where there is none."""

from __future__ import annotations

from typing import Any

import pytest

import mfa_lab.account.account
from mfa_lab.account import Account
from mfa_lab.account.account import AccountError
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.policies import stored_policy
from mfa_lab.text import LANGUAGES, say

CHANGE = "iam change-password --old-password First-Pass-0 --new-password Second-Pass-0"


@pytest.fixture(params=LANGUAGES)
def lesson(request: pytest.FixtureRequest) -> Lesson:
    return Lesson("01_force_mfa_policy", request.param)


@pytest.fixture
def without_cli(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mfa_lab.account.account, "find_aws_cli", lambda: None)


@pytest.fixture
def without_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError("no threads here")

    monkeypatch.setattr(mfa_lab.account.account, "find_aws_cli", lambda: "aws")
    monkeypatch.setattr(mfa_lab.account.account, "Server", refuse)


def alice(account: Account, policy: str) -> Any:
    return account.create_user("alice", stored_policy(policy), password="First-Pass-0")


@pytest.mark.parametrize("missing", ["without_cli", "without_server"])
def test_boto3_makes_the_call_where_the_cli_does_not_run(
    lesson: Lesson, missing: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(missing)
    with Account() as account:
        keys = alice(account, "2021-05-13_article_weakened")
        before = len(account.record)
        view = lesson.cli(account, CHANGE, keys)
        assert view.works
        assert len(account.record) == before + 1
        assert [one.operation for one in view.calls] == ["iam:ChangePassword"]
        assert view.calls[0].caller.endswith(":user/alice")
        assert view.lines == (
            ">>> iam.change_password(OldPassword='First-Pass-0', NewPassword='Second-Pass-0')",
        )
        assert say("call_view.by_boto3", lesson.language) in view._repr_html_()
        assert lesson.console(account).sign_in("alice", "First-Pass-0").is_error


def test_a_refusal_by_boto3_is_shown_with_its_words(lesson: Lesson, without_cli: None) -> None:
    with Account() as account:
        view = lesson.cli(account, CHANGE, alice(account, "2021-05-13_article"))
        assert not view.works
        assert "An error occurred (AccessDenied) when calling the ChangePassword" in view.lines[-1]
        assert "with an explicit deny" in view.lines[-1]
        assert view.why().answer.face == "explicit_deny"


def test_what_boto3_answers_can_be_gone_on_with(lesson: Lesson, without_cli: None) -> None:
    with Account() as account:
        keys = alice(account, "2021-05-13_article")
        made = lesson.cli(account, "sts get-session-token", keys).answer["Credentials"]
        assert lesson.cli(account, "sts get-caller-identity", made).works


@pytest.mark.parametrize("command", ["s3 ls", "nope list-users", "iam nope", "iam list-users -x"])
def test_without_cli_what_is_no_plain_call_says_what_is_missing(
    lesson: Lesson, without_cli: None, command: str
) -> None:
    with Account() as account, pytest.raises(AccountError) as caught:
        lesson.cli(account, command)
    assert caught.value.code == "no_aws_cli"


def test_another_endpoint_stays_refused(lesson: Lesson, without_cli: None) -> None:
    with Account() as account, pytest.raises(AccountError) as caught:
        lesson.cli(account, "iam list-users --endpoint-url https://example.com")
    assert caught.value.code == "endpoint_is_fixed"


def test_where_the_cli_runs_nothing_is_said_of_boto3(lesson: Lesson) -> None:
    with Account() as account:
        view = lesson.cli(account, CHANGE, alice(account, "2021-05-13_article_weakened"))
        assert view.works
        assert not view.is_by_boto3
        assert say("call_view.by_boto3", lesson.language) not in view._repr_html_()
        assert view.lines[0].startswith("$ aws iam change-password")
