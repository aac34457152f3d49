"""A learner's file, and kernels that share it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mfa_lab.lesson import Lesson
from mfa_lab.lesson.progress.progress import learners_progress
from tests.lesson.progress.kernels import NAME


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "progress.json"


@pytest.fixture
def new_kernel(file: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Lesson]:
    """A lesson in a kernel that has just started, with the learner's file."""

    def start(language: str = "en", name: str = NAME, progress: Path = file) -> Lesson:
        monkeypatch.setenv("MFA_LAB_PROGRESS", str(progress))
        learners_progress.cache_clear()
        return Lesson(name, language)

    return start
