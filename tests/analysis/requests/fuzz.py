"""A long run: drawn requests beside the outcomes of their cells, until enough were asked.

    python -m tests.analysis.requests.fuzz --requests 1000000 --seed 1
    python -m tests.analysis.requests.fuzz --seconds 60
    python -m tests.analysis.requests.fuzz --seed 1 --case 4711

Seed and number make a case: policies, a kind of credentials, a row. Each witness of the cell is
asked of `evaluate` and of `admits`, and of the requests that are drawn none may have an outcome
that the cell has not. What is wrong ends the run with exit status 1.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from mfa_lab import Request, evaluate
from mfa_lab.analysis.requests.admission import why_not
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.cells import reachable
from mfa_lab.iam.service_rules import ServiceRules
from tests.analysis.requests.drawing import (
    PolicyDrawer,
    RequestDrawer,
    any_cell,
    narrowed,
    read,
)

REQUESTS_OF_A_CELL = 60
CELLS_AT_ONCE = 20


@dataclass
class Tally:
    """What was met."""

    cells: int = 0
    depending: int = 0
    undecided: int = 0
    witnesses: int = 0
    requests: int = 0
    shown: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def merge(self, other: Tally) -> None:
        for name in ("cells", "depending", "undecided", "witnesses", "requests", "shown"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.outcomes.update(other.outcomes)
        self.faults += other.faults


def one_case(seed: int, number: int, tally: Tally) -> None:
    """Ask one cell."""
    draw = Random(f"{seed}/{number}")
    kind, row = any_cell(draw)
    document = PolicyDrawer(draw, row.action.name).policies()
    policies, rules = read(document), ServiceRules(has_device=draw.random() < 0.5)
    if number % 4 == 3:
        some = next(RequestDrawer(draw, document, kind, row).requests(1), None)
        row = row if some is None else narrowed(draw, row, some)

    def fault(what: str, request: Request) -> None:
        line: dict[str, Any] = {
            "case": number,
            "what": what,
            "credentials": kind.name,
            "target": row.target,
            "policies": document,
            "request": {
                "action": request.action,
                "resource": request.resource,
                "principal": request.principal,
                "context": dict(request.context),
            },
        }
        tally.faults.append(json.dumps(line))

    answers = reachable(policies, kind, row, rules)
    tally.cells += 1
    tally.depending += len(answers.outcomes) > 1
    tally.undecided += answers.is_undecided
    for face, part in answers.outcomes.items():
        tally.witnesses += 1
        reason = why_not(kind, row, part.witness)
        if reason is not None:
            fault(f"not admitted: {reason}", part.witness)
        if face is not Face.REFUSED and Face(evaluate(policies, part.witness).outcome) is not face:
            fault("decided otherwise", part.witness)
    if answers.is_undecided or Face.REFUSED in answers.outcomes:
        return
    met: set[Face] = set()
    for request in RequestDrawer(draw, document, kind, row).requests(REQUESTS_OF_A_CELL):
        face = Face(evaluate(policies, request).outcome)
        tally.requests += 1
        tally.outcomes[str(face)] += 1
        met.add(face)
        if face not in answers.outcomes:
            fault(f"{face} is not in the cell", request)
    tally.shown += len(met)


def _some(asked: tuple[int, int]) -> Tally:
    seed, first = asked
    tally = Tally()
    for number in range(first, first + CELLS_AT_ONCE):
        one_case(seed, number, tally)
    return tally


def main() -> int:
    """Run, and print what was met."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--seconds", type=float, default=None)
    parser.add_argument("--requests", type=int, default=None)
    parser.add_argument("--case", type=int, default=None)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    tally = Tally()
    if given.case is not None:
        one_case(given.seed, given.case, tally)
        return _told(given.seed, tally)
    seconds = 60.0 if given.seconds is None and given.requests is None else given.seconds
    end = None if seconds is None else time.monotonic() + seconds

    def cases() -> Iterator[tuple[int, int]]:
        for first in count(0, CELLS_AT_ONCE):
            if end is not None and time.monotonic() > end:
                return
            yield given.seed, first

    with multiprocessing.Pool(given.processes) as pool:
        for some in pool.imap_unordered(_some, _not_too_many(cases(), tally, given.requests)):
            tally.merge(some)
            if tally.faults or (given.requests is not None and tally.requests >= given.requests):
                break
    return _told(given.seed, tally)


def _not_too_many(
    cases: Iterator[tuple[int, int]], tally: Tally, requests: int | None
) -> Iterator[tuple[int, int]]:
    """Give cases no faster than they are asked: a pool takes as many as it is given."""
    for given, case in enumerate(cases):
        while given * CELLS_AT_ONCE > tally.cells + 20 * CELLS_AT_ONCE:
            if tally.faults or (requests is not None and tally.requests >= requests):
                return
            time.sleep(0.01)
        yield case


def _told(seed: int, tally: Tally) -> int:
    print(
        f"seed {seed}: {tally.cells:,} cells, {tally.depending:,} with several outcomes, "
        f"{tally.undecided:,} undecided; {tally.witnesses:,} witnesses; "
        f"{tally.requests:,} requests drawn, of {tally.shown:,} outcomes of their cells"
    )
    for name, number in tally.outcomes.most_common():
        print(f"  {name} {number:,}")
    for line in tally.faults:
        print(line)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
