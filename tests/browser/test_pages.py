"""The slides in Chromium without a network, and the pages beside the lessons in JupyterLab."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from mfa_lab.cli import main
from tests.browser.jupyterlab_page import open_notebook

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted(path.stem for path in (ROOT / "notebooks" / "en").glob("*.ipynb"))
OVERFLOW = """() => {
  const slide = slides[current];
  return slide.scrollWidth > slide.clientWidth;
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("slides")
    assert main(["slides", str(made)]) == 0
    return made


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, asked: list[str]) -> Page:
    """A page on a projector of 1280 × 720, which may ask for files alone."""

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            route.abort()

    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.route("**/*", answer)
    return page


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("lesson", LESSONS)
def test_slides_ask_for_nothing_and_fit_the_width(
    lesson: str, language: str, folder: Path, page: Page, asked: list[str]
) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text))
    address = (folder / language / f"{lesson}.html").as_uri()
    page.goto(address)
    count = page.locator("section.slide").count()
    for number in range(1, count + 1):
        expect(page.locator("section.slide:visible")).to_have_count(1)
        expect(page.locator(".place")).to_have_text(f"{number} / {count}")
        assert not page.evaluate(OVERFLOW), number
        page.keyboard.press("ArrowRight")
    expect(page.locator(".place")).to_have_text(f"{count} / {count}")
    assert asked == [address]
    assert errors == []
    page.close()


@pytest.mark.browser
def test_slides_are_turned_by_keys(folder: Path, page: Page) -> None:
    page.goto((folder / "en" / f"{LESSONS[0]}.html").as_uri() + "#3")
    place = page.locator(".place")
    count = page.locator("section.slide").count()
    for key, number in [("ArrowRight", 4), ("PageUp", 3), ("Home", 1), ("ArrowLeft", 1),
                        (" ", 2), ("Shift+Space", 1), ("End", count), ("PageDown", count)]:  # fmt: skip
        page.keyboard.press(key)
        expect(place).to_have_text(f"{number} / {count}")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == (
            f"{number} / {count}"
        )
    page.close()


@pytest.mark.browser
def test_a_slide_that_goes_on_below_says_so(folder: Path, page: Page) -> None:
    page.goto((folder / "en" / "06_many_devices.html").as_uri())
    root, keys = page.locator("html"), page.locator(".keys")
    arrow = "one => getComputedStyle(one, '::before').content"
    assert keys.evaluate(arrow) == "none"
    page.evaluate("show(slides.findIndex((one) => one.querySelector('svg')))")
    assert "↓" in keys.evaluate(arrow)
    page.evaluate("slides[current].scrollTop = slides[current].scrollHeight")
    expect(root).not_to_contain_class("more-below")
    page.keyboard.press("ArrowUp")  # the slide has the focus, so the arrows scroll it
    expect(root).to_contain_class("more-below")
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "link", "heading"), [("en", "Glossary", "Glossary"), ("ja", "用語集", "用語集")]
)
def test_a_page_opens_rendered_from_the_lesson_and_leads_back(
    browser: Browser, lab: str, language: str, link: str, heading: str
) -> None:
    """JupyterLab opens a link to Markdown in its preview, not in its editor."""
    notebook = open_notebook(browser, lab, f"{language}/00_start_here.ipynb")
    page = notebook.page
    page.locator(".jp-Notebook a", has_text=link).click()
    shown = page.locator(".jp-MarkdownViewer")
    expect(shown.locator("h1")).to_contain_text(heading)
    assert shown.locator("table tbody tr").count() >= 40
    expect(page.locator(".jp-FileEditor")).to_have_count(0)
    shown.locator("a", has_text="00 ·").first.click()
    expect(page.locator(".jp-NotebookPanel:visible")).to_have_count(1)
    page.close()
