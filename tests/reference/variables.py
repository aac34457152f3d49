"""What a text of a policy says for one request: characters, some of which are wildcards.

Source: IAM User Guide, "IAM policy elements: Variables and tags".
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

SPECIAL = r"\$\{([*?$])\}"
# The key, and in single quotes what to take where it has no value. No braces in either, no quote
# in a key: what AWS would make of them is not documented.
NAMED = r"\$\{\s*([^{},'\s](?:[^{},']*[^{},'\s])?)\s*(?:,\s*'([^{}']*)'\s*)?\}"


class Character(NamedTuple):
    """One character, and whether it stands for others (`*`, `?`) instead of itself."""

    text: str
    is_wildcard: bool


def value_of(key: str, context: dict[str, Any]) -> str | list[str] | None:
    """What a context key holds; its name is compared without case, and None is for absent.

    A list belongs to a multivalued key, however many values it holds.
    """
    for name, value in context.items():
        if name.lower() == key.lower():
            return list(value) if isinstance(value, list) else str(value)
    return None


def as_written(text: str) -> list[Character]:
    """The characters of a text without variables."""
    return [Character(one, one in "*?") for one in text]


def literally(text: str) -> list[Character]:
    """The characters of a text that stand for themselves, even `*`."""
    return [Character(one, False) for one in text]


def filled_in(text: str, context: dict[str, Any]) -> list[Character] | None:
    """The characters of a text with its variables replaced; None where one has no value.

    A multivalued key has no value for a variable. What does not read as a variable stays.
    AWS documents neither.
    """
    characters: list[Character] = []
    position = 0
    while position < len(text):
        if special := re.compile(SPECIAL).match(text, position):
            characters += literally(special.group(1))
            position = special.end()
        elif named := re.compile(NAMED).match(text, position):
            value = value_of(named.group(1), context)
            if isinstance(value, str):
                characters += literally(value)
            elif named.group(2) is not None:
                characters += literally(named.group(2))
            else:
                return None
            position = named.end()
        else:
            characters += as_written(text[position])
            position += 1
    return characters


def read(text: str, version: str, context: dict[str, Any]) -> list[Character] | None:
    """The characters of a text in a policy of this version: before 2012-10-17, no variables."""
    return filled_in(text, context) if version == "2012-10-17" else as_written(text)


def plain(characters: list[Character]) -> str:
    """The characters as they are, wildcards not heeded."""
    return "".join(one.text for one in characters)


def fits(characters: list[Character], text: str) -> bool:
    """Whether a text is what the characters ask for: `*` any run, `?` any one character."""
    expression = ""
    for one in characters:
        if not one.is_wildcard:
            expression += re.escape(one.text)
        elif one.text == "*":
            expression += ".*"
        else:
            expression += "."
    return re.fullmatch(expression, text, re.DOTALL) is not None


def parts(characters: list[Character], most: int) -> list[list[Character]]:
    """The characters between colons, in at most so many parts; the last one holds the rest."""
    found: list[list[Character]] = [[]]
    for one in characters:
        if one == Character(":", False) and len(found) < most:
            found.append([])
        else:
            found[-1].append(one)
    return found
