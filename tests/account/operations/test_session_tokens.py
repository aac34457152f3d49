"""How long the credentials of GetSessionToken and GetFederationToken work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mfa_lab import Account
from tests.account.conftest import code_of

# AWS STS API Reference, GetSessionToken and GetFederationToken: "the default is 12 hours".
DEFAULT = timedelta(seconds=43_200)


@pytest.mark.parametrize(
    ("operation", "parameters", "lasts"),
    [
        ("get_session_token", {}, DEFAULT),
        ("get_session_token", {"DurationSeconds": 900}, timedelta(seconds=900)),
        ("get_federation_token", {"Name": "bob"}, DEFAULT),
        ("get_federation_token", {"Name": "bob", "DurationSeconds": 900}, timedelta(seconds=900)),
    ],
)
def test_credentials_work_until_they_expire(
    account: Account, operation: str, parameters: dict[str, Any], lasts: timedelta
) -> None:
    made = getattr(account.client("sts"), operation)(**parameters)["Credentials"]
    assert made["Expiration"] == account.clock.now() + lasts
    sts = account.client("sts", made)
    account.clock.advance(seconds=lasts.total_seconds() - 1)
    assert sts.get_caller_identity()["Account"] == account.account_id
    account.clock.advance(seconds=1)
    assert code_of(sts.get_caller_identity) == "ExpiredToken"
