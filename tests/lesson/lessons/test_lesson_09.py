"""Lesson 09: what its predictions come to, and what finds and mends a flaw."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mfa_lab import PolicySet
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.iam.credentials import KINDS
from mfa_lab.iam.service_rules import OWN_DEVICES_NEED_MFA, ServiceRules
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.lessons.lesson_09 import (
    EXAMPLE,
    EXERCISES,
    FLAWED,
    PREDICTIONS,
    REMOVING,
    repaired,
)
from mfa_lab.lesson.policies import NEWEST, WORK, stored_policy
from mfa_lab.lesson.prediction import Prediction
from mfa_lab.text import LANGUAGES

EXPECTED = {
    "bool_console": "explicit_deny",
    "bool_key": "allow",
    "bool_service": "allow",
}

FIND, REPAIR = EXERCISES


@pytest.mark.parametrize("prediction", PREDICTIONS, ids=lambda one: one.name)
def test_a_prediction_comes_to_what_the_facts_say(prediction: Prediction) -> None:
    assert prediction.run() == EXPECTED[prediction.name]


# The claims of the lesson.


def test_the_example_lets_the_access_key_do_all_the_work() -> None:
    found = Lesson("09_check_your_own_policy").difference(
        [stored_policy(NEWEST), WORK], [stored_policy(EXAMPLE), WORK]
    )
    opened = {
        flip.caller.kind.name: flip.actions
        for flip in found.difference.flips
        if (flip.before, flip.after) == (Face.EXPLICIT_DENY, Face.ALLOW)
    }
    assert set(opened) == {"access_key"}
    assert {one.partition(":")[0] for one in opened["access_key"]} == {"ec2", "s3"}


def test_by_the_example_nobody_can_enrol_or_change_a_password() -> None:
    attached = PolicySet(identity=(stored_policy(EXAMPLE), WORK))
    for action, kind in (
        ("iam:EnableMFADevice", "console_without_mfa"),
        ("iam:ChangePassword", "console_with_mfa"),
    ):
        assert ask(attached, KINDS[kind], action).face is Face.IMPLICIT_DENY


def test_today_the_service_refuses_what_the_flawed_policy_allows() -> None:
    attached, key = PolicySet(identity=(stored_policy(FLAWED),)), KINDS["access_key"]
    answer = ask(attached, key, REMOVING, ServiceRules(has_device=True))
    assert answer.refusal is OWN_DEVICES_NEED_MFA
    assert str(answer.decision.outcome) == "allow"


def test_no_version_has_a_gate_for_aws_login() -> None:
    login = stored_policy("aws_managed_SignInLocalDevelopmentAccess_v3")
    for action in ("signin:AuthorizeOAuth2Access", "signin:CreateOAuth2Token"):
        for name in ("2017-12-01_tutorial", "2021-05-13_article", NEWEST):
            attached = PolicySet(identity=(stored_policy(name), login))
            found = ask(attached, KINDS["console_without_mfa"], action).face
            assert found is Face.EXPLICIT_DENY


def test_a_fence_on_a_role_stops_its_work_whatever_the_key_is_there() -> None:
    attached = PolicySet(identity=(stored_policy(NEWEST), WORK))
    for kind in ("role_session", "federated_role_session"):
        answer = ask(attached, KINDS[kind], "s3:ListAllMyBuckets")
        assert answer.face is Face.EXPLICIT_DENY
        assert not answer.is_undocumented


# Finding.


@pytest.mark.parametrize("credentials", ["access_key", "console_without_mfa"])
@pytest.mark.parametrize("action", [REMOVING, REMOVING.lower(), f" {REMOVING} "])
def test_the_flaw_is_found_with_either_credentials(action: str, credentials: str) -> None:
    assert FIND.check({"action": action, "credentials": credentials}).is_right


@pytest.mark.parametrize("nothing", [None, "", [], 3, {}, {"action": None}])
def test_nothing_finds_no_flaw(nothing: object) -> None:
    assert not FIND.check(nothing).is_right


@pytest.mark.parametrize("credentials", ["root_user", "through_service", "federated_user"])
def test_credentials_that_the_table_does_not_have_are_none(credentials: str) -> None:
    found = FIND.check({"action": REMOVING, "credentials": credentials})
    assert found.code == "no_such_credentials"


# Mending.

GOOD: dict[str, Any] = {
    "as AWS did": stored_policy("sibling_mfa_self_manage_2018-11-30_fixed"),
    "that gate alone": repaired(REMOVING),
    "with a Deny of its own": repaired(
        more=(
            {
                "Effect": "Deny",
                "Action": REMOVING,
                "Resource": "*",
                "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
            },
        )
    ),
    "the newest in its place": stored_policy(NEWEST),
    "the article's": stored_policy("2021-05-13_article"),
    "as statements": repaired(REMOVING)["Statement"],
}


@pytest.mark.parametrize("name", GOOD)
def test_what_mends_passes_however_it_is_written(name: str) -> None:
    verdict = REPAIR.check(GOOD[name])
    assert verdict.is_right, verdict


@pytest.mark.parametrize(
    "name", ["2018-11-21_tutorial_flawed", FLAWED, EXAMPLE, "2021-05-13_article_weakened"]
)
def test_another_flawed_policy_does_not_pass(name: str) -> None:
    assert not REPAIR.check(stored_policy(name)).is_right


# Every request, not one call in one context.

BOOL = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
USERS = {"aws:username": ["alice", "bob"]}
NARROWING: list[tuple[dict[str, Any], str]] = [
    ({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, "aws:SourceIp = 10."),
    ({"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}, "aws:RequestedRegion = eu-west-1"),
    (
        {"StringNotEqualsIfExists": {"aws:PrincipalTag/team": "admins"}},
        "aws:PrincipalTag/team = admins",
    ),
    ({"StringEquals": USERS}, ":user/carol"),
    ({"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}, "aws:CurrentTime = 2030-"),
]


def deny_removing(condition: dict[str, Any], resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Deny", "Action": REMOVING, "Resource": resource, "Condition": condition}


@pytest.mark.parametrize(("narrowing", "told"), NARROWING, ids=lambda one: str(one)[:24])
def test_a_repair_that_is_open_elsewhere_shows_what_slips_through(
    narrowing: dict[str, Any], told: str
) -> None:
    narrowed = {**BOOL, **narrowing}
    for answer, code in (
        (repaired(more=(deny_removing(narrowed),)), "still_slips_through"),
        (repaired(condition=narrowed, more=(deny_removing(BOOL),)), "slips_through"),
    ):
        verdict = REPAIR.check(answer)
        assert (verdict.is_right, verdict.code) == (False, code)
        assert verdict == REPAIR.check(answer)
        assert verdict.request is not None
        assert verdict.request.answer.face is Face.ALLOW
        for language in LANGUAGES:
            view = Lesson("09_check_your_own_policy", language).check("repair", answer)
            assert told in view.sentence


def test_a_deny_about_two_users_leaves_the_third_open() -> None:
    of_two = [f"arn:aws:iam::123456789012:user/{name}" for name in ("alice", "bob")]
    verdict = REPAIR.check(
        repaired(more=tuple(deny_removing(BOOL, resource) for resource in of_two))
    )
    assert verdict.code == "still_slips_through"
    assert verdict.request is not None
    assert verdict.request.request.resource not in of_two


@pytest.mark.parametrize("place", ["arn:aws:iam::111122223333:", "arn:aws-cn:iam::*:"])
def test_a_repair_is_judged_in_its_own_account_and_partition(place: str) -> None:
    text = json.dumps(REPAIR.solution).replace("arn:aws:iam::*:", place)
    assert place in text
    assert REPAIR.check(text).is_right


def test_a_grant_that_asks_for_mfa_opens_nothing() -> None:
    with_mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    grant = {"Effect": "Allow", "Action": "ec2:*", "Resource": "*", "Condition": with_mfa}
    assert REPAIR.check(repaired(REMOVING, more=(grant,))).is_right


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_article_s_policy_takes_only_a_device_of_the_user_s_name(language: str) -> None:
    lesson = Lesson("09_check_your_own_policy", language)
    [warning] = lesson.check("repair", stored_policy("2021-05-13_article")).warnings
    assert warning.code == "device_of_another_name"
    assert "iam:CreateVirtualMFADevice" in warning.sentence(language)
    assert not lesson.check("repair", stored_policy(NEWEST)).warnings
