"""Lesson 01 in JupyterLab, as somebody with a keyboard uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.jupyterlab_page import Notebook, open_notebook

LESSON = "01_force_mfa_policy.ipynb"
CHOSEN_BY_PATTERN = "iam:*MFA*"
WIDGETS = ".mfa-lab"


@pytest.fixture(scope="module", params=["en", "ja"])
def lesson(request: pytest.FixtureRequest, browser: Browser, lab: str) -> Iterator[Notebook]:
    """The lesson in each language, run from top to bottom."""
    notebook = open_notebook(browser, lab, f"{request.param}/{LESSON}")
    notebook.run_all()
    yield notebook
    notebook.page.close()


@pytest.fixture
def workbench(lesson: Notebook) -> Iterator[Locator]:
    """The editor and its table, at the starting list."""
    bench = lesson.page.locator(".mfa-lab-workbench")
    expect(bench.locator(".mfa-lab-editor")).to_be_visible()
    yield bench
    if bench.locator("button.reset").get_attribute("aria-disabled") == "false":
        bench.locator("button.reset").click()
        expect(bench.locator("button.reset")).to_have_attribute("aria-disabled", "true")


def field(bench: Locator) -> Locator:
    return bench.locator("input[role=combobox]")


def chips(bench: Locator) -> list[str]:
    return bench.locator("li.chip code").all_inner_texts()


def cell(bench: Locator, action: str, column: int) -> Locator:
    row = bench.locator("tbody tr", has=bench.page.get_by_text(action, exact=True))
    return row.locator(f'td[data-column="{column}"]')


def status(bench: Locator) -> Locator:
    return bench.locator(".status")


def focused(page: Page) -> str:
    """What has the focus, as a screen reader would name it."""
    name: str = page.evaluate(
        """() => {
            const one = document.activeElement;
            return one.getAttribute("aria-label") || one.getAttribute("role") || one.tagName;
        }"""
    )
    return name


def test_run_all_reaches_the_bottom_without_an_error(lesson: Notebook) -> None:
    expect(lesson.page.locator('.jp-OutputArea-output[data-mime-type*="error"]')).to_have_count(0)
    expect(lesson.page.locator(".mfa-lab-verdict")).to_have_count(2)


def test_a_pattern_typed_at_full_speed_is_added_whole(workbench: Locator) -> None:
    before = chips(workbench)
    field(workbench).click()
    workbench.page.keyboard.type(CHOSEN_BY_PATTERN, delay=0)
    workbench.page.keyboard.press("Enter")
    expect(workbench.locator("li.chip")).to_have_count(len(before) + 1)
    assert chips(workbench) == [*before, CHOSEN_BY_PATTERN]
    assert "11" in workbench.locator("li.chip").last.inner_text()  # what the pattern matches
    expect(status(workbench)).to_contain_text("iam:*MFA*")
    expect(status(workbench)).to_contain_text("22,315")  # how many actions nobody notices
    expect(field(workbench)).to_be_focused()
    expect(field(workbench)).to_have_value("")
    expect(workbench.locator("ul.suggestions")).to_be_hidden()


def test_the_table_answers_an_edit(workbench: Locator) -> None:
    expect(cell(workbench, "iam:ChangePassword", 0)).to_have_class("explicit_deny")
    field(workbench).fill("iam:ChangePassword")
    field(workbench).press("Enter")
    changed = cell(workbench, "iam:ChangePassword", 0)
    expect(changed).to_have_class("allow changed")
    expect(changed).to_contain_text("✓")
    expect(cell(workbench, "iam:ChangePassword", 2)).to_have_class("refused")
    expect(cell(workbench, "iam:CreateAccessKey", 0)).to_have_class("explicit_deny")
    expect(status(workbench)).to_contain_text("22,320")


def test_the_keyboard_alone_does_everything(workbench: Locator) -> None:
    page, keyboard = workbench.page, workbench.page.keyboard
    before = chips(workbench)
    field(workbench).focus()
    keyboard.type("changepass")
    expect(workbench.locator("li[role=option]").first).to_contain_text("iam:ChangePassword")
    keyboard.press("ArrowDown")
    expect(workbench.locator("li[aria-selected=true]")).to_contain_text("iam:ChangePassword")
    option = workbench.locator("li[aria-selected=true]").get_attribute("id")
    assert field(workbench).get_attribute("aria-activedescendant") == option
    keyboard.press("Enter")
    expect(workbench.locator("li.chip")).to_have_count(len(before) + 1)
    expect(field(workbench)).to_be_focused()

    keyboard.press("Backspace")  # in the empty field: to the last chip
    expect(workbench.locator("li.chip button").last).to_be_focused()
    keyboard.press("Delete")
    expect(workbench.locator("li.chip")).to_have_count(len(before))
    assert "sts:GetSessionToken" in focused(page)  # the focus stays among the chips

    keyboard.press("Escape")
    expect(field(workbench)).to_be_focused()
    keyboard.press("Control+z")  # undoes the removal
    expect(workbench.locator("li.chip")).to_have_count(len(before) + 1)
    keyboard.press("Control+z")  # and the addition
    expect(workbench.locator("li.chip")).to_have_count(len(before))
    assert chips(workbench) == before

    for _ in range(3):  # add, undo, back to the start
        keyboard.press("Tab")
    keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "copy"


def test_the_suggestions_close_and_do_not_come_back(workbench: Locator) -> None:
    field(workbench).focus()
    workbench.page.keyboard.type("iam:List")
    expect(workbench.locator("ul.suggestions")).to_be_visible()
    assert workbench.locator("li[role=option]").count() <= 20
    workbench.page.keyboard.press("Escape")
    expect(workbench.locator("ul.suggestions")).to_be_hidden()
    expect(field(workbench)).to_have_attribute("aria-expanded", "false")
    expect(field(workbench)).to_have_value("iam:List")
    field(workbench).fill("")


def test_a_chip_is_removed_and_comes_back(workbench: Locator) -> None:
    before = chips(workbench)
    workbench.locator("li.chip button", has_text="iam:EnableMFADevice").click()
    expect(workbench.locator("li.chip")).to_have_count(len(before) - 1)
    expect(cell(workbench, "iam:EnableMFADevice", 0)).to_have_class("explicit_deny changed")
    workbench.locator("button.undo").click()
    expect(workbench.locator("li.chip")).to_have_count(len(before))
    expect(cell(workbench, "iam:EnableMFADevice", 0)).to_have_class("allow")
    assert chips(workbench) == before
    assert workbench.page.evaluate("document.activeElement.className") == "undo"


def test_a_step_of_the_article_is_one_key_away(workbench: Locator) -> None:
    workbench.locator("button.preset").nth(1).press("Enter")
    expect(workbench.locator("li.chip")).to_have_count(9)
    expect(cell(workbench, "iam:GetAccountPasswordPolicy", 1)).to_have_class("allow changed")
    expect(status(workbench)).to_contain_text("22,319")
    workbench.locator("button.undo").press("Enter")
    expect(workbench.locator("li.chip")).to_have_count(7)


def test_the_name_of_an_action_alone_is_added_as_the_action(workbench: Locator) -> None:
    field(workbench).click()
    workbench.page.keyboard.type("changepassword", delay=0)
    workbench.page.keyboard.press("Enter")
    expect(workbench.locator("li.chip")).to_have_count(8)
    assert chips(workbench)[-1] == "iam:ChangePassword"


def test_what_is_refused_comes_back_to_be_mended(workbench: Locator) -> None:
    before = chips(workbench)
    field(workbench).fill("iam:Change Password")
    field(workbench).press("Enter")
    expect(status(workbench)).to_have_class(re.compile("refused"))
    expect(field(workbench)).to_have_value("iam:Change Password")
    assert chips(workbench) == before
    field(workbench).fill("")


def test_an_unknown_action_is_accepted_with_a_warning(workbench: Locator) -> None:
    field(workbench).fill("iam:ChangePasword")
    field(workbench).press("Enter")
    expect(workbench.locator("li.chip.unknown")).to_contain_text("iam:ChangePasword")
    expect(status(workbench)).to_contain_text("iam:ChangePassword")  # the nearest


def test_text_that_looks_like_markup_stays_text(workbench: Locator) -> None:
    field(workbench).fill("<img src=x onerror=alert(1)>")
    field(workbench).press("Enter")
    expect(status(workbench)).to_contain_text("<img")
    expect(workbench.locator("img")).to_have_count(0)
    field(workbench).fill("")


def test_a_whole_list_is_pasted(workbench: Locator) -> None:
    before = chips(workbench)
    field(workbench).focus()
    workbench.page.evaluate(
        """() => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text", '"iam:ListUsers",\\n"iam:GetLoginProfile"');
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
            );
        }"""
    )
    expect(workbench.locator("li.chip")).to_have_count(len(before) + 2)


def test_the_edited_policy_can_be_copied(workbench: Locator) -> None:
    workbench.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    field(workbench).fill("iam:ChangePassword")
    field(workbench).press("Enter")
    expect(workbench.locator("li.chip")).to_have_count(8)
    workbench.locator("button.copy").click()
    expect(workbench.locator(".copied")).not_to_be_empty()
    copied = workbench.page.evaluate("navigator.clipboard.readText()")
    assert '"iam:ChangePassword"' in copied.rpartition("NotAction")[2]


def test_arrow_keys_move_in_the_table_and_enter_shows_why(lesson: Notebook) -> None:
    table = lesson.cell_of("lesson.table(policy)")
    table.locator("td[tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Enter"):
        lesson.page.keyboard.press(key)
    opened = table.locator('td[aria-selected="true"]')
    expect(opened).to_have_attribute("data-row", "2")
    expect(opened).to_be_focused()
    trace = table.locator(".mfa-lab-trace")
    expect(trace).to_contain_text("iam:ChangePassword")
    expect(trace).to_contain_text("DenyAllExceptListedIfNoMFA")
    expect(trace).to_contain_text("AllowManageOwnPasswords")
    lesson.page.keyboard.press("End")
    expect(table.locator("td:focus")).to_have_attribute("data-column", "5")


def test_the_open_cell_follows_an_edit(workbench: Locator) -> None:
    cell(workbench, "iam:ChangePassword", 0).click()
    answer = workbench.locator(".mfa-lab-trace .answer")
    expect(answer).to_have_class("answer explicit_deny")
    field(workbench).fill("iam:ChangePassword")
    field(workbench).press("Enter")
    expect(answer).to_have_class("answer allow")


def test_a_guess_is_recorded_and_stands_beside_the_result(lesson: Notebook) -> None:
    page = lesson.page
    question = lesson.cell_of('lesson.predict("enable_by_key")')
    question.locator("input[value=explicit_deny]").check()
    expect(question.locator(".recorded")).not_to_be_empty()
    results = lesson.cell_of("lesson.results()")
    results.locator(".jp-Editor").click()
    page.keyboard.press("Control+Enter")
    row = results.locator("tbody tr").nth(1)
    expect(row.locator("td.explicit_deny")).to_have_count(1)
    expect(row.locator("td.allow")).to_have_count(1)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_axe_finds_nothing_in_the_widgets(
    browser: Browser, lab: str, language: str, dark: bool
) -> None:
    notebook = open_notebook(browser, lab, f"{language}/{LESSON}", dark=dark, width=800)
    notebook.run_all()
    page = notebook.page
    bench = page.locator(".mfa-lab-workbench")
    field(bench).fill("iam:*MFA*")
    expect(bench.locator("ul.suggestions")).to_be_visible()
    suggestions = Axe().run(page, context=".mfa-lab-editor")
    assert not suggestions.response["violations"], suggestions.generate_report()
    field(bench).press("Enter")
    cell(bench, "iam:DeactivateMFADevice", 0).click()
    expect(bench.locator(".mfa-lab-trace")).to_be_visible()
    found = Axe().run(page, context=WIDGETS)
    assert found.response["passes"], "axe looked at nothing"
    assert not found.response["violations"], found.generate_report()
    page.close()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_table_fits_a_narrow_window(browser: Browser, lab: str, language: str) -> None:
    notebook = open_notebook(browser, lab, f"{language}/{LESSON}", width=800)
    notebook.page.keyboard.press("Control+b")  # without the file browser, as one would
    notebook.run_all()
    too_wide = notebook.page.evaluate(
        """() => [...document.querySelectorAll(".mfa-lab-table, .mfa-lab-plain")]
            .filter((one) => one.scrollWidth > one.clientWidth + 1)
            .map((one) => one.querySelector("caption").textContent)"""
    )
    assert too_wide == []
    notebook.page.close()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_word_runs_over_the_next_beside_the_file_browser(
    browser: Browser, lab: str, language: str
) -> None:
    notebook = open_notebook(browser, lab, f"{language}/{LESSON}", width=800)
    notebook.run_all()
    cut_off = notebook.page.evaluate(
        """() => [...document.querySelectorAll(".mfa-lab-table td, .mfa-lab-table tbody th")]
            .filter((one) => one.scrollWidth > one.clientWidth + 1)
            .map((one) => one.textContent)"""
    )
    assert cut_off == []
    notebook.page.close()


def test_each_guess_is_of_its_own_box(lesson: Notebook) -> None:
    """The arrow keys stay in a box, and a choice in one leaves the others as they are."""
    boxes = lesson.page.locator("fieldset.mfa-lab-guess")
    first, second = boxes.nth(0).locator("input"), boxes.nth(1).locator("input")
    first.nth(1).check()
    second.nth(0).check()
    expect(first.nth(1)).to_be_checked()
    second.nth(0).focus()
    lesson.page.keyboard.press("ArrowUp")
    expect(second.last).to_be_checked()
    lesson.page.keyboard.press("ArrowDown")
    expect(second.first).to_be_checked()
    expect(first.nth(1)).to_be_checked()
    names = boxes.evaluate_all("all => all.map((one) => one.querySelector('input').name)")
    assert len(set(names)) == len(names) > 1
