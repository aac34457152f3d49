"""Policy documents on their way into the account: their grammar, their size, and to whom they go.

What `mfa_lab.iam` cannot read is refused, so that every policy in the account can be decided by.

Source: IAM User Guide, "IAM and AWS STS quotas"; IAM API Reference; data/facts.md, "Policy
grammar".
"""

from __future__ import annotations

import re
from typing import Any, Final

from mfa_lab.account.call.attached_policies import parse_document
from mfa_lab.account.call.authenticated_call import Call, OwnOperation
from mfa_lab.account.fault import Fault
from mfa_lab.account.http import HttpAnswer
from mfa_lab.account.moto_state import lookups
from mfa_lab.account.moto_state.state import MotoState, policy_error_message
from mfa_lab.account.operations.entities import (
    no_such_entity,
    require_group,
    require_role,
    require_user,
)
from mfa_lab.account.operations.principals_in_policies import unknown_principal
from mfa_lab.iam.parsing import quotas
from mfa_lab.iam.parsing.mistakes import PolicyError
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_kind import PolicyKind

POLICIES_PER_PRINCIPAL: Final = 10
_INLINE_QUOTAS: Final = {
    "user": quotas.INLINE_POLICIES_OF_USER,
    "group": quotas.INLINE_POLICIES_OF_GROUP,
    "role": quotas.INLINE_POLICIES_OF_ROLE,
}


def require_policy_document(document: str, kind: PolicyKind = PolicyKind.IDENTITY) -> Policy:
    """Return the policy that a document holds.

    Args:
        document: Its text.
        kind: As what.

    Raises:
        Fault: It breaks a rule of the grammar.
    """
    try:
        return parse_document(document, kind)
    except PolicyError as error:
        group = _group_as_principal(error)
        if group:
            message = f'Invalid principal in policy: "AWS":"{group}"'
            raise Fault("MalformedPolicyDocument", message, 400) from None
        message = policy_error_message(document, is_trust_policy=kind is PolicyKind.TRUST)
        raise Fault("MalformedPolicyDocument", message, 400) from None


def _group_as_principal(error: PolicyError) -> str:
    """Return the group that a policy names as a principal, if that is its only mistake."""
    codes = {mistake.code for mistake in error.mistakes}
    is_alone = codes == {"group_as_principal"}
    return str(error.mistakes[0].values["principal"]) if is_alone else ""


def put_inline_policy(call: Call) -> HttpAnswer:
    """IAM API Reference, PutUserPolicy, PutGroupPolicy and PutRolePolicy."""
    kind = call.operation.name.removeprefix("Put").removesuffix("Policy").lower()
    name = call.parameters[f"{kind.capitalize()}Name"]
    document = call.parameters["PolicyDocument"]
    holder = _holder(call, kind, name)
    require_policy_document(document)
    others = {**holder.policies, call.parameters["PolicyName"]: document}
    limit = _INLINE_QUOTAS[kind].characters
    if sum(parse_document(text).size for text in others.values()) > limit:
        message = f"Maximum policy size of {limit} bytes exceeded for {kind} {name}"
        raise Fault("LimitExceeded", message, 409)
    return call.run_in_moto()


def attach_policy(call: Call) -> HttpAnswer | None:
    """IAM API Reference, AttachUserPolicy, AttachGroupPolicy and AttachRolePolicy."""
    kind = call.operation.name.removeprefix("Attach").removesuffix("Policy").lower()
    holder = _holder(call, kind, call.parameters[f"{kind.capitalize()}Name"])
    arn = call.parameters["PolicyArn"]
    require_attachable_policy(call.state, arn)
    is_one_more = arn not in holder.managed_policies
    if is_one_more and len(holder.managed_policies) >= POLICIES_PER_PRINCIPAL:
        quota = f"PoliciesPer{kind.capitalize()}: {POLICIES_PER_PRINCIPAL}"
        raise Fault("LimitExceeded", f"Cannot exceed quota for {quota}", 409)
    # moto counts an attachment a second time; IAM does nothing.
    return call.run_in_moto() if is_one_more else None


def require_attachable_policy(state: MotoState, arn: str) -> None:
    """Check that a managed policy exists.

    Raises:
        Fault: It does not.
    """
    if state.policy(arn) is None:
        raise no_such_entity(f"Policy {arn} does not exist or is not attachable.")


def put_bucket_policy(call: Call) -> HttpAnswer:
    """Amazon S3 API Reference, PutBucketPolicy.

    Each resource is the bucket or in it. That one may begin with the bucket's name and go on with
    a wildcard is not documented.
    """
    bucket = call.parameters["Bucket"]
    if all(existing.name != bucket for existing in lookups.buckets()):
        return call.run_in_moto()  # moto finds no such bucket
    try:
        policy = parse_document(str(call.parameters["Policy"]), PolicyKind.RESOURCE)
    except PolicyError as error:
        if _group_as_principal(error):
            raise Fault("MalformedPolicy", "Invalid principal in policy", 400) from None
        raise Fault("MalformedPolicy", error.mistakes[0].sentence("en"), 400) from None
    if unknown_principal(call.state, policy) is not None:
        raise Fault("MalformedPolicy", "Invalid principal in policy", 400)
    of_bucket = re.compile(rf"arn:aws:s3:::{re.escape(bucket)}(?:[/*?].*)?", re.DOTALL)
    for statement in policy.statements:
        resources = statement.resources.patterns if statement.resources else ()
        if not all(of_bucket.fullmatch(resource.spelled) for resource in resources):
            raise Fault("MalformedPolicy", "Policy has invalid resource", 400)
    return call.run_in_moto()


def _holder(call: Call, kind: str, name: str) -> Any:
    existing = {"user": require_user, "group": require_group, "role": require_role}[kind]
    return existing(call.state, name)


OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {
    ("iam", "PutUserPolicy"): put_inline_policy,
    ("iam", "PutGroupPolicy"): put_inline_policy,
    ("iam", "PutRolePolicy"): put_inline_policy,
    ("iam", "AttachUserPolicy"): attach_policy,
    ("iam", "AttachGroupPolicy"): attach_policy,
    ("iam", "AttachRolePolicy"): attach_policy,
    ("s3", "PutBucketPolicy"): put_bucket_policy,
}
