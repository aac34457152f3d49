"""Lesson 09, check your own policy: what a real flawed one lets through, and how to mend one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from mfa_lab.analysis.catalogue import Action, aws_catalogue
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.analysis.requests.rows import Target
from mfa_lab.analysis.table import LESSON_KINDS
from mfa_lab.analysis.warnings import PolicyWarning
from mfa_lab.iam import credentials
from mfa_lab.iam.credentials import CredentialsKind
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.iam.statement import Effect
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
from mfa_lab.lesson.policies import NEWEST, WORK, policy_or_verdict, stored_policy
from mfa_lab.lesson.prediction import Prediction
from mfa_lab.lesson.shown_request import ShownRequest

EXAMPLE: Final = "knowledge_center_bool_flawed"
FLAWED: Final = "sibling_mfa_self_manage_2018-11-21_flawed"
REMOVING: Final = "iam:DeactivateMFADevice"
_DELETING: Final = "iam:DeleteVirtualMFADevice"
_ENROLLING: Final = ("iam:CreateVirtualMFADevice", "iam:EnableMFADevice")

# The time of the flawed policy: the user has a device, and AWS's rule of 2023 is not there yet.
_IN_2018: Final = ServiceRules(has_device=True, own_devices_need_mfa=False)
_KINDS: Final = {kind.name: kind for kind in LESSON_KINDS}

PREDICTIONS: Final = (
    Prediction(
        "bool_console", (EXAMPLE, WORK), credentials.CONSOLE_WITHOUT_MFA, "ec2:DescribeInstances"
    ),
    Prediction("bool_key", (EXAMPLE, WORK), credentials.ACCESS_KEY, "ec2:DescribeInstances"),
    Prediction("bool_service", (EXAMPLE, WORK), credentials.THROUGH_SERVICE, "s3:GetObject"),
)


def _face(policy: Policy, action: str, kind: CredentialsKind) -> Face:
    return ask(PolicySet(identity=(policy,)), kind, action, _IN_2018).face


def _check_find_the_flaw(answer: object) -> Verdict:
    """What takes the second factor away without MFA, and with what credentials?"""
    if not isinstance(answer, Mapping):
        return not_yet("no_answer")
    action = str(answer.get("action", "?")).strip()
    name = str(answer.get("credentials", "?")).strip()
    if action in ("?", "") or name in ("?", ""):
        return not_yet("empty")
    if action not in aws_catalogue():
        return not_yet("no_such_action", given=action)
    if name not in _KINDS:
        return not_yet("no_such_credentials", given=name)
    kind, found = _KINDS[name], aws_catalogue()[action]
    if kind.mfa.present == "true":
        return not_yet("with_code")
    face = _face(stored_policy(FLAWED), found.name, kind)
    if face is Face.REFUSED:
        return not_yet("refused_token")
    if face is not Face.ALLOW:
        return not_yet("not_allowed", action=found.name, kind=kind)
    if not changes(found):
        return not_yet("only_reads", action=found.name)
    if _face(stored_policy(NEWEST), found.name, kind) is Face.ALLOW:
        return not_yet("needed", action=found.name)
    if found.name == _DELETING:
        return not_yet("only_unassigned")
    return right()


def _check_repair(answer: object) -> Verdict:
    """Removing a device needs a code, enrolling does not, and nothing else opens."""
    policy = policy_or_verdict(answer)
    if isinstance(policy, Verdict):
        return policy
    newest = (stored_policy(NEWEST),)
    if newly_allowed_without_mfa(policy, newest, lambda _, action: action.name == REMOVING):
        return not_yet("still_open")
    if not all(_may(policy, action, credentials.CONSOLE_WITHOUT_MFA) for action in _ENROLLING):
        return not_yet("cannot_enrol")
    if not _may(policy, REMOVING, credentials.CONSOLE_WITH_MFA):
        return not_yet("closed_with_code")
    found = _widened(policy) or _open_elsewhere(policy) or right()
    return replace(found, warnings=_about_device_names(policy))


def _may(
    policy: Policy,
    action: str,
    kind: CredentialsKind,
    target: Target = Target.OWN_DEVICE,
) -> bool:
    """Tell whether a user may call an action, in the policy's own account."""
    is_of_user = target is Target.OWN_DEVICE and action != _ENROLLING[0]
    row = own_row(action, policy, Target.OWN_USER if is_of_user else target)
    return isinstance(find_in_cell([(policy,)], kind, row, is_allowed, _IN_2018), ShownRequest)


def _open_elsewhere(policy: Policy) -> Verdict | None:
    """Return the verdict of a repair that holds for some requests, and not for all."""
    newest, before = (stored_policy(NEWEST),), (stored_policy(FLAWED), stored_policy(NEWEST))

    def is_removing(_: CredentialsKind, action: Action) -> bool:
        return action.name == REMOVING

    def counts(_: CredentialsKind, action: Action) -> bool:
        return not reads_in_iam(action)

    return not_for_all(
        ("still_slips_through", request_newly_allowed_without_mfa(policy, newest, is_removing)),
        ("slips_through", request_newly_allowed_without_mfa(policy, before, counts)),
        ("grant_slips_through", request_newly_allowed_by_itself(policy, before, counts)),
    )


