"""Managed policies: making them, their versions, and that none goes while it is attached.

moto tells names apart by their case and their path, and deletes a policy that is attached, so that
a fence would be gone with it.

Source: IAM API Reference, the operations' pages; IAM User Guide, "Versioning IAM policies".
"""

from __future__ import annotations

from typing import Any, Final

from mfa_lab.account.call.attached_policies import boundary_of
from mfa_lab.account.call.fault import Fault
from mfa_lab.account.call.gate import Call, OwnOperation
from mfa_lab.account.call.http import HttpAnswer
from mfa_lab.account.moto_state.state import ACCOUNT_ID, State
from mfa_lab.account.operations.entities import (
    delete_conflict,
    demand_free,
    existing_policy,
    no_such_entity,
)
from mfa_lab.account.operations.policy_documents import demand_policy_document
from mfa_lab.iam.parsing import quotas

_OWN: Final = f"arn:aws:iam::{ACCOUNT_ID}:policy/"


def create_policy(call: Call) -> HttpAnswer:
    """IAM API Reference, CreatePolicy."""
    name = call.parameters["PolicyName"]
    policies = call.state.iam.managed_policies.values()
    own = [one for one in policies if one.arn.startswith(_OWN)]
    _demand_document(call)
    taken = f"A policy called {name} already exists. Duplicate names are not allowed."
    demand_free(name, own, taken)
    return call.carry_out()


def create_policy_version(call: Call) -> HttpAnswer:
    """IAM API Reference, CreatePolicyVersion."""
    existing_policy(call.state, call.parameters["PolicyArn"])
    _demand_document(call)
    return call.carry_out()


def _demand_document(call: Call) -> None:
    most = quotas.CUSTOMER_MANAGED_POLICY.characters
    if demand_policy_document(call.parameters["PolicyDocument"]).size > most:
        raise Fault("LimitExceeded", f"Cannot exceed quota for PolicySize: {most}", 409)


def on_a_policy(call: Call) -> HttpAnswer:
    """IAM API Reference: operations on a policy that is there. AWS's own ones are."""
    existing_policy(call.state, call.parameters["PolicyArn"])
    return call.carry_out()


def on_a_version(call: Call) -> HttpAnswer:
    """IAM API Reference: operations on a version that is there, else in words that are ours."""
    policy = existing_policy(call.state, call.parameters["PolicyArn"])
    wanted = call.parameters["VersionId"]
    if wanted not in [one.version_id for one in policy.versions]:
        raise no_such_entity(f"Policy {policy.arn} version {wanted} was not found.")
    return call.carry_out()


def delete_policy(call: Call) -> HttpAnswer:
    """IAM API Reference, DeletePolicy: first it is detached, and its other versions are deleted.

    That a policy in use as a permissions boundary stays is known from the field; that the words
    are the same is not.
    """
    policy = existing_policy(call.state, call.parameters["PolicyArn"])
    if _is_attached(call.state, policy):
        raise delete_conflict("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise delete_conflict(
            "This policy has more than one version. Before you delete a policy, you must delete "
            "the policy's versions. The default version is deleted with the policy."
        )
    return call.carry_out()


def _is_attached(state: State, policy: Any) -> bool:
    bounded = (*state.users(), *state.iam.roles.values())
    holders = (*bounded, *state.iam.groups.values())
    return any(policy.arn in one.managed_policies for one in holders) or any(
        policy.arn == boundary_of(one) for one in bounded
    )


def list_policies(call: Call) -> HttpAnswer:
    """IAM API Reference, ListPolicies."""
    if call.parameters.get("Scope") != "Local":
        call.state.fetch_all_aws_policies()
    return call.carry_out()


OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {
    ("iam", "CreatePolicy"): create_policy,
    ("iam", "CreatePolicyVersion"): create_policy_version,
    ("iam", "DeletePolicy"): delete_policy,
    ("iam", "DeletePolicyVersion"): on_a_version,
    ("iam", "GetPolicy"): on_a_policy,
    ("iam", "GetPolicyVersion"): on_a_version,
    ("iam", "ListEntitiesForPolicy"): on_a_policy,
    ("iam", "ListPolicies"): list_policies,
    ("iam", "ListPolicyTags"): on_a_policy,
    ("iam", "ListPolicyVersions"): on_a_policy,
    ("iam", "SetDefaultPolicyVersion"): on_a_version,
    ("iam", "TagPolicy"): on_a_policy,
    ("iam", "UntagPolicy"): on_a_policy,
}
