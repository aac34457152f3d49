"""Lesson 07, absent is not false: conditions on MFA, and every kind of credentials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from mfa_lab.analysis.catalogue import Action
from mfa_lab.analysis.requests.admission import with_alternative
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.iam import credentials
from mfa_lab.iam.authorizer import evaluate
from mfa_lab.iam.credentials import Caller, CredentialsKind, MfaKeys
from mfa_lab.iam.decision import Outcome
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.request import Request
from mfa_lab.iam.service_rules import NO_PERMISSION_NEEDED
from mfa_lab.lesson.exercise import Exercise, Verdict, not_yet, right
from mfa_lab.lesson.lessons.request_search import (
    Found,
    find_request,
    is_allowed,
    is_stopped,
    newly_allowed,
    not_for_all,
)
from mfa_lab.lesson.policies import EVERYTHING_ALLOWED, NEWEST, policy_or_verdict, stored_policy
from mfa_lab.lesson.prediction import MultipleChoice, Prediction
from mfa_lab.lesson.shown_request import ShownRequest

PRESENT: Final = "aws:MultiFactorAuthPresent"
AGE: Final = "aws:MultiFactorAuthAge"
VIA: Final = "aws:ViaAWSService"
LIST_BUCKETS: Final = "s3:ListAllMyBuckets"

Conditions = Mapping[str, Mapping[str, str]]


def document(*statements: Mapping[str, object]) -> dict[str, Any]:
    """Return a policy document of some statements."""
    return {"Version": "2012-10-17", "Statement": [dict(statement) for statement in statements]}


def allow(**more: object) -> dict[str, object]:
    """Return a statement that allows everything, if its condition holds."""
    return {"Effect": "Allow", "Action": "*", "Resource": "*", **more}


def deny(condition: Conditions) -> dict[str, object]:
    """Return a statement that denies everything, if its condition holds."""
    return {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}


def denying(*conditions: Conditions) -> dict[str, Any]:
    """Return a policy document that allows everything, but for what some conditions deny."""
    return document(allow(), *map(deny, conditions))


# The predictions.

NOBODY: Final[Conditions] = {"NumericGreaterThan": {AGE: "3600"}, "Bool": {PRESENT: "false"}}
REPORT: Final = "arn:aws:s3:::reports/2021.csv"
BUCKET_POLICY: Final = Policy.parse(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::123456789012:user/alice"},
                "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::reports/*",
            }
        ],
    },
    kind="resource",
)


def without_the_token_gate() -> Policy:
    """Return AWS's newest version without sts:GetSessionToken in its list."""
    changed = dict(stored_policy(NEWEST).document)
    *others, fence = changed["Statement"]
    gates = [entry for entry in fence["NotAction"] if entry != "sts:GetSessionToken"]
    changed["Statement"] = [*others, {**fence, "NotAction": gates}]
    return Policy.parse(changed)


def whom_two_operators_deny() -> str:
    """Tell whom a Deny with two operators denies, of those whose context is documented."""
    policy = Policy.parse(denying(NOBODY))
    denied = {
        name
        for name, caller in (
            ("without_code", Caller(credentials.CONSOLE_WITHOUT_MFA)),
            ("keys", Caller(credentials.ACCESS_KEY)),
            ("old_sessions", Caller(_aged(7_200))),
        )
        if Outcome.EXPLICIT_DENY in _outcomes(policy, caller)
    }
    return denied.pop() if len(denied) == 1 else "several" if denied else "nobody"


def whether_the_bucket_policy_helps() -> str:
    """Tell whether a bucket policy that names the user lets the user's keys through the fence."""
    policies = PolicySet(identity=(stored_policy(NEWEST),), resource=BUCKET_POLICY)
    found = ask(policies, credentials.ACCESS_KEY, "s3:GetObject", resource=REPORT)
    return "allowed" if found.face is Face.ALLOW else "denied"


