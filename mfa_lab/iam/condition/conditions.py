"""The Condition element: operators over context keys, and what an absent key does to each.

All tests of a block must hold (AND), over operators and keys alike; one of a test's values is
enough (OR), and for a negated operator none may fit (NOR).

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
    """What a condition test found, and whether it therefore holds."""

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
    """One line of a Condition: an operator, a context key and the values it wants.

    Args:
        operator: The operator with its prefix and suffix.
        key: The context key in lower case.
        spelled_key: The context key as the policy writes it.
        wanted: The values, as templates.
        constants: Each value already read where no variable is in it, else None.
        spelled_values: The values as the policy writes them.
    """

    operator: Operator
    key: str
    spelled_key: str
    wanted: tuple[Template, ...] = field(repr=False)
    constants: tuple[Any, ...] = field(repr=False)
    spelled_values: tuple[str, ...] = field(init=False, compare=False)
    _variables: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _known: dict[CacheKey, ConditionResult] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keys = {one.key: None for template in self.wanted for one in template.variables}
        object.__setattr__(self, "spelled_values", tuple(one.text for one in self.wanted))
        object.__setattr__(self, "_variables", tuple(keys))
        object.__setattr__(self, "_known", {})

    def result(self, context: Context) -> ConditionResult:
        """Tell what the test finds in a context."""
        # The finding depends on nothing else than the key's value and those of the variables.
        given = context.get(self.key)
        asked = (given, *map(context.get, self._variables)) if self._variables else given
        known = self._known.get(asked)
        if known is not None:
            return known
        return remember(self._known, asked, self._find(given, context))

    def _find(self, given: str | tuple[str, ...] | None, context: Context) -> ConditionResult:
        base = self.operator.base
        if base is None:
            return self._find_presence(given)
        if self.operator.set_prefix is not None:
            return self._find_in_set(base, given, context)
        if given is None:
            return self._absent(base)
        if isinstance(given, tuple):
            return ConditionResult.MANY_VALUES
        holds = self._holds(base, given, context)
        if not holds and base.negated and not self._one_fits(base, given, context):
            return ConditionResult.UNREADABLE
        return _finding(holds, base.negated)

    def _one_fits(self, base: BaseOperator, text: str, context: Context) -> bool:
        given = base.value_type.given(text)
        return given is not None and any(
            wanted is not _UNREADABLE and base.compare(given, wanted)
            for wanted in self._readable(base, context)
        )

    def _absent(self, base: BaseOperator) -> ConditionResult:
        if self.operator.if_exists:
            return ConditionResult.ABSENT_PASSES_IF_EXISTS
        return (
            ConditionResult.ABSENT_PASSES_NEGATED if base.negated else ConditionResult.ABSENT_FAILS
        )

    def _find_presence(self, given: str | tuple[str, ...] | None) -> ConditionResult:
        """Null: `true` asks that the key be absent, `false` that it be there with a value."""
        is_absent = given is None or given == ()
        asked = {read_boolean(template.text) for template in self.wanted}
        if is_absent in asked:
            return (
                ConditionResult.ABSENT_AS_ASKED if is_absent else ConditionResult.PRESENT_AS_ASKED
            )
        return ConditionResult.ABSENT_AGAINST if is_absent else ConditionResult.PRESENT_AGAINST

    def _find_in_set(
        self, base: BaseOperator, given: str | tuple[str, ...] | None, context: Context
    ) -> ConditionResult:
        """ForAllValues, ForAnyValue: a key with one value is a set of one.

        AWS counts empty text as no value here ("a null dataset, such as an empty string"). That
        one among others is none either is not documented.
        """
        members = [one for one in ((given,) if isinstance(given, str) else given or ()) if one]
        fits = (self._holds(base, member, context) for member in members)
        if self.operator.set_prefix == FOR_ALL_VALUES:
            return (
                _finding(all(fits), base.negated)
                if members
                else ConditionResult.EMPTY_PASSES_FOR_ALL
            )
        return _finding(any(fits), base.negated) if members else ConditionResult.EMPTY_FAILS_FOR_ANY

    def _holds(self, base: BaseOperator, text: str, context: Context) -> bool:
        """Whether one given value is as the operator asks, over all wanted values."""
        given = base.value_type.given(text)
        if given is None:
            return False
        if base.negated:
            return not any(
                wanted is _UNREADABLE or base.compare(given, wanted)
                for wanted in self._readable(base, context)
            )
        return self._one_fits(base, text, context)

    def _readable(self, base: BaseOperator, context: Context) -> list[Any]:
        """Read the wanted values; one whose variable has no value fits nothing and drops out."""
        readable = []
        for template, constant in zip(self.wanted, self.constants, strict=True):
            if constant is not None:
                readable.append(constant)
                continue
            tokens = template.resolve(context)
            if tokens is not None:
                readable.append(_read(base, tokens))
        return readable


class _Unreadable(enum.Enum):
    """What stands for a value that cannot be read; a member, since it is known by its identity."""

    VALUE = enum.auto()


_UNREADABLE = _Unreadable.VALUE


def _read(base: BaseOperator, tokens: Tokens) -> Any:
    wanted = base.value_type.wanted(tokens)
    return _UNREADABLE if wanted is None else wanted


def condition_test(
    operator: Operator, spelled_key: str, wanted: tuple[Template, ...]
) -> ConditionTest:
    """Make a test, with the values that no variable can change read once."""
    constants: list[Any] = []
    for template in wanted:
        tokens = None if operator.base is None or template.variables else template.resolve({})
        if tokens is None or operator.base is None:
            constants.append(None)
        else:
            constants.append(_read(operator.base, tokens))
    return ConditionTest(operator, spelled_key.lower(), spelled_key, wanted, tuple(constants))


def _finding(holds: bool, negated: bool) -> ConditionResult:
    if negated:
        return ConditionResult.NONE_FITS_AS_ASKED if holds else ConditionResult.ONE_FITS_AGAINST
    return ConditionResult.VALUE_FITS if holds else ConditionResult.NO_VALUE_FITS
