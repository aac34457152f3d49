"""Service-specific credentials, such as the user name and password for Git over HTTPS.

moto does not have them; the policies of the lessons let users manage their own.

Source: IAM User Guide, "Service-specific credentials for IAM users"; IAM API Reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from weakref import WeakKeyDictionary

from mfa_lab.account.call.fault import Fault
from mfa_lab.account.call.gate import Call, OwnOperation
from mfa_lab.account.moto_state.state import ACCOUNT_ID
from mfa_lab.account.operations.entities import existing_user

SERVICES: Final = frozenset(
    {"codecommit.amazonaws.com", "cassandra.amazonaws.com", "bedrock.amazonaws.com"}
)
PER_SERVICE: Final = 2


@dataclass(slots=True)
class ServiceCredential:
    """A user name and password for one service.

    Args:
        identifier: Its id, `ACCA…`.
        service: Such as `codecommit.amazonaws.com`.
        user_name: The user name that the service knows.
        password: The password.
        created: When it was made.
        status: `Active` or `Inactive`.
    """

    identifier: str
    service: str
    user_name: str
    password: str
    created: datetime
    status: str = "Active"


_credentials: WeakKeyDictionary[Any, list[ServiceCredential]] = WeakKeyDictionary()


def credentials_of(user: Any) -> list[ServiceCredential]:
    """Give a user's service-specific credentials."""
    return _credentials.setdefault(user, [])


def _shown(user: Any, one: ServiceCredential, *, with_password: bool) -> dict[str, Any]:
    shown = {
        "UserName": user.name,
        "Status": one.status,
        "ServiceUserName": one.user_name,
        "CreateDate": one.created,
        "ServiceSpecificCredentialId": one.identifier,
        "ServiceName": one.service,
    }
    return {**shown, "ServicePassword": one.password} if with_password else shown


def _named(call: Call) -> tuple[Any, ServiceCredential]:
    user = existing_user(call.state, call.parameters["UserName"])
    identifier = call.parameters["ServiceSpecificCredentialId"]
    for one in credentials_of(user):
        if one.identifier == identifier:
            return user, one
    message = f"The service specific credential with id {identifier} cannot be found."
    raise Fault("NoSuchEntity", message, 404)


def create(call: Call) -> dict[str, Any]:
    """IAM API Reference, CreateServiceSpecificCredential."""
    user, issuer = existing_user(call.state, call.parameters["UserName"]), call.parts.issuer
    service = call.parameters["ServiceName"]
    if service not in SERVICES:
        message = f"No such service {service} is supported for Service Specific Credentials"
        raise Fault("NotSupportedService", message, 404)
    own = credentials_of(user)
    same = [one for one in own if one.service == service]
    if len(same) >= PER_SERVICE:
        message = f"Cannot exceed quota for ServiceSpecificCredentialsPerUser: {PER_SERVICE}"
        raise Fault("LimitExceeded", message, 409)
    suffix = f"+{len(same)}" if same else ""
    made = ServiceCredential(
        issuer.unique_id("ACCA"),
        service,
        f"{user.name}{suffix}-at-{ACCOUNT_ID}",
        issuer.secret_access_key(),
        call.now.replace(microsecond=0),
    )
    own.append(made)
    return {"ServiceSpecificCredential": _shown(user, made, with_password=True)}


def list_all(call: Call) -> dict[str, Any]:
    """IAM API Reference, ListServiceSpecificCredentials. Passwords are told once only."""
    user = existing_user(call.state, call.parameters["UserName"])
    service = call.parameters.get("ServiceName")
    return {
        "ServiceSpecificCredentials": [
            _shown(user, one, with_password=False)
            for one in credentials_of(user)
            if service in (None, one.service)
        ],
        "IsTruncated": False,
    }


def update(call: Call) -> None:
    """IAM API Reference, UpdateServiceSpecificCredential."""
    _, one = _named(call)
    one.status = call.parameters["Status"]


def reset(call: Call) -> dict[str, Any]:
    """IAM API Reference, ResetServiceSpecificCredential."""
    user, one = _named(call)
    one.password = call.parts.issuer.secret_access_key()
    return {"ServiceSpecificCredential": _shown(user, one, with_password=True)}


def delete(call: Call) -> None:
    """IAM API Reference, DeleteServiceSpecificCredential."""
    user, one = _named(call)
    credentials_of(user).remove(one)


OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {
    ("iam", "CreateServiceSpecificCredential"): create,
    ("iam", "ListServiceSpecificCredentials"): list_all,
    ("iam", "UpdateServiceSpecificCredential"): update,
    ("iam", "ResetServiceSpecificCredential"): reset,
    ("iam", "DeleteServiceSpecificCredential"): delete,
}
