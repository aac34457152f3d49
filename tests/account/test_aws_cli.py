"""The AWS CLI, which sees nothing of the learner's and reaches nothing but the account."""

from __future__ import annotations

import subprocess
from contextlib import closing
from typing import Any

import pytest

from mfa_lab.account import Account, AccountError
from mfa_lab.account.aws_cli import AwsCli


def test_the_aws_cli_asks_no_machine_for_credentials(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor anything else of AWS that the learner's environment names."""
    monkeypatch.setenv("AWS_PROFILE", "decoy")
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/decoy")
    with closing(AwsCli("aws", "http://127.0.0.1:1", "us-east-1")) as cli:
        environment = cli._environment(account.admin)
    assert environment["AWS_EC2_METADATA_DISABLED"] == "true"
    assert {name for name in environment if name.startswith("AWS_")} == {
        "AWS_ACCESS_KEY_ID",
        "AWS_CONFIG_FILE",
        "AWS_DEFAULT_OUTPUT",
        "AWS_DEFAULT_REGION",
        "AWS_EC2_METADATA_DISABLED",
        "AWS_ENDPOINT_URL",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "AWS_PAGER",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SHARED_CREDENTIALS_FILE",
    }


def test_the_aws_cli_talks_to_no_other_endpoint() -> None:
    with Account() as account:
        for command in (
            "iam list-users --endpoint-url https://iam.amazonaws.com",
            "iam list-users --endpoint-url=http://x",
            "--endp http://127.0.0.1:1 iam list-users",
            "iam list-users --end=http://x",
        ):
            with pytest.raises(AccountError, match="--endpoint-url"):
                account.cli(command)


def test_the_aws_cli_reaches_the_account_for_every_service() -> None:
    """For SQS version 1 has an address of its own, which a variable alone does not replace."""
    with Account() as account:
        refused = account.cli("sqs list-queues")
        assert "This account serves IAM, STS, S3 and EC2" in refused.error
        assert not refused.works


def test_no_configuration_of_the_aws_cli_lets_it_out(account: Account) -> None:
    assert account.cli("configure set ignore_configured_endpoint_urls true").works
    assert account.cli("configure set proxy http://127.0.0.1:1").works
    assert account.cli("iam list-users").works
    account.endpoint_url  # noqa: B018 - the CLI is made with it
    cli = account._aws_cli
    assert cli is not None
    cli._endpoint_url = "https://iam.amazonaws.com"
    failed = account.cli("iam list-users")
    assert failed.exit_code and "127.0.0.1:9" in failed.error  # where every other address leads


def test_a_command_of_the_aws_cli_that_does_not_end(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never_ends(*_: Any, **options: Any) -> None:
        raise subprocess.TimeoutExpired("aws", options["timeout"])

    monkeypatch.setattr("mfa_lab.account.aws_cli.subprocess.run", never_ends)
    with pytest.raises(AccountError, match="not ended after 120 seconds"):
        account.cli("iam list-users")


def test_the_aws_cli_of_another_user() -> None:
    with Account() as account:
        alice = account.create_user("alice")
        ran = account.cli("aws iam get-user", alice)
        assert (ran.works, ran.exit_code != 0) == (False, True)
        assert (
            "(AccessDenied) when calling the GetUser operation: User: arn:aws:iam::123456789012:user/alice"
            in ran.error
        )
        assert repr(ran).startswith("$ aws iam get-user\n")
        session = account.client("sts", alice).get_session_token()["Credentials"]
        assert account.cli("sts get-caller-identity", session).works


def test_without_the_aws_cli(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mfa_lab.account.account.find_aws_cli", lambda: None)
    with Account() as account, pytest.raises(AccountError, match="There is no AWS CLI here"):
        account.cli("iam list-users")
