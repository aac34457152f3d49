"""Lesson 01, the Force_MFA policy: a fence with gates, and the three values of the MFA key."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from mfa_lab.analysis.difference import Difference
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.iam import credentials
from mfa_lab.iam.credentials import Caller
from mfa_lab.iam.parsing.mistakes import PolicyError
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.lesson.exercise import Exercise, Verdict, not_yet, right
from mfa_lab.lesson.lessons.exempted_actions import (
    ARTICLE_EXEMPTIONS,
    article_exempting,
    changes_from,
    usual_tabulator,
)
from mfa_lab.lesson.policies import ARTICLE, stored_policy
from mfa_lab.lesson.prediction import Prediction
from mfa_lab.view.policy.not_action_editor import NotActionWorkbench

PREDICTIONS: Final = (
    Prediction(
        "own_keys_by_console", ARTICLE, credentials.CONSOLE_WITHOUT_MFA, "iam:ListAccessKeys"
    ),
    Prediction("enable_by_key", ARTICLE, credentials.ACCESS_KEY, "iam:EnableMFADevice"),
    Prediction("password_by_key", ARTICLE, credentials.ACCESS_KEY, "iam:ChangePassword"),
    Prediction("work_with_code", ARTICLE, credentials.CONSOLE_WITH_MFA, "ec2:DescribeInstances"),
)

WANTED_GATE: Final = "iam:GetAccountPasswordPolicy"


def _check_open_one_gate(answer: object) -> Verdict:
    """Without MFA the password policy can be read, and nobody's other answer changes."""
    try:
        policy = _policy_of(answer)
    except PolicyError as error:
        return not_yet("malformed", entry=error.mistakes[0].values.get("action", ""))
    if policy is None:
        return not_yet("no_policy")
    found = changes_from(ARTICLE, policy)
    if not found.actions:
        return not_yet("nothing_changed")
    closed = _first_closed(found)
    if closed == WANTED_GATE:
        return not_yet("still_denied")
    if closed is not None:
        return not_yet("closed", action=closed)
    if WANTED_GATE not in found.actions:
        return not_yet("other_gate", action=found.actions[0])
    if any(WANTED_GATE in flip.actions and flip.after is not Face.ALLOW for flip in found.flips):
        return not_yet("still_denied")
    opened_for = [flip.caller for flip in found.flips if WANTED_GATE in flip.actions]
    if len(opened_for) < len(_denied_at_the_start()):
        return not_yet("still_denied")
    others = [action for action in found.actions if action != WANTED_GATE]
    if others:
        return not_yet("too_wide", count=len(others), action=others[0])
    return right(unchanged=f"{found.unchanged:,}")


def _policy_of(answer: object) -> Policy | None:
    """Return the policy that an answer stands for: a workbench, a policy, or a NotAction list."""
    if isinstance(answer, NotActionWorkbench):
        return answer.entries.policy()
    if isinstance(answer, Policy):
        return answer
    if isinstance(answer, (list, tuple)) and all(isinstance(entry, str) for entry in answer):
        return article_exempting(tuple(answer)) if answer else None
    return None


@cache
def _denied_at_the_start() -> tuple[Caller, ...]:
    """Return the callers whom the article's policy denies the wanted action."""
    start = PolicySet(identity=(stored_policy(ARTICLE),))
    bit = usual_tabulator().catalogue.bit(WANTED_GATE)
    surveys = zip(usual_tabulator().callers, usual_tabulator().survey(start), strict=True)
    return tuple(caller for caller, found in surveys if found.face(bit) is Face.EXPLICIT_DENY)


def _first_closed(found: Difference) -> str | None:
    """Return an action that somebody could do before, or that is denied only now; None for none."""
    return next(
        (
            flip.actions[0]
            for flip in found.flips
            if flip.before is Face.ALLOW or flip.after is Face.EXPLICIT_DENY
        ),
        None,
    )


THREE_VALUES: Final = {
    "access_key": "absent",
    "console_without_mfa": "false",
    "console_with_mfa": "true",
    "session_token_with_mfa": "true",
}


def _check_three_values(answer: object) -> Verdict:
    """What aws:MultiFactorAuthPresent is for four kinds of credentials."""
    if not isinstance(answer, Mapping):
        return not_yet("no_answers")
    given = {kind: str(answer.get(kind, "?")).strip().strip('"').lower() for kind in THREE_VALUES}
    open_kinds = [kind for kind, value in given.items() if value in ("?", "")]
    if open_kinds:
        return not_yet("empty", count=len(open_kinds))
    unknown = next((v for v in given.values() if v not in ("absent", "false", "true")), None)
    if unknown is not None:
        return not_yet("no_such_value", given=unknown)
    if given["access_key"] == "false":
        return not_yet("absent_is_not_false")
    if given["access_key"] == "true":
        return not_yet("key_is_not_mfa")
    if given["console_without_mfa"] == "absent":
        return not_yet("console_is_temporary")
    if given["session_token_with_mfa"] != "true":
        return not_yet("token_carries_mfa")
    return right() if given == THREE_VALUES else not_yet("other")


def _with_gate_but_denied_to_keys() -> Policy:
    policy = article_exempting((*ARTICLE_EXEMPTIONS, WANTED_GATE))
    deny = {
        "Effect": "Deny",
        "Action": WANTED_GATE,
        "Resource": "*",
        "Condition": {"Null": {"aws:MultiFactorAuthPresent": "true"}},
    }
    statements = [*policy.document["Statement"], deny]
    return Policy.parse({**policy.document, "Statement": statements})


EXERCISES: Final = (
    Exercise(
        "three_values",
        _check_three_values,
        solution=THREE_VALUES,
        wrong_answers=(
            ({**THREE_VALUES, "access_key": "?"}, "empty"),
            ({**THREE_VALUES, "access_key": "false"}, "absent_is_not_false"),
            ({**THREE_VALUES, "access_key": "true"}, "key_is_not_mfa"),
            ({**THREE_VALUES, "console_without_mfa": "absent"}, "console_is_temporary"),
            ({**THREE_VALUES, "session_token_with_mfa": "absent"}, "token_carries_mfa"),
            ({**THREE_VALUES, "console_with_mfa": "no"}, "no_such_value"),
            ({**THREE_VALUES, "console_with_mfa": "absent"}, "other"),
            ("absent", "no_answers"),
        ),
    ),
    Exercise(
        "open_one_gate",
        _check_open_one_gate,
        solution=(*ARTICLE_EXEMPTIONS, WANTED_GATE),
        wrong_answers=(
            (ARTICLE_EXEMPTIONS, "nothing_changed"),
            ((*ARTICLE_EXEMPTIONS, "iam:GetAccountPaswordPolicy"), "nothing_changed"),
            ((*ARTICLE_EXEMPTIONS, "iam:GetAccount*"), "too_wide"),
            ((*ARTICLE_EXEMPTIONS, "iam:ChangePassword"), "other_gate"),
            ((WANTED_GATE,), "closed"),
            ((*ARTICLE_EXEMPTIONS, "GetAccountPasswordPolicy"), "malformed"),
            (_with_gate_but_denied_to_keys(), "still_denied"),
            ((), "no_policy"),
        ),
    ),
)
