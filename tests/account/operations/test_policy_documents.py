"""Policy documents that IAM refuses, and how long a document may be."""

from __future__ import annotations

import json

import pytest

from mfa_lab.account import Account
from tests.account.conftest import code_of, error_of
from tests.account.policies import document, padded, text, trust


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
