"""A learner's progress through the course, made ready to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mfa_lab import folders
from mfa_lab.lesson.content import Content
from mfa_lab.lesson.lesson_notebook import LessonNotebook, lesson_notebook
from mfa_lab.lesson.prediction import Question, options_of, sentence_of
from mfa_lab.lesson.progress.notes import Check, Guess, LessonNotes
from mfa_lab.lesson.progress.progress import Progress
from mfa_lab.text import say
from mfa_lab.view.course.progress_view import GuessMade, LessonDone, ProgressView


def progress_view(
    progress: Progress, contents: Mapping[str, Content], language: str, *first: str
) -> ProgressView:
    """Return what was done in the lessons that have a notebook in the language.

    Args:
        progress: The learner's.
        contents: What there is to do in each lesson, by name, in order.
        language: `en` or `ja`.
        first: Sentences to be shown first.
    """
    notes = progress.notes
    lessons = tuple(
        _done(notebook, content, notes.of(name), language)
        for name, content in contents.items()
        if (notebook := lesson_notebook(name, language))
    )
    return ProgressView(lessons, language, (*first, *_notices(progress, language)))


def _done(
    notebook: LessonNotebook, content: Content, notes: LessonNotes, language: str
) -> LessonDone:
    checks = [notes.checks.get(exercise.name, Check()) for exercise in content.exercises]
    made = (
        _made(notebook.name, question, notes.guesses[question.name], language)
        for question in content.predictions
        if question.name in notes.guesses
    )
    return LessonDone(
        title=notebook.title,
        link=f"{notebook.name}.ipynb",
        checks=len(checks),
        passed=sum(check.passed for check in checks),
        tries=sum(check.tries for check in checks),
        questions=len(content.predictions),
        guesses=tuple(guess for guess in made if guess),
        key_points=notebook.key_points,
    )


def _made(lesson: str, question: Question, noted: Guess, language: str) -> GuessMade | None:
    """Return a guess with its words; None where the lesson knows no such answer any more."""
    options = {option.value: option for option in options_of(lesson, question, language)}
    sentence = sentence_of(lesson, question, language)
    if noted.first and {noted.first.guess, noted.first.result} <= set(options):
        guess, result = options[noted.first.guess], options[noted.first.result]
        return GuessMade(sentence, guess, result)
    return GuessMade(sentence, options[noted.guess]) if noted.guess in options else None


def _notices(progress: Progress, language: str) -> Iterator[str]:
    """Say where progress is not kept as it should be."""
    notes, path = progress.notes, progress.path
    if path is None:
        if notes:
            off = folders.is_progress_off()
            yield say(f"progress.memory_{'off' if off else 'nowhere'}", language)
        return
    if progress.trouble:
        yield say("progress.memory_trouble", language, path=path, reason=progress.trouble)
    elif not folders.can_hold(path):
        yield say("progress.memory_unwritable", language, path=path)
    if progress.is_unreadable:
        yield say("progress.unreadable", language, name=path.name)
    if notes.kept_aside:
        yield say("progress.kept_aside", language, names=", ".join(notes.kept_aside))
