"""A guess before the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import traitlets

from mfa_lab.text import say
from mfa_lab.view.course.answer_options import Option, face_options
from mfa_lab.view.html import render
from mfa_lab.view.widget import Widget


class GuessForm(Widget, beside=__file__):
    """A question with its possible answers; a choice is recorded at once.

    Args:
        question: What is asked.
        language: `en` or `ja`.
        guess: The guess made before, or None.
        record: Called with each guess.
        options: The possible answers; None for the four faces.
    """

    question = traitlets.Unicode("").tag(sync=True)
    options: traitlets.List[dict[str, str]] = traitlets.List().tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)
    recorded = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        question: str,
        language: str,
        guess: str | None,
        record: Callable[[str], object],
        options: Sequence[Option] | None = None,
    ) -> None:
        self.language, self._record = language, record
        super().__init__(
            question=question,
            options=[asdict(option) for option in options or face_options(language)],
            chosen=guess or "",
            recorded=say("guess.recorded", language) if guess else "",
        )
        self.on_msg(self._receive)

    def choose(self, guess: str) -> None:
        """Record a guess, as a click does.

        Args:
            guess: Value of one of the options.

        Raises:
            GuessError: It is none of the options.
        """
        self._record(guess)
        with self.hold_sync():
            self.chosen = str(guess)
            self.recorded = say("guess.recorded", self.language)

    def _receive(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        match content:
            case {"guess": str(guess)} if guess in {option["value"] for option in self.options}:
                self.choose(guess)

    def __repr__(self) -> str:
        return f"{self.question} [{self.chosen or '?'}]"

    def fragment(self) -> str:
        """Return question and answers as HTML without style."""
        return render("course/guess_form", self.language, view=self)
