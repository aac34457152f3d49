"""What a policy leaves open to somebody else, and what it closes to the rightful owner.

A small table of named questions. An exposure is a problem where it is allowed, a lock-out where it
is not. The evaluator and the service rules answer each question.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from mfa_lab.analysis.policy_account import named_account
from mfa_lab.analysis.requests.answer import Answer, Face
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.iam import credentials
from mfa_lab.iam.credentials import EXAMPLE_ACCOUNT, CredentialsKind, User
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules


class Concern(enum.StrEnum):
    """What would be wrong."""

    EXPOSURE = "exposure"
    LOCK_OUT = "lock_out"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something that somebody wants to do.

    Args:
        name: Key of its sentence in the text catalogue.
        scene: Key of the sentence that says who and when; neighbours share it.
        concern: Whether it must not be possible, or must be.
        kind: With what credentials.
        calls: The calls that it takes, each with its resource; None for the caller's own user.
        has_device: Whether the user has an MFA device already.
        at_work: Whether it needs a permission that the policy under test is not about; it is then
            asked as if another policy gave that permission.
    """

    name: str
    scene: str
    concern: Concern
    kind: CredentialsKind
    calls: tuple[tuple[str, str | None], ...]
    has_device: bool = False
    at_work: bool = False


_DEVICE: Final = f"arn:aws:iam::{EXAMPLE_ACCOUNT}:mfa/"
_OWN_NAME: Final = _DEVICE + User().name
_OTHER_NAME: Final = _DEVICE + "phone"
_ANOTHER_USER: Final = User("bob").arn

_CHANGE_PASSWORD: Final = (("iam:ChangePassword", None),)
_CREATE_ACCESS_KEY: Final = (("iam:CreateAccessKey", None),)
_DEACTIVATE: Final = (("iam:DeactivateMFADevice", None),)
_ENROL_OWN_NAME: Final = (("iam:CreateVirtualMFADevice", _OWN_NAME), ("iam:EnableMFADevice", None))
_ENROL_OTHER_NAME: Final = (
    ("iam:CreateVirtualMFADevice", _OTHER_NAME),
    ("iam:EnableMFADevice", None),
)
_WORK: Final = (("ec2:TerminateInstances", None),)
_PERMISSION_TO_WORK: Final = Policy.parse(
    {"Statement": {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}}
)

_KEY: Final = credentials.ACCESS_KEY
_CONSOLE: Final = credentials.CONSOLE_WITHOUT_MFA
_CODE: Final = credentials.CONSOLE_WITH_MFA
_FORCED: Final = credentials.FORCED_PASSWORD_CHANGE
_SESSION: Final = credentials.SESSION_TOKEN_WITH_MFA
_OPEN, _LOCKED = Concern.EXPOSURE, Concern.LOCK_OUT

ATTEMPTS: Final = (
    Attempt("change_password", "key", _OPEN, _KEY, _CHANGE_PASSWORD, has_device=True),
    Attempt("set_password", "key", _OPEN, _KEY, (("iam:UpdateLoginProfile", None),),
            has_device=True),
    Attempt("create_key", "key", _OPEN, _KEY, _CREATE_ACCESS_KEY, has_device=True),
    Attempt("remove_device", "key", _OPEN, _KEY, _DEACTIVATE, has_device=True),
    # A device named like the user is there already, so the second one needs another name.
    Attempt("second_device", "key", _OPEN, _KEY, _ENROL_OTHER_NAME, has_device=True),
    Attempt("device_of_another", "key", _OPEN, _KEY, (("iam:EnableMFADevice", _ANOTHER_USER),),
            has_device=True),
    Attempt("work", "key", _OPEN, _KEY, _WORK, has_device=True, at_work=True),
    Attempt("first_device", "key_before_device", _OPEN, _KEY, _ENROL_OWN_NAME),
    Attempt("first_device", "password_before_device", _OPEN, _CONSOLE, _ENROL_OWN_NAME),
    Attempt("change_password", "password_before_device", _OPEN, _CONSOLE, _CHANGE_PASSWORD),
    Attempt("create_key", "password_before_device", _OPEN, _CONSOLE, _CREATE_ACCESS_KEY),
    Attempt("forced_change", "owner_before_device", _LOCKED, _FORCED, _CHANGE_PASSWORD),
    Attempt("device_own_name", "owner_before_device", _LOCKED, _CONSOLE, _ENROL_OWN_NAME),
    Attempt("device_other_name", "owner_before_device", _LOCKED, _CONSOLE, _ENROL_OTHER_NAME),
    Attempt("own_password", "owner_with_code", _LOCKED, _CODE, _CHANGE_PASSWORD, has_device=True),
    Attempt("create_key", "owner_with_code", _LOCKED, _CODE, _CREATE_ACCESS_KEY, has_device=True),
    Attempt("second_device", "owner_with_code", _LOCKED, _CODE, _ENROL_OTHER_NAME, has_device=True),
    Attempt("remove_device", "owner_with_code", _LOCKED, _CODE, _DEACTIVATE, has_device=True),
    Attempt("delete_device", "owner_with_code", _LOCKED, _CODE,
         (("iam:DeleteVirtualMFADevice", _OTHER_NAME),), has_device=True),
    Attempt("work", "owner_with_code", _LOCKED, _CODE, _WORK, has_device=True, at_work=True),
    Attempt("work_in_session", "owner_with_code", _LOCKED, _SESSION, _WORK, has_device=True,
         at_work=True),
)  # fmt: skip
"""Everything that is asked, in the order in which it is shown."""


