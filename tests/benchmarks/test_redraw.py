"""The redraw after an edit, beside the same answers asked for one by one, in one run.

`make bench` shows the ratio. The peer asks for IAM's actions alone: all 22,321 would take minutes.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.answer import answer
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam.credentials import KINDS
from mfa_lab.view.not_action_list import NotActionList

ARTICLE = Path(__file__).parents[2] / "data" / "policies" / "2021-05-13_article.json"


@pytest.fixture(scope="module")
def tabulator() -> Tabulator:
    made = Tabulator(["iam:*"], kinds=tuple(KINDS.values()))
    made.survey(PolicySet(identity=[Policy.parse(ARTICLE.read_text("utf-8"))]))
    return made


def edited(entry: str) -> PolicySet:
    entries = NotActionList(Policy.parse(ARTICLE.read_text("utf-8")))
    entries.add(entry)
    return PolicySet(identity=[entries.policy()])


def test_whole_catalogue_by_all_kinds_at_once(
    benchmark: BenchmarkFixture, tabulator: Tabulator
) -> None:
    policies = edited("iam:ChangePassword")
    assert len(benchmark(tabulator.survey, policies)) == len(KINDS)


def test_iam_alone_by_all_kinds_one_by_one(
    benchmark: BenchmarkFixture, tabulator: Tabulator
) -> None:
    policies = edited("iam:ChangePassword")
    rows = tabulator.table(policies).rows

    def ask_each() -> int:
        return sum(
            answer(policies, caller, row.action, row.resource, tabulator.rules) is not None
            for row in rows
            for caller in tabulator.callers
        )

    assert benchmark(ask_each) == len(rows) * len(KINDS)
