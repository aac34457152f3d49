"""AssumeRole: the trust policy decides with the caller's own, and may ask for MFA.

Source: AWS STS API Reference, AssumeRole; IAM User Guide, "Secure API access with MFA";
data/facts.md, "AssumeRole" and "The MFA condition keys".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from mfa_lab.account.call.authenticated_call import Call, OwnOperation, Preparation
from mfa_lab.account.call.caller import AuthenticatedCaller
from mfa_lab.account.fault import Fault
from mfa_lab.account.moto_state.state import ACCOUNT_ID
from mfa_lab.account.operations.mfa_codes import mark_used
from mfa_lab.account.operations.session_policies import read_session_policies
from mfa_lab.account.operations.session_tokens import check_mfa_code, credentials_of
from mfa_lab.iam.credentials import ASSUME_ROLE_CALL_WITH_CODE, ROLE_SESSION, Holder, MfaKeys

_DEFAULT_SECONDS: Final = 3_600
_CHAINED_SECONDS: Final = 3_600


def prepare_assume_role(call: Call) -> AuthenticatedCaller:
    """Return the caller with MFA where the call carries a good code, which stays unused.

    With long-term keys and a code, the call itself is one with MFA. What the caller's own
    policies see then is not documented; see `ASSUME_ROLE_CALL_WITH_CODE`.

    Raises:
        Fault: The code is wrong, or not the caller's.
    """
    principal = call.principal
    if check_mfa_code(call) is None or principal.session is not None:
        return principal
    return principal.with_kind(replace(ASSUME_ROLE_CALL_WITH_CODE, mfa=MfaKeys("true", 0)))


def assume_role(call: Call) -> dict[str, Any]:
    """AWS STS API Reference, AssumeRole."""
    parameters, arn = call.parameters, call.parameters["RoleArn"]
    role = call.state.role_by_arn(arn)
    if role is None:
        who = f"User: {call.principal.arn} is not authorized to perform: sts:AssumeRole"
        raise Fault("AccessDenied", f"{who} on resource: {arn}")
    duration = _duration(call, role)
    policies = read_session_policies(call.state, parameters)
    checked = check_mfa_code(call)
    if checked is not None:
        mark_used(*checked)
    name = parameters["RoleSessionName"]
    session = call.internals.sessions.begin(
        ROLE_SESSION,
        call.now,
        duration,
        role=role,
        name=name,
        policies=policies,
        tags={tag["Key"]: tag["Value"] for tag in parameters.get("Tags") or ()},
    )
    assumed = {
        "AssumedRoleId": f"{role.id}:{name}",
        "Arn": f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{role.name}/{name}",
    }
    return {"Credentials": credentials_of(session), "AssumedRoleUser": assumed}


def _duration(call: Call, role: Any) -> timedelta:
    seconds = int(call.parameters.get("DurationSeconds") or _DEFAULT_SECONDS)
    if seconds > int(role.max_session_duration or _DEFAULT_SECONDS):
        message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        raise Fault("ValidationError", message, 400)
    is_chained = call.principal.caller.kind.holder is Holder.ROLE_SESSION
    if is_chained and seconds > _CHAINED_SECONDS:
        message = (
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed "
            "by role chaining"
        )
        raise Fault("ValidationError", message, 400)
    return timedelta(seconds=seconds)


OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {("sts", "AssumeRole"): assume_role}
PREPARATIONS: Final[dict[tuple[str, str], Preparation]] = {
    ("sts", "AssumeRole"): prepare_assume_role
}
