"""The decision: sort the statements that match into Deny and Allow, then decide.

Source: IAM User Guide, "Policy evaluation logic" with its pages on requests within a single
account and across accounts; data/facts.md, "Policy evaluation".
"""

from __future__ import annotations

from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.decision import Decision, Exemption, Outcome
from mfa_lab.iam.policy_set import PolicySet, PolicySetError
from mfa_lab.iam.principals import Principal, PrincipalType, principal_of
from mfa_lab.iam.request import Request, RequestError
from mfa_lab.iam.required_allows import kinds_without_allow, root_needs_no_allow
from mfa_lab.iam.service_rules import NO_PERMISSION_NEEDED


def evaluate(policies: PolicySet, request: Request) -> Decision:
    """Decide a request as AWS documents it, on the context as given.

    Args:
        policies: The policies that apply to it.
        request: Who wants to do what. Nothing is added to its context: what a caller's credentials
            imply comes from `mfa_lab.iam.credentials`.

    Raises:
        PolicySetError: `policies` is no PolicySet.
        RequestError: `request` is no Request.
    """
    if not isinstance(policies, PolicySet):
        raise PolicySetError("not_a_set", "policies", type=type(policies).__name__)
    if not isinstance(request, Request):
        raise RequestError("request", "not_a_request", request)
    if request.lowered_action in NO_PERMISSION_NEEDED:
        return Decision(Outcome.ALLOW, policies, request, exemption=Exemption.NO_PERMISSION_NEEDED)
    principal = principal_of(request.principal, request.values)
    denying, allowing = _sort(policies, principal, request)
    if denying:
        return Decision(Outcome.EXPLICIT_DENY, policies, request, tuple(denying))
    missing = kinds_without_allow(policies, principal, request, allowing)
    if missing:
        return Decision(Outcome.IMPLICIT_DENY, policies, request, missing=missing)
    is_root = principal.type is PrincipalType.ACCOUNT_ROOT
    is_exempt = is_root and root_needs_no_allow(policies, principal, request)
    exemption = Exemption.ROOT_USER if is_exempt else None
    return Decision(Outcome.ALLOW, policies, request, tuple(allowing), (), exemption)


def matching_statements(
    policies: PolicySet, request: Request
) -> tuple[list[MatchedStatement], list[MatchedStatement]]:
    """Return the Deny statements and the Allow statements that match a request.

    Args:
        policies: The policies that apply to it.
        request: Who wants to do what.
    """
    return _sort(policies, principal_of(request.principal, request.values), request)


def _sort(
    policies: PolicySet, principal: Principal, request: Request
) -> tuple[list[MatchedStatement], list[MatchedStatement]]:
    """Sort the statements that match into those that deny and those that allow."""
    denying: list[MatchedStatement] = []
    allowing: list[MatchedStatement] = []
    resource, context = request.resource, request.values
    candidates = policies.index_for(principal).covering(request.lowered_action)
    for statement, denies, principals, resources, conditions in candidates:
        if resources is not None and not resources.match(resource, context).matched:
            continue
        if principals is not None and not principals.matches(
            principal, has_boundary=policies.has_boundary
        ):
            continue
        for test in conditions:
            if not test.result(context).holds:
                break
        else:
            (denying if denies else allowing).append(statement)
    return denying, allowing
