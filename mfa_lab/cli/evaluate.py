"""`mfa-lab evaluate`: JSON lines in, JSON lines out."""

from __future__ import annotations

from collections.abc import Iterable

import click

from mfa_lab.cli.language import preferred_language
from mfa_lab.cli.line import answer
from mfa_lab.cli.streams import STANDARD, Output, opened, unreadable


@click.command("evaluate")
@click.argument("files", nargs=-1, type=click.Path())
def command(files: tuple[str, ...]) -> None:
    """Answer every line of some files, or of standard input, in order and one for one.

    A blank line is a line like any other. Only white space after the last line end is none.
    """
    language = preferred_language()
    output = Output(language)
    named = files or (STANDARD,)
    sources = [opened(path, language) for path in named]
    for path, source in zip(named, sources, strict=True):
        try:
            _answer_all(source, output)
        except OSError as error:
            raise unreadable(path, error, language) from None


def _answer_all(lines: Iterable[bytes], output: Output) -> None:
    for line in lines:
        if line.endswith(b"\n") or line.strip():
            output.send(answer(line) + "\n")
