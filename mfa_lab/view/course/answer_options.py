"""The answers that a learner can guess, as they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from mfa_lab.analysis.requests.answer import CALL_FACES
from mfa_lab.view.face_label import face_label


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
    """Return the four faces as options.

    Args:
        language: `en` or `ja`.
    """
    shown = [face_label(face, language) for face in CALL_FACES]
    return tuple(
        Option(label.face, label.word, label.symbol, label.meaning, label.face) for label in shown
    )
