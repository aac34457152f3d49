"""boto3 in the process: a handler of the event `before-send` answers instead of the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.awsrequest import AWSResponse

from mfa_lab.account.http import HttpAnswer, HttpRequest, headers_of


class BeforeSendHandler:
    """Answers a boto3 client's request before it is sent. Nothing is ever sent.

    Args:
        answer: What answers a request: the account.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpAnswer]) -> None:
        self._answer = answer

    def __call__(self, request: Any, **_: Any) -> AWSResponse:
        """Return the answer, which botocore then takes for the response of the network."""
        answer = self._answer(
            HttpRequest(
                request.method, request.url, headers_of(request.headers), _read_body(request.body)
            )
        )
        return AWSResponse(request.url, answer.status, answer.headers, ResponseBody(answer.body))


def _read_body(body: Any) -> bytes:
    """Return the bytes of a request body, which may be a file."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    content: bytes = body.read()
    return content


class ResponseBody:
    """The body of a response in the form in which urllib3 hands it to botocore.

    Args:
        content: The bytes.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: Any, **__: Any) -> Any:
        """Yield the rest at once."""
        content, self._content = self._content, b""
        if content:
            yield content

    def read(self, amount: int | None = None, **_: Any) -> bytes:
        """Return the next bytes, all that are left by default."""
        end = len(self._content) if amount is None else amount
        piece, self._content = self._content[:end], self._content[end:]
        return piece

    def close(self) -> None:
        """Drop what was not read."""
        self._content = b""
