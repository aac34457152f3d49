"""Why a decision came out as it did: every statement, element by element, as plain data.

Made only when asked for. It asks the same elements that decided, so it cannot tell another story.
"""

from __future__ import annotations

from typing import Any

from mfa_lab.iam.conditions import ConditionTest
from mfa_lab.iam.context import Context
from mfa_lab.iam.decision import Decision
from mfa_lab.iam.request import Request
from mfa_lab.iam.statement import Statement


def trace_of(decision: Decision) -> dict[str, Any]:
    """Give the trace of a decision.

    Returns:
        `outcome`, `exemption` (a code or None), `missing`, and `statements`: of each its
        `policy`, `statement`, `sid`, `effect`, whether it `matched`, and its `action`,
        `resource` and `conditions`, each with whether it matched and by what.
    """
    request = decision.request
    statements = [] if decision.exemption else list(decision.policies.statements())
    return {
        "outcome": str(decision.outcome),
        "exemption": decision.exemption and str(decision.exemption),
        "missing": list(decision.missing),
        "statements": [_of_statement(policy, one, request) for policy, one in statements],
    }


def _of_statement(policy: str, statement: Statement, request: Request) -> dict[str, Any]:
    actions, resources = statement.actions, statement.resources
    conditions = [_of_condition(test, request.values) for test in statement.conditions]
    fitting = [
        one.spelled for one in resources.patterns if one.matches(request.resource, request.values)
    ]
    action_matched = actions.matches(request.action)
    resource_matched = resources.matches(request.resource, request.values)
    return {
        "policy": policy,
        "statement": statement.index,
        "sid": statement.sid,
        "effect": str(statement.effect),
        "matched": action_matched
        and resource_matched
        and all(condition["holds"] for condition in conditions),
        "action": {
            "element": actions.name,
            "matched": action_matched,
            "fitting": list(actions.listed(request.action)),
        },
        "resource": {
            "element": resources.name,
            "matched": resource_matched,
            "fitting": fitting,
            "patterns": [one.spelled for one in resources.patterns],
            "without_value": [
                one.spelled
                for one in resources.patterns
                if one.last_pattern(request.values) is None
            ],
        },
        "conditions": conditions,
    }


def _of_condition(test: ConditionTest, context: Context) -> dict[str, Any]:
    finding = test.find(context)
    given = context.get(test.key)
    return {
        "operator": test.operator.spelled,
        "key": test.spelled_key,
        "wanted": [template.text for template in test.wanted],
        "given": list(given) if isinstance(given, tuple) else given,
        "finding": finding.code,
        "holds": finding.holds,
    }
