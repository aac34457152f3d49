"""Managed policies: making them, their versions, and that none goes while it is attached.

moto tells names apart by their case and their path, and deletes a policy that is attached, so that
a fence would be gone with it.

Source: IAM API Reference, the operations' pages; IAM User Guide, "Versioning IAM policies".
"""

from __future__ import annotations

from typing import Any, Final

from mfa_lab.account.call.attached_policies import boundary_of
from mfa_lab.account.call.authenticated_call import Call, OwnOperation
from mfa_lab.account.fault import Fault
from mfa_lab.account.http import HttpAnswer
from mfa_lab.account.moto_state.state import ACCOUNT_ID, MotoState
from mfa_lab.account.operations.entities import (
    delete_conflict,
    no_such_entity,
    require_free_name,
    require_policy,
)
from mfa_lab.account.operations.policy_documents import require_policy_document
from mfa_lab.iam.parsing import quotas

_OWN: Final = f"arn:aws:iam::{ACCOUNT_ID}:policy/"


def create_policy(call: Call) -> HttpAnswer:
    """IAM API Reference, CreatePolicy."""
    name = call.parameters["PolicyName"]
    policies = call.state.iam.managed_policies.values()
    own = [policy for policy in policies if policy.arn.startswith(_OWN)]
    _require_document(call)
    taken = f"A policy called {name} already exists. Duplicate names are not allowed."
    require_free_name(name, own, taken)
    return call.run_in_moto()


def create_policy_version(call: Call) -> HttpAnswer:
    """IAM API Reference, CreatePolicyVersion."""
    require_policy(call.state, call.parameters["PolicyArn"])
    _require_document(call)
    return call.run_in_moto()


def _require_document(call: Call) -> None:
    most = quotas.CUSTOMER_MANAGED_POLICY.characters
    if require_policy_document(call.parameters["PolicyDocument"]).size > most:
        raise Fault("LimitExceeded", f"Cannot exceed quota for PolicySize: {most}", 409)


def run_on_existing_policy(call: Call) -> HttpAnswer:
    """IAM API Reference: operations on a policy that is there. AWS's own ones are."""
    require_policy(call.state, call.parameters["PolicyArn"])
    return call.run_in_moto()


def run_on_existing_version(call: Call) -> HttpAnswer:
    """IAM API Reference: operations on a version that is there, else in words that are ours."""
    policy = require_policy(call.state, call.parameters["PolicyArn"])
    wanted = call.parameters["VersionId"]
    if wanted not in [version.version_id for version in policy.versions]:
        raise no_such_entity(f"Policy {policy.arn} version {wanted} was not found.")
    return call.run_in_moto()


def delete_policy(call: Call) -> HttpAnswer:
    """IAM API Reference, DeletePolicy: first it is detached, and its other versions are deleted.

    That a policy in use as a permissions boundary stays is known from the field; that the words
    are the same is not.
    """
    policy = require_policy(call.state, call.parameters["PolicyArn"])
    if _is_attached(call.state, policy):
        raise delete_conflict("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise delete_conflict(
            "This policy has more than one version. Before you delete a policy, you must delete "
            "the policy's versions. The default version is deleted with the policy."
        )
    return call.run_in_moto()


def _is_attached(state: MotoState, policy: Any) -> bool:
    bounded = (*state.users(), *state.iam.roles.values())
    holders = (*bounded, *state.iam.groups.values())
    return any(policy.arn in holder.managed_policies for holder in holders) or any(
        policy.arn == boundary_of(holder) for holder in bounded
    )


def list_policies(call: Call) -> HttpAnswer:
    """IAM API Reference, ListPolicies."""
    if call.parameters.get("Scope") != "Local":
        call.state.fetch_all_aws_policies()
    return call.run_in_moto()


OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {
    ("iam", "CreatePolicy"): create_policy,
    ("iam", "CreatePolicyVersion"): create_policy_version,
    ("iam", "DeletePolicy"): delete_policy,
    ("iam", "DeletePolicyVersion"): run_on_existing_version,
    ("iam", "GetPolicy"): run_on_existing_policy,
    ("iam", "GetPolicyVersion"): run_on_existing_version,
    ("iam", "ListEntitiesForPolicy"): run_on_existing_policy,
    ("iam", "ListPolicies"): list_policies,
    ("iam", "ListPolicyTags"): run_on_existing_policy,
    ("iam", "ListPolicyVersions"): run_on_existing_policy,
    ("iam", "SetDefaultPolicyVersion"): run_on_existing_version,
    ("iam", "TagPolicy"): run_on_existing_policy,
    ("iam", "UntagPolicy"): run_on_existing_policy,
}
