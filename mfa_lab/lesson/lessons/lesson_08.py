"""Lesson 08, design your own: two wishes at once, and everything else as before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from mfa_lab.analysis.catalogue import Action
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.analysis.requests.rows import Target
from mfa_lab.analysis.warnings import PolicyWarning, warnings_of
from mfa_lab.iam import credentials
from mfa_lab.iam.credentials import CredentialsKind
from mfa_lab.iam.parsing.quotas import CUSTOMER_MANAGED_POLICY
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.lesson.exercise import Exercise, Verdict, not_yet, right
from mfa_lab.lesson.lessons.newly_allowed import (
    changes,
    newly_allowed_by_itself,
    newly_allowed_without_mfa,
    reads_in_iam,
    request_newly_allowed_by_itself,
    request_newly_allowed_without_mfa,
)
from mfa_lab.lesson.lessons.request_search import find_in_cell, is_allowed, not_for_all, own_row
from mfa_lab.lesson.lessons.walkthrough import walk_through
from mfa_lab.lesson.policies import (
    ARTICLE,
    EVERYTHING_ALLOWED,
    NEWEST,
    WEAKENED,
    policy_or_verdict,
    stored_policy,
)
from mfa_lab.lesson.prediction import MultipleChoice, Prediction

PASSWORD: Final = "iam:ChangePassword"
_ABSENT_OR_FALSE: Final = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}


def with_fence(
    gates: tuple[str, ...] = (),
    more: tuple[dict[str, Any], ...] = (),
    *,
    shut: tuple[str, ...] = (),
    condition: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return AWS's newest policy with another fence.

    Args:
        gates: What joins the list of its NotAction.
        more: Statements that follow.
        shut: What leaves that list.
        condition: In place of the fence's; None for its own.
    """
    document = stored_policy(NEWEST).document
    *others, fence = document["Statement"]
    listed = [entry for entry in fence["NotAction"] if entry not in shut]
    changed = {**fence, "NotAction": [*listed, *gates]}
    if condition is not None:
        changed["Condition"] = condition
    if condition == {}:
        del changed["Condition"]
    return {**document, "Statement": [*others, changed, *more]}


def deny_password(condition: dict[str, Any]) -> dict[str, Any]:
    """Return a statement that denies the change of password under a condition."""
    statement = {"Effect": "Deny", "Action": PASSWORD, "Resource": "*"}
    return {"Sid": "DenyPasswordChangeWithKeys", **statement, "Condition": condition}


_GATES: Final = (PASSWORD, "iam:GetAccountPasswordPolicy")
_LIMIT: Final = deny_password({"Null": {"aws:MultiFactorAuthPresent": "true"}})

SOLUTION: Final = with_fence(_GATES, (_LIMIT,))
DESIGN: Final = Policy.parse(SOLUTION)
"""One answer to the task of this lesson."""


def _wishes(policy: Policy) -> str:
    """Say which of the two wishes a policy fulfils, by the evaluator."""
    attached = PolicySet(identity=(policy,))

    def may(kind: CredentialsKind) -> bool:
        return ask(attached, kind, PASSWORD).face is Face.ALLOW

    first = may(credentials.FORCED_PASSWORD_CHANGE)
    second = not may(credentials.ACCESS_KEY)
    return {(True, True): "both", (True, False): "first", (False, True): "second"}.get(
        (first, second), "neither"
    )


def _wishes_of(source: str | dict[str, Any]) -> Callable[[], str]:
    def find() -> str:
        return _wishes(stored_policy(source) if isinstance(source, str) else Policy.parse(source))

    return find


_WISHES: Final = ("first", "second", "both", "neither")
TWO_FENCES: Final = with_fence(_GATES, (deny_password(_ABSENT_OR_FALSE),))

