"""The decision.

Source: IAM User Guide, "Policy evaluation logic"; data/facts.md, "Policy evaluation", "Conditions on
the MFA keys" and "Service rules".
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_lab import Decision, Outcome, Policy, PolicySet, Request, evaluate
from mfa_lab.iam import PolicySetError, RequestError
from mfa_lab.iam.decision import Exemption

POLICIES = Path(__file__).resolve().parents[2] / "data" / "policies"
ACCOUNT = "123456789012"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
OBJECT = "arn:aws:s3:::b/k"

repeatable = settings(deadline=None, derandomize=True, max_examples=300)

Statement = dict[str, Any]


def allow(action: str, **more: Any) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": "*"} | more


def deny(action: str, **more: Any) -> Statement:
    return {"Effect": "Deny", "Action": action, "Resource": "*"} | more


def policy_of(*statements: Statement) -> Policy:
    return Policy.parse({"Version": "2012-10-17", "Statement": list(statements)})


def decide(
    *policies: Policy,
    action: str = "s3:GetObject",
    principal: str = ALICE,
    context: dict[str, Any] | None = None,
) -> Decision:
    return evaluate(PolicySet(policies), Request(action, OBJECT, principal, context or {}))


def deciding(decision: Decision) -> list[tuple[str, int, str]]:
    """Give policy, number and effect of the statements that decided."""
    return [
        (one.policy, one.statement.index, str(one.statement.effect)) for one in decision.decided_by
    ]


# fmt: off
OUTCOMES = [
    # statements of each policy                             outcome                 decided by
    ([],                                                    Outcome.IMPLICIT_DENY,  []),
    ([[allow("s3:*")]],                                     Outcome.ALLOW,          ["0/0 Allow"]),
    ([[deny("s3:*")]],                                      Outcome.EXPLICIT_DENY,  ["0/0 Deny"]),
    ([[allow("iam:*")]],                                    Outcome.IMPLICIT_DENY,  []),
    ([[deny("iam:*")]],                                     Outcome.IMPLICIT_DENY,  []),
    ([[allow("s3:*"), deny("s3:*")]],                       Outcome.EXPLICIT_DENY,  ["0/1 Deny"]),
    ([[deny("s3:*"), allow("s3:*")]],                       Outcome.EXPLICIT_DENY,  ["0/0 Deny"]),
    ([[allow("s3:*")], [deny("s3:*")]],                     Outcome.EXPLICIT_DENY,  ["1/0 Deny"]),
    ([[deny("s3:*")], [allow("s3:*")]],                     Outcome.EXPLICIT_DENY,  ["0/0 Deny"]),
    ([[allow("s3:*"), deny("iam:*")]],                      Outcome.ALLOW,          ["0/0 Allow"]),
    ([[allow("s3:*"), allow("iam:*"), allow("*")]],         Outcome.ALLOW,
        ["0/0 Allow", "0/2 Allow"]),
    ([[deny("*")], [allow("*"), deny("s3:*"), deny("ec2:*")]], Outcome.EXPLICIT_DENY,
        ["0/0 Deny", "1/1 Deny"]),
    ([[allow("iam:*")], [allow("s3:*")], [allow("*")]],     Outcome.ALLOW,
        ["1/0 Allow", "2/0 Allow"]),
]
# fmt: on


@pytest.mark.parametrize(("policies", "outcome", "decided_by"), OUTCOMES)
def test_outcome(policies: list[list[Statement]], outcome: Outcome, decided_by: list[str]) -> None:
    """A Deny beats every Allow, and without an Allow nothing goes."""
    decision = decide(*(policy_of(*statements) for statements in policies if statements))
    found = [f"{policy[-1]}/{index} {effect}" for policy, index, effect in deciding(decision)]
    assert decision.outcome is outcome
    assert found == decided_by
    assert decision.missing == (("identity",) if outcome is Outcome.IMPLICIT_DENY else ())
    assert decision.exemption is None


# What no policy decides.

EVERYTHING_DENIED = policy_of(deny("*"))

# fmt: off
EXEMPT = [
    # action                    exempt
    ("sts:GetCallerIdentity",   True),
    ("sts:GetSessionToken",     True),
    ("STS:getsessiontoken",     True),
    ("sts:AssumeRole",          False),
    ("sts:GetFederationToken",  False),
    ("sts:GetAccessKeyInfo",    False),
    ("iam:GetSessionToken",     False),
    ("iam:GetUser",             False),
]

ROOT = [
    # principal                                                 root
    (f"arn:aws:iam::{ACCOUNT}:root",                            True),
    (f"arn:aws-cn:iam::{ACCOUNT}:root",                         True),
    (f"arn:aws:iam::{ACCOUNT}:user/root",                       False),
    (f"arn:aws:iam::{ACCOUNT}:user/x/root",                     False),
    (f"arn:aws:iam::{ACCOUNT}:role/root",                       False),
    (f"arn:aws:sts::{ACCOUNT}:assumed-role/r/root",             False),
    (ALICE,                                                     False),
]
# fmt: on


@pytest.mark.parametrize(("action", "is_exempt"), EXEMPT)
def test_actions_that_ask_no_permission(action: str, is_exempt: bool) -> None:
    """Whether a policy denies them, allows them, or there is none at all."""
    for policies in ([], [EVERYTHING_DENIED], [policy_of(allow("*"))]):
        decision = decide(*policies, action=action)
        if is_exempt:
            assert decision.outcome is Outcome.ALLOW
            assert decision.exemption is Exemption.NO_PERMISSION_NEEDED
            assert (decision.decided_by, decision.missing) == ((), ())
            assert decision.trace["statements"] == []
            assert decision.trace["exemption"] == "no_permission_needed"
        else:
            assert decision.exemption is None
            assert len(decision.decided_by) == len(policies)


@pytest.mark.parametrize(("principal", "is_root"), ROOT)
def test_the_root_user_is_bound_by_no_identity_policy(principal: str, is_root: bool) -> None:
    decision = decide(EVERYTHING_DENIED, principal=principal)
    assert (decision.outcome is Outcome.ALLOW) is is_root
    assert decision.exemption is (Exemption.ROOT_USER if is_root else None)
    assert decision.trace["exemption"] == ("root_user" if is_root else None)


# fmt: off
FEDERATED = [
    # statements                    outcome                 missing
    ([allow("*")],                  Outcome.IMPLICIT_DENY,  ("session",)),
    ([allow("*"), deny("s3:*")],    Outcome.EXPLICIT_DENY,  ()),
    ([allow("iam:*")],              Outcome.IMPLICIT_DENY,  ("identity", "session")),
]
# fmt: on


@pytest.mark.parametrize(("statements", "outcome", "missing"), FEDERATED)
def test_a_federated_user_may_do_nothing_without_a_session_policy(
    statements: list[Statement], outcome: Outcome, missing: tuple[str, ...]
) -> None:
    """data/facts.md, "Policy evaluation": without a session policy such a session is denied."""
    federated = f"arn:aws:sts::{ACCOUNT}:federated-user/alice"
    decision = decide(policy_of(*statements), principal=federated)
    assert (decision.outcome, decision.missing) == (outcome, missing)


def test_a_set_of_policies_keeps_what_it_was_given() -> None:
    policies = [policy_of(allow("s3:*"))]
    policy_set = PolicySet(policies)
    policies.append(EVERYTHING_DENIED)
    request = Request("s3:GetObject", OBJECT, ALICE)
    assert evaluate(policy_set, request).outcome is Outcome.ALLOW
    assert policy_set.identity == (policies[0],)


def test_nothing_is_added_to_the_context() -> None:
    """What a caller's credentials imply comes from elsewhere."""
    own = policy_of(allow("*", Resource=f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}"))
    request = Request("iam:GetUser", ALICE, ALICE, {})
    assert evaluate(PolicySet([own]), request).outcome is Outcome.IMPLICIT_DENY


@pytest.mark.parametrize(
    "given", [policy_of(allow("*")), [policy_of(allow("*"))], None, {"Version": "2012-10-17"}]
)
def test_evaluate_takes_a_set_of_policies(given: Any) -> None:
    with pytest.raises(PolicySetError, match=r"PolicySet\(identity=\[policy\]\)") as raised:
        evaluate(given, Request("iam:GetUser", "*", ALICE))
    assert raised.value.code == "not_a_set"


@pytest.mark.parametrize("given", [{"action": "iam:GetUser"}, None, "iam:GetUser"])
def test_evaluate_takes_a_request(given: Any) -> None:
    with pytest.raises(RequestError, match="Request"):
        evaluate(PolicySet([]), given)


# Properties.

PATTERNS = ["*", "s3:*", "s3:Get*", "S3:?etObject", "iam:*", "iam:GetUser", "s3:*Object"]
ENTRIES = ["*", "arn:aws:s3:::b/*", "arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::b/k"]
CONDITIONS = [
    {},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    {"Null": {"aws:MultiFactorAuthPresent": "true"}},
    {"StringNotEquals": {"aws:username": ["b", "c"]}, "NumericLessThan": {"age": "10"}},
    {"ForAnyValue:StringLike": {"tags": "a*"}},
]

lists = st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3)
entries = st.lists(st.sampled_from(ENTRIES), min_size=1, max_size=2)
statements = st.builds(
    lambda effect, negated, actions, not_resource, resources, condition: {
        "Effect": effect,
        "NotAction" if negated else "Action": actions,
        "NotResource" if not_resource else "Resource": resources,
        "Condition": condition,
    },
    st.sampled_from(["Allow", "Deny"]),
    st.booleans(),
    lists,
    st.booleans(),
    entries,
    st.sampled_from(CONDITIONS),
)
policies = st.lists(statements, min_size=1, max_size=4).map(lambda some: policy_of(*some))
requests = st.builds(
    Request,
    st.sampled_from(["s3:GetObject", "s3:PutObject", "iam:GetUser", "sts:GetSessionToken"]),
    st.sampled_from(["*", "arn:aws:s3:::b/k", "arn:aws:s3:::c/k"]),
    st.sampled_from([ALICE, f"arn:aws:iam::{ACCOUNT}:root"]),
    st.fixed_dictionaries(
        {},
        optional={
            "aws:MultiFactorAuthPresent": st.sampled_from(["true", "false"]),
            "aws:username": st.sampled_from(["b", "c", "d"]),
            "age": st.sampled_from(["5", "15"]),
            "tags": st.lists(st.sampled_from(["a", "ab", "x"]), max_size=2),
        },
    ),
)


