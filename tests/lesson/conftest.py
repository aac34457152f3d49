"""Every test has a progress of its own, in memory, so that none depends on another's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mfa_lab.lesson.progress.progress import learners_progress


@pytest.fixture(autouse=True)
def no_progress(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MFA_LAB_PROGRESS", "off")
    learners_progress.cache_clear()
    yield
    learners_progress.cache_clear()