PREDICTIONS: Final = (
    MultipleChoice("newest", _WISHES, _wishes_of(NEWEST)),
    MultipleChoice("weakened", _WISHES, _wishes_of(WEAKENED)),
    MultipleChoice("second_deny", _WISHES, _wishes_of(TWO_FENCES)),
    Prediction(
        "token_without_code", WEAKENED, credentials.SESSION_TOKEN_WITHOUT_MFA, PASSWORD,
        has_device=True,
    ),
)  # fmt: skip


def _check_design(answer: object) -> Verdict:
    """Live the policy through, then look through the whole catalogue for what it opens."""
    policy = policy_or_verdict(answer)
    if isinstance(policy, Verdict):
        return policy
    most = CUSTOMER_MANAGED_POLICY.characters
    if policy.size > most:
        return not_yet("too_large", size=f"{policy.size:,}", most=f"{most:,}")
    return replace(_judged(policy), warnings=_slips(policy))


def _judged(policy: Policy) -> Verdict:
    outcome = walk_through(policy)
    if outcome.failure:
        return not_yet(outcome.failure, calls=outcome.calls)
    return _opening(policy) or _open_elsewhere(policy) or right(calls=outcome.calls)


def _slips(policy: Policy) -> tuple[PolicyWarning, ...]:
    """Return the warnings about names and values that AWS does not know.

    Those about MFA keys are left out: what they say is the task.
    """
    return tuple(warning for warning in warnings_of(policy) if not warning.code.startswith("mfa_"))


def _opening(policy: Policy) -> Verdict | None:
    """Return the verdict of a policy that opens more than the change of password."""
    before = (stored_policy(ARTICLE), stored_policy(NEWEST))

    def is_change(_: CredentialsKind, action: Action) -> bool:
        return changes(action) and action.name != PASSWORD  # that a key may not was lived through

    def is_reading_of_data(_: CredentialsKind, action: Action) -> bool:
        return not changes(action) and not reads_in_iam(action)

    found = newly_allowed_without_mfa(policy, before, is_change)
    if found is not None:
        return not_yet("opens", kind=found.kind, action=found.action, count=found.count)
    found = newly_allowed_without_mfa(policy, before, is_reading_of_data)
    if found is not None:
        return not_yet("opens_reading", kind=found.kind, action=found.action, count=found.count)
    found = newly_allowed_by_itself(policy, before, _counts)
    if found is not None:
        return not_yet("allows_more", kind=found.kind, action=found.action, count=found.count)
    return None


def _counts(_: CredentialsKind, action: Action) -> bool:
    """Tell whether an action should not open: reading in IAM may."""
    return action.name != PASSWORD and not reads_in_iam(action)


def _open_elsewhere(policy: Policy) -> Verdict | None:
    """Return the verdict of a policy that holds for the requests of a life, and not for all."""
    before = (stored_policy(ARTICLE), stored_policy(NEWEST))
    row = own_row(PASSWORD, policy, Target.OWN_USER)
    beside = (policy, EVERYTHING_ALLOWED)
    return not_for_all(
        ("slips_through", request_newly_allowed_without_mfa(policy, before, _counts)),
        (
            "password_slips_through",
            find_in_cell([beside], credentials.ACCESS_KEY, row, is_allowed),
        ),
        ("grant_slips_through", request_newly_allowed_by_itself(policy, before, _counts)),
    )


def _limited(condition: dict[str, Any]) -> dict[str, Any]:
    """Return the gates, and a Deny of the change of password with some condition."""
    return with_fence(_GATES, (deny_password(condition),))


def _fenced(condition: dict[str, Any]) -> dict[str, Any]:
    """Return the solution, but for the condition of its fence."""
    return with_fence(_GATES, (_LIMIT,), condition=condition)


