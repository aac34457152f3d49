"""The guesses beside the results, after the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mfa_lab.text import say
from mfa_lab.view.course.answer_options import Option
from mfa_lab.view.html import render, static


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
