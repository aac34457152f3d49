"""Which kinds of policy must allow a request, where no Deny matches, and which do.

The rule is written once, for one request and for sets of requests alike: every value here is an
integer that is either 1 or 0, or holds a bit for each request of a set.

Source: IAM User Guide, "Policy evaluation for requests within a single account", "Cross-account
policy evaluation logic", "Permissions boundaries for IAM entities".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.principals import Naming, Principal, PrincipalType, is_in_account_of
from mfa_lab.iam.request import Request
from mfa_lab.iam.statement_index import TRUST_POLICY_DECIDES

# Where only the resource's own policy can let somebody in: role trust policies and KMS key policies
# ("How AWS enforcement code logic evaluates requests to allow or deny access").
RESOURCE_POLICY_DECIDES: Final = ("sts:assumerole", "kms:")

_NONE: Final = ()
_IDENTITY_ALONE: Final = (str(PolicyKind.IDENTITY),)


@dataclass(slots=True)
class Allows:
    """Where each kind of policy allows.

    Args:
        kinds: The kinds that were given.
        everything: All the requests: 1 for one request.
        same_account: Where the resource is of the principal's own account.
        has_resource_policy: Where a resource policy applies.
        resource_decides: Where only the resource policy can let somebody in.
        scps: Where service control policies allow, by level.
        by_kind: Where each other kind allows.
        by_naming: Where the resource policy allows, by how closely it names the principal.
    """

    kinds: frozenset[PolicyKind]
    everything: int
    same_account: int
    has_resource_policy: int
    resource_decides: int
    scps: list[int]
    by_kind: dict[PolicyKind, int] = field(default_factory=dict)
    by_naming: dict[Naming, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        policies: PolicySet,
        *,
        everything: int,
        same_account: int,
        resource_decides: int,
        trust_decides: int,
    ) -> Allows:
        """Begin with nothing allowed.

        Args:
            policies: The policies that apply to the requests.
            everything: All the requests.
            same_account: Those about resources of the principal's own account.
            resource_decides: Those that a resource policy decides, if there is one.
            trust_decides: Those that a trust policy applies to, and then decides.
        """
        if policies.resource is None:
            applies = decides = 0
        elif policies.resource.kind is PolicyKind.TRUST:
            applies = decides = trust_decides
        else:
            applies, decides = everything, resource_decides
        scps = [0] * policies.scp_levels
        return cls(policies.kinds, everything, same_account, applies, decides, scps)

    def add(self, matched: MatchedStatement, principal: Principal, requests: int) -> None:
        """Add an Allow statement.

        Args:
            matched: The statement.
            principal: Who makes the requests.
            requests: The requests that it matches.
        """
        if matched.kind is PolicyKind.SCP:
            self.scps[matched.level] |= requests
        elif matched.kind is PolicyKind.RESOURCE:
            principals = matched.statement.principals
            naming = principals.naming(principal) if principals else Naming.NOT_NAMED
            self.by_naming[naming] = self.by_naming.get(naming, 0) | requests
        else:
            self.by_kind[matched.kind] = self.by_kind.get(matched.kind, 0) | requests

    def named(self, least: Naming) -> int:
        """Return where the resource policy allows and names the principal at least so closely."""
        requests = 0
        for naming, allowed in self.by_naming.items():
            if naming >= least:
                requests |= allowed
        return requests


def kinds_without_allow(
    policies: PolicySet,
    principal: Principal,
    request: Request,
    allowing: list[MatchedStatement],
) -> tuple[str, ...]:
    """Return the kinds of policy that lack an Allow which a request needs.

    Args:
        policies: The policies that apply to it.
        principal: Who makes it.
        request: The request.
        allowing: The Allow statements that match it.

    Returns:
        The kinds in the order in which AWS evaluates them; none where the request is allowed.
    """
    if (  # a short cut: `missing_allows` gives the same, and takes longer (see `fast_path`)
        policies.is_identity_alone
        and principal.has_policies
        and principal.type is not PrincipalType.FEDERATED_USER
        and is_in_account_of(principal, request.resource, request.values)
    ):
        return _NONE if allowing else _IDENTITY_ALONE
    allows = _allows_of(policies, principal, request, allowing)
    return tuple(str(kind) for kind, lacks in missing_allows(allows, principal).items() if lacks)


def root_needs_no_allow(policies: PolicySet, root: Principal, request: Request) -> bool:
    """Tell whether the root user may make a request without an Allow.

    That is so in the own account, but for what only the resource's own policy can allow.

    Args:
        policies: The policies that apply to it.
        root: The root user.
        request: The request.
    """
    allows = _allows_of(policies, root, request, ())
    return bool(allows.same_account & ~allows.resource_decides)


def _allows_of(
    policies: PolicySet,
    principal: Principal,
    request: Request,
    allowing: Iterable[MatchedStatement],
) -> Allows:
    """Return where each kind of policy allows, for one request."""
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


def missing_allows(allows: Allows, principal: Principal) -> dict[PolicyKind, int]:
    """Return where each kind of policy lacks an Allow that is needed; allowed is what is nowhere.

    Resource control policies lack none: RCPFullAWSAccess, which allows all, cannot be detached.

    Args:
        allows: Where each kind allows.
        principal: Who makes the requests.

    Returns:
        The kinds in the order in which AWS evaluates them.
    """
    return {
        PolicyKind.SCP: _lacking_scps(allows, principal),
        PolicyKind.RESOURCE: _lacking_resource(allows, principal),
        PolicyKind.IDENTITY: _lacking_identity(allows, principal),
        PolicyKind.BOUNDARY: _lacking_limit(allows, principal, PolicyKind.BOUNDARY),
        PolicyKind.SESSION: _lacking_limit(allows, principal, PolicyKind.SESSION),
    }


def _lacking_scps(allows: Allows, principal: Principal) -> int:
    """Every level must allow. A service or an outsider belongs to no organization here."""
    if principal.type is PrincipalType.OTHER or principal.is_service_linked:
        return 0
    allowed = allows.everything
    for level in allows.scps:
        allowed &= level
    return allows.everything & ~allowed


def _identity(allows: Allows, principal: Principal) -> int:
    """Where the identity side allows: a principal that can have no policies needs none."""
    if not principal.has_policies:
        return allows.everything
    return allows.by_kind.get(PolicyKind.IDENTITY, 0)


def _lacking_resource(allows: Allows, principal: Principal) -> int:
    """Across accounts both sides must allow; within one, the resource policy may, but need not.

    A resource policy that names the account alone leaves the decision to the account's identity
    policies.
    """
    named = allows.named(Naming.ITS_ACCOUNT)
    must = (allows.everything & ~allows.same_account) | allows.resource_decides
    lacks = must & ~named
    return lacks | allows.has_resource_policy & ~must & ~(named | _identity(allows, principal))


def _lacking_identity(allows: Allows, principal: Principal) -> int:
    lacks = allows.everything & ~_identity(allows, principal)
    direct = allows.named(Naming.ITS_ROLE)
    delegated = allows.named(Naming.ITS_ACCOUNT)
    # Where the resource policy decides and does not allow, it alone is what is missing.
    left_out = allows.resource_decides & ~delegated
    return lacks & ~(allows.same_account & (direct | left_out))


def _lacking_limit(allows: Allows, principal: Principal, kind: PolicyKind) -> int:
    """Boundary and session policy limit what is granted.

    They do not limit what a resource policy of the same account grants to the user or the session
    itself, or to everyone. A federated user has no permissions without a session policy.
    """
    is_needed = kind in allows.kinds or (
        kind is PolicyKind.SESSION and principal.type is PrincipalType.FEDERATED_USER
    )
    if not is_needed or not principal.has_policies:
        return 0
    unlimited = allows.same_account & allows.named(Naming.ITSELF)
    return allows.everything & ~(allows.by_kind.get(kind, 0) | unlimited)
