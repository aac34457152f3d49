"""Take the README's screenshots anew: `make screenshots`."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.jupyterlab_page import open_notebook

FOLDER = Path(__file__).parents[2] / "data" / "screenshots"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_take(browser: Browser, lab: str, language: str) -> None:
    """Show lesson 01 after the article's edit, with the reason of one cell open."""
    notebook = open_notebook(browser, lab, f"{language}/01_force_mfa_policy.ipynb", width=1000)
    notebook.page.keyboard.press("Control+b")
    notebook.run_all()
    bench = notebook.page.locator(".mfa-lab-workbench")
    bench.locator("input[role=combobox]").fill("iam:ChangePassword")
    bench.locator("input[role=combobox]").press("Enter")
    expect(bench.locator("td.changed").first).to_be_visible()
    bench.locator('td[data-row="2"][data-column="0"]').click()
    expect(bench.locator(".mfa-lab-trace")).to_be_visible()
    notebook.page.set_viewport_size({"width": 1000, "height": 2400})
    bench.scroll_into_view_if_needed()
    bench.screenshot(path=FOLDER / f"lesson_01_{language}.png")
    notebook.page.close()
