"""What holds for all tests, and for every run of the notebooks by pytest."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from mfa_lab.text import LANGUAGES, speak

# No test reads or writes the progress of who runs it, nor do the kernels and commands that tests
# start; set before any test is loaded.
os.environ["MFA_LAB_PROGRESS"] = "off"

# A shell's background job ignores SIGINT, and so would every command that a test starts: those that
# are ended by it would never end.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _english_is_spoken() -> Iterator[None]:
    """A lesson chooses the language of errors for its process: here only for its own test."""
    yield
    speak(LANGUAGES[0])
