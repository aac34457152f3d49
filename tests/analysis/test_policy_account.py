"""The account and the partition that policies are written for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.exposure import Concern, exposure
from mfa_lab.analysis.policy_account import named_account

ARTICLE = (
    Path(__file__).resolve().parents[2] / "data" / "policies" / "2021-05-13_article.json"
).read_text("utf-8")


def article_in(arn: str) -> Policy:
    return Policy.parse(ARTICLE.replace("arn:aws:iam::*:", arn))


@pytest.mark.parametrize(
    ("arn", "named"),
    [
        ("arn:aws:iam::*:", (None, "aws")),
        ("arn:aws:iam::111122223333:", ("111122223333", "aws")),
        ("arn:aws-cn:iam::*:", (None, "aws-cn")),
        ("arn:*:iam::*:", (None, None)),
    ],
)
def test_what_policies_name(arn: str, named: tuple[str | None, str | None]) -> None:
    assert named_account([article_in(arn)]) == named


def test_two_accounts_are_none() -> None:
    both = [article_in("arn:aws:iam::111122223333:"), article_in("arn:aws:iam::444455556666:")]
    assert named_account(both).account is None


@pytest.mark.parametrize("arn", ["arn:aws:iam::111122223333:", "arn:aws-cn:iam::*:"])
def test_a_policy_of_another_account_exposes_the_same(arn: str) -> None:
    sets = {
        "example": PolicySet(identity=[article_in("arn:aws:iam::*:")]),
        "other": PolicySet(identity=[article_in(arn)]),
    }
    for concern in Concern:
        example, other = exposure(sets).problems(concern)
        assert example == other
