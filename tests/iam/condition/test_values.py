"""Reading the values that operators compare; None for what is no value of its kind."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from mfa_lab.iam.condition import values
from mfa_lab.iam.patterns import tokens_of

NOON = datetime(2021, 6, 11, 12, tzinfo=UTC)

# fmt: off
READ: list[Any] = [
    # reader                    text                                value
    (values.read_number,        "-1.50",                            Decimal("-1.5")),
    (values.read_number,        "1e3",                              None),
    (values.read_number,        "٣",                                None),
    (values.read_date,          "2021-06-11T12:00:00Z",             NOON),
    (values.read_date,          "2021-06-11T21:00+09:00",           NOON),
    (values.read_date,          "1623412800",                       NOON),
    (values.read_date,          "2021",                             datetime(2021, 1, 1, tzinfo=UTC)),
    (values.read_date,          "2021-02-30",                       None),
    (values.read_boolean,       "TRUE",                             True),
    (values.read_boolean,       "yes",                              None),
    (values.read_binary,        "YQ==",                             b"a"),
    (values.read_binary,        "YQ==!",                            None),
    (values.read_binary,        "YQ",                               None),
    (values.read_ip_address,    "2001:db8::1",                      ip_address("2001:db8::1")),
    (values.read_ip_address,    "203.0.113.0/24",                   None),
    (values.read_ip_range,      "203.0.113.9/24",                   ip_network("203.0.113.0/24")),
    (values.read_ip_range,      "203.0.113.9",                      ip_network("203.0.113.9/32")),
    (values.read_ip_range,      "203.0.113.0/255.255.255.0",        None),
    (values.read_arn,           "arn:aws:iam::1:user/a:b",          ("arn", "aws", "iam", "", "1", "user/a:b")),
    (values.read_arn,           "arn:aws:iam",                      None),
    (values.read_arn,           "urn:aws:iam::1:user/a",            None),
]
# fmt: on


@pytest.mark.parametrize(("read", "text", "value"), READ)
def test_a_value_is_read(read: Any, text: str, value: Any) -> None:
    assert read(text) == value


def test_the_parts_of_an_arn_are_patterns_of_their_own() -> None:
    parts = values.read_arn_pattern(tokens_of("arn:aws:s?s:*:1:q*:r"))
    assert parts is not None
    texts = ("arn", "aws", "sqs", "us-east-1", "1", "queue:r")
    assert [part.matches(text) for part, text in zip(parts, texts, strict=True)] == [True] * 6
    assert values.read_arn_pattern(tokens_of("arn:aws:sqs")) is None
