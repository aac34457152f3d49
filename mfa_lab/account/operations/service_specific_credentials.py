"""Service-specific credentials, such as the user name and password for Git over HTTPS.

moto does not have them; the policies of the lessons let users manage their own.

Source: IAM User Guide, "Service-specific credentials for IAM users"; IAM API Reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from weakref import WeakKeyDictionary

from mfa_lab.account.call.authenticated_call import Call, OwnOperation
from mfa_lab.account.fault import Fault
from mfa_lab.account.moto_state.state import ACCOUNT_ID
from mfa_lab.account.operations.entities import require_user

SERVICES: Final = frozenset(
    {"codecommit.amazonaws.com", "cassandra.amazonaws.com", "bedrock.amazonaws.com"}
)
PER_SERVICE: Final = 2


@dataclass(slots=True)
class ServiceSpecificCredential:
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


_credentials: WeakKeyDictionary[Any, list[ServiceSpecificCredential]] = WeakKeyDictionary()


def credentials_of(user: Any) -> list[ServiceSpecificCredential]:
    """Return a user's service-specific credentials."""
    return _credentials.setdefault(user, [])


def _describe(
    user: Any, credential: ServiceSpecificCredential, *, with_password: bool
) -> dict[str, Any]:
    shown = {
        "UserName": user.name,
        "Status": credential.status,
        "ServiceUserName": credential.user_name,
        "CreateDate": credential.created,
        "ServiceSpecificCredentialId": credential.identifier,
        "ServiceName": credential.service,
    }
    return {**shown, "ServicePassword": credential.password} if with_password else shown


def _require_credential(call: Call) -> tuple[Any, ServiceSpecificCredential]:
    user = require_user(call.state, call.parameters["UserName"])
    identifier = call.parameters["ServiceSpecificCredentialId"]
    for credential in credentials_of(user):
        if credential.identifier == identifier:
            return user, credential
    message = f"The service specific credential with id {identifier} cannot be found."
    raise Fault("NoSuchEntity", message, 404)


def create(call: Call) -> dict[str, Any]:
    """IAM API Reference, CreateServiceSpecificCredential."""
    user, issuer = require_user(call.state, call.parameters["UserName"]), call.internals.issuer
    service = call.parameters["ServiceName"]
    if service not in SERVICES:
        message = f"No such service {service} is supported for Service Specific Credentials"
        raise Fault("NotSupportedService", message, 404)
    own = credentials_of(user)
    same = [credential for credential in own if credential.service == service]
    if len(same) >= PER_SERVICE:
        message = f"Cannot exceed quota for ServiceSpecificCredentialsPerUser: {PER_SERVICE}"
        raise Fault("LimitExceeded", message, 409)
    suffix = f"+{len(same)}" if same else ""
    made = ServiceSpecificCredential(
        issuer.unique_id("ACCA"),
        service,
        f"{user.name}{suffix}-at-{ACCOUNT_ID}",
        issuer.secret_access_key(),
        call.now.replace(microsecond=0),
    )
    own.append(made)
    return {"ServiceSpecificCredential": _describe(user, made, with_password=True)}


def list_all(call: Call) -> dict[str, Any]:
    """IAM API Reference, ListServiceSpecificCredentials. Passwords are told once only."""
    user = require_user(call.state, call.parameters["UserName"])
    service = call.parameters.get("ServiceName")
    return {
        "ServiceSpecificCredentials": [
            _describe(user, credential, with_password=False)
            for credential in credentials_of(user)
            if service in (None, credential.service)
        ],
        "IsTruncated": False,
    }


def update(call: Call) -> None:
    """IAM API Reference, UpdateServiceSpecificCredential."""
    _, credential = _require_credential(call)
    credential.status = call.parameters["Status"]


def reset(call: Call) -> dict[str, Any]:
    """IAM API Reference, ResetServiceSpecificCredential."""
    user, credential = _require_credential(call)
    credential.password = call.internals.issuer.secret_access_key()
    return {"ServiceSpecificCredential": _describe(user, credential, with_password=True)}


def delete(call: Call) -> None:
    """IAM API Reference, DeleteServiceSpecificCredential."""
    user, credential = _require_credential(call)
    credentials_of(user).remove(credential)


OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {
    ("iam", "CreateServiceSpecificCredential"): create,
    ("iam", "ListServiceSpecificCredentials"): list_all,
    ("iam", "UpdateServiceSpecificCredential"): update,
    ("iam", "ResetServiceSpecificCredential"): reset,
    ("iam", "DeleteServiceSpecificCredential"): delete,
}
