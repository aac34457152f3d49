"""Lesson 07: what its predictions come to and what it claims, written out from AWS's pages.

Sources: data/facts.md, "The MFA condition keys", "AssumeRole", "Calls through a service" and
"Condition operators".
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_lab import Policy
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.lessons.lesson_07 import (
    AGE,
    EXERCISES,
    LIST_BUCKETS,
    PREDICTIONS,
    PRESENT,
    VIA,
    Conditions,
    allow,
    denying,
    document,
    without_the_token_gate,
)
from mfa_lab.lesson.policies import NEWEST, stored_policy
from mfa_lab.lesson.policy_views import KINDS_TO_COMPARE
from mfa_lab.lesson.prediction import Prediction
from mfa_lab.text import LANGUAGES, catalogue, say
from mfa_lab.view.table.comparison_view import ComparisonView

EXPECTED = {
    "bool_by_key": "allow",
    "null_by_console": "allow",
    "allow_if_exists_by_key": "allow",
    "two_operators": "nobody",
    "role_with_code": "explicit_deny",
    "without_the_gate": "allow",
    "bucket_policy": "denied",
}
ASKED = {
    "bool_by_key": (LIST_BUCKETS, "access_key"),
    "null_by_console": (LIST_BUCKETS, "console_without_mfa"),
    "allow_if_exists_by_key": (LIST_BUCKETS, "access_key"),
    "role_with_code": (LIST_BUCKETS, "role_session"),
    "without_the_gate": ("sts:GetSessionToken", "access_key"),
}
SERVICES_PASS, AT_MOST_AN_HOUR = EXERCISES
repeatable = settings(deadline=None, derandomize=True, max_examples=60)

# Of the user's own credentials and what a service does for the user, all documented:
# absent, "false", "false", "false", "true", "true".
DOCUMENTED = (
    "access_key",
    "console_without_mfa",
    "session_token_without_mfa",
    "through_service",
    "console_with_mfa",
    "session_token_with_mfa",
)
# By data/facts.md, "Conditions on the MFA keys": Allowed, Denied explicitly, or Not allowed.
SPELLINGS: dict[str, tuple[dict[str, Any], str]] = {
    "deny bool": (denying({"Bool": {PRESENT: "false"}}), "ADDDAA"),
    "deny bool if exists": (denying({"BoolIfExists": {PRESENT: "false"}}), "DDDDAA"),
    "deny null": (denying({"Null": {PRESENT: "true"}}), "DAAAAA"),
    "allow bool": (document(allow(Condition={"Bool": {PRESENT: "true"}})), "NNNNAA"),
    "allow bool if exists": (document(allow(Condition={"BoolIfExists": {PRESENT: "true"}})), "ANNNAA"),
    "allow null": (document(allow(Condition={"Null": {PRESENT: "false"}})), "NAAAAA"),
    "deny null age": (denying({"Null": {AGE: "true"}}), "DDDDAA"),
    "deny old": (denying({"NumericGreaterThan": {AGE: "3600"}}), "AAAAAA"),
    "deny old or none": (denying({"NumericGreaterThanIfExists": {AGE: "3600"}}), "DDDDAA"),
    "deny old and none": (
        denying({"NumericGreaterThan": {AGE: "3600"}, "Bool": {PRESENT: "false"}}),
        "AAAAAA",
    ),
    "deny but services": (
        denying({"BoolIfExists": {PRESENT: "false"}, "Bool": {VIA: "false"}}),
        "DDDAAA",
    ),
}  # fmt: skip
LETTERS = {Face.ALLOW: "A", Face.EXPLICIT_DENY: "D", Face.IMPLICIT_DENY: "N"}


def compared(policy: dict[str, Any], *kinds: str) -> dict[str, Any]:
    view = Lesson("07_absent_is_not_false").compare(
        {"one": Policy.parse(policy)}, LIST_BUCKETS, kinds
    )
    return dict(view.answers["one"])


@pytest.mark.parametrize("name", ASKED)
def test_a_prediction_asks_what_its_question_says(name: str) -> None:
    [prediction] = [one for one in PREDICTIONS if one.name == name]
    assert isinstance(prediction, Prediction)
    answer = prediction.ask()
    assert (answer.decision.request.action, answer.caller.kind.name) == ASKED[name]
    assert not answer.is_undocumented


# What the lesson claims.


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_spelling_stops_whom_the_lesson_says(name: str) -> None:
    policy, expected = SPELLINGS[name]
    answers = compared(policy, *DOCUMENTED)
    assert "".join(LETTERS[answers[kind].face] for kind in DOCUMENTED) == expected
    assert not any(one.is_undocumented for one in answers.values())


def test_a_role_session_is_answered_alike_by_bool_if_exists_alone() -> None:
    for name, rests_on_it in (("deny bool", True), ("deny bool if exists", False), ("deny null", True)):  # fmt: skip
        [answer] = compared(SPELLINGS[name][0], "role_session").values()
        assert answer.is_undocumented is rests_on_it, name


def test_the_gate_for_session_tokens_changes_nothing() -> None:
    newest, shorter = stored_policy(NEWEST), without_the_token_gate()
    assert "sts:GetSessionToken" in str(newest.document)
    assert "sts:GetSessionToken" not in str(shorter.document)
    found = Lesson("07_absent_is_not_false").difference(newest, shorter).difference
    assert found.actions == ()


def test_a_bucket_policy_alone_allows_with_a_code() -> None:
    lesson = Lesson("07_absent_is_not_false")
    bucket = Policy.parse(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::123456789012:user/alice"},
                "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::reports/*",
            },
        },
        kind="resource",
    )
    report = "arn:aws:s3:::reports/2021.csv"
    for kind, given_policy, face in (
        ("access_key", bucket, Face.EXPLICIT_DENY),
        ("console_with_mfa", bucket, Face.ALLOW),
        ("console_with_mfa", None, Face.IMPLICIT_DENY),
    ):
        trace = lesson.why(
            stored_policy(NEWEST),
            "s3:GetObject",
            kind,
            resource=report,
            resource_policy=given_policy,
        )
        assert trace.answer.face is face


# The comparison.


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison_shows_each_answer_in_its_cell(language: str) -> None:
    lesson = Lesson("07_absent_is_not_false", language)
    view = lesson.compare({"x": Policy.parse(SPELLINGS["deny bool"][0])}, LIST_BUCKETS)
    assert view.kinds == tuple(kind.name for kind in KINDS_TO_COMPARE)
    html = view._repr_html_()
    assert html.count('<td class="allow">') == sum(
        one.face is Face.ALLOW for one in view.answers["x"].values()
    )
    assert html.count('<span aria-hidden="true">†</span>') == 3
    assert html.count(say("comparison.assumed", language)) == 3
    assert view.why("x", "access_key").answer is view.answers["x"]["access_key"]
    for label, kind in (("y", "access_key"), ("x", "nope")):
        with pytest.raises(LookupError, match=f"'{label}'.*'{kind}'"):
            view.why(label, kind)


def test_a_comparison_of_nothing_is_empty() -> None:
    view = ComparisonView(LIST_BUCKETS, {})
    assert view.kinds == ()
    assert "<tbody>" in view.fragment()
    assert repr(view) == "<s3:ListAllMyBuckets under 0 policies × 0 credentials>"


# Services pass.


@pytest.mark.parametrize(
    "conditions",
    [
        [{"BoolIfExists": {PRESENT: "false", VIA: "false"}}],
        [{"Null": {AGE: "true"}, "StringEquals": {VIA: "false"}}],
        [{"Bool": {PRESENT: "false", VIA: "false"}}, {"Null": {PRESENT: "true"}}],
        [{"NumericGreaterThanIfExists": {AGE: "900000"}, "Bool": {VIA: "false"}}],
    ],
    ids=["one operator", "by the age", "two statements", "as a number"],
)  # fmt: skip
def test_other_fences_that_let_services_through_pass(conditions: list[Conditions]) -> None:
    found = SERVICES_PASS.check(denying(*conditions))
    assert (found.is_right, found.code) == (True, "right")


OPERATOR = st.sampled_from(["Bool", "BoolIfExists", "Null"])
VALUE = st.sampled_from(["true", "false"])


@repeatable
@given(operator=OPERATOR, value=VALUE, via_operator=OPERATOR, via_value=VALUE)
def test_two_operators_pass_where_they_do_what_is_asked(
    operator: str, value: str, via_operator: str, via_value: str
) -> None:
    merged: dict[str, dict[str, str]] = {operator: {PRESENT: value}}
    merged.setdefault(via_operator, {})[VIA] = via_value
    is_right = (
        operator == "BoolIfExists" and via_operator != "Null" and value == via_value == "false"
    )
    assert SERVICES_PASS.check(denying(merged)).is_right is is_right


def test_a_fence_before_some_actions_only_does_not_pass() -> None:
    policy = dict(SERVICES_PASS.solution)
    first, fence = policy["Statement"]
    for actions in ("s3:*", ["s3:*", "ec2:*"], "iam:*"):
        narrow = {**policy, "Statement": [first, {**fence, "Action": actions}]}
        assert SERVICES_PASS.check(narrow).code == "keys_pass"


# At most an hour.


@pytest.mark.parametrize(
    "conditions",
    [
        [{"NumericGreaterThan": {AGE: "3600"}}, {"BoolIfExists": {PRESENT: "false"}}],
        [{"NumericGreaterThanEqualsIfExists": {AGE: "3600"}}],
        [{"NumericGreaterThan": {AGE: "3600"}}, {"Null": {AGE: "true"}}],
    ],
    ids=["two statements", "from the hour on", "no age"],
)  # fmt: skip
def test_other_hours_pass(conditions: list[Conditions]) -> None:
    assert AT_MOST_AN_HOUR.check(denying(*conditions)).is_right


def test_an_allow_with_an_hour_is_as_good() -> None:
    assert AT_MOST_AN_HOUR.check(
        document(allow(Condition={"NumericLessThanEquals": {AGE: "3600"}}))
    ).is_right


@repeatable
@given(seconds=st.integers(0, 10_000))
def test_an_hour_is_an_hour(seconds: int) -> None:
    found = AT_MOST_AN_HOUR.check(denying({"NumericGreaterThanIfExists": {AGE: str(seconds)}}))
    assert found.is_right is (3_599 <= seconds <= 3_600)
    assert found.code == (
        "right" if found.is_right else "fresh_stopped" if seconds < 3_599 else "old_pass"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_tells_the_operator_or_the_key(language: str) -> None:
    said = [text for key, text in catalogue(language).items() if key.startswith("lesson_07.check_")]
    assert len(said) == 21
    assert not [text for text in said if "IfExists" in text or "Via" in text or "aws:" in text]


def test_a_fence_has_to_do_what_is_asked_by_every_reading() -> None:
    """Whether a service's call that began with a code says "true" is not documented."""
    fence = {"BoolIfExists": {PRESENT: "false"}, "Bool": {VIA: "false"}}
    found = SERVICES_PASS.check(denying(fence, {"Bool": {PRESENT: "true", VIA: "true"}}))
    assert (found.is_right, found.code) == (False, "services_stopped")


