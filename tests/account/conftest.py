"""Accounts to test with, and short ways to call them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import botocore.handlers
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from mfa_lab.account import Account, Keys
from mfa_lab.account.account import _refuse_others


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as one:
        yield one


@pytest.fixture(scope="module")
def shared_account() -> Iterator[Account]:
    """One account for all the tests of a module that leave it as it is.

    A module that has it must not ask for `account` too: there is one account at a time.
    """
    with Account() as one:
        yield one


def error_of(call: Any, **parameters: Any) -> tuple[str, str, int]:
    """Code, message and HTTP status of a call that must fail."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    response = caught.value.response
    error = response["Error"]
    return error["Code"], error["Message"], response["ResponseMetadata"]["HTTPStatusCode"]


def code_of(call: Any, **parameters: Any) -> str:
    return error_of(call, **parameters)[0]


def client_of(account: Account, service: str, keys: Keys | None = None) -> Any:
    """A client that boto3 makes without the account, pointed at its address."""
    settings = (keys or account.admin).for_boto3()
    client = boto3.client(
        service,
        endpoint_url=account.endpoint_url,
        region_name="us-east-1",
        config=Config(retries={"total_max_attempts": 1}),
        **settings,
    )
    return client


@pytest.fixture
def reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let boto3's own clients through: these tests are the client of another process."""
    kept = [one for one in botocore.handlers.BUILTIN_HANDLERS if one[1] is not _refuse_others]
    monkeypatch.setattr(botocore.handlers, "BUILTIN_HANDLERS", kept)


def message_of(call: Any, **parameters: Any) -> str:
    code, message, status = error_of(call, **parameters)
    assert (code, status) == ("AccessDenied", 403)
    return message
