"""Commands whose help comes from the text catalogue, when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import click

from mfa_lab import __version__
from mfa_lab.cli.failure import Failure
from mfa_lab.cli.streams import PROGRAM, Output
from mfa_lab.text import catalogue, say

_INDENT: Final = "  "


class LocalizedCommand(click.Command):
    """A command with `--help` and `--version`, whose sentences stand in the text catalogue.

    They are `cli.<name>.help`, `.example` and `.options.<parameter>`, the latter also under
    `cli.options` for what several commands share.
    """

    def __init__(self, name: str | None, **named: Any) -> None:
        super().__init__(name, **named)
        self.add_help_option = False
        self.params += [_flag("--version", _show_version), _flag("--help", _show_help)]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments.

        Raises:
            Failure: There are more than the command takes.
            click.UsageError: Something else is wrong with them.
        """
        takes_more, ctx.allow_extra_args = ctx.allow_extra_args, True
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # click leaves it out here and there
            raise
        if rest and not takes_more:
            raise Failure("too_many", given=rest[0], command=ctx.command_path)
        return rest

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the whole of `--help`."""
        language = ctx.obj
        usage = " ".join([ctx.command_path, *self.collect_usage_pieces(ctx)])
        formatter.write(f"{say('cli.heading.usage', language)} {usage}\n\n")
        formatter.write(_indented(self._sentence("help", language), _INDENT))
        self.format_commands_of(ctx, formatter)
        formatter.write(f"\n{say('cli.heading.options', language)}\n")
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if isinstance(parameter, click.Option) and record is not None:
                formatter.write(_indented(record[0], _INDENT))
                text = self._sentence(f"options.{parameter.name}", language)
                formatter.write(_indented(text, _INDENT * 3))
        formatter.write(f"\n{say('cli.heading.example', language)}\n")
        formatter.write(_indented(self._sentence("example", language), _INDENT))

    def format_commands_of(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, where there is one."""

    def _sentence(self, name: str, language: str) -> str:
        own, shared = f"cli.{self.name}.{name}", f"cli.{name}"
        return say(own if own in catalogue(language) else shared, language)


def _flag(name: str, callback: Callable[[click.Context], str]) -> click.Option:
    """Make an option that shows a text and ends the command."""

    def show(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
        if is_asked:
            Output().send(callback(context) + "\n")
            context.exit()

    return click.Option([name], is_flag=True, is_eager=True, expose_value=False, callback=show)


def _show_version(_: click.Context) -> str:
    return f"{PROGRAM} {__version__}"


def _show_help(context: click.Context) -> str:
    return context.get_help()


def _indented(text: str, indent: str) -> str:
    return "".join(f"{indent}{line}\n" for line in text.strip().splitlines())
