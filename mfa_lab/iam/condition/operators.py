"""The condition operators: one function each, with what it asks of one value of the key.

`given` is the key's value in the request, `wanted` the value that the policy names, both already
read as the operator's kind. A negated operator names the positive one that it turns around.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from mfa_lab.iam.condition import values
from mfa_lab.iam.patterns import Pattern, Tokens

Compare = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True)
class ValueType:
    """How an operator reads the two things that it compares.

    Args:
        given: Reads the key's value in the request; None where it is not of this kind.
        wanted: Reads the policy's value, as tokens; None where it is not of this kind.
        wildcards: Whether `*` and `?` in the policy's value are wildcards.
        variables: Whether the policy's value may hold policy variables.
    """

    given: Callable[[str], Any]
    wanted: Callable[[Tokens], Any]
    wildcards: bool = False
    variables: bool = False


@dataclass(frozen=True, slots=True)
class BaseOperator:
    """A condition operator without set prefix and IfExists.

    Args:
        name: As AWS spells it.
        value_type: How its values are read.
        compare: Whether one given value fits one wanted value; for a negated operator, the
            comparison that must *not* hold for any wanted value.
        negated: Whether it matches when no wanted value fits, and when the key is absent.
    """

    name: str
    value_type: ValueType = field(repr=False)
    compare: Compare = field(repr=False)
    negated: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        """Say by which name it is found again: there is one of each, known by its identity."""
        return _base_operator, (self.name,)


BASE_OPERATORS: Final[dict[str, BaseOperator]] = {}


def _base_operator(name: str) -> BaseOperator:
    return BASE_OPERATORS[name]


def _operator(
    name: str, value_type: ValueType, negation: str | None = None
) -> Callable[[Compare], Any]:
    def register(compare: Compare) -> Compare:
        BASE_OPERATORS[name] = BaseOperator(name, value_type, compare)
        if negation:
            BASE_OPERATORS[negation] = BaseOperator(negation, value_type, compare, negated=True)
        return compare

    return register


def _text(tokens: Tokens) -> str:
    return "".join(tokens)  # type: ignore[arg-type]  # without wildcards, all tokens are text


def _of_text(read: Callable[[str], Any]) -> Callable[[Tokens], Any]:
    return lambda tokens: read(_text(tokens))


TEXT = ValueType(str, _text, variables=True)
TEXT_PATTERN = ValueType(str, Pattern, variables=True, wildcards=True)
NUMBER = ValueType(values.read_number, _of_text(values.read_number))
DATE = ValueType(values.read_date, _of_text(values.read_date))
# AWS's page on operators says that Bool takes variables, its page on variables says not.
BOOLEAN = ValueType(values.read_boolean, _of_text(values.read_boolean), variables=True)
BINARY = ValueType(values.read_binary, _of_text(values.read_binary))
IP = ValueType(values.read_ip_address, _of_text(values.read_ip_range))
ARN = ValueType(values.read_arn, values.read_arn_pattern, variables=True, wildcards=True)


@_operator("StringEquals", TEXT, negation="StringNotEquals")
def string_equals(given: str, wanted: str) -> bool:
    """The texts are the same, upper and lower case included."""
    return given == wanted


@_operator("StringEqualsIgnoreCase", TEXT, negation="StringNotEqualsIgnoreCase")
def string_equals_ignore_case(given: str, wanted: str) -> bool:
    """The texts are the same but for upper and lower case."""
    return given.lower() == wanted.lower()


@_operator("StringLike", TEXT_PATTERN, negation="StringNotLike")
def string_like(given: str, wanted: Pattern) -> bool:
    """The text fits the pattern, in which `*` is any run of characters and `?` any one."""
    return wanted.matches(given)


@_operator("NumericEquals", NUMBER, negation="NumericNotEquals")
def numeric_equals(given: Decimal, wanted: Decimal) -> bool:
    """The numbers are equal, however they are written."""
    return given == wanted


@_operator("NumericLessThan", NUMBER)
def numeric_less_than(given: Decimal, wanted: Decimal) -> bool:
    """The key's number is less than the policy's."""
    return given < wanted


@_operator("NumericLessThanEquals", NUMBER)
def numeric_less_than_equals(given: Decimal, wanted: Decimal) -> bool:
    """The key's number is less than the policy's, or equal."""
    return given <= wanted


@_operator("NumericGreaterThan", NUMBER)
def numeric_greater_than(given: Decimal, wanted: Decimal) -> bool:
    """The key's number is greater than the policy's."""
    return given > wanted


@_operator("NumericGreaterThanEquals", NUMBER)
def numeric_greater_than_equals(given: Decimal, wanted: Decimal) -> bool:
    """The key's number is greater than the policy's, or equal."""
    return given >= wanted


@_operator("DateEquals", DATE, negation="DateNotEquals")
def date_equals(given: datetime, wanted: datetime) -> bool:
    """The two are the same moment."""
    return given == wanted


@_operator("DateLessThan", DATE)
def date_less_than(given: datetime, wanted: datetime) -> bool:
    """The key's moment is before the policy's."""
    return given < wanted


@_operator("DateLessThanEquals", DATE)
def date_less_than_equals(given: datetime, wanted: datetime) -> bool:
    """The key's moment is before the policy's, or the same."""
    return given <= wanted


@_operator("DateGreaterThan", DATE)
def date_greater_than(given: datetime, wanted: datetime) -> bool:
    """The key's moment is after the policy's."""
    return given > wanted


@_operator("DateGreaterThanEquals", DATE)
def date_greater_than_equals(given: datetime, wanted: datetime) -> bool:
    """The key's moment is after the policy's, or the same."""
    return given >= wanted


@_operator("Bool", BOOLEAN)
def boolean_equals(given: bool, wanted: bool) -> bool:
    """Both are true or both are false."""
    return given is wanted


@_operator("BinaryEquals", BINARY)
def binary_equals(given: bytes, wanted: bytes) -> bool:
    """The bytes that the two base64 texts stand for are the same."""
    return given == wanted


@_operator("IpAddress", IP, negation="NotIpAddress")
def ip_address_in(given: values.Address, wanted: values.Network) -> bool:
    """The address lies in the range; an IPv4 address lies in no IPv6 range."""
    return given in wanted


@_operator("ArnEquals", ARN, negation="ArnNotEquals")
@_operator("ArnLike", ARN, negation="ArnNotLike")
def arn_like(given: values.Arn, wanted: values.ArnPattern) -> bool:
    """Each of the six parts fits its pattern; ArnEquals and ArnLike are the same."""
    return all(pattern.matches(part) for pattern, part in zip(wanted, given, strict=True))


@dataclass(frozen=True, slots=True)
class Operator:
    """A condition operator as a policy writes it: set prefix, name, IfExists.

    Args:
        spelled: As the policy writes it.
        base: The operator; None for Null, which asks whether the key is there.
        set_prefix: `ForAllValues`, `ForAnyValue` or None.
        if_exists: Whether an absent key makes the condition hold.
    """

    spelled: str
    base: BaseOperator | None
    set_prefix: str | None = None
    if_exists: bool = False


NULL: Final = "Null"
FOR_ALL_VALUES: Final = "ForAllValues"
FOR_ANY_VALUE: Final = "ForAnyValue"
IF_EXISTS: Final = "IfExists"

_SPELLING = re.compile(rf"(?:({FOR_ALL_VALUES}|{FOR_ANY_VALUE}):)?([A-Za-z]+?)({IF_EXISTS})?")


def operator_named(spelled: str) -> Operator | None:
    """Read an operator's name into its parts; None where AWS has no such operator."""
    parts = _SPELLING.fullmatch(spelled)
    if parts is None:
        return None
    set_prefix, name, if_exists = parts.groups()
    if name == NULL:
        return None if if_exists else Operator(spelled, None, set_prefix)
    base = BASE_OPERATORS.get(name)
    return Operator(spelled, base, set_prefix, bool(if_exists)) if base else None


_WITHOUT_PREFIX = (*BASE_OPERATORS, *(f"{name}{IF_EXISTS}" for name in BASE_OPERATORS), NULL)
OPERATOR_SPELLINGS: Final = (
    *_WITHOUT_PREFIX,
    *(f"{prefix}:{name}" for prefix in (FOR_ALL_VALUES, FOR_ANY_VALUE) for name in _WITHOUT_PREFIX),
)
