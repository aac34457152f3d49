"""What AWS services grant or refuse whatever the policies are: one small place.

`evaluate` takes the actions that need no permission from here. The refusals come before it: they
depend on the kind of credentials, of which `evaluate` sees only the context.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from mfa_lab.iam.credentials import Caller, CredentialsKind, Holder, Sureness

# "No permissions are required to perform this operation", a Deny statement included: data/facts.md,
# "Service rules".
NO_PERMISSION_NEEDED: Final = frozenset({"sts:getcalleridentity", "sts:getsessiontoken"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule by which a service refuses a call before any policy is evaluated.

    Args:
        name: Key of its sentence in the text catalogue.
        error_code: AWS's error code; empty where no source shows it.
        message: AWS's error message; empty where no source shows it.
        source: Where AWS documents it.
        sureness: How sure it is.
    """

    name: str
    error_code: str
    message: str
    source: str
    sureness: Sureness = Sureness.DOCUMENTED


IAM_NEEDS_MFA: Final = Refusal(
    "iam_needs_mfa",
    "InvalidClientTokenId",
    "The security token included in the request is invalid",
    "AWS STS API Reference, GetSessionToken; the error from field reports",
)
STS_WITH_SESSION_TOKEN: Final = Refusal(
    "sts_with_session_token",
    "",
    "",
    "AWS STS API Reference, GetSessionToken: of STS only AssumeRole and GetCallerIdentity",
)
SESSION_TOKEN_NEEDS_LONG_TERM: Final = Refusal(
    "session_token_needs_long_term",
    "AccessDenied",
    "Cannot call GetSessionToken with session credentials",
    "field reports of the error",
)
FEDERATION_TOKEN_NEEDS_LONG_TERM: Final = Refusal(
    "federation_token_needs_long_term",
    "AccessDenied",
    "Cannot call GetFederationToken with session credentials",
    'IAM User Guide, "Compare AWS STS credentials"; the error from field reports',
)
ROOT_ASSUMES_NO_ROLE: Final = Refusal(
    "root_assumes_no_role",
    "AccessDenied",
    "Roles may not be assumed by root accounts.",
    "AWS STS API Reference, AssumeRole; the error from field reports",
)
NOT_FOR_FEDERATED_USERS: Final = Refusal(
    "not_for_federated_users",
    "",
    "",
    'IAM User Guide, "Compare AWS STS credentials": no IAM, of STS only GetCallerIdentity',
)
OWN_DEVICES_NEED_MFA: Final = Refusal(
    "own_devices_need_mfa",
    "AccessDenied",
    "To complete this action, please ensure that you are authenticated with an MFA device that "
    "is enabled for this user.",
    "AWS security bulletin AWS-2023-001; IAM User Guide, "
    '"Enabling and managing virtual MFA devices (AWS CLI or AWS API)"',
)
# The bulletin is about access keys; it does not mention a console session begun before enrolment.
OWN_DEVICES_NEED_MFA_IN_OLD_SESSION: Final = replace(
    OWN_DEVICES_NEED_MFA, sureness=Sureness.UNDOCUMENTED
)

_STS_OF_SESSION_TOKEN = frozenset({"sts:assumerole", "sts:getcalleridentity"})
# Permissions that other calls need, not calls themselves: the rules are about calls.
_NO_CALLS = frozenset(
    {
        "iam:passrole",
        "sts:tagsession",
        "sts:setsourceidentity",
        "sts:setcontext",
        "sts:getservicebearertoken",
    }
)
DEVICE_CHANGES: Final = frozenset({"iam:enablemfadevice", "iam:deactivatemfadevice"})


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """The rules in force.

    Args:
        has_device: Whether the calling user has an MFA device assigned.
        own_devices_need_mfa: Whether the rule of April 2023 is in force; False shows the time
            before it.
    """

    has_device: bool = False
    own_devices_need_mfa: bool = True

    def refusal(self, caller: Caller, action: str, resource: str) -> Refusal | None:
        """Return the rule that refuses a call, or None.

        Args:
            caller: Who calls, with what credentials.
            action: What for, such as `iam:EnableMFADevice`.
            resource: On what.
        """
        lowered = action.lower()
        if lowered in _NO_CALLS:
            return None
        service = lowered.partition(":")[0]
        if service == "sts":
            return _refusal_by_sts(caller.kind, lowered)
        if service == "iam":
            return self._refusal_by_iam(caller, lowered, resource)
        return None

    def _refusal_by_iam(self, caller: Caller, action: str, resource: str) -> Refusal | None:
        kind = caller.kind
        if kind.holder is Holder.FEDERATED_USER:
            return NOT_FOR_FEDERATED_USERS
        if kind.mfa.present == "true" or kind.holder is not Holder.USER:
            return None
        if kind.from_get_session_token:
            return IAM_NEEDS_MFA
        is_own_device_change = action in DEVICE_CHANGES and resource == caller.user.arn
        if is_own_device_change and self.has_device and self.own_devices_need_mfa:
            return OWN_DEVICES_NEED_MFA_IN_OLD_SESSION if kind.temporary else OWN_DEVICES_NEED_MFA
        return None


def _refusal_by_sts(kind: CredentialsKind, action: str) -> Refusal | None:
    if kind.holder is Holder.ROOT_USER and action == "sts:assumerole":
        return ROOT_ASSUMES_NO_ROLE
    if not kind.temporary:
        return None
    if action == "sts:getsessiontoken":
        return SESSION_TOKEN_NEEDS_LONG_TERM
    if action == "sts:getfederationtoken":
        return FEDERATION_TOKEN_NEEDS_LONG_TERM
    if kind.holder is Holder.FEDERATED_USER and action != "sts:getcalleridentity":
        return NOT_FOR_FEDERATED_USERS
    if kind.from_get_session_token and action not in _STS_OF_SESSION_TOKEN:
        return STS_WITH_SESSION_TOKEN
    return None
