"""The Condition element: operators over context keys, and what an absent key does to each.

All tests of a block must hold (AND), over operators and keys alike; one of a test's values is
enough (OR), and for a negated operator none may match (NOR).

Source: IAM User Guide, "Conditions with multiple context keys or values" and "Set operators for
multivalued context keys"; data/facts.md, "Condition operators", for what the pages leave open.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any

from mfa_lab.iam.condition.operators import FOR_ALL_VALUES, BaseOperator, Operator
from mfa_lab.iam.condition.values import read_boolean
from mfa_lab.iam.condition.variables import Template
from mfa_lab.iam.context import Context
from mfa_lab.iam.fast_path import CacheKey, remember
from mfa_lab.iam.patterns import Tokens


class ConditionResult(enum.Enum):
    """Why a condition test holds or does not; `code` names it in traces, `holds` decides."""

    VALUE_FITS = ("value_fits", True)
    NO_VALUE_FITS = ("no_value_fits", False)
    NONE_FITS_AS_ASKED = ("none_fits_as_asked", True)
    ONE_FITS_AGAINST = ("one_fits_against", False)
    ABSENT_FAILS = ("absent_fails", False)
    ABSENT_PASSES_IF_EXISTS = ("absent_passes_if_exists", True)
    ABSENT_PASSES_NEGATED = ("absent_passes_negated", True)
    EMPTY_PASSES_FOR_ALL = ("empty_passes_for_all", True)
    EMPTY_FAILS_FOR_ANY = ("empty_fails_for_any", False)
    ABSENT_AS_ASKED = ("absent_as_asked", True)
    PRESENT_AS_ASKED = ("present_as_asked", True)
    ABSENT_AGAINST = ("absent_against", False)
    PRESENT_AGAINST = ("present_against", False)
    MANY_VALUES = ("many_values", False)
    UNREADABLE = ("unreadable", False)

    def __init__(self, code: str, holds: bool) -> None:
        self.code, self.holds = code, holds


@dataclass(frozen=True, slots=True)
class ConditionTest:
    """One line of a Condition: an operator, a context key and the policy's values for it.

    Args:
        operator: The operator with its prefix and suffix.
        key: The context key in lower case.
        spelled_key: The context key as the policy spells it.
        wanted: The policy's values, as templates.
        constants: Each of them already read where no variable is in it, else None.
        spelled_values: The values as the policy spells them.
    """

    operator: Operator
    key: str
    spelled_key: str
    wanted: tuple[Template, ...] = field(repr=False)
    constants: tuple[Any, ...] = field(repr=False)
    spelled_values: tuple[str, ...] = field(init=False, compare=False)
    _variables: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _results: dict[CacheKey, ConditionResult] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keys = {variable.key: None for value in self.wanted for variable in value.variables}
        object.__setattr__(self, "spelled_values", tuple(value.text for value in self.wanted))
        object.__setattr__(self, "_variables", tuple(keys))
        object.__setattr__(self, "_results", {})

    def result(self, context: Context) -> ConditionResult:
        """Return whether the test holds in a context, and why."""
        # The result depends on the key's value and those of the variables, on nothing else.
        value = context.get(self.key)
        depends_on = (value, *map(context.get, self._variables)) if self._variables else value
        kept = self._results.get(depends_on)
        if kept is not None:
            return kept
        return remember(self._results, depends_on, self._result(value, context))

    def _result(self, value: str | tuple[str, ...] | None, context: Context) -> ConditionResult:
        base = self.operator.base
        if base is None:
            return self._presence(value)
        if self.operator.set_prefix is not None:
            return self._over_set(base, value, context)
        if value is None:
            return self._absent(base)
        if isinstance(value, tuple):
            return ConditionResult.MANY_VALUES
        holds = self._holds(base, value, context)
        if not holds and base.negated and not self._any_matches(base, value, context):
            return ConditionResult.UNREADABLE
        return _compared(holds, base.negated)

    def _presence(self, value: str | tuple[str, ...] | None) -> ConditionResult:
        """Null: `true` wants the key to be absent, `false` wants it present with a value."""
        is_absent = value is None or value == ()
        wanted = {read_boolean(template.text) for template in self.wanted}
        if is_absent in wanted:
            return (
                ConditionResult.ABSENT_AS_ASKED if is_absent else ConditionResult.PRESENT_AS_ASKED
            )
        return ConditionResult.ABSENT_AGAINST if is_absent else ConditionResult.PRESENT_AGAINST

    def _absent(self, base: BaseOperator) -> ConditionResult:
        if self.operator.if_exists:
            return ConditionResult.ABSENT_PASSES_IF_EXISTS
        if base.negated:
            return ConditionResult.ABSENT_PASSES_NEGATED
        return ConditionResult.ABSENT_FAILS

    def _over_set(
        self, base: BaseOperator, value: str | tuple[str, ...] | None, context: Context
    ) -> ConditionResult:
        """ForAllValues, ForAnyValue: a key with one value is a set of one.

        AWS counts empty text as no value here ("a null dataset, such as an empty string"). Whether
        an empty text among others counts as none too is not documented; here it does.
        """
        values = (value,) if isinstance(value, str) else value or ()
        members = [member for member in values if member]
        hold = (self._holds(base, member, context) for member in members)
        if self.operator.set_prefix == FOR_ALL_VALUES:
            if not members:
                return ConditionResult.EMPTY_PASSES_FOR_ALL
            return _compared(all(hold), base.negated)
        if not members:
            return ConditionResult.EMPTY_FAILS_FOR_ANY
        return _compared(any(hold), base.negated)

    def _holds(self, base: BaseOperator, text: str, context: Context) -> bool:
        """Whether one value of the key is as the operator wants it, over all policy values."""
        if not base.negated:
            return self._any_matches(base, text, context)
        request_value = base.value_type.read_request_value(text)
        return request_value is not None and not any(
            policy_value is _UNREADABLE or base.matches(request_value, policy_value)
            for policy_value in self._policy_values(base, context)
        )

    def _any_matches(self, base: BaseOperator, text: str, context: Context) -> bool:
        request_value = base.value_type.read_request_value(text)
        return request_value is not None and any(
            policy_value is not _UNREADABLE and base.matches(request_value, policy_value)
            for policy_value in self._policy_values(base, context)
        )

    def _policy_values(self, base: BaseOperator, context: Context) -> list[Any]:
        """Read the policy's values; one whose variable has no value matches nothing, so is out."""
        values = []
        for template, constant in zip(self.wanted, self.constants, strict=True):
            if constant is not None:
                values.append(constant)
                continue
            tokens = template.resolve(context)
            if tokens is not None:
                values.append(_read(base, tokens))
        return values


class _Unreadable(enum.Enum):
    """Takes the place of an unreadable value; a member, whose identity survives a copy."""

    VALUE = enum.auto()


_UNREADABLE = _Unreadable.VALUE


def _read(base: BaseOperator, tokens: Tokens) -> Any:
    value = base.value_type.read_policy_value(tokens)
    return _UNREADABLE if value is None else value


def condition_test(
    operator: Operator, spelled_key: str, wanted: tuple[Template, ...]
) -> ConditionTest:
    """Return a test, with the values that no variable can change already read."""
    constants: list[Any] = []
    for template in wanted:
        tokens = None if operator.base is None or template.variables else template.resolve({})
        if tokens is None or operator.base is None:
            constants.append(None)
        else:
            constants.append(_read(operator.base, tokens))
    return ConditionTest(operator, spelled_key.lower(), spelled_key, wanted, tuple(constants))


def _compared(holds: bool, negated: bool) -> ConditionResult:
    if negated:
        return ConditionResult.NONE_FITS_AS_ASKED if holds else ConditionResult.ONE_FITS_AGAINST
    return ConditionResult.VALUE_FITS if holds else ConditionResult.NO_VALUE_FITS
