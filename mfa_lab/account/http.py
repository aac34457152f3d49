"""HTTP as the account sees it: a request that came in, the answer that goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.awsrequest import HeadersDict

LOOPBACK: Final = "127.0.0.1"


def headers_of(items: Mapping[Any, Any]) -> Any:
    """Return headers as text, whose names are matched in any case."""
    headers = HeadersDict()
    for name, value in items.items():
        headers[_text(name)] = _text(value)
    return headers


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as AWS would receive it.

    Args:
        method: Such as `POST`.
        url: The address in AWS's domain, wherever the request really came in.
        headers: To be asked for in any case.
        body: The bytes that came, whole.
        source_ip: Address of the sender.
    """

    method: str
    url: str
    headers: Any
    body: bytes = b""
    source_ip: str = LOOPBACK

    @property
    def host(self) -> str:
        """The host that is addressed."""
        return urlsplit(self.url).netloc

    @property
    def path(self) -> str:
        """The path, percent-encoded as it came."""
        return urlsplit(self.url).path or "/"

    @property
    def query(self) -> str:
        """The query string without the question mark."""
        return urlsplit(self.url).query


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer.

    Args:
        status: HTTP status.
        headers: Names and values.
        body: The bytes to send.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
