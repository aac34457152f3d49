"""`mfa-lab open`: JupyterLab on loopback, offline, on notebooks that may be written to."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from mfa_lab.cli.jupyterlab import command_line, setting
from mfa_lab.cli.open import _copy
from mfa_lab.cli.trusted_notebooks import SUMS
from tests.started import started

ROOT = Path(__file__).resolve().parents[2]

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
Failed = Callable[..., None]

MARKUP = json.dumps(
    {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "<b>changed</b>"}
)
LESSON = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n'


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder like site-packages, with the package as a wheel lays it down."""
    site = tmp_path / "site"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "mfa_lab", site / "mfa_lab", ignore=ignored)
    for language in ("en", "ja"):
        lesson = site / "mfa_lab" / "notebooks" / language / "00_start_here.ipynb"
        lesson.parent.mkdir(parents=True)
        lesson.write_text(LESSON, "utf-8")
    data = site / "mfa_lab" / "data"
    data.mkdir()
    sum_of_lesson = hashlib.sha256(LESSON.encode()).hexdigest()
    names = ("en/00_start_here.ipynb", "ja/00_start_here.ipynb", "ja/01_deleted.ipynb")
    (data / SUMS).write_text("".join(f"{sum_of_lesson}  {one}\n" for one in names), "utf-8")
    return site


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """A JupyterLab that shows how it was started, and ends."""
    folder = tmp_path / "stand_in"
    (folder / "jupyterlab").mkdir(parents=True)
    (folder / "jupyterlab" / "__init__.py").touch()
    main = folder / "jupyterlab" / "__main__.py"
    main.write_text("import sys\nprint('\\n'.join(sys.argv[1:]))\nsys.exit(7)\n", "utf-8")
    return folder


@pytest.fixture
def open_it(installed: Path, stand_in: Path, tmp_path: Path, environment: dict[str, str]) -> Run:
    """Run `mfa-lab open` from an installed package, in an empty folder, with the stand-in."""
    work = tmp_path / "work"
    work.mkdir()
    path = os.pathsep.join(map(str, (stand_in, installed)))
    environment = {**environment, "JUPYTER_DATA_DIR": str(tmp_path / "jupyter_data")}

    def run_it(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "mfa_lab.cli", "open", *arguments],
            capture_output=True,
            cwd=work,
            env={**environment, "PYTHONPATH": path, **options},
            timeout=60,
            check=False,
        )

    return run_it


def started_with(result: subprocess.CompletedProcess[bytes]) -> list[str]:
    assert result.returncode == 7, result.stderr  # the stand-in's own exit status
    return result.stdout.decode("utf-8").splitlines()


def test_an_installed_package_s_lessons_are_copied(open_it: Run, tmp_path: Path) -> None:
    result = open_it()
    copy = tmp_path / "work" / "mfa_lab_notebooks"
    assert f"--ServerApp.root_dir={copy}" in started_with(result)
    assert (copy / "en" / "00_start_here.ipynb").read_text("utf-8") == LESSON
    assert (copy / "ja" / "00_start_here.ipynb").read_text("utf-8") == LESSON
    assert "2 files" in result.stderr.decode("utf-8")
    assert not list(copy.rglob("*.part"))


def test_a_learner_s_own_copy_is_never_overwritten(
    open_it: Run, installed: Path, tmp_path: Path
) -> None:
    open_it()
    copy = tmp_path / "work" / "mfa_lab_notebooks" / "en"
    (copy / "00_start_here.ipynb").write_text("mine", "utf-8")
    new = installed / "mfa_lab" / "notebooks" / "en" / "10_new.ipynb"
    new.write_text(LESSON, "utf-8")
    result = open_it()
    assert (copy / "00_start_here.ipynb").read_text("utf-8") == "mine"
    assert (copy / "10_new.ipynb").read_text("utf-8") == LESSON
    assert "1 file " in result.stderr.decode("utf-8")


