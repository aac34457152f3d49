"""A case decided by both evaluators, and what is different."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from mfa_lab import Policy, PolicySet, Request, evaluate
from tests.reference.drawing import Drawer
from tests.reference.evaluator import IN_ORDER, decide
from tests.reference.minimising import minimised
from tests.reference.resources import listed
from tests.reference.spelling import written

# How many requests are asked of one set of policies, which is read once: what the evaluator keeps
# from one request must not spoil the next.
REQUESTS = 8

# A line of `mfa-lab evaluate`, and parts of one.
Values = dict[str, Any]


@dataclass(frozen=True)
class Decided:
    """One request, with both answers.

    Args:
        line: The line of `mfa-lab evaluate`.
        fast: What the evaluator answers.
        slow: What the reference answers.
    """

    line: Values
    fast: Values
    slow: Values

    @property
    def differs(self) -> bool:
        return self.fast != self.slow


def policy_set(policies: Values) -> PolicySet:
    """The policies of a line as the evaluator takes them, each read from its JSON text."""

    def read(given: Any, kind: str) -> Any:
        if isinstance(given, list):
            return [read(one, kind) for one in given]
        return None if given is None else Policy.parse(written(given), kind)

    resource = policies.get("resource") or None
    return PolicySet(
        identity=read(policies.get("identity") or [], "identity"),
        boundary=read(policies.get("boundary") or None, "boundary"),
        session=read(policies.get("session") or None, "session"),
        scps=read(policies.get("scp") or [], "scp"),
        rcps=read(policies.get("rcp") or [], "rcp"),
        resource=read(resource, "trust" if is_trust(resource) else "resource"),
    )


def is_trust(document: Values | None) -> bool:
    """Whether a resource's policy is a role's: it names no resource."""
    return document is not None and not any(
        "Resource" in one or "NotResource" in one for one in listed(document["Statement"])
    )


def as_read(policies: Values) -> Values:
    """The policies of a line as the reference takes them, numbers as they are written."""
    read: Values = json.loads(written(policies), parse_int=str, parse_float=str)
    return read


def by_evaluator(policies: PolicySet, request: Values) -> Values:
    """What the evaluator answers, in the reference's form."""
    decision = evaluate(policies, Request(**request))
    matched = [one.to_data() for one in decision.decided_by]
    return {
        "outcome": str(decision.outcome),
        "decided_by": [{name: one[name] for name in ("policy", "statement")} for one in matched],
        "missing": [str(kind) for kind in decision.missing],
    }


def decided(
    random: Random, kinds: Sequence[str] = IN_ORDER, requests: int = REQUESTS
) -> Iterator[Decided]:
    """Draw a set of policies, and decide some requests about it."""
    drawer = Drawer(random, kinds)
    policies = drawer.policies()
    fast, slow = policy_set(policies), as_read(policies)
    for request in drawer.requests(policies, requests):
        line = {"policies": policies, "request": request}
        yield Decided(line, by_evaluator(fast, request), decide(slow, request))


def differs(line: Values) -> bool:
    """Whether the two answer a line differently; nonsense is answered alike."""
    try:
        policies, request = line["policies"], line["request"]
        return by_evaluator(policy_set(policies), request) != decide(as_read(policies), request)
    except Exception:
        return False


def smallest(line: Values) -> Values:
    """The smallest part of a line that is still answered differently.

    Where the whole differs only after other requests, it is not made smaller.
    """
    if not differs(line):
        return line

    def with_context(parts: Values) -> Values:
        request = {**line["request"], "context": parts.get("context", {})}
        policies = {"identity": [], **parts.get("policies", {})}
        return {"policies": policies, "request": request}

    # Action, resource and principal stay: shorter ones would be nonsense.
    parts = {"policies": line["policies"], "context": line["request"]["context"]}
    return with_context(minimised(parts, lambda smaller: differs(with_context(smaller))))
