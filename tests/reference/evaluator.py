"""A second evaluator of IAM policies: slow, obvious, and made apart from the first.

It reads one line of `mfa-lab evaluate` as it stands, and answers by the documented order. It shares
nothing with `mfa_lab.iam`, so that a mistake would have to be made twice to go unseen. It takes
documents to be valid.

Source: IAM User Guide, "Policy evaluation logic", "Cross-account policy evaluation logic",
"Permissions boundaries for IAM entities", "Session policies".
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.reference.actions import action_matches
from tests.reference.arns import account
from tests.reference.conditions import conditions_hold
from tests.reference.principals import (
    BY_ACCOUNT,
    BY_ITSELF,
    FEDERATED_USER,
    OTHER,
    ROOT,
    Principal,
    how_named,
    principal_of,
)
from tests.reference.resources import listed, resource_matches
from tests.reference.variables import value_of

ALLOW, EXPLICIT_DENY, IMPLICIT_DENY = "allow", "explicit_deny", "implicit_deny"
NO_PERMISSION_NEEDED = {"sts:getcalleridentity", "sts:getsessiontoken"}
IN_ORDER = ["rcp", "scp", "resource", "identity", "boundary", "session"]
OF_THE_CALLER = {"identity", "boundary", "session"}


class Match(NamedTuple):
    """A statement that matches the request."""

    kind: str
    level: int
    policy: str
    statement: int
    effect: str
    how_named: int


def documents(kind: str, given: Any) -> list[tuple[int, str, dict[str, Any]]]:
    """Each document of a kind, with its level and its label, such as "scp/1/0"."""
    if isinstance(given, dict):
        return [(0, kind, given)]
    found: list[tuple[int, str, dict[str, Any]]] = []
    for place, one in enumerate(given or []):
        if isinstance(one, dict):
            found.append((0, f"{kind}/{place}", one))
        else:
            found += [(place, f"{kind}/{place}/{at}", document) for at, document in enumerate(one)]
    return found


def levels(given: Any) -> int:
    """How many levels of an organization the policies are for; a flat list is one."""
    return len(given) if isinstance(given[0], list) else 1


def asked(kind: str, principal: Principal) -> bool:
    """Whether policies of this kind bear on the principal.

    A service or an anonymous caller belongs to no organization, and, like the root user, is no
    identity of IAM. No organization limits what AWS's services do by their service-linked roles.
    """
    if kind in ("scp", "rcp") and "/aws-service-role/" in principal.role:
        return False
    if kind == "scp":
        return principal.kind != OTHER
    return kind not in OF_THE_CALLER or principal.kind not in (ROOT, OTHER)


def is_trust_policy(document: dict[str, Any]) -> bool:
    """Whether a resource's policy is a role's, which names no resource: it is about its role."""
    return not any({"Resource", "NotResource"} & set(one) for one in listed(document["Statement"]))


def without_idle_trust_policy(policies: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """The policies without a trust policy where nobody assumes the role: it says nothing then."""
    given = policies.get("resource")
    is_idle = given and is_trust_policy(given) and not request["action"].lower().startswith("sts:")
    return {**policies, "resource": None} if is_idle else policies


def matches(policies: dict[str, Any], request: dict[str, Any], principal: Principal) -> list[Match]:
    """Every statement that matches, in the order of kinds and of the input."""
    context = request.get("context") or {}
    has_boundary = bool(policies.get("boundary"))
    return [
        Match(kind, level, label, place, statement["Effect"], naming)
        for kind in IN_ORDER
        if asked(kind, principal)
        for level, label, document in documents(kind, policies.get(kind))
        for place, statement in enumerate(listed(document["Statement"]))
        if (naming := how_named(statement, principal, has_boundary))
        and action_matches(statement, request["action"])
        and resource_matches(statement, request["resource"], document.get("Version", ""), context)
        and conditions_hold(statement, document.get("Version", ""), context)
    ]


def in_same_account(request: dict[str, Any], principal: Principal) -> bool:
    """Whether the resource is in the principal's account; one of no account is."""
    if principal.kind == OTHER:
        return False
    known = value_of("aws:ResourceAccount", request.get("context") or {})
    owner = known if isinstance(known, str) else account(request["resource"])
    return owner in ("", principal.account)


def is_decisive(policies: dict[str, Any], request: dict[str, Any]) -> bool:
    """Whether the resource's own policy alone decides: a role's trust policy, a KMS key policy."""
    is_trust = is_trust_policy(policies["resource"])
    return is_trust or request["action"].lower().startswith(("sts:assumerole", "kms:"))


def without_grant(
    policies: dict[str, Any],
    request: dict[str, Any],
    principal: Principal,
    by_resource: int,
    by_identity: bool,
) -> set[str]:
    """Which of the resource's and the identity's policies would have had to allow, and did not."""
    if principal.kind == OTHER:
        return set() if by_resource > BY_ACCOUNT else {"resource"}
    if not in_same_account(request, principal):
        lacking = set() if by_resource else {"resource"}
        return lacking if by_identity or principal.kind == ROOT else lacking | {"identity"}
    given = bool(policies.get("resource"))
    if given and is_decisive(policies, request) and not by_resource:
        return {"resource"}
    if by_identity or by_resource > BY_ACCOUNT or principal.kind == ROOT:
        return set()
    return {"resource", "identity"} if given and not by_resource else {"identity"}


def lacking(
    policies: dict[str, Any], request: dict[str, Any], principal: Principal, allows: list[Match]
) -> set[str]:
    """Every kind of policy that would have had to allow the request, and did not."""
    kinds = {match.kind for match in allows}
    by_resource = max((one.how_named for one in allows if one.kind == "resource"), default=0)
    found = without_grant(policies, request, principal, by_resource, "identity" in kinds)

    if asked("scp", principal) and policies.get("scp"):
        allowing = {match.level for match in allows if match.kind == "scp"}
        if len(allowing) < levels(policies["scp"]):
            found.add("scp")

    # A resource's policy that names the caller itself is not limited by what limits the caller.
    limited = not (in_same_account(request, principal) and by_resource == BY_ITSELF)
    for kind in ("boundary", "session"):
        needed = policies.get(kind) or (kind == "session" and principal.kind == FEDERATED_USER)
        if asked(kind, principal) and limited and needed and kind not in kinds:
            found.add(kind)
    return found


def decide(policies: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Decide one line of `mfa-lab evaluate`.

    Args:
        policies: the documents by kind.
        request: action, resource, principal and context.

    Returns:
        outcome; decided_by, the statements that decided; missing, the kinds that held no Allow.
    """
    if request["action"].lower() in NO_PERMISSION_NEEDED:
        return {"outcome": ALLOW, "decided_by": [], "missing": []}
    principal = principal_of(request["principal"], request.get("context") or {})
    policies = without_idle_trust_policy(policies, request)
    found = matches(policies, request, principal)

    def answer(outcome: str, deciding: list[Match], missing: set[str]) -> dict[str, Any]:
        decided_by = [{"policy": one.policy, "statement": one.statement} for one in deciding]
        return {
            "outcome": outcome,
            "decided_by": decided_by,
            "missing": [kind for kind in IN_ORDER if kind in missing],
        }

    denies = [match for match in found if match.effect == "Deny"]
    if denies:
        return answer(EXPLICIT_DENY, denies, set())
    allows = [match for match in found if match.effect == "Allow"]
    missing = lacking(policies, request, principal, allows)
    return answer(IMPLICIT_DENY, [], missing) if missing else answer(ALLOW, allows, set())
