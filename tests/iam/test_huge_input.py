"""Bad and huge input: a policy, or sentences that are short, in time that is bounded.

The bounds are CPU seconds, many times what the slowest machine should need: they tell a search
that grows with the square of its input from one that does not.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mfa_lab import Policy, PolicyError, PolicySet, Request, evaluate
from mfa_lab.cli.evaluate_line import answer
from mfa_lab.iam.context import ContextError
from mfa_lab.iam.request import RequestError
from mfa_lab.text import LANGUAGES

_MOST_SECONDS = 8.0
_LONGEST_SENTENCE = 900
ALICE = "arn:aws:iam::123456789012:user/alice"
REST: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@contextmanager
def in_bounded_time() -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < _MOST_SECONDS


def of(**more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": {**REST, **more}}


def on(operator: str, values: Any) -> dict[str, Any]:
    return of(Condition={operator: {"aws:userid": values}})


PLANES = "".join(chr(0x10000 * plane + 0x4E00) for plane in range(17))
MANY = 20_000

# fmt: off
ACCEPTED: dict[str, Callable[[], dict[str, Any]]] = {
    "a thousand statements":    lambda: {"Statement": [{**REST, "Action": f"s3:Get{n}*"} for n in range(1_000)]},
    "stars in Resource":        lambda: of(Resource="arn:aws:s3:::" + "*a" * MANY),
    "stars and marks":          lambda: of(Resource="arn:aws:s3:::" + "*a?" * MANY),
    "stars in a part":          lambda: of(Resource="arn:" + "*" * 10 * MANY + ":s3:::b"),
    "stars in a short ARN":     lambda: of(Resource="arn:aws:" + "*" * 10 * MANY),
    "stars in Action":          lambda: of(Action="s3:" + "*a" * MANY),
    "a long Action":            lambda: of(Action="s3:" + "a" * 50 * MANY),
    "stars in StringLike":      lambda: on("StringLike", "*a" * MANY + "b"),
    "stars in StringNotLike":   lambda: on("StringNotLike", "*?" * MANY + "b"),
    "stars in ArnLike":         lambda: on("ArnLike", "arn:aws:" + "*a" * MANY + ":::x"),
    "dollars":                  lambda: on("StringLike", "${" * 10 * MANY),
    "open variables":           lambda: on("StringLike", "${a" * 10 * MANY + "}"),
    "variables":                lambda: on("StringLike", "${aws:userid}" * 1_000),
    "many values":              lambda: on("StringLike", [f"*{n}*a" for n in range(MANY)]),
    "many keys":                lambda: of(Condition={"StringEquals": {f"aws:k{n}": "a" for n in range(MANY)}}),
    "a long number":            lambda: on("NumericEquals", "1" * 50 * MANY),
    "a long address":           lambda: on("IpAddress", ":" * 50 * MANY),
    "a long network":           lambda: on("IpAddress", "1/" * 25 * MANY),
    "long base64":              lambda: on("BinaryEquals", "A" * 50 * MANY),
    "every plane":              lambda: of(Resource="arn:aws:s3:::" + PLANES, Condition={"StringLike": {PLANES: PLANES}}),
    "half a character":         lambda: of(Resource="arn:aws:s3:::\udfff*"),
    "NUL":                      lambda: of(Resource="arn:aws:s3:::\0"),
}
REFUSED: dict[str, Callable[[], dict[str, Any]]] = {
    "many elements":            lambda: {"Statement": {f"e{n}": 1 for n in range(MANY)}},
    "many elements at the top": lambda: {f"e{n}": 1 for n in range(MANY)},
    "many operators":           lambda: of(Condition={f"op{n}": {} for n in range(MANY)}),
    "many bad statements":      lambda: {"Statement": [{**REST, "Effect": "allow", "Sid": "a b", "Action": "x"}] * 5_000},
    "numbers for statements":   lambda: {"Statement": list(range(MANY))},
    "one Sid for all":          lambda: {"Statement": [{**REST, "Sid": "A"}] * 5_000},
    "a long name":              lambda: {"Statement" * 10 * MANY: 1},
    "a long name of a part":    lambda: of(**{"Statement" * 10 * MANY: 1}),
    "a long operator":          lambda: of(Condition={"IfExists" * 10 * MANY: {}}),
    "a long Sid":               lambda: of(Sid="é" * 10 * MANY),
    "a long Effect":            lambda: of(Effect="Allow" * 10 * MANY),
    "a long Version":           lambda: of() | {"Version": "2" * 10 * MANY},
    "a long bad Action":        lambda: of(Action="x" * 10 * MANY),
    "a long bad Resource":      lambda: of(Resource="x" * 10 * MANY),
    "a long date":              lambda: on("DateEquals", "1" * 50 * MANY),
    "a long ARN":               lambda: of(Resource="arn:aws:iam::1:" + "x" * 10 * MANY),
    "a long partition":         lambda: of(Resource="arn:" + "x" * 10 * MANY + ":"),
    "colons":                   lambda: of(Action="iam:" * 10 * MANY),
    "a Sid of every plane":     lambda: of(Sid=PLANES),
    "a Sid of half a character": lambda: of(Sid="\ud800"),
}
# fmt: on

REQUEST: dict[str, Any] = {
    "action": "s3:GetObject",
    "resource": "arn:aws:s3:::" + "a" * MANY,
    "principal": ALICE,
    "context": {"aws:userid": "a" * MANY},
}


def sources(document: dict[str, Any]) -> list[Any]:
    return [document, json.dumps(document), json.dumps(document, indent=1).encode()]


@pytest.mark.parametrize("make", ACCEPTED.values(), ids=ACCEPTED)
def test_huge_policies_are_read_and_decided(make: Callable[[], dict[str, Any]]) -> None:
    document = make()
    with in_bounded_time():
        for source in sources(document):
            policies = PolicySet([Policy.parse(source)])
            decision = evaluate(policies, Request(**REQUEST))
            assert decision.outcome in ("allow", "implicit_deny")


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_bad_policies_are_refused_in_short_sentences(make: Callable[[], dict[str, Any]]) -> None:
    document = make()
    with in_bounded_time():
        for source in sources(document):
            with pytest.raises(PolicyError) as raised:
                Policy.parse(source)
            mistakes = raised.value.mistakes
            for mistake in [*mistakes[:30], *mistakes[-30:]]:
                for language in LANGUAGES:
                    sentence = mistake.located_sentence(language)
                    assert len(sentence) < _LONGEST_SENTENCE
                    assert sentence.isprintable()


@pytest.mark.parametrize("make", (ACCEPTED | REFUSED).values(), ids=ACCEPTED | REFUSED)
def test_a_line_of_evaluate_is_answered_with_one_line(make: Callable[[], dict[str, Any]]) -> None:
    question = {"id": 7, "policies": {"identity": [make()]}, "request": REQUEST}
    with in_bounded_time():
        line = answer(json.dumps(question).encode())
    answered = json.loads(line)
    assert answered["id"] == 7
    assert ("error" in answered) is not ("outcome" in answered)
    assert len(answered.get("error", "")) < _LONGEST_SENTENCE


DEEP: list[Any] = []
for _ in range(5_000):
    DEEP = [DEEP]
LONG = "x" * 300_000

# fmt: off
BAD_REQUESTS = {
    "a long action":            {"action": LONG},
    "a list for an action":     {"action": [LONG]},
    "deep lists for an action": {"action": DEEP},
    "NUL in the action":        {"action": "s3:\0"},
    "texts for a resource":     {"resource": [LONG] * 3},
    "deep lists for a resource": {"resource": DEEP},
    "no principal":             {"principal": ""},
    "a long key":               {"context": {LONG: 1}},
    "a long key twice":         {"context": {LONG: "a", LONG.upper(): "b"}},
    "deep lists for a value":   {"context": {"aws:userid": DEEP}},
    "a list for a context":     {"context": [LONG]},
}
# fmt: on


@pytest.mark.parametrize("wrong", BAD_REQUESTS.values(), ids=BAD_REQUESTS)
def test_bad_requests_are_refused_in_short_sentences(wrong: dict[str, Any]) -> None:
    request = {**REQUEST, **wrong}
    with in_bounded_time(), pytest.raises((RequestError, ContextError)) as raised:
        Request(**request)
    assert len(str(raised.value)) < _LONGEST_SENTENCE
    assert str(raised.value).isprintable()


def nested(text: str, depth: int) -> bytes:
    return b'{"id": 7, "policies": {"identity": [%s]}, "request": {}}' % (
        text.encode() * depth + b"]" * depth
    )


@pytest.mark.parametrize("depth", [100, 900, 1_100, 100_000])
def test_deep_nesting_is_answered_with_a_sentence(depth: int) -> None:
    with in_bounded_time():
        answered = json.loads(answer(nested("[", depth)))
    assert len(answered["error"]) < _LONGEST_SENTENCE
    assert "\n" not in answered["error"]


def test_an_unknown_kind_with_a_long_name() -> None:
    question = {"policies": {LONG: [], "identity": []}, "request": REQUEST}
    answered = json.loads(answer(json.dumps(question).encode()))
    assert len(answered["error"]) < _LONGEST_SENTENCE


def test_stars_that_nearly_fit_are_decided() -> None:
    """Each piece between two stars is looked for once, never again from an earlier place."""
    for pieces in (10, 100, 1_000):
        policies = PolicySet([Policy.parse(of(Resource="arn:aws:s3:::" + "*a" * pieces + "b"))])
        request = {**REQUEST, "resource": "arn:aws:s3:::" + "a" * 10 * pieces}
        with in_bounded_time():
            assert evaluate(policies, Request(**request)).outcome == "implicit_deny"


@pytest.mark.parametrize("mistake", ["", '"Effect": "allow", '])
def test_many_repetitions_are_told_in_bounded_time(mistake: str) -> None:
    members = ", ".join('"a": {"b": 1, "b": 2}' for _ in range(MANY))
    text = f'{{"Statement": [{{{mistake}{members}}}]}}'
    with in_bounded_time(), pytest.raises(PolicyError) as raised:
        Policy.parse(text)
    assert sum(one.code == "repeated" for one in raised.value.mistakes) == MANY
