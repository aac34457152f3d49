"""What it costs that a cell speaks about every request.

All actions and all kinds of credentials, for a policy that has just been edited, beside reading the
edited policy. A table that asked each action about one example took 2.2 times as long as reading.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.catalogue import Action, aws_catalogue
from mfa_lab.analysis.requests.cell_survey import CellSurveyor
from mfa_lab.analysis.requests.cells import reachable
from mfa_lab.analysis.requests.rows import Row, Target
from mfa_lab.iam.credentials import ACCESS_KEY, KINDS
from mfa_lab.iam.service_rules import ServiceRules
from tests.benchmarks.decisions import ARTICLE

Timed = Callable[[str], None]
Compare = Callable[[str, str, float], None]

PLAIN = [action.name for action in aws_catalogue().actions]
KEYS_OF_THE_FENCE: dict[str, Any] = {
    "BoolIfExists": {"aws:MultiFactorAuthPresent": "false"},
    "NotIpAddressIfExists": {"aws:SourceIp": ["10.0.0.0/8", "192.0.2.0/24"]},
    "StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]},
    "DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"},
}


def edited(entry: str) -> PolicySet:
    """The article's policy with one entry more in its NotAction list."""
    document: dict[str, Any] = json.loads(json.dumps(ARTICLE))
    document["Statement"][-1]["NotAction"].append(entry)
    return PolicySet([Policy.parse(document)])


def fenced(entry: str) -> PolicySet:
    """AWS's PowerUserAccess with a fence of five condition keys."""
    team = {"StringNotEqualsIfExists": {"aws:PrincipalTag/team": entry}}
    return PolicySet(
        [
            Policy.parse(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "NotAction": ["iam:*", "organizations:*", "account:*"],
                            "Resource": "*",
                        },
                        {
                            "Effect": "Allow",
                            "Action": [
                                "account:GetAccountInformation",
                                "account:GetGovCloudAccountInformation",
                                "account:GetPrimaryEmail",
                                "account:ListRegions",
                                "iam:CreateServiceLinkedRole",
                                "iam:DeleteServiceLinkedRole",
                                "iam:ListRoles",
                                "organizations:DescribeEffectivePolicy",
                                "organizations:DescribeOrganization",
                            ],
                            "Resource": "*",
                        },
                        {
                            "Effect": "Deny",
                            "NotAction": ["sts:GetSessionToken", "iam:ListMFADevices"],
                            "Resource": "*",
                            "Condition": KEYS_OF_THE_FENCE | team,
                        },
                    ],
                }
            )
        ]
    )


def own(action: Action) -> Row:
    """A row about the caller's own user or device, where the action is about one."""
    types = [name for name, _ in action.resource_types]
    return Row(action, Target.OWN_USER if "user" in types else Target.OWN_DEVICE)


@pytest.fixture(scope="module")
def surveyor() -> CellSurveyor:
    return CellSurveyor(aws_catalogue(), own, ServiceRules())


def _timed_edits(
    benchmark: BenchmarkFixture,
    rounds: int,
    make: Callable[[str], PolicySet],
    survey: Callable[[PolicySet], int],
) -> None:
    entries = iter(PLAIN)
    for _ in range(20):  # what is kept between policies is not what is timed
        survey(make(next(entries)))
    redraw = benchmark.pedantic(
        lambda entry: survey(make(entry)),
        setup=lambda: ((next(entries),), {}),
        rounds=rounds,
    )
    assert redraw == len(KINDS)


def test_reading(benchmark: BenchmarkFixture, timed: Timed) -> None:
    _timed_edits(benchmark, 500, edited, lambda policies: len(KINDS))
    timed("reading an edited policy")


def test_every_request(benchmark: BenchmarkFixture, surveyor: CellSurveyor, timed: Timed) -> None:
    def survey(policies: PolicySet) -> int:
        return len([surveyor.survey(policies, kind) for kind in KINDS.values()])

    _timed_edits(benchmark, 500, edited, survey)
    timed("redraw, every request")


def test_five_condition_keys(
    benchmark: BenchmarkFixture, surveyor: CellSurveyor, timed: Timed
) -> None:
    def survey(policies: PolicySet) -> int:
        return len([surveyor.survey(policies, kind) for kind in KINDS.values()])

    _timed_edits(benchmark, 20, fenced, survey)
    timed("redraw, a fence of five condition keys")


def test_the_parts_of_a_cell(benchmark: BenchmarkFixture, timed: Timed) -> None:
    policies = fenced("admins")
    row = Row(aws_catalogue()["s3:GetObject"])
    answers = benchmark.pedantic(lambda: reachable(policies, ACCESS_KEY, row), rounds=50)
    assert len(answers.outcomes) == 2
    timed("the parts of a cell, with witnesses")
    assert benchmark.stats.stats.median < 0.05


def test_against_reading(compare: Compare) -> None:
    of_one_example = 2.2
    compare("reading an edited policy", "redraw, every request", 1 / (1.5 * of_one_example))
    compare(
        "reading an edited policy",
        "redraw, a fence of five condition keys",
        1 / (300 * of_one_example),
    )
