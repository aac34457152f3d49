"""What the kinds of policy give together: a row a rule of data/facts.md, "Policy evaluation".

Sources: IAM User Guide, "Policy evaluation for requests within a single account", "Cross-account
policy evaluation logic", "Permissions boundaries for IAM entities", "AWS JSON policy elements:
NotPrincipal"; Organizations User Guide, "SCP evaluation".
"""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab import Decision, Outcome, Policy, PolicySet, Request, evaluate
from mfa_lab.iam import PolicyKind, PolicySetError, RequestError
from mfa_lab.iam.decision import Exemption
from mfa_lab.iam.principals import Naming, is_account_number, read_principal
from mfa_lab.iam.required_allows import Allows, missing_allows

ACCOUNT, OTHER_ACCOUNT = "123456789012", "999988887777"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
BOB = f"arn:aws:iam::{ACCOUNT}:user/bob"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/R"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/R/s"
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/f"
MALLORY = f"arn:aws:iam::{OTHER_ACCOUNT}:user/mallory"
OTHER_ROOT = f"arn:aws:iam::{OTHER_ACCOUNT}:root"
NOBODY = f"arn:aws:iam::{ACCOUNT}:group/g"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"

ALLOW, EXPLICIT, IMPLICIT = Outcome.ALLOW, Outcome.EXPLICIT_DENY, Outcome.IMPLICIT_DENY

Statement = dict[str, Any]


def allow(action: str = "*", **more: Any) -> Statement:
    return {"Effect": "Allow", "Action": action, "Resource": "*"} | more


def deny(action: str = "*", **more: Any) -> Statement:
    return {"Effect": "Deny", "Action": action, "Resource": "*"} | more


def names(principal: Any, action: str = "*", effect: str = "Allow", **more: Any) -> Statement:
    """A statement of a resource policy."""
    principals = {"AWS": principal} if principal != "*" else "*"
    return {"Effect": effect, "Action": action, "Resource": "*", "Principal": principals} | more


def document(*statements: Statement) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def policy(kind: str, *statements: Statement) -> Policy:
    return Policy.parse(document(*statements), kind)


def decide(
    policies: PolicySet,
    principal: str = ALICE,
    action: str = "sqs:SendMessage",
    resource: str = QUEUE,
    context: dict[str, Any] | None = None,
) -> Decision:
    return evaluate(policies, Request(action, resource, principal, context or {}))


# The kinds that only limit, and the order in which AWS asks them.

SQS, S3 = allow("sqs:*"), allow("s3:*")

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


def test_policies_that_stand_in_no_list_of_levels_are_of_one_level() -> None:
    scps = [policy("scp", S3), policy("scp", SQS)]
    decision = decide(PolicySet([policy("identity", allow())], scps=scps))
    assert decision.outcome is ALLOW
    assert [one.policy for one in decision.decided_by] == ["scp/1", "identity/0"]


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


# The resource's policy beside the identity's, in one account.

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


def test_the_role_of_a_session_with_its_path() -> None:
    """The path of a role is nowhere in the session's ARN; aws:PrincipalArn has it."""
    with_path = f"arn:aws:iam::{ACCOUNT}:role/team/R"
    policies = PolicySet(resource=policy("resource", names(with_path)))
    assert decide(policies, SESSION).outcome is IMPLICIT
    context = {"aws:PrincipalArn": with_path}
    assert decide(policies, SESSION, context=context).outcome is ALLOW
    assert decide(policies, SESSION, context={"aws:PrincipalArn": ALICE}).outcome is IMPLICIT


def test_what_is_no_role_does_not_tell_the_role_of_a_session() -> None:
    """Where aws:PrincipalArn has many values or a user's, the session's own ARN tells the role."""
    policies = PolicySet(resource=policy("resource", names(ROLE)))
    for elsewhere in ([f"arn:aws:iam::{ACCOUNT}:role/team/R"], ALICE):
        context = {"aws:PrincipalArn": elsewhere}
        assert decide(policies, SESSION, context=context).outcome is ALLOW


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


# Across accounts.

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


