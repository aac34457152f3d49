"""Temporary credentials: found by their key until they end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mfa_lab.account.issuer import Issuer
from mfa_lab.account.sessions import Keys, Sessions
from mfa_lab.iam.credentials import ROLE_SESSION

NOW = datetime(2021, 6, 11, 9, 0, 0, 999_999, tzinfo=UTC)


def test_a_session_is_found_until_it_ends() -> None:
    sessions = Sessions(Issuer("seed"))
    first, second = (sessions.begin(ROLE_SESSION, NOW, timedelta(hours=1)) for _ in range(2))
    assert sessions.find(first.keys.access_key_id) is first
    sessions.end(first)
    sessions.end(first)  # somebody may sign out twice
    assert sessions.find(first.keys.access_key_id) is None
    assert sessions.find(second.keys.access_key_id) is second


def test_a_session_expires_at_the_second_that_aws_writes() -> None:
    session = Sessions(Issuer("seed")).begin(ROLE_SESSION, NOW, timedelta(hours=1))
    assert session.expires == datetime(2021, 6, 11, 10, 0, tzinfo=UTC)


def test_no_secret_shows_in_what_python_prints() -> None:
    keys = Keys("AKIAIOSFODNN7EXAMPLE", "secret", "token")
    assert repr(keys) == "Keys(access_key_id='AKIAIOSFODNN7EXAMPLE')"
