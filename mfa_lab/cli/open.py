"""`mfa-lab open`: the lessons in JupyterLab."""

from __future__ import annotations

import errno
import os
import socket
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import click

from mfa_lab import folders
from mfa_lab.cli.failure import Failure
from mfa_lab.cli.jupyterlab import command_line, replace_process, setting
from mfa_lab.cli.language import current_language, language_option
from mfa_lab.cli.localized_help import LocalizedCommand
from mfa_lab.cli.streams import reason_of
from mfa_lab.folders import COPY, FIRST_LESSON, PROGRESS
from mfa_lab.text import say
from mfa_lab.whole_file import write_whole

_LOOPBACK: Final = "localhost"
_LEFT_BEHIND: Final = {".ipynb_checkpoints", "__pycache__", PROGRESS}


@click.command(
    "open",
    cls=LocalizedCommand,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": True},
)
@click.argument("jupyter", nargs=-1, type=click.UNPROCESSED, metavar="[JUPYTERLAB OPTION]…")
@language_option
def command(jupyter: tuple[str, ...]) -> None:
    """Open the first lesson of a language; what else is given goes to JupyterLab."""
    language = current_language()
    _require_jupyterlab()
    _require_port(jupyter)
    folder, copied = _folder()
    from mfa_lab.cli.trusted_notebooks import (
        trust_lessons,  # here: without JupyterLab it cannot be loaded
    )

    trust_lessons(folder)
    if copied:
        _tell(say("cli.open.copied", language, count=copied, folder=folder))
    _tell(say("cli.open.starting", language))
    replace_process(command_line(folder, _lesson(folder, language), jupyter))


def _tell(sentence: str) -> None:
    if sys.stderr is not None:
        click.echo(sentence, err=True)


def _lesson(folder: Path, language: str) -> str:
    """Return the path of the first lesson inside the folder, or nothing where it is not there."""
    lesson = f"{language}/{FIRST_LESSON}"
    return lesson if (folder / lesson).is_file() else ""


def _require_jupyterlab() -> None:
    if find_spec("jupyterlab") is None:
        raise Failure("no_jupyterlab", command=f"{sys.executable} -m pip install jupyterlab")


def _require_port(given: tuple[str, ...]) -> None:
    """Refuse a port that was asked for and cannot be had, before JupyterLab says it at length."""
    spelled = setting(given, "port")
    if spelled is None:
        return
    if not spelled.isascii() or not spelled.isdigit() or int(spelled) > 65535:
        raise Failure("bad_port", port=spelled)
    try:
        _bind(setting(given, "ip") or _LOOPBACK, int(spelled))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Failure("port_taken", port=spelled) from None
        if error.errno == errno.EACCES:
            raise Failure("port_refused", port=spelled, reason=reason_of(error)) from None


def _bind(host: str, port: int) -> None:
    """Listen at an address for a moment, as JupyterLab will."""
    name = None if host == "*" else host
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    for family, kind, protocol, _, address in found:
        with socket.socket(family, kind, protocol) as listener:
            if os.name == "posix":  # elsewhere this would share a port that is in use
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.bind(address)


def _folder() -> tuple[Path, int]:
    """Return the folder to open and how many files were copied into it.

    In a checkout these are its own notebooks. A package's belong to the package, so they are
    copied, and a learner's work in the copy is never overwritten.
    """
    try:
        source = folders.notebooks()
    except folders.MissingFolderError as error:
        raise Failure("no_notebooks", folder=error.folder) from None
    if folders.is_checkout():
        if not os.access(source, os.W_OK):
            raise Failure("unwritable_folder", folder=source, reason=os.strerror(errno.EACCES))
        return source, 0
    copy = Path.cwd() / COPY
    try:
        return copy, _copy(source, copy)
    except OSError as error:
        raise Failure("unwritable_folder", folder=copy, reason=reason_of(error)) from None


def _copy(source: Path, target: Path) -> int:
    """Copy what is not there yet, and count the files."""
    target.mkdir(exist_ok=True)
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    copied = 0
    for file in sorted(source.rglob("*")):
        path = file.relative_to(source)
        place = target / path
        if file.is_dir() or _LEFT_BEHIND.intersection(path.parts) or os.path.lexists(place):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        # Whole, so that no half of a file is taken for a learner's own.
        write_whole(place, file.read_bytes())
        copied += 1
    return copied
