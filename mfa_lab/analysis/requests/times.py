"""The times of a request that tests tell apart: sign-in with MFA, issue of the token, now.

They come in this order, so a time on each side of every comparison is not enough: which of them can
go together has to be worked out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import product
from typing import Final, NamedTuple

from mfa_lab.analysis.requests.points import MOST_DIGITS, seconds_of, spelled_moment
from mfa_lab.analysis.requests.rows import Row
from mfa_lab.iam.condition import operators, values
from mfa_lab.iam.condition.conditions import ConditionTest
from mfa_lab.iam.condition.values import read_date
from mfa_lab.iam.credentials import CredentialsKind

NOW_KEYS: Final = ("aws:currenttime", "aws:epochtime")
ISSUE_KEY: Final = "aws:tokenissuetime"
AGE_KEY: Final = "aws:multifactorauthage"

LATEST: Final = 253_402_214_400  # 9999-12-31
_USUAL_AGE: Final = 60

Value = str | tuple[str, ...] | None


class Span(NamedTuple):
    """Seconds from one to another, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Times:
    """Times that tests tell apart.

    Args:
        assignments: The values of the time keys.
        is_complete: Whether there can be no others.
    """

    assignments: tuple[dict[str, Value], ...]
    is_complete: bool = True


@dataclass(slots=True)
class _Borders:
    """What one of the times is compared with."""

    numbers: list[Decimal] = field(default_factory=list)
    is_complete: bool = True

    def add(self, tests: Iterable[ConditionTest], key: str) -> None:
        for test in tests:
            base = test.operator.base
            if test.key != key or base is None:
                continue
            for tokens in (template.resolve({}) for template in test.wanted):
                if tokens is None or any(not isinstance(token, str) for token in tokens):
                    self.is_complete = False
                else:
                    self._add(base, "".join(map(str, tokens)), key)

    def _add(self, base: operators.BaseOperator, text: str, key: str) -> None:
        if base.value_type is operators.DATE and key == AGE_KEY:
            self.is_complete = False  # some whole numbers are read as years
        as_number = base.value_type is operators.NUMBER or key == AGE_KEY
        number = values.read_number(text) if as_number else None
        moment = read_date(text)
        if number is not None:
            self.numbers.append(number)
        elif moment is not None:
            self.numbers.append(seconds_of(moment))

    def spans(self, first: int, last: int) -> list[Span]:
        """Return the stretches between what is compared with, each of which is seen as one."""
        starts = {first}
        for number in self.numbers:
            if abs(number) < 10**MOST_DIGITS:
                starts.add(int(number.to_integral_value(ROUND_CEILING)))
                starts.add(int(number.to_integral_value(ROUND_FLOOR)) + 1)
        ordered = sorted(start for start in starts if first <= start <= last)
        ends = [*(item - 1 for item in ordered[1:]), last]
        return [Span(*one) for one in zip(ordered, ends, strict=True)]


def times(
    tests: Sequence[ConditionTest],
    row: Row,
    kind: CredentialsKind,
    fixed: Mapping[str, Value] | None = None,
) -> Times:
    """Return times of requests, one of each way in which tests can hold or not.

    Args:
        tests: Tests on the keys that tell times.
        row: Says the date of the table.
        kind: Says whether there is a token, and an age of the sign-in with MFA.
        fixed: Values of time keys that are fixed.
    """
    fixed = fixed or {}
    now, issue, age = _Borders(), _Borders(), _Borders()
    for key in NOW_KEYS:
        now.add(tests, key)
    issue.add(tests, ISSUE_KEY)
    age.add(tests, AGE_KEY)
    since = int(row.since.timestamp())
    spans = product(
        _within(now.spans(since, LATEST), [_seconds(fixed.get(key)) for key in NOW_KEYS]),
        _within(issue.spans(0, LATEST), [_seconds(fixed.get(ISSUE_KEY))]),
        _within(age.spans(0, LATEST), [_whole(fixed.get(AGE_KEY))]),
    )
    found = []
    for now_span, issue_span, age_span in spans:
        chosen = _chosen(now_span, issue_span, age_span, kind)
        if chosen is not None:
            found.append(_assignment(*chosen, kind))
    is_complete = now.is_complete and issue.is_complete and age.is_complete
    return Times(tuple(found), is_complete)


def _within(spans: Iterable[Span], fixed: Iterable[int | None]) -> list[Span]:
    for moment in fixed:
        if moment is not None:
            spans = [Span(moment, moment) for span in spans if span.first <= moment <= span.last]
    return list(spans)


def _seconds(value: Value | None) -> int | None:
    moment = read_date(value) if isinstance(value, str) else None
    return None if moment is None else int(seconds_of(moment))


def _whole(value: Value | None) -> int | None:
    return int(value) if isinstance(value, str) and value.isdecimal() else None


def _chosen(
    now_span: Span, issue_span: Span, age_span: Span, kind: CredentialsKind
) -> tuple[int, int, int] | None:
    """Return now, issue and age out of three spans; None where none go together.

    The earlier now is, and the later the issue, the fewer ages are ruled out: an age reaches back
    before the issue.
    """
    now = now_span.first
    issue = min(now, issue_span.last)
    if kind.temporary:
        now = max(now, issue_span.first)
        issue = min(now, issue_span.last)
    if kind.mfa.age is None:
        return (now, issue, 0) if now <= now_span.last else None
    least = age_span.first
    # Nothing is signed in to before 1970.
    now = max(now, least)
    if now > now_span.last or least > age_span.last:
        return None
    if kind.temporary:
        issue = min(now, issue_span.last)
        least = max(least, now - issue)
        if least > age_span.last:
            return None
    usual = now - issue + _USUAL_AGE
    is_usual = least <= usual <= min(age_span.last, now)
    return now, issue, usual if is_usual else least


def _assignment(now: int, issue: int, age: int, kind: CredentialsKind) -> dict[str, Value]:
    assignment: dict[str, Value] = {NOW_KEYS[0]: spelled_moment(now), NOW_KEYS[1]: str(now)}
    if kind.temporary:
        assignment[ISSUE_KEY] = spelled_moment(issue)
    if kind.mfa.age is not None:
        assignment[AGE_KEY] = str(age)
    return assignment