PREDICTIONS: Final = (
    Prediction(
        "bool_by_key",
        Policy.parse(denying({"Bool": {PRESENT: "false"}})),
        credentials.ACCESS_KEY,
        LIST_BUCKETS,
    ),
    Prediction(
        "null_by_console",
        Policy.parse(denying({"Null": {PRESENT: "true"}})),
        credentials.CONSOLE_WITHOUT_MFA,
        LIST_BUCKETS,
    ),
    Prediction(
        "allow_if_exists_by_key",
        Policy.parse(document(allow(Condition={"BoolIfExists": {PRESENT: "true"}}))),
        credentials.ACCESS_KEY,
        LIST_BUCKETS,
    ),
    MultipleChoice(
        "two_operators",
        ("without_code", "keys", "old_sessions", "several", "nobody"),
        whom_two_operators_deny,
    ),
    Prediction(
        "role_with_code",
        (NEWEST, Policy.parse(document(allow()))),
        credentials.ROLE_SESSION,
        LIST_BUCKETS,
    ),
    Prediction(
        "without_the_gate",
        without_the_token_gate(),
        credentials.ACCESS_KEY,
        "sts:GetSessionToken",
    ),
    MultipleChoice("bucket_policy", ("allowed", "denied"), whether_the_bucket_policy_helps),
)


# What an answer does, for every context that a kind of credentials may have.

# Work, and a call of IAM: a fence has to stand before everything.
_ATHENA: Final = "athena.amazonaws.com"
_CALLS: Final = (LIST_BUCKETS, "ec2:DescribeInstances", "iam:ListUsers")


def _outcomes(policy: Policy, caller: Caller) -> set[Outcome]:
    """Return what a policy says to a caller, by every context that AWS may build."""
    policies = PolicySet(identity=(policy,))
    return {
        evaluate(policies, Request(action, "*", caller.arn, context)).outcome
        for context in map(_with_services, (caller.context(), *caller.open_contexts()))
        for action in _CALLS
    }


def _with_services(context: dict[str, str]) -> dict[str, str | list[str]]:
    """Return a context that names the service which makes the call, where one does."""
    if context["aws:ViaAWSService"] == "false":
        return {**context}
    ends = {"aws:CalledViaFirst": _ATHENA, "aws:CalledViaLast": _ATHENA}
    return {**context, "aws:CalledVia": [_ATHENA], **ends}


def _passes(policy: Policy, kind: CredentialsKind) -> bool:
    """Tell whether some call may pass, under some reading."""
    return Outcome.ALLOW in _outcomes(policy, Caller(kind))


def _is_free(policy: Policy, kind: CredentialsKind) -> bool:
    """Tell whether every call passes, under every reading."""
    return _outcomes(policy, Caller(kind)) == {Outcome.ALLOW}


def _aged(seconds: int) -> CredentialsKind:
    """Return a console session whose code is some seconds old."""
    return replace(credentials.CONSOLE_WITH_MFA, mfa=MfaKeys("true", seconds))


_SESSIONS_WITHOUT_CODE: Final = (
    credentials.CONSOLE_WITHOUT_MFA,
    credentials.SESSION_TOKEN_WITHOUT_MFA,
    credentials.ROLE_SESSION,
    credentials.FEDERATED_ROLE_SESSION,
)
_WITHOUT_CODE: Final = (credentials.ACCESS_KEY, *_SESSIONS_WITHOUT_CODE)
_WITH_CODE: Final = (credentials.CONSOLE_WITH_MFA, credentials.SESSION_TOKEN_WITH_MFA)
_THROUGH_SERVICE: Final = (credentials.THROUGH_SERVICE, credentials.THROUGH_SERVICE_WITH_MFA)


def _check_services_pass(answer: object) -> Verdict:
    """Calls that a service makes pass; whoever else comes without MFA is denied."""
    policy = policy_or_verdict(answer)
    if isinstance(policy, Verdict):
        return policy
    found = _first_gap(policy)
    if found is not None:
        return found
    if not all(_is_free(policy, kind) for kind in _WITH_CODE):
        return not_yet("code_stopped")
    if not all(_is_free(policy, kind) for kind in _THROUGH_SERVICE):
        return not_yet("services_stopped")
    return not_for_all(
        ("slips_through", _passing(policy, _WITHOUT_CODE)),
        ("code_sometimes_stopped", _stopped(policy, _WITH_CODE, _WITHIN_A_SESSION)),
        ("services_sometimes_stopped", _stopped(policy, _THROUGH_SERVICE, _NAMED_SERVICES)),
    ) or _right_for_services(policy)


