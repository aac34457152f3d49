"""What ends a command before it is done: one sentence and an exit status."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

import click

from mfa_lab.text import say

FAILED: Final = 2


class Failure(Exception):
    """A command cannot go on, for a reason that the user can mend.

    Args:
        code: The reason: a key of the section `cli.failure` of the text catalogue.
        values: What the sentence names.
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code, self.values = code, values
        super().__init__(self.sentence())

    def sentence(self, language: str = "en") -> str:
        """Say the reason, and what to do.

        Args:
            language: `en` or `ja`.
        """
        return say(f"cli.failure.{self.code}", language, **self.values)


def unknown_name(code: str, name: str, known: Sequence[str]) -> Failure:
    """Say that there is nothing of a name, what there is, and which of it may be meant.

    Args:
        code: The failure's, where none of the known names is near; else `_nearest` follows it.
        name: As it was typed.
        known: The names that there are.
    """
    near = get_close_matches(name.lower(), known, n=1)
    all_known = ", ".join(known)
    if not near:
        return Failure(code, name=name, known=all_known)
    return Failure(f"{code}_nearest", name=name, known=all_known, nearest=near[0])


def usage_sentence(error: click.ClickException, language: str) -> str:
    """Say what is wrong with a command line, and where its help is.

    Args:
        error: As click found it.
        language: `en` or `ja`.
    """
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "mfa-lab"
    return say(
        "cli.mistyped.with_help", language, mistake=_mistake(error, language), command=command
    )


def _mistake(error: click.ClickException, language: str) -> str:
    match error:
        case click.NoSuchOption():
            return say("cli.mistyped.no_such_option", language, option=error.option_name)
        case click.BadOptionUsage():
            return say("cli.mistyped.option_needs_value", language, option=error.option_name)
        case click.MissingParameter(param=parameter) if parameter is not None:
            return say("cli.mistyped.missing", language, name=parameter.human_readable_name)
        case click.BadParameter(param=click.Option(type=click.Choice(choices=choices)) as option):
            values = ", ".join(map(str, choices))
            return say("cli.mistyped.not_a_choice", language, option=option.opts[0], known=values)
    return say("cli.mistyped.other", language, message=error.format_message().partition("\n")[0])
