"""The console and the phone in JupyterLab, with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect

from mfa_lab.text import say
from tests.browser.jupyterlab_page import Notebook, open_notebook

OLD, NEW = "First-Pass-0", "Second-Pass-1"
STAGE = """
from mfa_lab import Account
from mfa_lab.lesson import Lesson

lesson = Lesson("01_force_mfa_policy", language="{language}")
account = Account()
policy = lesson.policy("2021-05-13_article")
alice = account.create_user("alice", policy, password="{password}", reset={reset})
console, phone = lesson.console(account), lesson.phone(account)
"""
REFUSED = {
    "en": "Either user is not authorized to perform iam:ChangePassword or entered password does not comply with account password policy set by administrator",
    "ja": "ユーザーに iam:ChangePassword を実行する権限がないか、入力されたパスワードが管理者によって設定されたアカウントパスワードポリシーに準拠していません",
}
by_language = pytest.mark.parametrize("language", ["en", "ja"])


def scratch(
    browser: Browser,
    lab: str,
    language: str,
    *cells: str,
    reset: bool = False,
    dark: bool = False,
    width: int = 1280,
) -> Notebook:
    """A notebook that is not a lesson, run: a console, a phone and what else a test needs."""
    stage = STAGE.format(language=language, password=OLD, reset=reset)
    sources = (stage, "console", "phone", *cells)
    cells_of_it: list[dict[str, Any]] = [
        {"cell_type": "code", "id": f"cell-{number}", "source": source, "metadata": {},
         "outputs": [], "execution_count": None}
        for number, source in enumerate(sources)
    ]  # fmt: skip
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "cells": cells_of_it,
    }
    name = f"{language}/scratch.ipynb"
    page = browser.new_page()
    page.request.put(
        f"{lab}/api/contents/notebooks/{name}", data={"type": "notebook", "content": notebook}
    )
    page.close()
    opened = open_notebook(browser, lab, name, dark=dark, width=width)
    opened.page.keyboard.press("Control+b")  # without the file browser, as one would
    opened.run_all()
    return opened


def console_of(notebook: Notebook) -> Locator:
    view = notebook.page.locator(".mfa-lab-console.live").first
    expect(view.locator("form.sign_in")).to_be_visible()
    return view


def phone_of(notebook: Notebook) -> Locator:
    return notebook.page.locator(".mfa-lab-phone").first


def message(view: Locator) -> Locator:
    return view.locator(".message")


def type_on(view: Locator, *texts: str) -> None:
    """Type into the box that has the focus and those after it, then press Enter."""
    for number, text in enumerate(texts):
        if number:
            view.page.keyboard.press("Tab")
        view.page.keyboard.type(text, delay=0)
    view.page.keyboard.press("Enter")


def tab_to(view: Locator, name: str) -> Locator:
    """Press Tab until a button or a box of a name has the focus."""
    wanted = view.get_by_role("button", name=name, exact=True).or_(
        view.get_by_label(name, exact=True)
    )
    for _ in range(20):
        view.page.keyboard.press("Tab")
        if wanted.first.evaluate("one => one === document.activeElement"):
            return wanted.first
    raise AssertionError(f"Tab does not come to {name!r}")


def sign_in(view: Locator, password: str) -> None:
    view.locator("form.sign_in input").first.focus()
    view.page.keyboard.press("Control+a")
    type_on(view, "alice", password)


@by_language
def test_the_dead_end_at_the_first_sign_in(browser: Browser, lab: str, language: str) -> None:
    notebook = scratch(browser, lab, language, reset=True)
    view = console_of(notebook)
    sign_in(view, OLD)
    expect(message(view)).to_contain_text(say("console.give_new_password", language))
    first = view.locator("form.change_forced_password input").first
    expect(first).to_be_focused()
    type_on(view, OLD, NEW, NEW)
    expect(message(view)).to_contain_text(REFUSED[language])
    expect(message(view)).to_have_attribute("role", "alert")
    expect(message(view)).to_be_focused()
    expect(first).to_have_value(OLD)  # to be mended, not typed again

    tab_to(view, f"{say('console_view.why', language)} iam:ChangePassword")
    view.page.keyboard.press("Enter")
    trace = view.locator(".mfa-lab-trace")
    expect(trace).to_contain_text("DenyAllExceptListedIfNoMFA")
    view.page.keyboard.press("Enter")
    expect(trace).to_have_count(0)
    expect(notebook.page.locator(".jp-Cell")).to_have_count(3)  # no key reached the notebook
    notebook.page.close()


@by_language
def test_the_documented_way(browser: Browser, lab: str, language: str) -> None:
    notebook = scratch(browser, lab, language)
    view, phone, keyboard = console_of(notebook), phone_of(notebook), notebook.page.keyboard

    def form(key: str) -> str:
        return say(f"console_form.{key}", language)

    sign_in(view, OLD)
    expect(message(view)).to_contain_text(say("console.signed_in", language, user="alice"))
    expect(message(view)).to_be_focused()
    tab_to(view, form("device_name"))
    keyboard.press("Enter")
    picture = view.get_by_alt_text(say("console_view.qr_code", language, name="alice"))
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.complete && one.naturalWidth > 60")
    expect(view.locator("form.scan_device button")).to_be_focused()
    keyboard.press("Enter")
    first = view.locator("form.finish_device input").first
    expect(first).to_be_focused()
    code, wait = phone.locator("code.code"), phone.get_by_role("button")
    before = code.inner_text()
    wait.press("Enter")
    expect(code).not_to_have_text(before)
    first.focus()
    type_on(view, before, code.inner_text())
    expect(message(view)).to_contain_text(say("console.device_enrolled", language))
    expect(picture).to_have_count(0)

    tab_to(view, form("sign_out"))
    keyboard.press("Enter")
    expect(view.locator("form.sign_in input").first).to_have_value("alice")
    expect(view.locator("form.sign_in input").last).to_have_value("")
    sign_in(view, OLD)
    expect(view.locator("form.give_code input")).to_be_focused()
    used = code.inner_text()
    wait.press("Enter")
    expect(code).not_to_have_text(used)
    view.locator("form.give_code input").focus()
    type_on(view, code.inner_text())
    expect(message(view)).to_contain_text(say("console.signed_in", language, user="alice"))
    tab_to(view, form("old_password"))
    type_on(view, OLD, NEW, NEW)
    expect(message(view)).to_contain_text(say("console.password_changed", language))
    expect(view.locator(".calls li")).to_have_class("allow")
    for box in view.locator("form.change_password input").all():
        expect(box).to_have_value("")
    notebook.page.close()


def test_a_cell_and_the_page_stay_in_step(browser: Browser, lab: str) -> None:
    cells = ('console.sign_in("alice", "First-Pass-0")', "console", "account.close()")
    notebook = scratch(browser, lab, "en", *cells)
    view, again = notebook.page.locator(".mfa-lab-console.live").all()
    for one in (view, again):
        expect(one.locator("h3")).to_contain_text("signed in")
    view.locator("form.list_devices button").press("Enter")  # the account is closed by now
    for one in (view, again):
        expect(message(one)).to_contain_text("This account is closed.")
    expect(
        notebook.page.locator('[data-mime-type*="error"], [data-mime-type*="stderr"]')
    ).to_have_count(0)
    notebook.page.close()


def test_keys_do_not_reach_the_notebook(browser: Browser, lab: str) -> None:
    notebook = scratch(browser, lab, "en")
    view, cells = console_of(notebook), notebook.page.locator(".jp-Cell")
    button = view.locator("form.sign_in button")
    for key in ("a", "b", "d", "d", "x", "m", "ArrowDown"):
        button.press(key)
        expect(button).to_be_focused()
    expect(cells).to_have_count(3)
    notebook.page.close()


def test_a_kernel_that_is_gone_is_said_in_a_sentence(browser: Browser, lab: str) -> None:
    notebook = scratch(browser, lab, "ja")
    view = console_of(notebook)
    notebook.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()"
    )
    sign_in(view, OLD)
    expect(view.locator(".note[role=status]")).to_contain_text("カーネルを再起動した場合は")
    notebook.page.close()


@pytest.fixture
def machine_clock(browser: Browser, lab: str) -> Iterator[Notebook]:
    cell = (
        "from mfa_lab.account.clock import RealClock\n"
        "account = Account(clock=RealClock())\n"
        'account.create_user("alice", policy, password="First-Pass-0")\n'
        "console, phone = lesson.console(account), lesson.phone(account)\n"
        'console.sign_in("alice", "First-Pass-0")\n'
        "console.enrol_device(phone)\n"
        "phone"
    )
    notebook = scratch(browser, lab, "en", cell)
    yield notebook
    notebook.page.close()


def test_on_the_machine_s_clock_the_seconds_count_down(machine_clock: Notebook) -> None:
    phone = machine_clock.page.locator(".mfa-lab-phone").last
    left = phone.locator(".left")
    expect(left).to_have_text(re.compile(r"\d+ seconds? left"))
    before = left.inner_text()
    expect(left).not_to_have_text(before, timeout=5_000)
    expect(phone.get_by_role("button")).to_have_count(0)
    assert not phone.locator("[aria-live]").count()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@by_language
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, lab: str, language: str, dark: bool
) -> None:
    notebook = scratch(browser, lab, language, "console.sign_out()", dark=dark, width=800)
    view = console_of(notebook)

    def look() -> None:
        found = Axe().run(notebook.page, context=".mfa-lab")
        assert found.response["passes"], "axe looked at nothing"
        assert not found.response["violations"], found.generate_report()
        too_wide = notebook.page.evaluate(
            """() => [...document.querySelectorAll(".mfa-lab, .mfa-lab *")]
                .filter((one) => !one.closest(".spoken") && one.checkVisibility())
                .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
                .map((one) => one.outerHTML.slice(0, 80))"""
        )
        assert too_wide == []

    look()
    sign_in(view, OLD)
    expect(view.locator("form.change_password")).to_be_visible()
    look()
    view.locator("form.begin_device button").press("Enter")
    expect(view.locator("img")).to_be_visible()
    view.locator("form.scan_device button").press("Enter")
    view.locator("summary").press("Enter")
    expect(view.locator(".secret")).to_be_visible()
    look()
    view.locator("form.cancel_device button").press("Enter")
    expect(view.locator("form.change_password")).to_be_visible()
    view.get_by_label(say("console_form.old_password", language)).focus()
    type_on(view, OLD, NEW, NEW)
    expect(message(view)).to_have_attribute("role", "alert")
    view.locator("button.why").press("Enter")
    expect(view.locator(".mfa-lab-trace")).to_be_visible()
    view.locator(".mfa-lab-trace summary").last.press("Enter")
    look()
    notebook.page.close()
