"""Who makes a request, and who the Principal element of a policy names.

    Principal          who makes a request, read from its ARN
    PrincipalElement   Principal or NotPrincipal of a statement

Source: IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal".
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from mfa_lab.iam.condition.values import read_arn
from mfa_lab.iam.context import Context


class PrincipalType(enum.Enum):
    """What kind of principal makes a request, as far as the decision differs."""

    ACCOUNT_ROOT = "account_root"
    USER = "user"
    ROLE = "role"
    ROLE_SESSION = "role_session"
    FEDERATED_USER = "federated_user"
    OTHER = "other"


# The path of every service-linked role, which only its service can make.
SERVICE_LINKED: Final = ":role/aws-service-role/"

_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_TYPES: Final = tuple(
    (service, re.compile(last, re.DOTALL), principal_type)
    for service, last, principal_type in (
        ("iam", "root", PrincipalType.ACCOUNT_ROOT),
        ("iam", "user/.+", PrincipalType.USER),
        ("iam", "role/.+", PrincipalType.ROLE),
        ("sts", "assumed-role/[^/]+/.+", PrincipalType.ROLE_SESSION),
        ("sts", "federated-user/.+", PrincipalType.FEDERATED_USER),
    )
)
_WITH_BOUNDARY: Final = (PrincipalType.USER, PrincipalType.ROLE, PrincipalType.ROLE_SESSION)


def is_account_number(text: str) -> bool:
    """Tell whether a text is the number of an AWS account: twelve digits."""
    return _ACCOUNT.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes a request.

    Args:
        arn: Its ARN; for a service or an anonymous caller, its name.
        type: What it is.
        account: Its account's number; empty where it belongs to none.
        role: ARN of the role, for a role session.
        has_policies: Whether identity-based policies, a boundary or a session policy can apply
            to it.
        is_service_linked: Whether it is a service-linked role or its session, which no policy of
            an organization limits (AWS Organizations User Guide, "Service control policies" and
            "Resource control policies").
    """

    arn: str
    type: PrincipalType
    account: str = ""
    role: str = ""
    has_policies: bool = field(init=False, repr=False)
    is_service_linked: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        without = (PrincipalType.ACCOUNT_ROOT, PrincipalType.OTHER)
        object.__setattr__(self, "has_policies", self.type not in without)
        role = self.arn if self.type is PrincipalType.ROLE else self.role
        object.__setattr__(self, "is_service_linked", SERVICE_LINKED in role)


@lru_cache(maxsize=4096)
def read_principal(name: str, role: str | None = None) -> Principal:
    """Read who makes a request.

    Args:
        name: The request's principal: an ARN, else the name of a service or of an outsider.
        role: The context's aws:PrincipalArn. For a role session that is the role's ARN, and the
            only place that has the role's path.
    """
    parts = read_arn(name)
    if parts is None:
        return Principal(name, PrincipalType.OTHER)
    _, partition, service, _, account, last = parts
    principal_type = _type_of(service, last)
    if principal_type is PrincipalType.OTHER:
        return Principal(name, PrincipalType.OTHER)
    if principal_type is PrincipalType.ROLE_SESSION:
        if role is None or read_principal(role).type is not PrincipalType.ROLE:
            role = f"arn:{partition}:iam::{account}:role/{last.split('/')[1]}"
        return Principal(name, principal_type, account, role)
    return Principal(name, principal_type, account)


def _type_of(service: str, last: str) -> PrincipalType:
    """Return the type of principal that an ARN names, by its service and its last part."""
    for of_service, pattern, principal_type in _TYPES:
        if service == of_service and pattern.fullmatch(last):
            return principal_type
    return PrincipalType.OTHER


def principal_of(name: str, context: Context) -> Principal:
    """Read who makes a request.

    Args:
        name: The request's principal.
        context: Its context, whose aws:PrincipalArn tells the role of a role session.
    """
    role = context.get("aws:principalarn")
    return read_principal(name, role if isinstance(role, str) else None)


