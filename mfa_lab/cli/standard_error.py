"""What is said beside a command's output: sentences on standard error."""

from __future__ import annotations

import sys

import click

from mfa_lab.cli.localized_help import PROGRAM


def tell(sentence: str) -> None:
    """Say a sentence on standard error, if anybody can hear it."""
    if sys.stderr is None:
        return
    try:
        click.echo(f"{PROGRAM}: {_printable(sentence)}", err=True)
    except OSError:  # closed: what is said beside the output must not spoil it
        return


def _printable(sentence: str) -> str:
    """Escape what steers a terminal: names of files and parts of policies may hold anything."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in sentence)
