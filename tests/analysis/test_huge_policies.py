"""Warnings about huge policies come in bounded time: CPU seconds, many times what is needed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from mfa_lab import Policy
from mfa_lab.analysis.catalogue import Action
from mfa_lab.analysis.resource_reach import Reach
from mfa_lab.analysis.warnings import warnings_of
from mfa_lab.text import LANGUAGES

_MOST_SECONDS = 15.0
_LONGEST_SENTENCE = 900
REST: dict[str, Any] = {"Effect": "Deny", "Action": "*", "Resource": "*"}


def of(**more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": {**REST, **more}}


def on(*operators: str, values: Any) -> dict[str, Any]:
    return of(Condition={operator: {"aws:userid": values} for operator in operators})


# fmt: off
HUGE: dict[str, Callable[[], dict[str, Any]]] = {
    "idle resources":       lambda: of(Resource=[f"arn:aws:nosuch:::{n}" for n in range(5_000)]),
    "idle wildcards":       lambda: of(Action="s3:*", Resource=[f"arn:aws:s3:a:b:{n}*a*b" for n in range(2_000)]),
    "actions and resources": lambda: of(Action=["s3:GetObject", "s3:ListBucket"] * 1_000,
                                        Resource=[f"arn:aws:s3:::{n}/*" for n in range(2_000)]),
    "a long resource":      lambda: of(Action="ec2:*", Resource="arn:aws:ec2:::" + "*a" * 1_000),
    "unknown actions":      lambda: of(Action=[f"iam:Nonsense{n}" for n in range(20_000)]),
    "unknown keys":         lambda: of(Condition={"StringEquals": {f"aws:k{n}": "a" for n in range(20_000)}}),
    "one key many times":   lambda: of(Condition={"StringEquals": {
                                f"aws:{n:020b}".replace("0", "k").replace("1", "K"): "a" for n in range(5_000)}}),
    "many patterns":        lambda: on("StringLike", "StringNotLike", values=[f"*{n}*a" for n in range(5_000)]),
    "long patterns":        lambda: on("StringLike", "ArnLike", values=["*a" * 200 + str(n) for n in range(20)]),
    "many numbers":         lambda: on("NumericEquals", "NumericNotEquals", values=[str(n) for n in range(5_000)]),
    "many ranges":          lambda: on("IpAddress", "NotIpAddress", values=[f"10.0.{n}.0/24" for n in range(200)]),
    "unreadable values":    lambda: on("NumericEquals", values=["x" * 1_000] * 5_000),
    "broken variables":     lambda: on("StringLike", values=["${" * 1_000] * 500),
    "every action":         lambda: {"Statement": [REST] * 1_000},
    "every action on much": lambda: {"Statement": [{**REST, "Resource": f"arn:aws:iam::*:user/{n}"}
                                                   for n in range(500)]},
    "absence denied":       lambda: {"Statement": [{**REST, "Condition": {"BoolIfExists": {
                                "aws:MultiFactorAuthPresent": "false"}}}] * 500 + [{**REST, "Condition": {"Bool": {
                                "aws:MultiFactorAuthPresent": "false"}}}] * 500},
    "many statements":      lambda: {"Statement": [{**REST, "Action": f"s3:Get{n}*"} for n in range(2_000)]},
}
# fmt: on


@pytest.mark.parametrize("make", HUGE.values(), ids=HUGE)
def test_warnings_come_in_bounded_time(make: Callable[[], dict[str, Any]]) -> None:
    text = json.dumps(make())
    policy = Policy.parse(text)
    warnings_of(Policy.parse(of()))  # reads the catalogue
    start = time.process_time()
    warnings = warnings_of(policy, text)
    assert time.process_time() - start < _MOST_SECONDS
    for warning in warnings[:20]:
        for language in LANGUAGES:
            assert len(warning.located_sentence(language)) < _LONGEST_SENTENCE
            assert warning.located_sentence(language).isprintable()


@pytest.mark.parametrize(
    ("resource", "most"), [("*", 0), ("arn:aws:iam::*:user/a", 1), ("arn:aws:s3:::b", 1)]
)
def test_what_actions_act_on_is_worked_out_once_a_policy(
    monkeypatch: pytest.MonkeyPatch, resource: str, most: int
) -> None:
    """Counted and not timed: for `*` alone there is nothing to work out."""
    worked_out: list[object] = []
    of_actions = Reach.of

    def of(actions: Iterable[Action]) -> Reach:
        worked_out.append(actions)
        return of_actions(actions)

    monkeypatch.setattr(Reach, "of", of)
    warnings_of(Policy.parse({"Statement": [{**REST, "Resource": resource}] * 200}))
    assert len(worked_out) == most
