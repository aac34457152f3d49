"""Ratios within one run: what `make bench` says at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

_MEDIANS = pytest.StashKey[dict[str, float]]()
_SENTENCES = pytest.StashKey[list[str]]()

Noted = Callable[[str, float], None]
Timed = Callable[[str, int], None]
Compare = Callable[[str, str, float], None]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_MEDIANS], config.stash[_SENTENCES] = {}, []


@pytest.fixture
def noted(request: pytest.FixtureRequest) -> Noted:
    """Note a median in seconds under a name."""

    def note(name: str, median: float) -> None:
        request.config.stash[_MEDIANS][name] = median
        request.config.stash[_SENTENCES].append(
            f"{name}: {median * 1e6:,.2f} µs each, {1 / median:,.0f} a second"
        )

    return note


@pytest.fixture
def timed(benchmark: BenchmarkFixture, noted: Noted) -> Timed:
    """Note the median of what was just timed, for one of `each` things, under a name."""

    def note(name: str, each: int = 1) -> None:
        noted(name, benchmark.stats.stats.median / each)

    return note


@pytest.fixture
def compare(request: pytest.FixtureRequest) -> Iterator[Compare]:
    """Say how many times as long one thing takes as another; fail below the least ratio."""
    medians = request.config.stash[_MEDIANS]

    def say(slow: str, fast: str, least: float) -> None:
        if slow not in medians or fast not in medians:
            pytest.skip("asks for the benchmarks before it")
        ratio = medians[slow] / medians[fast]
        request.config.stash[_SENTENCES].append(f"{slow} / {fast}: {ratio:.1f}")
        assert ratio >= least

    yield say


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("in one run")
    for sentence in terminalreporter.config.stash[_SENTENCES]:
        terminalreporter.line(sentence)
