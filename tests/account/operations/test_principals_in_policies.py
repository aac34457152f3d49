"""Whom trust policies and bucket policies name: somebody who is there, and stays the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mfa_lab.account import Account
from tests.account.conftest import code_of, error_of

ACCOUNT = "123456789012"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
WORKER = f"arn:aws:iam::{ACCOUNT}:role/worker"
BUCKET = "arn:aws:s3:::bucket"


def trust(principal: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def grant(principal: Any, resource: Any = f"{BUCKET}/*", element: str = "Resource") -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject"}
    return json.dumps({"Version": "2012-10-17", "Statement": {**statement, element: resource}})


@pytest.fixture
def account() -> Any:
    """With a user alice, a role worker that trusts her, and a bucket that holds one object."""
    with Account() as one:
        iam, s3 = one.client("iam"), one.client("s3")
        iam.create_user(UserName="alice")
        iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trust({"AWS": ALICE}))
        s3.create_bucket(Bucket="bucket")
        s3.put_object(Bucket="bucket", Key="k", Body=b"content")
        yield one


def keys_of_alice(account: Account) -> Any:
    return account.client("iam").create_access_key(UserName="alice")["AccessKey"]


def trusted(account: Account) -> Any:
    """Whom the role's trust policy names, as GetRole shows it."""
    role = account.client("iam").get_role(RoleName="worker")["Role"]
    return role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["AWS"]


def granted(account: Account) -> Any:
    """Whom the bucket's policy names, as GetBucketPolicy shows it."""
    policy = json.loads(account.client("s3").get_bucket_policy(Bucket="bucket")["Policy"])
    return policy["Statement"]["Principal"]["AWS"]


def assume(account: Account, keys: Any) -> Any:
    sts = account.client("sts", keys)
    return sts.assume_role(RoleArn=WORKER, RoleSessionName="session")["Credentials"]


def delete_alice(account: Account) -> None:
    iam = account.client("iam")
    for key in iam.list_access_keys(UserName="alice")["AccessKeyMetadata"]:
        iam.delete_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName="alice")


NOBODY = [
    f"arn:aws:iam::{ACCOUNT}:user/zz",
    f"arn:aws:iam::{ACCOUNT}:user/ALICE",
    f"arn:aws:iam::{ACCOUNT}:user/team/alice",
    f"arn:aws:iam::{ACCOUNT}:role/zz",
    f"arn:aws:iam::{ACCOUNT}:group/g",
    "AIDAQQQQQQQQQQQQQQQQQ",
]
SOMEBODY = [
    ALICE,
    WORKER,
    ACCOUNT,
    f"arn:aws:iam::{ACCOUNT}:root",
    "*",
    # There is no other account to look in.
    "arn:aws:iam::210987654321:user/zz",
    "arn:aws:iam::210987654321:role/zz",
    f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/session",
]


@pytest.mark.parametrize("arn", NOBODY)
def test_nobody_is_no_principal(account: Account, arn: str) -> None:
    iam, s3 = account.client("iam"), account.client("s3")
    refused = ("MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{arn}"', 400)
    listed = trust({"AWS": [ALICE, arn]})
    make = {"RoleName": "r", "AssumeRolePolicyDocument": listed}
    assert error_of(iam.create_role, **make) == refused
    assert code_of(iam.get_role, RoleName="r") == "NoSuchEntity"
    update = {"RoleName": "worker", "PolicyDocument": trust({"AWS": arn})}
    assert error_of(iam.update_assume_role_policy, **update) == refused
    assert trusted(account) == ALICE
    of_bucket = ("MalformedPolicy", "Invalid principal in policy", 400)
    put = {"Bucket": "bucket", "Policy": grant({"AWS": arn})}
    assert error_of(s3.put_bucket_policy, **put) == of_bucket
    assert code_of(s3.get_bucket_policy, Bucket="bucket") == "NoSuchBucketPolicy"


@pytest.mark.parametrize("arn", SOMEBODY)
def test_somebody_is_a_principal(account: Account, arn: str) -> None:
    iam, s3 = account.client("iam"), account.client("s3")
    iam.update_assume_role_policy(RoleName="worker", PolicyDocument=trust({"AWS": arn}))
    s3.put_bucket_policy(Bucket="bucket", Policy=grant({"AWS": arn}))
    assert trusted(account) == granted(account) == arn


def test_a_service_is_a_principal(account: Account) -> None:
    body = trust({"Service": "ec2.amazonaws.com"})
    account.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=body)