def test_where_a_package_lies_does_not_keep_its_lessons_from_being_copied(tmp_path: Path) -> None:
    package = tmp_path / "__pycache__" / "notebooks"
    for name in ("en/00_start_here.ipynb", "en/.ipynb_checkpoints/00_start_here.ipynb"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(LESSON, "utf-8")
    assert _copy(package, tmp_path / "copy") == 1
    assert (tmp_path / "copy" / "en" / "00_start_here.ipynb").read_text("utf-8") == LESSON


def trusted(tmp_path: Path, notebook: Path) -> bool:
    """Tell whether JupyterLab would show a notebook's stored outputs as they are."""
    notary: Any = NotebookNotary(data_dir=str(tmp_path / "jupyter_data"))  # type: ignore[no-untyped-call]
    with closing(notary):
        content = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
        return bool(notary.check_signature(content))


def test_the_lessons_are_trusted_and_what_others_made_of_them_is_not(
    open_it: Run, tmp_path: Path
) -> None:
    lessons = tmp_path / "work" / "mfa_lab_notebooks"
    (lessons / "en").mkdir(parents=True)
    changed = lessons / "en" / "00_start_here.ipynb"
    changed.write_text(LESSON.replace("[]", f"[{MARKUP}]"), "utf-8")
    strange = lessons / "en" / "99_from_somebody.ipynb"
    strange.write_text(LESSON.replace("[]", f"[{MARKUP}]"), "utf-8")
    open_it()
    assert trusted(tmp_path, lessons / "ja" / "00_start_here.ipynb")
    assert not trusted(tmp_path, changed) and not trusted(tmp_path, strange)


def test_where_nothing_can_be_noted_the_lessons_open_all_the_same(
    open_it: Run, tmp_path: Path
) -> None:
    (tmp_path / "jupyter_data").write_text("a file where the folder should be", "utf-8")
    assert started_with(open_it())
    (tmp_path / "jupyter_data").unlink()
    (tmp_path / "jupyter_data").mkdir()
    (tmp_path / "jupyter_data" / "nbsignatures.db").write_text("no database", "utf-8")
    result = open_it()
    assert started_with(result)
    assert b"Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"MFA_LAB_LANG": "ja"}, "ja"),
        ([], {"LC_ALL": "ja_JP.UTF-8"}, "ja"),
        (["--lang", "ja"], {"MFA_LAB_LANG": "en"}, "ja"),
        (["--lang=en"], {"LC_ALL": "ja_JP.UTF-8"}, "en"),
    ],
)
def test_the_first_lesson_of_the_language_is_opened(
    arguments: list[str], environment: dict[str, str], language: str, open_it: Run
) -> None:
    started = started_with(open_it(*arguments, **environment))
    assert f"--LabApp.default_url=/lab/tree/{language}/00_start_here.ipynb" in started
    assert not [argument for argument in started if "--lang" in argument]


def test_other_arguments_are_passed_on_as_they_are(open_it: Run) -> None:
    given = ["--no-browser", "--ServerApp.token=", "--allow-root", "-x", "some where", "--a=b c"]
    started = started_with(open_it(*given[:3], "--lang", "en", *given[3:]))
    assert started[-len(given) :] == given


def test_it_asks_nothing_of_the_network_and_serves_loopback_alone(open_it: Run) -> None:
    started = started_with(open_it())
    assert "--ServerApp.ip=localhost" in started
    assert "--LabApp.news_url=None" in started
    assert "--LabApp.extension_manager=readonly" in started
    (checker,) = [one for one in started if one.startswith("--LabApp.check_for_updates_class=")]
    assert checker.endswith(".NeverCheckForUpdate")


@pytest.mark.parametrize(
    ("given", "left_out"),
    [
        (["--ip", "0.0.0.0"], "--ServerApp.ip=localhost"),
        (["--ip=0.0.0.0"], "--ServerApp.ip=localhost"),
        (["--ServerApp.ip=::1"], "--ServerApp.ip=localhost"),
        (["--notebook-dir=/x"], "--ServerApp.root_dir=/there"),
        (["--ServerApp.root_dir", "/x"], "--ServerApp.root_dir=/there"),
        (["--LabApp.default_url=/doc"], "--LabApp.default_url=/lab"),
        (["--LabApp.extension_manager=pypi"], "--LabApp.extension_manager=readonly"),
        (["--port=1", "--port-retries=9"], "--ServerApp.port_retries=0"),
    ],
)
def test_what_the_user_says_wins(given: list[str], left_out: str) -> None:
    """JupyterLab ends with an error where it is given a setting twice."""
    folder = Path("/there")
    assert left_out in command_line(folder, "", ["--port=1"])
    started = command_line(folder, "", given)
    assert left_out not in started
    assert started[-len(given) :] == given


