"""What a decision shows of itself, and the statements that decided."""

from __future__ import annotations

from mfa_lab import PolicySet
from mfa_lab.iam import MatchedStatement
from tests.iam.policies_of_kinds import (
    ACCOUNT,
    allow,
    decide,
    deny,
    policy,
)


def test_what_a_decision_shows_of_itself_is_the_same_in_every_run() -> None:
    """No address: a notebook stores it, and the next run is compared with it."""
    condition = {"StringLike": {"aws:username": "al*"}}
    statement = allow(Resource=f"arn:aws:sqs:*:{ACCOUNT}:*", Condition=condition)
    decision = decide(PolicySet([policy("identity", statement)]), context={"aws:username": "alice"})
    assert "StringLike" in repr(decision)
    assert "arn:aws:sqs:*" in repr(decision)
    assert " at 0x" not in repr(decision)
    assert " at 0x" not in repr(decision.policies.identity[0].statements[0].resources)


def test_a_matched_statement_as_data() -> None:
    decision = decide(PolicySet([policy("identity", deny("iam:*"), allow("sqs:*", Sid="Reads"))]))
    assert [one.to_data() for one in decision.decided_by] == [
        {"policy": "identity/0", "statement": 1, "sid": "Reads", "effect": "Allow"}
    ]
    assert isinstance(decision.decided_by[0], MatchedStatement)
