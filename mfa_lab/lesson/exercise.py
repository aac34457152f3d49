"""An exercise, and what its check says: right, or which misconception the answer shows.

A check looks at what an answer does, never at how it is written, and never tells the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from mfa_lab.account.record import RecordedCall
from mfa_lab.analysis.warnings import PolicyWarning
from mfa_lab.iam.credentials import CredentialsKind
from mfa_lab.iam.parsing.mistakes import Mistake
from mfa_lab.lesson.shown_request import ShownRequest
from mfa_lab.text import say


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found.

    Args:
        is_right: Whether the answer is right.
        code: Key of its sentence in the text catalogue, after the exercise's; a whole key for a
            sentence that several exercises have.
        values: What the sentence names; a mistake in a policy, a request and a kind of credentials
            are said in the reader's language.
        calls: Calls to an account that show it, each with its verdict.
        warnings: What AWS accepts in the policy that was handed in, but hardly anybody intends.
    """

    is_right: bool
    code: str
    values: dict[str, object] = field(default_factory=dict)
    calls: tuple[RecordedCall, ...] = ()
    warnings: tuple[PolicyWarning, ...] = ()

    @property
    def request(self) -> ShownRequest | None:
        """The request that the sentence names; None where it names none."""
        named = (value for value in self.values.values() if isinstance(value, ShownRequest))
        return next(named, None)

    def sentence(self, section: str, language: str) -> str:
        """Say the verdict.

        Args:
            section: Where its sentences stand in the text catalogue.
            language: `en` or `ja`.
        """
        values = {name: _spoken(value, language) for name, value in self.values.items()}
        key = self.code if "." in self.code else f"{section}.{self.code}"
        return say(key, language, **values)


def _spoken(value: object, language: str) -> object:
    match value:
        case Mistake():
            return value.located_sentence(language)
        case ShownRequest():
            return value.sentence(language)
        case CredentialsKind():
            return say(f"credentials.{value.name}", language)
    return value


@dataclass(frozen=True, slots=True)
class Exercise:
    """Something to do, with its check.

    Args:
        name: Key of its sentences in the text catalogue, after the lesson's.
        check: Judges an answer.
        solution: An answer that is right, which the tests put in.
        wrong_answers: Typical wrong answers, each with the code of its verdict.
        unedited: Codes that the answer gets as the notebook gives it. Such a verdict is no try.
    """

    name: str
    check: Callable[[Any], Verdict]
    solution: Any
    wrong_answers: tuple[tuple[Any, str], ...]
    unedited: tuple[str, ...] = ("empty", "nothing_changed")


def right(code: str = "right", *, calls: Iterable[RecordedCall] = (), **values: object) -> Verdict:
    """Return the verdict of a right answer.

    Args:
        code: Which right answer it is: key of its sentence, where there are several.
        calls: Those that show it.
        values: What the sentence names.
    """
    return Verdict(True, code, values, tuple(calls))


def not_yet(code: str, *, calls: Iterable[RecordedCall] = (), **values: object) -> Verdict:
    """Return the verdict of an answer that is not right yet.

    Args:
        code: What is wrong with it: key of its sentence.
        calls: Those that show it.
        values: What the sentence names.
    """
    return Verdict(False, code, values, tuple(calls))
