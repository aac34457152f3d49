"""The policies that bear on a call: of the user and the user's groups, or of the role.

Every kind of policy comes in here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from mfa_lab.account.principal import Principal
from mfa_lab.account.state import ACCOUNT_ID, State, default_document
from mfa_lab.iam.policy import Policy, PolicySet


@dataclass(frozen=True, slots=True)
class Attached:
    """The policies that bear on a call, with the ARNs of those that have one.

    Args:
        policies: What is decided by.
        arns: By label in the decision, such as `identity/0`; inline policies have none.
        names: By label, what a reader calls the policy.
    """

    policies: PolicySet
    arns: dict[str, str]
    names: dict[str, str]


@lru_cache(maxsize=1024)
def parsed(document: str) -> Policy:
    """Read a policy document; each text is read once."""
    return Policy.parse(document)


# AllowUsersToChangePassword of the account password policy: "the permissions are applied at the
# account-level for all users by IAM" (IAM API Reference, UpdateAccountPasswordPolicy).
CHANGE_OWN_PASSWORD: Final = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "AllowUsersToChangePassword",
      "Effect": "Allow",
      "Action": "iam:ChangePassword",
      "Resource": "%s"
    },
    {
      "Sid": "AllowGetAccountPasswordPolicy",
      "Effect": "Allow",
      "Action": "iam:GetAccountPasswordPolicy",
      "Resource": "*"
    }
  ]
}"""


def policies_of(state: State, principal: Principal) -> Attached:
    """Gather the policies that bear on what a principal calls.

    Args:
        state: Where they are attached.
        principal: Who calls.
    """
    found = list(_identity(state, principal))
    identity = [parsed(document) for _, _, document in found]
    labels = [f"identity/{number}" for number in range(len(found))]
    return Attached(
        PolicySet(identity=identity),
        {label: arn for label, (_, arn, _) in zip(labels, found, strict=True) if arn},
        {label: name for label, (name, _, _) in zip(labels, found, strict=True)},
    )


def _identity(state: State, principal: Principal) -> Iterator[tuple[str, str, str]]:
    """Give name, ARN (empty for an inline policy) and document of each identity-based policy."""
    holder = principal.role if principal.role is not None else principal.user
    if holder is None:
        return
    yield from _of(holder)
    if principal.role is not None:
        return
    for group in state.groups_of(holder):
        yield from _of(group)
    policy = state.password_policy()
    if policy is not None and policy.allow_users_to_change_password:
        yield "AllowUsersToChangePassword", "", CHANGE_OWN_PASSWORD % holder.arn


def _of(holder: Any) -> Iterator[tuple[str, str, str]]:
    for name, document in holder.policies.items():
        yield name, "", document
    for policy in holder.managed_policies.values():
        yield policy.name, policy.arn, default_document(policy)


__all__ = ["ACCOUNT_ID", "CHANGE_OWN_PASSWORD", "Attached", "parsed", "policies_of"]
