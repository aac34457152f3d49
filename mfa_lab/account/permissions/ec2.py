"""The permissions that a call to EC2 needs.

By the catalogue, whose names for resources are not always the parameters'. Asked as any of their
type (`security-group/*`): what the call makes, and what it reaches only through something else, as
the interface of an attachment; a Deny that names such a one does not meet the call.

Source: service authorization reference, "Actions, resources, and condition keys for Amazon EC2";
Amazon EC2 User Guide, "Grant permission to tag Amazon EC2 resources during creation".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mfa_lab.account.moto_state import lookups
from mfa_lab.account.moto_state.state import ACCOUNT_ID
from mfa_lab.account.operation import Operation
from mfa_lab.account.permissions.arn_templates import by_template, wildcard
from mfa_lab.account.permissions.needed_permission import EVERYTHING, NeededPermission

# The catalogue's names for what stands in parameters of other names.
_ALSO_CALLED: Final = {
    "DedicatedHostId": ("HostIds",),
    "KeyPairName": ("KeyName",),
    "NaclId": ("NetworkAclId",),
    "SecurityGroupId": ("SecurityGroupIds", "GroupId", "Groups"),
    "VpcEndpointServiceId": ("ServiceId", "ServiceIds"),
    "VpcFlowLogId": ("FlowLogIds",),
}
_OF_ASSOCIATIONS: Final = frozenset(
    {"DisassociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation"}
)
_PREFIXES: Final = {
    "i": "instance",
    "vpc": "vpc",
    "subnet": "subnet",
    "sg": "security-group",
    "vol": "volume",
    "snap": "snapshot",
    "ami": "image",
    "eni": "network-interface",
    "igw": "internet-gateway",
    "rtb": "route-table",
    "acl": "network-acl",
    "nat": "natgateway",
    "eipalloc": "elastic-ip",
}


def ec2_permissions(operation: Operation, region: str) -> Iterator[NeededPermission]:
    """Yield the permissions that a call needs: its own action first, then those for its tags."""
    if operation.name in ("CreateTags", "DeleteTags"):
        for identifier in operation.parameters.get("Resources") or ():
            yield NeededPermission(f"ec2:{operation.name}", _arn(str(identifier), region))
        return
    yield from by_template(operation, region, _with_catalogue_names(operation, region))
    yield from _tagging_permissions(operation, region)


def _tagging_permissions(operation: Operation, region: str) -> Iterator[NeededPermission]:
    """Yield ec2:CreateTags for each type of resource that a call tags as it makes it."""
    for specification in _structures(operation.parameters.get("TagSpecifications")):
        if specification.get("Tags"):
            arn = wildcard("ec2", str(specification.get("ResourceType")), region)
            yield NeededPermission(
                "ec2:CreateTags", arn, context=(("ec2:CreateAction", operation.name),)
            )


def _with_catalogue_names(operation: Operation, region: str) -> dict[str, Any]:
    """Return a call's parameters, with the catalogue's names added where AWS uses others."""
    given = dict(operation.parameters)
    for interface in _structures(given.get("NetworkInterfaces")):
        for name, value in interface.items():
            given[name] = _list(given.get(name)) + _list(value)
    for name, others in _ALSO_CALLED.items():
        values = [value for other in others for value in _list(given.get(other))]
        if values:
            given[name] = values
    for name, value in _look_up_names(operation, region):
        given[name] = [*_list(given.get(name)), value]
    return given


def _look_up_names(operation: Operation, region: str) -> Iterator[tuple[str, str]]:
    """Yield what a call names otherwise than its ARN does, such as a security group by its name."""
    parameters = operation.parameters
    for name in _list(parameters.get("GroupName")) + _list(parameters.get("SecurityGroups")):
        group = lookups.security_group(region, str(name))
        if group is not None:
            yield "SecurityGroupId", group
    if parameters.get("KeyPairId"):
        pair = lookups.key_pair(region, str(parameters["KeyPairId"]))
        if pair is not None:
            yield "KeyPairName", pair
    if operation.name in _OF_ASSOCIATIONS:
        instance = lookups.associated_instance(region, str(parameters.get("AssociationId")))
        if instance is not None:
            yield "InstanceId", instance
    template = lookups.launch_template(region, parameters.get("LaunchTemplate"))
    if template is not None:
        yield "LaunchTemplateId", template.identifier


def _structures(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the structures in a list, in which a client may put null, or anything."""
    for element in value if isinstance(value, list) else ():
        if isinstance(element, Mapping):
            yield element


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _arn(identifier: str, region: str) -> str:
    kind = _PREFIXES.get(identifier.rpartition("-")[0])
    if kind is None:
        return EVERYTHING
    account = "" if kind in ("image", "snapshot") else ACCOUNT_ID
    return f"arn:aws:ec2:{region}:{account}:{kind}/{identifier}"
