"""What an action is asked about: every request of a table's row, and one of them as an example.

An action on a user or on an MFA device is asked about the caller's own, or about somebody else's;
any other action about an example of its resource type (the one with the shortest ARN where it has
several), or `*` where it has none.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field, replace
from typing import Final

from mfa_lab.analysis.catalogue import Action, resource_arn_template
from mfa_lab.analysis.requests.resource_spaces import resource_spaces
from mfa_lab.analysis.requests.rows import ABOUT_ALL_DEVICES, Row, Target, fixed_principal
from mfa_lab.iam.condition.values import ARN_PARTS
from mfa_lab.iam.credentials import ACCESS_KEY, User


class Whose(enum.StrEnum):
    """Whose user and device an action is asked about."""

    OWN = "own"
    ANOTHER = "another"


_PLACEHOLDER = re.compile(r"\$\{\w+\}")
_EXAMPLE_REGION: Final = "us-east-1"
_EXAMPLE_NAME: Final = "example"


@dataclass(frozen=True, slots=True)
class Question:
    """How an action becomes the requests of a row: the caller, and what is asked about.

    Args:
        user: The calling user.
        whose: Whose user and device is asked about.
        device_name: Name of the caller's own MFA device; None for the name of the user, as the
            console gave it until November 2022.
        other: The other user.
        resources: ARNs, with wildcards, that narrow what is asked about; none for all.
        context: Context keys, in lower case, that every request has, with their values.
    """

    user: User = field(default_factory=User)
    whose: Whose = Whose.OWN
    device_name: str | None = None
    other: User = field(default_factory=lambda: User("bob", user_id="AIDAEXAMPLEBOB0000001"))
    resources: tuple[str, ...] = ()
    context: tuple[tuple[str, str | tuple[str, ...]], ...] = ()

    def row(self, action: Action) -> Row:
        """Return the row of an action: every request that its cells speak about."""
        user = self.user
        return Row(
            action,
            self._target(action),
            user,
            user.account,
            user.partition,
            self.device_name,
            resources=self.resources,
            context=self.context,
        )

    def _target(self, action: Action) -> Target:
        types = _resource_types(action)
        if action.service == "iam" and "user" in types:
            return Target.OWN_USER if self.whose is Whose.OWN else Target.ANOTHER_USER
        if action.service == "iam" and "mfa" in types:
            is_own = self.whose is Whose.OWN
            return Target.OWN_DEVICE if is_own else Target.DEVICE_OF_ANOTHER_NAME
        return Target.ANY

    def resource(self, action: Action) -> str:
        """Return an example of the resources that an action is asked about."""
        if self.resources:
            row = self.row(action)
            principal = fixed_principal(row, ACCESS_KEY)
            assert principal is not None
            return resource_spaces(row, principal)[0].example
        partition, account = self.user.partition, self.user.account
        if action.name.lower() == ABOUT_ALL_DEVICES:
            return f"arn:{partition}:iam::{account}:mfa/"
        types = _resource_types(action)
        user = self.user if self.whose is Whose.OWN else self._other
        if action.service == "iam" and "user" in types:
            return user.arn
        if action.service == "iam" and "mfa" in types:
            own_name = self.device_name if self.whose is Whose.OWN else None
            return f"arn:{partition}:iam::{account}:mfa/{own_name or user.name}"
        templates = (resource_arn_template(action.service, one) for one in types)
        examples = (
            _example_of(template, action.service, self.user) for template in templates if template
        )
        return min(examples, key=len, default="*")

    @property
    def _other(self) -> User:
        return replace(self.other, account=self.user.account, partition=self.user.partition)


def _resource_types(action: Action) -> tuple[str, ...]:
    """Return the resource types that may stand for an action: those required, else all."""
    required = tuple(name for name, is_required in action.resource_types if is_required)
    return required or tuple(name for name, _ in action.resource_types)


def _example_of(template: str, service: str, user: User) -> str:
    """Fill an ARN's placeholders by where they stand; the last part gets example names."""
    parts = template.split(":", ARN_PARTS - 1)
    examples = ("arn", user.partition, service, _EXAMPLE_REGION, user.account)
    filled = [
        example if part == "*" or _PLACEHOLDER.search(part) else part
        for part, example in zip(parts, examples, strict=False)
    ]
    return ":".join([*filled, *(_PLACEHOLDER.sub(_EXAMPLE_NAME, part) for part in parts[5:])])