def _right_for_services(policy: Policy) -> Verdict:
    """Return the verdict of a right answer; some let only those services through that are named."""
    unnamed = _stopped(policy, _THROUGH_SERVICE)
    if isinstance(unnamed, ShownRequest):
        return right("check.called_via_alone", request=unnamed)
    return right()


def _passing(policy: Policy, kinds: Sequence[CredentialsKind]) -> Found:
    """Return a request that is allowed, by whatever AWS does not document."""
    return find_request([(policy,)], _every_reading(kinds), is_allowed, _asks_permission)


def _stopped(
    policy: Policy, kinds: Sequence[CredentialsKind], by: Policy = EVERYTHING_ALLOWED
) -> Found:
    """Return a request that is not allowed though another policy allows it."""
    several = ((policy,), (by,))
    return find_request(several, _every_reading(kinds), is_stopped, _asks_permission)


def _every_reading(kinds: Sequence[CredentialsKind]) -> Iterator[CredentialsKind]:
    for kind in kinds:
        yield from (kind, *with_alternative(kind))


def _asks_permission(_: CredentialsKind, action: Action) -> bool:
    return action.name.lower() not in NO_PERMISSION_NEEDED


FRESH: Final = (0, 60, 1_800, 3_599)
OLD: Final = (3_601, 7_200, 40_000)


def _check_at_most_an_hour(answer: object) -> Verdict:
    """Only sessions whose code is at most an hour old pass."""
    policy = policy_or_verdict(answer)
    if isinstance(policy, Verdict):
        return policy
    if all(_is_free(policy, kind) for kind in _everybody()):
        return not_yet("nobody_denied")
    found = _first_gap(policy)
    if found is not None:
        return found
    if any(_passes(policy, _aged(seconds)) for seconds in OLD):
        return not_yet("old_pass")
    if not all(_is_free(policy, _aged(seconds)) for seconds in FRESH):
        return not_yet("fresh_stopped")
    old = ((policy,), (_AN_HOUR,))
    fresh = ((policy,), (_NOT_QUITE_AN_HOUR,))
    return (
        not_for_all(
            ("slips_through", _passing(policy, _WITHOUT_CODE)),
            ("old_slips_through", find_request(old, _WITH_CODE, newly_allowed, _asks_permission)),
            (
                "fresh_sometimes_stopped",
                find_request(fresh, _WITH_CODE, is_stopped, _asks_permission),
            ),
        )
        or right()
    )


# Not every service that calls for a user is named in aws:CalledVia. One that is has to get through.
_NAMED_SERVICES: Final = Policy.parse(denying({"Null": {"aws:CalledVia": "true"}}))

# AWS STS API Reference, GetSessionToken: at most 36 hours, and a console session is shorter.
_WITHIN_A_SESSION: Final = Policy.parse(denying({"NumericGreaterThan": {AGE: "129600"}}))

# Who is denied at exactly one hour is left to the learner.
_AN_HOUR: Final = Policy.parse(denying({"NumericGreaterThanIfExists": {AGE: "3600"}}))
_NOT_QUITE_AN_HOUR: Final = Policy.parse(
    denying({"NumericGreaterThanEqualsIfExists": {AGE: "3600"}})
)


def _everybody() -> Iterator[CredentialsKind]:
    yield from (credentials.ACCESS_KEY, *_SESSIONS_WITHOUT_CODE)
    yield from (_aged(seconds) for seconds in (*FRESH, *OLD))


