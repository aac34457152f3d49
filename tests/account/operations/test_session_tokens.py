"""The credentials of GetSessionToken and GetFederationToken: how long they work, and for what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mfa_lab.account import Account
from tests.account.conftest import code_of, error_of
from tests.account.policies import ACCOUNT, text

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


def test_a_session_gets_no_federation_token(account: Account) -> None:
    session = account.client("sts", account.client("sts").get_session_token()["Credentials"])
    said = "Cannot call GetFederationToken with session credentials"
    assert error_of(session.get_federation_token, Name="guest") == ("AccessDenied", said, 403)


def test_a_federated_user(account: Account) -> None:
    sts = account.client("sts")
    answer = sts.get_federation_token(Name="guest", Policy=text("Allow", "s3:ListAllMyBuckets"))
    assert answer["FederatedUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:federated-user/guest"
    guest = answer["Credentials"]
    assert account.client("s3", guest).list_buckets()["Buckets"] == []
    assert code_of(account.client("ec2", guest).describe_vpcs) == "UnauthorizedOperation"
    assert code_of(account.client("iam", guest).list_users) == "AccessDenied"
    nothing = sts.get_federation_token(Name="guest")["Credentials"]
    assert code_of(account.client("s3", nothing).list_buckets) == "AccessDenied"
