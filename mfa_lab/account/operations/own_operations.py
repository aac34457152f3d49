"""The table of all operations that the account carries out itself, from the files beside it."""

from __future__ import annotations

from typing import Final

from mfa_lab.account.call.authenticated_call import OwnOperations
from mfa_lab.account.operations import (
    assume_role,
    entities,
    groups,
    managed_policies,
    mfa_devices,
    passwords,
    policy_documents,
    roles,
    service_specific_credentials,
    session_tokens,
    users,
)

OPERATIONS: Final = OwnOperations(
    own={
        **mfa_devices.OPERATIONS,
        **groups.OPERATIONS,
        **managed_policies.OPERATIONS,
        **entities.OPERATIONS,
        **passwords.OPERATIONS,
        **policy_documents.OPERATIONS,
        **assume_role.OPERATIONS,
        **roles.OPERATIONS,
        **service_specific_credentials.OPERATIONS,
        **session_tokens.OPERATIONS,
        **users.OPERATIONS,
    },
    prepared=assume_role.PREPARATIONS,
)
