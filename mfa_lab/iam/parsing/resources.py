"""What Resource and NotResource may hold.

Source: IAM User Guide, "IAM JSON policy elements: Resource": an ARN, whose service takes no
wildcard; AWS completes one that is cut short. "Role trust policy syntax error resource" in the
policy check reference. What else IAM refuses in an ARN is not documented: moto has AWS's own
answers in `moto/iam/policy_validation.py` and its tests. Where these leave doubt, as with
wildcards, the ARN is accepted.
"""

from __future__ import annotations

import re
from typing import Final

from mfa_lab.iam.condition.values import ARN_PARTS
from mfa_lab.iam.parsing.element_reader import ElementReader, JsonObject
from mfa_lab.iam.parsing.locations import pointer_to
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.iam.statement import ResourceElement, ResourcePattern, resource_pattern
from mfa_lab.text.nearest_name import half_width, nearest_name
from mfa_lab.text.shown_value import shown

NAMES: Final = ("Resource", "NotResource")

_EVERYTHING: Final = re.compile(r"\*+")
# What may mean more than is written: wildcards, and variables of a policy or of a template.
_OPEN: Final = re.compile(r"[*?]|\$\{")
_ACCOUNT_TOO_EARLY: Final = re.compile(r"[0-9]{12}|\*?")

PARTITIONS: Final = (
    "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc",
)  # fmt: skip
"""The partitions of AWS, as botocore lists them."""

# As IAM lists them where it refuses another; below, what the reference and denials also name.
_PATHS_OF_IAM: Final = (
    "user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/",
    "server-certificate/", "policy/", "sms-mfa/", "saml-provider/", "oidc-provider/", "report/",
    "access-report/",
)  # fmt: skip
_ACCEPTED_BY_IAM: Final = (
    *_PATHS_OF_IAM, "assumed-role/", "delegation-request/", "role-template/", "u2f/", "root",
)  # fmt: skip


def read_resources(
    reader: ElementReader, statement: JsonObject, pointer: str, kind: PolicyKind, *, variables: bool
) -> ResourceElement | None:
    """Read the Resource or NotResource of a statement.

    Args:
        reader: Reads, and collects the mistakes.
        statement: The statement.
        pointer: Where the statement is.
        kind: What kind of policy it is in. A trust policy is about its role; a resource policy
            is about its resource, and some services let it name none.
        variables: Whether the version of the policy has variables.
    """
    named = [name for name in NAMES if name in statement]
    if not kind.names_resources:
        for name in named:
            reader.note("resource_in_trust_policy", pointer_to(pointer, name), name=name)
        return None
    if not named and kind is PolicyKind.RESOURCE:
        return None
    name, negated = reader.element_or_negation(statement, pointer, "Resource")
    patterns: list[ResourcePattern] = []
    for where, resource in reader.listed(statement, name, pointer, "empty_resources"):
        if not _EVERYTHING.fullmatch(resource) and not resource.startswith("arn:"):
            meant = half_width(resource)
            suggestion = meant if meant.startswith(("arn:", "*")) else ""
            reader.note(
                "malformed_resource", where, resource=shown(resource), suggestion=suggestion
            )
        elif _has_service_wildcard(resource):
            reader.note("service_wildcard", where, resource=shown(resource))
        elif kind.is_attached_to_identities:
            _arn(reader, resource, where)
        patterns.append(resource_pattern(resource, variables=variables))
    return ResourceElement(tuple(patterns), negated)


def _arn(reader: ElementReader, resource: str, where: str) -> None:
    """Note what IAM refuses in an ARN: the first thing that it would name."""
    _, *parts = resource.split(":", ARN_PARTS - 1)
    if not parts:  # `*` alone
        return
    values: dict[str, object] = {"resource": shown(resource)}
    partition, *after = parts
    is_whole = len(after) == ARN_PARTS - 2
    service, region, account = (*after, "", "", "")[:3]
    if not is_known_partition(partition):
        known = ", ".join(PARTITIONS)
        suggestion = nearest_name(partition, PARTITIONS) or "aws"
        reader.note(
            "unknown_partition", where, **values,
            partition=shown(partition), known=known, suggestion=suggestion,
        )  # fmt: skip
    elif any("${" in part for part in after[:-1]):  # whose colons are no ends of parts
        return
    elif not service and (after or not _OPEN.search(partition)):
        reader.note("arn_without_service", where, **values)
    elif service == "iam" and len(after) == ARN_PARTS - 3 and _account_is_early(*after):
        suggestion = f"arn:{partition}:iam::{region}:{account}"
        reader.note("arn_with_too_few_colons", where, **values, suggestion=suggestion)
    elif not is_whole and "::" in resource and not _OPEN.search(after[-1]):
        reader.note("arn_with_too_few_colons", where, **values, suggestion="")
    elif (
        region
        and not _OPEN.search(region)
        and (service == "iam" or (service == "s3" and is_whole and not account))
    ):
        reader.note("arn_with_region", where, **values, region=shown(region), service=service)
    elif service == "iam" and is_whole and not _is_accepted_by_iam(after[-1]):
        head = re.split("[/:]", after[-1])[0]
        reader.note(
            "unknown_resource_of_iam", where, **values, known=", ".join(_PATHS_OF_IAM),
            suggestion=nearest_name(f"{head}/", _PATHS_OF_IAM) or "",
        )  # fmt: skip


def is_known_partition(partition: str) -> bool:
    """Tell whether an ARN may name a partition: one of AWS's, or a pattern."""
    return partition in PARTITIONS or "*" in partition or "?" in partition


def _account_is_early(_: str, region: str, rest: str) -> bool:
    """Whether an account is where the region should be: a colon is missing before it."""
    return _ACCOUNT_TOO_EARLY.fullmatch(region) is not None and rest.startswith(_ACCEPTED_BY_IAM)


def _is_accepted_by_iam(path: str) -> bool:
    literal = _OPEN.split(path, maxsplit=1)[0]
    if literal == path:
        return not path or path.startswith(_ACCEPTED_BY_IAM)
    return any(each.startswith(literal) or literal.startswith(each) for each in _ACCEPTED_BY_IAM)


def _has_service_wildcard(resource: str) -> bool:
    """Whether a whole ARN names its service with a wildcard.

    A short one, such as arn:*, may be anything in the parts that it leaves out.
    """
    parts = resource.split(":", ARN_PARTS - 1)
    return len(parts) == ARN_PARTS and ("*" in parts[2] or "?" in parts[2])
