"""Which requests a cell speaks about: the definition, by which the search is tested.

What is said here is said once more by how the search makes its requests, on purpose by other means:
here a request is given, and each of its parts is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from mfa_lab.analysis.catalogue import resource_arn_template
from mfa_lab.analysis.requests.condition_key_table import (
    Domain,
    KeyFacts,
    Presence,
    key_facts,
    keys_always_there,
    resource_tag_key,
)
from mfa_lab.analysis.requests.resource_names import USER_NAME, name_grammar
from mfa_lab.analysis.requests.rows import (
    ABOUT_ALL_DEVICES,
    CallingPrincipal,
    Row,
    Target,
    fixed_principal,
)
from mfa_lab.iam.condition import values
from mfa_lab.iam.context import Context
from mfa_lab.iam.credentials import CredentialsKind, Holder
from mfa_lab.iam.patterns import compiled_pattern
from mfa_lab.iam.request import Request

_NAME: Final = rf"[{re.escape(USER_NAME)}]+"
_REGION: Final = r"[a-z]{2}-[a-z][a-z-]*-[0-9]"
_ACCOUNT: Final = r"[0-9]{12}"
_PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\}|\*")
_PRINCIPALS: Final = {
    Holder.USER: rf"arn:([^:]+):iam::([0-9]{{12}}):user(?P<path>/(?:[!-~]+/)?)(?P<name>{_NAME})",
    Holder.ROLE_SESSION: (
        rf"arn:([^:]+):sts::([0-9]{{12}}):assumed-role/(?P<role>{_NAME})/(?P<name>{_NAME})"
    ),
    Holder.FEDERATED_USER: rf"arn:([^:]+):sts::([0-9]{{12}}):federated-user/(?P<name>{_NAME})",
}
_UNIQUE_IDS: Final = {Holder.USER: "AIDA[A-Z0-9]{12,}", Holder.ROLE_SESSION: "AROA[A-Z0-9]{12,}"}
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_FROM_VPC: Final = (
    *("aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourcevpcarn"),
    *("aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"),
)


def admits(kind: CredentialsKind, row: Row, request: Request) -> bool:
    """Tell whether a request is one of those that a cell speaks about.

    Args:
        kind: With what credentials the cell's requests are made.
        row: What else is fixed of them.
        request: The request.
    """
    return why_not(kind, row, request) is None


def why_not(kind: CredentialsKind, row: Row, request: Request) -> str | None:
    """Return what keeps a request from being one of a cell's, for developers; None where it is one.

    Args:
        kind: With what credentials the cell's requests are made.
        row: What else is fixed of them.
        request: The request.
    """
    if request.lowered_action != row.action.name.lower():
        return "another action"
    principal = _principal(kind, row, request)
    if principal is None or principal.arn != request.principal:
        return "another principal"
    types = list(_types_of(row, principal, request.resource))
    if not types:
        return "another resource"
    context = request.values
    for key, wanted in row.context:
        if context.get(key) != wanted:
            return f"{key} is fixed to another value"
    for key, value in principal.keys().items():
        if context.get(key) != value:
            return f"{key} is another principal's"
    faults = [_fault_of_keys(kind, row, one, request) for one in types]
    if None not in faults:
        return faults[0]
    return (
        _fault_of_credentials(kind, context)
        or _fault_of_time(kind, row, context)
        or _fault_of_owner(row, request)
        or _fault_of_network(context)
        or _fault_of_calling_services(context)
    )


def _principal(kind: CredentialsKind, row: Row, request: Request) -> CallingPrincipal | None:
    fixed = fixed_principal(row, kind)
    if fixed is not None:
        return fixed
    found = re.fullmatch(_PRINCIPALS[kind.holder], request.principal)
    if found is None or found[1] != row.partition or found[2] != row.account:
        return None
    named = found.groupdict()
    unique_id = request.values.get("aws:userid")
    if not isinstance(unique_id, str):
        return None
    wanted = _UNIQUE_IDS.get(kind.holder)
    if kind.holder is Holder.ROLE_SESSION:
        unique_id = unique_id.partition(":")[0]
    if wanted is not None and not re.fullmatch(wanted, unique_id):
        return None
    return CallingPrincipal(
        kind,
        named["name"],
        named.get("path") or "/",
        row.account,
        row.partition,
        unique_id,
        named.get("role") or "",
    )


def _types_of(row: Row, principal: CallingPrincipal, resource: str) -> Iterator[str | None]:
    """Return the types of which a resource may be, among those that the row asks about."""
    action = row.action
    if row.resources:
        if any(_fits(one, resource) for one in row.narrowed):
            yield from (name for name, _ in action.resource_types)
            if not action.resource_types:
                yield None
        return
    if action.name.lower() == ABOUT_ALL_DEVICES:
        if resource == principal.device_arn(""):
            yield None
        return
    types = [name for name, _ in action.resource_types]
    of_user, of_device = principal.user_arn, principal.device_arn()
    own_device = of_device if row.device_name is None else principal.device_arn(row.device_name)
    of_iam = f"arn:{row.partition}:iam::{row.account}:"
    if action.service == "iam" and row.target in _ABOUT_USERS and "user" in types:
        is_own = resource == of_user
        is_user = re.fullmatch(re.escape(of_iam) + "user/" + _NAME, resource) is not None
        if is_own if row.target is Target.OWN_USER else is_user and not is_own:
            yield "user"
        return
    if action.service == "iam" and row.target in _ABOUT_DEVICES and "mfa" in types:
        is_device = re.fullmatch(re.escape(of_iam) + "mfa/" + _NAME, resource) is not None
        is_other = is_device and resource != of_device
        if resource == own_device if row.target is Target.OWN_DEVICE else is_other:
            yield "mfa"
        return
    templates = {name: resource_arn_template(action.service, name) for name in types}
    known = {name: template for name, template in templates.items() if template is not None}
    if not known and resource == "*":
        yield None
    for name, template in known.items():
        found = _compiled(template, row.partition).fullmatch(resource)
        if found is None:
            continue
        owner = found.groupdict().get("owner")
        if owner is None or (owner == row.account) is (row.target is not Target.ANOTHER_ACCOUNT):
            yield name


_ABOUT_USERS: Final = (Target.OWN_USER, Target.ANOTHER_USER)
_ABOUT_DEVICES: Final = (Target.OWN_DEVICE, Target.DEVICE_OF_ANOTHER_NAME)


def _fits(pattern: str, resource: str) -> bool:
    """Tell whether a resource fits what narrows the row, part by part."""
    if pattern == resource:
        return True
    wanted, given = pattern.split(":", 5), resource.split(":", 5)
    return len(wanted) == len(given) and all(
        compiled_pattern(one).matches(other) for one, other in zip(wanted, given, strict=True)
    )


@lru_cache(maxsize=4096)
def _compiled(template: str, partition: str) -> re.Pattern[str]:
    """Return an ARN template as a regular expression; the account in it is the group `owner`."""
    *leading, last = template.split(":", 5)
    in_place = ("arn", re.escape(partition), "[a-z0-9-]+", _REGION, f"(?P<owner>{_ACCOUNT})")
    parts = [
        meant if _PLACEHOLDER.search(part) else re.escape(part)
        for part, meant in zip(leading, in_place, strict=True)
    ]
    spelled, end = "", 0
    for found in _PLACEHOLDER.finditer(last):
        grammar = name_grammar(found[1] or "*")
        characters = f"[{re.escape(grammar.characters)}]" if grammar.characters else "."
        spelled += re.escape(last[end : found.start()]) + f"{characters}{{{grammar.least},}}"
        end = found.end()
    return re.compile(":".join([*parts, spelled + re.escape(last[end:])]), re.DOTALL)


def _fault_of_keys(
    kind: CredentialsKind, row: Row, resource_type: str | None, request: Request
) -> str | None:
    """Look at each key by itself, and at those that only some types of resource have."""
    context, action = request.values, row.action.name
    facts = {key: key_facts(key, kind, action, resource_type) for key in context}
    for key in keys_always_there(kind):
        if key not in context:
            return f"{key} is always there"
    for key, of_key in facts.items():
        if of_key.presence is Presence.NEVER:
            return f"{key} is never there"
        if not may_have(of_key, context[key]):
            return f"{key} has no such value"
    return _fault_of_resource_tags(kind, row, resource_type, context) or _fault_of_request_tags(
        kind, row, resource_type, context
    )


def may_have(facts: KeyFacts, value: str | tuple[str, ...]) -> bool:
    """Tell whether a value is one of those that a context key can have.

    Args:
        facts: What is known of the key.
        value: The value.
    """
    if not facts.is_known:
        return True
    if facts.is_multivalued is isinstance(value, str):
        return False
    members = (value,) if isinstance(value, str) else value
    return all(_LOOKS[facts.domain](member) for member in members)


def _looks_like(pattern: str) -> Callable[[str], bool]:
    fits = re.compile(pattern, re.DOTALL).fullmatch
    return lambda text: fits(text) is not None


def _is_moment(text: str) -> bool:
    return _MOMENT.fullmatch(text) is not None and values.read_date(text) is not None


_LOOKS: Final[dict[Domain, Callable[[str], bool]]] = {
    Domain.BOOLEAN: _looks_like("true|false"),
    Domain.NUMBER: lambda text: _WHOLE.fullmatch(text) is not None,
    Domain.SECONDS: lambda text: _WHOLE.fullmatch(text) is not None,
    Domain.MOMENT: _is_moment,
    Domain.ADDRESS: lambda text: values.read_ip_address(text) is not None,
    Domain.ARN: _looks_like("arn:[^:]*:[^:]*:[^:]*:[^:]*:.+"),
    Domain.ACCOUNT: _looks_like(_ACCOUNT),
    Domain.REGION: _looks_like(_REGION),
    Domain.SERVICE: _looks_like("[a-z0-9.-]+"),
    Domain.USER_NAME: _looks_like(_NAME),
    Domain.TAG: lambda text: True,
    Domain.TAG_KEY: bool,
    Domain.TEXT: lambda text: True,
}


def _fault_of_resource_tags(
    kind: CredentialsKind, row: Row, resource_type: str | None, context: Context
) -> str | None:
    """A service's own key has the value of the key of all services, where both can be there."""
    for key, value in context.items():
        of_all = resource_tag_key(key)
        if of_all == key:
            continue
        facts = key_facts(of_all, kind, row.action.name, resource_type)
        if facts.presence is not Presence.NEVER and context.get(of_all) != value:
            return f"{key} is not {of_all}"
    for key in context:
        if not key.startswith("aws:resourcetag/"):
            continue
        own = f"{row.action.service.lower()}:{key.removeprefix('aws:')}"
        facts = key_facts(own, kind, row.action.name, resource_type)
        listed = facts.is_known and facts.presence is not Presence.NEVER
        if listed and context.get(own) != context[key]:
            return f"{own} is not {key}"
    return None


