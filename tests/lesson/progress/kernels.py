"""Progress as the tests of this folder make it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mfa_lab.lesson.prediction import MultipleChoice
from mfa_lab.lesson.progress.notes import (
    Guess,
    LessonNotes,
    Notes,
)
from mfa_lab.lesson.progress.progress import Progress

NAME = "01_force_mfa_policy"


QUESTION = MultipleChoice("x", ("one", "many"), lambda: "one")


NOON = datetime(2021, 6, 11, 12, tzinfo=UTC)


def progress_at(path: Path | None) -> Progress:
    return Progress(path, lambda: NOON)


GOOD: dict[str, Any] = json.loads(Notes({"a": LessonNotes({"x": Guess("one")}, {})}).to_json())
