"""Accounts to test with, and short ways to call them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mfa_lab.account import Account


@pytest.fixture
def account() -> Iterator[Account]:
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
