"""The decisions that are timed: the article's nine statements and an Allow, asked about often."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from mfa_lab import Policy, PolicySet

ARTICLE: Final = json.loads(
    (Path(__file__).parents[2] / "data" / "policies" / "2021-05-13_article.json").read_text("utf-8")
)
EVERYTHING: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
DOCUMENTS: Final = (ARTICLE, EVERYTHING)
POLICIES: Final = PolicySet([Policy.parse(one) for one in DOCUMENTS])

ALICE: Final = "arn:aws:iam::123456789012:user/alice"
ASKED: Final = (
    ("iam:ChangePassword", ALICE),
    ("iam:GetUser", ALICE),
    ("iam:GetAccountPasswordPolicy", "*"),
    ("iam:ListVirtualMFADevices", "arn:aws:iam::123456789012:mfa/"),
    ("iam:CreateVirtualMFADevice", "arn:aws:iam::123456789012:mfa/alice"),
    ("iam:EnableMFADevice", ALICE),
    ("iam:DeactivateMFADevice", ALICE),
    ("iam:CreateAccessKey", ALICE),
    ("sts:AssumeRole", "arn:aws:iam::123456789012:role/R"),
    ("s3:ListAllMyBuckets", "*"),
    ("s3:GetObject", "arn:aws:s3:::bucket/key"),
    ("ec2:DescribeInstances", "*"),
)

SMALL: Final = {"aws:username": "alice", "aws:MultiFactorAuthPresent": "false"}
FOURTEEN_KEYS: Final[dict[str, Any]] = SMALL | {
    "aws:PrincipalArn": ALICE,
    "aws:PrincipalAccount": "123456789012",
    "aws:PrincipalType": "User",
    "aws:userid": "AIDAEXAMPLEALICE00001",
    "aws:ViaAWSService": "false",
    "aws:CurrentTime": "2021-06-11T09:00:00Z",
    "aws:EpochTime": "1623402000",
    "aws:SecureTransport": "true",
    "aws:SourceIp": "203.0.113.7",
    "aws:RequestedRegion": "us-east-1",
    "aws:UserAgent": "aws-cli/1.44.5",
    "aws:TagKeys": ["team", "cost"],
}
