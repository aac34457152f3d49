"""Who makes a request, and whether a statement is about them.

Source: IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal",
"Policy evaluation logic".
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from tests.reference.resources import listed
from tests.reference.variables import value_of

# What a request's principal is.
ROOT = "root"
USER = "user"
ROLE = "role"
ROLE_SESSION = "role session"
FEDERATED_USER = "federated user"
OTHER = "other"  # a service, an anonymous caller, a federated provider

ARNS = {
    r"arn:[^:]*:iam::[^:]*:root": ROOT,
    r"arn:[^:]*:iam::[^:]*:user/.+": USER,
    r"arn:[^:]*:iam::[^:]*:role/.+": ROLE,
    r"arn:[^:]*:sts::[^:]*:assumed-role/[^/]+/.+": ROLE_SESSION,
    r"arn:[^:]*:sts::[^:]*:federated-user/.+": FEDERATED_USER,
}

# How a statement names the principal of a request, in rising strength.
BY_ACCOUNT = 1  # only its account: a delegation
BY_ROLE = 2  # the role behind it
BY_ITSELF = 3  # its own ARN or name, or everyone


class Principal(NamedTuple):
    """The principal of a request: its name, what it is, its account and role ("" for none)."""

    name: str
    kind: str
    account: str
    role: str


def kind_of(name: str) -> str:
    for expression, kind in ARNS.items():
        if re.fullmatch(expression, name, re.DOTALL):
            return kind
    return OTHER


def role_of(name: str, kind: str, context: dict[str, Any]) -> str:
    """The role's ARN; the context knows its path, the ARN of a session does not."""
    if kind == ROLE:
        return name
    if kind != ROLE_SESSION:
        return ""
    known = value_of("aws:PrincipalArn", context)
    if isinstance(known, str) and kind_of(known) == ROLE:
        return known
    partition, account, rest = name.split(":")[1], name.split(":")[4], name.split(":", 5)[5]
    return f"arn:{partition}:iam::{account}:role/{rest.split('/')[1]}"


def principal_of(name: str, context: dict[str, Any]) -> Principal:
    kind = kind_of(name)
    if kind == OTHER:
        return Principal(name, OTHER, "", "")
    return Principal(name, kind, name.split(":")[4], role_of(name, kind, context))


def names_account(value: str, account: str) -> bool:
    """Whether an entry is the account's number or the ARN of its root user, of any partition."""
    return value == account or (kind_of(value) == ROOT and value.split(":")[4] == account)


def entries(element: Any) -> list[tuple[str, str]]:
    """A Principal element as pairs of type and value; "*" alone is everyone of AWS."""
    if element == "*":
        return [("AWS", "*")]
    return [(kind, one) for kind, values in element.items() for one in listed(values)]


def strength(entry: tuple[str, str], principal: Principal) -> int:
    """How strongly one entry names the principal; 0 where it does not."""
    kind, value = entry
    if kind == "AWS" and principal.role and value == principal.role:
        return BY_ROLE
    if entry == ("AWS", "*") or value == principal.name:
        return BY_ITSELF
    if kind != "AWS" or principal.kind == OTHER:
        return 0
    return BY_ACCOUNT if names_account(value, principal.account) else 0


def named(element: Any, principal: Principal) -> int:
    return max((strength(entry, principal) for entry in entries(element)), default=0)


def excepted_from_deny(element: Any, principal: Principal, has_boundary: bool) -> bool:
    """Whether NotPrincipal excepts a principal from a Deny: account, role and itself all listed.

    AWS says that it "might" validate each of them, and that it denies an IAM user or role with a
    permissions boundary whatever is listed.
    """
    if has_boundary and principal.kind in (USER, ROLE, ROLE_SESSION):
        return False
    values = {value for _, value in entries(element)}
    if ("AWS", "*") in entries(element):
        return True
    if principal.kind == OTHER:
        return principal.name in values
    if not any(names_account(value, principal.account) for value in values):
        return False
    if principal.role and principal.role not in values:
        return False
    return principal.kind == ROOT or principal.name in values


def how_named(statement: dict[str, Any], principal: Principal, has_boundary: bool) -> int:
    """How a statement is about the principal: BY_…, or 0 where it is not about them.

    NotPrincipal stands with the Effect Deny only.
    """
    if "Principal" in statement:
        return named(statement["Principal"], principal)
    if "NotPrincipal" not in statement:
        return BY_ITSELF
    excepted = excepted_from_deny(statement["NotPrincipal"], principal, has_boundary)
    return 0 if excepted else BY_ITSELF
