"""Options that take several values after one name: `--actions iam:Get* iam:List*`."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from typing import Final

# Has dots and slashes as a path has, and is none.
_ARN_OR_KEY: Final = re.compile(r"arn:|[\w-]+:[^=\\]+=")


def spread(arguments: Sequence[str], options: Collection[str]) -> list[str]:
    """Repeat an option's name before each of its values, as click wants it.

    What follows the first value belongs to the option as long as it is no option and no file:
    the policy's file may follow, `mfa-lab table --actions iam:Get* iam:List* policy.json`.

    Args:
        arguments: What follows the command.
        options: The names of such options, with their dashes.
    """
    result: list[str] = []
    option, is_first = None, False
    for place, argument in enumerate(arguments):
        if argument == "--":
            return result + list(arguments[place:])
        if argument.partition("=")[0] in options:
            option, is_first = argument.partition("=")[0], "=" not in argument
            result += [] if is_first else [argument]
        elif option and (is_first or _is_value(argument)):
            result += [option, argument]
            is_first = False
        else:
            option = None
            result.append(argument)
    return [*result, option] if option and is_first else result


def _is_value(argument: str) -> bool:
    if _ARN_OR_KEY.match(argument):
        return True
    looks_like_a_file = "." in argument or "/" in argument or "\\" in argument
    return not argument.startswith("-") and not looks_like_a_file and not os.path.exists(argument)
