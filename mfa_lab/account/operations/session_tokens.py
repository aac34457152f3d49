"""The operations of STS that give out temporary credentials, and GetCallerIdentity.

Source: AWS STS API Reference; data/facts.md, "The MFA condition keys", "GetSessionToken" and "MFA
codes".
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from mfa_lab.account.call.authenticated_call import Call, OwnOperation
from mfa_lab.account.call.caller import AuthenticatedCaller
from mfa_lab.account.fault import Fault
from mfa_lab.account.moto_state.state import ACCOUNT_ID
from mfa_lab.account.operations.mfa_codes import find_accepted_step, mark_used
from mfa_lab.account.operations.session_policies import read_session_policies
from mfa_lab.account.sessions import Session
from mfa_lab.iam.credentials import (
    FEDERATED_USER,
    SESSION_TOKEN_WITH_MFA,
    SESSION_TOKEN_WITHOUT_MFA,
)

_DEFAULT_SECONDS: Final = 43_200
# AWS's own spacing.
_WRONG_CODE: Final = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
_WRONG_DEVICE: Final = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  "
    "Please verify your MFA serial number is valid and associated with this user."
)
_HALF: Final = (
    "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. "
)


def check_mfa_code(call: Call) -> tuple[Any, int] | None:
    """Check the MFA serial number and code of a call that may carry them.

    Returns:
        moto's device and the step that the code is of, which is still to be used up; None where
        the call carries neither.

    Raises:
        Fault: The code is wrong, was used before, or is of a device that the caller does not have.
    """
    serial_number = call.parameters.get("SerialNumber")
    code = call.parameters.get("TokenCode")
    if serial_number is None and code is None:
        return None
    if not serial_number or not code:
        raise Fault("AccessDenied", _HALF)
    user = call.principal.calling_user
    device = call.state.devices().get(serial_number)
    if user is None or device is None or serial_number not in user.mfa_devices:
        raise Fault("AccessDenied", _WRONG_DEVICE)
    step = find_accepted_step(device, code, call.now)
    if step is None:
        raise Fault("AccessDenied", _WRONG_CODE)
    return device, step


def get_session_token(call: Call) -> dict[str, Any]:
    """AWS STS API Reference, GetSessionToken."""
    checked = check_mfa_code(call)
    if checked is not None:
        mark_used(*checked)
    session = call.internals.sessions.begin(
        SESSION_TOKEN_WITHOUT_MFA if checked is None else SESSION_TOKEN_WITH_MFA,
        call.now,
        timedelta(seconds=int(call.parameters.get("DurationSeconds") or _DEFAULT_SECONDS)),
        user=call.principal.user,
        mfa_time=None if checked is None else call.now,
    )
    return {"Credentials": credentials_of(session)}


def get_federation_token(call: Call) -> dict[str, Any]:
    """AWS STS API Reference, GetFederationToken. Without a session policy it may do nothing."""
    name = call.parameters["Name"]
    policies = read_session_policies(call.state, call.parameters)
    session = call.internals.sessions.begin(
        FEDERATED_USER,
        call.now,
        timedelta(seconds=int(call.parameters.get("DurationSeconds") or _DEFAULT_SECONDS)),
        user=call.principal.user,
        name=name,
        policies=policies,
    )
    federated = {
        "FederatedUserId": f"{ACCOUNT_ID}:{name}",
        "Arn": f"arn:aws:sts::{ACCOUNT_ID}:federated-user/{name}",
    }
    return {"Credentials": credentials_of(session), "FederatedUser": federated}


def get_caller_identity(call: Call) -> dict[str, Any]:
    """AWS STS API Reference, GetCallerIdentity."""
    principal: AuthenticatedCaller = call.principal
    return {"UserId": principal.user_id, "Account": ACCOUNT_ID, "Arn": principal.arn}


def credentials_of(session: Session) -> dict[str, Any]:
    """Return a session's credentials in the form of an STS response."""
    return {
        "AccessKeyId": session.keys.access_key_id,
        "SecretAccessKey": session.keys.secret_access_key,
        "SessionToken": session.keys.session_token,
        "Expiration": session.expires,
    }


OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {
    ("sts", "GetSessionToken"): get_session_token,
    ("sts", "GetFederationToken"): get_federation_token,
    ("sts", "GetCallerIdentity"): get_caller_identity,
}
