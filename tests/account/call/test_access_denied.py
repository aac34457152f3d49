"""What a refusal says: who, what, on which resource, and because of which policy."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab import Policy
from mfa_lab.account import Account
from tests.account.conftest import message_of
from tests.account.policies import ACCOUNT, ALICE, document, policy, text


@pytest.fixture
def alice(account: Account) -> Any:
    return account.client("iam", account.create_user("alice"))


LIST_USERS = f"User: {ALICE} is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::{ACCOUNT}:user/ "


def test_no_policy_at_all(alice: Any) -> None:
    expected = LIST_USERS + "because no identity-based policy allows the iam:ListUsers action"
    assert message_of(alice.list_users) == expected


def test_s3_names_the_bucket_where_there_is_one(account: Account) -> None:
    """As users report both; of listing all buckets the message names no resource."""
    s3 = account.client("s3", account.create_user("alice"))
    who, reason = f"User: {ALICE} is not authorized to perform:", "because no identity-based policy"
    assert message_of(s3.list_buckets) == (
        f"{who} s3:ListAllMyBuckets {reason} allows the s3:ListAllMyBuckets action"
    )
    assert message_of(s3.list_objects_v2, Bucket="reports") == (
        f'{who} s3:ListBucket on resource: "arn:aws:s3:::reports" '
        f"{reason} allows the s3:ListBucket action"
    )


@pytest.mark.parametrize(
    ("kind", "more"),
    [("user", {}), ("group", {}), ("role", {"AssumeRolePolicyDocument": "{}"})],
)
def test_what_is_to_be_made_is_named_by_its_arn(alice: Any, kind: str, more: Any) -> None:
    """As users report it; what is there, or is only asked for, is named by kind and name."""
    who = f"User: {ALICE} is not authorized to perform:"
    made = {f"{kind.capitalize()}Name": "z", "Path": "/p/", **more}
    action = f"iam:Create{kind.capitalize()}"
    assert message_of(getattr(alice, f"create_{kind}"), **made) == (
        f"{who} {action} on resource: arn:aws:iam::{ACCOUNT}:{kind}/p/z "
        f"because no identity-based policy allows the {action} action"
    )
    asked = message_of(getattr(alice, f"get_{kind}"), **{f"{kind.capitalize()}Name": "z"})
    assert f" on resource: {kind} z because" in asked


def test_an_explicit_deny_names_a_managed_policy(account: Account, alice: Any) -> None:
    admin = account.client("iam")
    arn = policy(account, "no", text("Deny", "iam:*"))
    admin.attach_user_policy(UserName="alice", PolicyArn=arn)
    with_arn = LIST_USERS + f"with an explicit deny in an identity-based policy: {arn}"
    assert message_of(alice.list_users) == with_arn
    admin.detach_user_policy(UserName="alice", PolicyArn=arn)
    admin.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=text("Deny", "iam:*"))
    assert (
        message_of(alice.list_users) == with_arn.partition(": arn:aws:iam::123456789012:policy")[0]
    )


def test_before_2026_no_policy_was_named() -> None:
    with Account(names_policies=False) as account:
        keys = account.create_user("alice", Policy.parse(document("Deny", "iam:*")))
        expected = LIST_USERS + "with an explicit deny in an identity-based policy"
        assert message_of(account.client("iam", keys).list_users) == expected
