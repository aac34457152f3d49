"""Which statements a decision looked at, element by element, as plain data.

It is made only when somebody reads it, by the same elements that decided, so the two cannot differ.
"""

from __future__ import annotations

from typing import Any

from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.condition.conditions import ConditionTest
from mfa_lab.iam.context import Context
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.principals import Naming, Principal, PrincipalElement, principal_of
from mfa_lab.iam.request import Request
from mfa_lab.iam.service_rules import NO_PERMISSION_NEEDED
from mfa_lab.iam.statement import ActionElement, ResourceElement


def trace_statements(policies: PolicySet, request: Request) -> list[dict[str, Any]]:
    """Return every statement that can apply to the principal, and what of it matches a request.

    Args:
        policies: The policies that the request was decided by.
        request: The request.

    Returns:
        A dictionary for each statement: its `policy`, `statement`, `sid`, `effect`, whether it
        `matched`, and its `principal` and `resource` (None where it has none), `action` and
        `conditions`, each with whether it matched and by what. Empty for an action that needs no
        permission.
    """
    if request.lowered_action in NO_PERMISSION_NEEDED:
        return []
    principal = principal_of(request.principal, request.values)
    statements = policies.index_for(principal).statements
    return [_of_statement(each, policies, request, principal) for each in statements]


def _of_statement(
    attached: MatchedStatement, policies: PolicySet, request: Request, principal: Principal
) -> dict[str, Any]:
    statement = attached.statement
    context = request.values
    by_action = _of_action(statement.actions, request.lowered_action)
    matched = by_action["matched"]
    by_principal = by_resource = None
    if statement.principals is not None:
        by_principal = _of_principal(statement.principals, principal, policies.has_boundary)
        matched = matched and by_principal["matched"]
    if statement.resources is not None:
        by_resource = _of_resource(statement.resources, request.resource, context)
        matched = matched and by_resource["matched"]
    conditions = []
    for test in statement.conditions:
        condition = _of_condition(test, context)
        matched = matched and condition["holds"]
        conditions.append(condition)
    return {
        "policy": attached.policy,
        "statement": statement.index,
        "sid": statement.sid,
        "effect": str(statement.effect),
        "matched": matched,
        "principal": by_principal,
        "action": by_action,
        "resource": by_resource,
        "conditions": conditions,
    }


def _of_principal(
    element: PrincipalElement, principal: Principal, has_boundary: bool
) -> dict[str, Any]:
    return {
        "element": element.name,
        "matched": element.matches(principal, has_boundary=has_boundary),
        "fitting": [
            entry.value for entry in element.entries if entry.naming(principal) > Naming.NOT_NAMED
        ],
        "entries": [entry.value for entry in element.entries],
        "naming": element.naming(principal).name.lower(),
    }


def _of_action(element: ActionElement, action: str) -> dict[str, Any]:
    fitting = element.matching_entries(action)
    return {
        "element": element.name,
        "matched": bool(fitting) is not element.negated,
        "fitting": list(fitting),
    }


def _of_resource(element: ResourceElement, resource: str, context: Context) -> dict[str, Any]:
    match = element.match(resource, context)
    return {
        "element": element.name,
        "matched": match.matched,
        "fitting": list(match.fitting),
        "patterns": list(element.spelled),
        "without_value": list(match.without_value),
    }


def _of_condition(test: ConditionTest, context: Context) -> dict[str, Any]:
    result = test.result(context)
    value = context.get(test.key)
    return {
        "operator": test.operator.spelled,
        "key": test.spelled_key,
        "wanted": list(test.spelled_values),
        "given": list(value) if isinstance(value, tuple) else value,
        "finding": result.code,
        "holds": result.holds,
    }
