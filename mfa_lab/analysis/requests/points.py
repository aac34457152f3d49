"""Values on each side of every comparison: numbers, moments and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from mfa_lab.iam.condition.values import Network

# Ranges that are kept for examples (RFC 5737, RFC 3849), to be preferred.
_EXAMPLE_ADDRESSES: Final = ("203.0.113.10", "198.51.100.10", "192.0.2.10", "2001:db8::10")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND: Final = int((datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH).total_seconds())
# More digits than any number that a request has.
MOST_DIGITS: Final = 18


def whole_numbers(compared: Iterable[Decimal], *, spare: int = 1) -> list[int]:
    """Return whole numbers from 0 on: every number compared with, and some on each side.

    Args:
        compared: What policies compare with.
        spare: How many numbers beside each.
    """
    found: dict[int, None] = {}
    for number in sorted({*compared, Decimal(0)}):
        if abs(number) >= 10**MOST_DIGITS:
            continue
        low = int(number.to_integral_value(ROUND_FLOOR))
        high = int(number.to_integral_value(ROUND_CEILING))
        for one in (*range(low - spare, low + 1), *range(high, high + spare + 1)):
            if one >= 0:
                found[one] = None
    return list(found)


def seconds_of(moment: datetime) -> Decimal:
    """Return a moment as seconds since 1970."""
    since = moment - _EPOCH
    return Decimal(since.days * 86_400 + since.seconds) + Decimal(since.microseconds) / 1_000_000


def spelled_moment(seconds: int) -> str:
    """Write seconds since 1970 as AWS writes a moment."""
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def moments(compared: Iterable[datetime], *, spare: int = 1) -> list[int]:
    """Return moments as seconds since 1970: every one compared with, and some on each side."""
    numbers = whole_numbers(map(seconds_of, compared), spare=spare)
    return [number for number in numbers if number <= _LAST_SECOND]


def addresses(networks: Iterable[Network]) -> list[str]:
    """Return addresses of every region into which some networks part the addresses.

    A region begins where a network begins, or behind where one ends.
    """
    return list(dict.fromkeys([*_EXAMPLE_ADDRESSES, *map(str, _borders(networks))]))


def _borders(networks: Iterable[Network]) -> Iterator[IPv4Address | IPv6Address]:
    for network in networks:
        first, last = network.network_address, network.broadcast_address
        # An address inside reads better than the network's own.
        if network.num_addresses > 2:
            yield first + 1
        yield from (first, last)
        if int(first):
            yield first - 1
        if int(last) + 1 < 1 << last.max_prefixlen:
            yield last + 1
    yield IPv4Address("255.255.255.255")
    yield IPv4Address(0)
    yield IPv6Address(0)
