"""`mfa-lab reset`: forget what was done in the lessons."""

from __future__ import annotations

import os
import sys

import click

from mfa_lab import folders
from mfa_lab.cli.failure import Failure
from mfa_lab.cli.language import current_language, language_option
from mfa_lab.cli.localized_help import LocalizedCommand
from mfa_lab.cli.streams import Output, reason_of
from mfa_lab.text import say


@click.command("reset", cls=LocalizedCommand)
@click.option("--yes", is_flag=True)
@language_option
def command(yes: bool) -> None:
    """Delete the file of the progress, after asking; notebooks are never touched."""
    language = current_language()
    path = folders.progress()
    if path is None:
        _tell("cli.reset.off" if folders.is_progress_off() else "cli.reset.nowhere", language)
        return
    from mfa_lab.lesson.progress.progress import (
        Progress,  # here, since the lessons take a while to load
    )

    progress = Progress(path)
    if not os.path.lexists(path):
        _tell("cli.reset.nothing", language, path=path)
        return
    if progress.is_unreadable:
        raise Failure("no_progress", path=path)
    if not yes and not _agreed(say("cli.reset.question", language, path=path)):
        _tell("cli.reset.kept", language, path=path)
        return
    try:
        progress.reset()
    except OSError as error:
        raise Failure("undeletable", path=path, reason=reason_of(error)) from None
    _tell("cli.reset.deleted", language, path=path)


def _agreed(question: str) -> bool:
    """Ask on standard error, so that what is said on standard output is the outcome alone."""
    click.echo(f"{question} [y/N] ", nl=False, err=True)
    if sys.stdin is None:
        return False
    answer = sys.stdin.buffer.readline().decode("utf-8", "replace")
    return answer.strip().lower() in {"y", "yes"}


def _tell(key: str, language: str, /, **values: object) -> None:
    Output().send(say(key, language, **values) + "\n")
