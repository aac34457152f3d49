"""What the kinds of policy give together: a row a rule of data/facts.md, "Policy evaluation".

Sources: IAM User Guide, "Policy evaluation for requests within a single account", "Cross-account
policy evaluation logic", "Permissions boundaries for IAM entities", "AWS JSON policy elements:
NotPrincipal"; Organizations User Guide, "SCP evaluation".
"""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab import Outcome, PolicySet
from mfa_lab.iam import PolicyKind
from mfa_lab.iam.authorizer import matching_statements
from mfa_lab.iam.decision import Exemption
from mfa_lab.iam.principals import Naming, read_principal
from mfa_lab.iam.required_allows import Allows, missing_allows
from tests.iam.policies_of_kinds import (
    ACCOUNT,
    ALICE,
    ALLOW,
    BOB,
    EXPLICIT,
    FEDERATED,
    IMPLICIT,
    MALLORY,
    NOBODY,
    OTHER_ACCOUNT,
    OTHER_ROOT,
    QUEUE,
    ROLE,
    ROOT,
    S3,
    SESSION,
    SQS,
    Statement,
    allow,
    decide,
    deny,
    names,
    policy,
)

# fmt: off
LIMITS: list[Any] = [
    # given besides identity                            outcome     missing
    ({"identity": [SQS]},                               ALLOW,      ()),
    ({"identity": []},                                  IMPLICIT,   ("identity",)),
    ({"identity": [], "boundary": [SQS]},               IMPLICIT,   ("identity",)),
    ({"identity": [], "session": [SQS]},                IMPLICIT,   ("identity",)),
    ({"identity": [SQS], "boundary": [SQS]},            ALLOW,      ()),
    ({"identity": [SQS], "boundary": [S3]},             IMPLICIT,   ("boundary",)),
    ({"identity": [S3], "boundary": [SQS]},             IMPLICIT,   ("identity",)),
    ({"identity": [SQS], "boundary": [SQS, deny()]},    EXPLICIT,   ()),
    ({"identity": [SQS], "session": [SQS]},             ALLOW,      ()),
    ({"identity": [SQS], "session": [S3]},              IMPLICIT,   ("session",)),
    ({"identity": [S3], "session": [SQS]},              IMPLICIT,   ("identity",)),
    ({"identity": [SQS], "session": [deny("sqs:Send*"), SQS]}, EXPLICIT, ()),
    ({"identity": [SQS], "boundary": [S3], "session": [S3]}, IMPLICIT, ("boundary", "session")),
    ({"identity": [S3], "boundary": [S3], "session": [S3]}, IMPLICIT, ("identity", "boundary", "session")),
]
# fmt: on


@pytest.mark.parametrize(("given", "outcome", "missing"), LIMITS)
def test_boundary_and_session_policy_limit_what_is_granted(
    given: dict[str, list[Statement]], outcome: Outcome, missing: tuple[str, ...]
) -> None:
    identity = [policy("identity", *given.pop("identity"))] if given["identity"] else []
    given.pop("identity", None)
    others: dict[str, Any] = {kind: policy(kind, *statements) for kind, statements in given.items()}
    decision = decide(PolicySet(identity, **others))
    assert (decision.outcome, decision.missing) == (outcome, missing)


# fmt: off
LEVELS = [
    # policies by level, root first             outcome     missing
    ([[[allow()]]],                             ALLOW,      ()),
    ([[[S3]]],                                  IMPLICIT,   ("scp",)),
    ([[[S3], [SQS]]],                           ALLOW,      ()),
    ([[[S3], [SQS]], [[allow()]]],              ALLOW,      ()),
    ([[[S3]], [[SQS]]],                         IMPLICIT,   ("scp",)),
    ([[[allow()]], [[S3]], [[allow()]]],        IMPLICIT,   ("scp",)),
    ([[[allow()]], []],                         IMPLICIT,   ("scp",)),
    ([[]],                                      IMPLICIT,   ("scp",)),
    ([[[allow()]], [[allow(), deny("sqs:*")]]], EXPLICIT,   ()),
]
# fmt: on


