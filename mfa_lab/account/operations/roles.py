"""Roles: what moto does otherwise than IAM.

moto tells names apart by their case, and accepts a trust policy that names who is not there.

Source: IAM API Reference, the operations' pages.
"""

from __future__ import annotations

from typing import Final

from mfa_lab.account.call.fault import Fault
from mfa_lab.account.call.gate import Call, OwnOperation
from mfa_lab.account.call.http import HttpAnswer
from mfa_lab.account.operations.entities import demand_free, demand_no_obstacle, existing_role
from mfa_lab.account.operations.policy_documents import demand_policy, demand_policy_document
from mfa_lab.account.operations.principals_in_policies import name_otherwise, unknown_principal
from mfa_lab.iam.parsing import quotas
from mfa_lab.iam.policy_kind import PolicyKind


def create_role(call: Call) -> HttpAnswer:
    """IAM API Reference, CreateRole."""
    name = call.parameters["RoleName"]
    _demand_trust_policy(call, "AssumeRolePolicyDocument")
    roles = call.state.iam.roles.values()
    demand_free(name, roles, f"Role with name {name} already exists.")
    _demand_boundary(call)
    return call.carry_out()


def update_assume_role_policy(call: Call) -> HttpAnswer:
    """IAM API Reference, UpdateAssumeRolePolicy."""
    existing_role(call.state, call.parameters["RoleName"])
    _demand_trust_policy(call, "PolicyDocument")
    return call.carry_out()


def _demand_trust_policy(call: Call, parameter: str) -> None:
    policy = demand_policy_document(call.parameters[parameter], PolicyKind.TRUST)
    most = quotas.TRUST_POLICY.characters
    if policy.size > most:
        raise Fault("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {most}", 409)
    nobody = unknown_principal(call.state, policy)
    if nobody is not None:
        message = f'Invalid principal in policy: "AWS":"{nobody.value}"'
        raise Fault("MalformedPolicyDocument", message, 400)


def put_role_permissions_boundary(call: Call) -> HttpAnswer:
    """IAM API Reference, PutRolePermissionsBoundary."""
    existing_role(call.state, call.parameters["RoleName"])
    _demand_boundary(call)
    return call.carry_out()


def _demand_boundary(call: Call) -> None:
    boundary = call.parameters.get("PermissionsBoundary")
    if boundary is not None:
        demand_policy(call.state, boundary)


def delete_role(call: Call) -> HttpAnswer:
    """IAM API Reference, DeleteRole: what belongs to the role must be taken from it first."""
    role = existing_role(call.state, call.parameters["RoleName"])
    profiles = call.state.iam.instance_profiles.values()
    demand_no_obstacle(
        {
            "must remove roles from instance profile": [
                one for one in profiles if role in one.roles
            ],
            "must detach all policies": role.managed_policies,
            "must delete policies": role.policies,
        }
    )
    answer = call.carry_out()
    name_otherwise(call.state, role.arn, role.id)
    return answer


OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {
    ("iam", "CreateRole"): create_role,
    ("iam", "UpdateAssumeRolePolicy"): update_assume_role_policy,
    ("iam", "PutRolePermissionsBoundary"): put_role_permissions_boundary,
    ("iam", "DeleteRole"): delete_role,
}
