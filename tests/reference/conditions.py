"""Whether the conditions of a statement hold.

Source: IAM User Guide, "Condition operators", "Single-valued vs. multivalued context keys",
"Conditions with multiple context keys or values". What AWS leaves open is marked.
"""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.reference.arns import is_arn, parts_fit
from tests.reference.resources import listed
from tests.reference.variables import Character, fits, literally, plain, read, values_of

NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}

# Whether a value of the request is what the policy wants; None where one of the two is no number,
# no date … at all. AWS does not say what happens then: the test fails, negated or not.
Answer = bool | None
Comparison = Callable[[str, list[Character]], Answer]


def number(text: str) -> Fraction | None:
    return Fraction(text) if re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text) else None


def moment(text: str) -> Fraction | None:
    """Seconds since 1970 began, from a date of W3C's ISO 8601 profile or from epoch seconds.

    Four digits are a year. Without a zone it is UTC, which AWS does not document.
    """
    written = re.fullmatch(
        r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
        r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]+)?)?"
        r"(Z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?",
        text,
    )
    if not written:
        return number(text)
    year, month, day, hour, minute, second, fraction, zone = written.groups()
    if zone in (None, "Z"):
        zone = "+00:00"
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    if ahead >= timedelta(hours=24) or int(zone[-2:]) > 59:
        return None
    try:
        there = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    since = there - datetime(1970, 1, 1, tzinfo=UTC)
    seconds = since.days * 86400 + since.seconds
    seconds -= int(ahead.total_seconds()) * (-1 if zone[0] == "-" else 1)
    return seconds + Fraction("0" + (fraction or ""))


def truth(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def octets(text: str) -> bytes | None:
    four = "[A-Za-z0-9+/]"
    if re.fullmatch(f"({four}{{4}})*({four}{{2}}==|{four}{{3}}=)?", text):
        return base64.b64decode(text)
    return None


def in_range(value: str, wanted: list[Character]) -> Answer:
    try:
        address = ipaddress.ip_address(value)
        network = ipaddress.ip_network(plain(wanted), strict=False)
    except ValueError:
        return None
    if address.version != network.version:
        return False
    return int(network[0]) <= int(address) <= int(network[-1])


def arn_fits(value: str, wanted: list[Character]) -> Answer:
    return parts_fit(wanted, value) if is_arn(value) else None


def compared(reader: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Comparison:
    """The comparison that reads both sides alike, and then compares."""

    def comparison(value: str, wanted: list[Character]) -> Answer:
        left, right = reader(value), reader(plain(wanted))
        return None if left is None or right is None else compare(left, right)

    return comparison


def comparisons() -> dict[str, Comparison]:
    """The comparison of each operator that is not negated."""
    found: dict[str, Comparison] = {
        "StringEquals": lambda value, wanted: value == plain(wanted),
        "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == plain(wanted).lower(),
        "StringLike": lambda value, wanted: fits(wanted, value),
        "Bool": compared(truth, lambda left, right: left == right),
        "BinaryEquals": compared(octets, lambda left, right: left == right),
        "IpAddress": in_range,
        "ArnEquals": arn_fits,
        "ArnLike": arn_fits,
    }
    for kind, reader in (("Numeric", number), ("Date", moment)):
        found[f"{kind}Equals"] = compared(reader, lambda left, right: left == right)
        found[f"{kind}LessThan"] = compared(reader, lambda left, right: left < right)
        found[f"{kind}LessThanEquals"] = compared(reader, lambda left, right: left <= right)
        found[f"{kind}GreaterThan"] = compared(reader, lambda left, right: left > right)
        found[f"{kind}GreaterThanEquals"] = compared(reader, lambda left, right: left >= right)
    return found


def value_holds(operator: str, value: str, wanted: list[list[Character]]) -> bool:
    """Whether one value of the request passes: any wanted value, or, negated, none of them."""
    compare = comparisons()[NEGATED.get(operator, operator)]
    answers = [compare(value, one) for one in wanted]
    if operator in NEGATED:
        return all(answer is False for answer in answers)
    return any(answers)


def texts(values: Any) -> list[str]:
    """The wanted values as text; true, false and numbers need no quotes."""
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in listed(values)]


def wanted_values(
    operator: str, values: Any, version: str, context: dict[str, Any]
) -> list[list[Character]]:
    """The wanted values, without those whose variable has no value.

    Variables work in string and ARN operators.
    """
    if not operator.startswith(("String", "Arn")):
        return [literally(one) for one in texts(values)]
    read_values = [read(one, version, context) for one in texts(values)]
    return [one for one in read_values if one is not None]


def line_holds(name: str, key: str, values: Any, version: str, context: dict[str, Any]) -> bool:
    """Whether one key under one operator, such as "ForAllValues:StringLikeIfExists", holds."""
    given = values_of(key, context)
    if name == "Null":
        is_null = given is None or given == []
        return any(truth(one) is is_null for one in texts(values))

    prefix, _, operator = name.rpartition(":")
    if_exists = operator.endswith("IfExists")
    operator = operator.removesuffix("IfExists")
    wanted = wanted_values(operator, values, version, context)

    if prefix:
        each = [value_holds(operator, one, wanted) for one in given or [] if one != ""]
        return all(each) if prefix == "ForAllValues" else any(each)
    if not given:
        return if_exists or operator in NEGATED
    return len(given) == 1 and value_holds(operator, given[0], wanted)


def conditions_hold(statement: dict[str, Any], version: str, context: dict[str, Any]) -> bool:
    """Whether every key under every operator of a statement holds."""
    return all(
        line_holds(name, key, values, version, context)
        for name, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    )
