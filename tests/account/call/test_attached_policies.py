"""Every kind of policy bears on a call, and the refusal says which kind it was."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mfa_lab import Policy
from mfa_lab.account import Account
from mfa_lab.iam.policy_kind import PolicyKind
from tests.account.call.test_access_denied import LIST_USERS
from tests.account.conftest import code_of, message_of
from tests.account.policies import ACCOUNT, ALICE, READ, document, policy, text


@pytest.fixture
def alice(account: Account) -> Any:
    return account.client("iam", account.create_user("alice"))


def test_identity_policies_of_every_origin(account: Account, alice: Any) -> None:
    """Inline and attached, of the user and of a group: each is enough, and none when it is gone."""
    admin = account.client("iam")
    arn = policy(account, "read", text("Allow", READ))
    admin.create_group(GroupName="readers")
    user, group = {"UserName": "alice"}, {"GroupName": "readers"}
    inline = {"PolicyName": "p", "PolicyDocument": text("Allow", READ)}
    origins: list[tuple[Any, Any]] = [
        (lambda: admin.put_user_policy(**user, **inline), lambda: admin.delete_user_policy(**user, PolicyName="p")),
        (lambda: admin.attach_user_policy(**user, PolicyArn=arn), lambda: admin.detach_user_policy(**user, PolicyArn=arn)),
        (lambda: admin.put_group_policy(**group, **inline), lambda: admin.delete_group_policy(**group, PolicyName="p")),
        (lambda: admin.attach_group_policy(**group, PolicyArn=arn), lambda: admin.detach_group_policy(**group, PolicyArn=arn)),
    ]  # fmt: skip
    admin.add_user_to_group(**user, **group)
    for give, take in origins:
        assert code_of(alice.list_users) == "AccessDenied"
        give()
        assert alice.list_users()["Users"]
        take()
    admin.put_group_policy(**group, **inline)
    assert alice.list_users()["Users"]
    admin.remove_user_from_group(**user, **group)
    assert code_of(alice.list_users) == "AccessDenied"


# Permissions boundaries


def test_a_boundary_bounds(account: Account, alice: Any) -> None:
    admin = account.client("iam")
    admin.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=text("Allow", "iam:*"))
    boundary = policy(account, "boundary", text("Allow", "iam:GetUser"))
    admin.put_user_permissions_boundary(UserName="alice", PermissionsBoundary=boundary)
    assert alice.get_user()["User"]["PermissionsBoundary"] == {
        "PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": boundary,
    }
    expected = LIST_USERS + "because no permissions boundary allows the iam:ListUsers action"
    assert message_of(alice.list_users) == expected
    admin.create_policy_version(
        PolicyArn=boundary, PolicyDocument=text("Deny", "iam:ListUsers"), SetAsDefault=True
    )
    denied = LIST_USERS + f"with an explicit deny in a permissions boundary: {boundary}"
    assert message_of(alice.list_users) == denied
    admin.delete_user_permissions_boundary(UserName="alice")
    assert alice.list_users()["Users"]


def test_a_user_may_begin_with_a_boundary(account: Account) -> None:
    admin = account.client("iam")
    boundary = policy(account, "boundary", text("Allow", "s3:*"))
    user = admin.create_user(UserName="bob", PermissionsBoundary=boundary)["User"]
    assert user["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
    admin.put_user_policy(UserName="bob", PolicyName="p", PolicyDocument=text("Allow", "*"))
    bob = admin.create_access_key(UserName="bob")["AccessKey"]
    assert code_of(account.client("iam", bob).list_users) == "AccessDenied"
    assert account.client("s3", bob).list_buckets()["Buckets"] == []
    missing = f"arn:aws:iam::{ACCOUNT}:policy/none"
    assert code_of(admin.create_user, UserName="c", PermissionsBoundary=missing) == "NoSuchEntity"
    assert code_of(admin.get_user, UserName="c") == "NoSuchEntity"


# Service control policies


@pytest.mark.parametrize(
    ("effect", "actions", "reason"),
    [
        ("Deny", "iam:ListUsers", "with an explicit deny in a service control policy"),
        ("Allow", "s3:*", "because no service control policy allows the iam:ListUsers action"),
    ],
)
def test_a_service_control_policy(effect: str, actions: str, reason: str) -> None:
    scps = [Policy.parse(document(effect, actions), PolicyKind.SCP)]
    if effect == "Deny":
        scps.append(Policy.parse(document("Allow", "*"), PolicyKind.SCP))
    with Account(scps=scps) as account:
        assert reason in message_of(account.client("iam").list_users)


# Buckets


def test_a_bucket_policy_grants_and_the_fence_still_wins(account: Account) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="k", Body=b"content")
    keys = account.create_user("alice")
    hers = account.client("s3", keys)
    assert code_of(hers.get_object, Bucket="bucket", Key="k") == "AccessDenied"
    grant = json.loads(text("Allow", "s3:GetObject", "arn:aws:s3:::bucket/*"))
    grant["Statement"][0]["Principal"] = {"AWS": ALICE}
    s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps(grant))
    assert hers.get_object(Bucket="bucket", Key="k")["Body"].read() == b"content"
    fence = text("Deny", "*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})
    account.client("iam").put_user_policy(UserName="alice", PolicyName="f", PolicyDocument=fence)
    assert code_of(hers.get_object, Bucket="bucket", Key="k") == "AccessDenied"


# Documents
