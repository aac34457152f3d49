"""Users and roles that trust policies and bucket policies name: they must be there, and the same.

AWS keeps a user or role that a policy names by the unique id, and shows the ARN as long as there
is such an entity; a new one of the same name is somebody else, whom the policy does not name. Here
the ARN stays in the document, and gives way to the id when the user or role is deleted, to the new
ARN when the user is renamed. So it is for bucket policies too; the policies of other services'
resources do not bear on a call here.

Principals of other accounts are taken as they are: there is no other account to look in. Whether
AWS looks for the role of a session that is named is not documented; here it does not.

Source: IAM User Guide, "AWS JSON policy elements: Principal"; Amazon S3 User Guide, "Examples of
Amazon S3 bucket policies", note on deleted identities; the errors from field reports.
"""

from __future__ import annotations

import json
from typing import Any, Final

from mfa_lab.account.moto_state import lookups
from mfa_lab.account.moto_state.state import ACCOUNT_ID, MotoState
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.principals import (
    EVERYONE,
    PrincipalEntry,
    PrincipalType,
    is_account_number,
    read_principal,
)

_TAKEN_AS_THEY_ARE: Final = (
    PrincipalType.ACCOUNT_ROOT,
    PrincipalType.ROLE_SESSION,
    PrincipalType.FEDERATED_USER,
)
_ELEMENTS: Final = ("Principal", "NotPrincipal")


def unknown_principal(state: MotoState, policy: Policy) -> PrincipalEntry | None:
    """Return the first principal of a policy that does not exist; None where all exist.

    Groups are nobody, and so are unique ids, which stand for who is gone.
    """
    for statement in policy.statements:
        element = statement.principals
        for entry in element.entries if element is not None else ():
            if entry.type == "AWS" and not _is_somebody(state, entry.value):
                return entry
    return None


def _is_somebody(state: MotoState, value: str) -> bool:
    if value == EVERYONE or is_account_number(value):
        return True
    named = read_principal(value)
    if named.type in _TAKEN_AS_THEY_ARE:
        return True
    if named.type is PrincipalType.USER:
        return named.account != ACCOUNT_ID or any(user.arn == value for user in state.users())
    if named.type is PrincipalType.ROLE:
        return named.account != ACCOUNT_ID or state.role_by_arn(value) is not None
    return False


def replace_principal(state: MotoState, arn: str, name: str) -> None:
    """Replace the former ARN of a user or role in all policies that name it as a principal.

    Args:
        state: Where the policies are.
        arn: What they name it by.
        name: Its new ARN, or its unique id where it is deleted.
    """
    for role in state.iam.roles.values():
        document = role.assume_role_policy_document
        role.assume_role_policy_document = _replace_in_document(document, arn, name)
    for bucket in lookups.buckets():
        if bucket.policy is not None:
            bucket.policy = _replace_in_document(bucket.policy.decode(), arn, name).encode()


def _replace_in_document(document: str, arn: str, name: str) -> str:
    policy = json.loads(document)
    statements = policy["Statement"]
    is_changed = False
    for statement in statements if isinstance(statements, list) else [statements]:
        for element in _ELEMENTS:
            principals = statement.get(element)
            if isinstance(principals, dict) and "AWS" in principals:
                before = principals["AWS"]
                principals["AWS"] = _replace_value(before, arn, name)
                is_changed |= principals["AWS"] != before
    return json.dumps(policy) if is_changed else document


def _replace_value(values: Any, arn: str, name: str) -> Any:
    if isinstance(values, list):
        return [name if value == arn else value for value in values]
    return name if values == arn else values
