"""The operations that the account carries out itself, since moto lacks or fakes them."""

from __future__ import annotations

from typing import Final

from mfa_lab.account import (
    devices,
    groups,
    managed_policies,
    names,
    passwords,
    policy_documents,
    role_sessions,
    roles,
    service_credentials,
    session_tokens,
    users,
)
from mfa_lab.account.gate import Operations

OPERATIONS: Final = Operations(
    own={
        **devices.OPERATIONS,
        **groups.OPERATIONS,
        **managed_policies.OPERATIONS,
        **names.OPERATIONS,
        **passwords.OPERATIONS,
        **policy_documents.OPERATIONS,
        **role_sessions.OPERATIONS,
        **roles.OPERATIONS,
        **service_credentials.OPERATIONS,
        **session_tokens.OPERATIONS,
        **users.OPERATIONS,
    },
    prepared=role_sessions.PREPARATIONS,
)
