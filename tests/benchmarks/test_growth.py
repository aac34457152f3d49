"""How time grows with statements, patterns and actions: a table, .benchmarks/growth.csv.

A decision looks up the statements that cover its action; it must not grow with those that do not.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from mfa_lab import Policy, PolicySet, Request, evaluate
from mfa_lab.analysis.catalogue import Catalogue, aws_catalogue
from mfa_lab.analysis.table import Tabulator
from tests.benchmarks.decisions import ALICE, ARTICLE, POLICIES, SMALL

TABLE = Path(__file__).parents[2] / ".benchmarks" / "growth.csv"
NUMBERS = (1, 3, 10, 30, 100, 300, 1000, 3000)


def seconds(work: Callable[[], object], repeats: int = 7) -> float:
    """Give the median time of what is done several times, once beforehand not counted."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return median(times)


def allow(actions: Any, resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def per_decision(policies: PolicySet) -> float:
    def decide() -> None:
        for _ in range(200):
            evaluate(policies, Request("iam:GetUser", ALICE, ALICE, SMALL))

    return seconds(decide) / 200


def of_other_actions(number: int) -> float:
    statements = [allow(f"s3:Get{n}") for n in range(number)]
    return per_decision(PolicySet([Policy.parse({"Statement": [*statements, allow("iam:*")]})]))


def of_the_same_action(number: int) -> float:
    statements = [allow("iam:GetUser", f"arn:aws:iam::*:user/{n}") for n in range(number)]
    return per_decision(PolicySet([Policy.parse({"Statement": statements})]))


def of_patterns(number: int) -> float:
    """Each time an action that was not asked before, so that every pattern is tried."""
    actions = [f"s3:*{n}*" for n in range(number)]
    document = {"Statement": [allow([*actions, "iam:*"])]}

    def decide_anew() -> None:
        evaluate(PolicySet([policy]), Request("iam:GetUser", ALICE, ALICE, SMALL))

    policy = Policy.parse(document)
    return seconds(decide_anew)


def of_reading(number: int) -> float:
    document = {"Statement": [allow(f"s3:Get{n}", f"arn:aws:s3:::{n}") for n in range(number)]}
    return seconds(lambda: Policy.parse(document), repeats=3)


def of_actions(number: int) -> float:
    actions = aws_catalogue().actions[:: max(1, len(aws_catalogue().actions) // number)]
    tabulator = Tabulator(["*"], catalogue=Catalogue(actions))
    tabulator.survey(POLICIES)
    return seconds(lambda: tabulator.survey(PolicySet([Policy.parse(ARTICLE)])))


def test_growth() -> None:
    curves = [
        ("decision: statements about other actions", of_other_actions, NUMBERS),
        ("decision: statements about the same action", of_the_same_action, NUMBERS),
        ("decision of a new action: patterns", of_patterns, NUMBERS),
        ("reading a policy: statements", of_reading, NUMBERS),
        ("redraw for 6 kinds: actions", of_actions, (100, 300, 1000, 3000, 10_000, 22_000)),
    ]
    measured = {
        name: {number: measure(number) for number in numbers} for name, measure, numbers in curves
    }
    TABLE.parent.mkdir(exist_ok=True)
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["what", "how many", "microseconds"])
        table.writerows(
            [name, number, f"{duration * 1e6:.1f}"]
            for name, curve in measured.items()
            for number, duration in curve.items()
        )
    of_others = measured["decision: statements about other actions"]
    assert of_others[NUMBERS[-1]] < 3 * of_others[NUMBERS[0]]
