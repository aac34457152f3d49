"""The article's policy with other exemptions, and what changes when a policy replaces another."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from mfa_lab.analysis.difference import Difference, difference
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.lesson.policies import ARTICLE, stored_policy
from mfa_lab.view.policy.not_action_list import not_action_of

ARTICLE_EXEMPTIONS: Final = not_action_of(stored_policy(ARTICLE))


def article_exempting(actions: tuple[str, ...]) -> Policy:
    """Return the article's policy with another NotAction list.

    Args:
        actions: The list, which its Deny exempts.

    Raises:
        PolicyError: The list breaks a rule of the grammar.
    """
    document: dict[str, Any] = dict(stored_policy(ARTICLE).document)
    *others, deny = document["Statement"]
    document["Statement"] = [*others, {**deny, "NotAction": list(actions)}]
    return Policy.parse(document)


@cache
def usual_tabulator() -> Tabulator:
    """Return the tabulator of the lessons' usual table; made once, since it takes a while."""
    return Tabulator()


def changes_from(start: str, policy: Policy) -> Difference:
    """Return what changes over the whole catalogue, for the columns of the usual table.

    Args:
        start: Name of a policy in data/policies.
        policy: What takes its place.
    """
    before, after = PolicySet(identity=(stored_policy(start),)), PolicySet(identity=(policy,))
    return difference(usual_tabulator(), before, after)
