"""Who calls: the access key id of a signature leads to a user or a session, and to its secret."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from mfa_lab.account.call import authentication_errors
from mfa_lab.account.call.signature import Signature
from mfa_lab.account.moto_state.state import ACCOUNT_ID, MotoState
from mfa_lab.account.operation import Service
from mfa_lab.account.sessions import Session, Sessions
from mfa_lab.iam.credentials import ACCESS_KEY, Caller, CredentialsKind, Holder, MfaKeys, User


@dataclass(frozen=True, slots=True)
class AuthenticatedCaller:
    """A caller who was found.

    Args:
        caller: The caller with the kind of credentials, as `mfa_lab.iam` knows it.
        access_key_id: What the call is signed with.
        secret: Its secret access key.
        user: moto's user who calls, or stands behind a federated session; None for a role.
        role: moto's role, for a role session.
        session: The session, for temporary credentials.
    """

    caller: Caller
    access_key_id: str
    secret: str
    user: Any | None = None
    role: Any | None = None
    session: Session | None = None

    @property
    def arn(self) -> str:
        """ARN of the principal, as messages name it."""
        return self.caller.arn

    @property
    def calling_user(self) -> Any | None:
        """Moto's user where the caller is that user; None for roles and federated users."""
        return self.user if self.caller.kind.holder is Holder.USER else None

    @property
    def has_device(self) -> bool:
        """Whether the calling user has an MFA device."""
        user = self.calling_user
        return user is not None and bool(user.mfa_devices)

    @property
    def user_id(self) -> str:
        """Value of aws:userid.

        Source: IAM User Guide, "IAM policy elements: Variables and tags", table of principals.
        """
        session = self.session
        if self.role is not None and session is not None:
            return f"{self.role.id}:{session.name}"
        return self.caller.context()["aws:userid"]

    def with_kind(self, kind: CredentialsKind) -> AuthenticatedCaller:
        """Return the same principal with another kind of credentials."""
        return replace(self, caller=replace(self.caller, kind=kind))


def find_principal(
    state: MotoState, sessions: Sessions, service: Service, signature: Signature, now: datetime
) -> AuthenticatedCaller:
    """Find the caller of a signature, which is still to be checked.

    Raises:
        Fault: There is no such key, it is inactive or expired, or the token is not its own.
    """
    session = sessions.find(signature.access_key_id)
    if session is not None:
        return _of_session(state, service, signature, session, now)
    found = state.key_of(signature.access_key_id)
    if found is None:
        raise authentication_errors.unknown_key(service)
    user, key = found
    if signature.token:
        raise authentication_errors.wrong_token(service, signature.token)
    if key.status != "Active":
        raise authentication_errors.unknown_key(service)
    caller = Caller(ACCESS_KEY, user_of(user), now)
    return AuthenticatedCaller(caller, key.access_key_id, key.secret_access_key, user=user)


def _of_session(
    state: MotoState, service: Service, signature: Signature, session: Session, now: datetime
) -> AuthenticatedCaller:
    if signature.token != session.keys.session_token:
        raise authentication_errors.wrong_token(service, signature.token)
    if session.user is not None and not state.has_user(session.user):
        raise authentication_errors.unknown_key(service)
    if session.role is not None and not state.has_role(session.role):
        raise authentication_errors.unknown_key(service)
    if now >= session.expires:
        raise authentication_errors.expired(service)
    keys = session.keys
    caller = caller_of(session, now)
    return AuthenticatedCaller(
        caller, keys.access_key_id, keys.secret_access_key, session.user, session.role, session
    )


def caller_of(session: Session, now: datetime) -> Caller:
    """Return the caller behind a session, with the age of its MFA until now."""
    kind = session.kind
    if session.mfa_time is not None:
        age = int((now - session.mfa_time).total_seconds())
        kind = replace(kind, mfa=MfaKeys("true", age))
    if session.role is not None:
        user = User(session.name, account=ACCOUNT_ID)
        return Caller(kind, user, now, role=session.role.name)
    if kind.holder is Holder.FEDERATED_USER:
        return Caller(kind, User(session.name, account=ACCOUNT_ID), now)
    return Caller(kind, user_of(session.user), now)


def user_of(user: Any) -> User:
    """Return moto's user as a user of `mfa_lab.iam`."""
    return User(user.name, user.path, ACCOUNT_ID, user.id)
