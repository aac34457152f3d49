"""The policies that bear on a call. Every kind of policy comes in here and nowhere else.

    identity   of the user and the user's groups, inline and attached; of the role
    boundary   the permissions boundary of the user or role
    session    what AssumeRole or GetFederationToken was given
    resource   the trust policy of a role that is assumed, the policy of a bucket
    scp        what the account was told; there is no organization to attach them in

Policies of S3 access points and of VPC endpoints do not bear on a call here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from mfa_lab.account.call.caller import AuthenticatedCaller
from mfa_lab.account.moto_state import lookups
from mfa_lab.account.moto_state.state import MotoState
from mfa_lab.account.permissions.needed_permission import NeededPermission
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.iam.policy_set import PolicySet


@dataclass(frozen=True, slots=True)
class ApplicablePolicies:
    """The policies that bear on a call, with what they are called.

    Args:
        policies: What is decided by.
        arns: By label in the decision, such as `identity/0`; inline policies have none.
        names: By label, what a reader calls the policy.
    """

    policies: PolicySet
    arns: dict[str, str]
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class NamedDocument:
    """A policy document with the name of its policy.

    Args:
        name: What a reader calls it.
        document: Its text.
        arn: ARN of a managed policy; empty for an inline one.
    """

    name: str
    document: str
    arn: str = ""


@lru_cache(maxsize=1024)
def parse_document(document: str, kind: PolicyKind = PolicyKind.IDENTITY) -> Policy:
    """Read a policy document; each text is read once."""
    return Policy.parse(document, kind)


@lru_cache(maxsize=256)
def _policy_set(
    identity: tuple[str, ...],
    boundary: str | None,
    session: str | None,
    scps: tuple[Policy, ...],
    resource: str | None,
    resource_kind: PolicyKind,
) -> PolicySet:
    """Return the set of some policies; it is kept, since it remembers what it found by action."""
    return PolicySet(
        identity=[parse_document(document) for document in identity],
        boundary=None if boundary is None else parse_document(boundary, PolicyKind.BOUNDARY),
        session=None if session is None else parse_document(session, PolicyKind.SESSION),
        scps=scps,
        resource=None if resource is None else parse_document(resource, resource_kind),
    )


# AllowUsersToChangePassword of the account password policy: "the permissions are applied at the
# account-level for all users by IAM" (IAM API Reference, UpdateAccountPasswordPolicy).
CHANGE_OWN_PASSWORD: Final = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "AllowUsersToChangePassword",
      "Effect": "Allow",
      "Action": "iam:ChangePassword",
      "Resource": "%s"
    },
    {
      "Sid": "AllowGetAccountPasswordPolicy",
      "Effect": "Allow",
      "Action": "iam:GetAccountPasswordPolicy",
      "Resource": "*"
    }
  ]
}"""


# A boundary whose policy is gone allows nothing.
_NOTHING: Final = """{
  "Version": "2012-10-17",
  "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}
}"""


def find_applicable_policies(
    state: MotoState,
    principal: AuthenticatedCaller,
    permission: NeededPermission,
    scps: tuple[Policy, ...] = (),
) -> ApplicablePolicies:
    """Gather the policies that bear on what a principal calls.

    Args:
        state: Where they are attached.
        principal: Who calls.
        permission: What for, and on what.
        scps: Service control policies of the account.
    """
    identity = list(_identity_policies(state, principal))
    boundary = _boundary_policy(state, principal)
    session = _session_policy(principal)
    resource, kind = _resource_policy(state, permission)
    named = {f"identity/{number}": policy for number, policy in enumerate(identity)}
    named |= {"boundary": boundary} if boundary else {}
    return ApplicablePolicies(
        _policy_set(
            tuple(policy.document for policy in identity),
            boundary.document if boundary else None,
            session,
            scps,
            resource,
            kind,
        ),
        {label: policy.arn for label, policy in named.items() if policy.arn},
        {label: policy.name for label, policy in named.items()},
    )


def _identity_policies(state: MotoState, principal: AuthenticatedCaller) -> Iterator[NamedDocument]:
    holder = principal.role if principal.role is not None else principal.user
    if holder is None:
        return
    yield from _policies_of(holder)
    if principal.role is not None:
        return
    for group in lookups.groups_of(state, holder):
        yield from _policies_of(group)
    policy = state.password_policy()
    if policy is not None and policy.allow_users_to_change_password:
        yield NamedDocument("AllowUsersToChangePassword", CHANGE_OWN_PASSWORD % holder.arn)


def _policies_of(holder: Any) -> Iterator[NamedDocument]:
    for name, document in holder.policies.items():
        yield NamedDocument(name, document)
    for policy in holder.managed_policies.values():
        yield NamedDocument(policy.name, lookups.default_document(policy), policy.arn)


def _boundary_policy(state: MotoState, principal: AuthenticatedCaller) -> NamedDocument | None:
    holder = principal.role if principal.role is not None else principal.user
    arn = boundary_of(holder)
    if arn is None:
        return None
    policy = state.policy(arn)
    if policy is None:
        return NamedDocument(arn, _NOTHING, arn)
    return NamedDocument(policy.name, lookups.default_document(policy), arn)


def boundary_of(holder: Any) -> str | None:
    """Return the ARN of a user's or role's permissions boundary, or None."""
    boundary = getattr(holder, "permissions_boundary", None)
    return boundary["PermissionsBoundaryArn"] if boundary else None


def _session_policy(principal: AuthenticatedCaller) -> str | None:
    session = principal.session
    return merge_documents(session.policies) if session is not None and session.policies else None


@lru_cache(maxsize=256)
def merge_documents(documents: tuple[str, ...]) -> str:
    """Return one document with the statements of several: session policies allow together."""
    if len(documents) == 1:
        return documents[0]
    statements: list[Any] = []
    for document in documents:
        own = json.loads(document)["Statement"]
        for statement in own if isinstance(own, list) else [own]:
            statements.append({key: value for key, value in statement.items() if key != "Sid"})
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _resource_policy(
    state: MotoState, permission: NeededPermission
) -> tuple[str | None, PolicyKind]:
    """Return the policy of the resource, and its kind."""
    action = permission.action.lower()
    if action.startswith("sts:") and ":role/" in permission.resource:
        role = state.role_by_arn(permission.resource)
        return (role.assume_role_policy_document if role else None), PolicyKind.TRUST
    if permission.resource.startswith("arn:aws:s3:::"):
        bucket = permission.resource.removeprefix("arn:aws:s3:::").partition("/")[0]
        return lookups.bucket_policy(bucket), PolicyKind.RESOURCE
    return None, PolicyKind.RESOURCE
