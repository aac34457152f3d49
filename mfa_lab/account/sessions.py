"""Temporary credentials that the account has given out, and until when they work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from mfa_lab.account.issuer import TEMPORARY, Issuer
from mfa_lab.iam.credentials import CredentialsKind


@dataclass(frozen=True, slots=True)
class Keys:
    """What a caller signs with.

    Args:
        access_key_id: `AKIA…` or `ASIA…`.
        secret_access_key: The secret.
        session_token: For temporary credentials.
    """

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)

    def for_boto3(self) -> dict[str, str | None]:
        """Return the keys by the names that `boto3.Session` uses."""
        return {
            "aws_access_key_id": self.access_key_id,
            "aws_secret_access_key": self.secret_access_key,
            "aws_session_token": self.session_token,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """Temporary credentials and whose they are.

    Args:
        keys: What they are.
        kind: The kind of credentials.
        issued: When they were made.
        expires: Until when they work.
        user: moto's user who stands behind them, or None.
        role: moto's role that was assumed, or None.
        name: Name of the role session or of the federated user.
        mfa_time: When the user authenticated with MFA, or None.
        policies: Documents of the session policies.
        tags: Session tags.
    """

    keys: Keys
    kind: CredentialsKind
    issued: datetime
    expires: datetime
    user: Any | None = None
    role: Any | None = None
    name: str = ""
    mfa_time: datetime | None = None
    policies: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


class Sessions:
    """All temporary credentials of an account.

    Args:
        issuer: Where the keys come from.
    """

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer
        self._sessions: dict[str, Session] = {}

    def begin(
        self, kind: CredentialsKind, now: datetime, duration: timedelta, **described: Any
    ) -> Session:
        """Make temporary credentials.

        Args:
            kind: Their kind.
            now: When they are made.
            duration: How long they work.
            described: What else `Session` takes.
        """
        keys = Keys(
            self._issuer.access_key_id(TEMPORARY),
            self._issuer.secret_access_key(),
            self._issuer.session_token(),
        )
        # AWS writes the expiration in whole seconds; what is written is what counts.
        expires = (now + duration).replace(microsecond=0)
        session = Session(keys, kind, now, expires, **described)
        self._sessions[keys.access_key_id] = session
        return session

    def find(self, access_key_id: str) -> Session | None:
        """Return the session of an access key id, or None."""
        return self._sessions.get(access_key_id)

    def end(self, session: Session) -> None:
        """End a session, as when somebody signs out: its credentials stop working."""
        self._sessions.pop(session.keys.access_key_id, None)
