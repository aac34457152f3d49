"""How a table and a trace number statements: 3, or B3 where several policies are attached."""

from __future__ import annotations

from string import ascii_uppercase

from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.policy_set import PolicySet


def statement_number(matched: MatchedStatement, policies: PolicySet) -> str:
    """Return the number of a statement, from 1, after its policy's letter where there are several.

    Args:
        matched: The statement.
        policies: All that are attached.
    """
    return policy_letter(matched.policy, policies) + str(matched.statement.index + 1)


def policy_letter(policy: str, policies: PolicySet) -> str:
    """Return the letter that tells a policy's statements apart: A to Z, then AA and AB.

    A policy alone has none.

    Args:
        policy: Its name among them, such as `identity/0`.
        policies: All that are attached.
    """
    names = [attached.name for attached in policies.attached]
    return "" if len(names) == 1 else _letters(names.index(policy) + 1)


def _letters(number: int) -> str:
    """Return the letters of a number from 1, as a spreadsheet names its columns."""
    before, place = divmod(number - 1, len(ascii_uppercase))
    return (_letters(before) if before else "") + ascii_uppercase[place]


def statement_name(matched: MatchedStatement) -> str:
    """Return a statement's Sid, or its place in its policy where it has none.

    Args:
        matched: The statement.
    """
    return matched.statement.sid or f"{matched.policy} Statement[{matched.statement.index}]"
