"""The kinds of values that condition operators compare: how each is read from text.

A reader returns None where the text is no value of its kind. What AWS does then is not documented;
here no operator matches, the negated ones included.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from mfa_lab.iam.patterns import Pattern, Tokens, split_tokens

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
Arn: TypeAlias = tuple[str, ...]
ArnPattern: TypeAlias = tuple[Pattern, ...]

ARN_PARTS = 6

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?[0-5]\d)?)?)?)?",
    re.ASCII,
)
_EPOCH = re.compile(r"(?!\d{4}$)-?\d{1,12}(?:\.\d+)?", re.ASCII)
_PREFIXED_NETWORK = re.compile(r"[^/]+(?:/\d{1,3})?", re.ASCII)


@lru_cache(maxsize=4096)
def read_number(text: str) -> Decimal | None:
    """Read an integer or decimal number, such as `3600` or `-1.5`."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=4096)
def read_date(text: str) -> datetime | None:
    """Read a date of the W3C profile of ISO 8601, or seconds since 1970.

    Four digits are a year. A time without a zone is taken as UTC, which AWS does not document.
    """
    try:
        if _EPOCH.fullmatch(text):
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(text))
        spelled = _DATE.fullmatch(text)
        if spelled is None:
            return None
        year, month, day, hour, minute, second, fraction, zone = spelled.groups()
        return datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int((fraction or "").ljust(6, "0")[:6]),
            tzinfo=_zone(zone),
        )
    except (ValueError, OverflowError):
        return None


_DATE_SHAPE = re.compile(
    r"(?P<year>-?\d+)(?:-(?P<month>\d+)(?:-(?P<day>\d+))?)?"
    r"(?:[Tt](?:(?P<hour>\d+)(?::(?P<minute>\d+)(?::(?P<second>\d+)(?:\.\d{1,9})?)?)?)?"
    r"(?:[Zz]|[+-](?P<zone>\d\d)(?::?(?P<zone_minute>\d\d))?)?)?",
    re.ASCII,
)
_SECONDS = re.compile(r"\d+(?:\.\d*)?", re.ASCII)
_RANGES = {
    "year": (-292_275_054, 292_278_993), "month": (1, 12), "day": (1, 31), "hour": (0, 24),
    "minute": (0, 59), "second": (0, 60), "zone": (0, 23), "zone_minute": (0, 59),
}  # fmt: skip
_MOST_SECONDS = 2**63 - 1
_LONGEST_DATE = 64


def may_be_date(text: str) -> bool:
    """Tell whether IAM may accept a text as a date where an operator compares dates.

    It accepts more than `read_date` reads; what, is not documented. So a text is no date only if it
    has another shape or a part out of range. One with a variable may be a date: what IAM does with
    it is not documented either.
    """
    if "${" in text or read_date(text) is not None:
        return True
    if len(text) > _LONGEST_DATE:
        return False
    if _SECONDS.fullmatch(text):
        return int(text.partition(".")[0]) <= _MOST_SECONDS
    shape = _DATE_SHAPE.fullmatch(text)
    return shape is not None and all(
        low <= int(shape[part]) <= high for part, (low, high) in _RANGES.items() if shape[part]
    )


def _zone(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    away = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-away if text[0] == "-" else away)


def read_boolean(text: str) -> bool | None:
    """Read `true` or `false`, in any case."""
    return {"true": True, "false": False}.get(text.lower())


def read_binary(text: str) -> bytes | None:
    """Read base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


@lru_cache(maxsize=4096)
def read_ip_address(text: str) -> Address | None:
    """Read an IPv4 or IPv6 address."""
    try:
        return ip_address(text)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def read_ip_range(text: str) -> Network | None:
    """Read a range in CIDR notation; an address alone is a range of one."""
    if not _PREFIXED_NETWORK.fullmatch(text):
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def read_arn(text: str) -> Arn | None:
    """Read an ARN into its six parts, the last with whatever is left."""
    parts = tuple(text.split(":", ARN_PARTS - 1))
    return parts if len(parts) == ARN_PARTS and parts[0] == "arn" else None


def read_arn_pattern(tokens: Tokens) -> ArnPattern | None:
    """Read an ARN with wildcards into its six parts, each a pattern of its own."""
    parts = tuple(split_tokens(tokens, ":", ARN_PARTS - 1))
    return tuple(Pattern(part) for part in parts) if len(parts) == ARN_PARTS else None
