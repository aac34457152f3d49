"""A request: who wants to do what, on what, and under which circumstances."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from mfa_lab.iam.context import Context, normalized
from mfa_lab.iam.fast_path import CacheKey, remember
from mfa_lab.text import say
from mfa_lab.text.shown_value import quoted
from mfa_lab.text.spoken_error import SpokenValueError

_ACTION = re.compile(r"[A-Za-z0-9.-]+:[A-Za-z0-9_.-]+")


class RequestError(SpokenValueError):
    """A request that nobody can make.

    Attributes:
        field: `action`, `resource` or `principal`; `request` for the whole.
        code: What is wrong.
    """

    def __init__(self, field: str, code: str, given: object) -> None:
        self.field, self.code, self._given = field, code, given
        super().__init__(say(f"request_error.{code}", given=quoted(given)))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.field, self.code, self._given)


@dataclass(slots=True, init=False)
class Request:
    """What AWS decides about. Not to be changed.

    Why it is not frozen: `mfa_lab.iam.fast_path`.

    Args:
        action: One action, such as `iam:ChangePassword`; case does not matter.
        resource: ARN of what the action is done to, `*` where AWS names no resource.
        principal: ARN of who makes it; the name of a service, or `*` for an anonymous caller.
        context: Context keys with a text each, or a list of texts for a multivalued key.

    Raises:
        RequestError: The action is no single action, or a field is no text.
        ContextError: The context has other values than text, or a key twice.
    """

    action: str
    resource: str
    principal: str
    context: Mapping[str, Any]
    lowered_action: str = field(repr=False, compare=False)
    values: Context = field(repr=False, compare=False)

    def __init__(
        self,
        action: str,
        resource: str,
        principal: str,
        context: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.lowered_action = _lowered(action)
        if not isinstance(resource, str) or not resource:
            raise RequestError("resource", "no_resource", resource)
        if not isinstance(principal, str) or not principal:
            raise RequestError("principal", "no_principal", principal)
        self.action = action
        self.resource = resource
        self.principal = principal
        self.context = context
        self.values = normalized(context)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.action, self.resource, self.principal, dict(self.context))


def _lowered(action: str) -> str:
    """Return an action in lower case.

    Raises:
        RequestError: It is no single action.
    """
    if not isinstance(action, str):
        raise RequestError("action", "not_one_action", action)
    lowered = _LOWERED.get(action)
    if lowered is None:
        if not _ACTION.fullmatch(action):
            raise RequestError("action", "not_one_action", action)
        lowered = remember(_LOWERED, action, action.lower())
    return lowered


_LOWERED: Final[dict[CacheKey, str]] = {}
