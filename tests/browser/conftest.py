"""Real JupyterLab in real Chromium: one server and one browser for all the tests here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REQUIRED = "MFA_LAB_BROWSER"
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
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    environment = {**os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config")}
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", f"--ServerApp.root_dir={home}"),
        *("--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"),
    ]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, cwd=home)
    try:
        yield _address_in(server)
    finally:
        server.terminate()
        server.communicate(timeout=30)


def _address_in(server: subprocess.Popen[str]) -> str:
    assert server.stderr is not None
    said = []
    for line in server.stderr:
        said.append(line)
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            return found.group()
    raise AssertionError("JupyterLab did not start:\n" + "".join(said))


class Notebook:
    """A notebook open in JupyterLab, as a person sees it."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name

    def run_all(self) -> None:
        """Run every cell, and wait until the kernel is idle."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_text("Run All Cells", exact=True).click()
        self.page.wait_for_function(
            """() => {
                const panel = document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden)');
                const prompts = [...panel.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
                return prompts.length && prompts.every((one) => /\\[\\d+\\]/.test(one.textContent));
            }""",
            timeout=60_000,
        )

    def cell_of(self, text: str) -> Locator:
        """The code cell whose source has a text."""
        return self.page.locator(".jp-CodeCell", has=self.page.locator(".jp-Editor", has_text=text))


def open_notebook(
    browser: Browser, lab: str, name: str, *, dark: bool = False, width: int = 1280
) -> Notebook:
    """Open a notebook in a page of its own."""
    page = browser.new_page(viewport={"width": width, "height": 1000})
    page.set_default_timeout(30_000)
    settings = {
        "apputils-extension:themes": {"theme": f"JupyterLab {'Dark' if dark else 'Light'}"},
        "apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        # All cells in the page at once, so that each can be found without scrolling.
        "notebook-extension:tracker": {"windowingMode": "none"},
    }
    for name_of_setting, value in settings.items():
        address = f"{lab}/lab/api/settings/@jupyterlab/{name_of_setting}"
        page.request.put(address, data={"raw": json.dumps(value)})
    page.goto(f"{lab}/lab/tree/notebooks/{name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    return Notebook(page, name)
