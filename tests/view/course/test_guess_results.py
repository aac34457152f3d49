"""Guesses beside the results."""

from __future__ import annotations

import pytest

from mfa_lab.analysis.requests.answer import Face
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.course.answer_options import Option, face_options
from mfa_lab.view.course.guess_results import GuessResults
from tests.view.markup import rows_of

OWN_OPTIONS = (Option("one", "One action"), Option("many", "Many actions"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_guesses_stand_beside_the_results(language: str) -> None:
    allowed, denied, _, refused = face_options(language)
    view = GuessResults(
        (("A?", denied, denied), ("B?", refused, allowed), ("C?", None, denied)), language
    )

    def shown(symbol: str, face: Face) -> str:
        return f"{symbol} {say(f'face.{face}', language)}"

    assert rows_of(view._repr_html_()) == [
        ["A?", shown("✕", Face.EXPLICIT_DENY), shown("✕", Face.EXPLICIT_DENY), say("guess.right", language)],
        ["B?", shown("⊘", Face.REFUSED), shown("✓", Face.ALLOW), say("guess.other", language)],
        ["C?", "?", shown("✕", Face.EXPLICIT_DENY), say("guess.none", language)],
    ]  # fmt: skip
    assert repr(view) == (
        "A? [explicit_deny] → explicit_deny\nB? [refused] → allow\nC? [?] → explicit_deny"
    )


def test_a_guess_among_own_options_stands_beside_the_result() -> None:
    one_action, many = OWN_OPTIONS
    view = GuessResults((("How many?", many, one_action), ("How many?", many, many)))
    assert rows_of(view._repr_html_()) == [
        ["How many?", "Many actions", "One action", say("guess.other")],
        ["How many?", "Many actions", "Many actions", say("guess.right")],
    ]
    assert repr(view) == "How many? [many] → one\nHow many? [many] → many"
