"""Every test has guesses of its own, so that none depends on another's."""

from __future__ import annotations

import pytest

import mfa_lab.lesson.lesson
from mfa_lab.lesson.prediction import Guesses


@pytest.fixture(autouse=True)
def no_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mfa_lab.lesson.lesson, "GUESSES", Guesses())
