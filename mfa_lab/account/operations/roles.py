"""Roles: what moto does otherwise than IAM.

moto tells names apart by their case, and accepts a trust policy that names who is not there.

Source: IAM API Reference, the operations' pages.
"""

from __future__ import annotations

from typing import Final

from mfa_lab.account.call.authenticated_call import Call, OwnOperation
from mfa_lab.account.fault import Fault
from mfa_lab.account.http import HttpAnswer
from mfa_lab.account.operations.entities import require_deletable, require_free_name, require_role
from mfa_lab.account.operations.policy_documents import (
    require_attachable_policy,
    require_policy_document,
)
from mfa_lab.account.operations.principals_in_policies import replace_principal, unknown_principal
from mfa_lab.iam.parsing import quotas
from mfa_lab.iam.policy_kind import PolicyKind


def create_role(call: Call) -> HttpAnswer:
    """IAM API Reference, CreateRole."""
    name = call.parameters["RoleName"]
    _require_trust_policy(call, "AssumeRolePolicyDocument")
    roles = call.state.iam.roles.values()
    require_free_name(name, roles, f"Role with name {name} already exists.")
    _require_boundary(call)
    return call.run_in_moto()


def update_assume_role_policy(call: Call) -> HttpAnswer:
    """IAM API Reference, UpdateAssumeRolePolicy."""
    require_role(call.state, call.parameters["RoleName"])
    _require_trust_policy(call, "PolicyDocument")
    return call.run_in_moto()


def _require_trust_policy(call: Call, parameter: str) -> None:
    policy = require_policy_document(call.parameters[parameter], PolicyKind.TRUST)
    most = quotas.TRUST_POLICY.characters
    if policy.size > most:
        raise Fault("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {most}", 409)
    nobody = unknown_principal(call.state, policy)
    if nobody is not None:
        message = f'Invalid principal in policy: "AWS":"{nobody.value}"'
        raise Fault("MalformedPolicyDocument", message, 400)


def put_role_permissions_boundary(call: Call) -> HttpAnswer:
    """IAM API Reference, PutRolePermissionsBoundary."""
    require_role(call.state, call.parameters["RoleName"])
    _require_boundary(call)
    return call.run_in_moto()


def _require_boundary(call: Call) -> None:
    boundary = call.parameters.get("PermissionsBoundary")
    if boundary is not None:
        require_attachable_policy(call.state, boundary)


def delete_role(call: Call) -> HttpAnswer:
    """IAM API Reference, DeleteRole: what belongs to the role must be taken from it first."""
    role = require_role(call.state, call.parameters["RoleName"])
    profiles = call.state.iam.instance_profiles.values()
    require_deletable(
        {
            "must remove roles from instance profile": [
                profile for profile in profiles if role in profile.roles
            ],
            "must detach all policies": role.managed_policies,
            "must delete policies": role.policies,
        }
    )
    answer = call.run_in_moto()
    replace_principal(call.state, role.arn, role.id)
    return answer


OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {
    ("iam", "CreateRole"): create_role,
    ("iam", "UpdateAssumeRolePolicy"): update_assume_role_policy,
    ("iam", "PutRolePermissionsBoundary"): put_role_permissions_boundary,
    ("iam", "DeleteRole"): delete_role,
}
