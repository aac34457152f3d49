"""The context keys that are fixed: by who asks, by the credentials, and by the row.

What a row fixes fixes more: an address of the internet rules out the keys of a VPC endpoint, a tag
has one value by both of its names. What it fixes to a value that the requests cannot have leaves no
request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mfa_lab.analysis.requests.admission import may_have
from mfa_lab.analysis.requests.condition_key_table import (
    KeyFacts,
    Presence,
    follows,
    resource_tag_key,
)
from mfa_lab.analysis.requests.points import spelled_moment
from mfa_lab.analysis.requests.resource_spaces import ResourceSpace
from mfa_lab.analysis.requests.rows import (
    CallingPrincipal,
    Row,
    Target,
    credentials_keys,
)
from mfa_lab.analysis.requests.times import times
from mfa_lab.iam.condition.values import ARN_PARTS

Value = str | tuple[str, ...] | None
Values = dict[str, Value]

_ADDRESS: Final = "aws:sourceip"
_REGION: Final = "aws:requestedregion"
_ACCOUNT: Final = "aws:resourceaccount"
_CHAIN: Final = ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast")
_OF_ENDPOINTS: Final = (
    *("aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourcevpcarn"),
    *("aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"),
)
_TAG: Final = "aws:requesttag/"
_TAG_KEYS: Final = "aws:tagkeys"


def fixed_context(
    row: Row,
    principal: CallingPrincipal,
    space: ResourceSpace,
    facts_of: Callable[[str], KeyFacts],
) -> Values | None:
    """Return what is fixed of the context; None where no request is as the row fixes it.

    Args:
        row: The row.
        principal: Who asks.
        space: The resources that are asked about.
        facts_of: Returns what is known of a context key in lower case.
    """
    fixed: Values = {**principal.keys(), **credentials_keys(principal.kind)}
    given = row.fixed_context
    if not given:
        return fixed
    for key, value in given.items():
        if key in fixed and fixed[key] != value:
            return None
        facts = facts_of(key)
        is_there = value is not None
        if facts.presence is (Presence.NEVER if is_there else Presence.ALWAYS):
            return None
        if value is not None and not may_have(facts, value):
            return None
    fixed.update(given)
    with_more = (
        _with_network(fixed),
        _with_chain(fixed),
        _with_tags(fixed, row, facts_of),
        _with_time(fixed, row, principal),
        _with_resource(fixed, row, space),
    )
    for more in with_more:
        if more is None or any(key in fixed and fixed[key] != more[key] for key in more):
            return None
        fixed.update(more)
    return fixed


def _with_network(fixed: Mapping[str, Value]) -> Values | None:
    if fixed.get(_ADDRESS) is not None:
        return dict.fromkeys(_OF_ENDPOINTS)
    if any(fixed.get(key) is not None for key in _OF_ENDPOINTS):
        return {_ADDRESS: None}
    return {}


def _with_chain(fixed: Mapping[str, Value]) -> Values | None:
    """The ends of a chain of services are those of the whole; without one there is none."""
    chain, first, last = _CHAIN
    given = [fixed[key] for key in _CHAIN if key in fixed]
    if not given:
        return {}
    whole = fixed.get(chain)
    if isinstance(whole, tuple) and whole:
        return {first: whole[0], last: whole[-1]}
    if None in given:
        return dict.fromkeys(_CHAIN)
    return None if chain in fixed else {}


def _with_tags(
    fixed: Mapping[str, Value], row: Row, facts_of: Callable[[str], KeyFacts]
) -> Values | None:
    more: Values = {}
    for key, value in fixed.items():
        of_all = resource_tag_key(key)
        if of_all != key and facts_of(of_all).presence is not Presence.NEVER:
            more[of_all] = value
        if key.startswith("aws:resourcetag/"):
            own = f"{row.action.service.lower()}:{key.removeprefix('aws:')}"
            facts = facts_of(own)
            if facts.is_known and facts.presence is not Presence.NEVER:
                more[own] = value
    names = fixed.get(_TAG_KEYS, ())
    takes_both = all(
        facts_of(key).presence is not Presence.NEVER for key in (_TAG_KEYS, f"{_TAG}a")
    )
    if _TAG_KEYS in fixed and takes_both:
        lowered = {name.lower() for name in names or ()}
        if len(lowered) < len(names or ()):
            return None
        for key, value in fixed.items():
            if key.startswith(_TAG) and (key.removeprefix(_TAG) in lowered) is (value is None):
                return None
    return more


def _with_time(fixed: Mapping[str, Value], row: Row, principal: CallingPrincipal) -> Values | None:
    of_time = {key: value for key, value in fixed.items() if follows(key) == "time"}
    if not of_time:
        return {}
    more: Values = {}
    now, epoch = fixed.get("aws:currenttime"), fixed.get("aws:epochtime")
    if isinstance(epoch, str) and now is None:
        more["aws:currenttime"] = spelled_moment(int(epoch))
    found = times((), row, principal.kind, {**fixed, **more}).assignments
    if not found:
        return None
    if isinstance(now, str) and epoch is None:
        more["aws:epochtime"] = found[0]["aws:epochtime"]
    is_kept = all(found[0].get(key, value) == value for key, value in of_time.items())
    return more if is_kept else None


def _with_resource(fixed: Mapping[str, Value], row: Row, space: ResourceSpace) -> Values | None:
    """The region and the account are those of the ARN, where it has them."""
    parts = space.example.split(":", ARN_PARTS - 1)
    region = fixed.get(_REGION)
    if region is not None and space.has_region and len(parts) == ARN_PARTS and parts[3] != region:
        return None
    if _ACCOUNT not in fixed:
        return {}
    account = fixed[_ACCOUNT]
    if row.target is not Target.ANOTHER_ACCOUNT and space.owner is not None:
        return {} if account in (None, space.owner) else None
    if space.has_account and len(parts) == ARN_PARTS:
        return {} if account in (None, parts[4]) else None
    return {} if account not in (None, row.account) else None
