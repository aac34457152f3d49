"""What Principal and NotPrincipal may hold, and which kinds of policy have them.

Source: IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal", "Grammar of the
IAM JSON policy language", `principal_block`; Organizations User Guide, "SCP syntax"
and "RCP syntax". For a trust policy IAM refuses `*` alone, and accepts `{"AWS": "*"}` (the policy
check reference, "Role trust policy unsupported wildcard in principal").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mfa_lab.iam.parsing.element_reader import ElementReader, JsonObject
from mfa_lab.iam.parsing.locations import pointer_to
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.iam.principals import EVERYONE, PRINCIPAL_TYPES, PrincipalElement, PrincipalEntry
from mfa_lab.iam.statement import Effect
from mfa_lab.text.shown_value import shown

NAMES: Final = ("Principal", "NotPrincipal")

# An account, or a user, role or session, or a unique identifier such as AIDA…
_AWS_PRINCIPAL: Final = re.compile(
    r"[0-9]{12}|A[A-Z]{3}[A-Z0-9]+"
    r"|arn:[^:]+:(?:iam::[^:]+:(?:root|(?:user|role)/.+)|sts::[^:]+:.+)",
    re.DOTALL,
)
_GROUP: Final = re.compile(r"arn:[^:]+:iam::[^:]+:group/.*", re.DOTALL)


def read_principals(
    reader: ElementReader, statement: JsonObject, pointer: str, kind: PolicyKind
) -> PrincipalElement | None:
    """Read the Principal or NotPrincipal of a statement; None where it has none."""
    if not kind.names_principals:
        code = "principal_in_scp" if kind is PolicyKind.SCP else "principal_in_identity_policy"
        for name in NAMES:
            if name in statement:
                reader.note(code, pointer_to(pointer, name), name=name)
        return None
    name, negated = reader.element_or_negation(statement, pointer, "Principal")
    if name not in statement:
        return None
    where = pointer_to(pointer, name)
    if negated and statement.get("Effect") == Effect.ALLOW:
        reader.note("not_principal_allows", where)
    if negated and kind is not PolicyKind.RESOURCE:
        reader.note("not_principal_here", where, kind=kind)
    if statement[name] == EVERYONE and kind is PolicyKind.TRUST:
        reader.note("everyone_in_trust_policy", where)
    entries = tuple(_entries(reader, statement[name], where))
    if kind is PolicyKind.RCP and not negated and any(entry.value != EVERYONE for entry in entries):
        reader.note("principal_in_rcp", where)
    return PrincipalElement(entries, negated)


def _entries(reader: ElementReader, element: object, pointer: str) -> Iterator[PrincipalEntry]:
    if element == EVERYONE:
        yield PrincipalEntry("AWS", EVERYONE)
        return
    if element == {}:
        reader.note("empty_principal", pointer, name=pointer.rpartition("/")[2])
    for name, values in reader.members(element, pointer, "principal_not_an_object"):
        if name not in PRINCIPAL_TYPES:
            reader.note(
                "unknown_principal_type",
                pointer_to(pointer, name),
                name=shown(name),
                known=", ".join(PRINCIPAL_TYPES),
                suggestion=reader.suggestion(name, PRINCIPAL_TYPES),
            )
        for where, value in reader.listed({name: values}, name, pointer, "empty_principals"):
            code = _mistake_in(name, value)
            if code is not None:
                reader.note(code, where, principal=shown(value), name=shown(name))
            yield PrincipalEntry(name, value)


def _mistake_in(principal_type: str, value: str) -> str | None:
    if principal_type == "AWS" and value == EVERYONE:
        return None
    if not value.strip():
        return "empty_principal"
    if principal_type == "AWS" and _GROUP.fullmatch(value):
        return "group_as_principal"
    if "*" in value or (principal_type == "AWS" and "?" in value):
        return "wildcard_in_principal"
    if principal_type == "AWS" and not _AWS_PRINCIPAL.fullmatch(value):
        return "malformed_principal"
    return None
