"""A request made of the choices of its parts: a witness, which `evaluate` takes as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mfa_lab.analysis.requests.condition_key_table import (
    Presence,
    as_spelled,
    keys_always_there,
    resource_tag_key,
)
from mfa_lab.analysis.requests.key_values import Value
from mfa_lab.analysis.requests.request_parts import (
    OTHER_ACCOUNT,
    RESOURCE,
    Choice,
    RequestParts,
)
from mfa_lab.analysis.requests.resource_spaces import REGIONS
from mfa_lab.analysis.requests.rows import Target
from mfa_lab.analysis.requests.times import times
from mfa_lab.iam.condition.values import ARN_PARTS
from mfa_lab.iam.request import Request

_REQUEST_TAG: Final = "aws:requesttag/"
_TAG_KEYS: Final = "aws:tagkeys"


def witness(parts: RequestParts, choices: Iterable[Choice]) -> Request:
    """Return the request that is made of choices, with all that AWS would add.

    Args:
        parts: What the choices are of.
        choices: One for each part.
    """
    values: dict[str, Value] = dict(parts.fixed)
    for choice in choices:
        values.update(choice.values)
    resource = values.pop(RESOURCE, None)
    if not isinstance(resource, str):
        resource = parts.space.example
    _add_times(parts, values)
    _add_of_resource(parts, values, resource)
    _add_tags(parts, values)
    _add_chain(values)
    for key in keys_always_there(parts.kind):
        if values.get(key) is None:
            values[key] = "true"
    context = {
        as_spelled(key): list(value) if isinstance(value, tuple) else value
        for key, value in sorted(values.items())
        if value is not None
    }
    return Request(parts.row.action.name, resource, parts.principal.arn, context)


def _add_times(parts: RequestParts, values: dict[str, Value]) -> None:
    usual = times((), parts.row, parts.kind, values)
    for key, value in usual.assignments[0].items():
        values.setdefault(key, value)


def _add_of_resource(parts: RequestParts, values: dict[str, Value], resource: str) -> None:
    pieces = resource.split(":", ARN_PARTS - 1)
    is_arn = len(pieces) == ARN_PARTS
    if values.get("aws:requestedregion") is None:
        has_region = parts.space.has_region and is_arn
        values["aws:requestedregion"] = pieces[3] if has_region else REGIONS[0]
    is_elsewhere = parts.row.target is Target.ANOTHER_ACCOUNT and not parts.space.has_account
    if is_elsewhere and values.get("aws:resourceaccount") is None:
        values["aws:resourceaccount"] = OTHER_ACCOUNT


def _add_tags(parts: RequestParts, values: dict[str, Value]) -> None:
    """Give each tag all its names, and name the tags of the request."""
    for key, value in list(values.items()):
        of_all = resource_tag_key(key)
        if value is not None and of_all != key:
            _add_where_it_can_be(parts, values, of_all, value)
        if value is not None and key.startswith("aws:resourcetag/"):
            own = f"{parts.row.action.service.lower()}:{key.removeprefix('aws:')}"
            if parts.facts(own).is_known:
                _add_where_it_can_be(parts, values, own, value)
    names = [
        key.removeprefix(_REQUEST_TAG)
        for key, value in values.items()
        if key.startswith(_REQUEST_TAG) and value is not None
    ]
    named = values.get(_TAG_KEYS)
    takes_tags = parts.facts(f"{_REQUEST_TAG}a").presence is not Presence.NEVER
    for name in named or () if takes_tags else ():
        values.setdefault(f"{_REQUEST_TAG}{name.lower()}", "example")
    if names and not named and parts.facts(_TAG_KEYS).presence is not Presence.NEVER:
        values[_TAG_KEYS] = tuple(names)


def _add_chain(values: dict[str, Value]) -> None:
    """Make a chain of services whole of which one end is fixed."""
    first, last = values.get("aws:calledviafirst"), values.get("aws:calledvialast")
    if values.get("aws:calledvia") is None and isinstance(first or last, str):
        ends = [one for one in (first or last, last or first) if isinstance(one, str)]
        values["aws:calledviafirst"], values["aws:calledvialast"] = ends[0], ends[-1]
        values["aws:calledvia"] = tuple(ends)


def _add_where_it_can_be(
    parts: RequestParts, values: dict[str, Value], key: str, value: Value
) -> None:
    if parts.facts(key).presence is not Presence.NEVER:
        values[key] = value
