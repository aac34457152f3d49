"""What all commands share: help, version, languages, one sentence where something is wrong."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mfa_lab.cli import main
from mfa_lab.cli.commands import COMMANDS, NAMES
from mfa_lab.text import LANGUAGES, catalogue
from tests.started import started

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
Failed = Callable[..., None]

EVERY = [[], *([name] for name in NAMES)]
BAD = b'{"Version": "2012-10-17", "Statement": [{"Effect": "Allow"'


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", EVERY, ids="-".join)
def test_help_shows_usage_every_option_and_an_example(
    command: list[str], language: str, run: Run
) -> None:
    given = command if command == ["evaluate"] else [*command, "--lang", language]
    result = run(*given, "--help")
    text = result.stdout.decode("utf-8")
    spoken = "en" if command == ["evaluate"] else language
    sentences = catalogue(spoken)
    assert (result.returncode, result.stderr) == (0, b"")
    assert text.startswith(f"{sentences['cli.heading.usage']} mfa-lab")
    example = text.partition(sentences["cli.heading.example"])[2]
    assert example.strip().startswith(" ".join(["mfa-lab", *command]))
    assert "--version" in text and "--help" in text
    assert (language == "ja") == bool(re.search("[ぁ-ん]", text)) or command == ["evaluate"]


@pytest.mark.parametrize("name", NAMES)
def test_every_option_has_its_help_in_every_language(name: str) -> None:
    import click

    command = COMMANDS.get_command(click.Context(COMMANDS), name)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            for language in LANGUAGES:
                sentences = catalogue(language)
                own = f"cli.{name}.options.{parameter.name}"
                assert own in sentences or f"cli.options.{parameter.name}" in sentences


@pytest.mark.parametrize("command", EVERY, ids="-".join)
def test_version(command: list[str], run: Run) -> None:
    result = run(*command, "--version")
    assert re.fullmatch(rb"mfa-lab \d+\.\d+\.\d+\s*", result.stdout)
    assert (result.returncode, result.stderr) == (0, b"")


def test_alone_it_shows_its_help(run: Run) -> None:
    assert run().stdout == run("--help").stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["tabel"], "“table”"),
        (["xyz"], "no command “xyz”. The commands are"),
        (["xyz", "x"], "no command “xyz”. The commands are"),
        (["--nothing"], "--nothing"),
        (["evaluate", "--nothing"], "--nothing"),
        (["evaluate", "--lang", "ja"], "--lang"),
        (["doctor", "--nothing"], "--nothing"),
        (["doctor", "more"], "more"),
        (["table"], "POLICY.json"),
        (["table", "p", "--nothing"], "--nothing"),
        (["table", "p", "--format", "pdf"], "text, json, csv, html"),
        (["table", "p", "--format"], "--format"),
        (["table", "p", "--actions"], "--actions"),
        (["table", "p", "--lang", "fr"], "en, ja"),
        (["table", "a", "b", "c.json"], "c.json"),
    ],
)
def test_a_mistyped_command_line(arguments: list[str], word: str, run: Run, failed: Failed) -> None:
    failed(run(*arguments), word)


FILES = {
    "no such file": ("nothing.json", "There is no file"),
    "a directory": (".", "directory"),
    "a name that no file has": ("a\nb", "“a\\nb”"),
    "no UTF-8": ("latin.json", "UTF-8"),
    "UTF-16": ("utf16.json", "UTF-8"),
    "empty": ("empty.json", "line 1"),
    "no JSON": ("bad.json", "Line 1, column 59"),
    "no policy": ("list.json", "JSON object"),
    "two mistakes": ("two.json", "Line 1, column 86 (/Sid): “Sid” belongs in a statement"),
    "seven mistakes": (
        "seven.json",
        "“e” names no service. An action is a service prefix, a colon "
        "and a name. Did you mean something like “iam:ChangePassword”? There are 2 "
        "more mistakes.",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "latin.json").write_bytes(b'{"Id": "\xe9"}')
    (tmp_path / "utf16.json").write_bytes('{"Id": "x"}'.encode("utf-16"))
    (tmp_path / "empty.json").touch()
    (tmp_path / "bad.json").write_bytes(BAD)
    (tmp_path / "list.json").write_bytes(b"[]")
    (tmp_path / "two.json").write_bytes(
        b'{"Version": "2020", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}, "Sid": "x"}'
    )
    (tmp_path / "seven.json").write_bytes(
        b'{"Statement": {"Effect": "Deny", "Action": ["a","b","c","d","e","f","g"], "Resource": "*"}}'
    )
    return tmp_path


@pytest.mark.parametrize(("name", "words"), FILES.values(), ids=FILES)
def test_a_bad_policy_file(name: str, words: str, folder: Path, run: Run) -> None:
    result = run("table", name, cwd=folder)
    said = result.stderr.decode("utf-8")
    assert result.returncode == 2
    assert words.lower() in said.lower()
    assert said.startswith("mfa-lab: ") and said.count("\n") == 1


def test_a_file_that_may_not_be_read(folder: Path, run: Run, failed: Failed) -> None:
    secret = folder / "secret.json"
    secret.touch(mode=0o200)
    try:
        secret.read_bytes()
    except PermissionError:
        failed(run("table", secret), "permission")
        failed(run("evaluate", secret), "permission")
    else:
        pytest.skip("this user may read every file")


def test_a_sentence_in_japanese(run: Run, failed: Failed) -> None:
    failed(run("table", "nothing.json", "--lang", "ja"), "見つかりません")
    failed(run("table", "--lang=ja", "--nothing"), "オプションはありません")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("arguments", [["--help"], ["evaluate", "--version"], ["evaluate"]])
def test_a_full_disk(arguments: list[str], run: Run) -> None:
    with open("/dev/full", "wb") as full:
        result = run(*arguments, given=b"{}", stdout=full)
    assert result.returncode == 2
    assert result.stderr.startswith(b"mfa-lab: ") and result.stderr.count(b"\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&- >&-"])
def test_a_stream_that_is_closed_from_the_start(closed: str, environment: dict[str, str]) -> None:
    line = f'"{sys.executable}" -m mfa_lab.cli evaluate {closed}'
    run = subprocess.run(
        ["sh", "-c", line],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr.count(b"\n") == (0 if "2>" in closed else 1)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_a_reader_that_goes_away_from_a_long_table(
    policies: Path, environment: dict[str, str]
) -> None:
    policy = policies / "2021-05-13_article.json"
    arguments = ["table", str(policy), "--actions", "*", "--format", "csv"]
    with started(
        [sys.executable, "-m", "mfa_lab.cli", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(60) == 2
    assert said.startswith(b"mfa-lab: ") and said.count(b"\n") == 1


def test_what_steers_a_terminal_is_escaped(tmp_path: Path, run: Run, failed: Failed) -> None:
    (tmp_path / "p.json").write_text('{"\\u001b[2J": 1, "Statement": []}', "utf-8")
    result = run("table", "p.json")
    failed(result, "\\x1b[2J")


def test_main_gives_the_exit_status(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert main(["--nothing"]) == 2
    said = capfd.readouterr()
    assert said.out.startswith("mfa-lab ") and said.err.startswith("mfa-lab: ")


def test_what_loads_before_ctrl_c_is_heard_is_little() -> None:
    """Everything else loads inside `main`, which ends quietly at Ctrl-C."""
    code = "import sys, mfa_lab.cli; print(*sorted(one for one in sys.modules if 'mfa_lab' in one))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True
    )
    assert loaded.stdout.split() == ["mfa_lab", "mfa_lab.cli"]


def test_ctrl_c_while_a_command_loads_is_quiet(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    class Interrupting:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "mfa_lab.cli.commands":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "mfa_lab.cli.commands")
    monkeypatch.setattr(sys, "meta_path", [Interrupting(), *sys.meta_path])
    assert main(["--version"]) == 130
    assert capfd.readouterr() == ("", "")