@repeatable
@given(st.lists(policies, max_size=3), requests)
def test_the_trace_agrees_with_what_decided(some: list[Policy], request: Request) -> None:
    decision = evaluate(PolicySet(some), request)
    trace = decision.trace
    assert trace["outcome"] == decision.outcome
    if decision.exemption:
        assert (decision.outcome, trace["statements"]) == (Outcome.ALLOW, [])
        return
    assert len(trace["statements"]) == sum(len(policy.statements) for policy in some)
    matched = [
        (one["policy"], one["statement"], one["effect"])
        for one in trace["statements"]
        if one["matched"]
    ]
    denies = [one for one in matched if one[2] == "Deny"]
    allows = [one for one in matched if one[2] == "Allow"]
    expected = {
        Outcome.EXPLICIT_DENY: denies,
        Outcome.ALLOW: allows,
        Outcome.IMPLICIT_DENY: [],
    }
    assert deciding(decision) == expected[decision.outcome]
    assert decision.outcome is (
        Outcome.EXPLICIT_DENY if denies else Outcome.ALLOW if allows else Outcome.IMPLICIT_DENY
    )
    assert bool(decision.missing) is (decision.outcome is Outcome.IMPLICIT_DENY)
    for one in trace["statements"]:
        holds = all(test["holds"] for test in one["conditions"])
        parts = (one["action"]["matched"], one["resource"]["matched"], holds)
        assert one["matched"] is all(parts)
        for element in (one["action"], one["resource"]):
            is_negated = element["element"].startswith("Not")
            assert element["matched"] is (bool(element["fitting"]) is not is_negated)


