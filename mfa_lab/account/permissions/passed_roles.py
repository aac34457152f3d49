"""The roles that a call hands to a service, for which it needs iam:PassRole.

An instance profile that is empty, or is not there, passes none.

Source: IAM User Guide, "Grant a user permissions to pass a role to an AWS service"; service
authorization reference, the tables "API operations" and the dependent actions of each service,
for which calls they are, and "iam:PassedToService". For a call about a launch template: Amazon EC2
User Guide, "Control access to launch templates".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mfa_lab.account.moto_state import lookups
from mfa_lab.account.moto_state.state import ACCOUNT_ID, MotoState
from mfa_lab.account.operation import Operation
from mfa_lab.account.permissions.needed_permission import NeededPermission

_EC2: Final = "ec2.amazonaws.com"
# Where calls to EC2 name an instance profile; lists on the way are gone through.
_PROFILES: Final = {
    "AssociateIamInstanceProfile": ("IamInstanceProfile",),
    "ReplaceIamInstanceProfileAssociation": ("IamInstanceProfile",),
    "RequestSpotFleet": ("SpotFleetRequestConfig", "LaunchSpecifications", "IamInstanceProfile"),
    "RequestSpotInstances": ("LaunchSpecification", "IamInstanceProfile"),
    "RunInstances": ("IamInstanceProfile",),
    "RunScheduledInstances": ("LaunchSpecification", "IamInstanceProfile"),
}
# Where calls name a role, by name or ARN, and the service that it is passed to.
_ROLES: Final = {
    ("ec2", "CreateFlowLogs"): (("DeliverLogsPermissionArn",), "vpc-flow-logs.amazonaws.com"),
    ("ec2", "RequestSpotFleet"): (
        ("SpotFleetRequestConfig", "IamFleetRole"),
        "spotfleet.amazonaws.com",
    ),
    ("iam", "AddRoleToInstanceProfile"): (("RoleName",), _EC2),
    ("s3", "PutBucketReplication"): (("ReplicationConfiguration", "Role"), "s3.amazonaws.com"),
}


def passed_roles(state: MotoState, operation: Operation, region: str) -> Iterator[NeededPermission]:
    """Yield iam:PassRole with the ARN of each role that a call passes, and to which service."""
    path, service = _ROLES.get((operation.service, operation.name), ((), ""))
    for role in _values_at(operation.parameters, path) if path else ():
        yield _pass_role(_role_arn(state, str(role)), service)
    if operation.service == "ec2" and operation.name in _PROFILES:
        for profile in _instance_profiles(state, operation, region):
            for arn in lookups.profile_roles(state, profile.get("Name"), profile.get("Arn")):
                yield _pass_role(arn, _EC2)


def _instance_profiles(
    state: MotoState, operation: Operation, region: str
) -> Iterator[Mapping[str, Any]]:
    given = [
        profile
        for profile in _values_at(operation.parameters, _PROFILES[operation.name])
        if isinstance(profile, Mapping)
    ]
    yield from given
    template = lookups.launch_template(region, operation.parameters.get("LaunchTemplate"))
    if template is not None and not given:  # what a call says stands before its template
        yield template.data.get("IamInstanceProfile") or {}


def _pass_role(role: str, service: str) -> NeededPermission:
    return NeededPermission("iam:PassRole", role, context=(("iam:PassedToService", service),))


def _role_arn(state: MotoState, role: str) -> str:
    if role.startswith("arn:"):
        return role
    found = state.role(role.rpartition("/")[2])
    return f"arn:aws:iam::{ACCOUNT_ID}:role/{role}" if found is None else str(found.arn)


def _values_at(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """Yield the values at the end of a path of parameters, going through lists on the way."""
    if isinstance(value, list):
        for element in value:
            yield from _values_at(element, path)
    elif not path:
        if value:
            yield value
    elif isinstance(value, Mapping):
        yield from _values_at(value.get(path[0]), path[1:])
