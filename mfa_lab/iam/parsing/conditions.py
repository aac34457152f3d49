"""What Condition may hold.

Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM JSON policy elements:
Condition operators". Which dates IAM refuses is not documented; moto has AWS's answers in
`moto/iam/policy_validation.py` and its tests.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from mfa_lab.iam.condition.conditions import ConditionTest, condition_test
from mfa_lab.iam.condition.operators import (
    DATE,
    FOR_ALL_VALUES,
    FOR_ANY_VALUE,
    IF_EXISTS,
    OPERATOR_SPELLINGS,
    Operator,
    operator_named,
)
from mfa_lab.iam.condition.values import may_be_date
from mfa_lab.iam.condition.variables import Template, template
from mfa_lab.iam.parsing.element_reader import ElementReader, JsonObject
from mfa_lab.iam.parsing.locations import pointer_to
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.text.nearest_name import nearest_name
from mfa_lab.text.shown_value import as_text, shown, type_name

_NOT_FINITE: Final = frozenset({"nan", "inf", "-inf"})  # as Python spells them


def read_conditions(
    reader: ElementReader, statement: JsonObject, pointer: str, kind: PolicyKind, *, variables: bool
) -> Iterator[ConditionTest]:
    """Read the Condition of a statement.

    Args:
        reader: Reads, and collects the mistakes.
        statement: The statement.
        pointer: Where the statement is.
        kind: What kind of policy it is in.
        variables: Whether the version of the policy has variables.
    """
    if "Condition" not in statement:
        return
    pointer = pointer_to(pointer, "Condition")
    for name, keys in reader.members(statement["Condition"], pointer, "condition_not_an_object"):
        where = pointer_to(pointer, name)
        operator = operator_named(name)
        if operator is None and _note_operator(reader, name, keys, where):
            continue
        for key, values in reader.members(keys, where, "operator_not_an_object"):
            texts = _texts(reader, key, values, pointer_to(where, key), operator, kind)
            if operator is not None:
                wanted = map(_reader(operator, variables=variables), texts)
                yield condition_test(operator, key, tuple(wanted))


def _note_operator(reader: ElementReader, name: str, keys: object, where: str) -> bool:
    """Note what is no operator; return whether what it holds cannot be read either."""
    if _is_swapped(name, keys):
        reader.note("operator_and_key_swapped", where, key=shown(name))
        return True
    if ":" in name and _set_prefix(name) is None and not isinstance(keys, Mapping):
        value = json.dumps(keys, ensure_ascii=False) if as_text(keys) is not None else '"…"'
        operator = "Bool" if value.lower().strip('"') in ("true", "false") else "StringEquals"
        reader.note(
            "operator_missing", where, key=shown(name), operator=operator, value=shown(value)
        )
        return True
    without = name.removesuffix(IF_EXISTS)
    if without != name and (found := operator_named(without)) and found.base is None:
        reader.note("null_if_exists", where, suggestion=without)
        return False
    suggestion = reader.suggestion(name, OPERATOR_SPELLINGS)
    reader.note("unknown_operator", where, operator=shown(name), suggestion=suggestion)
    return False


def _set_prefix(name: str) -> str | None:
    """Return the set operator that was probably meant before the colon; None where none was."""
    return nearest_name(name.partition(":")[0], (FOR_ALL_VALUES, FOR_ANY_VALUE))


def _is_swapped(name: str, keys: object) -> bool:
    """Whether a context key is where the operator should be, and holds operators."""
    return (
        isinstance(keys, Mapping)
        and bool(keys)
        and ":" in name
        and all(isinstance(key, str) and operator_named(key) for key in keys)
    )


def _texts(
    reader: ElementReader,
    key: str,
    values: object,
    pointer: str,
    operator: Operator | None,
    kind: PolicyKind,
) -> list[str]:
    """Return the values of a context key as texts."""
    has_dates = kind.is_of_iam and operator is not None and is_about_dates(operator)
    items = values if isinstance(values, (list, tuple)) else [values]
    if not items:
        reader.note("empty_values", pointer, key=shown(key))
    texts: list[str] = []
    for index, item in enumerate(items):
        text = as_text(item)
        where = pointer if items is not values else pointer_to(pointer, index)
        if text is None:
            reader.note("condition_value_not_text", where, type=type_name(item))
        elif isinstance(item, float) and text in _NOT_FINITE:
            reader.note("not_finite", where, value=text)
        else:
            texts.append(text)
            if has_dates and operator is not None and not may_be_date(text):
                reader.note("malformed_date", where, value=shown(text), operator=operator.spelled)
    return texts


def is_about_dates(operator: Operator) -> bool:
    """Tell whether an operator compares dates."""
    return operator.base is not None and operator.base.value_type is DATE


def _reader(operator: Operator, *, variables: bool) -> Callable[[str], Template]:
    kind = operator.base.value_type if operator.base else None
    has_variables = variables and kind is not None and kind.variables
    wildcards = kind is not None and kind.wildcards
    return lambda text: template(text, variables=has_variables, wildcards=wildcards)
