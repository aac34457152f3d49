"""Programs that tests start and that never outlive them."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

PATIENCE = 120


@contextmanager
def started(
    command: Sequence[str], patience: float = PATIENCE, **options: Any
) -> Iterator[subprocess.Popen[Any]]:
    """Start a program, and kill it where it does not end by itself.

    A pipe that somebody reads ends with it, so a program that keeps silent or does not heed a
    signal fails its test instead of holding up all that come after.

    Args:
        command: The program and its arguments.
        patience: Seconds that it may live.
        options: What `subprocess.Popen` takes.
    """
    with subprocess.Popen(command, **options) as process:
        end = threading.Timer(patience, process.kill)
        end.daemon = True
        end.start()
        try:
            yield process
        finally:
            end.cancel()
            process.kill()