def with_effect(effect: str) -> st.SearchStrategy[Policy]:
    return st.lists(statements, min_size=1, max_size=3).map(
        lambda some: policy_of(*({**one, "Effect": effect} for one in some))
    )


@repeatable
@given(st.lists(policies, max_size=2), with_effect("Deny"), requests)
def test_a_deny_more_never_allows_more(
    some: list[Policy], one_more: Policy, request: Request
) -> None:
    before = evaluate(PolicySet(some), request).outcome
    after = evaluate(PolicySet([*some, one_more]), request).outcome
    assert after in (before, Outcome.EXPLICIT_DENY)


@repeatable
@given(st.lists(policies, max_size=2), with_effect("Allow"), requests)
def test_an_allow_more_never_denies_more(
    some: list[Policy], one_more: Policy, request: Request
) -> None:
    before = evaluate(PolicySet(some), request).outcome
    after = evaluate(PolicySet([*some, one_more]), request).outcome
    assert after is before or (before, after) == (Outcome.IMPLICIT_DENY, Outcome.ALLOW)


@repeatable
@given(st.lists(statements, min_size=2, max_size=4), requests)
def test_order_does_not_matter(some: list[Statement], request: Request) -> None:
    """Neither of statements nor of policies, nor which statement stands in which policy."""
    outcomes = {
        evaluate(PolicySet([policy_of(*order)]), request).outcome
        for order in itertools.permutations(some)
    }
    outcomes |= {
        evaluate(PolicySet([policy_of(one) for one in order]), request).outcome
        for order in itertools.permutations(some)
    }
    assert len(outcomes) == 1


@repeatable
@given(policies, requests)
def test_letter_case_of_actions_does_not_matter(policy: Policy, request: Request) -> None:
    outcomes = {
        evaluate(
            PolicySet([policy]),
            Request(action, request.resource, request.principal, request.context),
        ).outcome
        for action in (request.action, request.action.upper(), request.action.lower())
    }
    assert len(outcomes) == 1
