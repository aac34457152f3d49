"""The request context: the circumstances of a call beside action, resource and principal.

Names of context keys are the same in any case. A key with one text has one value; a key with a
sequence of texts is a multivalued key, which only ForAllValues and ForAnyValue test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from mfa_lab.iam.fast_path import CacheKey, remember
from mfa_lab.text import say
from mfa_lab.text.shown_value import quoted
from mfa_lab.text.spoken_error import SpokenValueError

ContextValue: TypeAlias = str | Sequence[str]
Context: TypeAlias = Mapping[str, str | tuple[str, ...]]


class ContextError(SpokenValueError):
    """A context that AWS could not have made.

    Attributes:
        code: What is wrong: `not_a_mapping`, `not_text`, `not_a_name` or `twice`.
        key: The context key, as it was given.
        index: Which of the key's values, from 0; None for the key itself.
    """

    def __init__(self, code: str, key: object, index: int | None = None) -> None:
        self.code, self.key, self.index = code, key, index
        super().__init__(say(f"context_error.{code}", key=quoted(key)))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.code, self.key, self.index)


def normalized(context: Mapping[str, Any]) -> Context:
    """Return the context with lower-case keys, each value text or a tuple of texts.

    Raises:
        ContextError: It is no mapping, a key is no text or comes twice, a value is neither text
            nor texts.
    """
    if type(context) is not dict and not isinstance(context, Mapping):
        raise ContextError("not_a_mapping", context)
    values: dict[str, str | tuple[str, ...]] = {}
    for key, value in context.items():
        name = _NAMES.get(key) or _name(key)
        if name in values:
            raise ContextError("twice", key)
        if isinstance(value, str):
            values[name] = value
        elif isinstance(value, (list, tuple)):
            values[name] = _texts(key, value)
        else:
            raise ContextError("not_text", key)
    return values


def _texts(key: object, given: Sequence[Any]) -> tuple[str, ...]:
    for index, item in enumerate(given):
        if not isinstance(item, str):
            raise ContextError("not_text", key, index)
    return tuple(given)


def _name(key: object) -> str:
    if not isinstance(key, str) or not key:
        raise ContextError("not_a_name", key)
    return remember(_NAMES, key, key.lower())


_NAMES: Final[dict[CacheKey, str]] = {}
