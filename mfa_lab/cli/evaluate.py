"""`mfa-lab evaluate`: JSON lines in, JSON lines out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import BinaryIO, Final

import click

from mfa_lab.cli.evaluate_line import answer
from mfa_lab.cli.localized_help import LocalizedCommand
from mfa_lab.cli.progress_bar import Advance, progress
from mfa_lab.cli.streams import STANDARD, Output, opened, size_of, unreadable
from mfa_lab.text import say

_MANY_BYTES: Final = 2_000_000  # of requests, which take about two seconds


@click.command("evaluate", cls=LocalizedCommand)
@click.argument("files", nargs=-1, metavar="[FILE]…")
def command(files: tuple[str, ...]) -> None:
    """Answer every line of some files, or of standard input, in order and one for one.

    A blank line is a line like any other. Only white space after the last line end is none.
    """
    output = Output()
    named = files or (STANDARD,)
    sources = [opened(path) for path in named]  # all, so that a mistyped name costs no answers
    size = _size_of(sources)
    with progress(size, say("cli.evaluate.progress"), takes_long=size >= _MANY_BYTES) as advance:
        for path, source in zip(named, sources, strict=True):
            try:
                _answer_all(source, output, advance)
            except OSError as error:
                raise unreadable(path, error) from None


def _size_of(sources: Sequence[BinaryIO]) -> int:
    """Count the bytes to answer; 0 where there is no end in sight, or a bar would be in the way.

    On a terminal the answers themselves show how far it is.
    """
    sizes = [size_of(source) for source in sources]
    is_in_the_way = sys.stdout is not None and sys.stdout.isatty()
    return 0 if is_in_the_way or None in sizes else sum(filter(None, sizes))


def _answer_all(lines: Iterable[bytes], output: Output, advance: Advance) -> None:
    for line in lines:
        if line.endswith(b"\n") or line.strip():
            output.send(answer(line) + "\n")
        advance(len(line))
