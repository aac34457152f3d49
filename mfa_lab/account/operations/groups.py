"""Groups: what moto does otherwise than IAM.

moto tells names apart by their case, lets a group be deleted that still has members or policies,
and gives a group no new path.

Source: IAM API Reference, CreateGroup, UpdateGroup and DeleteGroup.
"""

from __future__ import annotations

from typing import Final

from mfa_lab.account.call.authenticated_call import Call, OwnOperation
from mfa_lab.account.http import HttpAnswer
from mfa_lab.account.operations.entities import require_deletable, require_free_name, require_group


def create_group(call: Call) -> HttpAnswer:
    """IAM API Reference, CreateGroup."""
    name = call.parameters["GroupName"]
    others = call.state.iam.groups.values()
    require_free_name(name, others, f"Group with name {name} already exists.")
    return call.run_in_moto()


def update_group(call: Call) -> None:
    """IAM API Reference, UpdateGroup. Members and policies stay."""
    groups, parameters = call.state.iam.groups, call.parameters
    group = require_group(call.state, parameters["GroupName"])
    name = parameters.get("NewGroupName", group.name)
    others = [other for other in groups.values() if other is not group]
    require_free_name(name, others, f"Group with name {name} already exists.")
    groups[name] = groups.pop(group.name)
    group.name, group.path = name, parameters.get("NewPath", group.path)


def delete_group(call: Call) -> HttpAnswer:
    """IAM API Reference, DeleteGroup: it "must not contain any users or have any … policies"."""
    group = require_group(call.state, call.parameters["GroupName"])
    require_deletable(
        {
            "must remove users from group": group.users,
            "must detach all policies": group.managed_policies,
            "must delete policies": group.policies,
        }
    )
    return call.run_in_moto()


OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {
    ("iam", "CreateGroup"): create_group,
    ("iam", "UpdateGroup"): update_group,
    ("iam", "DeleteGroup"): delete_group,
}
