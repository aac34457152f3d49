"""A name that a learner mistyped, with the nearest right one."""

from __future__ import annotations

from collections.abc import Iterable

from mfa_lab.iam.spelling import quoted, similar
from mfa_lab.text import say
from mfa_lab.text.spoken_error import SpokenLookupError


class UnknownNameError(SpokenLookupError):
    """There is nothing of that name.

    Args:
        what: Of what: a key of the section `unknown_name` of the text catalogue.
        name: As it was given.
        known: The names that there are.
    """

    def __init__(self, what: str, name: object, known: Iterable[str]) -> None:
        names = tuple(known)
        near = similar(name, names) if isinstance(name, str) else None
        given = quoted(name)
        sentences = [
            say(f"unknown_name.{what}", given=given),
            *([say("unknown_name.nearest", nearest=near)] if near else []),
            say("unknown_name.known", known=", ".join(names)),
        ]
        super().__init__("\n".join(sentences))
