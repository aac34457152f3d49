"""The group of commands: which there are, and what is said when one cannot go on."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import click

from mfa_lab.cli.failure import FAILED, Failure, unknown_name, usage_sentence
from mfa_lab.cli.language import language_of, language_option
from mfa_lab.cli.localized_help import LocalizedCommand
from mfa_lab.cli.streams import PROGRAM, tell
from mfa_lab.text import say

NAMES: Final = ("open", "table", "evaluate", "serve", "slides", "reset", "doctor")


class Commands(LocalizedCommand, click.Group):
    """The commands, each in the module of its name, which is loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names in the order in which help shows them."""
        return list(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Load a command.

        Raises:
            Failure: There is none of that name.
        """
        if cmd_name not in NAMES:
            raise unknown_name("no_such_command", cmd_name, NAMES)
        command: click.Command = import_module(f"mfa_lab.cli.{cmd_name}").command
        return command

    def format_commands_of(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a line a command, without loading any."""
        formatter.write(f"\n{say('cli.heading.commands', ctx.obj)}\n")
        width = max(map(len, NAMES))
        for name in NAMES:
            formatter.write(f"  {name:{width}}  {say(f'cli.{name}.summary', ctx.obj)}\n")


COMMANDS: Final = language_option(Commands("main", subcommand_metavar="COMMAND …"))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit status.

    Args:
        arguments: What follows `mfa-lab`; None for the command line's.
    """
    given = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    language = language_of(given)
    try:
        # Not COMMANDS.main(): that has its own words and exit codes for all of this.
        with COMMANDS.make_context(PROGRAM, given, obj=language) as context:
            COMMANDS.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        return _fail(usage_sentence(error, language))
    except Failure as failure:
        return _fail(failure.sentence(language))
    return 0


def _fail(sentence: str) -> int:
    tell(sentence)
    return FAILED
