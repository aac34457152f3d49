"""The faces of a cell: symbol, word and meaning. The colours stand in style.css."""

from __future__ import annotations

from dataclasses import dataclass

from mfa_lab.analysis.requests.answer import Face
from mfa_lab.text import say

SYMBOLS = {
    Face.ALLOW: "✓",
    Face.EXPLICIT_DENY: "✕",
    Face.IMPLICIT_DENY: "–",
    Face.REFUSED: "⊘",
    Face.DEPENDS: "◐",
}


@dataclass(frozen=True, slots=True)
class FaceLabel:
    """A face as a reader sees it."""

    face: str
    symbol: str
    word: str
    meaning: str


def face_label(face: Face, language: str) -> FaceLabel:
    """Return how a face is shown in a language.

    Args:
        face: The face.
        language: `en` or `ja`.
    """
    return FaceLabel(
        face.value,
        SYMBOLS[face],
        say(f"face.{face.value}", language),
        say(f"face_meaning.{face.value}", language),
    )