@pytest.mark.parametrize(("levels", "outcome", "missing"), LEVELS)
def test_each_level_of_the_organization_must_allow(
    levels: list[list[list[Statement]]], outcome: Outcome, missing: tuple[str, ...]
) -> None:
    scps = [[policy("scp", *one) for one in level] for level in levels]
    decision = decide(PolicySet([policy("identity", allow())], scps=scps))
    assert (decision.outcome, decision.missing) == (outcome, missing)


def test_a_resource_control_policy_only_denies() -> None:
    """RCPFullAWSAccess allows everything at every level and cannot be detached."""
    identity = [policy("identity", allow())]
    no_secure = {"Bool": {"aws:SecureTransport": "false"}}
    rcps = [policy("rcp", names("*", effect="Deny", Condition=no_secure))]
    policies = PolicySet(identity, rcps=rcps)
    assert decide(policies).outcome is ALLOW
    refused = decide(policies, context={"aws:SecureTransport": "false"})
    assert refused.outcome is EXPLICIT
    assert [one.policy for one in refused.decided_by] == ["rcp/0"]


@pytest.mark.parametrize("principal", [ALICE, SESSION, MALLORY, ROOT, "sns.amazonaws.com", "*"])
def test_a_resource_control_policy_binds_whoever_asks(principal: str) -> None:
    policies = PolicySet(
        [policy("identity", allow())],
        session=policy("session", allow()),
        rcps=[policy("rcp", names("*", effect="Deny"))],
        resource=policy("resource", names("*")),
    )
    refused = decide(policies, principal)
    assert refused.outcome is EXPLICIT
    assert [one.policy for one in refused.decided_by] == ["rcp/0"]


# fmt: off
SAME_ACCOUNT = [
    # principal resource policy names   identity    boundary    outcome     missing
    (ALICE,     ALICE,                  False,      False,      ALLOW,      ()),
    (ALICE,     ALICE,                  False,      True,       ALLOW,      ()),
    (ALICE,     "*",                    False,      True,       ALLOW,      ()),
    (ALICE,     BOB,                    False,      False,      IMPLICIT,   ("resource", "identity")),
    (ALICE,     BOB,                    True,       False,      ALLOW,      ()),
    (ALICE,     BOB,                    True,       True,       IMPLICIT,   ("boundary",)),
    (ALICE,     ROOT,                   False,      False,      IMPLICIT,   ("identity",)),
    (ALICE,     ACCOUNT,                False,      False,      IMPLICIT,   ("identity",)),
    (ALICE,     ROOT,                   True,       False,      ALLOW,      ()),
    (ALICE,     "AIDAEXAMPLE",          False,      False,      IMPLICIT,   ("resource", "identity")),
    (SESSION,   SESSION,                False,      False,      ALLOW,      ()),
    (SESSION,   SESSION,                False,      True,       ALLOW,      ()),
    (SESSION,   ROLE,                   False,      False,      ALLOW,      ()),
    (SESSION,   ROLE,                   False,      True,       IMPLICIT,   ("boundary",)),
    (ROLE,      ROLE,                   False,      True,       IMPLICIT,   ("boundary",)),
    (ROLE,      "*",                    False,      True,       ALLOW,      ()),
    (SESSION,   ROLE[:-1] + "A",        False,      False,      IMPLICIT,   ("resource", "identity")),
    (SESSION,   ROLE + "2",             False,      False,      IMPLICIT,   ("resource", "identity")),
    (FEDERATED, FEDERATED,              False,      True,       ALLOW,      ()),
    (FEDERATED, ROOT,                   True,       False,      IMPLICIT,   ("session",)),
    (ROOT,      BOB,                    False,      True,       ALLOW,      ()),
    ("sns.amazonaws.com", "*",          False,      True,       ALLOW,      ()),
    ("sns.amazonaws.com", ROOT,         True,       True,       IMPLICIT,   ("resource",)),
    ("*",       "*",                    False,      True,       ALLOW,      ()),
]
# fmt: on


@pytest.mark.parametrize(
    ("principal", "named", "by_identity", "bounded", "outcome", "missing"), SAME_ACCOUNT
)
def test_a_resource_policy_within_the_account(
    principal: str,
    named: str,
    by_identity: bool,
    bounded: bool,
    outcome: Outcome,
    missing: tuple[str, ...],
) -> None:
    policies = PolicySet(
        [policy("identity", allow())] if by_identity else [],
        boundary=policy("boundary", S3) if bounded else None,
        resource=policy("resource", names(named)),
    )
    decision = decide(policies, principal)
    assert (decision.outcome, decision.missing) == (outcome, missing)
    is_root_allowed = principal == ROOT and outcome is ALLOW
    assert decision.exemption is (Exemption.ROOT_USER if is_root_allowed else None)


