"""Who makes a request, and who Principal and NotPrincipal name.

Source: IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal"; data/facts.md, "Policy
evaluation".
"""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab import Outcome, PolicySet
from mfa_lab.iam.principals import is_account_number
from tests.iam.policies_of_kinds import (
    ACCOUNT,
    ALICE,
    ALLOW,
    BOB,
    EXPLICIT,
    IMPLICIT,
    MALLORY,
    NOBODY,
    OTHER_ACCOUNT,
    QUEUE,
    ROLE,
    ROOT,
    SESSION,
    allow,
    decide,
    deny,
    names,
    policy,
)


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


def test_the_number_of_an_account_has_twelve_digits() -> None:
    assert is_account_number(ACCOUNT)
    for text in (ACCOUNT + "0", ACCOUNT[1:], "0" + ACCOUNT, f"{ACCOUNT}\n", ""):
        assert not is_account_number(text)


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
