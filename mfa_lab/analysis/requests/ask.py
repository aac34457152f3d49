"""One question to some policies: may these credentials do this to the caller's own things?"""

from __future__ import annotations

from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.analysis.requests.answer import Answer, answer
from mfa_lab.analysis.requests.questions import Question
from mfa_lab.analysis.table import UnknownActionError
from mfa_lab.iam.credentials import Caller, CredentialsKind, User
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules


def ask(
    policies: PolicySet,
    kind: CredentialsKind,
    action: str,
    rules: ServiceRules | None = None,
    *,
    resource: str | None = None,
    user: User | None = None,
) -> Answer:
    """Answer one call.

    Args:
        policies: The policies that are attached.
        kind: With what credentials the call is made.
        action: Such as `iam:ChangePassword`.
        rules: The service rules in force; None for a user without a device.
        resource: ARN or `*`; None for what the action is asked about on the caller's own user
            or device.
        user: The calling user; None for the example's.

    Raises:
        UnknownActionError: AWS has no such action.
    """
    catalogue, question = aws_catalogue(), Question(user or User())
    if action not in catalogue:
        raise UnknownActionError(action, catalogue.nearest(action))
    about = question.resource(catalogue[action]) if resource is None else resource
    return answer(policies, Caller(kind, question.user), action, about, rules or ServiceRules())
