"""A guess before the run, and the guesses beside the results after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from mfa_lab.analysis.answer import Answer, Face
from mfa_lab.text import say
from mfa_lab.view.decision_table import with_html
from mfa_lab.view.faces import shown_face
from mfa_lab.view.html import render, static, style

_FOLDER = Path(__file__).parent


class GuessForm(anywidget.AnyWidget):
    """A question with the four possible answers; a choice is recorded at once.

    Args:
        question: What is asked.
        language: `en` or `ja`.
        guess: The guess made before, or None.
        record: Called with each guess.
    """

    _esm = (_FOLDER / "guess.js").read_text(encoding="utf-8")
    _css = style()

    question = traitlets.Unicode("").tag(sync=True)
    options: traitlets.List[dict[str, str]] = traitlets.List().tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)
    recorded = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        question: str,
        language: str,
        guess: Face | None,
        record: Callable[[str], object],
    ) -> None:
        self.language, self._record = language, record
        super().__init__(
            question=question,
            options=[
                {
                    "value": shown.face,
                    "symbol": shown.symbol,
                    "word": shown.word,
                    "note": shown.meaning,
                }
                for shown in (shown_face(face, language) for face in Face)
            ],
            chosen=guess or "",
            recorded=say("guess.recorded", language) if guess else "",
        )
        self.on_msg(self._receive)

    def choose(self, guess: str) -> None:
        """Record a guess, as a click does.

        Raises:
            GuessError: It is none of the four faces.
        """
        self._record(guess)
        with self.hold_sync():
            self.chosen = str(guess)
            self.recorded = say("guess.recorded", self.language)

    def _receive(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        match content:
            case {"guess": str(guess)} if guess in tuple(Face):
                self.choose(guess)

    def __repr__(self) -> str:
        return f"{self.question} [{self.chosen or '?'}]"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        fragment = render("guess", self.language, view=self)
        return with_html(super()._repr_mimebundle_(**options), fragment, repr(self))


@dataclass(frozen=True, slots=True)
class GuessResults:
    """Guesses beside results.

    Args:
        rows: Of each prediction its question, the guess or None, and the answer.
        language: `en` or `ja`.
    """

    rows: tuple[tuple[str, Face | None, Answer], ...]
    language: str = "en"

    def _repr_html_(self) -> str:
        return static(render("guess_results", self.language, rows=list(map(self._row, self.rows))))

    def __repr__(self) -> str:
        return "\n".join(
            f"{question} [{guess or '?'}] → {answer.face}" for question, guess, answer in self.rows
        )

    def _row(self, row: tuple[str, Face | None, Answer]) -> dict[str, Any]:
        question, guess, answer = row
        if guess is None:
            verdict = say("guess.none", self.language)
        else:
            verdict = say("guess.right" if guess is answer.face else "guess.other", self.language)
        return {
            "question": question,
            "guess": shown_face(guess, self.language) if guess else None,
            "result": shown_face(answer.face, self.language),
            "verdict": verdict,
        }
