"""The decision: which statements match, and what their policies say together.

Source: IAM User Guide, "Policy evaluation logic" with its pages on requests within a single
account and across accounts; data/facts.md, "Policy evaluation".
"""

from __future__ import annotations

from typing import Final

from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.decision import Decision, Exemption, Outcome
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.iam.policy_set import TRUST_POLICY_DECIDES, PolicySet, require_policies
from mfa_lab.iam.principals import Principal, PrincipalType, is_in_account_of, principal_of
from mfa_lab.iam.request import Request, require_request
from mfa_lab.iam.required_allows import Allows, missing_allows
from mfa_lab.iam.service_rules import NO_PERMISSION_NEEDED

# What nobody may do whom the resource's own policy does not name: with role trust policies and KMS
# key policies ("How AWS enforcement code logic evaluates requests to allow or deny access").
RESOURCE_POLICY_DECIDES: Final = ("sts:assumerole", "kms:")

_IDENTITY: Final = (str(PolicyKind.IDENTITY),)


def evaluate(policies: PolicySet, request: Request) -> Decision:
    """Decide a request as AWS documents it, on the context as given.

    Args:
        policies: The policies that bear on it.
        request: Who asks for what. Nothing is added to its context: what a caller's credentials
            imply comes from `mfa_lab.iam.credentials`.

    Raises:
        PolicySetError: What is given as policies is no PolicySet.
        RequestError: What is given as request is no Request.
    """
    try:  # which costs nothing where all is well, as a look at the types would
        if request.lowered_action in NO_PERMISSION_NEEDED:
            return Decision(
                Outcome.ALLOW, policies, request, exemption=Exemption.NO_PERMISSION_NEEDED
            )
        principal = principal_of(request.principal, request.values)
        denying, allowing = _matching(policies, principal, request)
        if denying:
            return Decision(Outcome.EXPLICIT_DENY, policies, request, tuple(denying))
        if _is_plain(policies, principal, request):
            if allowing:
                return Decision(Outcome.ALLOW, policies, request, tuple(allowing))
            return Decision(Outcome.IMPLICIT_DENY, policies, request, missing=_IDENTITY)
        allows = _allows(policies, principal, request, allowing)
        missing = tuple(
            str(kind) for kind, lacks in missing_allows(allows, principal).items() if lacks
        )
        if missing:
            return Decision(Outcome.IMPLICIT_DENY, policies, request, missing=missing)
        exemption = Exemption.ROOT_USER if allows.granted_to_root(principal) else None
        return Decision(Outcome.ALLOW, policies, request, tuple(allowing), exemption=exemption)
    except AttributeError:
        require_policies(policies)
        require_request(request)
        raise


def matching_statements(
    policies: PolicySet, request: Request
) -> tuple[list[MatchedStatement], list[MatchedStatement]]:
    """Give the Deny statements and the Allow statements that match a request.

    Args:
        policies: The policies that bear on it.
        request: Who asks for what.
    """
    return _matching(policies, principal_of(request.principal, request.values), request)


def _matching(
    policies: PolicySet, principal: Principal, request: Request
) -> tuple[list[MatchedStatement], list[MatchedStatement]]:
    """Give the Deny statements and the Allow statements that match."""
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


def _is_plain(policies: PolicySet, principal: Principal, request: Request) -> bool:
    """Tell whether it takes an identity-based Allow and no more.

    `missing_allows` gives the same, and takes longer.
    """
    return (
        policies.is_identity_alone
        and principal.has_policies
        and principal.type is not PrincipalType.FEDERATED_USER
        and is_in_account_of(principal, request.resource, request.values)
    )


def _allows(
    policies: PolicySet,
    principal: Principal,
    request: Request,
    allowing: list[MatchedStatement],
) -> Allows:
    """Bring the Allow statements that match into the form of `missing_allows`, of one request."""
    allows = Allows.of(
        policies,
        everything=1,
        same_account=int(is_in_account_of(principal, request.resource, request.values)),
        resource_decides=int(request.lowered_action.startswith(RESOURCE_POLICY_DECIDES)),
        trust_decides=int(request.lowered_action.startswith(TRUST_POLICY_DECIDES)),
    )
    for matched in allowing:
        allows.add(matched, principal, 1)
    return allows
