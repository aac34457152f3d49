"""The values of one condition key that some condition tests can tell apart.

Each is a value on one side of a comparison, or one that fits some of the patterns and not the
others. Which tests hold for a value is not said here: the tests themselves are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from mfa_lab.analysis.requests.condition_key_table import Domain, KeyFacts, Presence
from mfa_lab.analysis.requests.points import (
    addresses,
    moments,
    seconds_of,
    spelled_moment,
    whole_numbers,
)
from mfa_lab.analysis.requests.resource_names import USER_NAME
from mfa_lab.analysis.requests.resource_spaces import ACCOUNT, REGION, REGIONS
from mfa_lab.analysis.requests.text_classes import (
    ANY,
    NO_COLON,
    Characters,
    Unit,
    Units,
    ignoring_case,
    literal,
    run_of,
    text_classes,
    unit,
    units_of,
)
from mfa_lab.iam.condition import operators, values
from mfa_lab.iam.condition.conditions import ConditionTest
from mfa_lab.iam.condition.values import ARN_PARTS
from mfa_lab.iam.context import Context
from mfa_lab.iam.patterns import Tokens, split_tokens

Value = str | tuple[str, ...] | None

# Sets of members of a multivalued key that are told apart at most.
MOST_SETS: Final = 2_000

_LOWER_AND_DIGITS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_DIGIT: Final = Characters(frozenset("0123456789"))
_SEGMENT: Final[Units] = (unit(NO_COLON, is_run=True), *literal(":"))
LANGUAGES: Final[dict[Domain, Units]] = {
    Domain.ARN: (*literal("arn:"), *_SEGMENT * 4, *run_of(ANY)),
    Domain.ACCOUNT: ACCOUNT,
    Domain.REGION: REGION,
    Domain.SERVICE: run_of(Characters(frozenset(_LOWER_AND_DIGITS + ".-"))),
    Domain.USER_NAME: run_of(Characters(frozenset(USER_NAME))),
    Domain.TAG: (unit(ANY, is_run=True),),
    Domain.TAG_KEY: run_of(ANY),
    Domain.TEXT: (unit(ANY, is_run=True),),
    Domain.NUMBER: (
        unit(Characters(frozenset("123456789"))),
        unit(_DIGIT, is_run=True),
    ),
}
_EXAMPLES: Final[dict[Domain, tuple[str, ...]]] = {
    Domain.ARN: ("arn:aws:iam::123456789012:role/example", "arn:aws:s3:::example"),
    Domain.ACCOUNT: ("123456789012", "210987654321"),
    Domain.REGION: REGIONS,
    Domain.SERVICE: ("cloudformation.amazonaws.com", "athena.amazonaws.com"),
}
_PLAIN_EXAMPLES: Final = ("example", "other", "another")
_AS_TEXT: Final = (operators.TEXT, operators.TEXT_PATTERN, operators.ARN)


@dataclass(slots=True)
class KeyValues:
    """Values of a key, one at least for each way in which its tests can hold or not.

    Args:
        values: The values; None stands for a key that is absent.
        is_complete: Whether there can be no other way.
    """

    values: list[Value] = field(default_factory=list)
    is_complete: bool = True


def key_values(
    facts: KeyFacts,
    tests: Sequence[ConditionTest],
    context: Context,
    *,
    extra: Iterable[str] = (),
) -> KeyValues:
    """Return the values of a key that tests tell apart.

    Args:
        facts: What is known of the key.
        tests: The tests on it.
        context: What the policy variables in the tests stand for.
        extra: Texts that are to be told from others besides.
    """
    found = KeyValues()
    if facts.presence is not Presence.ALWAYS:
        found.values.append(None)
    if facts.presence is Presence.NEVER:
        return found
    members = member_values(facts.domain, tests, context, extra=extra)
    found.is_complete = members.is_complete
    texts = [value for value in members.values if isinstance(value, str)]
    if not facts.is_multivalued:
        found.values += texts
    if facts.is_multivalued or (not facts.is_known and any(map(_looks_at_sets, tests))):
        sets = member_sets(texts, tests, context)
        found.values += sets.values
        found.is_complete &= sets.is_complete
    return found


def _looks_at_sets(test: ConditionTest) -> bool:
    return test.operator.set_prefix is not None or test.operator.base is None


def member_values(
    domain: Domain,
    tests: Sequence[ConditionTest],
    context: Context,
    *,
    extra: Iterable[str] = (),
) -> KeyValues:
    """Return the values that one member of a key can have, told apart by tests."""
    if domain is Domain.BOOLEAN:
        return KeyValues(["true", "false"])
    wanted = _Wanted.of(tests, context)
    wanted.texts += [(literal(one),) for one in extra]
    spare = 1 + len(wanted.literals)
    found: dict[str, None] = {}
    others = sum(map(bool, (wanted.numbers, wanted.moments, wanted.networks, wanted.booleans)))
    is_complete = True
    if domain is Domain.ADDRESS:
        found.update(dict.fromkeys(addresses(wanted.networks)))
        found.update(dict.fromkeys(one for one in wanted.literals if values.read_ip_address(one)))
        return KeyValues(list(found), not wanted.has_wildcards and others <= 1)
    if domain in (Domain.MOMENT, Domain.SECONDS):
        return _moments(domain, wanted, spare)
    if domain is Domain.NUMBER:
        numbers = whole_numbers([*wanted.numbers, *map(seconds_of, wanted.moments)], spare=spare)
        found.update((str(number), None) for number in numbers)
        is_complete = not (wanted.has_wildcards and (wanted.numbers or wanted.moments))
        if not wanted.texts:
            return KeyValues(list(found), is_complete)
    elif others:
        found.update(dict.fromkeys(_read_otherwise(wanted, spare)))
        is_complete = others == 1 and not wanted.has_wildcards
    classes = text_classes(
        LANGUAGES[domain], tuple(wanted.texts), _EXAMPLES.get(domain, _PLAIN_EXAMPLES)
    )
    found.update((one.text, None) for one in classes.classes)
    return KeyValues(list(found), is_complete and classes.is_complete)


def _moments(domain: Domain, wanted: _Wanted, spare: int) -> KeyValues:
    seconds = moments(wanted.moments, spare=spare)
    if domain is Domain.SECONDS:
        seconds += whole_numbers(wanted.numbers, spare=spare)
        spelled = dict.fromkeys(map(str, seconds))
    else:
        spelled = dict.fromkeys(map(spelled_moment, seconds))
        spelled.update(dict.fromkeys(filter(_is_spelled_moment, wanted.literals)))
    is_readable = domain is Domain.SECONDS or not wanted.numbers
    return KeyValues(list(spelled), is_readable and not wanted.has_wildcards)


def _is_spelled_moment(text: str) -> bool:
    moment = values.read_date(text)
    return moment is not None and spelled_moment(int(seconds_of(moment))) == text


def _read_otherwise(wanted: _Wanted, spare: int) -> Iterator[str]:
    """Return texts that can be read as numbers, moments, addresses or truth values."""
    numbers = sorted(set(wanted.numbers))
    if numbers:
        yield from (f"{number:f}" for number in numbers)
        yield from (f"{number:f}.0" for number in numbers if number == number.to_integral_value())
        yield from (f"{(low + high) / 2:f}" for low, high in pairwise(numbers))
        yield from (f"{numbers[0] - one - 1:f}" for one in range(spare))
        yield from (f"{numbers[-1] + one + 1:f}" for one in range(spare))
    if wanted.moments:
        yield from map(spelled_moment, moments(wanted.moments, spare=spare))
    if wanted.networks:
        yield from addresses(wanted.networks)
    if wanted.booleans:
        yield from ("true", "false")
    yield "example"


@dataclass(slots=True)
class _Wanted:
    """What some tests compare with, by how it is read."""

    texts: list[tuple[Units, ...]] = field(default_factory=list)
    literals: list[str] = field(default_factory=list)
    numbers: list[Decimal] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)
    networks: list[values.Network] = field(default_factory=list)
    booleans: bool = False
    has_wildcards: bool = False

    @classmethod
    def of(cls, tests: Sequence[ConditionTest], context: Context) -> _Wanted:
        wanted = cls()
        for test in tests:
            base = test.operator.base
            if base is None:
                continue
            resolved = [template.resolve(context) for template in test.wanted]
            tokens = [one for one in resolved if one is not None]
            if base.value_type in _AS_TEXT:
                wanted.texts.append(tuple(_units(base, token) for token in tokens))
                for token in tokens:
                    if all(isinstance(each, str) for each in token):
                        wanted.literals.append("".join(map(str, token)))
                    else:
                        wanted.has_wildcards = True
            else:
                wanted._read(base, tokens)
        return wanted

    def _read(self, base: operators.BaseOperator, tokens: Sequence[Tokens]) -> None:
        read = [one for one in map(base.value_type.read_policy_value, tokens) if one is not None]
        if base.value_type is operators.NUMBER:
            self.numbers += read
        elif base.value_type is operators.DATE:
            self.moments += read
        elif base.value_type is operators.IP:
            self.networks += read
        elif base.value_type is operators.BOOLEAN:
            self.booleans = True
        else:  # base64: what it spells, and what another spelling would be
            spelled = ["".join(map(str, token)) for token in tokens]
            self.literals += spelled
            self.texts += [(literal(one),) for one in (*spelled, "b3RoZXI=")]


def text_patterns(test: ConditionTest, context: Context) -> tuple[Units, ...]:
    """Return the patterns that a test compares texts with; none where it compares something else.

    Args:
        test: The test.
        context: What the policy variables in it stand for; what has no value is left out.
    """
    base = test.operator.base
    if base is None or base.value_type not in _AS_TEXT:
        return ()
    resolved = (template.resolve(context) for template in test.wanted)
    return tuple(_units(base, one) for one in resolved if one is not None)


def _units(base: operators.BaseOperator, tokens: Tokens) -> Units:
    if base.value_type is operators.ARN:
        return arn_units(tokens)
    if base.matches is operators.string_equals_ignore_case:
        return ignoring_case("".join(map(str, tokens)))
    return units_of(tokens)


def arn_units(tokens: Tokens) -> Units:
    """Return the units of an ARN with wildcards, which do not reach over a colon but at its end."""
    parts = list(split_tokens(tokens, ":", ARN_PARTS - 1))
    if len(parts) < ARN_PARTS:
        return (unit(Characters(frozenset())),)  # fits nothing
    units: list[Unit] = []
    for part in parts[:-1]:
        units += (*units_of(part, NO_COLON), *literal(":"))
    return (*units, *units_of(parts[-1], ANY))


def member_sets(
    members: Sequence[str], tests: Sequence[ConditionTest], context: Context
) -> KeyValues:
    """Return the empty set and sets of members that tests tell apart.

    ForAllValues asks whether all members fit, ForAnyValue whether one does: of sets for which both
    are alike test by test, one is kept.
    """
    fits = {member: _fits(member, tests, context) for member in members}
    everything = (1 << len(tests)) - 1
    found: dict[tuple[int, int], tuple[str, ...]] = {}
    for member, of_member in fits.items():
        known = list(found.items())
        found.setdefault((of_member, of_member), (member,))
        for (all_fit, one_fits), others in known:
            both = all_fit & of_member & everything, one_fits | of_member
            found.setdefault(both, (*others, member))
        if len(found) > MOST_SETS:
            return KeyValues([(), *found.values()], is_complete=False)
    return KeyValues([(), *found.values()])


def _fits(member: str, tests: Sequence[ConditionTest], context: Context) -> int:
    fits = 0
    for number, test in enumerate(tests):
        given: dict[str, Any] = {**context, test.key: (member,)}
        if test.result(given).holds:
            fits |= 1 << number
    return fits
