"""Fences that hold for one example and are open elsewhere, and what a cell says of them."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.cells import Answers, reachable
from mfa_lab.analysis.requests.rows import Row, Target
from mfa_lab.iam.credentials import (
    ACCESS_KEY,
    ROLE_SESSION,
    THROUGH_SERVICE,
    CredentialsKind,
    User,
)
from mfa_lab.iam.service_rules import ServiceRules

Statement = dict[str, Any]

ALLOW: Statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
WITHOUT_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}


def fence(condition: dict[str, Any] | None = None, **elements: Any) -> Statement:
    """A Deny of everything without MFA, with something that narrows it."""
    condition = {**WITHOUT_MFA, **(condition or {})}
    whole = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
    if "NotResource" in elements:
        del whole["Resource"]
    return whole | elements


def asked(
    action: str,
    *statements: Statement,
    target: Target = Target.ANY,
    user: User | None = None,
    kind: CredentialsKind = ACCESS_KEY,
) -> Answers:
    policies = PolicySet([Policy.parse({"Version": "2012-10-17", "Statement": list(statements)})])
    return reachable(policies, kind, Row(aws_catalogue()[action], target, user))


@pytest.mark.parametrize(
    ("narrowing", "depends_on"),
    [
        (fence({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), "aws:sourceip"),
        (fence({"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}), "aws:requestedregion"),
        (
            fence({"StringNotEqualsIfExists": {"aws:PrincipalTag/team": "admins"}}),
            "aws:principaltag/team",
        ),
        (fence({"StringEquals": {"aws:username": ["alice", "bob"]}}), "principal"),
        (fence({"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}), "aws:currenttime"),
        (fence(NotResource="arn:aws:s3:::public-*"), "resource"),
        (fence(Resource="arn:aws:s3:::private-*"), "resource"),
    ],
)
def test_a_fence_that_is_open_elsewhere(narrowing: Statement, depends_on: str) -> None:
    answers = asked("s3:GetObject", ALLOW, narrowing)
    assert answers.faces == {Face.ALLOW, Face.EXPLICIT_DENY}
    assert depends_on in answers.outcomes[Face.ALLOW].depends_on
    assert not answers.is_undecided


@pytest.mark.parametrize(
    "statements",
    [
        (fence(),),
        (fence(Action="s3:*"), fence(NotAction="s3:*", Action=None)),
        (
            fence({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
            fence({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
        ),
        (fence(Resource=["arn:aws:s3:::a*"]), fence(NotResource=["arn:aws:s3:::a*"])),
    ],
)
def test_a_fence_that_is_whole(statements: tuple[Statement, ...]) -> None:
    whole = [{name: one for name, one in each.items() if one is not None} for each in statements]
    answers = asked("s3:GetObject", ALLOW, *whole)
    assert answers.face is Face.EXPLICIT_DENY


def test_a_fence_around_one_user() -> None:
    one = fence(Resource="arn:aws:iam::123456789012:user/alice")
    answers = asked("iam:CreateAccessKey", ALLOW, one, target=Target.OWN_USER)
    assert answers.faces == {Face.ALLOW, Face.EXPLICIT_DENY}
    assert not answers.outcomes[Face.ALLOW].witness.resource.endswith(":user/alice")


def test_what_aws_leaves_open_makes_no_cell_depend() -> None:
    plain = fence() | {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}
    policies = PolicySet([Policy.parse({"Version": "2012-10-17", "Statement": [ALLOW, plain]})])
    answers = reachable(policies, ROLE_SESSION, Row(aws_catalogue()["s3:GetObject"]))
    assert answers.face is Face.EXPLICIT_DENY
    (one,) = answers.open_parts
    assert one.part.face is Face.ALLOW
    assert "aws:MultiFactorAuthPresent" not in one.part.witness.context


def test_a_key_that_nobody_knows_is_marked() -> None:
    answers = asked("s3:GetObject", ALLOW, fence({"StringNotEquals": {"example:Key": "a"}}))
    assert answers.faces == {Face.ALLOW, Face.EXPLICIT_DENY}
    assert answers.unknown_keys == ("example:key",)


def test_own_device_is_refused_among_others() -> None:
    policies = PolicySet([Policy.parse({"Version": "2012-10-17", "Statement": [ALLOW]})])
    row = Row(aws_catalogue()["iam:DeactivateMFADevice"])
    answers = reachable(policies, ACCESS_KEY, row, ServiceRules(has_device=True))
    assert answers.faces == {Face.ALLOW, Face.REFUSED}
    refused = answers.outcomes[Face.REFUSED]
    assert refused.witness.resource.endswith(":user/alice")
    assert refused.refusal is not None
    assert not answers.outcomes[Face.ALLOW].witness.resource.endswith(":user/alice")


def test_two_variables_that_are_not_the_same() -> None:
    """The request is allowed only where two tags of the principal differ, and both are there."""
    present = {"Null": {"aws:PrincipalTag/one": "false", "aws:PrincipalTag/two": "false"}}
    of_one = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/one}"}}
    of_two = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/two}"}}
    answers = asked(
        "ec2:StartInstances",
        ALLOW | {"Condition": present | of_one},
        fence() | {"Condition": of_two},
    )
    assert answers.faces == {Face.ALLOW, Face.EXPLICIT_DENY, Face.IMPLICIT_DENY}
    context = answers.outcomes[Face.ALLOW].witness.context
    assert context["aws:PrincipalTag/one"] != context["aws:PrincipalTag/two"]


def test_an_address_of_the_internet_and_a_vpc_endpoint_exclude_each_other() -> None:
    from_both = {
        "StringEquals": {"aws:SourceVpce": "vpce-1"},
        "IpAddress": {"aws:SourceIp": "10.0.0.0/8"},
    }
    answers = asked("s3:GetObject", ALLOW | {"Condition": from_both})
    assert answers.face is Face.IMPLICIT_DENY


def test_a_chain_of_two_services() -> None:
    ends = {
        "aws:CalledViaFirst": "cloudformation.amazonaws.com",
        "aws:CalledViaLast": "dynamodb.amazonaws.com",
    }
    answers = asked(
        "kms:Decrypt", ALLOW | {"Condition": {"StringEquals": ends}}, kind=THROUGH_SERVICE
    )
    assert answers.faces == {Face.ALLOW, Face.IMPLICIT_DENY}
    assert answers.outcomes[Face.ALLOW].witness.context["aws:CalledVia"] == list(ends.values())


def test_an_entry_that_is_shorter_than_what_the_type_begins_with() -> None:
    answers = asked("ec2:StopInstances", ALLOW | {"Resource": "arn:aws:ec2:*:*:in*/i-1*"})
    assert answers.faces == {Face.ALLOW, Face.IMPLICIT_DENY}
    assert "/i-1" in answers.outcomes[Face.ALLOW].witness.resource


def test_a_type_of_resource_that_has_tags_beside_one_that_has_none() -> None:
    tagged = {"StringEquals": {"aws:ResourceTag/team": "red"}}
    answers = asked("dynamodb:UpdateGlobalTable", ALLOW | {"Condition": tagged})
    assert answers.faces == {Face.ALLOW, Face.IMPLICIT_DENY}
    allowed = answers.outcomes[Face.ALLOW]
    assert allowed.resource_type == "table"
    assert set(allowed.depends_on) == {"aws:resourcetag/team", "resource_type"}


def test_a_tag_has_one_value_by_whichever_name() -> None:
    both = {
        "StringEquals": {"aws:ResourceTag/team": "red"},
        "StringNotEquals": {"ec2:ResourceTag/team": "red"},
    }
    answers = asked("ec2:StartInstances", ALLOW | {"Condition": both})
    assert answers.face is Face.IMPLICIT_DENY
    red = {"StringEquals": {"ec2:ResourceTag/team": "red"}}
    allowed = asked("ec2:StartInstances", ALLOW | {"Condition": red}).outcomes[Face.ALLOW]
    assert allowed.witness.context["aws:ResourceTag/team"] == "red"


def test_a_user_with_a_path_is_not_the_one_that_the_variable_names() -> None:
    own = ALLOW | {"Resource": "arn:aws:iam::*:user/${aws:username}"}
    answers = asked("iam:GetUser", own, target=Target.OWN_USER)
    assert answers.faces == {Face.ALLOW, Face.IMPLICIT_DENY}
    assert answers.outcomes[Face.IMPLICIT_DENY].witness.resource.count("/") > 1


def test_an_account_among_those_that_are_named_with_the_own_one() -> None:
    accounts = ["123456789012", "111122223333"]
    named = {"Condition": {"StringEquals": {"aws:ResourceAccount": accounts}}}
    answers = asked("iam:ListUsers", ALLOW, fence() | named, target=Target.ANOTHER_ACCOUNT)
    assert answers.faces == {Face.EXPLICIT_DENY, Face.IMPLICIT_DENY}


def test_each_user_is_asked_under_the_statements_that_are_about_that_user() -> None:
    answers = asked(
        "s3:GetObject",
        ALLOW | {"Condition": {"StringEquals": {"aws:username": "alice"}}},
        fence() | {"Condition": {"StringEquals": {"aws:username": "bob"}}},
    )
    assert answers.faces == {Face.ALLOW, Face.EXPLICIT_DENY, Face.IMPLICIT_DENY}
    assert answers.outcomes[Face.EXPLICIT_DENY].depends_on == ("principal",)
