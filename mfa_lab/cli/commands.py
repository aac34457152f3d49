"""The group of commands: which there are, and what is said when one cannot go on."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import click

from mfa_lab import __version__
from mfa_lab.cli.failure import FAILED, Failure

PROGRAM: Final = "mfa-lab"
NAMES: Final = ("evaluate",)


class Commands(click.Group):
    """The commands, each in the module of its name, which is loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give their names in the order in which help shows them."""
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command; None where there is none of that name."""
        if cmd_name not in NAMES:
            return None
        command: click.Command = import_module(f"mfa_lab.cli.{cmd_name}").command
        return command


COMMANDS: Final = click.version_option(__version__, prog_name=PROGRAM)(Commands(PROGRAM))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit status.

    Args:
        arguments: What follows `mfa-lab`; None for the command line's.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        # Not COMMANDS.main(): that has its own words and exit codes for all of this.
        with COMMANDS.make_context(PROGRAM, given) as context:
            COMMANDS.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        return _fail(error.format_message())
    except Failure as failure:
        return _fail(failure.sentence)
    return 0


def _fail(sentence: str) -> int:
    if sys.stderr is not None:
        click.echo(f"{PROGRAM}: {sentence}", err=True)
    return FAILED
