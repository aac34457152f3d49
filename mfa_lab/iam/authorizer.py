"""The decision: sort the statements that match by their effect, then decide.

Source: IAM User Guide, "Policy evaluation logic".
"""

from __future__ import annotations

from typing import Final

from mfa_lab.iam.decision import Decision, Exemption, MatchedStatement, Outcome
from mfa_lab.iam.policy import IDENTITY, SESSION, PolicySet
from mfa_lab.iam.request import Request
from mfa_lab.iam.statement import Effect

# "No permissions are required to perform this operation", a Deny statement included (FACTS 4).
NO_PERMISSION_NEEDED: Final = frozenset({"sts:getcalleridentity", "sts:getsessiontoken"})


def evaluate(policies: PolicySet, request: Request) -> Decision:
    """Decide a request as AWS documents it, on the context as given.

    Args:
        policies: The policies that bear on it.
        request: Who asks for what. Nothing is added to its context: what a caller's credentials
            imply comes from `mfa_lab.iam.credentials`.
    """
    exemption = exemption_of(request)
    if exemption is not None:
        return Decision(Outcome.ALLOW, (), (), exemption, policies, request)

    denying: list[MatchedStatement] = []
    allowing: list[MatchedStatement] = []
    for policy, statement in policies.statements():
        if statement.matches(request.action, request.resource, request.values):
            matched = denying if statement.effect is Effect.DENY else allowing
            matched.append(MatchedStatement(policy, statement))

    missing = (*(() if allowing else (IDENTITY,)), *missing_kinds(request.principal))
    explicit_deny, allow = settle(bool(denying), not missing)
    if explicit_deny:
        return Decision(Outcome.EXPLICIT_DENY, tuple(denying), (), None, policies, request)
    if allow:
        return Decision(Outcome.ALLOW, tuple(allowing), (), None, policies, request)
    return Decision(Outcome.IMPLICIT_DENY, (), missing, None, policies, request)


def settle(denied: int, allowed: int) -> tuple[int, int]:
    """Decide by what the statements say: a Deny always wins, and without an Allow nothing goes.

    Args:
        denied: Where a Deny statement matches: a truth value for one request, or a set of
            requests as the bits of an integer.
        allowed: Where an Allow statement matches, likewise.

    Returns:
        Where the request is denied explicitly, and where it is allowed; elsewhere implicitly
        denied.
    """
    return denied, allowed & ~denied


def missing_kinds(principal: str) -> tuple[str, ...]:
    """Give the kinds of policy without which a principal may do nothing, and that it lacks.

    Args:
        principal: Its ARN. A federated user needs a session policy.
    """
    return (SESSION,) if ":federated-user/" in principal else ()


def exemption_of(request: Request) -> Exemption | None:
    """Tell why no policy is asked about a request, or None."""
    if request.action.lower() in NO_PERMISSION_NEEDED:
        return Exemption.NO_PERMISSION_NEEDED
    return Exemption.ROOT_USER if request.is_by_root_user else None
