"""A guess before the run, and the guesses beside the results after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from mfa_lab.analysis.requests.answer import Face
from mfa_lab.text import say
from mfa_lab.view.faces import shown_face
from mfa_lab.view.html import render, static, style
from mfa_lab.view.mime_bundle import with_html

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be guessed, as a reader sees it.

    Args:
        value: What is recorded.
        word: What it says.
        symbol: Of a face; empty for an option of the question's own.
        note: What it means; may be empty.
        face: The face whose colours it has; `option` for none.
    """

    value: str
    word: str
    symbol: str = ""
    note: str = ""
    face: str = "option"


def face_options(language: str) -> tuple[Option, ...]:
    """Give the four faces as options.

    Args:
        language: `en` or `ja`.
    """
    shown = [shown_face(face, language) for face in Face]
    return tuple(Option(one.face, one.word, one.symbol, one.meaning, one.face) for one in shown)


class GuessForm(anywidget.AnyWidget):
    """A question with its possible answers; a choice is recorded at once.

    Args:
        question: What is asked.
        language: `en` or `ja`.
        guess: The guess made before, or None.
        record: Called with each guess.
        options: The possible answers; None for the four faces.
    """

    _esm = (_FOLDER / "guess_form.js").read_text(encoding="utf-8")
    _css = style()

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
            options=[asdict(one) for one in options or face_options(language)],
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
            case {"guess": str(guess)} if guess in {one["value"] for one in self.options}:
                self.choose(guess)

    def __repr__(self) -> str:
        return f"{self.question} [{self.chosen or '?'}]"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        fragment = render("course/guess", self.language, view=self)
        return with_html(super()._repr_mimebundle_(**options), fragment, repr(self))


@dataclass(frozen=True, slots=True)
class GuessResults:
    """Guesses beside results.

    Args:
        rows: Of each question its words, the guess or None, and what came out.
        language: `en` or `ja`.
    """

    rows: tuple[tuple[str, Option | None, Option], ...]
    language: str = "en"

    def _repr_html_(self) -> str:
        return static(
            render("course/guess_results", self.language, rows=list(map(self._row, self.rows)))
        )

    def __repr__(self) -> str:
        return "\n".join(
            f"{question} [{guess.value if guess else '?'}] → {result.value}"
            for question, guess, result in self.rows
        )

    def _row(self, row: tuple[str, Option | None, Option]) -> dict[str, Any]:
        question, guess, result = row
        if guess is None:
            verdict = say("guess.none", self.language)
        else:
            verdict = say(
                "guess.right" if guess.value == result.value else "guess.other", self.language
            )
        return {"question": question, "guess": guess, "result": result, "verdict": verdict}