def test_a_role_that_is_being_made_cannot_trust_itself(account: Account) -> None:
    itself = trust({"AWS": f"arn:aws:iam::{ACCOUNT}:role/r"})
    make = {"RoleName": "r", "AssumeRolePolicyDocument": itself}
    iam = account.client("iam")
    assert code_of(iam.create_role, **make) == "MalformedPolicyDocument"
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust({"AWS": ALICE}))
    iam.update_assume_role_policy(RoleName="r", PolicyDocument=itself)


def test_a_new_user_of_the_same_name_is_somebody_else(account: Account) -> None:
    """IAM User Guide, "AWS JSON policy elements: Principal"."""
    iam, s3 = account.client("iam"), account.client("s3")
    s3.put_bucket_policy(Bucket="bucket", Policy=grant({"AWS": [ACCOUNT, ALICE]}))
    identifier = iam.get_user(UserName="alice")["User"]["UserId"]
    keys = keys_of_alice(account)
    assert assume(account, keys)
    assert account.client("s3", keys).get_object(Bucket="bucket", Key="k")
    delete_alice(account)
    assert trusted(account) == identifier
    assert granted(account) == [ACCOUNT, identifier]
    iam.create_user(UserName="alice")
    again = keys_of_alice(account)
    assert code_of(assume, account=account, keys=again) == "AccessDenied"
    hers = account.client("s3", again)
    assert code_of(hers.get_object, Bucket="bucket", Key="k") == "AccessDenied"
    iam.update_assume_role_policy(RoleName="worker", PolicyDocument=trust({"AWS": ALICE}))
    assert assume(account, again), "the policy was saved anew"


def test_a_new_role_of_the_same_name_is_something_else(account: Account) -> None:
    iam, s3 = account.client("iam"), account.client("s3")
    identifier = iam.get_role(RoleName="worker")["Role"]["RoleId"]
    iam.create_role(RoleName="next", AssumeRolePolicyDocument=trust({"AWS": WORKER}))
    s3.put_bucket_policy(Bucket="bucket", Policy=grant({"AWS": WORKER}))
    iam.delete_role(RoleName="worker")
    role = iam.get_role(RoleName="next")["Role"]
    named = role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["AWS"]
    assert named == granted(account) == identifier
    assert identifier.startswith("AROA")


def test_a_renamed_user_is_the_same(account: Account) -> None:
    iam = account.client("iam")
    keys = keys_of_alice(account)
    iam.update_user(UserName="alice", NewUserName="anna", NewPath="/team/")
    assert trusted(account) == f"arn:aws:iam::{ACCOUNT}:user/team/anna"
    assert assume(account, keys)
    iam.create_user(UserName="alice")
    assert code_of(assume, account=account, keys=keys_of_alice(account)) == "AccessDenied"


def test_who_is_denied_by_notprincipal_is_followed_too(account: Account) -> None:
    iam, s3 = account.client("iam"), account.client("s3")
    policy = json.loads(grant({"AWS": ALICE}))
    policy["Statement"]["Effect"] = "Deny"
    policy["Statement"]["NotPrincipal"] = policy["Statement"].pop("Principal")
    s3.put_bucket_policy(Bucket="bucket", Policy=json.dumps(policy))
    identifier = iam.get_user(UserName="alice")["User"]["UserId"]
    delete_alice(account)
    shown = json.loads(s3.get_bucket_policy(Bucket="bucket")["Policy"])
    assert shown["Statement"]["NotPrincipal"] == {"AWS": identifier}


@pytest.mark.parametrize("element", ["Resource", "NotResource"])
@pytest.mark.parametrize(
    ("resource", "is_taken"),
    [
        (BUCKET, True),
        (f"{BUCKET}/*", True),
        ([BUCKET, f"{BUCKET}/home/${{aws:username}}/*"], True),
        ("*", False),
        ("arn:aws:s3:::*", False),
        ("arn:aws:s3:::other/*", False),
        ("arn:aws:s3:::bucket-2/*", False),
        ([f"{BUCKET}/*", "arn:aws:s3:::other/*"], False),
        (f"arn:aws:sqs:us-east-1:{ACCOUNT}:bucket", False),
    ],
)
def test_a_bucket_policy_is_about_its_bucket(
    account: Account, resource: Any, is_taken: bool, element: str
) -> None:
    put = account.client("s3").put_bucket_policy
    body = {"Bucket": "bucket", "Policy": grant({"AWS": ALICE}, resource, element)}
    if is_taken:
        put(**body)
    else:
        assert error_of(put, **body) == ("MalformedPolicy", "Policy has invalid resource", 400)


def test_a_policy_for_no_bucket(account: Account) -> None:
    put = account.client("s3").put_bucket_policy
    assert code_of(put, Bucket="none-such", Policy=grant({"AWS": ALICE})) == "NoSuchBucket"
