"""A survey of the whole catalogue gives the answers that one call after the other gives."""

from __future__ import annotations

import functools
import operator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mfa_lab import Outcome, Policy, PolicySet
from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.analysis.requests.answer import Face, answer
from mfa_lab.analysis.requests.questions import Question, Whose
from mfa_lab.analysis.requests.survey import Surveyor, Verdicts
from mfa_lab.iam.credentials import ABSENT, KINDS, WITHOUT_MFA, Caller
from mfa_lab.iam.decision import Exemption
from mfa_lab.iam.service_rules import ServiceRules

AWS = aws_catalogue()
POLICIES = Path(__file__).resolve().parents[3] / "data" / "policies"

# Every action of two services that have rules of their own and of one with many kinds of
# resources, and a fixed sample of the others.
NEAR = [action for action in AWS.actions if action.service in ("iam", "s3", "sts")]
FAR = [action for action in AWS.actions if action.service not in ("iam", "s3", "sts")][::251]


def of_file(name: str) -> Policy:
    return Policy.parse((POLICIES / f"{name}.json").read_text("utf-8"))


def of(*statements: dict[str, Any]) -> Policy:
    return Policy.parse({"Version": "2012-10-17", "Statement": list(statements)})


ADMINISTRATOR = of({"Effect": "Allow", "Action": "*", "Resource": "*"})
# Whatever the surveyor might take a short cut on: Not forms, wildcards in the service, variables
# with and without a value, several conditions, short ARNs.
CROOKED = of(
    {"Effect": "Allow", "NotAction": ["iam:*User", "S3:*"], "Resource": "*"},
    {"Effect": "Allow", "Action": ["sts:*", "s3:Get*"], "NotResource": "arn:aws:s3:::*"},
    {"Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::*:*/${aws:username}"},
    {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:iam::*:user/${aws:PrincipalTag/x}"},
    {"Effect": "Deny", "Action": "iam:*", "NotResource": "arn:aws:iam::*:*/${aws:PrincipalTag/x}",
     "Condition": {"Null": {"aws:MultiFactorAuthPresent": "true"}}},
    {"Effect": "Deny", "Action": ["iam:Tag*", "s3:Put*"],
     "NotResource": ["arn:aws:iam::*:user/*", "arn:aws:s3:::example"]},
    {"Effect": "Deny", "Action": "ec2:*", "Resource": ["arn:aws:ec2", "arn:aws:ecs:*:*:cluster/*"]},
    {"Effect": "Deny", "Action": "iam:List*", "Resource": "*",
     "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "61"},
                   "StringEquals": {"aws:PrincipalType": "User"}}},
)  # fmt: skip

SETS = {
    "none": PolicySet(),
    "article": PolicySet([of_file("2021-05-13_article")]),
    "weakened": PolicySet([of_file("2021-05-13_article_weakened")]),
    "newest": PolicySet([of_file("2023-11_newest")]),
    "flawed": PolicySet([of_file("knowledge_center_bool_flawed"), ADMINISTRATOR]),
    "2018": PolicySet([of_file("2018-11-21_tutorial_flawed"), ADMINISTRATOR]),
    "crooked": PolicySet([CROOKED, of_file("aws_managed_IAMUserChangePassword_v5")]),
}

# fmt: off
SETTINGS = {
    "no device":    (Question(),                                        ServiceRules()),
    "device":       (Question(),                                        ServiceRules(True)),
    "before 2023":  (Question(device_name="phone"),                     ServiceRules(True, False)),
    "another's":    (Question(whose=Whose.ANOTHER),                     ServiceRules(True)),
}
# fmt: on


@pytest.fixture(scope="module", params=SETTINGS)
def surveyor(request: pytest.FixtureRequest) -> Surveyor:
    question, rules = SETTINGS[request.param]
    return Surveyor(AWS, question, rules)


def assert_agrees(surveyor: Surveyor, policies: PolicySet, caller: Caller) -> None:
    """Compare the survey with one answer after the other."""
    verdicts = surveyor.survey(policies, caller)
    for action in NEAR + FAR:
        resource = surveyor.question.resource(action)
        one = answer(policies, caller, action.name, resource, surveyor.rules)
        bit = AWS.bit(action.name)
        decided_by = one.decision.decided_by if one.refusal is None else ()
        assert verdicts.face(bit) is one.face, action.name
        assert bool(verdicts.undocumented & bit) is one.is_undocumented, action.name
        assert verdicts.decided_by(bit) == decided_by, action.name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("policies", SETS.values(), ids=SETS)
def test_a_survey_agrees_with_one_answer_after_the_other(
    surveyor: Surveyor, policies: PolicySet, kind: str
) -> None:
    assert_agrees(surveyor, policies, Caller(KINDS[kind]))


@pytest.mark.parametrize("policies", SETS.values(), ids=SETS)
def test_every_action_has_one_face(surveyor: Surveyor, policies: PolicySet) -> None:
    for kind in KINDS.values():
        faces = surveyor.survey(policies, Caller(kind)).faces
        assert set(faces) == set(Face)
        assert sum(actions.bit_count() for actions in faces.values()) == len(AWS)
        assert functools.reduce(operator.or_, faces.values()) == AWS.everything


