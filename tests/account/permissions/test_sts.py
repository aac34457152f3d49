"""The permissions that calls to STS need."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab.account import Account
from tests.account.permissions.stages import (
    IAM,
    TAGS,
    assert_needed,
)

NEEDED = [
    # service, operation, parameters, the permissions that it needs: action and resource
    ("sts", "assume_role", {"RoleArn": f"{IAM}:role/r", "RoleSessionName": "s1"}, [("sts:AssumeRole", f"{IAM}:role/r")]),
    ("sts", "assume_role", {"RoleArn": f"{IAM}:role/r", "RoleSessionName": "s1", "Tags": TAGS, "SourceIdentity": "alice"}, [("sts:AssumeRole", f"{IAM}:role/r"), ("sts:TagSession", f"{IAM}:role/r"), ("sts:SetSourceIdentity", f"{IAM}:role/r")]),
    ("sts", "get_federation_token", {"Name": "bob"}, [("sts:GetFederationToken", "arn:aws:sts::123456789012:federated-user/bob")]),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "parameters", "needed"), NEEDED)
def test_what_a_call_needs(
    account: Account,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    needed: list[tuple[str, str]],
) -> None:
    assert_needed(account, service, operation, parameters, needed)