def _fault_of_request_tags(
    kind: CredentialsKind, row: Row, resource_type: str | None, context: Context
) -> str | None:
    """aws:TagKeys names the tags of the request, in any order, where the action takes both."""
    beginning = "aws:requesttag/"
    if key_facts(f"{beginning}a", kind, row.action.name, resource_type).presence is Presence.NEVER:
        return None
    facts = key_facts("aws:tagkeys", kind, row.action.name, resource_type)
    if facts.presence is Presence.NEVER:
        return None
    given = context.get("aws:tagkeys", ())
    names = {one.lower() for one in ((given,) if isinstance(given, str) else given)}
    tags = {key.removeprefix(beginning) for key in context if key.startswith(beginning)}
    return None if names == tags else "aws:tagkeys does not name the tags"


def _fault_of_credentials(kind: CredentialsKind, context: Context) -> str | None:
    wanted = {
        "aws:multifactorauthpresent": kind.mfa.present,
        "aws:viaawsservice": "true" if kind.through_service else "false",
        "aws:principalisawsservice": "false",
    }
    for key, value in wanted.items():
        if context.get(key) != value:
            return f"{key} is not as the credentials have it"
    return None


def _seconds(context: Context, key: str) -> int | None:
    value = context.get(key)
    moment = values.read_date(value) if isinstance(value, str) else None
    return None if moment is None else int(moment.timestamp())


