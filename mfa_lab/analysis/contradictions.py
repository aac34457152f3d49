"""Condition tests that can never hold together.

All tests of a statement must hold at once. What is said here is certain: the tests themselves are
asked, for enough values of the key that no other value can fare better. Where that cannot be had,
as with policy variables and set operators, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal, localcontext
from ipaddress import ip_address
from itertools import combinations, pairwise, product
from typing import Any, Final

from mfa_lab.analysis.pattern_overlap import overlap
from mfa_lab.iam.condition import values
from mfa_lab.iam.condition.conditions import ConditionTest
from mfa_lab.iam.condition.operators import ARN, BINARY, BOOLEAN, DATE, IP, NUMBER, TEXT_PATTERN
from mfa_lab.iam.condition.variables import Template
from mfa_lab.iam.patterns import tokens_of

Pair = tuple[ConditionTest, ConditionTest]

# Longer values, or more of them, are nobody's mistake of this kind, and take long to compare.
_MOST_VALUES: Final = 200
_MOST_CHARACTERS: Final = 500
_MOST_TESTS: Final = 20
_MOST_PAIRS: Final = 400


def contradictions(tests: Sequence[ConditionTest]) -> Iterator[Pair]:
    """Find pairs of tests of one statement that can never both hold.

    Args:
        tests: The tests of a statement's Condition.

    Yields:
        For each context key at most one pair, in the order of the statement.
    """
    by_key: dict[str, list[ConditionTest]] = {}
    for test in tests:
        by_key.setdefault(test.key, []).append(test)
    for of_key in by_key.values():
        pairs = (
            pair for pair in combinations(of_key[:_MOST_TESTS], 2) if exclude_each_other(*pair)
        )
        yield from (pair for pair, _ in zip(pairs, range(1), strict=False))


def exclude_each_other(first: ConditionTest, second: ConditionTest) -> bool:
    """Return whether two tests of the same key can never both hold."""
    both = (first, second)
    if any(_hold(both, context) for context in ({}, {first.key: ()})):
        return False
    if any(_asks_absence(test) for test in both):
        return True
    comparing = [test for test in both if _is_plain(test)]
    return bool(comparing) and _no_value_fits(comparing)


def is_unreadable(test: ConditionTest, wanted: Template) -> bool:
    """Return whether a value that a policy names is none of the kind that its operator compares."""
    if wanted.variables:
        return False
    base = test.operator.base
    if base is None:
        return values.read_boolean(wanted.text) is None
    tokens = tokens_of(wanted.text) if base.value_type.wildcards else (wanted.text,)
    return base.value_type.read_policy_value(tokens) is None


def _hold(tests: Iterable[ConditionTest], context: dict[str, Any]) -> bool:
    return all(test.result(context).holds for test in tests)


def _asks_absence(test: ConditionTest) -> bool:
    """Whether a test is a Null that holds for no value at all."""
    return test.operator.base is None and not _hold([test], {test.key: "x"})


def _is_plain(test: ConditionTest) -> bool:
    """Whether a test compares one value with constants that can all be read."""
    return (
        test.operator.base is not None
        and test.operator.set_prefix is None
        and 0 < len(test.wanted) <= _MOST_VALUES
        and all("${" not in wanted_value.text for wanted_value in test.wanted)
        and all(len(wanted_value.text) <= _MOST_CHARACTERS for wanted_value in test.wanted)
        and not any(is_unreadable(test, wanted_value) for wanted_value in test.wanted)
    )


def _no_value_fits(tests: list[ConditionTest]) -> bool:
    """Return whether no value satisfies all tests, which are plain."""
    candidates = _candidates(tests)
    if candidates is not None:
        return not any(_hold(tests, {tests[0].key: text}) for text in candidates)
    return any(_patterns_exclude(*pair) for pair in product(tests, tests))


def _candidates(tests: list[ConditionTest]) -> list[str] | None:
    """Return values such that if any value satisfies all tests, one of these does; else None."""
    without_case = all("IgnoreCase" in _base(test).name for test in tests)
    for test in tests:
        if _is_list_of_texts(test) or (without_case and not _base(test).negated):
            return _texts(test)
    for kind, candidates in _BY_KIND.items():
        if all(_base(test).value_type is kind for test in tests):
            return candidates(tests)
    return None


def _base(test: ConditionTest) -> Any:
    return test.operator.base


def _texts(test: ConditionTest) -> list[str]:
    return [template.text for template in test.wanted]


def _is_list_of_texts(test: ConditionTest) -> bool:
    """Whether only the wanted texts themselves fit, letter by letter."""
    base = _base(test)
    if base.negated:
        return False
    is_exact = base.name == "StringEquals"
    return is_exact or (
        base.name == "StringLike" and not any(set("*?") & set(text) for text in _texts(test))
    )


def _all_texts(tests: list[ConditionTest]) -> list[str]:
    return [text for test in tests for text in _texts(test)]


def _booleans(_: list[ConditionTest]) -> list[str]:
    return ["true", "false"]


def _numbers(tests: list[ConditionTest]) -> list[str]:
    """Every wanted number, one between each two neighbours, one below and one above all."""
    wanted = sorted({Decimal(text) for text in _all_texts(tests)})
    with localcontext() as context:
        context.prec = 2 * _MOST_CHARACTERS
        between = [(low + high) / 2 for low, high in pairwise(wanted)]
        return [f"{number:f}" for number in (*wanted, *between, wanted[0] - 1, wanted[-1] + 1)]


def _dates(tests: list[ConditionTest]) -> list[str] | None:
    """Likewise; None where dates are so close that no date lies between them."""
    read = {date for text in _all_texts(tests) if (date := values.read_date(text)) is not None}
    wanted = sorted(read)
    between = [low + (high - low) / 2 for low, high in pairwise(wanted)]
    if set(between) & read or wanted[0].year < 2 or wanted[-1].year > 9_998:
        return None
    before = wanted[0].replace(year=wanted[0].year - 1, day=1)
    after = wanted[-1].replace(year=wanted[-1].year + 1, day=1)
    return [moment.isoformat() for moment in (*wanted, *between, before, after)]


def _addresses(tests: list[ConditionTest]) -> list[str]:
    """The first address of each range, the one after its last, and the first of all."""
    found = {"0.0.0.0", "::"}  # addresses to compare, not to listen on
    for text in _all_texts(tests):
        network = values.read_ip_range(text)
        if network is not None:
            found.add(str(network[0]))
            after = int(network[-1]) + 1
            if after < 1 << network.max_prefixlen:
                found.add(str(ip_address(after.to_bytes(network.max_prefixlen // 8, "big"))))
    return sorted(found)


_BY_KIND: Final[dict[Any, Callable[[list[ConditionTest]], list[str] | None]]] = {
    BOOLEAN: _booleans,
    NUMBER: _numbers,
    DATE: _dates,
    IP: _addresses,
    BINARY: _all_texts,
}


def _patterns_exclude(one: ConditionTest, other: ConditionTest) -> bool:
    """Return whether the patterns of two tests rule each other out; else nothing is said."""
    first, second = _base(one), _base(other)
    if first.negated or not _is_pattern(first) or not _is_pattern(second):
        return False
    if len(one.wanted) * len(other.wanted) > _MOST_PAIRS:
        return False
    if second.negated:
        return first.value_type is second.value_type and set(_texts(one)) <= set(_texts(other))
    return not any(overlap(*pair) for pair in product(_texts(one), _texts(other)))


def _is_pattern(base: Any) -> bool:
    return base.value_type in (TEXT_PATTERN, ARN)
