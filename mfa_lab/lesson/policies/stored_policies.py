"""The policies that the lessons are about, as data/policies keeps them."""

from __future__ import annotations

from functools import cache
from typing import Final

from mfa_lab import folders
from mfa_lab.iam.policy import Policy
from mfa_lab.lesson.unknown_name import UnknownNameError

ARTICLE: Final = "2021-05-13_article"
WEAKENED: Final = "2021-05-13_article_weakened"  # what the article advises against
CORRECTED: Final = "2022-11-23_multiple_mfa_devices"
NEWEST: Final = "2023-11_newest"

POLICY_HISTORY: Final = (
    "2017-12-01_tutorial",
    "2018-11-21_tutorial_flawed",
    "2018-11-30_tutorial_fixed",
    "2019-01-31_security_credentials_page",
    ARTICLE,
    CORRECTED,
    NEWEST,
)
"""The versions that AWS published of the policy that the lessons are about, oldest first."""


@cache
def stored_policy(name: str) -> Policy:
    """Give a policy of data/policies.

    Args:
        name: Its file's name without `.json`, such as `2021-05-13_article`.

    Raises:
        UnknownNameError: There is none of that name.
    """
    known = policy_names()
    if name not in known:  # a path, which might lead elsewhere, is none of them
        raise UnknownNameError("policy", name, known)
    file = folders.data() / "policies" / f"{name}.json"
    return Policy.parse(file.read_text(encoding="utf-8"))


def policy_names() -> tuple[str, ...]:
    """Give the names of the policies, oldest first."""
    return tuple(sorted(file.stem for file in (folders.data() / "policies").glob("*.json")))