def test_to_be_allowed_twice_is_to_be_allowed() -> None:
    """By two statements of one policy, and by the boundary besides the resource's policy."""
    twice = [SQS, allow()]
    named_twice = policy("resource", names(ALICE), names(ALICE, "sqs:*"))
    boundary = policy("boundary", *twice)
    assert decide(PolicySet([policy("identity", *twice)], boundary=boundary)).outcome is ALLOW
    assert decide(PolicySet(resource=named_twice)).outcome is ALLOW
    boundary = policy("boundary", SQS)
    assert decide(PolicySet(resource=named_twice, boundary=boundary)).outcome is ALLOW
    scps = [policy("scp", *twice)]
    assert decide(PolicySet([policy("identity", SQS)], scps=scps)).outcome is ALLOW


@pytest.mark.parametrize(
    ("named", "missing"),
    [(ROLE, ("session",)), (SESSION, ()), (BOB, ("resource", "identity", "session"))],
)
def test_a_session_policy_limits_what_a_role_is_granted_but_not_its_session(
    named: str, missing: tuple[str, ...]
) -> None:
    policies = PolicySet(session=policy("session", S3), resource=policy("resource", names(named)))
    assert decide(policies, SESSION).missing == missing


def test_a_deny_in_a_resource_policy_binds_the_root_user_too() -> None:
    policies = PolicySet(resource=policy("resource", names("*", effect="Deny")))
    assert decide(policies, ROOT).outcome is EXPLICIT


def test_identity_policies_do_not_bind_the_root_user_but_scps_do() -> None:
    identity = [policy("identity", deny())]
    assert decide(PolicySet(identity), ROOT).exemption is Exemption.ROOT_USER
    denied = decide(PolicySet(identity, scps=[policy("scp", allow(), deny("sqs:*"))]), ROOT)
    assert [(one.policy, one.statement.index) for one in denied.decided_by] == [("scp/0", 1)]
    assert decide(PolicySet(identity, scps=[policy("scp", S3)]), ROOT).missing == ("scp",)


@pytest.mark.parametrize(
    ("principal", "missing"),
    [("sns.amazonaws.com", ()), ("*", ()), (NOBODY, ()), (FEDERATED, ("scp",)), (ROOT, ("scp",))],
)
def test_service_control_policies_are_of_accounts(principal: str, missing: tuple[str, ...]) -> None:
    """A service or an outsider has none that could stand in its way, not even by a Deny."""
    policies = PolicySet(
        scps=[policy("scp", S3)],
        session=policy("session", allow()),
        resource=policy("resource", names("*")),
    )
    assert decide(policies, principal).missing == missing
    denied = PolicySet(scps=[policy("scp", deny())], resource=policy("resource", names("*")))
    assert (decide(denied, principal).outcome is EXPLICIT) is bool(missing)


# fmt: off
DECISIVE = [
    # action                    names   identity    outcome     missing
    ("sts:AssumeRole",          ALICE,  False,      ALLOW,      ()),
    ("sts:AssumeRole",          ROOT,   False,      IMPLICIT,   ("identity",)),
    ("sts:AssumeRole",          ROOT,   True,       ALLOW,      ()),
    ("sts:AssumeRole",          BOB,    True,       IMPLICIT,   ("resource",)),
    ("sts:AssumeRole",          BOB,    False,      IMPLICIT,   ("resource",)),
    ("STS:ASSUMEROLE",          BOB,    True,       IMPLICIT,   ("resource",)),
    ("sts:TagSession",          BOB,    True,       IMPLICIT,   ("resource",)),
]
# fmt: on


@pytest.mark.parametrize(("action", "named", "by_identity", "outcome", "missing"), DECISIVE)
def test_nobody_assumes_a_role_whom_its_trust_policy_does_not_name(
    action: str, named: str, by_identity: bool, outcome: Outcome, missing: tuple[str, ...]
) -> None:
    statement = names(named)
    del statement["Resource"]
    identity = [policy("identity", allow())] if by_identity else []
    policies = PolicySet(identity, resource=policy("trust", statement))
    decision = decide(policies, action=action, resource=ROLE)
    assert (decision.outcome, decision.missing) == (outcome, missing)


