"""The ARNs of a call by the catalogue: its resource types, each with the template of its ARN.

Source: service authorization reference, "Resource types defined by …" of each service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mfa_lab.account.moto_state.state import ACCOUNT_ID
from mfa_lab.account.operation import Operation
from mfa_lab.account.permissions.needed_permission import EVERYTHING, NeededPermission
from mfa_lab.analysis.catalogue import aws_catalogue, resource_arn_template

_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


def by_template(
    operation: Operation, region: str, parameters: Mapping[str, Any]
) -> Iterator[NeededPermission]:
    """Yield the action of the operation's own name with each ARN that its parameters fill.

    Args:
        operation: The call.
        region: Its region.
        parameters: Those of the call, by the names of the catalogue.
    """
    action = f"{operation.signing_name}:{operation.name}"
    catalogue = aws_catalogue()
    if action not in catalogue:
        yield NeededPermission(action)
        return
    found = False
    by_name = {known.lower(): value for known, value in parameters.items()}
    for kind, is_required in catalogue[action].resource_types:
        template = resource_arn_template(operation.signing_name, kind) or ""
        for arn in _filled(template, operation.service, by_name, region, is_required):
            found = True
            yield NeededPermission(action, arn)
    if not found:
        yield NeededPermission(action)


def wildcard(service: str, kind: str, region: str) -> str:
    """Return the ARN of any resource of a type, for one that a call makes or doesn't name."""
    template = resource_arn_template(service, kind) or EVERYTHING
    return next(_filled(template, service, {}, region, is_required=True), EVERYTHING)


def _filled(
    template: str, service: str, by_name: Mapping[str, Any], region: str, is_required: bool
) -> Iterator[str]:
    """Fill a template from parameters by lower-case name, once for each value of a list.

    A resource type that is required but not named, as what the call is about to make, is asked
    about with a wildcard in its last part.
    """
    ground = {"Partition": "aws", "Region": region, "Account": ACCOUNT_ID}
    text = _PLACEHOLDER.sub(lambda found: ground.get(found[1], found[0]), template)
    names = _PLACEHOLDER.findall(text)
    if len(names) != 1:
        return
    values = list(_values(by_name, names[0]))
    if not values and is_required and text.startswith(f"arn:aws:{service}:"):
        values = [EVERYTHING]
    for value in values:
        yield value if value.startswith("arn:") else text.replace(f"${{{names[0]}}}", value)


def _values(by_name: Mapping[str, Any], name: str) -> Iterator[str]:
    for spelled in (name, f"{name}s"):
        value = by_name.get(spelled.lower())
        for element in value if isinstance(value, list) else [value]:
            if isinstance(element, str) and element:
                yield element
