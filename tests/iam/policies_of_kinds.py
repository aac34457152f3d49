"""Policies of each kind, and who makes requests, for the tests of what the kinds decide together."""

from __future__ import annotations

from typing import Any

from mfa_lab import Decision, Outcome, Policy, PolicySet, Request, evaluate

ACCOUNT, OTHER_ACCOUNT = "123456789012", "999988887777"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
BOB = f"arn:aws:iam::{ACCOUNT}:user/bob"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/R"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/R/s"
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/f"
MALLORY = f"arn:aws:iam::{OTHER_ACCOUNT}:user/mallory"
OTHER_ROOT = f"arn:aws:iam::{OTHER_ACCOUNT}:root"
NOBODY = f"arn:aws:iam::{ACCOUNT}:group/g"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"

ALLOW, EXPLICIT, IMPLICIT = Outcome.ALLOW, Outcome.EXPLICIT_DENY, Outcome.IMPLICIT_DENY

Statement = dict[str, Any]


def allow(action: str = "*", **more: Any) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": "*"} | more


def deny(action: str = "*", **more: Any) -> Statement:
    return {"Effect": "Deny", "Action": action, "Resource": "*"} | more


def names(principal: Any, action: str = "*", effect: str = "Allow", **more: Any) -> Statement:
    """A statement of a resource policy."""
    principals = {"AWS": principal} if principal != "*" else "*"
    return {"Effect": effect, "Action": action, "Resource": "*", "Principal": principals} | more


def document(*statements: Statement) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def policy(kind: str, *statements: Statement) -> Policy:
    return Policy.parse(document(*statements), kind)


def decide(
    policies: PolicySet,
    principal: str = ALICE,
    action: str = "sqs:SendMessage",
    resource: str = QUEUE,
    context: dict[str, Any] | None = None,
) -> Decision:
    return evaluate(policies, Request(action, resource, principal, context or {}))


SQS, S3 = allow("sqs:*"), allow("s3:*")
