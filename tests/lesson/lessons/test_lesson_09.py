"""Lesson 09: what its predictions come to, and what finds and mends a flaw."""

from __future__ import annotations

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
