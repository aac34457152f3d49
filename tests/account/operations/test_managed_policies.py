"""Managed policies: AWS's own, their versions, how long and how many there may be."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab.account import Account
from tests.account.conftest import code_of, error_of
from tests.account.policies import READ, padded, policy, text


@pytest.fixture
def alice(account: Account) -> Any:
    return account.client("iam", account.create_user("alice"))


def test_another_version_of_a_policy_acts_at_once(account: Account, alice: Any) -> None:
    admin = account.client("iam")
    arn = policy(account, "p", text("Allow", READ))
    admin.attach_user_policy(UserName="alice", PolicyArn=arn)
    assert alice.list_users()
    admin.create_policy_version(
        PolicyArn=arn, PolicyDocument=text("Allow", "s3:*"), SetAsDefault=True
    )
    assert code_of(alice.list_users) == "AccessDenied"
    admin.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    assert alice.list_users()


def test_how_long_and_how_many_managed_policies_may_be(account: Account) -> None:
    iam = account.client("iam")
    long = {"PolicyName": "p", "PolicyDocument": padded(6145)}
    assert error_of(iam.create_policy, **long) == (
        "LimitExceeded", "Cannot exceed quota for PolicySize: 6144", 409,
    )  # fmt: skip
    policy(account, "p", padded(6144))
    iam.create_user(UserName="alice")
    for number in range(10):
        arn = policy(account, f"p{number}", text("Allow", "s3:*"))
        iam.attach_user_policy(UserName="alice", PolicyArn=arn)
    iam.attach_user_policy(UserName="alice", PolicyArn=arn)  # again: nothing happens
    eleventh = policy(account, "eleventh", text("Allow", "s3:*"))
    attach = {"UserName": "alice", "PolicyArn": eleventh}
    assert error_of(iam.attach_user_policy, **attach) == (
        "LimitExceeded", "Cannot exceed quota for PoliciesPerUser: 10", 409,
    )  # fmt: skip


def test_awss_own_policies_are_there(account: Account) -> None:
    iam = account.client("iam")
    arn = "arn:aws:iam::aws:policy/IAMUserChangePassword"
    assert iam.get_policy(PolicyArn=arn)["Policy"]["PolicyName"] == "IAMUserChangePassword"
    names = [
        one["PolicyName"]
        for page in iam.get_paginator("list_policies").paginate(Scope="AWS")
        for one in page["Policies"]
    ]
    assert len(names) > 500 and "AmazonS3ReadOnlyAccess" in names
    assert code_of(iam.get_policy, PolicyArn=arn + "X") == "NoSuchEntity"