def test_one_surveyor_for_several_callers_and_policies() -> None:
    """What it keeps from one survey is right for the next."""
    surveyor = Surveyor(AWS, Question(), ServiceRules(True))
    surveys = [
        (policies, caller, surveyor.survey(policies, caller))
        for policies in SETS.values()
        for caller in (Caller(KINDS["access_key"]), Caller(KINDS["role_session"]))
    ]
    for policies, caller, verdicts in surveys[::3]:
        fresh = Surveyor(AWS, Question(), ServiceRules(True)).survey(policies, caller)
        assert verdicts == fresh == surveyor.survey(policies, caller)


# What the article says, over the whole catalogue.


SURVEYORS = {has: Surveyor(AWS, Question(), ServiceRules(has)) for has in (False, True)}


def survey(policies: PolicySet, kind: str, *, has_device: bool = False) -> Verdicts:
    return SURVEYORS[has_device].survey(policies, Caller(KINDS[kind]))


EXEMPT = (
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetCallerIdentity",
    "sts:GetSessionToken",
)

# fmt: off
ALLOWED_BY_ARTICLE = [
    # kind                          allowed                                             refused
    ("access_key",                  EXEMPT,                                             0),
    ("console_without_mfa",         tuple(one for one in EXEMPT if "SessionT" not in one), 2),
    ("session_token_without_mfa",   ("sts:GetCallerIdentity",),                         None),
    ("federated_user",              ("sts:GetCallerIdentity",),                         None),
]
# fmt: on


@pytest.mark.parametrize(("kind", "allowed", "refused"), ALLOWED_BY_ARTICLE)
def test_what_the_articles_policy_lets_through_without_mfa(
    kind: str, allowed: tuple[str, ...], refused: int | None
) -> None:
    faces = survey(SETS["article"], kind).faces
    assert AWS.names(faces[Face.ALLOW]) == allowed
    if refused is not None:
        assert faces[Face.REFUSED].bit_count() == refused


def test_with_mfa_nothing_is_denied_explicitly() -> None:
    for kind in ("console_with_mfa", "session_token_with_mfa"):
        faces = survey(SETS["article"], kind).faces
        assert faces[Face.EXPLICIT_DENY] == 0
        assert AWS.bit("iam:ChangePassword") & faces[Face.ALLOW]


def test_root_may_do_everything_but_assume_roles() -> None:
    faces = survey(SETS["article"], "root_user").faces
    assert AWS.names(faces[Face.REFUSED]) == ("sts:AssumeRole",)
    assert faces[Face.ALLOW] | faces[Face.REFUSED] == AWS.everything


# fmt: off
UNDOCUMENTED = [
    # policies      kind                            is s3:GetObject's answer open?
    ("article",     "role_session",                 False),  # BoolIfExists: either way
    ("article",     "forced_password_change",       False),
    ("article",     "assume_role_call_with_code",   True),
    ("article",     "through_service_with_mfa",     True),
    ("article",     "access_key",                   False),
    ("flawed",      "role_session",                 True),   # Bool: absent is not "false"
    ("flawed",      "forced_password_change",       True),
    ("flawed",      "console_without_mfa",          False),
    ("none",        "role_session",                 False),
]
# fmt: on


@pytest.mark.parametrize(("policies", "kind", "is_open"), UNDOCUMENTED)
def test_what_rests_on_an_undocumented_point(policies: str, kind: str, is_open: bool) -> None:
    bit = AWS.bit("s3:GetObject")
    assert bool(survey(SETS[policies], kind).undocumented & bit) is is_open


def test_several_open_points_count_together() -> None:
    """The first matters to this policy, the last does not."""
    kind = replace(KINDS["role_session"], open_points=(ABSENT, WITHOUT_MFA))
    verdicts = SURVEYORS[False].survey(SETS["flawed"], Caller(kind))
    assert verdicts.undocumented & AWS.bit("s3:GetObject")


def test_the_answer_names_the_other_outcome() -> None:
    caller = Caller(KINDS["role_session"])
    one = answer(SETS["flawed"], caller, "s3:GetObject", "*", ServiceRules())
    assert one.face is Face.EXPLICIT_DENY
    assert one.other_outcomes == (Outcome.ALLOW,)
    assert one.is_undocumented
    assert one.caller is caller
    assert one.decision.outcome is Outcome.EXPLICIT_DENY


def test_a_refusal_comes_before_the_policies() -> None:
    caller = Caller(KINDS["console_without_mfa"])
    one = answer(PolicySet([ADMINISTRATOR]), caller, "sts:GetSessionToken", "*", ServiceRules())
    assert one.face is Face.REFUSED
    assert one.refusal is not None
    assert one.refusal.name == "session_token_needs_long_term"
    assert one.decision.exemption is Exemption.NO_PERMISSION_NEEDED
    assert not one.is_undocumented


def test_an_undocumented_refusal_is_marked() -> None:
    """A console session that is older than the device: the bulletin does not speak of it."""
    bit = AWS.bit("iam:EnableMFADevice")
    in_console = survey(SETS["article"], "console_without_mfa", has_device=True)
    by_key = survey(SETS["article"], "access_key", has_device=True)
    assert in_console.face(bit) is by_key.face(bit) is Face.REFUSED
    assert in_console.undocumented & bit
    assert not by_key.undocumented & bit
    assert in_console.decided_by(bit) == ()