def _with_conditional_allow() -> dict[str, Any]:
    """Return a policy that means to limit the change of password by the Allow alone."""
    document = with_fence(_GATES)
    statements = [dict(statement) for statement in document["Statement"]]
    passwords = statements[1]
    passwords["Action"] = ["iam:GetUser"]
    allow = {
        "Effect": "Allow",
        "Action": PASSWORD,
        "Resource": passwords["Resource"],
        "Condition": {"Null": {"aws:MultiFactorAuthPresent": "false"}},
    }
    return {**document, "Statement": [*statements, allow]}


def _without_fence() -> dict[str, Any]:
    document = stored_policy(NEWEST).document
    return {**document, "Statement": [*document["Statement"][:-1], _LIMIT]}


def _too_large() -> dict[str, Any]:
    many = {**_LIMIT, "Sid": "Many", "Action": [f"iam:ChangePassword{n}" for n in range(300)]}
    return with_fence(_GATES, (_LIMIT, many))


def _allowing_everything() -> dict[str, Any]:
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return with_fence(_GATES, (_LIMIT, everything))


def _allowing_from_an_address() -> dict[str, Any]:
    everything = {
        "Effect": "Allow",
        "Action": "*",
        "Resource": "*",
        "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    }
    return with_fence(_GATES, (_LIMIT, everything))


_DENY_ALL: Final = {"Effect": "Deny", "Action": "*", "Resource": "*"}
_NULL: Final = {"Null": {"aws:MultiFactorAuthPresent": "true"}}
_PRESENT: Final = "aws:MultiFactorAuthPresent"
_AGE: Final = "aws:MultiFactorAuthAge"

EXERCISES: Final = (
    Exercise(
        "design",
        _check_design,
        solution=SOLUTION,
        unedited=("reset_denied",),
        wrong_answers=(
            ("", "no_policy"),
            ('{"Version": "2012-10-17", "Statement": [}', "malformed"),
            (stored_policy(ARTICLE), "reset_denied"),
            (stored_policy(NEWEST), "reset_denied"),
            (with_fence(condition={"Bool": {_PRESENT: "false"}}), "reset_denied"),
            (with_fence(("iam:UpdateLoginProfile",), (_LIMIT,)), "reset_denied"),
            (stored_policy(WEAKENED), "key_changes_password"),
            (with_fence(_GATES), "key_changes_password"),
            (TWO_FENCES, "reset_denied_again"),
            (_limited({"Bool": {_PRESENT: "false"}}), "reset_denied_again"),
            (with_fence(_GATES, (_DENY_ALL,)), "reset_denied_again"),
            (_limited({"Null": {_PRESENT: "false"}}), "reset_denied_again"),
            (_limited({"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}), "reset_denied_again"),
            (_limited({"NumericGreaterThan": {_AGE: "3600"}}), "limit_misses_keys"),
            (_fenced({"Bool": {_PRESENT: "false"}}), "keys_not_fenced"),
            (_fenced(_NULL), "console_not_fenced"),
            (_without_fence(), "no_fence"),
            (_fenced({}), "work_with_code"),
            (with_fence(_GATES, (_LIMIT,), shut=("iam:EnableMFADevice",)), "cannot_enrol"),
            (_limited({"BoolIfExists": {_PRESENT: "true"}}), "password_with_code"),
            (_with_conditional_allow(), "allow_is_no_limit"),
            (with_fence((*_GATES, "iam:UpdateLoginProfile"), (_LIMIT,)), "key_sets_password"),
            (with_fence(("iam:*Password*",), (_LIMIT,)), "opens"),
            (with_fence((*_GATES, "iam:DeactivateMFADevice"), (_LIMIT,)), "opens"),
            (with_fence((*_GATES, "s3:Get*"), (_LIMIT,)), "opens_reading"),
            (_allowing_everything(), "allows_more"),
            (_too_large(), "too_large"),
            (
                _fenced({**_ABSENT_OR_FALSE, "NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
                "slips_through",
            ),
            (
                _limited({**_NULL, "NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
                "password_slips_through",
            ),
            (_allowing_from_an_address(), "grant_slips_through"),
        ),
    ),
)  # fmt: skip
