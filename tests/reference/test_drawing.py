"""The cases that are drawn: the same from the same numbers, and of every sort often enough."""

from __future__ import annotations

from collections import Counter
from random import Random

from tests.reference.comparison import decided
from tests.reference.drawing import Drawer
from tests.reference.evaluator import IN_ORDER
from tests.reference.fuzz import features, run_case
from tests.reference.minimising import minimised
from tests.reference.spelling import as_drawn, written
from tests.reference.words import OPERATORS

CASES = 300


def test_the_same_numbers_give_the_same_case() -> None:
    def drawn() -> list[str]:
        drawer = Drawer(Random("1/2"))
        policies = drawer.policies()
        return [written(policies), *map(written, drawer.requests(policies, 5))]

    assert drawn() == drawn()
    assert run_case(1, 2)[0] == run_case(1, 2)[0]


def test_every_sort_is_met() -> None:
    """Outcomes, kinds of policy that decide or lack an Allow, principals, operators."""
    met: Counter[tuple[str, str]] = Counter()
    for seed in range(CASES):
        for one in decided(Random(seed), requests=4):
            met.update(features(one))
    total = 4 * CASES

    outcomes = {name: count for (heading, name), count in met.items() if heading == "outcome"}
    assert set(outcomes) == {"allow", "explicit_deny", "implicit_deny"}
    assert min(outcomes.values()) > total / 8
    for kind in IN_ORDER:
        assert met["decides allow", kind] > total / 100, kind
        assert met["decides explicit_deny", kind] > total / 100, kind
        if kind != "rcp":  # of which none is ever missing
            assert met["missing", kind] > total / 150, kind
    for kind in ("user", "role", "role session", "federated user", "root", "other"):
        assert met["principal", kind] > total / 40, kind
    for operator in ["Null", *(name for names in OPERATORS.values() for name in names)]:
        assert met["operator", operator] > total / 60, operator


def test_unquoted_numbers_are_written_as_they_were_drawn() -> None:
    text = '{"Condition": {"NumericEquals": {"k": [5.0, "5", 1e3, true]}}}'
    assert written(as_drawn(text)) == text


def test_a_case_is_made_as_small_as_stays_interesting() -> None:
    case = {"a": [{"b": "xyz"}, "c"], "d": {"e": ["f", "g"]}}
    assert minimised(case, lambda smaller: "y" in str(smaller)) == {"a": {"b": "y"}}
    assert minimised(case, lambda smaller: smaller == case) == case
