"""Policy variables: `${aws:username}` and its kin in resources and condition values.

Source: IAM User Guide, "IAM policy elements: Variables and tags".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from mfa_lab.iam.context import Context
from mfa_lab.iam.patterns import Token, Tokens, tokens_of

# No brace inside: so a text of nothing but `${` is read in one go.
_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_ESCAPES = frozenset("*?$")


@dataclass(frozen=True, slots=True)
class Variable:
    """A reference to a context key, with the text to use where the key is absent."""

    key: str
    default: str | None = None

    def value(self, context: Context) -> str | None:
        """Return the key's value, else the default, else None.

        A key with many values has no single value to put in, so it counts as absent. AWS documents
        that only single-valued keys may be variables, not what happens otherwise.
        """
        value = context.get(self.key)
        return value if isinstance(value, str) else self.default


Part: TypeAlias = Token | Variable


@dataclass(frozen=True, slots=True)
class Template:
    """Text of a policy, read once: literals, wildcards and variables.

    Args:
        parts: Its pieces in order.
        text: As the policy spells it.
    """

    parts: tuple[Part, ...]
    text: str

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables in it, in order."""
        return tuple(part for part in self.parts if isinstance(part, Variable))

    def resolve(self, context: Context) -> Tokens | None:
        """Return the text with the values of a context; None where a variable has no value.

        A value is literal: a `*` in a user's name is a star, not a wildcard.
        """
        tokens: list[Token] = []
        for part in self.parts:
            if isinstance(part, Variable):
                value = part.value(context)
                if value is None:
                    return None
                tokens.append(value)
            else:
                tokens.append(part)
        return tuple(tokens)


def template(text: str, *, variables: bool, wildcards: bool) -> Template:
    """Read text of a policy.

    Args:
        text: As the policy spells it.
        variables: False for policies of version 2008-10-17, which have no variables.
        wildcards: False where `*` and `?` are ordinary characters, as under StringEquals.
    """
    parts: list[Part] = []
    end = 0
    for reference in _REFERENCE.finditer(text) if variables else ():
        meaning = _meaning(reference.group(1))
        if meaning is None:
            continue
        parts += _plain(text[end : reference.start()], wildcards)
        parts.append(meaning)
        end = reference.end()
    parts += _plain(text[end:], wildcards)
    return Template(tuple(parts), text)


def _plain(text: str, wildcards: bool) -> Tokens:
    if wildcards:
        return tokens_of(text)
    return (text,) if text else ()


def _meaning(inside: str) -> Part | None:
    """Return the meaning of `${inside}`; None where it is no variable and stays as it is."""
    if inside in _ESCAPES:
        return inside
    key, comma, default = (part.strip() for part in inside.partition(","))
    if not key or "'" in key:
        return None
    if not comma:
        return Variable(key.lower())
    is_quoted = len(default) >= 2 and default[0] == default[-1] == "'" and default.count("'") == 2
    return Variable(key.lower(), default[1:-1]) if is_quoted else None
