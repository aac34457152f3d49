"""The policy that somebody hands in, however it is written."""

from __future__ import annotations

from collections.abc import Mapping

from mfa_lab.iam.parsing.grammar import VERSION_2012
from mfa_lab.iam.parsing.mistakes import PolicyError
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.lesson.exercise import Verdict, not_yet
from mfa_lab.view.policy.not_action_editor import NotActionWorkbench


def answered_policy(answer: object) -> Policy | None:
    """Give the identity-based policy that an answer stands for, or None where it is no policy.

    Args:
        answer: A policy, its JSON text or values, a list of its statements, or a workbench.

    Raises:
        PolicyError: It is meant as a policy and breaks a rule of the grammar.
    """
    if isinstance(answer, NotActionWorkbench):
        return answer.entries.policy()
    if isinstance(answer, Policy):
        is_of_identity = answer.kind is PolicyKind.IDENTITY
        return answer if is_of_identity else Policy.parse(answer.document)
    if isinstance(answer, (str, bytes)):
        return Policy.parse(answer) if len(answer.strip()) > 1 else None
    if isinstance(answer, Mapping):
        return Policy.parse(dict(answer)) if answer else None
    if isinstance(answer, (list, tuple)) and any(isinstance(one, Mapping) for one in answer):
        return Policy.parse({"Version": VERSION_2012, "Statement": list(answer)})
    return None


def policy_or_verdict(answer: object) -> Policy | Verdict:
    """Give the policy that an answer stands for, or the verdict of one that is no policy.

    Args:
        answer: As for `answered_policy`.
    """
    try:
        policy = answered_policy(answer)
    except PolicyError as error:
        return not_yet("malformed", mistake=error.mistakes[0])
    return not_yet("no_policy") if policy is None else policy
