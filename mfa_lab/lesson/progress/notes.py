"""What a learner has done, as it is noted: guesses, how they turned out, and checks.

Notes know names of lessons, questions and exercises, and no language: who changes the language
keeps all. They are plain JSON; what is not exactly so is no notes of this version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

FORMAT: Final = "mfa_lab progress"
VERSION: Final = 1


class NotesError(ValueError):
    """A text that holds no notes of this version."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A guess beside its result, when the learner first saw both.

    Args:
        guess: What had been guessed then.
        result: What came out.
        time: When, as ISO 8601 in UTC.
    """

    guess: str
    result: str
    time: str


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess.

    Args:
        guess: The one that holds now.
        first: Its first comparison with the result; None where the results were not shown yet. It
            stays when the guess is changed afterwards.
    """

    guess: str
    first: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """The checks of one exercise.

    Args:
        tries: How many answers were not right before the first that was.
        passed: Whether one was right.
    """

    tries: int = 0
    passed: bool = False

    def judged(self, is_right: bool) -> Check:
        """Return the checks after one more verdict; once passed, nothing changes any more.

        Args:
            is_right: What the verdict was.
        """
        if self.passed:
            return self
        return Check(self.tries, True) if is_right else Check(self.tries + 1)


@dataclass(frozen=True, slots=True)
class LessonNotes:
    """What was done in one lesson: guesses by question, checks by exercise."""

    guesses: Mapping[str, Guess] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)

    def with_guess(self, question: str, guess: Guess) -> LessonNotes:
        """Return the notes with a guess in place of an earlier one.

        Args:
            question: Name of the question.
            guess: What was guessed.
        """
        return replace(self, guesses={**self.guesses, question: guess})

    def with_check(self, exercise: str, check: Check) -> LessonNotes:
        """Return the notes with the checks of an exercise.

        Args:
            exercise: Name of the exercise.
            check: How its checks went so far.
        """
        return replace(self, checks={**self.checks, exercise: check})

    def __bool__(self) -> bool:
        return bool(self.guesses or self.checks)


@dataclass(frozen=True, slots=True)
class Notes:
    """What was done in all lessons.

    Args:
        lessons: By name.
        kept_aside: Names of files that stood in the place of the notes and were none.
    """

    lessons: Mapping[str, LessonNotes] = field(default_factory=dict)
    kept_aside: tuple[str, ...] = ()

    def of(self, lesson: str) -> LessonNotes:
        """Return the notes of a lesson, empty ones where there are none.

        Args:
            lesson: Name of the lesson.
        """
        return self.lessons.get(lesson, LessonNotes())

    def with_lesson(self, lesson: str, notes: LessonNotes) -> Notes:
        """Return the notes with a lesson's own in place of earlier ones.

        Args:
            lesson: Name of the lesson.
            notes: What was done in it.
        """
        return replace(self, lessons={**self.lessons, lesson: notes})

    def __bool__(self) -> bool:
        return any(self.lessons.values())

    def to_json(self) -> str:
        """Return the notes as text to be stored."""
        document = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def parse(cls, text: str) -> Notes:
        """Read what `to_json` gave.

        Args:
            text: JSON.

        Raises:
            NotesError: It is something else, or of another version.
        """
        try:
            document = json.loads(text)
            text.encode("utf-8")
            json.dumps(document, ensure_ascii=False).encode("utf-8")  # no halves of characters
        except (ValueError, RecursionError) as error:
            raise NotesError(str(error)) from None
        found = _object(document)
        if (found.get("format"), found.get("version")) != (FORMAT, VERSION):
            raise NotesError("another format or version")
        lessons = {name: _lesson(lesson) for name, lesson in _object(found.get("lessons")).items()}
        aside = found.get("kept_aside")
        if not isinstance(aside, list):
            raise NotesError("kept_aside is no list")
        return cls(lessons, tuple(map(_text, aside)))


def _lesson(given: object) -> LessonNotes:
    found = _object(given)
    guesses = {name: _guess(guess) for name, guess in _object(found.get("guesses")).items()}
    checks = {name: _check(check) for name, check in _object(found.get("checks")).items()}
    return LessonNotes(guesses, checks)


def _guess(given: object) -> Guess:
    found = _object(given)
    first = found.get("first")
    return Guess(_text(found.get("guess")), None if first is None else _comparison(first))


def _comparison(given: object) -> Comparison:
    found = _object(given)
    return Comparison(*(_text(found.get(name)) for name in ("guess", "result", "time")))


def _check(given: object) -> Check:
    found = _object(given)
    tries, passed = found.get("tries"), found.get("passed")
    if type(tries) is not int or tries < 0 or type(passed) is not bool:
        raise NotesError("a check has a number of tries and whether it was passed")
    return Check(tries, passed)


def _object(given: object) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise NotesError("no object where one must be")
    return given


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise NotesError("no text where one must be")
    return given
