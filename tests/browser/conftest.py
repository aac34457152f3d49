"""Real JupyterLab in real Chromium: one server and one browser for all the tests here."""

from __future__ import annotations

import os
import queue
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from mfa_lab.cli.jupyterlab import command_line
from tests.started import started

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REQUIRED = "MFA_LAB_BROWSER"
FOR_ALL_TESTS = 3600  # seconds that one server may live
LEARNERS_OWN = shutil.ignore_patterns(".mfa_lab_progress*", "mfa_lab_progress_*.html")
SWITCHES = [
    "--no-sandbox",  # Chromium does not start as root without it, and CI is root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium() -> str:
    """Path of Chromium; where there is none, skip, or fail if it is required."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        why = f"no Chromium on the PATH (looked for {', '.join(NAMES)})"
        if os.environ.get(REQUIRED) == "required":
            pytest.fail(f"{why}, and {REQUIRED}=required")
        pytest.skip(why)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """Address of a JupyterLab that has a copy of the notebooks."""
    with jupyterlab(tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture(scope="module")
def lab_with_progress(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[tuple[str, Path]]:
    """Another one, which keeps the progress of its learner, and the folder of its notebooks."""
    home = tmp_path_factory.mktemp("learner")
    with jupyterlab(home, leave_out="MFA_LAB_PROGRESS") as address:
        yield address, home / "notebooks"


@contextmanager
def jupyterlab(home: Path, leave_out: str = "") -> Iterator[str]:
    """Start a JupyterLab in an empty folder, without one of the variables of the tests."""
    shutil.copytree(ROOT / "notebooks", home / "notebooks", ignore=LEARNERS_OWN)
    kept = {name: value for name, value in os.environ.items() if name != leave_out}
    environment = {**kept, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config")}
    given = (
        *("--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"),
        *("--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"),
        "--LabApp.expose_app_in_browser=True",  # for the commands that the menus carry out
    )
    command = command_line(home, "", given)
    with started(
        command,
        patience=FOR_ALL_TESTS,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        cwd=home,
    ) as server:
        listener = Listener(server)
        try:
            yield listener.address()
        finally:
            server.terminate()
            listener.join(timeout=30)


class Listener(threading.Thread):
    """Reads all that a server says, so that it never waits for a full pipe, and its address."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        super().__init__(daemon=True)
        self._server, self._said = server, list[str]()
        self._found: queue.Queue[str | None] = queue.Queue()
        self.start()

    def run(self) -> None:
        assert self._server.stderr is not None
        for line in self._server.stderr:
            self._said.append(line)
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                self._found.put(found.group())
        self._found.put(None)

    def address(self) -> str:
        """Where the server listens, once it does."""
        while True:
            address = self._found.get(timeout=120)
            if address:
                return address
            assert self._server.poll() is None, "JupyterLab did not start:\n" + "".join(self._said)