@dataclass(frozen=True, slots=True)
class AttemptAnswer:
    """What a policy answers to an attempt.

    Args:
        attempt: What was asked.
        answer: The answer that decides: that of the first call that is not allowed, or of the last.
        is_undocumented: Whether it rests on a point that AWS does not document.
    """

    attempt: Attempt
    answer: Answer
    is_undocumented: bool

    @property
    def is_problem(self) -> bool:
        """Whether something is open that must not be, or closed that must not be."""
        is_exposure = self.attempt.concern is Concern.EXPOSURE
        return (self.answer.face is Face.ALLOW) is is_exposure


@dataclass(frozen=True, slots=True)
class Exposure:
    """Policies side by side.

    Args:
        labels: One a column.
        rows: For each attempt what each of the policies answers.
    """

    labels: tuple[str, ...]
    rows: tuple[tuple[AttemptAnswer, ...], ...]

    def problems(self, concern: Concern) -> tuple[int, ...]:
        """Count the problems of a kind, policy by policy."""
        chosen = [row for row in self.rows if row[0].attempt.concern is concern]
        return tuple(
            sum(answer.is_problem for answer in column) for column in zip(*chosen, strict=True)
        )


def exposure(policies: Mapping[str, PolicySet], *, own_devices_need_mfa: bool = True) -> Exposure:
    """Return what policies leave open and what they close.

    Args:
        policies: Sets of policies by label; at least one.
        own_devices_need_mfa: Whether AWS's rule of April 2023 is in force.
    """
    sets = list(policies.values())
    rows = tuple(
        tuple(_answer_to(attempt, policy_set, own_devices_need_mfa) for policy_set in sets)
        for attempt in ATTEMPTS
    )
    return Exposure(tuple(policies), rows)


def _answer_to(attempt: Attempt, policies: PolicySet, own_devices_need_mfa: bool) -> AttemptAnswer:
    rules = ServiceRules(has_device=attempt.has_device, own_devices_need_mfa=own_devices_need_mfa)
    if attempt.at_work:
        identity = [*policies.identity, _PERMISSION_TO_WORK]
        policies = replace(policies, identity=identity)
    user = _user_of(policies)
    answers = [
        ask(policies, attempt.kind, action, rules, resource=_own(resource, user), user=user)
        for action, resource in attempt.calls
    ]
    refused = [answer for answer in answers if answer.face is not Face.ALLOW]
    if not refused:
        return AttemptAnswer(
            attempt, answers[-1], any(answer.is_undocumented for answer in answers)
        )
    # One call that is surely not allowed is enough.
    return AttemptAnswer(attempt, refused[0], all(answer.is_undocumented for answer in refused))


def _user_of(policies: PolicySet) -> User:
    """Return the user in the account and the partition that the policies are written for."""
    named = named_account(policies.identity)
    user = User()
    return replace(
        user,
        account=named.account or user.account,
        partition=named.partition or user.partition,
    )


def _own(resource: str | None, user: User) -> str | None:
    """Put a resource of the example's account into the user's."""
    if resource is None:
        return None
    own = f"arn:{user.partition}:iam::{user.account}:"
    return resource.replace(f"arn:aws:iam::{EXAMPLE_ACCOUNT}:", own)