def _about_device_names(policy: Policy) -> tuple[PolicyWarning, ...]:
    """Return the warning of a policy under which a device must have the user's name."""
    making, kind = _ENROLLING[0], credentials.CONSOLE_WITHOUT_MFA
    if _may(policy, making, kind, Target.DEVICE_OF_ANOTHER_NAME):
        return ()
    granting = next(
        one.index
        for one in policy.statements
        if one.effect is Effect.ALLOW and one.actions.matches(making)
    )
    return (PolicyWarning("device_of_another_name", f"/Statement/{granting}", {"action": making}),)


def _widened(policy: Policy) -> Verdict | None:
    """Return the verdict of a repair that opens or grants more than there was."""
    before = (stored_policy(FLAWED), stored_policy(NEWEST))

    def counts(_: CredentialsKind, action: Action) -> bool:
        return not reads_in_iam(action)

    for code, find in (
        ("opens", newly_allowed_without_mfa),
        ("allows_more", newly_allowed_by_itself),
    ):
        found = find(policy, before, counts)
        if found is not None:
            return not_yet(code, action=found.action, kind=found.kind, count=found.count)
    return None


def repaired(
    *without: str, condition: dict[str, Any] | None = None, more: tuple[dict[str, Any], ...] = ()
) -> dict[str, Any]:
    """Return the flawed policy with another fence.

    Args:
        without: What leaves the list of its NotAction.
        condition: In place of the fence's; None for its own.
        more: Statements that follow.
    """
    document = stored_policy(FLAWED).document
    *others, fence = document["Statement"]
    listed = [entry for entry in fence["NotAction"] if entry not in without]
    changed = {**fence, "NotAction": listed, "Condition": condition or fence["Condition"]}
    return {**document, "Statement": [*others, changed, *more]}


def _without_allow() -> dict[str, Any]:
    document = stored_policy(FLAWED).document
    listing, own, fence = document["Statement"]
    actions = [action for action in own["Action"] if action != REMOVING]
    return {**document, "Statement": [listing, {**own, "Action": actions}, fence]}


def _deny_removing(condition: dict[str, Any] | None = None) -> dict[str, Any]:
    statement = {"Effect": "Deny", "Action": REMOVING, "Resource": "*"}
    return statement if condition is None else {**statement, "Condition": condition}


_BOOL: Final = {"Bool": {"aws:MultiFactorAuthPresent": "false"}}
_BOOL_IF_EXISTS: Final = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
_FROM_OFFICE: Final = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
_NOT_FROM_OFFICE: Final = {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
_ALLOW_IAM: Final = {"Effect": "Allow", "Action": "iam:*", "Resource": "*"}

EXERCISES: Final = (
    Exercise(
        "find_the_flaw",
        _check_find_the_flaw,
        solution={"action": REMOVING, "credentials": "access_key"},
        wrong_answers=(
            (REMOVING, "no_answer"),
            ({"action": "?", "credentials": "?"}, "empty"),
            ({"action": "iam:DisableMFA", "credentials": "console_without_mfa"}, "no_such_action"),
            ({"action": REMOVING, "credentials": "thief"}, "no_such_credentials"),
            ({"action": REMOVING, "credentials": "console_with_mfa"}, "with_code"),
            ({"action": "iam:TagUser", "credentials": "console_without_mfa"}, "not_allowed"),
            ({"action": REMOVING, "credentials": "session_token_without_mfa"}, "refused_token"),
            ({"action": "iam:ListUsers", "credentials": "console_without_mfa"}, "only_reads"),
            ({"action": "iam:EnableMFADevice", "credentials": "console_without_mfa"}, "needed"),
            ({"action": _DELETING, "credentials": "console_without_mfa"}, "only_unassigned"),
        ),
    ),
    Exercise(
        "repair",
        _check_repair,
        solution=repaired(REMOVING, _DELETING),
        unedited=("still_open",),
        wrong_answers=(
            ("", "no_policy"),
            ('{"Statement": }', "malformed"),
            (stored_policy(FLAWED), "still_open"),
            (repaired(_DELETING), "still_open"),
            (_without_allow(), "still_open"),
            (repaired(more=(_deny_removing(_BOOL),)), "still_open"),
            (repaired(*_ENROLLING, REMOVING), "cannot_enrol"),
            (repaired(more=(_deny_removing(),)), "closed_with_code"),
            (repaired(condition=_BOOL, more=(_deny_removing(_BOOL_IF_EXISTS),)), "opens"),
            (repaired(REMOVING, more=(_ALLOW_IAM,)), "allows_more"),
            (
                repaired(more=(_deny_removing({**_BOOL_IF_EXISTS, **_NOT_FROM_OFFICE}),)),
                "still_slips_through",
            ),
            (
                repaired(
                    condition={**_BOOL_IF_EXISTS, **_NOT_FROM_OFFICE},
                    more=(_deny_removing(_BOOL_IF_EXISTS),),
                ),
                "slips_through",
            ),
            (
                repaired(REMOVING, more=({**_ALLOW_IAM, "Condition": _FROM_OFFICE},)),
                "grant_slips_through",
            ),
        ),
    ),
)  # fmt: skip
