"""A lesson's tools: one object that speaks the lesson's language.

What they show stands in policy_views.py and account_views.py; here is what is noted of a learner:
guesses, how they turned out, and checks.
"""

from __future__ import annotations

from datetime import date
from os.path import relpath
from pathlib import Path
from typing import Any

from mfa_lab import folders
from mfa_lab.lesson.account_views import AccountViews
from mfa_lab.lesson.content import LESSONS, content_of
from mfa_lab.lesson.errors import UnknownNameError
from mfa_lab.lesson.exercise import Exercise
from mfa_lab.lesson.lesson_notebook import lesson_notebook
from mfa_lab.lesson.policy_views import PolicyViews
from mfa_lab.lesson.prediction import Question, options_of, sentence_of
from mfa_lab.lesson.progress.course_progress import progress_view
from mfa_lab.lesson.progress.progress import Progress, learners_progress
from mfa_lab.lesson.progress.summary_file import write_page
from mfa_lab.text import LANGUAGES, say, speak
from mfa_lab.view.course.answer_options import Option
from mfa_lab.view.course.guess_form import GuessForm
from mfa_lab.view.course.guess_results import GuessResults
from mfa_lab.view.course.progress_view import ProgressView
from mfa_lab.view.course.summary_page import SummaryPage, SummarySaved
from mfa_lab.view.course.verdict_view import VerdictView


class Lesson(PolicyViews, AccountViews):
    """The tools of one lesson.

    Args:
        name: The notebook's name without `.ipynb`.
        language: `en` or `ja`.

    Raises:
        UnknownNameError: There is no such lesson.
        ValueError: There is no such language.
    """

    def __init__(self, name: str, language: str = "en") -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
        PolicyViews.__init__(self, language)
        AccountViews.__init__(self, language)
        self.name = name
        speak(language)
        self._content = content_of(name)

    def __repr__(self) -> str:
        return f"<lesson {self.name}, {self.language}>"

    # ---------------------------------------------------------------- guessing
    def predict(self, name: str) -> GuessForm:
        """Ask for a guess, which is recorded at once.

        Args:
            name: Name of the prediction.
        """
        prediction = self._prediction(name)
        return GuessForm(
            self._sentence(prediction),
            self.language,
            self._guess_of(prediction),
            lambda guess: self._progress.record_guess(self.name, prediction, guess),
            self._options(prediction),
        )

    def guess(self, name: str, guess: str) -> GuessForm:
        """Record a guess, as the form does.

        Args:
            name: Name of the prediction.
            guess: `allow`, `explicit_deny`, `implicit_deny` or `refused`, or one of the question's
                own options.

        Raises:
            GuessError: It is none of these.
        """
        self._progress.record_guess(self.name, self._prediction(name), guess)
        return self.predict(name)

    def results(self, *names: str) -> GuessResults:
        """Run predictions and show each guess beside the result.

        Args:
            names: Of the predictions; none for all of the lesson.
        """
        chosen = [self._prediction(name) for name in names] or self._content.predictions
        came_out = {question.name: question.run() for question in chosen}
        self._progress.record_results(self.name, came_out)
        rows = (self._row(question, came_out[question.name]) for question in chosen)
        return GuessResults(tuple(rows), self.language)

    def _row(self, question: Question, result: str) -> tuple[str, Option | None, Option]:
        options = {option.value: option for option in self._options(question)}
        guess = options.get(self._guess_of(question) or "")
        return self._sentence(question), guess, options[result]

    def _guess_of(self, question: Question) -> str | None:
        """Return the guess that is noted, where it is still one of the answers."""
        guess = self._progress.guess(self.name, question.name)
        return guess if guess in question.options else None

    def _sentence(self, question: Question) -> str:
        return sentence_of(self.name, question, self.language)

    def _options(self, question: Question) -> tuple[Option, ...]:
        return options_of(self.name, question, self.language)

    def forget_guesses(self) -> None:
        """Forget the guesses of this lesson, to start again; its checks stay."""
        self._progress.forget_guesses(self.name)

    # ---------------------------------------------------------------- keeping
    @property
    def _progress(self) -> Progress:
        return learners_progress()

    def progress(self) -> ProgressView:
        """Show what was done in all lessons, and what to do next."""
        return self._progress_view()

    def reset(self) -> ProgressView:
        """Delete the progress of all lessons; the notebooks stay as they are."""
        try:
            was_there = self._progress.reset()
        except OSError as error:
            path, reason = self._progress.path, error.strerror or str(error)
            failed = say("progress.reset_failed", self.language, path=path, reason=reason)
            return self._progress_view(failed)
        key = "progress.reset" if was_there else "progress.reset_nothing"
        return self._progress_view(say(key, self.language))

    def keep_progress(self, name: str = "") -> SummarySaved:
        """Write what was done as a page of its own, to keep, send or print.

        Args:
            name: The learner's, to stand on the page; empty for none.
        """
        folder = folders.learners_notebooks()
        if folders.is_progress_off() or folder is None:
            why = "off" if folders.is_progress_off() else "nowhere"
            return SummarySaved(say(f"summary_page.unwritten_{why}", self.language), self.language)
        page = SummaryPage(self._progress_view(), str(name), date.today().isoformat())
        try:
            file = write_page(page, folder)
        except OSError as error:
            reason = error.strerror or str(error)
            sentence = say("summary_page.unwritten", self.language, folder=folder, reason=reason)
            return SummarySaved(sentence, self.language)
        path = _path_to(file)
        return SummarySaved(
            say("summary_page.written", self.language), self.language, file.name, path
        )

    def _progress_view(self, *first: str) -> ProgressView:
        contents = {name: content_of(name) for name in LESSONS if self._has_notebook(name)}
        return progress_view(self._progress, contents, self.language, *first)

    def _has_notebook(self, name: str) -> bool:
        return lesson_notebook(name, self.language) is not None

    # ---------------------------------------------------------------- checking
    def check(self, name: str, answer: Any) -> VerdictView:
        """Judge the answer to an exercise.

        Args:
            name: Name of the exercise.
            answer: What the exercise asks for.
        """
        exercise = self._exercise(name)
        verdict = exercise.check(answer)
        if verdict.is_right or verdict.code not in exercise.unedited:
            self._progress.record_check(self.name, name, verdict.is_right)
        section = f"lesson_{self.name[:2]}.check_{exercise.name}"
        found = verdict.request
        return VerdictView(
            verdict.is_right,
            verdict.sentence(section, self.language),
            self.language,
            verdict.calls,
            verdict.warnings,
            found.answer if found else None,
            found.line if found else "",
        )

    def _prediction(self, name: str) -> Question:
        for prediction in self._content.predictions:
            if prediction.name == name:
                return prediction
        raise UnknownNameError(
            "prediction", name, [prediction.name for prediction in self._content.predictions]
        )

    def _exercise(self, name: str) -> Exercise:
        for exercise in self._content.exercises:
            if exercise.name == name:
                return exercise
        raise UnknownNameError(
            "exercise", name, [exercise.name for exercise in self._content.exercises]
        )


def _path_to(file: Path) -> str:
    """Return the path from the notebook to a file, as JupyterLab wants a link."""
    try:
        return relpath(file, folders.notebook_folder())
    except (OSError, ValueError):  # no working directory, or one on another drive
        return str(file)
