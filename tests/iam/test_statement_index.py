"""The statements that cover an action, looked up once."""

from __future__ import annotations

import pytest

from mfa_lab.iam import statement_index
from mfa_lab.iam.attached_policy import AttachedPolicy
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.iam.statement_index import StatementIndex
from tests.iam.policies_of_kinds import allow, deny, names, policy


def index_of(kind: str, *statements: dict[str, object]) -> StatementIndex:
    attached = AttachedPolicy(PolicyKind.IDENTITY, 0, "identity/0", policy(kind, *statements))
    return StatementIndex(attached.statements())


def numbers(index: StatementIndex, action: str) -> list[int]:
    return [candidate.statement.statement.index for candidate in index.covering(action)]


def test_only_the_statements_that_cover_an_action_are_candidates() -> None:
    index = index_of("identity", allow("s3:*"), deny("iam:*"), allow("s3:GetObject"), allow())
    assert numbers(index, "s3:getobject") == [0, 2, 3]
    assert numbers(index, "iam:getuser") == [1, 3]
    assert numbers(index, "s3:getobject") == [0, 2, 3]
    assert [candidate.denies for candidate in index.covering("iam:getuser")] == [True, False]


def test_a_candidate_has_what_is_left_to_look_at() -> None:
    bucket = "arn:aws:s3:::b"
    everywhere, somewhere, conditional = index_of(
        "identity",
        allow(),
        allow(Resource=bucket),
        allow(Condition={"Bool": {"aws:SecureTransport": "true"}}),
    ).covering("s3:listbucket")
    assert (everywhere.resources, everywhere.principals, everywhere.conditions) == (None, None, ())
    assert somewhere.resources is not None
    assert somewhere.resources.spelled == (bucket,)
    assert len(conditional.conditions) == 1
    (of_resource,) = index_of("resource", names("*")).covering("s3:listbucket")
    assert of_resource.principals is not None


def test_a_trust_policy_covers_actions_of_sts_alone() -> None:
    trust = names("*", action="*") | {"Principal": {"AWS": "*"}}
    del trust["Resource"]
    index = index_of("trust", trust)
    assert numbers(index, "sts:assumerole") == [0]
    assert numbers(index, "iam:getrole") == []


def test_what_is_kept_is_forgotten_where_it_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_index, "MOST_KEPT", 4)
    index = index_of("identity", allow(), deny("iam:*"))
    first = index.covering("s3:getobject")  # counts two: the action and its only candidate
    assert index.covering("s3:getobject") is first
    index.covering("iam:getuser")
    assert index.covering("s3:getobject") is not first
    assert numbers(index, "s3:getobject") == [0]
