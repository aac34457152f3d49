"""The operations that the account carries out itself, since moto lacks or fakes them."""

from __future__ import annotations

from typing import Final

from mfa_lab.account import devices, passwords, policy_documents, session_tokens, users
from mfa_lab.account.gate import OwnOperation

OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {
    **devices.OPERATIONS,
    **passwords.OPERATIONS,
    **policy_documents.OPERATIONS,
    **session_tokens.OPERATIONS,
    **users.OPERATIONS,
}