# fmt: off
ABOUT_THE_ROLE: list[Any] = [
    # action                principal  identity  effect   outcome    missing
    ("iam:GetRole",         ALICE,     True,     "Allow", ALLOW,     ()),
    ("iam:GetRole",         ALICE,     False,    "Allow", IMPLICIT,  ("identity",)),
    ("iam:PassRole",        ALICE,     True,     "Allow", ALLOW,     ()),
    ("iam:DeleteRole",      ALICE,     True,     "Deny",  ALLOW,     ()),
    ("iam:GetRole",         ROOT,      False,    "Allow", ALLOW,     ()),
    ("iam:GetRole",         MALLORY,   True,     "Allow", IMPLICIT,  ("resource",)),
    ("STS:TagSession",      ALICE,     True,     "Deny",  EXPLICIT,  ()),
]
# fmt: on


@pytest.mark.parametrize(
    ("action", "principal", "by_identity", "effect", "outcome", "missing"), ABOUT_THE_ROLE
)
def test_a_trust_policy_says_nothing_of_who_may_read_or_pass_its_role(
    action: str,
    principal: str,
    by_identity: bool,
    effect: str,
    outcome: Outcome,
    missing: tuple[str, ...],
) -> None:
    statement = names(principal, "*", effect)
    del statement["Resource"]
    identity = [policy("identity", allow())] if by_identity else []
    policies = PolicySet(identity, resource=policy("trust", statement))
    decision = decide(policies, principal, action, ROLE)
    assert (decision.outcome, decision.missing) == (outcome, missing)


def test_nor_where_it_is_given_as_any_resource_policy() -> None:
    policies = PolicySet(
        [policy("identity", allow())], resource=policy("resource", names(BOB, "sts:*"))
    )
    assert decide(policies, action="sts:AssumeRole", resource=ROLE).missing == ("resource",)
    assert decide(policies, action="sts:GetFederationToken", resource=ROLE).outcome is ALLOW


def test_identity_policies_alone_are_asked_about_assuming_a_role_without_its_trust_policy() -> None:
    policies = PolicySet([policy("identity", allow())])
    assert decide(policies, action="sts:AssumeRole", resource=ROLE).outcome is ALLOW


@pytest.mark.parametrize(
    ("principal", "named", "outcome"),
    [
        (ALICE, ROOT, ALLOW),
        (ALICE, BOB, IMPLICIT),
        (ROOT, BOB, IMPLICIT),
        (ROOT, ROOT, ALLOW),
        (ROOT, ACCOUNT, ALLOW),
    ],
)
def test_a_key_policy_must_name_the_account_or_the_principal(
    principal: str, named: str, outcome: Outcome
) -> None:
    key = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/k"
    policies = PolicySet(
        [policy("identity", allow())], resource=policy("resource", names(named, "kms:*"))
    )
    decision = decide(policies, principal, "kms:Decrypt", key)
    assert decision.outcome is outcome
    assert decision.exemption is None


# fmt: off
ACROSS = [
    # principal     names           identity    outcome     missing
    (MALLORY,       MALLORY,        True,       ALLOW,      ()),
    (MALLORY,       OTHER_ROOT,     True,       ALLOW,      ()),
    (MALLORY,       OTHER_ACCOUNT,  True,       ALLOW,      ()),
    (MALLORY,       "*",            True,       ALLOW,      ()),
    (MALLORY,       MALLORY,        False,      IMPLICIT,   ("identity",)),
    (MALLORY,       ROOT,           True,       IMPLICIT,   ("resource",)),
    (MALLORY,       None,           True,       IMPLICIT,   ("resource",)),
    (MALLORY,       None,           False,      IMPLICIT,   ("resource", "identity")),
    (OTHER_ROOT,    OTHER_ROOT,     False,      ALLOW,      ()),
    (OTHER_ROOT,    None,           False,      IMPLICIT,   ("resource",)),
]
# fmt: on


