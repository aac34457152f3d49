"""`mfa-lab evaluate`: JSON lines in, JSON lines out."""

from __future__ import annotations

from collections.abc import Iterable

import click

from mfa_lab.cli.line import answer
from mfa_lab.cli.speaking import Speaking
from mfa_lab.cli.streams import STANDARD, Output, opened, unreadable


@click.command("evaluate", cls=Speaking)
@click.argument("files", nargs=-1, metavar="[FILE]…")
def command(files: tuple[str, ...]) -> None:
    """Answer every line of some files, or of standard input, in order and one for one.

    A blank line is a line like any other. Only white space after the last line end is none.
    """
    output = Output()
    named = files or (STANDARD,)
    sources = [opened(path) for path in named]  # all, so that a mistyped name costs no answers
    for path, source in zip(named, sources, strict=True):
        try:
            _answer_all(source, output)
        except OSError as error:
            raise unreadable(path, error) from None


def _answer_all(lines: Iterable[bytes], output: Output) -> None:
    for line in lines:
        if line.endswith(b"\n") or line.strip():
            output.send(answer(line) + "\n")
