"""A long run: both evaluators on drawn cases, on all cores, until the time is over or they differ.

    python -m tests.reference.fuzz --seconds 60 --seed 1
    python -m tests.reference.fuzz --seed 1 --case 4711

Seed and number make a case, whatever the number of cores. A difference ends the run with exit
status 1, and is printed as a line for tests/vectors/found.jsonl, as small as it can be made.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from random import Random
from typing import Any

from tests.reference.comparison import Decided, as_read, decided, smallest
from tests.reference.evaluator import IN_ORDER, decide
from tests.reference.principals import kind_of
from tests.reference.spelling import written
from tests.reference.statements import condition_lines, statements_of


@dataclass
class Tally:
    """What was met: how many decisions, and of which sorts."""

    decisions: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, one: Decided) -> None:
        self.decisions += 1
        self.counts.update(features(one))

    def merge(self, other: Tally) -> None:
        self.decisions += other.decisions
        self.counts.update(other.counts)


@dataclass(frozen=True)
class Difference:
    """A case that the evaluators answer differently, or that one of them cannot answer."""

    number: int
    line: dict[str, Any]
    fast: Any
    slow: Any


def features(one: Decided) -> Iterable[tuple[str, str]]:
    """What a decision is an example of, once each, as heading and name."""
    policies, request = one.line["policies"], one.line["request"]
    yield "outcome", one.slow["outcome"]
    yield "principal", kind_of(request["principal"])
    for kind in one.slow["missing"]:
        yield "missing", kind
    for kind in IN_ORDER:
        if policies.get(kind):
            yield "kind of policy", kind
    for kind in {match["policy"].split("/")[0] for match in one.slow["decided_by"]}:
        yield f"decides {one.slow['outcome']}", kind
    statements = list(statements_of(policies))
    for name in {name for statement in statements for name in statement}:
        yield "element", name
    for name in {name for name, _, _ in condition_lines(statements)}:
        prefix, _, operator = name.rpartition(":")
        yield "operator", operator.removesuffix("IfExists")
        if prefix:
            yield "operator with", prefix
        if operator.endswith("IfExists"):
            yield "operator with", "IfExists"


def run_case(seed: int, number: int) -> tuple[Tally, Difference | None]:
    """Decide every request of one case."""
    tally = Tally()
    last: Decided | None = None
    try:
        for last in decided(Random(f"{seed}/{number}")):
            tally.add(last)
            if last.differs:
                return tally, Difference(number, last.line, last.fast, last.slow)
    except Exception as error:  # a case that cannot be decided is a finding too
        line = last.line if last else {}
        return tally, Difference(number, line, f"{type(error).__name__}: {error}", None)
    return tally, None


def work(
    seed: int, first: int, step: int, until: float, stop: Event, results: multiprocessing.Queue[Any]
) -> None:
    """Run every case that is this process's, until the time is over or somebody found something."""
    total = Tally()
    number, found = first, None
    while found is None and time.monotonic() < until and not stop.is_set():
        tally, found = run_case(seed, number)
        total.merge(tally)
        number += step
    if found is not None:
        stop.set()
    results.put((total, found))


def run(seed: int, seconds: float, processes: int) -> tuple[Tally, list[Difference]]:
    """Run cases on so many processes at once."""
    start = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[Any] = start.Queue()
    stop, until = start.Event(), time.monotonic() + seconds
    workers = [
        start.Process(target=work, args=(seed, first, processes, until, stop, results))
        for first in range(processes)
    ]
    for worker in workers:
        worker.start()
    total, found = Tally(), []
    for _ in workers:
        tally, difference = results.get()
        total.merge(tally)
        if difference is not None:
            found.append(difference)
    for worker in workers:
        worker.join()
    return total, sorted(found, key=lambda one: one.number)


def report(total: Tally, seed: int, seconds: float) -> None:
    """Print what was met."""
    print(f"{total.decisions} decisions, seed {seed}, {total.decisions / seconds:.0f} a second")
    headings = sorted({heading for heading, _ in total.counts})
    for heading in headings:
        names = {name: count for (of, name), count in total.counts.items() if of == heading}
        print(f"{heading}:")
        for name, count in sorted(names.items(), key=lambda one: -one[1]):
            print(f"  {name:28} {count:9} {100 * count / max(1, total.decisions):5.1f} %")


def show(difference: Difference, seed: int) -> None:
    """Print a difference, and the smallest line that shows it."""
    print(f"The evaluators differ: seed {seed}, case {difference.number}")
    print(f"evaluator: {json.dumps(difference.fast)}")
    print(f"reference: {json.dumps(difference.slow)}")
    if difference.slow is None:
        print(f"drawn: {written(difference.line)}")
        return
    line = smallest(difference.line)
    expected = decide(as_read(line["policies"]), line["request"])
    kept = {
        "id": f"found-{seed}-{difference.number}",
        "source": "drawn",
        "status": "derived",
        **line,
        "expected": expected["outcome"],
        "decided_by": expected["decided_by"],
        "missing": expected["missing"],
    }
    print("To keep, where the reference is right:")
    print(written(kept))


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare the evaluator with the reference.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None, help="a random one if left out")
    parser.add_argument("--case", type=int, default=None, help="run this one alone")
    parser.add_argument("--processes", type=int, default=cores())
    given = parser.parse_args()
    seed = Random().randrange(10**9) if given.seed is None else given.seed

    began = time.monotonic()
    if given.case is not None:
        total, difference = run_case(seed, given.case)
        found = [difference] if difference else []
    else:
        total, found = run(seed, given.seconds, given.processes)
    report(total, seed, time.monotonic() - began)
    for one in found:
        show(one, seed)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
