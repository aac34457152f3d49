"""The commands as a user runs them: another process, with bytes in and bytes out."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def command_of(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "mfa_lab.cli", *map(str, arguments)]


# What the person who runs the tests may have set, and what would change the outcome.
LEFT_OUT = {"MFA_LAB_LANG", "PYTHONUNBUFFERED", "PYTHONIOENCODING"}


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment, speaking English whatever the machine's own language is."""
    kept = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def run(tmp_path: Path, environment: dict[str, str]) -> Run:
    """Run `mfa-lab` in an empty folder."""

    def run_it(
        *arguments: str | Path,
        given: bytes | None = b"",
        **options: Any,
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            command_of(*arguments),
            input=given,
            env=environment,
            timeout=120,
            check=False,
            **{"cwd": tmp_path, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
        )

    return run_it


@dataclass(frozen=True)
class OnTerminal:
    """What a command said to a terminal on standard error, and how it ended."""

    said: str
    result: subprocess.CompletedProcess[bytes]


@pytest.fixture
def run_on_terminal(run: Run) -> Callable[..., OnTerminal]:
    """Run `mfa-lab` with a terminal as standard error."""
    pty = pytest.importorskip("pty", reason="there is no pseudo-terminal on Windows")

    def run_it(*arguments: str | Path, **options: Any) -> OnTerminal:
        ours, theirs = pty.openpty()
        said: list[bytes] = []

        def listen() -> None:
            try:
                while piece := os.read(ours, 1024):
                    said.append(piece)
            except OSError:  # so Linux reports that nobody writes any more
                return

        listener = threading.Thread(target=listen)
        listener.start()
        result = run(*arguments, stderr=theirs, **options)
        os.close(theirs)
        listener.join(60)
        os.close(ours)
        return OnTerminal(b"".join(said).decode("utf-8"), result)

    return run_it


def assert_failed(result: subprocess.CompletedProcess[bytes], *words: str) -> None:
    """One sentence on standard error, exit status 2, nothing on standard output."""
    said = result.stderr.decode("utf-8")
    assert result.returncode == 2, said
    assert said.startswith("mfa-lab: ") and said.count("\n") == 1, said
    assert result.stdout == b""
    for word in words:
        assert word in said


@pytest.fixture
def failed() -> Callable[..., None]:
    return assert_failed


@pytest.fixture
def policies() -> Path:
    return ROOT / "data" / "policies"
