"""The kinds of credentials, and the request context that AWS builds from each.

The MFA keys are the heart of it: `aws:MultiFactorAuthPresent` is "true", "false" or
*absent*, and absent is not "false". Where AWS does not document a key, the kind names the other
contexts that AWS might build, so that whoever decides can tell whether it matters.

Source: IAM User Guide, "AWS global condition context keys"; each kind names its own.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final


class Sureness(enum.StrEnum):
    """How sure a statement about AWS is."""

    DOCUMENTED = "documented"
    UNDOCUMENTED = "undocumented"


class Holder(enum.StrEnum):
    """Whose credentials they are, by the value of aws:PrincipalType."""

    USER = "User"
    ROLE_SESSION = "AssumedRole"
    FEDERATED_USER = "FederatedUser"
    ROOT_USER = "Account"


@dataclass(frozen=True, slots=True)
class MfaKeys:
    """The MFA keys of a context.

    Args:
        present: Value of aws:MultiFactorAuthPresent, "true" or "false"; None where it is absent.
        age: Value of aws:MultiFactorAuthAge in seconds; None where it is absent, as it is
            whenever no MFA was used.
    """

    present: str | None
    age: int | None = None


ABSENT: Final = MfaKeys(None)
WITHOUT_MFA: Final = MfaKeys("false")
WITH_MFA: Final = MfaKeys("true", age=60)


@dataclass(frozen=True, slots=True)
class CredentialsKind:
    """A kind of credentials.

    Args:
        name: Key of its sentences in the text catalogue.
        holder: Whose they are.
        mfa: The MFA keys of its context.
        source: Where AWS documents them; see also data/facts.md, "The MFA condition keys".
        open_points: What else the keys may be, where AWS does not document them.
        temporary: Whether they come with a session token.
        from_get_session_token: Whether GetSessionToken made them.
        through_service: Whether a service makes the call for the caller.
    """

    name: str
    holder: Holder
    mfa: MfaKeys
    source: str
    open_points: tuple[MfaKeys, ...] = ()
    temporary: bool = True
    from_get_session_token: bool = False
    through_service: bool = False

    @property
    def sureness(self) -> Sureness:
        """How sure the MFA keys are."""
        return Sureness.UNDOCUMENTED if self.open_points else Sureness.DOCUMENTED


_CONDITION_KEYS = 'IAM User Guide, "AWS global condition context keys"'

ACCESS_KEY: Final = CredentialsKind(
    "access_key", Holder.USER, ABSENT, _CONDITION_KEYS, temporary=False
)
CONSOLE_WITHOUT_MFA: Final = CredentialsKind(
    "console_without_mfa", Holder.USER, WITHOUT_MFA, _CONDITION_KEYS
)
CONSOLE_WITH_MFA: Final = CredentialsKind(
    "console_with_mfa", Holder.USER, WITH_MFA, _CONDITION_KEYS
)
SESSION_TOKEN_WITHOUT_MFA: Final = CredentialsKind(
    "session_token_without_mfa",
    Holder.USER,
    WITHOUT_MFA,
    'IAM User Guide, "Permissions for GetSessionToken"',
    from_get_session_token=True,
)
SESSION_TOKEN_WITH_MFA: Final = CredentialsKind(
    "session_token_with_mfa",
    Holder.USER,
    WITH_MFA,
    'IAM User Guide, "Permissions for GetSessionToken"',
    from_get_session_token=True,
)
FORCED_PASSWORD_CHANGE: Final = CredentialsKind(
    "forced_password_change",
    Holder.USER,
    WITHOUT_MFA,
    "not documented: the forced change comes before the console session",
    open_points=(ABSENT,),
)
ROLE_SESSION: Final = CredentialsKind(
    "role_session",
    Holder.ROLE_SESSION,
    WITHOUT_MFA,
    'IAM User Guide, "Configuring MFA-protected API access": the credentials of AssumeRole '
    "carry no MFA information; whether the key is absent or false is not said",
    open_points=(ABSENT,),
)
ASSUME_ROLE_CALL_WITH_CODE: Final = CredentialsKind(
    "assume_role_call_with_code",
    Holder.USER,
    WITH_MFA,
    "not documented for the caller's own policies; field reports disagree",
    open_points=(ABSENT,),
    temporary=False,
)
FEDERATED_ROLE_SESSION: Final = CredentialsKind(
    "federated_role_session",
    Holder.ROLE_SESSION,
    ABSENT,
    'IAM User Guide, "Configuring MFA-protected API access": AWS cannot tell whether the provider '
    "asked for MFA; what the key says then is not said",
    open_points=(WITHOUT_MFA,),
)
FEDERATED_USER: Final = CredentialsKind(
    "federated_user",
    Holder.FEDERATED_USER,
    ABSENT,
    'IAM User Guide, "Configuring MFA-protected API access": GetFederationToken has no MFA; '
    "what the key says then is not said",
    open_points=(WITHOUT_MFA,),
)
THROUGH_SERVICE: Final = CredentialsKind(
    "through_service",
    Holder.USER,
    WITHOUT_MFA,
    _CONDITION_KEYS + ": present and false in a call that a service makes for the caller",
    through_service=True,
)
THROUGH_SERVICE_WITH_MFA: Final = CredentialsKind(
    "through_service_with_mfa",
    Holder.USER,
    WITHOUT_MFA,
    _CONDITION_KEYS + ": false, whether also after a sign-in with MFA is not said separately",
    open_points=(WITH_MFA,),
    through_service=True,
)
ROOT_USER: Final = CredentialsKind(
    "root_user", Holder.ROOT_USER, ABSENT, _CONDITION_KEYS, temporary=False
)

KINDS: Final = {
    kind.name: kind
    for kind in (
        ACCESS_KEY,
        CONSOLE_WITHOUT_MFA,
        CONSOLE_WITH_MFA,
        SESSION_TOKEN_WITHOUT_MFA,
        SESSION_TOKEN_WITH_MFA,
        FORCED_PASSWORD_CHANGE,
        ROLE_SESSION,
        ASSUME_ROLE_CALL_WITH_CODE,
        FEDERATED_ROLE_SESSION,
        FEDERATED_USER,
        THROUGH_SERVICE,
        THROUGH_SERVICE_WITH_MFA,
        ROOT_USER,
    )
}

EXAMPLE_ACCOUNT: Final = "123456789012"
EXAMPLE_TIME: Final = datetime(2021, 6, 11, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class User:
    """An IAM user.

    Args:
        name: Friendly name, without path.
        path: Begins and ends with a slash.
        account: Twelve digits.
        user_id: Unique id, as aws:userid has it.
        partition: That of the account, such as `aws-cn`.
    """

    name: str = "alice"
    path: str = "/"
    account: str = EXAMPLE_ACCOUNT
    user_id: str = "AIDAEXAMPLEALICE00001"
    partition: str = "aws"

    @property
    def arn(self) -> str:
        """The user's ARN, path included."""
        return f"arn:{self.partition}:iam::{self.account}:user{self.path}{self.name}"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who makes a call with one kind of credentials.

    Args:
        kind: The kind of credentials.
        user: The user whose credentials they are, or who began the session.
        time: When the call is made.
        role: Name of the role, for a role session.
    """

    kind: CredentialsKind
    user: User = field(default_factory=User)
    time: datetime = EXAMPLE_TIME
    role: str = "example-role"

    @property
    def arn(self) -> str:
        """ARN of the principal, as policies and messages name it."""
        partition, account = self.user.partition, self.user.account
        match self.kind.holder:
            case Holder.ROLE_SESSION:
                last = f"assumed-role/{self.role}/{self.user.name}"
                return f"arn:{partition}:sts::{account}:{last}"
            case Holder.FEDERATED_USER:
                return f"arn:{partition}:sts::{account}:federated-user/{self.user.name}"
            case Holder.ROOT_USER:
                return f"arn:{partition}:iam::{account}:root"
        return self.user.arn

    def context(self) -> dict[str, str]:
        """Return the context keys that the credentials imply.

        Where AWS does not document the MFA keys of this kind, these are the chosen ones; see
        `open_contexts` for the others.
        """
        return self._context(self.kind.mfa)

    def open_contexts(self) -> Iterator[dict[str, str]]:
        """Yield the other contexts that AWS might build, where it documents none."""
        for mfa in self.kind.open_points:
            yield self._context(mfa)

    def _context(self, mfa: MfaKeys) -> dict[str, str]:
        context = {
            "aws:PrincipalArn": self._principal_arn_key(),
            "aws:PrincipalAccount": self.user.account,
            "aws:PrincipalType": str(self.kind.holder),
            "aws:userid": self._user_id(),
            "aws:ViaAWSService": "true" if self.kind.through_service else "false",
            "aws:CurrentTime": _iso(self.time),
            "aws:EpochTime": str(int(self.time.timestamp())),
            "aws:SecureTransport": "true",
        }
        if self.kind.holder is Holder.USER:
            context["aws:username"] = self.user.name
        if self.kind.temporary:
            signed_in = self.time - timedelta(seconds=mfa.age or WITH_MFA.age or 0)
            context["aws:TokenIssueTime"] = _iso(signed_in)
        if mfa.present is not None:
            context["aws:MultiFactorAuthPresent"] = mfa.present
        if mfa.age is not None:
            context["aws:MultiFactorAuthAge"] = str(mfa.age)
        return context

    def _principal_arn_key(self) -> str:
        """Return aws:PrincipalArn: for a role session it names the role, not the session."""
        if self.kind.holder is Holder.ROLE_SESSION:
            return f"arn:{self.user.partition}:iam::{self.user.account}:role/{self.role}"
        return self.arn

    def _user_id(self) -> str:
        """Return aws:userid, by the table of principals in "Variables and tags"."""
        match self.kind.holder:
            case Holder.ROLE_SESSION:
                return f"AROAEXAMPLEROLE000001:{self.user.name}"
            case Holder.FEDERATED_USER:
                return f"{self.user.account}:{self.user.name}"
            case Holder.ROOT_USER:
                return self.user.account
        return self.user.user_id


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
