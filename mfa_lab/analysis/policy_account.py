"""The account and the partition that policies name, where they name exactly one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mfa_lab.iam.condition.values import ARN_PARTS
from mfa_lab.iam.policy import Policy


class NamedAccount(NamedTuple):
    """What the ARNs of users and MFA devices name.

    Args:
        account: Twelve digits; None where they name none, or several.
        partition: Such as `aws-cn`; None where they name none, or several.
    """

    account: str | None
    partition: str | None


def named_account(policies: Iterable[Policy]) -> NamedAccount:
    """Return the account and the partition that policies are written for.

    Args:
        policies: The policies.
    """
    found = [parts for policy in policies for parts in _own_arns(policy)]
    accounts = {parts[4] for parts in found if len(parts[4]) == 12 and parts[4].isdecimal()}
    partitions = {parts[1] for parts in found if parts[1] and not set("*?$") & set(parts[1])}
    return NamedAccount(
        accounts.pop() if len(accounts) == 1 else None,
        partitions.pop() if len(partitions) == 1 else None,
    )


def _own_arns(policy: Policy) -> Iterator[list[str]]:
    """Yield the ARNs of users and MFA devices, each as its six parts."""
    for statement in policy.statements:
        if statement.resources is None:
            continue
        for spelled in statement.resources.spelled:
            parts = spelled.split(":", ARN_PARTS - 1)
            if (
                len(parts) == ARN_PARTS
                and parts[2] == "iam"
                and (parts[5].startswith(("user/", "mfa/")))
            ):
                yield parts
