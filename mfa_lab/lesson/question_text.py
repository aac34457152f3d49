"""The words of a question and of what can be guessed."""

from __future__ import annotations

from mfa_lab.lesson.prediction import Choice, Question
from mfa_lab.text import say
from mfa_lab.view.course.guess_form import Option, face_options


def sentence_of(lesson: str, question: Question, language: str) -> str:
    """Give the words of a question of a lesson.

    Args:
        lesson: Name of the lesson.
        question: What is asked.
        language: `en` or `ja`.
    """
    return say(f"lesson_{lesson[:2]}.predict_{question.name}", language)


def options_of(lesson: str, question: Question, language: str) -> tuple[Option, ...]:
    """Give what can be guessed.

    Args:
        lesson: Name of the lesson.
        question: What is asked.
        language: `en` or `ja`.
    """
    if not isinstance(question, Choice):
        return face_options(language)
    section = f"lesson_{lesson[:2]}.options_{question.name}"
    return tuple(Option(one, say(f"{section}.{one}", language)) for one in question.options)
