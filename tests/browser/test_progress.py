"""A guess survives a restart of the kernel, and the page to keep opens from the notebook."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from mfa_lab.lesson import Lesson
from mfa_lab.lesson.progress.summary_file import write_page
from mfa_lab.text import LANGUAGES
from mfa_lab.view.course.summary_page import SummaryPage
from tests.browser.jupyterlab_page import open_notebook

LESSON = "00_start_here.ipynb"
RESTART = """async () => {
  const context = window.jupyterapp.shell.currentWidget.sessionContext;
  await context.session.kernel.restart();
}"""


def add_cells(file: Path, *sources: str) -> None:
    """Add code at the end, as a learner would."""
    notebook = json.loads(file.read_text("utf-8"))
    for number, source in enumerate(sources):
        notebook["cells"].append(
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"added-{number}",
                "metadata": {},
                "outputs": [],
                "source": source,
            }
        )
    file.write_text(json.dumps(notebook), "utf-8")


def test_a_guess_survives_a_restart_of_the_kernel(
    browser: Browser, lab_with_progress: tuple[str, Path]
) -> None:
    address, folder = lab_with_progress
    add_cells(folder / "en" / LESSON, "lesson.progress()", 'lesson.keep_progress("Ann")')
    notebook = open_notebook(browser, address, f"en/{LESSON}", width=800)
    page = notebook.page
    notebook.run_all()
    question = notebook.cell_of('lesson.predict("delete_key")')
    expect(question.locator("input[type=radio]:checked")).to_have_count(0)
    assert not (folder / ".mfa_lab_progress.json").exists()
    question.locator("label.explicit_deny").click()
    expect(question.locator(".recorded")).to_contain_text("recorded")

    page.evaluate(RESTART)
    notebook.run_all()
    expect(question.locator("input[type=radio]:checked")).to_have_count(1)
    expect(question.locator("label.explicit_deny input")).to_be_checked()
    expect(question.locator(".recorded")).to_contain_text("recorded")

    progress = page.locator(".mfa-lab-progress")
    expect(progress).to_contain_text("1 came out as you guessed")
    findings = Axe().run(page, context=".mfa-lab-progress").response
    assert findings["violations"] == []
    assert progress.evaluate("one => one.scrollWidth <= one.clientWidth")

    # A click on the link opens the page in JupyterLab itself.
    page.locator(".mfa-lab-kept a").click()
    tab = page.locator(".lm-TabBar-tab", has_text="mfa_lab_progress_en.html")
    expect(tab).to_have_count(1)
    shown = page.frame_locator(".jp-HTMLViewer iframe, iframe")
    expect(shown.locator("h1")).to_contain_text("What I did and saw")
    expect(shown.locator("main")).to_contain_text("Ann")
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_to_keep_is_accessible_and_fits(
    language: str, browser: Browser, tmp_path: Path
) -> None:
    lesson = Lesson("01_force_mfa_policy", language)
    for question in ("enable_by_key", "password_by_key"):
        lesson.guess(question, "allow")
    lesson.results("enable_by_key")
    file = write_page(SummaryPage(lesson.progress(), "花子", "2026-11-24"), tmp_path)
    lesson.forget_guesses()
    page = browser.new_page(viewport={"width": 800, "height": 1000})
    page.goto(file.as_uri())
    expect(page.locator("h3")).to_have_count(1)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
