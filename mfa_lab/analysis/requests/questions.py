"""The resource that an action is asked about: a decision needs one, a table row names an action.

An action on a user or on an MFA device is asked about the caller's own, or about somebody else's;
any other action about an example of its resource type (the one with the shortest ARN where it has
several), or `*` where it has none.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field
from typing import Final

from mfa_lab.analysis.catalogue import Action, Catalogue, resource_arn_template
from mfa_lab.iam.condition.values import ARN_PARTS
from mfa_lab.iam.credentials import User


class Whose(enum.StrEnum):
    """Whose user and device an action is asked about."""

    OWN = "own"
    ANOTHER = "another"


_PLACEHOLDER = re.compile(r"\$\{\w+\}")
_EXAMPLE_REGION: Final = "us-east-1"
_EXAMPLE_NAME: Final = "example"

# AWS's own denials name this resource, and AWS's policy of 2017 granted the action on mfa/*,
# although the service authorization reference gives it no resource type: data/facts.md, "Actions
# and resources".
_ABOUT_ALL_DEVICES: Final = "iam:listvirtualmfadevices"


@dataclass(frozen=True, slots=True)
class Question:
    """How an action becomes a request: the caller, and what is asked about.

    Args:
        user: The calling user.
        whose: Whose user and device is asked about.
        device_name: Name of the caller's own MFA device; None for the name of the user, as the
            console gave it until November 2022.
        other: The other user.
    """

    user: User = field(default_factory=User)
    whose: Whose = Whose.OWN
    device_name: str | None = None
    other: User = field(default_factory=lambda: User("bob", user_id="AIDAEXAMPLEBOB0000001"))

    def resource(self, action: Action) -> str:
        """Return the resource that an action is asked about."""
        account = self.user.account
        if action.name.lower() == _ABOUT_ALL_DEVICES:
            return f"arn:aws:iam::{account}:mfa/"
        types = _resource_types(action)
        user = self.user if self.whose is Whose.OWN else self.other
        if action.service == "iam" and "user" in types:
            return user.arn
        if action.service == "iam" and "mfa" in types:
            own_name = self.device_name if self.whose is Whose.OWN else None
            return f"arn:aws:iam::{account}:mfa/{own_name or user.name}"
        templates = (resource_arn_template(action.service, one) for one in types)
        examples = (
            _example_of(template, action.service, account) for template in templates if template
        )
        return min(examples, key=len, default="*")

    def resources(self, catalogue: Catalogue) -> dict[str, int]:
        """Return every resource that is asked about, with the set of actions asked about it."""
        actions: dict[str, int] = {}
        for number, action in enumerate(catalogue.actions):
            resource = self.resource(action)
            actions[resource] = actions.get(resource, 0) | 1 << number
        return actions


def _resource_types(action: Action) -> tuple[str, ...]:
    """Return the resource types that may stand for an action: those required, else all."""
    required = tuple(name for name, is_required in action.resource_types if is_required)
    return required or tuple(name for name, _ in action.resource_types)


def _example_of(template: str, service: str, account: str) -> str:
    """Fill an ARN's placeholders by where they stand; the last part gets example names."""
    parts = template.split(":", ARN_PARTS - 1)
    examples = ("arn", "aws", service, _EXAMPLE_REGION, account)
    filled = [
        example if part == "*" or _PLACEHOLDER.search(part) else part
        for part, example in zip(parts, examples, strict=False)
    ]
    return ":".join([*filled, *(_PLACEHOLDER.sub(_EXAMPLE_NAME, part) for part in parts[5:])])
