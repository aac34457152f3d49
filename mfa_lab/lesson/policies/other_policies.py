"""Policies that a user has beside the one that a lesson is about: what the user's work needs."""

from __future__ import annotations

from typing import Final

from mfa_lab.iam.policy import Policy

EVERYTHING_ALLOWED: Final = Policy.parse(
    {
        "Version": "2012-10-17",
        "Statement": {"Sid": "AllowAll", "Effect": "Allow", "Action": "*", "Resource": "*"},
    }
)
"""As an administrator has it."""

BUCKETS: Final = Policy.parse(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Sid": "ListBuckets",
            "Effect": "Allow",
            "Action": "s3:ListAllMyBuckets",
            "Resource": "*",
        },
    }
)

WORK: Final = Policy.parse(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": ["s3:*", "ec2:*"], "Resource": "*"},
    }
)
