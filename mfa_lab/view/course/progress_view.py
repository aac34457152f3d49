"""What a learner has done, lesson by lesson, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from mfa_lab.text import say
from mfa_lab.view.course.answer_options import Option
from mfa_lab.view.html import render, static

Stage: TypeAlias = Literal["done", "begun", "open"]

_SYMBOLS: dict[Stage, str] = {"done": "✓", "begun": "…", "open": "–"}


@cache
def _style() -> str:
    return Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


def with_progress_style(fragment: str) -> str:
    """Return a fragment with its style and that of the progress, so that it stands by itself."""
    return f"<style>{_style()}</style>\n{static(fragment)}"


@dataclass(frozen=True, slots=True)
class GuessMade:
    """A guess, and what came out.

    Args:
        question: Its words.
        guess: What was guessed.
        result: What came out; None where the results were not shown yet.
    """

    question: str
    guess: Option
    result: Option | None = None

    @property
    def came_out(self) -> bool:
        """Whether it came out as guessed."""
        return self.result is not None and self.guess.value == self.result.value

    @property
    def surprised(self) -> bool:
        """Whether something else came out."""
        return self.result is not None and not self.came_out


@dataclass(frozen=True, slots=True)
class LessonDone:
    """What was done in a lesson.

    Args:
        title: Of the lesson.
        link: To its notebook, from the folder that the other notebooks are in.
        checks: How many checks there are.
        passed: How many were passed.
        tries: How many answers were judged before those.
        questions: How many guesses are asked for.
        guesses: Those that were made.
        key_points: Each a line of Markdown.
    """

    title: str
    link: str
    checks: int
    passed: int
    tries: int
    questions: int
    guesses: tuple[GuessMade, ...] = ()
    key_points: tuple[str, ...] = ()

    @property
    def stage(self) -> Stage:
        """Whether all checks are passed, or something was done, or nothing yet."""
        if self.checks and self.passed == self.checks:
            return "done"
        return "begun" if self.passed or self.tries or self.guesses else "open"

    @property
    def symbol(self) -> str:
        """The stage's symbol."""
        return _SYMBOLS[self.stage]

    @property
    def surprises(self) -> tuple[GuessMade, ...]:
        """The guesses that came out otherwise."""
        return tuple(guess for guess in self.guesses if guess.surprised)

    @property
    def came_out(self) -> int:
        """How many guesses came out as guessed."""
        return sum(guess.came_out for guess in self.guesses)


@dataclass(frozen=True, slots=True)
class ProgressView:
    """What was done in all lessons.

    Args:
        lessons: In order.
        language: `en` or `ja`.
        notices: Sentences about where it is kept, where something is to be said about that.
    """

    lessons: tuple[LessonDone, ...]
    language: str = "en"
    notices: tuple[str, ...] = ()

    @property
    def next_lesson(self) -> LessonDone | None:
        """The first lesson that is begun, else the first that is open."""
        begun = [lesson for lesson in self.lessons if lesson.stage == "begun"]
        return next(
            iter(begun + [lesson for lesson in self.lessons if lesson.stage == "open"]), None
        )

    @property
    def before_next(self) -> str:
        """What is said before the title of the next lesson, or in its place."""
        if self.next_lesson is None:
            return say("progress.next_none", self.language)
        stage = self.next_lesson.stage
        return say(
            "progress.next_begun" if stage == "begun" else "progress.next_open", self.language
        )

    def guesses_of(self, lesson: LessonDone) -> str:
        """Say how the guesses of a lesson turned out; empty where there are none to speak of."""
        parts = []
        if lesson.came_out:
            parts.append(say("progress.as_guessed", self.language, count=lesson.came_out))
        if lesson.surprises:
            parts.append(say("progress.surprises", self.language, count=len(lesson.surprises)))
        return say("progress.and", self.language).join(parts)

    def _repr_html_(self) -> str:
        return with_progress_style(render("course/progress_view", self.language, view=self))

    def __repr__(self) -> str:
        following = self.next_lesson
        title = following.title if following else ""
        return "\n".join([*map(self._line, self.lessons), self.before_next + title, *self.notices])

    def _line(self, lesson: LessonDone) -> str:
        checks = say(
            "progress.checks_of", self.language, passed=lesson.passed, checks=lesson.checks
        )
        guesses = say(
            "progress.guesses_of",
            self.language,
            made=len(lesson.guesses),
            questions=lesson.questions,
        )
        counted = (
            f"{say('progress.checks', self.language)} {checks}",
            f"{say('progress.guesses', self.language)} {guesses}",
        )
        separator = say("progress.and", self.language)
        return f"{lesson.symbol} {lesson.title}: {separator.join(counted)}"