OUTSIDERS = [
    "*",
    "sns.amazonaws.com",
    # ARNs of nobody who could ask
    NOBODY,
    f"arn:aws:iam::{ACCOUNT}:rootless",
    f"arn:aws:sts::{ACCOUNT}:root",
    f"arn:aws:sts::{ACCOUNT}:user/alice",
    f"arn:aws:iam::{ACCOUNT}:assumed-role/R/s",
]


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_a_bucket_is_no_outsiders_own(outsider: str) -> None:
    """It belongs to no account by its ARN, nor does who asks; that makes them no kin."""
    bucket = "arn:aws:s3:::b"
    assert decide(PolicySet(), outsider, resource=bucket).missing == ("resource",)
    policies = PolicySet([policy("identity", allow())], resource=policy("resource", names(ALICE)))
    assert decide(policies, outsider, resource=bucket).missing == ("resource",)


def test_whose_a_bucket_is() -> None:
    """Its ARN does not tell; aws:ResourceAccount does, else it is the principal's own."""
    policies = PolicySet([policy("identity", allow())])
    bucket = "arn:aws:s3:::b"
    assert decide(policies, resource=bucket).outcome is ALLOW
    elsewhere = {"aws:ResourceAccount": OTHER_ACCOUNT}
    assert decide(policies, resource=bucket, context=elsewhere).missing == ("resource",)
    own = {"aws:ResourceAccount": ACCOUNT}
    theirs = QUEUE.replace(ACCOUNT, OTHER_ACCOUNT)
    assert decide(policies, resource=theirs).missing == ("resource",)
    assert decide(policies, resource=theirs, context=own).outcome is ALLOW


# NotPrincipal: everyone is denied who is not listed with account, role and session.

# fmt: off
EXCEPTED = [
    # principal     listed                          boundary    denied
    (ALICE,         [ALICE, ROOT],                  False,      False),
    (ALICE,         [ALICE, ACCOUNT],               False,      False),
    (ALICE,         [ALICE],                        False,      True),
    (ALICE,         [ROOT],                         False,      True),
    (BOB,           [ALICE, ROOT],                  False,      True),
    (ALICE,         [ALICE, ROOT],                  True,       True),
    (SESSION,       [SESSION, ROLE, ROOT],          False,      False),
    (SESSION,       [ROLE, ROOT],                   False,      True),
    (SESSION,       [SESSION, ROOT],                False,      True),
    (ROOT,          [ROOT],                         False,      False),
    (ROOT,          [ALICE],                        False,      True),
    (ROOT,          [ROOT],                         True,       False),
    (ROOT,          [ACCOUNT],                      False,      False),
    (ROLE,          [ROLE, ROOT],                   False,      False),
    (ROLE,          [ROLE, ROOT],                   True,       True),
    (SESSION,       [SESSION, ROLE, ROOT],          True,       True),
    (MALLORY,       [ALICE, ROOT],                  False,      True),
    ("*",           [ROOT],                         False,      True),
]
# fmt: on


@pytest.mark.parametrize(("principal", "listed", "bounded", "denied"), EXCEPTED)
def test_not_principal_denies_everyone_who_is_not_listed_all_the_way(
    principal: str, listed: list[str], bounded: bool, denied: bool
) -> None:
    statement = names("*", effect="Deny") | {"NotPrincipal": {"AWS": listed}}
    del statement["Principal"]
    policies = PolicySet(
        [policy("identity", allow())],
        boundary=policy("boundary", allow()) if bounded else None,
        resource=policy("resource", statement, names("*")),
    )
    assert (decide(policies, principal).outcome is EXPLICIT) is denied


@pytest.mark.parametrize("principal_type", ["Service", "Federated", "CanonicalUser"])
def test_principals_of_other_types_are_compared_as_text(principal_type: str) -> None:
    statement = names("*") | {"Principal": {principal_type: ["x", "sns.amazonaws.com", ROOT]}}
    policies = PolicySet(resource=policy("resource", statement))
    assert decide(policies, "sns.amazonaws.com").outcome is ALLOW
    assert decide(policies, "sqs.amazonaws.com").outcome is IMPLICIT
    assert decide(policies, ALICE).missing == ("resource", "identity")


# What decided, and how it is named.


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


def test_the_trace_says_whom_a_statement_names() -> None:
    policies = PolicySet(resource=policy("resource", names([BOB, ROOT])))
    (traced,) = decide(policies).trace["statements"]
    assert traced["principal"] == {
        "element": "Principal",
        "matched": True,
        "fitting": [ROOT],
        "entries": [BOB, ROOT],
        "naming": "its_account",
    }
    (traced,) = decide(policies, MALLORY).trace["statements"]
    assert (traced["matched"], traced["principal"]["fitting"]) == (False, [])


