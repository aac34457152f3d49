"""Policies to attach and roles to assume in tests."""

from __future__ import annotations

import json
from typing import Any

from mfa_lab import Policy
from mfa_lab.account import Account

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


def padded(size: int) -> str:
    """A policy of just so many characters without white space."""
    body = text("Allow", "s3:*").replace(" ", "")
    return text("Allow", ["s3:*", "s3:" + "x" * (size - len(body) - len('[,"s3:"]'))])
