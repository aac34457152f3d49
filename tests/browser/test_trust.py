"""What a learner sees of a lesson before running it, in a JupyterLab that has never run one."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from mfa_lab.cli.trusted_notebooks import trust_lessons
from tests.browser.conftest import jupyterlab
from tests.browser.jupyterlab_page import open_notebook

pytestmark = pytest.mark.browser


def test_stored_outputs_have_style_and_pictures_where_they_are_trusted(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that somebody has changed has none, as JupyterLab wants."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    with jupyterlab(tmp_path) as address:
        lessons = tmp_path / "notebooks" / "en"
        changed = lessons / "08_design_your_own.ipynb"
        changed.write_text(changed.read_text("utf-8") + "\n", "utf-8")
        trust_lessons(lessons.parent)
        for name, drawn in (("06_many_devices", True), ("08_design_your_own", False)):
            page = open_notebook(browser, address, f"en/{name}.ipynb").page
            outputs = page.locator(".jp-OutputArea-output .mfa-lab")
            expect(outputs.first).to_be_visible()
            assert (outputs.locator("svg").count() > 0) is drawn, name
            assert (page.locator(".jp-OutputArea-output style").count() > 0) is drawn, name
            page.close()