# fmt: off
NAMINGS = [
    # principal             names                                   naming
    (ALICE,                 {"AWS": [ROOT, ALICE]},                 "itself"),
    (ALICE,                 {"AWS": ACCOUNT},                       "its_account"),
    (ALICE,                 {"AWS": BOB},                           "not_named"),
    (SESSION,               {"AWS": [ROOT, ROLE]},                  "its_role"),
    (ROLE,                  {"AWS": ROLE},                          "its_role"),
    (ROOT,                  {"AWS": ACCOUNT},                       "itself"),
    ("sns.amazonaws.com",   {"Service": "sns.amazonaws.com"},       "itself"),
]
# fmt: on


@pytest.mark.parametrize(("principal", "named", "naming"), NAMINGS)
def test_the_trace_says_how_closely_a_statement_names_who_asks(
    principal: str, named: dict[str, Any], naming: str
) -> None:
    policies = PolicySet(resource=policy("resource", names("*") | {"Principal": named}))
    (traced,) = decide(policies, principal).trace["statements"]
    assert traced["principal"]["naming"] == naming


def test_an_account_is_listed_in_not_principal_as_aws_alone() -> None:
    statement = names("*", effect="Deny") | {"NotPrincipal": {"AWS": ALICE, "Federated": ROOT}}
    del statement["Principal"]
    decision = decide(PolicySet(resource=policy("resource", statement)))
    assert decision.outcome is EXPLICIT
    (traced,) = decision.trace["statements"]
    assert traced["principal"]["element"] == "NotPrincipal"


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


def test_the_number_of_an_account_has_twelve_digits() -> None:
    assert is_account_number(ACCOUNT)
    for text in (ACCOUNT + "0", ACCOUNT[1:], "0" + ACCOUNT, f"{ACCOUNT}\n", ""):
        assert not is_account_number(text)


# What cannot stand where it was given.

# fmt: off
REFUSED: list[Any] = [
    # given                                             code                    says
    ({"identity": policy("identity", S3)},              "not_a_list",           "[policy]"),
    ({"identity": [document(S3)]},                      "not_a_policy",         "dict"),
    ({"resource": policy("identity", S3)},              "names_no_principals",  'kind="resource"'),
    ({"rcps": [policy("identity", S3)]},                "names_no_principals",  'kind="rcp"'),
    ({"boundary": policy("resource", names("*"))},      "names_principals",     "“resource”"),
    ({"scps": [[policy("scp", S3)], policy("scp", S3)]}, "not_a_policy",        "list"),
]
# fmt: on


@pytest.mark.parametrize(("given", "code", "says"), REFUSED)
def test_what_cannot_stand_there_is_refused(given: dict[str, Any], code: str, says: str) -> None:
    with pytest.raises(PolicySetError) as raised:
        PolicySet(**given)
    assert raised.value.code == code
    assert next(iter(given)) in (raised.value.slot, f"{raised.value.slot}s")
    assert says in str(raised.value)


def test_an_empty_list_is_no_policy() -> None:
    policies = PolicySet([policy("identity", SQS)], boundary=[], scps=[], rcps=[])
    assert policies.kinds == {PolicyKind.IDENTITY}
    assert decide(policies).outcome is ALLOW


def test_what_a_decision_shows_of_itself_is_the_same_in_every_run() -> None:
    """No address: a notebook stores it, and the next run is compared with it."""
    condition = {"StringLike": {"aws:username": "al*"}}
    statement = allow(Resource=f"arn:aws:sqs:*:{ACCOUNT}:*", Condition=condition)
    decision = decide(PolicySet([policy("identity", statement)]), context={"aws:username": "alice"})
    assert "StringLike" in repr(decision)
    assert "arn:aws:sqs:*" in repr(decision)
    assert " at 0x" not in repr(decision)
    assert " at 0x" not in repr(decision.policies.identity[0].statements[0].resources)


SERVICE_LINKED_ROLE = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/support.amazonaws.com/R"
NAMED_ALIKE = f"arn:aws:iam::{ACCOUNT}:role/x/aws-service-role/R"


