"""From a key press to the repainted table: JupyterLab in Chromium, the whole catalogue anew.

The page takes the time itself, from Enter to the first frame after table, list and status have
changed. Each edit asks all actions of AWS for every kind of credentials. Beside it an Enter that
Python refuses, which takes the same way there and back, computes nothing and draws one line: what
JupyterLab takes by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Locator, sync_playwright

from tests.browser.conftest import SWITCHES, chromium, jupyterlab
from tests.browser.jupyterlab_page import open_notebook

Noted = Callable[[str, float], None]
Compare = Callable[[str, str, float], None]

# Resolves with milliseconds once every one of some elements was changed and a frame was drawn.
WATCH = """(selectors) => {
  const bench = document.querySelector(".mfa-lab-workbench");
  window.repainted = new Promise((resolve) => {
    let begun;
    bench.querySelector("input").addEventListener(
      "keydown", () => { begun = performance.now(); }, { capture: true, once: true });
    const waiting = new Set(selectors);
    for (const selector of selectors) {
      const observer = new MutationObserver(() => {
        observer.disconnect();
        waiting.delete(selector);
        if (!waiting.size) {
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
        }
      });
      const watched = bench.querySelector(selector);
      observer.observe(watched, { childList: true, subtree: true, characterData: true });
    }
  });
}"""
TABLE = "div:has(> .mfa-lab-hint) > div:first-child"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locator]:
    executable = chromium()
    with sync_playwright() as playwright, jupyterlab(tmp_path_factory.mktemp("home")) as lab:
        browser = playwright.chromium.launch(executable_path=executable, args=SWITCHES)
        notebook = open_notebook(browser, lab, Path("en/01_force_mfa_policy.ipynb").as_posix())
        notebook.run_all()
        found = notebook.page.locator(".mfa-lab-workbench")
        found.locator("input").wait_for()
        yield found
        browser.close()


def seconds_of(bench: Locator, typed: list[str], changes: list[str]) -> float:
    """Give the median time from Enter until all that changes is painted."""
    times = []
    for text in typed:
        bench.locator("input").fill(text)
        bench.page.locator(".suggestions [role=option]").first.wait_for()
        bench.page.evaluate(WATCH, changes)
        bench.locator("input").press("Enter")
        milliseconds: float = bench.page.evaluate("() => window.repainted")
        times.append(milliseconds / 1000)
    return median(times)


def test_repaint(bench: Locator, noted: Noted) -> None:
    services = (
        "athena cloudtrail cloudwatch dynamodb ec2 ecr ecs eks elasticache glue "
        "kms lambda logs rds route53 s3 sns sqs ssm states"
    )
    patterns = [f"{service}:*" for service in services.split()]
    everything = [TABLE, ".chips", ".status"]
    noted("key press to repainted table", seconds_of(bench, patterns, everything))
    listed = ["iam:GetUser", "iam:ListMFADevices"] * (len(patterns) // 2)
    noted("key press to a refused entry", seconds_of(bench, listed, [".status"]))


def test_against_the_way_there_and_back(compare: Compare) -> None:
    compare("key press to repainted table", "key press to a refused entry", 1)
