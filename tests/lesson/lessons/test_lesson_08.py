"""Lesson 08: what its predictions come to, and what a design must do to pass."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_lab import Policy, PolicySet, Request, evaluate
from mfa_lab.account.console import SignInState
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam.credentials import KINDS
from mfa_lab.iam.parsing.quotas import CUSTOMER_MANAGED_POLICY, INLINE_POLICIES_OF_USER
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.lessons import newly_allowed, walkthrough
from mfa_lab.lesson.lessons.lesson_08 import (
    DESIGN,
    EXERCISES,
    PREDICTIONS,
    SOLUTION,
    deny_password,
    with_fence,
)
from mfa_lab.lesson.lessons.request_search import Undecided
from mfa_lab.lesson.policies import EVERYTHING_ALLOWED, answered_policy, stored_policy
from mfa_lab.lesson.prediction import Question
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.policy.not_action_editor import NotActionWorkbench
from tests.lesson.verdicts import Answer, shown_by_its_lesson, verdict_on, wrong_answers

EXPECTED = {
    "newest": "second",
    "weakened": "first",
    "second_deny": "second",
    "token_without_code": "refused",
}

[DESIGN_EXERCISE] = EXERCISES
PRESENT = "aws:MultiFactorAuthPresent"
GATES = ("iam:ChangePassword", "iam:GetAccountPasswordPolicy")
KEYS_ABSENT = {"Null": {PRESENT: "true"}}


@pytest.mark.parametrize("question", PREDICTIONS, ids=lambda one: one.name)
def test_a_prediction_comes_to_what_the_facts_say(question: Question) -> None:
    assert question.run() == EXPECTED[question.name]


# One design, many spellings.


def spelled_otherwise() -> Iterator[tuple[str, Any]]:
    text = DESIGN.to_json()
    yield "JSON text", text
    yield "bytes", text.encode()
    yield "a policy", DESIGN
    yield "statements", SOLUTION["Statement"]
    yield "statements, as a tuple", tuple(SOLUTION["Statement"])
    yield "other letters", Policy.parse(text.replace("iam:ChangePassword", "IAM:changepassword"))
    yield "a workbench", NotActionWorkbench(DESIGN, "en", presets={}, tabulator=Tabulator())
    yield (
        "the article's Allows",
        {
            **SOLUTION,
            "Statement": [
                *stored_policy("2021-05-13_article").document["Statement"][:-1],
                *SOLUTION["Statement"][-2:],
            ],
        },
    )
    yield "without the second gate", with_fence(GATES[:1], (deny_password(KEYS_ABSENT),))
    yield (
        "the Deny of everything",
        with_fence(GATES, ({**deny_password(KEYS_ABSENT), "Action": "*"},)),
    )
    yield (
        "by the time of issue",
        with_fence(GATES, (deny_password({"Null": {"aws:TokenIssueTime": "true"}}),)),
    )
    yield "reading in IAM", with_fence((*GATES, "iam:Get*"), (deny_password(KEYS_ABSENT),))
    fence_by_list = {
        "Effect": "Deny",
        "NotAction": [*SOLUTION["Statement"][-2]["NotAction"], "iam:ListUsers"],
        "Resource": ["*"],
        "Condition": {"StringNotEqualsIfExists": {PRESENT: "true"}},
    }
    yield (
        "another operator",
        {
            **SOLUTION,
            "Statement": [*SOLUTION["Statement"][:-2], fence_by_list, SOLUTION["Statement"][-1]],
        },
    )


@pytest.mark.parametrize(
    "answer", [pytest.param(answer, id=name) for name, answer in spelled_otherwise()]
)
def test_a_design_passes_however_it_is_written(answer: Any) -> None:
    verdict = DESIGN_EXERCISE.check(answer)
    assert verdict.is_right, verdict


def test_a_mapping_that_json_cannot_write_is_judged_too() -> None:
    assert DESIGN_EXERCISE.check(MappingProxyType(SOLUTION)).is_right


def test_a_list_of_anything_else_is_no_policy() -> None:
    nothings: list[Any] = [[], ["iam:ChangePassword"], (), {}, " ", "?", None, 3]
    for nothing in nothings:
        assert answered_policy(nothing) is None
        assert DESIGN_EXERCISE.check(nothing).code == "no_policy"


# A failing life proves itself.


@pytest.mark.parametrize("answer", wrong_answers("design"), ids=str)
def test_a_step_that_fails_shows_its_calls(answer: Answer) -> None:
    calls = verdict_on(answer).calls
    expected = SHOWN.get(answer.code)
    shown = [(one.operation, one.verdict) for one in calls if one.verdict]
    assert shown == (expected or [])
    assert all(not one.caller.endswith("user/admin") for one in calls)


PASSWORD, BUCKETS = "iam:ChangePassword", "s3:ListBuckets"
SHOWN = {
    "reset_denied": [(PASSWORD, "explicit_deny")],
    "reset_denied_again": [(PASSWORD, "explicit_deny")],
    "no_fence": [(BUCKETS, "allow"), (BUCKETS, "allow")],
    "console_not_fenced": [(BUCKETS, "allow"), (BUCKETS, "explicit_deny")],
    "keys_not_fenced": [(BUCKETS, "explicit_deny"), (BUCKETS, "allow")],
    "cannot_enrol": [
        ("iam:CreateVirtualMFADevice", "allow"),
        ("iam:EnableMFADevice", "explicit_deny"),
    ],
    "work_with_code": [
        (BUCKETS, "explicit_deny"),
        ("sts:GetSessionToken", "allow"),
        (BUCKETS, "explicit_deny"),
    ],
    "password_with_code": [(PASSWORD, "explicit_deny")],
    "key_changes_password": [(PASSWORD, "allow")],
    "limit_misses_keys": [(PASSWORD, "allow")],
    "allow_is_no_limit": [(PASSWORD, "allow")],
    "key_sets_password": [("iam:UpdateLoginProfile", "allow")],
}


def test_a_life_that_goes_well_shows_all_of_it() -> None:
    calls = DESIGN_EXERCISE.check(SOLUTION).calls
    told = [(one.operation, one.verdict, one.mfa) for one in calls if one.answer]
    assert told == [
        (PASSWORD, "allow", "false"),
        (BUCKETS, "explicit_deny", "false"),
        (BUCKETS, "explicit_deny", "absent"),
        ("iam:CreateVirtualMFADevice", "allow", "false"),
        ("iam:EnableMFADevice", "allow", "false"),
        (BUCKETS, "allow", "true"),
        ("sts:GetSessionToken", "allow", "absent"),
        (BUCKETS, "allow", "true"),
        (PASSWORD, "allow", "true"),
        (PASSWORD, "explicit_deny", "absent"),
        ("sts:GetSessionToken", "allow", "absent"),
        (PASSWORD, "refused", "false"),
        ("iam:UpdateLoginProfile", "explicit_deny", "absent"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_malformed_policy_is_told_with_line_and_column(language: str) -> None:
    broken = DESIGN.to_json().replace('"Resource": "*"', '"Resource": ""', 1)
    said = Lesson("08_design_your_own", language).check("design", broken).sentence
    found = DESIGN_EXERCISE.check(broken).values["mistake"]
    assert re.search(r"\d+", said)
    assert found.located_sentence(language) in said  # type: ignore[attr-defined]


# No sentence tells the answer.


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_names_the_way_out(language: str) -> None:
    for answer in wrong_answers("design"):
        said = shown_by_its_lesson(answer, language).sentence
        assert "Null" not in said
        assert "TokenIssueTime" not in said
        assert '"true"' not in said


# What opens: once more, action by action, by the evaluator.


@cache
def tabulator() -> Tabulator:
    kinds = [KINDS[name] for name in ("access_key", "console_without_mfa")]
    return Tabulator((), kinds, rules=ServiceRules(own_devices_need_mfa=False))


def newly_open(policy: Policy, kind: int) -> set[str]:
    def allowed(one: Policy) -> int:
        attached = PolicySet(identity=(one, EVERYTHING_ALLOWED))
        return tabulator().survey(attached)[kind].faces[Face.ALLOW]

    article = allowed(stored_policy("2021-05-13_article"))
    return set(tabulator().catalogue.names(allowed(policy) & ~article))


def test_the_design_opens_one_change_and_only_to_sessions() -> None:
    reading = {"iam:GetAccountPasswordPolicy", "iam:GetMFADevice"}
    assert newly_open(DESIGN, 0) == reading
    assert newly_open(DESIGN, 1) == {"iam:ChangePassword", *reading}


ENTRIES = [
    "iam:ListUsers", "iam:GetRole", "iam:CreateAccessKey", "iam:DeactivateMFADevice",
    "ec2:DescribeInstances", "s3:GetObject", "sts:AssumeRole", "iam:Nope", "signin:CreateOAuth2Token",
]  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=12)
@given(st.sets(st.sampled_from(ENTRIES), max_size=3))
def test_a_gate_more_passes_where_it_only_reads_in_iam(more: set[str]) -> None:
    answer = with_fence((*GATES, *sorted(more)), (deny_password(KEYS_ABSENT),))
    harmless = more <= {"iam:ListUsers", "iam:GetRole", "iam:Nope"}
    assert DESIGN_EXERCISE.check(answer).is_right is harmless


def test_what_only_a_service_holds_back_counts_as_open() -> None:
    """Enabling and removing a device needs MFA since 2023; a policy that opens it is not better."""
    answer = with_fence((*GATES, "iam:DeactivateMFADevice"), (deny_password(KEYS_ABSENT),))
    found = DESIGN_EXERCISE.check(answer)
    assert (found.code, found.values["action"]) == ("opens", "iam:DeactivateMFADevice")


def test_a_grant_of_more_than_own_credentials_does_not_pass() -> None:
    for action, resource in (
        ("iam:CreateAccessKey", "arn:aws:iam::*:user/*"),
        ("ec2:RunInstances", "*"),
        ("iam:UpdateLoginProfile", "arn:aws:iam::*:user/${aws:username}"),
    ):
        grant = {"Effect": "Allow", "Action": action, "Resource": resource}
        answer = with_fence(GATES, (deny_password(KEYS_ABSENT), grant))
        assert DESIGN_EXERCISE.check(answer).code == "allows_more", action


# The limits that the lesson tells.


def face(policy: Policy, action: str, kind: str, **rules: bool) -> Face:
    attached = PolicySet(identity=(policy,))
    return ask(attached, KINDS[kind], action, ServiceRules(**rules)).face


def test_the_design_rests_on_what_is_not_documented() -> None:
    attached = PolicySet(identity=(DESIGN,))
    answer = ask(attached, KINDS["forced_password_change"], PASSWORD)
    assert answer.face is Face.ALLOW
    assert [str(one) for one in answer.other_faces] == ["explicit_deny"]


def test_a_token_without_a_code_is_stopped_by_the_service_alone() -> None:
    answer = ask(PolicySet(identity=(DESIGN,)), KINDS["session_token_without_mfa"], PASSWORD)
    assert answer.face is Face.REFUSED
    assert str(answer.decision.outcome) == "allow"


def test_a_key_can_enrol_a_first_device_in_every_version() -> None:
    for policy in (DESIGN, *map(stored_policy, ("2021-05-13_article", "2023-11_newest"))):
        for action in ("iam:CreateVirtualMFADevice", "iam:EnableMFADevice"):
            assert face(policy, action, "access_key") is Face.ALLOW


def test_an_old_session_changes_the_password_and_a_new_one_needs_the_code() -> None:
    from mfa_lab import Account

    with Account() as account:
        life = walkthrough.Walkthrough(account, DESIGN)
        assert not walkthrough.first_sign_in(life)
        other = account.console()
        other.sign_in("alice", walkthrough.OWN_PASSWORD)
        other.enrol_device(life.phone)
        assert (
            other.sign_in("alice", walkthrough.OWN_PASSWORD).sign_in_state
            is SignInState.ASKED_FOR_CODE
        )
        page = life.console.change_password(walkthrough.OWN_PASSWORD, walkthrough.THIEF_S_PASSWORD)
        assert not page.is_error


def test_it_is_too_large_for_an_inline_policy_and_not_for_a_managed_one() -> None:
    inline, managed = INLINE_POLICIES_OF_USER.characters, CUSTOMER_MANAGED_POLICY.characters
    assert inline < DESIGN.size <= managed
    assert stored_policy("2023-11_newest").size <= inline


# The parts of the check.


def test_every_step_of_a_life_can_fail() -> None:
    codes = {code for _, code in DESIGN_EXERCISE.wrong_answers}
    assert set(SHOWN) <= codes
    assert len(walkthrough.STEPS) == 7


def test_the_kinds_without_a_code_have_none() -> None:
    assert all(kind.mfa.present != "true" for kind in newly_allowed.WITHOUT_MFA)
    assert all(kind.mfa.present == "true" for kind in newly_allowed.WITH_MFA)


def test_the_stub_is_the_newest_version_and_builds_what_it_says() -> None:
    fence = stored_policy("2023-11_newest").document["Statement"][-1]
    assert isinstance(fence, Mapping)
    same = with_fence()
    assert json.dumps(same) == json.dumps(stored_policy("2023-11_newest").document)


def slips(answer: Any) -> set[str]:
    return {one.code for one in DESIGN_EXERCISE.check(answer).warnings}


def test_a_slip_of_the_pen_is_told_beside_the_step_that_fails() -> None:
    misspelt = with_fence(("iam:ChangePasswords",), (deny_password(KEYS_ABSENT),))
    assert DESIGN_EXERCISE.check(misspelt).code == "reset_denied"
    assert "unknown_action" in slips(misspelt)
    unknown_key = deny_password({"Null": {"aws:MultiFactorAuthPresnt": "true"}})
    assert "unknown_key_holds" in slips(with_fence(GATES, (unknown_key,)))
    no_boolean = deny_password({"BoolIfExists": {"aws:MultiFactorAuthPresent": "absent"}})
    assert "unreadable_boolean" in slips(with_fence(GATES, (no_boolean,)))
    without_version = {"Statement": SOLUTION["Statement"]}
    assert "variable_without_version" in slips(without_version)


def test_what_is_meant_brings_no_warning() -> None:
    """And what is said about MFA keys would tell the answer, or mislead."""
    assert not slips(SOLUTION)
    assert not slips(with_fence(condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}}))


# Every request, not the ones of the walkthrough alone.

OFFICE = {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
WITHOUT_MFA = {"BoolIfExists": {PRESENT: "false"}}


def fenced(condition: dict[str, Any] | None = None, **elements: Any) -> dict[str, Any]:
    """The solution with something that narrows its fence."""
    found = with_fence(GATES, condition={**WITHOUT_MFA, **(condition or {})})
    *others, fence = found["Statement"]
    if "NotResource" in elements:
        fence = {name: one for name, one in fence.items() if name != "Resource"}
    statements = [*others, {**fence, **elements}, deny_password(KEYS_ABSENT)]
    return {**found, "Statement": statements}


NARROWED: dict[str, tuple[dict[str, Any], str, str]] = {
    "address": (fenced(OFFICE), "slips_through", "aws:SourceIp = 10."),
    "region": (
        fenced({"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}),
        "slips_through",
        "aws:RequestedRegion = eu-west-1",
    ),
    "tag": (
        fenced({"StringNotEqualsIfExists": {"aws:PrincipalTag/team": "admins"}}),
        "slips_through",
        "aws:PrincipalTag/team = admins",
    ),
    "user": (
        fenced({"StringEquals": {"aws:username": ["alice", "bob"]}}),
        "slips_through",
        ":user/carol",
    ),
    "time": (
        fenced({"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}),
        "slips_through",
        "aws:CurrentTime = 2030-",
    ),
    "resource": (
        fenced(NotResource="arn:aws:s3:::public-*"),
        "slips_through",
        "arn:aws:s3:::public-",
    ),
    "password from an address": (
        with_fence(GATES, (deny_password({**KEYS_ABSENT, **OFFICE}),)),
        "password_slips_through",
        "aws:SourceIp = 10.",
    ),
    "password of alice alone": (
        with_fence(
            GATES,
            (
                {
                    **deny_password(KEYS_ABSENT),
                    "Resource": "arn:aws:iam::123456789012:user/alice",
                },
            ),
        ),
        "password_slips_through",
        ":user/",
    ),
}


@pytest.mark.parametrize("name", NARROWED)
def test_a_deny_that_is_open_elsewhere_shows_the_request_that_slips_through(name: str) -> None:
    answer, code, told = NARROWED[name]
    verdict = DESIGN_EXERCISE.check(answer)
    assert (verdict.is_right, verdict.code) == (False, code)
    assert verdict == DESIGN_EXERCISE.check(answer)
    found = verdict.request
    assert found is not None
    assert found.answer.face is Face.ALLOW
    assert not any(
        value == "true"
        for key, value in found.request.context.items()
        if key.lower() == PRESENT.lower()
    )
    for language in LANGUAGES:
        view = Lesson("08_design_your_own", language).check("design", answer)
        assert told in view.sentence
        assert found.request.action in view.sentence
        html = view._repr_html_()
        assert found.request.resource in html
        assert say("shown_request.line", language) in html


def test_the_line_of_a_shown_request_is_decided_alike() -> None:
    found = DESIGN_EXERCISE.check(NARROWED["address"][0]).request
    assert found is not None
    line = json.loads(found.line)
    asked = line["request"]
    request = Request(asked["action"], asked["resource"], asked["principal"], asked["context"])
    identity = tuple(map(Policy.parse, line["policies"]["identity"]))
    assert str(evaluate(PolicySet(identity=identity), request).outcome) == "allow"


def test_a_fence_in_parts_passes_and_so_does_a_grant_that_asks_for_mfa() -> None:
    within = {"IpAddress": OFFICE["NotIpAddress"]}
    *others, fence, limit = fenced(OFFICE)["Statement"]
    other_half = {**fence, "Sid": "OtherHalf", "Condition": {**WITHOUT_MFA, **within}}
    grant = {
        "Effect": "Allow",
        "Action": "ec2:*",
        "Resource": "*",
        "Condition": {"Bool": {PRESENT: "true"}},
    }
    for statements in (
        [*others, fence, other_half, limit],
        [*SOLUTION["Statement"], grant],
    ):
        verdict = DESIGN_EXERCISE.check(statements)
        assert verdict.is_right, verdict


def test_what_is_not_decided_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    undecided = Undecided(KINDS["access_key"], "s3:GetObject")
    monkeypatch.setattr("mfa_lab.lesson.lessons.lesson_08.find_in_cell", lambda *_, **__: undecided)
    for language in LANGUAGES:
        view = Lesson("08_design_your_own", language).check("design", SOLUTION)
        assert not view.is_right
        assert "s3:GetObject" in view.sentence
