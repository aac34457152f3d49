"""Policy documents on their way into the account: their grammar, their size, and AWS's own ones.

What `mfa_lab.iam` cannot read is refused, so that every policy in the account can be decided by.

Source: IAM User Guide, "IAM and AWS STS quotas"; IAM API Reference; FACTS 7.
"""

from __future__ import annotations

from typing import Any, Final

from mfa_lab.account.devices import existing_user
from mfa_lab.account.fault import Fault
from mfa_lab.account.gate import Call, OwnOperation
from mfa_lab.account.http import HttpAnswer
from mfa_lab.account.policies import parsed
from mfa_lab.account.state import State, complaint_about
from mfa_lab.iam import quotas
from mfa_lab.iam.kinds import PolicyKind
from mfa_lab.iam.mistakes import PolicyError
from mfa_lab.iam.policy import Policy

POLICIES_PER_PRINCIPAL: Final = 10
_INLINE_QUOTAS: Final = {
    "user": quotas.INLINE_POLICIES_OF_USER,
    "group": quotas.INLINE_POLICIES_OF_GROUP,
    "role": quotas.INLINE_POLICIES_OF_ROLE,
}


def demand_policy_document(document: str, kind: PolicyKind = PolicyKind.IDENTITY) -> Policy:
    """Demand that a document is a policy, and give it.

    Args:
        document: Its text.
        kind: As what.

    Raises:
        Fault: It breaks a rule of the grammar.
    """
    try:
        return parsed(document, kind)
    except PolicyError:
        complaint = complaint_about(document, is_trust_policy=kind is PolicyKind.TRUST)
        raise Fault("MalformedPolicyDocument", complaint, 400) from None


def create_policy(call: Call) -> HttpAnswer:
    """IAM API Reference, CreatePolicy and CreatePolicyVersion."""
    document = call.parameters["PolicyDocument"]
    most = quotas.CUSTOMER_MANAGED_POLICY.characters
    if demand_policy_document(document).size > most:
        raise Fault("LimitExceeded", f"Cannot exceed quota for PolicySize: {most}", 409)
    return call.carry_out()


def put_inline_policy(call: Call) -> HttpAnswer:
    """IAM API Reference, PutUserPolicy, PutGroupPolicy and PutRolePolicy."""
    kind = call.operation.name.removeprefix("Put").removesuffix("Policy").lower()
    name = call.parameters[f"{kind.capitalize()}Name"]
    document = call.parameters["PolicyDocument"]
    holder = _holder(call, kind, name)
    demand_policy_document(document)
    others = {**holder.policies, call.parameters["PolicyName"]: document}
    limit = _INLINE_QUOTAS[kind].characters
    if sum(parsed(one).size for one in others.values()) > limit:
        message = f"Maximum policy size of {limit} bytes exceeded for {kind} {name}"
        raise Fault("LimitExceeded", message, 409)
    return call.carry_out()


def attach_policy(call: Call) -> HttpAnswer | None:
    """IAM API Reference, AttachUserPolicy, AttachGroupPolicy and AttachRolePolicy."""
    kind = call.operation.name.removeprefix("Attach").removesuffix("Policy").lower()
    holder = _holder(call, kind, call.parameters[f"{kind.capitalize()}Name"])
    arn = call.parameters["PolicyArn"]
    call.state.fetch_aws_policy(arn)
    is_one_more = arn not in holder.managed_policies
    if is_one_more and len(holder.managed_policies) >= POLICIES_PER_PRINCIPAL:
        quota = f"PoliciesPer{kind.capitalize()}: {POLICIES_PER_PRINCIPAL}"
        raise Fault("LimitExceeded", f"Cannot exceed quota for {quota}", 409)
    # moto counts an attachment a second time; IAM does nothing.
    return call.carry_out() if is_one_more else None


def set_trust_policy(call: Call) -> HttpAnswer:
    """IAM API Reference, CreateRole and UpdateAssumeRolePolicy."""
    name = "AssumeRolePolicyDocument" if call.operation.name == "CreateRole" else "PolicyDocument"
    document = call.parameters[name]
    most = quotas.TRUST_POLICY.characters
    if demand_policy_document(document, PolicyKind.TRUST).size > most:
        raise Fault("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {most}", 409)
    return _with_boundary(call)


def put_role_permissions_boundary(call: Call) -> HttpAnswer:
    """IAM API Reference, PutRolePermissionsBoundary."""
    return _with_boundary(call)


def _with_boundary(call: Call) -> HttpAnswer:
    boundary = call.parameters.get("PermissionsBoundary")
    if boundary is not None:
        demand_policy(call.state, boundary)
    return call.carry_out()


def demand_policy(state: State, arn: str) -> None:
    """Demand that a managed policy exists.

    Raises:
        Fault: It does not.
    """
    if state.policy(arn) is None:
        raise Fault("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.", 404)


def put_bucket_policy(call: Call) -> HttpAnswer:
    """Amazon S3 API Reference, PutBucketPolicy."""
    try:
        parsed(str(call.parameters["Policy"]), PolicyKind.RESOURCE)
    except PolicyError as error:
        raise Fault("MalformedPolicy", error.mistakes[0].sentence("en"), 400) from None
    return call.carry_out()


def use_aws_policy(call: Call) -> HttpAnswer:
    """Let a call find one of AWS's managed policies, which are there from the beginning."""
    call.state.fetch_aws_policy(call.parameters["PolicyArn"])
    return call.carry_out()


def list_policies(call: Call) -> HttpAnswer:
    """IAM API Reference, ListPolicies."""
    if call.parameters.get("Scope") != "Local":
        call.state.fetch_all_aws_policies()
    return call.carry_out()


def _holder(call: Call, kind: str, name: str) -> Any:
    if kind == "user":
        return existing_user(call.state, name)
    found = call.state.role(name) if kind == "role" else call.state.iam.groups.get(name)
    if found is None:
        raise Fault("NoSuchEntity", f"The {kind} with name {name} cannot be found.", 404)
    return found


OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {
    ("iam", "CreatePolicy"): create_policy,
    ("iam", "CreatePolicyVersion"): create_policy,
    ("iam", "PutUserPolicy"): put_inline_policy,
    ("iam", "PutGroupPolicy"): put_inline_policy,
    ("iam", "PutRolePolicy"): put_inline_policy,
    ("iam", "AttachUserPolicy"): attach_policy,
    ("iam", "AttachGroupPolicy"): attach_policy,
    ("iam", "AttachRolePolicy"): attach_policy,
    ("iam", "CreateRole"): set_trust_policy,
    ("iam", "UpdateAssumeRolePolicy"): set_trust_policy,
    ("iam", "PutRolePermissionsBoundary"): put_role_permissions_boundary,
    ("s3", "PutBucketPolicy"): put_bucket_policy,
    ("iam", "GetPolicy"): use_aws_policy,
    ("iam", "GetPolicyVersion"): use_aws_policy,
    ("iam", "ListPolicyVersions"): use_aws_policy,
    ("iam", "ListPolicies"): list_policies,
}
