"""A guess, recorded before the run, and the result that it is compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from mfa_lab.analysis.requests.answer import CALL_FACES, Answer
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.iam.credentials import CredentialsKind
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.lesson.policies import stored_policy
from mfa_lab.text import say
from mfa_lab.view.course.answer_options import Option, face_options


@dataclass(frozen=True, slots=True)
class Prediction:
    """A call whose answer, one of the four faces, is guessed before it is run.

    Args:
        name: Key of its sentence in the text catalogue, after the lesson's.
        policy: Name of the policy in data/policies, or the policy itself, or several of either.
        kind: With what credentials the call is made.
        action: What is called.
        resource: On what; None for the caller's own user or device, as the table asks it.
        has_device: Whether the user has an MFA device already.
        own_devices_need_mfa: Whether AWS's rule of April 2023 is in force.
    """

    name: str
    policy: str | Policy | tuple[str | Policy, ...]
    kind: CredentialsKind
    action: str
    resource: str | None = None
    has_device: bool = False
    own_devices_need_mfa: bool = True

    @property
    def options(self) -> tuple[str, ...]:
        """What can be guessed."""
        return CALL_FACES

    @property
    def policies(self) -> PolicySet:
        """The policies that are attached."""
        given = self.policy if isinstance(self.policy, tuple) else (self.policy,)
        return PolicySet(
            identity=[
                stored_policy(policy) if isinstance(policy, str) else policy for policy in given
            ]
        )

    def ask(self) -> Answer:
        """Ask the evaluator."""
        rules = ServiceRules(
            has_device=self.has_device, own_devices_need_mfa=self.own_devices_need_mfa
        )
        return ask(self.policies, self.kind, self.action, rules, resource=self.resource)

    def run(self) -> str:
        """Return the face that comes out."""
        return self.ask().face


@dataclass(frozen=True, slots=True)
class MultipleChoice:
    """A question with options of its own, whose answer is guessed before it is run.

    Args:
        name: Key of its sentence in the text catalogue, after the lesson's.
        options: Keys of the options; their sentences stand in the section `options_<name>`.
        find: Finds which option comes true, by the evaluator or the account.
    """

    name: str
    options: tuple[str, ...]
    find: Callable[[], str]

    def run(self) -> str:
        """Return the option that comes true."""
        return self.find()


Question: TypeAlias = Prediction | MultipleChoice


def sentence_of(lesson: str, question: Question, language: str) -> str:
    """Return the words of a question of a lesson.

    Args:
        lesson: Name of the lesson.
        question: What is asked.
        language: `en` or `ja`.
    """
    return say(f"lesson_{lesson[:2]}.predict_{question.name}", language)


def options_of(lesson: str, question: Question, language: str) -> tuple[Option, ...]:
    """Return what can be guessed.

    Args:
        lesson: Name of the lesson.
        question: What is asked.
        language: `en` or `ja`.
    """
    if not isinstance(question, MultipleChoice):
        return face_options(language)
    section = f"lesson_{lesson[:2]}.options_{question.name}"
    return tuple(
        Option(option, say(f"{section}.{option}", language)) for option in question.options
    )
