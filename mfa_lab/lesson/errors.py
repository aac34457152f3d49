"""The mistakes that a learner can make in a lesson, each with the rule and the nearest right name.

SpokenLookupError
└── UnknownNameError    no lesson, prediction, exercise, policy or credentials of that name
SpokenValueError
├── GuessError          a guess that is none of the possible answers
└── GivenPolicyError    a file or text that holds no policy
"""

from __future__ import annotations

from collections.abc import Iterable

from mfa_lab.text import say
from mfa_lab.text.nearest_name import nearest_name
from mfa_lab.text.shown_value import quoted
from mfa_lab.text.spoken_error import SpokenLookupError, SpokenValueError


class UnknownNameError(SpokenLookupError):
    """There is nothing of that name.

    Args:
        what: Of what: a key of the section `unknown_name` of the text catalogue.
        name: As it was given.
        known: The names that there are.
    """

    def __init__(self, what: str, name: object, known: Iterable[str]) -> None:
        names = tuple(known)
        near = nearest_name(name, names) if isinstance(name, str) else None
        given = quoted(name)
        sentences = [
            say(f"unknown_name.{what}", given=given),
            *([say("unknown_name.nearest", nearest=near)] if near else []),
            say("unknown_name.known", known=", ".join(names)),
        ]
        super().__init__("\n".join(sentences))


class GuessError(SpokenValueError):
    """A guess that is none of the possible answers.

    Attributes:
        guess: As it was given.
    """

    def __init__(self, guess: object, options: tuple[str, ...]) -> None:
        self.guess = guess
        known = ", ".join(options)
        super().__init__(say("guess_error.no_answer", given=quoted(guess), known=known))


class GivenPolicyError(SpokenValueError):
    """A policy that cannot be read.

    Args:
        sentences: What is wrong, and where.
    """

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
