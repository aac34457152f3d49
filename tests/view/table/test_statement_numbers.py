"""How statements are numbered among one policy and among many."""

from __future__ import annotations

import pytest

from mfa_lab import Policy, PolicySet
from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.view.table.statement_numbers import policy_letter, statement_name, statement_number

POLICY = Policy.parse(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "First", "Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Deny", "Action": "*", "Resource": "*"},
        ],
    }
)


def matched(policy: int, statement: int) -> MatchedStatement:
    return MatchedStatement(f"identity/{policy}", POLICY.statements[statement])


def attached(count: int) -> PolicySet:
    return PolicySet(identity=[POLICY] * count)


def test_a_policy_alone_has_no_letter() -> None:
    assert policy_letter("identity/0", attached(1)) == ""
    assert statement_number(matched(0, 1), attached(1)) == "2"


@pytest.mark.parametrize(
    ("place", "letter"),
    [(0, "A"), (1, "B"), (25, "Z"), (26, "AA"), (27, "AB"), (51, "AZ"), (52, "BA"), (701, "ZZ")],
)
def test_the_letters_go_on_after_the_26th_policy(place: int, letter: str) -> None:
    policies = attached(place + 2)
    assert policy_letter(f"identity/{place}", policies) == letter
    assert statement_number(matched(place, 0), policies) == f"{letter}1"


def test_no_two_policies_have_one_letter() -> None:
    policies = attached(60)
    letters = [policy_letter(policy.name, policies) for policy in policies.attached]
    assert len(set(letters)) == 60


def test_a_statement_without_a_sid_is_named_by_its_place() -> None:
    assert statement_name(matched(0, 0)) == "First"
    assert statement_name(matched(3, 1)) == "identity/3 Statement[1]"
