"""What a call to CloudWatch Logs is about.

The documentation has two ARNs of a log group: the one that ends in `:*` is for "all other API
actions" than those of tags. What AWS asks, its messages show: `log-group:NAME:log-stream:` with
the name of the stream or none (elastic/apm-aws-lambda issue 526), also where there is no group
(hashicorp/terraform-provider-aws issue 8804). So a policy about `log-group:NAME` without `:*`
matches none of them, neither its Allow nor its Deny.

Source: Amazon CloudWatch Logs User Guide, "Overview of managing access permissions to your
CloudWatch Logs resources"; service authorization reference, "Actions, resources, and condition
keys for Amazon CloudWatch Logs".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mfa_lab.account.moto_state.state import ACCOUNT_ID, Operation
from mfa_lab.account.permissions.arn_templates import by_template
from mfa_lab.account.permissions.target import Target
from mfa_lab.analysis.catalogue import aws_catalogue

_OF_TAGS: Final = frozenset({"ListTagsForResource", "TagResource", "UntagResource"})
_GROUPS: Final = (
    "logGroupName",
    "logGroupIdentifier",
    "logGroupNames",
    "logGroupIdentifiers",
    "logGroupArnList",
)
_OF_GROUPS: Final = frozenset({"log-group", "log-stream"})


def logs_targets(operation: Operation, region: str) -> Iterator[Target]:
    """Give what a call is about."""
    action, parameters = f"logs:{operation.name}", operation.parameters
    if operation.name in _OF_TAGS:
        yield Target(action, str(parameters.get("resourceArn") or "*").removesuffix(":*"))
    elif operation.name == "DescribeLogGroups":
        yield Target(action, f"{_group('', region)}:log-stream:")
    elif _is_of_groups(action):
        # with the names of several streams, FilterLogEvents is asked about the group
        stream = parameters.get("logStreamName") or ""
        for name in _groups(parameters) or ["*"]:
            yield Target(action, f"{_group(name, region)}:log-stream:{stream}")
    else:
        yield from by_template(operation, region)
    if operation.name == "CreateLogGroup" and parameters.get("tags"):
        yield Target("logs:TagResource", _group(str(parameters.get("logGroupName")), region))


def _is_of_groups(action: str) -> bool:
    catalogue = aws_catalogue()
    types = catalogue[action].resource_types if action in catalogue else ()
    return any(name in _OF_GROUPS for name, _ in types)


def _groups(parameters: Mapping[str, Any]) -> list[str]:
    names: list[str] = []
    for parameter in _GROUPS:
        value = parameters.get(parameter) or []
        names += [str(one) for one in (value if isinstance(value, list) else [value])]
    return list(dict.fromkeys(names))


def _group(name: str, region: str) -> str:
    """Give the ARN, without `:*`, of a log group by name or ARN."""
    if name.startswith("arn:"):
        return name.removesuffix(":*")
    return f"arn:aws:logs:{region}:{ACCOUNT_ID}:log-group:{name}"
