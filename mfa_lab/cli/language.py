"""The language in which a command speaks."""

from __future__ import annotations

import locale
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import click

from mfa_lab.text import LANGUAGES

OPTION: Final = "--lang"
VARIABLE: Final = "MFA_LAB_LANG"
_LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts
_DEFAULT: Final = "en"

_Command = TypeVar("_Command", bound=Callable[..., Any] | click.Command)


def language_option(command: _Command) -> _Command:
    """Declare `--lang`, for its help and for the check of its value.

    The value itself is read before the arguments are parsed, since a mistake in them is said in
    that language too.
    """
    choice = click.Choice(LANGUAGES)
    return click.option(OPTION, "chosen_language", type=choice, expose_value=False)(command)


def language_of(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """Return the language that `--lang` names, else MFA_LAB_LANG, else the locale, else English.

    Args:
        arguments: What follows `mfa-lab` on the command line.
        environment: The environment variables.
    """
    named = _named(arguments)
    return named if named in LANGUAGES else _of_environment(environment)


def current_language() -> str:
    """Return the language of the command that is running."""
    language: str = click.get_current_context().obj
    return language


def _named(arguments: Sequence[str]) -> str | None:
    for place, argument in enumerate(arguments):
        if argument.startswith(f"{OPTION}="):
            return argument.partition("=")[2]
        if argument == OPTION and place + 1 < len(arguments):
            return arguments[place + 1]
    return None


def _of_environment(environment: Mapping[str, str]) -> str:
    named = environment.get(VARIABLE, "")[:2].lower()
    if named in LANGUAGES:
        return named
    spelled = next(filter(None, map(environment.get, _LOCALE_VARIABLES)), None)
    if spelled is None:
        spelled = locale.getlocale()[0] or ""  # Windows sets no variable
    return "ja" if spelled.lower().startswith("ja") else _DEFAULT