# Every request, not one call in one context.

WITHOUT_MFA: Conditions = {"BoolIfExists": {PRESENT: "false"}}
DIRECTLY: Conditions = {"Bool": {VIA: "false"}}
NARROWING: list[tuple[dict[str, dict[str, Any]], str]] = [
    ({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, "aws:SourceIp = 10."),
    ({"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}, "aws:RequestedRegion = eu-west-1"),
    (
        {"StringNotEqualsIfExists": {"aws:PrincipalTag/team": "admins"}},
        "aws:PrincipalTag/team = admins",
    ),
    ({"StringEquals": {"aws:username": ["alice", "bob"]}}, ":user/carol"),
    ({"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}, "aws:CurrentTime = 2030-"),
]
HELD_BY_SESSIONS: Conditions = {"StringEquals": {"aws:PrincipalType": "AssumedRole"}, **WITHOUT_MFA}


@pytest.mark.parametrize(("narrowing", "told"), NARROWING, ids=lambda one: str(one)[:24])
def test_a_fence_that_is_open_elsewhere_shows_what_slips_through(
    narrowing: dict[str, Any], told: str
) -> None:
    # What a condition on aws:username does not hold of is a role's session: that is fenced too.
    beside = [HELD_BY_SESSIONS] if "aws:username" in str(narrowing) else []
    by_age = {"NumericGreaterThanIfExists": {AGE: "3600"}}
    for exercise, condition, more in (
        (SERVICES_PASS, {**WITHOUT_MFA, **DIRECTLY}, beside),
        (AT_MOST_AN_HOUR, by_age, beside),
    ):
        answer = denying({**condition, **narrowing}, *more)
        verdict = exercise.check(answer)
        assert (verdict.is_right, verdict.code) == (False, "slips_through")
        assert verdict == exercise.check(answer)
        found = verdict.request
        assert found is not None
        assert found.answer.face is Face.ALLOW
        for language in LANGUAGES:
            view = Lesson("07_absent_is_not_false", language).check(exercise.name, answer)
            assert told in view.sentence


def test_a_fence_before_most_resources_only_does_not_pass() -> None:
    first, fence = SERVICES_PASS.solution["Statement"]
    narrow = {name: one for name, one in fence.items() if name != "Resource"}
    narrow["NotResource"] = "arn:aws:s3:::public-*"
    verdict = SERVICES_PASS.check(document(first, narrow))
    assert verdict.code == "slips_through"
    assert verdict.request is not None
    assert verdict.request.request.resource.startswith("arn:aws:s3:::public-")


@pytest.mark.parametrize(
    "conditions",
    [
        [
            {**WITHOUT_MFA, **DIRECTLY, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
            {**WITHOUT_MFA, **DIRECTLY, "NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        ],
        [{"StringNotEqualsIfExists": {PRESENT: "true"}, **DIRECTLY}],
        [{"BoolIfExists": {PRESENT.lower(): "false", VIA.lower(): "false"}}],
    ],
    ids=["in two parts", "by text", "lower case"],
)
def test_a_fence_that_holds_for_every_request_passes(conditions: list[Conditions]) -> None:
    assert SERVICES_PASS.check(denying(*conditions)).code == "right"


def test_a_fence_that_lets_named_services_through_passes_and_says_for_which() -> None:
    answer = denying({**WITHOUT_MFA, "Null": {"aws:CalledVia": "true"}})
    verdict = SERVICES_PASS.check(answer)
    assert (verdict.is_right, verdict.code) == (True, "check.called_via_alone")
    for language in LANGUAGES:
        said = Lesson("07_absent_is_not_false", language).check("services_pass", answer).sentence
        assert "Athena" in said
