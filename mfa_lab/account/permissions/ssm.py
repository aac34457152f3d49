"""What a call to Systems Manager is about: of a parameter, its name without version or label.

Asked as `*`, or as any of their kind: what is named in another way than its ARN template says, as
the instances of SendCommand.

Source: service authorization reference, "Actions, resources, and condition keys for AWS Systems
Manager"; AWS Systems Manager User Guide, "Restricting access to Parameter Store parameters using
IAM policies", also for GetParametersByPath, which is asked about the path alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mfa_lab.account.moto_state.state import ACCOUNT_ID, Operation
from mfa_lab.account.permissions.arn_templates import by_template, wildcard
from mfa_lab.account.permissions.target import Target

_OF_PARAMETERS: Final = frozenset(
    {
        "DeleteParameter",
        "DeleteParameters",
        "GetParameter",
        "GetParameterHistory",
        "GetParameters",
        "GetParametersByPath",
        "LabelParameterVersion",
        "PutParameter",
        "UnlabelParameterVersion",
    }
)
_OF_TAGS: Final = frozenset({"AddTagsToResource", "ListTagsForResource", "RemoveTagsFromResource"})
# ResourceType of calls about tags, with the resource type of the reference.
_TAGGED: Final = {
    "Association": "association",
    "Automation": "automation-execution",
    "Document": "document",
    "MaintenanceWindow": "maintenancewindow",
    "ManagedInstance": "managed-instance",
    "OpsItem": "opsitem",
    "OpsMetadata": "opsmetadata",
    "PatchBaseline": "patchbaseline",
}
# With Tags, these need ssm:AddTagsToResource on what they make.
_MAKING: Final = {
    "CreateAssociation": "association",
    "CreateDocument": "document",
    "CreateMaintenanceWindow": "maintenancewindow",
    "CreateOpsItem": "opsitem",
    "CreateOpsMetadata": "opsmetadata",
    "CreatePatchBaseline": "patchbaseline",
}
_ARN_PARTS: Final = 6


def ssm_targets(operation: Operation, region: str) -> Iterator[Target]:
    """Give what a call is about."""
    action, parameters = f"ssm:{operation.name}", operation.parameters
    if operation.name in _OF_PARAMETERS:
        names = parameters.get("Names") or [parameters.get("Path") or parameters.get("Name")]
        for name in names:
            yield Target(action, _parameter(str(name), region))
        if operation.name == "PutParameter" and parameters.get("Tags"):
            yield Target("ssm:AddTagsToResource", _parameter(str(names[0]), region))
    elif operation.name in _OF_TAGS:
        yield Target(action, _tagged(operation, region))
    else:
        yield from by_template(operation, region)
        if operation.name in _MAKING and parameters.get("Tags"):
            yield Target("ssm:AddTagsToResource", wildcard("ssm", _MAKING[operation.name], region))


def _parameter(name: str, region: str) -> str:
    """Give the ARN of a parameter by name or ARN, with or without `:version` or `:label`."""
    if name.startswith("arn:"):
        return ":".join(name.split(":")[:_ARN_PARTS])
    own = name.partition(":")[0].lstrip("/")
    return f"arn:aws:ssm:{region}:{ACCOUNT_ID}:parameter/{own}"


def _tagged(operation: Operation, region: str) -> str:
    kind = str(operation.parameters.get("ResourceType"))
    identifier = str(operation.parameters.get("ResourceId"))
    if kind == "Parameter":
        return _parameter(identifier, region)
    if identifier.startswith("arn:") or kind not in _TAGGED:
        return identifier if identifier.startswith("arn:") else "*"
    return wildcard("ssm", _TAGGED[kind], region).removesuffix("*") + identifier