def _first_gap(policy: Policy) -> Verdict | None:
    """Return the first credentials without MFA that get through, or None."""
    if _passes(policy, credentials.ACCESS_KEY):
        return not_yet("keys_pass")
    if any(_passes(policy, kind) for kind in _SESSIONS_WITHOUT_CODE):
        return not_yet("sessions_pass")
    return None


_NOT_WITHOUT_CODE: Final[Conditions] = {"BoolIfExists": {PRESENT: "false"}}
_NOT_DIRECTLY: Final[Conditions] = {"Bool": {VIA: "false"}}
_FROM_OFFICE: Final[Conditions] = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
_NOT_FROM_OFFICE: Final[Conditions] = {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
_FROM_REGION: Final[Conditions] = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}

EXERCISES: Final = (
    Exercise(
        "services_pass",
        _check_services_pass,
        solution=denying({**_NOT_WITHOUT_CODE, **_NOT_DIRECTLY}),
        unedited=("services_stopped",),
        wrong_answers=(
            (denying(_NOT_WITHOUT_CODE), "services_stopped"),
            (denying({"Bool": {PRESENT: "false", VIA: "false"}}), "keys_pass"),
            (denying({"Null": {PRESENT: "true"}}), "sessions_pass"),
            (denying(_NOT_WITHOUT_CODE, _NOT_DIRECTLY), "code_stopped"),
            (denying({**_NOT_WITHOUT_CODE, "Bool": {VIA: "true"}}), "keys_pass"),
            (document(allow()), "keys_pass"),
            (document(deny(_NOT_WITHOUT_CODE)), "code_stopped"),
            (denying({"BoolIfExist": {PRESENT: "false"}}), "malformed"),
            (
                denying({**_NOT_WITHOUT_CODE, **_NOT_DIRECTLY, **_NOT_FROM_OFFICE}),
                "slips_through",
            ),
            (
                denying({**_NOT_WITHOUT_CODE, **_NOT_DIRECTLY}, _FROM_OFFICE),
                "code_sometimes_stopped",
            ),
            (
                denying(
                    {**_NOT_WITHOUT_CODE, **_NOT_DIRECTLY},
                    {"Bool": {PRESENT: "false", VIA: "true"}, **_FROM_REGION},
                ),
                "services_sometimes_stopped",
            ),
            (None, "no_policy"),
        ),
    ),
    Exercise(
        "at_most_an_hour",
        _check_at_most_an_hour,
        solution=denying({"NumericGreaterThanIfExists": {AGE: "3600"}}),
        unedited=("nobody_denied",),
        wrong_answers=(
            (denying(NOBODY), "nobody_denied"),
            (denying({"NumericGreaterThan": {AGE: "3600"}}), "keys_pass"),
            (
                denying({"NumericGreaterThan": {AGE: "3600"}}, {"Bool": {PRESENT: "false"}}),
                "keys_pass",
            ),
            (
                denying({"NumericGreaterThan": {AGE: "3600"}}, {"Null": {PRESENT: "true"}}),
                "sessions_pass",
            ),
            (denying({"Null": {AGE: "true"}}), "old_pass"),
            (denying({"NumericGreaterThan": {AGE: "3600"}, **_NOT_WITHOUT_CODE}), "nobody_denied"),
            (denying({"NumericLessThanIfExists": {AGE: "3600"}}), "old_pass"),
            (denying({"NumericGreaterThanIfExists": {AGE: "60"}}), "fresh_stopped"),
            (
                denying({"NumericGreaterThanIfExists": {AGE: "3600"}, **_NOT_FROM_OFFICE}),
                "slips_through",
            ),
            (
                denying(
                    {"NumericGreaterThan": {AGE: "3600"}, "NumericLessThan": {AGE: "50000"}},
                    {"Null": {AGE: "true"}},
                ),
                "old_slips_through",
            ),
            (
                denying({"NumericGreaterThanIfExists": {AGE: "3600"}}, _FROM_OFFICE),
                "fresh_sometimes_stopped",
            ),
            (denying({"NumericGreaterThan": {AGE: "3600"}, "Nul": {AGE: "true"}}), "malformed"),
            ("", "no_policy"),
        ),
    ),
)
