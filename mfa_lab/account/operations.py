"""The operations that the account carries out itself, since moto lacks or fakes them."""

from __future__ import annotations

from typing import Final

from mfa_lab.account import (
    devices,
    passwords,
    policy_documents,
    role_sessions,
    service_credentials,
    session_tokens,
    users,
)
from mfa_lab.account.gate import Operations

OPERATIONS: Final = Operations(
    own={
        **devices.OPERATIONS,
        **passwords.OPERATIONS,
        **policy_documents.OPERATIONS,
        **role_sessions.OPERATIONS,
        **service_credentials.OPERATIONS,
        **session_tokens.OPERATIONS,
        **users.OPERATIONS,
    },
    prepared=role_sessions.PREPARATIONS,
)