def _fault_of_time(kind: CredentialsKind, row: Row, context: Context) -> str | None:
    """Sign-in, then issue of the token, then now, which is not before the table's date."""
    now = _seconds(context, "aws:currenttime")
    if now is None or now < row.since.timestamp():
        return "the request is before the table's date"
    if str(now) != context.get("aws:epochtime"):
        return "aws:epochtime is not aws:currenttime"
    issued = _seconds(context, "aws:tokenissuetime")
    if issued is not None and issued > now:
        return "the token is issued after the request"
    age = context.get("aws:multifactorauthage")
    if isinstance(age, str) and issued is not None and now - int(age) > issued:
        return "the sign-in with MFA is after the issue of the token"
    if isinstance(age, str) and int(age) > now:
        return "the sign-in with MFA is before 1970"
    return None


def _fault_of_owner(row: Row, request: Request) -> str | None:
    """The resource's account and region are those of its ARN, where it has them."""
    parts = values.read_arn(request.resource)
    region, account = (parts[3], parts[4]) if parts else ("", "")
    given = request.values.get("aws:resourceaccount")
    if re.fullmatch(_REGION, region) and request.values.get("aws:requestedregion") != region:
        return "aws:requestedregion is not the ARN's"
    if re.fullmatch(_ACCOUNT, account):
        return "aws:resourceaccount is not the ARN's" if given not in (None, account) else None
    if row.target is Target.ANOTHER_ACCOUNT:
        return "the resource is the caller's own" if given in (None, row.account) else None
    return "the resource is another account's" if given not in (None, row.account) else None


def _fault_of_network(context: Context) -> str | None:
    if "aws:sourceip" in context and any(key in context for key in _FROM_VPC):
        return "aws:sourceip is not there in a request from a VPC endpoint"
    return None


def _fault_of_calling_services(context: Context) -> str | None:
    chain = context.get("aws:calledvia")
    ends = context.get("aws:calledviafirst"), context.get("aws:calledvialast")
    if isinstance(chain, tuple) and chain:
        return None if ends == (chain[0], chain[-1]) else "aws:calledvia has other ends"
    if chain is not None or ends != (None, None):
        return "aws:calledvia is not whole"
    return None


def with_alternative(kind: CredentialsKind) -> Iterator[CredentialsKind]:
    """Return the kind as it would be by what AWS does not document, for each such point."""
    for mfa in kind.open_points:
        yield replace(kind, mfa=mfa, open_points=())