def test_no_other_port_than_the_one_asked_for() -> None:
    assert "--ServerApp.port_retries=0" in command_line(Path("/x"), "", ["--port", "8899"])
    assert "--ServerApp.port_retries=0" not in command_line(Path("/x"), "", [])


@pytest.mark.parametrize(
    ("given", "port"),
    [
        ([], None),
        (["--port", "1"], "1"),
        (["--port=2"], "2"),
        (["--ServerApp.port=3"], "3"),
        (["--ServerApp.port", "4"], "4"),
        (["--port"], ""),
        (["--port-retries=5"], None),
    ],
)
def test_a_setting_is_read_in_all_its_spellings(given: list[str], port: str | None) -> None:
    assert setting(given, "port") == port


@pytest.mark.parametrize("spelled", ["--port {}", "--port={}", "--ServerApp.port={}"])
def test_a_port_in_use(spelled: str, run: Run, failed: Failed) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        failed(run("open", "--no-browser", *spelled.format(port).split()), port)


@pytest.mark.parametrize("port", ["x", "-1", "65536", "1.5", "", "８８８８"])
def test_a_port_that_is_none(port: str, run: Run, failed: Failed) -> None:
    failed(run("open", "--no-browser", f"--port={port}"), "65535")


def test_without_jupyterlab(
    installed: Path, tmp_path: Path, environment: dict[str, str], failed: Failed
) -> None:
    code = (
        "import sys; from importlib.machinery import PathFinder; find = PathFinder.find_spec;"
        "PathFinder.find_spec = lambda name, *more: None if name == 'jupyterlab' else "
        "find(name, *more);"
        "from mfa_lab.cli import main; sys.exit(main(['open']))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        env={**environment, "PYTHONPATH": str(installed)},
        cwd=tmp_path,
        check=False,
    )
    failed(result, "JupyterLab is not installed", "-m pip install jupyterlab")
    assert not (tmp_path / "mfa_lab_notebooks").exists()


def test_without_lessons(installed: Path, open_it: Run, failed: Failed) -> None:
    shutil.rmtree(installed / "mfa_lab" / "notebooks")
    failed(open_it(), "notebooks")


def test_a_file_where_the_copy_should_be(open_it: Run, failed: Failed, tmp_path: Path) -> None:
    (tmp_path / "work" / "mfa_lab_notebooks").write_text("mine", "utf-8")
    failed(open_it(), "mfa_lab_notebooks", "cannot be written")


def test_a_folder_that_may_not_be_written_to(open_it: Run, failed: Failed, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.chmod(0o500)
    try:
        if os.access(work, os.W_OK):
            pytest.skip("this user may write everywhere")
        failed(open_it(), "cannot be written")
    finally:
        work.chmod(0o700)


def page_at(address: str) -> bytes:
    """Read a page; JupyterLab says its address a moment before it listens there."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 60
    while True:
        try:
            with opener.open(address, timeout=60) as response:
                page: bytes = response.read()
                return page
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError) or time.monotonic() > deadline:
                raise


@contextmanager
def terminal() -> Iterator[int]:
    """A terminal to start a program in: JupyterLab has a handler for Ctrl-C only in one.

    Elsewhere the signal is an exception, which is lost where nobody can catch it.
    """
    ours, theirs = os.openpty()
    try:
        yield theirs
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_jupyterlab_really_serves_and_ends_quietly(
    installed: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    home = {
        name: str(tmp_path / "home" / name)
        for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    arguments = ["--no-browser", "--port=0", "--allow-root"]
    with (
        terminal() as keyboard,
        started(
            [sys.executable, "-m", "mfa_lab.cli", "open", *arguments],
            cwd=tmp_path,
            env={**environment, **home, "PYTHONPATH": str(installed)},
            stdin=keyboard,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stderr
        said = []
        for line in process.stderr:
            said.append(line)
            if "http://127.0.0.1:" in line and "/lab/tree/en/00_start_here.ipynb?token=" in line:
                break
        else:
            pytest.fail("no address was shown:\n" + "".join(said))
        address = line.strip().partition("http://")[2]
        assert b"JupyterLab" in page_at(f"http://{address}")
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(60) == 0, rest
    assert "Traceback" not in "".join(said) + rest
