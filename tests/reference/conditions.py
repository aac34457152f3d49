"""Whether the conditions of a statement hold.

Source: IAM User Guide, "Condition operators", "Single-valued vs. multivalued context keys",
"Conditions with multiple context keys or values". What AWS leaves open is marked.
"""

from __future__ import annotations

import base64
import ipaddress
import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.reference.arns import PARTS, is_arn, parts_fit
from tests.reference.resources import listed
from tests.reference.variables import Character, fits, literally, parts, plain, read, value_of

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

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
        return Fraction(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else None
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


def address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def network(text: str) -> Network | None:
    """An address or a range in CIDR notation; bits behind the prefix do not count."""
    try:
        return (
            ipaddress.ip_network(text, strict=False)
            if re.fullmatch("[^/]+(/[0-9]+)?", text)
            else None
        )
    except ValueError:
        return None


def six_parts(characters: list[Character]) -> list[list[Character]] | None:
    found = parts(characters, PARTS)
    return found if len(found) == PARTS else None


def kind_of(operator: str) -> str:
    kinds = ("String", "Numeric", "Date", "Bool", "Binary", "Ip", "Arn")
    return next(kind for kind in kinds if kind in operator)


def given_value(operator: str, text: str) -> Any:
    """A value of the request as the operator's kind; None where it is none, such as no number."""
    match kind_of(operator):
        case "String":
            return text
        case "Ip":
            return address(text)
        case "Arn":
            return text if is_arn(text) else None
    return same_on_both_sides(operator, text)


def wanted_value(operator: str, characters: list[Character]) -> Any:
    """A value of the policy likewise."""
    match kind_of(operator):
        case "String":
            return characters
        case "Ip":
            return network(plain(characters))
        case "Arn":
            return six_parts(characters)
    return same_on_both_sides(operator, plain(characters))


def same_on_both_sides(operator: str, text: str) -> Any:
    readers = {"Numeric": number, "Date": moment, "Bool": truth, "Binary": octets}
    return readers[kind_of(operator)](text)


def fitting(operator: str, given: Any, wanted: Any) -> bool:
    """Whether a value is what the policy wants, for operators that are not negated."""
    match operator:
        case "StringEquals":
            return bool(given == plain(wanted))
        case "StringEqualsIgnoreCase":
            return bool(given.lower() == plain(wanted).lower())
        case "StringLike":
            return fits(wanted, given)
        case "IpAddress":
            return given.version == wanted.version and given in wanted
        case "ArnEquals" | "ArnLike":
            return parts_fit(wanted, given)
        case "NumericLessThan" | "DateLessThan":
            return bool(given < wanted)
        case "NumericLessThanEquals" | "DateLessThanEquals":
            return bool(given <= wanted)
        case "NumericGreaterThan" | "DateGreaterThan":
            return bool(given > wanted)
        case "NumericGreaterThanEquals" | "DateGreaterThanEquals":
            return bool(given >= wanted)
        case "NumericEquals" | "DateEquals" | "Bool" | "BinaryEquals":
            return bool(given == wanted)
    raise AssertionError(f"no operator: {operator}")


def value_holds(operator: str, text: str, wanted: list[list[Character]]) -> bool:
    """Whether one value of the request passes: any wanted value, or, negated, none of them.

    What is no value of the operator's kind, on either side, passes neither. AWS leaves that open.
    """
    given = given_value(operator, text)
    if given is None:
        return False
    each = [wanted_value(operator, one) for one in wanted]
    if operator in NEGATED:
        return not any(one is None or fitting(NEGATED[operator], given, one) for one in each)
    return any(one is not None and fitting(operator, given, one) for one in each)


def texts(values: Any) -> list[str]:
    """The wanted values as text; true, false and numbers need no quotes."""
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in listed(values)]


def wanted_values(
    operator: str, values: Any, version: str, context: dict[str, Any]
) -> list[list[Character]]:
    """The wanted values, without those whose variable has no value.

    Variables work in string and ARN operators, and in Bool by the page on operators, not by the one
    on variables.
    """
    if kind_of(operator) not in ("String", "Arn", "Bool"):
        return [literally(one) for one in texts(values)]
    read_values = [read(one, version, context) for one in texts(values)]
    return [one for one in read_values if one is not None]


def line_holds(name: str, key: str, values: Any, version: str, context: dict[str, Any]) -> bool:
    """Whether one key under one operator, such as "ForAllValues:StringLikeIfExists", holds.

    A multivalued key asks for a set operator: without one it does not match, negated or not.
    """
    given = value_of(key, context)
    if name == "Null":
        is_null = given is None or given == []
        return any(truth(one) is is_null for one in texts(values))

    prefix, _, operator = name.rpartition(":")
    if_exists = operator.endswith("IfExists")
    operator = operator.removesuffix("IfExists")
    wanted = wanted_values(operator, values, version, context)

    if prefix:
        members = listed([] if given is None else given)
        each = [value_holds(operator, one, wanted) for one in members if one != ""]
        return all(each) if prefix == "ForAllValues" else any(each)
    if given is None:
        return if_exists or operator in NEGATED
    return isinstance(given, str) and value_holds(operator, given, wanted)


def conditions_hold(statement: dict[str, Any], version: str, context: dict[str, Any]) -> bool:
    """Whether every key under every operator of a statement holds."""
    return all(
        line_holds(name, key, values, version, context)
        for name, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    )
