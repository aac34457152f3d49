"""A notebook open in JupyterLab, for the tests to use as a person does."""

from __future__ import annotations

import itertools
import json

from playwright.sync_api import Browser, Locator, Page

_WORKSPACES = (f"page-{number}" for number in itertools.count())
_PROMPTS = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]"


class Notebook:
    """A notebook open in JupyterLab, as a person sees it."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name

    def run_all(self) -> None:
        """Run every cell, and wait until each has its number.

        The stored outputs and numbers are cleared first: else nobody could tell them from new ones.
        """
        kernel_is_idle = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
        self.page.wait_for_selector(kernel_is_idle, state="attached")
        self.page.get_by_role("menuitem", name="Edit", exact=True).click()
        self.page.get_by_text("Clear Outputs of All Cells", exact=True).click()
        self.page.wait_for_function(f"{_PROMPTS}.every((one) => !/\\d/.test(one.textContent))")
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_text("Run All Cells", exact=True).click()
        self.page.wait_for_function(
            f"{_PROMPTS}.every((one) => /\\d/.test(one.textContent))", timeout=90_000
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
    # A workspace of its own: JupyterLab would open again what another page had open.
    page.goto(f"{lab}/lab/workspaces/{next(_WORKSPACES)}/tree/notebooks/{name}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    return Notebook(page, name)
