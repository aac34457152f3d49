"""Why a decision came out as it did: every statement, element by element, as plain data.

Made only when asked for. It asks the same elements that decided, so it cannot tell another story.
"""

from __future__ import annotations

from typing import Any

from mfa_lab.iam.authorizer import NO_PERMISSION_NEEDED, principal_of
from mfa_lab.iam.condition.conditions import ConditionTest
from mfa_lab.iam.context import Context
from mfa_lab.iam.decision import Decision, MatchedStatement
from mfa_lab.iam.principals import Naming, Principal, PrincipalElement
from mfa_lab.iam.statement import ActionElement, ResourceElement


def trace_of(decision: Decision) -> dict[str, Any]:
    """Give the trace of a decision.

    Returns:
        `outcome`, `exemption` (a code or None), `missing`, and `statements`: of each its
        `policy`, `statement`, `sid`, `effect`, whether it `matched`, and its `principal` (None
        where it has none), `action`, `resource` (None likewise) and `conditions`, each with
        whether it matched and by what.
    """
    request, policies = decision.request, decision.policies
    principal = principal_of(request.principal, request.values)
    statements: tuple[MatchedStatement, ...] = ()
    if request.lowered_action not in NO_PERMISSION_NEEDED:
        statements = policies.index_for(principal).statements
    return {
        "outcome": str(decision.outcome),
        "exemption": decision.exemption and str(decision.exemption),
        "missing": list(decision.missing),
        "statements": [_of_statement(one, decision, principal) for one in statements],
    }


def _of_statement(
    one: MatchedStatement, decision: Decision, principal: Principal
) -> dict[str, Any]:
    request, statement = decision.request, one.statement
    context = request.values
    by_action = _of_action(statement.actions, request.lowered_action)
    matched = by_action["matched"]
    by_principal = by_resource = None
    if statement.principals is not None:
        has_boundary = decision.policies.has_boundary
        by_principal = _of_principal(statement.principals, principal, has_boundary)
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
        "policy": one.policy,
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
            one.value for one in element.entries if one.naming(principal) > Naming.NOT_NAMED
        ],
        "entries": [one.value for one in element.entries],
        "naming": element.naming(principal).name.lower(),
    }


def _of_action(element: ActionElement, action: str) -> dict[str, Any]:
    fitting = element.listed(action)
    return {
        "element": element.name,
        "matched": bool(fitting) is not element.negated,
        "fitting": list(fitting),
    }


def _of_resource(element: ResourceElement, resource: str, context: Context) -> dict[str, Any]:
    found = element.find(resource, context)
    return {
        "element": element.name,
        "matched": found.matched,
        "fitting": list(found.fitting),
        "patterns": list(element.spelled),
        "without_value": list(found.without_value),
    }


def _of_condition(test: ConditionTest, context: Context) -> dict[str, Any]:
    finding = test.find(context)
    given = context.get(test.key)
    return {
        "operator": test.operator.spelled,
        "key": test.spelled_key,
        "wanted": list(test.spelled_values),
        "given": list(given) if isinstance(given, tuple) else given,
        "finding": finding.code,
        "holds": finding.holds,
    }
