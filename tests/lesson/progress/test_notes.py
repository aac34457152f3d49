"""Notes are JSON, and come back as they were."""

from __future__ import annotations

import json

import pytest

from mfa_lab.lesson.progress.notes import (
    Check,
    Comparison,
    Guess,
    LessonNotes,
    Notes,
    NotesError,
)
from tests.lesson.progress.kernels import GOOD


def test_notes_come_back_as_they_were() -> None:
    first = Comparison("多い", "one", "2021-06-11T12:00:00Z")
    notes = Notes(
        {"レッスン": LessonNotes({"x": Guess("one", first), "y": Guess("")}, {"e": Check(3)})},
        ("was.json",),
    )
    assert Notes.parse(notes.to_json()) == notes


@pytest.mark.parametrize("version", [0, 2, "1", None, [1]])
def test_another_version_is_no_notes(version: object) -> None:
    with pytest.raises(NotesError):
        Notes.parse(json.dumps({**GOOD, "version": version}))
