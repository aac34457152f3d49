"""A request: who asks to do what, on what, and under which circumstances."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mfa_lab.iam.context import Context, normalized
from mfa_lab.text import say

_ACTION = re.compile(r"[A-Za-z0-9.-]+:[A-Za-z0-9_.-]+")


class RequestError(ValueError):
    """A request that nobody could make.

    Attributes:
        field: `action`, `resource` or `principal`.
        code: What is wrong.
    """

    def __init__(self, field: str, code: str, given: object) -> None:
        self.field, self.code = field, code
        super().__init__(say(f"request_error.{code}", given=repr(given)))


@dataclass(frozen=True, slots=True)
class Request:
    """What AWS decides about.

    Args:
        action: One action, such as `iam:ChangePassword`; case does not matter.
        resource: ARN of what the action is done to, `*` where AWS names no resource.
        principal: ARN of who asks.
        context: Context keys with a text each, or a list of texts for a multivalued key.

    Raises:
        RequestError: The action is no single action, or a field is no text.
        ContextError: The context has other values than text, or a key twice.
    """

    action: str
    resource: str
    principal: str
    context: Mapping[str, Any] = field(default_factory=dict)
    values: Context = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.action, str) or not _ACTION.fullmatch(self.action):
            raise RequestError("action", "not_one_action", self.action)
        for name in ("resource", "principal"):
            given = getattr(self, name)
            if not isinstance(given, str) or not given:
                raise RequestError(name, f"no_{name}", given)
        object.__setattr__(self, "values", normalized(self.context))

    @property
    def is_by_root_user(self) -> bool:
        """Whether the account's root user asks."""
        return self.principal.startswith("arn:") and self.principal.endswith(":root")
