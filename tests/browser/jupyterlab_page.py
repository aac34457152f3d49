"""A notebook open in JupyterLab, for the tests to use as a person does."""

from __future__ import annotations

import itertools
import json

from playwright.sync_api import Browser, Locator, Page

_WORKSPACES = (f"page-{number}" for number in itertools.count())
_PROMPTS = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]"
# The indicator in the toolbar says "idle" before there is a kernel; a cell that is run then is not.
_IS_READY = """() => {
  const context = window.jupyterapp.shell.currentWidget?.sessionContext;
  const kernel = context?.session?.kernel;
  return context?.isReady && kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""


class Notebook:
    """A notebook open in JupyterLab, as a person sees it."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name

    def run_all(self) -> None:
        """Run every cell, and wait until each has its number.

        The stored outputs and numbers are cleared first: else nobody could tell them from new ones.
        Not by the menus: on a busy machine they close without doing what was clicked.
        """
        self.page.wait_for_function(_IS_READY)
        self._command("notebook:clear-all-cell-outputs")
        self.page.wait_for_function(f"{_PROMPTS}.every((one) => !/\\d/.test(one.textContent))")
        self._command("notebook:run-all-cells")
        self.page.wait_for_function(
            f"{_PROMPTS}.every((one) => /\\d/.test(one.textContent))", timeout=90_000
        )

    def _command(self, name: str) -> None:
        self.page.evaluate("(name) => { window.jupyterapp.commands.execute(name) }", name)

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
    # A workspace of its own: JupyterLab would open again what another page had open.
    page.goto(f"{lab}/lab/workspaces/{next(_WORKSPACES)}/tree/notebooks/{name}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    return Notebook(page, name)
