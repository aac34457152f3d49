"""JupyterLab's command line, and its process."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

# Without them JupyterLab asks the network for news, for its newest version and for extensions.
_OFFLINE: Final = {
    "LabApp.news_url": "None",
    "LabApp.check_for_updates_class": "jupyterlab.handlers.announcements.NeverCheckForUpdate",
    "LabApp.extension_manager": "readonly",
}
# JupyterLab's short names for its settings.
_SHORT: Final = {
    "ServerApp.ip": ("--ip",),
    "ServerApp.port": ("--port",),
    "ServerApp.port_retries": ("--port-retries",),
    "ServerApp.root_dir": ("--notebook-dir",),
}


def command_line(folder: Path, lesson: str, given: Sequence[str]) -> list[str]:
    """Return the command that starts JupyterLab.

    Args:
        folder: What it shows.
        lesson: Path in the folder of the notebook that it opens; empty for none.
        given: What the user wants to be passed on. It wins: JupyterLab ends where it is given
            a setting twice.
    """
    settings = {
        "ServerApp.root_dir": str(folder),
        "ServerApp.ip": "localhost",
        "LabApp.default_url": f"/lab/tree/{lesson}" if lesson else "/lab",
        **_OFFLINE,
    }
    if setting(given, "port") is not None:
        settings["ServerApp.port_retries"] = "0"  # another port than asked for helps nobody
    ours = [f"--{name}={value}" for name, value in settings.items() if _value(given, name) is None]
    # -y: Ctrl-C ends it without a question.
    return [sys.executable, "-m", "jupyterlab", "-y", *ours, *given]


def setting(given: Sequence[str], name: str) -> str | None:
    """Return the value of a setting of the server, such as `port`; None where it is not given.

    Args:
        given: The arguments that go to JupyterLab.
        name: Such as `port`.
    """
    return _value(given, f"ServerApp.{name}")


def _value(given: Sequence[str], name: str) -> str | None:
    spellings = (f"--{name}", *_SHORT.get(name, ()))
    for place, argument in enumerate(given):
        spelled, equals, value = argument.partition("=")
        if spelled in spellings:
            following = "".join(given[place + 1 : place + 2])
            return value if equals else following
    return None


def replace_process(command: list[str]) -> NoReturn:
    """Become another program, which then has the terminal, its signals and the exit status."""
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(command[0], command)
    # Windows has no such thing: stay, and leave Ctrl-C to the other program.
    with subprocess.Popen(command) as process:
        while process.poll() is None:
            with contextlib.suppress(KeyboardInterrupt):
                process.wait()
        sys.exit(process.returncode)