def is_in_account_of(principal: Principal, resource: str, context: Context) -> bool:
    """Tell whether a resource belongs to the principal's own account.

    AWS has the owner of a resource on record; here it is aws:ResourceAccount, else the account in
    the ARN. An ARN without one, such as a bucket's, is taken for the principal's own.

    Args:
        principal: Who makes the request.
        resource: The resource's ARN, or `*`.
        context: The request's context.
    """
    if not principal.account:
        return False
    account = context.get("aws:resourceaccount")
    owner = account if isinstance(account, str) else _account_in(resource)
    return not owner or owner == principal.account


@lru_cache(maxsize=4096)
def _account_in(resource: str) -> str:
    parts = read_arn(resource)
    return parts[4] if parts and is_account_number(parts[4]) else ""


class Naming(enum.IntEnum):
    """How closely a Principal element names who makes a request."""

    NOT_NAMED = 0
    ITS_ACCOUNT = 1
    ITS_ROLE = 2
    ITSELF = 3


EVERYONE: Final = "*"
PRINCIPAL_TYPES: Final = ("AWS", "Service", "Federated", "CanonicalUser")


@dataclass(frozen=True, slots=True)
class PrincipalEntry:
    """One entry of Principal or NotPrincipal.

    An ARN is compared as it is written: it takes no wildcards and no variables. An identifier such
    as AIDA… is what is left of a deleted user, and names nobody.

    Args:
        type: `AWS`, `Service`, `Federated` or `CanonicalUser`; `*` alone counts as `AWS`.
        value: As the policy writes it.
    """

    type: str
    value: str

    def naming(self, principal: Principal) -> Naming:
        """Return how closely the entry names a principal."""
        if self.type != "AWS":
            return Naming.ITSELF if self.value == principal.arn else Naming.NOT_NAMED
        if self.value in (EVERYONE, principal.arn):
            is_role = principal.type is PrincipalType.ROLE and self.value != EVERYONE
            return Naming.ITS_ROLE if is_role else Naming.ITSELF
        if self.value and self.value == principal.role:
            return Naming.ITS_ROLE
        if self.account and self.account == principal.account:
            is_root = principal.type is PrincipalType.ACCOUNT_ROOT
            return Naming.ITSELF if is_root else Naming.ITS_ACCOUNT
        return Naming.NOT_NAMED

    @property
    def account(self) -> str:
        """The account that the entry names as a whole; empty where it names something else."""
        if is_account_number(self.value):
            return self.value
        named = read_principal(self.value)
        return named.account if named.type is PrincipalType.ACCOUNT_ROOT else ""


@dataclass(frozen=True, slots=True)
class PrincipalElement:
    """Principal, or NotPrincipal, which is about everyone who is not in the list.

    Args:
        entries: The list.
        negated: True for NotPrincipal, which AWS takes with Deny alone.
    """

    entries: tuple[PrincipalEntry, ...]
    negated: bool = False

    @property
    def name(self) -> str:
        """The element's name in the policy."""
        return "NotPrincipal" if self.negated else "Principal"

    def naming(self, principal: Principal) -> Naming:
        """Return how closely the list names a principal."""
        return max((entry.naming(principal) for entry in self.entries), default=Naming.NOT_NAMED)

    def matches(self, principal: Principal, *, has_boundary: bool = False) -> bool:
        """Tell whether the statement is about a principal.

        For NotPrincipal AWS looks at the account, then at the role, then at the session, and
        each must be listed for the principal to be left alone. Otherwise, AWS documents, the policy
        "might" deny the whole account, depending on the service; here it does.

        Args:
            principal: Who makes the request.
            has_boundary: Whether a permissions boundary is attached. NotPrincipal with Deny then
                always matches an IAM user or role.
        """
        if not self.negated:
            return self.naming(principal) > Naming.NOT_NAMED
        if has_boundary and principal.type in _WITH_BOUNDARY:
            return True
        return any(self._leaves_out(name) for name in _chain(principal))

    def _leaves_out(self, name: str) -> bool:
        """Tell whether neither everyone nor this ARN or account is listed."""
        return not any(
            entry.value in (EVERYONE, name) or (entry.type == "AWS" and entry.account == name)
            for entry in self.entries
        )


def _chain(principal: Principal) -> tuple[str, ...]:
    """Return the account, the role and the principal itself, as far as it has them."""
    itself = () if principal.type is PrincipalType.ACCOUNT_ROOT else (principal.arn,)
    return tuple(name for name in (principal.account, principal.role, *itself) if name)
