"""A learner's progress: kept when the kernel is restarted, and never in the way of a lesson.

Only what the learner did is noted: a guess, its comparison with the result, a check. Where nothing
can be written, all of it is in memory until the kernel ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from mfa_lab import folders
from mfa_lab.lesson.errors import GuessError
from mfa_lab.lesson.prediction import Question
from mfa_lab.lesson.progress.notes import Check, Comparison, Guess, LessonNotes, Notes, NotesError
from mfa_lab.lesson.progress.progress_file import Change, ProgressFile

# Once forgotten, a lesson has no guesses; its checks stay.
_NO_GUESSES: Final[Mapping[str, Guess]] = {}


def _now() -> datetime:
    return datetime.now(UTC)


class Progress:
    """What a learner has done in the lessons.

    What could not be written stays to be done to the file, and is written with the next change.

    Args:
        path: The file; None for memory alone.
        now: Tells the time.

    Attributes:
        trouble: The system's words for why the last change was not written; empty if it was.
    """

    def __init__(self, path: Path | None, now: Callable[[], datetime] = _now) -> None:
        self._file = None if path is None else ProgressFile(path)
        self._now = now
        self._unwritten: list[Change] = []
        self.trouble = ""

    @property
    def path(self) -> Path | None:
        """The file; None for memory alone."""
        return self._file.path if self._file else None

    @property
    def notes(self) -> Notes:
        """All that is noted, also by other kernels."""
        notes = self._stored()
        for change in self._unwritten:
            notes = change(notes)
        return notes

    @property
    def is_unreadable(self) -> bool:
        """Whether something stands in the place of the file that this version cannot read."""
        try:
            if self._file:
                self._file.read()
        except (OSError, NotesError):
            return True
        return False

    def guess(self, lesson: str, question: str) -> str | None:
        """Return the guess about a question, or None where there is none.

        Args:
            lesson: Name of the lesson.
            question: Name of the question.
        """
        made = self.notes.of(lesson).guesses.get(question)
        return made.guess if made else None

    def record_guess(self, lesson: str, question: Question, guess: str) -> None:
        """Note a guess, in place of an earlier one.

        Args:
            lesson: Name of the lesson.
            question: What was asked.
            guess: One of its options.

        Raises:
            GuessError: It is none of the question's options.
        """
        if guess not in question.options:
            raise GuessError(guess, question.options)

        def change(notes: LessonNotes) -> LessonNotes:
            before = notes.guesses.get(question.name)
            made = Guess(str(guess), before.first if before else None)
            return notes.with_guess(question.name, made)

        self._change(lesson, change)

    def record_results(self, lesson: str, results: Mapping[str, str]) -> None:
        """Note how guesses turned out; what is known already, or was not guessed, is left out.

        Args:
            lesson: Name of the lesson.
            results: What came out, by question.
        """
        time = self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

        def change(notes: LessonNotes) -> LessonNotes:
            for name, made in notes.guesses.items():
                if made.first is None and name in results:
                    first = Comparison(made.guess, str(results[name]), time)
                    notes = notes.with_guess(name, replace(made, first=first))
            return notes

        self._change(lesson, change)

    def record_check(self, lesson: str, exercise: str, is_right: bool) -> None:
        """Note the verdict on an answer that the learner gave.

        Args:
            lesson: Name of the lesson.
            exercise: Name of the exercise.
            is_right: What the verdict was.
        """

        def change(notes: LessonNotes) -> LessonNotes:
            before = notes.checks.get(exercise, Check())
            return notes.with_check(exercise, before.judged(is_right))

        self._change(lesson, change)

    def forget_guesses(self, lesson: str) -> None:
        """Forget the guesses of a lesson and how they turned out; its checks stay.

        Args:
            lesson: Name of the lesson.
        """
        self._change(lesson, lambda notes: replace(notes, guesses=_NO_GUESSES))

    def reset(self) -> bool:
        """Forget everything, and tell whether there was anything.

        Raises:
            OSError: The file cannot be deleted.
        """
        was_there = bool(self.notes)
        self._unwritten.clear()
        return (self._file is not None and self._file.delete()) or was_there

    def _change(self, lesson: str, change: Callable[[LessonNotes], LessonNotes]) -> None:
        def whole(notes: Notes) -> Notes:
            before = notes.of(lesson)
            after = change(before)
            return notes if after == before else notes.with_lesson(lesson, after)

        notes = self.notes
        if whole(notes) is notes:  # nothing new: nothing is written
            return
        self._unwritten.append(whole)
        if self._file is None:
            return
        try:
            self._file.update(self._all_unwritten)
        except OSError as error:
            self.trouble = error.strerror or str(error)
        else:
            self.trouble = ""
            self._unwritten.clear()

    def _all_unwritten(self, notes: Notes) -> Notes:
        for change in self._unwritten:
            notes = change(notes)
        return notes

    def _stored(self) -> Notes:
        if self._file is None:
            return Notes()
        try:
            return self._file.read()
        except (OSError, NotesError):
            return Notes()


@cache
def learners_progress() -> Progress:
    """Return the progress of whoever runs this kernel, the same one each time."""
    return Progress(folders.progress())
