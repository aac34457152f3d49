"""A command of the AWS CLI read as a call of boto3, for where there is no AWS CLI.

Only what is an operation of a service is read: `aws s3 ls` and the like are programs of their own.

Source: AWS CLI User Guide, "Command structure in the AWS CLI"; names are botocore's.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from botocore import xform_name

_DASH: Final = "--"


class CommandError(ValueError):
    """A command that is no plain call of an operation.

    Attributes:
        command: As it was typed.
    """

    def __init__(self, command: str) -> None:
        self.command = command
        super().__init__(f"a command must be a service, an operation and its parameters: {command}")


class Shape(Protocol):
    """What botocore's model says of a value."""

    type_name: str
    members: Mapping[str, Shape]


@dataclass(frozen=True, slots=True)
class CommandCall:
    """The call that a command makes.

    Args:
        service: Such as `iam`.
        method: Of the boto3 client, such as `change_password`.
        parameters: Of the call.
    """

    service: str
    method: str
    parameters: Mapping[str, Any]

    def __str__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.parameters.items())
        return f"{self.service}.{self.method}({given})"


def words_of(command: str) -> list[str]:
    """Return the words of a command without a leading `aws`."""
    words = shlex.split(command)
    return words[1:] if words[:1] == ["aws"] else words


def service_of(command: str) -> str:
    """Return the service that a command names, as boto3 calls it.

    Raises:
        CommandError: It names none.
    """
    words = words_of(command)
    if len(words) < 2 or words[0].startswith("-") or words[0] == "s3":
        raise CommandError(command)
    return {"s3api": "s3"}.get(words[0], words[0])


def call_of(command: str, client: Any) -> CommandCall:
    """Read a command as a call of its service's client.

    Args:
        command: What is typed after `aws`.
        client: A boto3 client of the service that `service_of` gives.

    Raises:
        CommandError: It is no operation of the service, or has an option that is no parameter.
    """
    service = service_of(command)
    _, operation, *rest = words_of(command)
    methods: Mapping[str, str] = client.meta.method_to_api_mapping
    method = operation.replace("-", "_")
    if method not in methods or operation != xform_name(methods[method], "-"):
        raise CommandError(command)
    shape = client.meta.service_model.operation_model(methods[method]).input_shape
    members: Mapping[str, Shape] = shape.members if shape is not None else {}
    options = {xform_name(name, "-"): name for name in members}
    parameters = {}
    for option, words in _options(rest, command):
        is_off = option.startswith("no-") and option not in options
        name = options.get(option.removeprefix("no-") if is_off else option)
        if name is None:
            raise CommandError(command)
        if is_off and (members[name].type_name != "boolean" or words):
            raise CommandError(command)
        parameters[name] = False if is_off else _value(members[name], words, command)
    return CommandCall(service, method, parameters)


def _options(words: list[str], command: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each option without its dashes, and the words that follow it."""
    place = 0
    while place < len(words):
        if not words[place].startswith(_DASH):
            raise CommandError(command)
        end = place + 1
        while end < len(words) and not words[end].startswith(_DASH):
            end += 1
        yield words[place].removeprefix(_DASH), words[place + 1 : end]
        place = end


def _value(shape: Shape, words: list[str], command: str) -> Any:
    """Return the value of an option's words by the type of its parameter."""
    kind = shape.type_name
    if kind == "boolean" and not words:
        return True
    if kind == "list" and not (words and words[0].startswith("[")):
        return words
    if len(words) != 1:
        raise CommandError(command)
    [word] = words
    if kind in ("string", "timestamp"):
        return word
    if kind == "blob":
        return word.encode()
    try:
        return json.loads(word)
    except ValueError:
        raise CommandError(command) from None
