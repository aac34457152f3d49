"""Whether a call's parameters have the form that the API reference asks for.

boto3 and the AWS CLI check a part of it before they send; a client may send anything. IAM and STS
answer as AWS does; for the other services only missing parameters are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from mfa_lab.account.fault import Fault
from mfa_lab.account.operation import Operation

_IN_AWS_WORDS: Final = frozenset({"iam", "sts"})


def validate(operation: Operation) -> None:
    """Check the parameters of a call.

    Raises:
        Fault: Something is missing, too short, too long, or not of its pattern.
    """
    shape = operation.model.input_shape
    if shape is None:
        return
    if operation.service not in _IN_AWS_WORDS:
        for name in shape.required_members:
            if name not in operation.parameters:
                raise _missing(operation, name)
        return
    problems = list(_of_structure(shape, operation.parameters))
    if problems:
        count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected"
        raise Fault("ValidationError", f"{count}: {'; '.join(problems)}", 400)


def _missing(operation: Operation, name: str) -> Fault:
    if operation.protocol == "ec2":
        return Fault("MissingParameter", f"The request must contain the parameter {name}", 400)
    message = (
        "The XML you provided was not well-formed or did not validate against our published schema"
    )
    return Fault("MalformedXML", message, 400)


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]


def _of_structure(shape: Any, values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name in shape.required_members:
        if values.get(name) is None:
            yield (
                f"Value null at '{prefix}{_camel(name)}' failed to satisfy constraint: "
                "Member must not be null"
            )
    for name, member in shape.members.items():
        value = values.get(name)
        if value is not None:
            yield from _of_value(member, value, f"{prefix}{_camel(name)}")


def _of_value(shape: Any, value: Any, place: str) -> Iterator[str]:
    match shape.type_name, value:
        case "structure", Mapping():
            yield from _of_structure(shape, value, f"{place}.")
        case "list", Sequence():
            for number, one in enumerate(value, 1):
                yield from _of_value(shape.member, one, f"{place}.{number}.member")
        case "string", str():
            for constraint in _of_text(shape, value):
                shown = "" if shape.metadata.get("sensitive") else f" '{value}'"
                yield f"Value{shown} at '{place}' failed to satisfy constraint: {constraint}"
        case (("integer" | "long"), int()):
            for constraint in _of_number(shape, value):
                yield f"Value '{value}' at '{place}' failed to satisfy constraint: {constraint}"


def _of_text(shape: Any, value: str) -> Iterator[str]:
    limits = shape.metadata
    if "enum" in limits and value not in limits["enum"]:
        yield f"Member must satisfy enum value set: [{', '.join(limits['enum'])}]"
    if "min" in limits and len(value) < limits["min"]:
        yield f"Member must have length greater than or equal to {limits['min']}"
    if "max" in limits and len(value) > limits["max"]:
        yield f"Member must have length less than or equal to {limits['max']}"
    pattern = shape.metadata.get("pattern")
    compiled = _compiled(pattern) if pattern else None
    if compiled is not None and not compiled.fullmatch(value):
        yield f"Member must satisfy regular expression pattern: {pattern}"


def _of_number(shape: Any, value: int) -> Iterator[str]:
    limits = shape.metadata
    if "min" in limits and value < limits["min"]:
        yield f"Member must have value greater than or equal to {limits['min']}"
    if "max" in limits and value > limits["max"]:
        yield f"Member must have value less than or equal to {limits['max']}"


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    r"""Compile a pattern of the API reference; None for one that Python's `re` does not know.

    AWS's `\w` knows ASCII letters only.
    """
    try:
        return re.compile(pattern, re.ASCII)
    except re.error:
        return None
