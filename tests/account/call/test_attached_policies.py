"""Every kind of policy bears on a call, and the refusal says which kind it was."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mfa_lab import Policy
from mfa_lab.account import Account
from mfa_lab.iam.policy_kind import PolicyKind
from tests.account.conftest import code_of, error_of
from tests.account.operations.test_mfa_devices import enrolled

ACCOUNT = "123456789012"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
READ = ["iam:ListUsers", "iam:GetUser"]


def document(effect: str, actions: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": actions, "Resource": resource, **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def text(effect: str, actions: Any, resource: Any = "*", **more: Any) -> str:
    return json.dumps(document(effect, actions, resource, **more))


def policy(account: Account, name: str, body: str) -> str:
    made = account.client("iam").create_policy(PolicyName=name, PolicyDocument=body)
    arn: str = made["Policy"]["Arn"]
    return arn


@pytest.fixture
def alice(account: Account) -> Any:
    return account.client("iam", account.create_user("alice"))


def message_of(call: Any, **parameters: Any) -> str:
    code, message, status = error_of(call, **parameters)
    assert (code, status) == ("AccessDenied", 403)
    return message


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


def test_a_session_gets_no_federation_token(account: Account) -> None:
    session = account.client("sts", account.client("sts").get_session_token()["Credentials"])
    said = "Cannot call GetFederationToken with session credentials"
    assert error_of(session.get_federation_token, Name="guest") == ("AccessDenied", said, 403)


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


# Roles


def trust(principal: Any, **condition: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


WITH_MFA = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
ASSUME = Policy.parse(document("Allow", "sts:AssumeRole", ROLE))


def role(account: Account, trust_policy: str, *allowed: str, **more: Any) -> None:
    iam = account.client("iam")
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trust_policy, **more)
    if allowed:
        body = text("Allow", list(allowed))
        iam.put_role_policy(RoleName="worker", PolicyName="p", PolicyDocument=body)


def assume(account: Account, keys: Any, **more: Any) -> Any:
    sts = account.client("sts", keys)
    return sts.assume_role(RoleArn=ROLE, RoleSessionName="session", **more)["Credentials"]


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


def test_a_session_policy_narrows(account: Account) -> None:
    role(account, trust({"AWS": "*"}), "iam:*")
    narrow = text("Allow", "iam:GetUser")
    iam = account.client("iam", assume(account, None, Policy=narrow))
    assert iam.get_user(UserName="admin")
    assert message_of(iam.list_users).endswith(
        "because no session policy allows the iam:ListUsers action"
    )
    arn = policy(account, "read", text("Allow", "iam:ListUsers"))
    both = account.client("iam", assume(account, None, Policy=narrow, PolicyArns=[{"arn": arn}]))
    assert both.list_users()["Users"] and both.get_user(UserName="admin")
    assert code_of(both.list_roles) == "AccessDenied"


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


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{", "Syntax errors in policy."),
        (text("Allow", []), "Policy statement must contain actions."),
        (json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*"}]}), "Policy statement must contain resources."),
        (json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": "A", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}] * 2}), "Statement IDs (SID) in a single policy must be unique."),
        (text("allow", "s3:*"), ""),
        (json.dumps({**document("Allow", "s3:*"), "Version": "2013-01-01"}), ""),
        (json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}), ""),
    ],
)  # fmt: skip
def test_a_malformed_policy(account: Account, body: str, message: str) -> None:
    iam = account.client("iam")
    code, said, status = error_of(iam.create_policy, PolicyName="p", PolicyDocument=body)
    assert (code, status) == ("MalformedPolicyDocument", 400)
    assert message in said and said
    user = {"UserName": "admin", "PolicyName": "p", "PolicyDocument": body}
    assert code_of(iam.put_user_policy, **user) == "MalformedPolicyDocument"
    assert iam.list_user_policies(UserName="admin")["PolicyNames"] == []


def test_the_old_version_is_a_policy_too(account: Account) -> None:
    old = json.dumps({**document("Allow", "iam:ListUsers"), "Version": "2008-10-17"})
    keys = account.create_user("alice")
    account.client("iam").put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=old)
    assert account.client("iam", keys).list_users()["Users"]


def padded(size: int) -> str:
    """A policy of just so many characters without white space."""
    body = text("Allow", "s3:*").replace(" ", "")
    return text("Allow", ["s3:*", "s3:" + "x" * (size - len(body) - len('[,"s3:"]'))])


@pytest.mark.parametrize(("kind", "limit"), [("user", 2048), ("group", 5120), ("role", 10240)])
def test_how_long_inline_policies_may_be(account: Account, kind: str, limit: int) -> None:
    iam = account.client("iam")
    name = {f"{kind.capitalize()}Name": "one"}
    more = {"AssumeRolePolicyDocument": trust({"AWS": "*"})} if kind == "role" else {}
    getattr(iam, f"create_{kind}")(**name, **more)
    put = getattr(iam, f"put_{kind}_policy")
    assert code_of(put, **name, PolicyName="p", PolicyDocument=padded(limit + 1)) == "LimitExceeded"
    put(**name, PolicyName="p", PolicyDocument=padded(limit) + " " * 100)
    small = text("Allow", "s3:*")
    assert code_of(put, **name, PolicyName="q", PolicyDocument=small) == "LimitExceeded", "in all"
    put(**name, PolicyName="p", PolicyDocument=small)


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
