"""The whole course in JupyterLab: every lesson runs to its end, and two of them are worked through."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from mfa_lab.lesson.content import content_of
from mfa_lab.text import say
from tests.browser.jupyterlab_page import Notebook, open_notebook
from tests.notebooks.lesson_file import LessonFile, lesson_files

NARROW = 800
by_language = pytest.mark.parametrize("language", ["en", "ja"])


@pytest.mark.parametrize("file", lesson_files(), ids=str)
def test_a_lesson_runs_to_its_end_and_can_be_read_by_everyone(
    file: LessonFile, browser: Browser, lab: str
) -> None:
    """Narrow, without the file browser; English in the light theme, Japanese in the dark one."""
    dark = file.language == "ja"
    notebook = open_notebook(
        browser, lab, f"{file.language}/{file.path.name}", dark=dark, width=NARROW
    )
    page = notebook.page
    page.keyboard.press("Control+b")
    notebook.run_all()
    expect(page.locator('.jp-OutputArea-output[data-mime-type*="error"]')).to_have_count(0)
    expect(page.locator('.jp-OutputArea-output[data-mime-type*="stderr"]')).to_have_count(0)
    checks = [cell for cell in file.code if "lesson.check(" in cell.source]
    expect(page.locator(".mfa-lab-verdict")).to_have_count(len(checks))
    found = Axe().run(page, context=".mfa-lab")
    assert found.response["passes"], "axe looked at nothing"
    assert not found.response["violations"], found.generate_report()
    assert too_wide(page) == []
    page.close()


def too_wide(page: Page) -> list[str]:
    """What would have to be scrolled sideways, or runs over what stands beside it."""
    found: list[str] = page.evaluate(
        """() => [".mfa-lab", ".jp-RenderedMarkdown", ".mfa-lab :is(p, li, td, th, dd, div)"]
            .flatMap((selector) => [...document.querySelectorAll(selector)])
            .filter((one) => one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1)
            .map((one) => one.className + ": " + one.textContent.trim().slice(0, 60))"""
    )
    return found


@pytest.fixture(params=["en", "ja"])
def opened(request: pytest.FixtureRequest, browser: Browser, lab: str) -> Iterator[Any]:
    """Opens a lesson in each language and runs it."""
    notebooks: list[Notebook] = []

    def open_and_run(lesson: str) -> Notebook:
        notebook = open_notebook(browser, lab, f"{request.param}/{lesson}.ipynb")
        notebook.run_all()
        notebooks.append(notebook)
        return notebook

    open_and_run.language = request.param  # type: ignore[attr-defined]
    yield open_and_run
    for notebook in notebooks:
        notebook.page.close()


def run(cell: Locator) -> None:
    """Run a cell again as one does: by a click into it and Ctrl+Enter."""
    prompt = cell.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    cell.locator(".cm-content").click()
    cell.page.keyboard.press("Control+Enter")
    expect(prompt).not_to_have_text(before)
    expect(prompt).not_to_contain_text("*")


def write(cell: Locator, source: str) -> None:
    """Put something else into a cell."""
    cell.locator(".cm-content").click()
    cell.page.keyboard.press("Control+a")
    cell.page.keyboard.insert_text(source)


def unfold(page: Page, cell_before: Locator, number: int) -> Locator:
    """Open a hint or the solution after a check by the keyboard."""
    folded = cell_before.locator("xpath=following-sibling::*[1]").locator("details").nth(number)
    expect(folded).not_to_have_attribute("open", "")
    folded.locator("summary").focus()
    page.keyboard.press("Space")
    expect(folded).to_have_attribute("open", "")
    return folded


def guess(notebook: Notebook, prediction: str, wrong: str) -> None:
    """Choose an answer by the keyboard, run the results, and see the guess beside its result."""
    page = notebook.page
    form = notebook.cell_of(f'lesson.predict("{prediction}")').locator("fieldset")
    choice = form.locator(f'input[value="{wrong}"]')
    choice.focus()
    page.keyboard.press("Space")
    expect(choice).to_be_checked()
    expect(form.locator(".recorded")).not_to_be_empty()


def verdict(cell: Locator) -> Locator:
    return cell.locator(".mfa-lab-verdict")


def test_lesson_03_is_worked_through(opened: Any) -> None:
    name = "03_two_more_actions"
    notebook, language = opened(name), opened.language
    page = notebook.page
    prediction = content_of(name).predictions[0]
    wrong = next(one for one in prediction.options if one != prediction.run())
    guess(notebook, prediction.name, wrong)
    results = notebook.cell_of(f'lesson.results("{prediction.name}"')
    run(results)
    expect(results.locator("tbody tr").first).to_contain_text(say("guess.other", language))

    bench = notebook.cell_of("repair = lesson.edit").locator(".mfa-lab-workbench")
    check = notebook.cell_of('lesson.check("repair"')
    run(check)
    expect(verdict(check)).to_contain_text(say("verdict.not_yet", language))
    for left in (8, 7):  # without the two wildcards, which stand last
        bench.locator("li.chip button").last.focus()
        page.keyboard.press("Delete")
        expect(bench.locator("li.chip")).to_have_count(left)
    run(check)
    expect(verdict(check)).to_contain_text(say("verdict.not_yet", language))
    unfold(page, check, 0)
    solution = unfold(page, check, -1)
    expect(solution).to_contain_text("iam:ChangePassword")
    bench.locator("input[role=combobox]").focus()
    for number, action in enumerate(("iam:ChangePassword", "iam:GetAccountPasswordPolicy"), 8):
        page.keyboard.type(action, delay=0)
        page.keyboard.press("Enter")
        expect(bench.locator("li.chip")).to_have_count(number)
    run(check)
    expect(verdict(check)).to_contain_text(say("verdict.right", language))


def test_lesson_08_is_worked_through(opened: Any) -> None:
    name = "08_design_your_own"
    notebook, language = opened(name), opened.language
    page = notebook.page
    guess(notebook, "newest", "both")
    results = notebook.cell_of("lesson.results()")
    run(results)
    expect(results.locator("tbody tr").first).to_contain_text(say("guess.other", language))

    stub, check = notebook.cell_of("more_statements = []"), notebook.cell_of('check("design"')
    expect(verdict(check)).to_contain_text(say("verdict.not_yet", language))
    expect(check.locator("table")).to_be_visible()  # the calls that show it
    [file] = [one for one in lesson_files(language) if one.name == name]
    [source] = [cell.source for cell in file.code if cell.id == "design"]
    article_exempting = source.replace(
        "not_action = [",
        'not_action = [\n    "iam:ChangePassword",\n    "iam:GetAccountPasswordPolicy",',
    )
    first = verdict(check).inner_text()
    write(stub, article_exempting)
    cell = notebook.cell_of("*allows, fence")
    run(cell)
    run(check)
    expect(verdict(check)).to_contain_text(say("verdict.not_yet", language))
    assert verdict(check).inner_text() != first  # it comes further
    for number in range(3):
        unfold(page, check, number)
    solution = unfold(page, check, -1)
    statement = next(
        text
        for text in solution.locator("code").all_inner_texts()
        if text.startswith("{") and "Deny" in text
    )
    assert json.loads(statement)["Effect"] == "Deny"
    write(
        cell, article_exempting.replace("more_statements = []", f"more_statements = [{statement}]")
    )
    run(notebook.cell_of("more_statements = [{"))
    run(check)
    expect(verdict(check)).to_contain_text(say("verdict.right", language))