@pytest.mark.parametrize(("principal", "named", "by_identity", "outcome", "missing"), ACROSS)
def test_across_accounts_both_sides_must_allow(
    principal: str,
    named: str | None,
    by_identity: bool,
    outcome: Outcome,
    missing: tuple[str, ...],
) -> None:
    policies = PolicySet(
        [policy("identity", allow())] if by_identity else [],
        resource=policy("resource", names(named)) if named else None,
    )
    decision = decide(policies, principal)
    assert (decision.outcome, decision.missing) == (outcome, missing)
    assert decision.exemption is None


@pytest.mark.parametrize(("named", "missing"), [(MALLORY, ()), (ALICE, ("resource",))])
def test_a_trust_policy_decides_across_accounts_too(named: str, missing: tuple[str, ...]) -> None:
    statement = names(named)
    del statement["Resource"]
    policies = PolicySet([policy("identity", allow())], resource=policy("trust", statement))
    decision = decide(policies, MALLORY, "sts:AssumeRole", ROLE)
    assert decision.missing == missing


def test_across_accounts_a_boundary_limits_what_names_the_user_too() -> None:
    policies = PolicySet(
        [policy("identity", allow())],
        boundary=policy("boundary", S3),
        resource=policy("resource", names(MALLORY)),
    )
    assert decide(policies, MALLORY).missing == ("boundary",)


def test_of_a_set_of_requests_only_those_are_allowed_that_a_statement_matches() -> None:
    """A bit for each request; each of these statements matches the second of two."""
    policies = PolicySet(
        [policy("identity", allow())],
        boundary=policy("boundary", allow()),
        scps=[policy("scp", allow())],
        resource=policy("resource", names(ALICE)),
    )
    principal = read_principal(ALICE)
    allows = Allows.of(
        policies, everything=0b11, same_account=0b11, resource_decides=0, trust_decides=0
    )
    for matched in decide(policies).decided_by:
        allows.add(matched, principal, 0b10)
    assert allows.by_kind == {PolicyKind.IDENTITY: 0b10, PolicyKind.BOUNDARY: 0b10}
    assert (allows.by_naming, allows.scps) == ({Naming.ITSELF: 0b10}, [0b10])
    missing = {kind for kind, lacks in missing_allows(allows, principal).items() if lacks == 0b01}
    assert missing == {
        PolicyKind.SCP,
        PolicyKind.RESOURCE,
        PolicyKind.IDENTITY,
        PolicyKind.BOUNDARY,
    }


def test_every_policy_that_let_it_pass_is_named_in_the_order_of_aws() -> None:
    policies = PolicySet(
        [policy("identity", S3), policy("identity", allow())],
        boundary=[policy("boundary", S3), policy("boundary", SQS)],
        session=policy("session", allow()),
        scps=[[policy("scp", allow())], [policy("scp", S3), policy("scp", allow())]],
        rcps=[[policy("rcp", names("*"))]],
        resource=policy("resource", names(ROOT)),
    )
    decision = decide(policies)
    assert decision.outcome is ALLOW
    assert [one.policy for one in decision.decided_by] == [
        "rcp/0/0",
        "scp/0/0",
        "scp/1/1",
        "resource",
        "identity/1",
        "boundary/1",
        "session",
    ]
    assert [one["policy"] for one in decision.trace["statements"] if one["matched"]] == [
        one.policy for one in decision.decided_by
    ]


@pytest.mark.parametrize("granted", [True, False])
@pytest.mark.parametrize("account", [ACCOUNT, OTHER_ACCOUNT])
@pytest.mark.parametrize("principal", [ALICE, ROLE, SESSION, FEDERATED, ROOT, MALLORY, "*"])
def test_the_short_cut_for_identity_policies_decides_as_the_rule_does(
    principal: str, account: str, granted: bool
) -> None:
    policies = PolicySet([policy("identity", SQS if granted else S3)])
    decision = decide(policies, principal, resource=QUEUE.replace(ACCOUNT, account))
    who = read_principal(principal)
    allows = Allows.of(
        policies,
        everything=1,
        same_account=int(who.account == account),
        resource_decides=0,
        trust_decides=0,
    )
    _, allowing = matching_statements(policies, decision.request)
    for matched in allowing:
        allows.add(matched, who, 1)
    missing = [str(kind) for kind, lacks in missing_allows(allows, who).items() if lacks]
    assert list(decision.missing) == missing
