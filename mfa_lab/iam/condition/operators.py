"""The condition operators: one function each, which compares a request's value with a policy's.

Both values are already read as the operator's type. A negated operator is registered with the
function that it turns around. Each docstring begins with AWS's definition.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from mfa_lab.iam.condition import values
from mfa_lab.iam.patterns import Pattern, Tokens

Matches: TypeAlias = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True)
class ValueType:
    """How an operator reads the two values that it compares.

    Args:
        read_request_value: Reads the key's value in the request; None where it isn't of this type.
        read_policy_value: Reads the policy's value, as tokens; None where it isn't of this type.
        wildcards: Whether `*` and `?` in the policy's value are wildcards.
        variables: Whether the policy's value may hold policy variables.
    """

    read_request_value: Callable[[str], Any]
    read_policy_value: Callable[[Tokens], Any]
    wildcards: bool = False
    variables: bool = False


@dataclass(frozen=True, slots=True)
class BaseOperator:
    """A condition operator without set prefix and IfExists.

    Args:
        name: As AWS spells it.
        value_type: How its values are read.
        matches: Whether a request's value matches a policy's value; for a negated operator, the
            comparison that must *not* hold for any policy value.
        negated: Whether it holds when no policy value matches, and when the key is absent.
    """

    name: str
    value_type: ValueType = field(repr=False)
    matches: Matches = field(repr=False)
    negated: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy it by its name: there is one of each, compared by identity."""
        return _base_operator, (self.name,)


BASE_OPERATORS: Final[dict[str, BaseOperator]] = {}


def _base_operator(name: str) -> BaseOperator:
    return BASE_OPERATORS[name]


def _operator(
    name: str, value_type: ValueType, negation: str | None = None
) -> Callable[[Matches], Any]:
    def register(matches: Matches) -> Matches:
        BASE_OPERATORS[name] = BaseOperator(name, value_type, matches)
        if negation:
            BASE_OPERATORS[negation] = BaseOperator(negation, value_type, matches, negated=True)
        return matches

    return register


def _text(tokens: Tokens) -> str:
    return "".join(tokens)  # type: ignore[arg-type]  # without wildcards, all tokens are text


def _of_text(read: Callable[[str], Any]) -> Callable[[Tokens], Any]:
    return lambda tokens: read(_text(tokens))


TEXT = ValueType(str, _text, variables=True)
TEXT_PATTERN = ValueType(str, Pattern, variables=True, wildcards=True)
NUMBER = ValueType(values.read_number, _of_text(values.read_number))
DATE = ValueType(values.read_date, _of_text(values.read_date))
# By AWS's page on operators Bool takes variables, by its page on variables it does not.
BOOLEAN = ValueType(values.read_boolean, _of_text(values.read_boolean), variables=True)
BINARY = ValueType(values.read_binary, _of_text(values.read_binary))
IP = ValueType(values.read_ip_address, _of_text(values.read_ip_range))
ARN = ValueType(values.read_arn, values.read_arn_pattern, variables=True, wildcards=True)


@_operator("StringEquals", TEXT, negation="StringNotEquals")
def string_equals(request_value: str, policy_value: str) -> bool:
    """AWS: "Exact matching, case sensitive"."""
    return request_value == policy_value


@_operator("StringEqualsIgnoreCase", TEXT, negation="StringNotEqualsIgnoreCase")
def string_equals_ignore_case(request_value: str, policy_value: str) -> bool:
    """AWS: "Exact matching, ignoring case"."""
    return request_value.lower() == policy_value.lower()


@_operator("StringLike", TEXT_PATTERN, negation="StringNotLike")
def string_like(request_value: str, policy_value: Pattern) -> bool:
    """AWS: "Case-sensitive matching", with the wildcards `*` (any run) and `?` (any character)."""
    return policy_value.matches(request_value)


@_operator("NumericEquals", NUMBER, negation="NumericNotEquals")
def numeric_equals(request_value: Decimal, policy_value: Decimal) -> bool:
    """AWS: "Matching". The numbers are equal, however they are written."""
    return request_value == policy_value


@_operator("NumericLessThan", NUMBER)
def numeric_less_than(request_value: Decimal, policy_value: Decimal) -> bool:
    """AWS: "'Less than' matching"."""
    return request_value < policy_value


@_operator("NumericLessThanEquals", NUMBER)
def numeric_less_than_equals(request_value: Decimal, policy_value: Decimal) -> bool:
    """AWS: "'Less than or equals' matching"."""
    return request_value <= policy_value


@_operator("NumericGreaterThan", NUMBER)
def numeric_greater_than(request_value: Decimal, policy_value: Decimal) -> bool:
    """AWS: "'Greater than' matching"."""
    return request_value > policy_value


@_operator("NumericGreaterThanEquals", NUMBER)
def numeric_greater_than_equals(request_value: Decimal, policy_value: Decimal) -> bool:
    """AWS: "'Greater than or equals' matching"."""
    return request_value >= policy_value


@_operator("DateEquals", DATE, negation="DateNotEquals")
def date_equals(request_value: datetime, policy_value: datetime) -> bool:
    """AWS: "Matching a specific date". The two are the same moment."""
    return request_value == policy_value


@_operator("DateLessThan", DATE)
def date_less_than(request_value: datetime, policy_value: datetime) -> bool:
    """AWS: "Matching before a specific date and time"."""
    return request_value < policy_value


@_operator("DateLessThanEquals", DATE)
def date_less_than_equals(request_value: datetime, policy_value: datetime) -> bool:
    """AWS: "Matching at or before a specific date and time"."""
    return request_value <= policy_value


@_operator("DateGreaterThan", DATE)
def date_greater_than(request_value: datetime, policy_value: datetime) -> bool:
    """AWS: "Matching after a specific … date and time"."""
    return request_value > policy_value


@_operator("DateGreaterThanEquals", DATE)
def date_greater_than_equals(request_value: datetime, policy_value: datetime) -> bool:
    """AWS: "Matching at or after a specific date and time"."""
    return request_value >= policy_value


@_operator("Bool", BOOLEAN)
def boolean_equals(request_value: bool, policy_value: bool) -> bool:
    """AWS: "Boolean matching". Both are true or both are false."""
    return request_value is policy_value


@_operator("BinaryEquals", BINARY)
def binary_equals(request_value: bytes, policy_value: bytes) -> bool:
    """AWS compares "byte for byte" what the base64 texts encode."""
    return request_value == policy_value


@_operator("IpAddress", IP, negation="NotIpAddress")
def ip_address_in(request_value: values.Address, policy_value: values.Network) -> bool:
    """AWS: "The specified IP address or range". An IPv4 address is in no IPv6 range."""
    return request_value in policy_value


@_operator("ArnEquals", ARN, negation="ArnNotEquals")
@_operator("ArnLike", ARN, negation="ArnNotLike")
def arn_like(request_value: values.Arn, policy_value: values.ArnPattern) -> bool:
    """AWS: "Each of the six colon-delimited components of the ARN is checked separately"."""
    return all(
        pattern.matches(part) for pattern, part in zip(policy_value, request_value, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Operator:
    """A condition operator as a policy writes it: set prefix, name, IfExists.

    Args:
        spelled: As the policy writes it.
        base: The operator; None for Null, which tests whether the key is present.
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
