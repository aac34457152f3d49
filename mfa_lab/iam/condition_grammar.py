"""What Condition may hold.

Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM JSON policy elements:
Condition operators".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from mfa_lab.iam.conditions import ConditionTest, condition_test
from mfa_lab.iam.document import pointer_to
from mfa_lab.iam.elements import Elements, Given
from mfa_lab.iam.operators import OPERATOR_SPELLINGS, Operator, operator_named
from mfa_lab.iam.spelling import as_text, shown, type_name
from mfa_lab.iam.variables import Template, template


def conditions(
    read: Elements, given: Given, pointer: str, *, variables: bool
) -> Iterator[ConditionTest]:
    """Read the Condition of a statement.

    Args:
        read: Reads, and keeps the mistakes.
        given: The statement.
        pointer: Where the statement is.
        variables: Whether the language of the policy knows variables.
    """
    if "Condition" not in given:
        return
    pointer = pointer_to(pointer, "Condition")
    for name, keys in read.members(given["Condition"], pointer, "condition_not_an_object"):
        where = pointer_to(pointer, name)
        operator = operator_named(name)
        if operator is None and _is_swapped(name, keys):
            read.note("operator_and_key_swapped", where, key=shown(name))
            continue
        if operator is None:
            suggestion = read.suggestion(name, OPERATOR_SPELLINGS)
            read.note("unknown_operator", where, operator=shown(name), suggestion=suggestion)
        for key, values in read.members(keys, where, "operator_not_an_object"):
            texts = _texts(read, key, values, pointer_to(where, key))
            if operator is not None:
                wanted = map(_reader(operator, variables=variables), texts)
                yield condition_test(operator, key, tuple(wanted))


def _is_swapped(name: str, keys: object) -> bool:
    """Whether a context key stands where the operator should, and holds operators."""
    return (
        isinstance(keys, Mapping)
        and bool(keys)
        and ":" in name
        and all(isinstance(key, str) and operator_named(key) for key in keys)
    )


def _texts(read: Elements, key: str, values: object, pointer: str) -> list[str]:
    """Give the values of a context key as texts."""
    items = values if isinstance(values, (list, tuple)) else [values]
    if not items:
        read.note("empty_values", pointer, key=shown(key))
    texts: list[str] = []
    for index, item in enumerate(items):
        text = as_text(item)
        if text is None:
            where = pointer if items is not values else pointer_to(pointer, index)
            read.note("condition_value_not_text", where, type=type_name(item))
        else:
            texts.append(text)
    return texts


def _reader(operator: Operator, *, variables: bool) -> Callable[[str], Template]:
    kind = operator.base.kind if operator.base else None
    has_variables = variables and kind is not None and kind.variables
    wildcards = kind is not None and kind.wildcards
    return lambda text: template(text, variables=has_variables, wildcards=wildcards)
