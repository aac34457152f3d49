"""The policies that the lessons are about, as data/policies keeps them."""

from __future__ import annotations

from functools import cache

from mfa_lab import places
from mfa_lab.iam.policy import Policy


class UnknownPolicyError(LookupError):
    """There is no policy of that name in data/policies."""


@cache
def stored_policy(name: str) -> Policy:
    """Give a policy of data/policies.

    Args:
        name: Its file's name without `.json`, such as `2021-05-13_article`.

    Raises:
        UnknownPolicyError: There is none of that name.
    """
    known = policy_names()
    if name not in known:  # a path, which might lead elsewhere, is none of them
        raise UnknownPolicyError(f"no policy is named {name!r}; there are: {', '.join(known)}")
    file = places.data() / "policies" / f"{name}.json"
    return Policy.parse(file.read_text(encoding="utf-8"))


def policy_names() -> tuple[str, ...]:
    """Give the names of the policies, oldest first."""
    return tuple(sorted(file.stem for file in (places.data() / "policies").glob("*.json")))
