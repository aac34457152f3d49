"""Roles: the trust policy decides with the caller's own, and sessions do what both allow."""

from __future__ import annotations

import json

from mfa_lab import Policy
from mfa_lab.account import Account
from tests.account.conftest import code_of, error_of, message_of
from tests.account.operations.test_mfa_devices import enrolled
from tests.account.policies import (
    ACCOUNT,
    ALICE,
    ASSUME,
    READ,
    ROLE,
    WITH_MFA,
    assume,
    document,
    role,
    text,
    trust,
)


def test_a_role_session(account: Account) -> None:
    role(account, trust({"AWS": ALICE.replace("alice", "admin")}), "iam:GetUser")
    keys = assume(account, None)
    who = account.client("sts", keys).get_caller_identity()
    assert who["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/session"
    assert who["UserId"].endswith(":session")
    iam = account.client("iam", keys)
    assert iam.get_user(UserName="admin")["User"]["UserName"] == "admin"
    message = message_of(iam.list_users)
    assert message.startswith(f"User: arn:aws:sts::{ACCOUNT}:assumed-role/worker/session is not")
    account.clock.advance(hours=1)
    assert code_of(iam.get_user, UserName="admin") == "ExpiredToken"


def test_a_trust_policy_that_asks_for_mfa(account: Account) -> None:
    keys = account.create_user("alice", ASSUME)
    role(account, trust({"AWS": ALICE}, **WITH_MFA), "iam:ListUsers")
    sts = account.client("sts", keys)
    refused = (
        f"User: {ALICE} is not authorized to perform: sts:AssumeRole on resource: {ROLE} "
        "because no role trust policy allows the sts:AssumeRole action"
    )
    assert message_of(sts.assume_role, RoleArn=ROLE, RoleSessionName="session") == refused
    device = enrolled(account)
    account.clock.advance(minutes=5)
    token = {"SerialNumber": device.serial_number, "TokenCode": device.code()}
    direct = assume(account, keys, **token)
    assert account.client("iam", direct).list_users()["Users"]
    assert code_of(sts.assume_role, RoleArn=ROLE, RoleSessionName="s1", **token) == "AccessDenied"
    mfa = sts.get_session_token(SerialNumber=device.serial_number, TokenCode=device.next_code())
    by_session = assume(account, mfa["Credentials"])
    assert account.client("iam", by_session).list_users()["Users"]
    plain = sts.get_session_token()["Credentials"]
    assert code_of(account.client("sts", plain).assume_role, RoleArn=ROLE, RoleSessionName="s2") == "AccessDenied"  # fmt: skip


def test_a_role_session_carries_no_mfa(account: Account) -> None:
    """Though it was assumed with a code: the fence attached to the role denies."""
    keys = account.create_user("alice", ASSUME)
    role(account, trust({"AWS": ALICE}, **WITH_MFA), "iam:ListUsers")
    fence = document(
        "Deny", "*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    )
    device = enrolled(account)
    session = assume(account, keys, SerialNumber=device.serial_number, TokenCode=device.next_code())
    iam = account.client("iam", session)
    assert iam.list_users()["Users"]
    admin = account.client("iam")
    admin.put_role_policy(RoleName="worker", PolicyName="f", PolicyDocument=json.dumps(fence))
    assert "explicit deny" in message_of(iam.list_users)


def test_the_callers_own_policy_and_the_trust_policy_decide_together(account: Account) -> None:
    """A trust policy that names the account delegates; one that names the user grants."""
    bare = account.create_user("bare")
    role(account, trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), "iam:ListUsers")
    sts = account.client("sts", bare)
    assert code_of(sts.assume_role, RoleArn=ROLE, RoleSessionName="s1") == "AccessDenied"
    admin = account.client("iam")
    by_name = trust({"AWS": f"arn:aws:iam::{ACCOUNT}:user/bare"})
    admin.update_assume_role_policy(RoleName="worker", PolicyDocument=by_name)
    assert assume(account, bare)
    nobody = trust({"Service": "ec2.amazonaws.com"})
    admin.update_assume_role_policy(RoleName="worker", PolicyDocument=nobody)
    assert code_of(sts.assume_role, RoleArn=ROLE, RoleSessionName="s1") == "AccessDenied"
    assert code_of(account.client("sts").assume_role, RoleArn=ROLE, RoleSessionName="s1") == "AccessDenied"  # fmt: skip


def test_a_role_that_is_not_there(account: Account) -> None:
    sts = account.client("sts")
    assert code_of(sts.assume_role, RoleArn=ROLE, RoleSessionName="s1") == "AccessDenied"


def test_how_long_a_role_session_may_last(account: Account) -> None:
    role(account, trust({"AWS": "*"}), "sts:AssumeRole", MaxSessionDuration=7200)
    assert assume(account, None, DurationSeconds=7200)
    sts = account.client("sts")
    long = {"RoleArn": ROLE, "RoleSessionName": "s1", "DurationSeconds": 7201}
    assert error_of(sts.assume_role, **long)[::2] == ("ValidationError", 400)
    chained = account.client("sts", assume(account, None))
    long["DurationSeconds"] = 3601
    code, message, _ = error_of(chained.assume_role, **long)
    assert code == "ValidationError" and "role chaining" in message


def test_a_role_that_is_gone_ends_its_sessions(account: Account) -> None:
    role(account, trust({"AWS": "*"}))
    sts = account.client("sts", assume(account, None))
    admin = account.client("iam")
    admin.delete_role(RoleName="worker")
    assert code_of(sts.get_caller_identity) == "InvalidClientTokenId"


def test_session_tags(account: Account) -> None:
    role(account, trust({"AWS": "*"}))
    admin = account.client("iam")
    tagged = text("Allow", READ, Condition={"StringEquals": {"aws:PrincipalTag/team": "blue"}})
    admin.put_role_policy(RoleName="worker", PolicyName="p", PolicyDocument=tagged)
    allow = json.loads(trust({"AWS": "*"}))
    allow["Statement"][0]["Action"] = ["sts:AssumeRole", "sts:TagSession"]
    tags = {"Tags": [{"Key": "team", "Value": "blue"}]}
    sts = account.client("sts")
    both = account.create_user("both", Policy.parse(document("Allow", "sts:AssumeRole")))
    assert code_of(
        account.client("sts", both).assume_role, RoleArn=ROLE, RoleSessionName="s1", **tags
    ) == "AccessDenied", "the trust policy allows no tags"  # fmt: skip
    admin.update_assume_role_policy(RoleName="worker", PolicyDocument=json.dumps(allow))
    admin.tag_role(RoleName="worker", Tags=[{"Key": "team", "Value": "red"}])
    keys = sts.assume_role(RoleArn=ROLE, RoleSessionName="s1", **tags)["Credentials"]
    assert account.client("iam", keys).list_users()["Users"]
    assert code_of(account.client("iam", assume(account, None)).list_users) == "AccessDenied"
