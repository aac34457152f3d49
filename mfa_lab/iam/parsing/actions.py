"""What Action and NotAction may hold.

Source: IAM User Guide, "Grammar of the IAM JSON policy language", `action_string`: the namespace of
a service, a colon, and the name of an action, which may have wildcards; IAM refuses them in the
service ("Action vendors must not contain wildcards") and more than one colon. Organizations User
Guide, "RCP syntax".
"""

from __future__ import annotations

import re
from typing import Final

from mfa_lab.iam.parsing.element_reader import ElementReader, JsonObject
from mfa_lab.iam.parsing.locations import pointer_to
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.iam.statement import ActionElement
from mfa_lab.text.nearest_name import half_width, nearest_name
from mfa_lab.text.shown_value import shown

_EVERYTHING: Final = "*"
_OF_TRUST_POLICIES: Final = (
    "sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:TagSession",
    "sts:SetSourceIdentity", "sts:SetContext",
)  # fmt: skip
_SERVICE: Final = re.compile(r"[A-Za-z0-9.-]+")
_NAME: Final = re.compile(r"[A-Za-z0-9*?_.-]+")
# Another mark where the colon should be: iam.CreateUser, iam/CreateUser, iam: CreateUser.
_OTHER_MARK: Final = re.compile(r"\s*([a-z0-9-]{1,64})\s*[.:;,/]\s*([A-Za-z0-9*?]{1,64})\s*")


def read_actions(
    reader: ElementReader, statement: JsonObject, pointer: str, kind: PolicyKind
) -> ActionElement:
    """Read the Action or NotAction of a statement."""
    name, negated = reader.element_or_negation(statement, pointer, "Action")
    if negated and name in statement and kind is PolicyKind.RCP:
        reader.note("not_action_in_rcp", pointer_to(pointer, name))
    spelled = []
    for where, action in reader.listed(statement, name, pointer, "empty_actions"):
        code = _mistake_in(action)
        plain = half_width(action)
        if code is not None and plain != action and _mistake_in(plain) is None:
            reader.note("full_width_action", where, action=shown(action), suggestion=plain)
        elif code is not None:
            reader.note(code, where, action=shown(action), suggestion=_meant(action))
        elif kind is PolicyKind.TRUST and not negated and not _may_be_in_trust_policy(action):
            suggestion = nearest_name(action, _OF_TRUST_POLICIES) or ""
            reader.note("action_not_for_trust_policy", where, action=shown(action),
                      suggestion=suggestion)  # fmt: skip
        spelled.append(action)
    return ActionElement(tuple(spelled), negated)


def _mistake_in(action: str) -> str | None:
    if action == _EVERYTHING:
        return None
    service, colon, name = action.partition(":")
    if not colon and action:
        return "action_without_service"
    if ":" in name:
        return "action_with_two_colons"
    if _EVERYTHING in service or "?" in service:
        return "action_service_wildcard"
    if not _SERVICE.fullmatch(service) or not _NAME.fullmatch(name):
        return "malformed_action"
    return None


def _may_be_in_trust_policy(action: str) -> bool:
    """Whether an action may be in a trust policy.

    IAM accepts actions of STS; which of them, and whether with wildcards, is not documented. So all
    are accepted here that may be one of STS.
    """
    service, _, _ = action.partition(":")
    return action == _EVERYTHING or service.lower() == "sts"


def _meant(action: str) -> str:
    """Return what was probably meant; else an example."""
    parts = _OTHER_MARK.fullmatch(action)
    return f"{parts[1]}:{parts[2]}" if parts else "iam:ChangePassword"