@pytest.mark.parametrize(
    ("principal", "role", "outcome"),
    [
        (SESSION, SERVICE_LINKED_ROLE, ALLOW),
        (SERVICE_LINKED_ROLE, None, ALLOW),
        (SESSION, ROLE, EXPLICIT),
        (SESSION, NAMED_ALIKE, EXPLICIT),
        (SESSION, None, EXPLICIT),
        (ALICE, SERVICE_LINKED_ROLE, EXPLICIT),
    ],
)
@pytest.mark.parametrize("kind", ["scps", "rcps"])
def test_no_policy_of_an_organization_limits_a_service_linked_role(
    kind: str, principal: str, role: str | None, outcome: Outcome
) -> None:
    """That it is one, the path in aws:PrincipalArn tells; the ARN of its session has no path."""
    statement = deny() if kind == "scps" else names("*", effect="Deny")
    limits: dict[str, Any] = {kind: [policy(kind.removesuffix("s"), statement)]}
    policies = PolicySet([policy("identity", allow())], **limits)
    context = {} if role is None else {"aws:PrincipalArn": role}
    assert decide(policies, principal, context=context).outcome is outcome


# What is given as policies.

A, D = policy("identity", allow()), policy("identity", deny())
SCP = policy("scp", allow()), policy("scp", deny())


@pytest.mark.parametrize("slot", ["identity", "boundary", "scps"])
def test_of_a_generator_no_policy_is_lost(slot: str) -> None:
    several = SCP if slot == "scps" else (D, A)
    for given in (
        (one for one in several),
        map(lambda one: one, several),
        dict(enumerate(several)).values(),
        list(several),
    ):
        policies = PolicySet(**{"identity": [A], slot: given})  # type: ignore[arg-type]
        assert decide(policies).outcome is EXPLICIT
        assert getattr(policies, slot) == several
        assert policies == PolicySet(**{"identity": [A], slot: several})  # type: ignore[arg-type]


def test_levels_that_are_made_one_by_one_are_levels() -> None:
    levels: Any = ((one for one in [each]) for each in SCP)
    policies = PolicySet([A], scps=levels)
    assert policies.scps == tuple((each,) for each in SCP)
    assert policies.scp_levels == 2
    assert decide(policies).outcome is EXPLICIT


def test_a_set_of_lists_is_equal_to_one_of_tuples_and_can_be_hashed() -> None:
    lists = PolicySet([A], boundary=[A], scps=[[SCP[0]]], rcps=[])
    tuples = PolicySet((A,), boundary=(A,), scps=((SCP[0],),), rcps=())
    assert lists == tuples
    assert len({lists, tuples}) == 1


# fmt: off
NO_SLOT: list[Any] = [
    # given                             code            says
    ({"identity": None},                "not_a_list",   "[] for none"),
    ({"identity": 5},                   "not_a_list",   "[policy]"),
    ({"identity": "policy.json"},       "not_a_list",   "[policy]"),
    ({"identity": {"a": A}},            "not_a_list",   "[policy]"),
    ({"identity": [[A], [D]]},          "not_a_policy", "list"),
    ({"identity": ((A,), (D,))},        "not_a_policy", "tuple"),
    ({"boundary": [[A], [D]]},          "not_a_policy", "list"),
    ({"boundary": 5},                   "not_a_list",   "boundary"),
    ({"session": [A, A]},               "not_one",      "session"),
    ({"session": 5},                    "not_a_policy", "int"),
    ({"resource": [policy("resource", names("*"))]}, "not_one", "resource"),
    ({"scps": None},                    "not_a_list",   "[] for none"),
    ({"scps": [[A], A]},                "not_a_policy", "list"),
]
# fmt: on


@pytest.mark.parametrize(("given", "code", "says"), NO_SLOT)
def test_what_is_no_policy_for_a_slot_is_refused(
    given: dict[str, Any], code: str, says: str
) -> None:
    with pytest.raises(PolicySetError) as raised:
        PolicySet(**given)
    assert raised.value.code == code
    assert says in str(raised.value)


@pytest.mark.parametrize("given", [A, [A], None, {"Version": "2012-10-17"}])
def test_evaluate_says_that_it_takes_a_set_of_policies(given: Any) -> None:
    with pytest.raises(PolicySetError, match=r"PolicySet\(identity=\[policy\]\)") as raised:
        evaluate(given, Request("iam:GetUser", "*", ALICE))
    assert raised.value.code == "not_a_set"


@pytest.mark.parametrize("given", [{"action": "iam:GetUser"}, None, "iam:GetUser"])
def test_evaluate_says_that_it_takes_a_request(given: Any) -> None:
    with pytest.raises(RequestError, match="Request"):
        evaluate(PolicySet([A]), given)
