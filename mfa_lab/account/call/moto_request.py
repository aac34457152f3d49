"""The request that moto gets: written anew from the operation that was decided about.

A request can be read in more than one way: an `Action` in the address and another in the body, a
header of another operation, a text that looks like a form. The gate reads a request once, and
what it read, and nothing else of the request, is what is carried out. AWS likewise takes one
request for one operation ("Common Parameters" of each query API).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from botocore.serialize import create_serializer

from mfa_lab.account.call.signature import Signature
from mfa_lab.account.http import HttpRequest, headers_of
from mfa_lab.account.operation import Operation

_FORM: Final = "application/x-www-form-urlencoded; charset=utf-8"
# What HTTP itself says of a body and of an answer, and how S3's clients frame a body.
_OF_EVERY_S3_REQUEST: Final = frozenset(
    {
        *("cache-control", "content-disposition", "content-encoding", "content-language"),
        *("content-length", "content-md5", "content-type", "date", "expires", "origin", "range"),
        *("if-match", "if-modified-since", "if-none-match", "if-unmodified-since"),
        *("x-amz-content-sha256", "x-amz-decoded-content-length", "x-amz-trailer"),
        *("access-control-request-headers", "access-control-request-method"),
    }
)


def write_request(operation: Operation, request: HttpRequest, signature: Signature) -> HttpRequest:
    """Return a request for the operation with its parameters, and nothing else.

    Args:
        operation: What was decided about.
        request: As it came.
        signature: Whose it is, and in which region.
    """
    if operation.protocol == "rest-xml":
        return _of_rest(operation, request, signature)
    return _of_form(operation, request, signature)


def _of_form(operation: Operation, request: HttpRequest, signature: Signature) -> HttpRequest:
    written = _serializer(operation.protocol).serialize_to_request(
        operation.parameters, operation.model
    )
    headers = {**written["headers"], "Content-Type": _FORM}
    data = urlencode(written["body"]).encode()
    url = urlsplit(request.url)._replace(query="")
    return replace(
        request,
        method="POST",
        url=url.geturl(),
        headers=headers_of(_signed(headers, data, signature)),
        body=data,
    )


def _of_rest(operation: Operation, request: HttpRequest, signature: Signature) -> HttpRequest:
    """Keep path and body, and of address and headers what belongs to the operation."""
    http = operation.model.http
    own = dict(_places(operation.model))
    literal = {name for name, _ in parse_qsl(urlsplit(http["requestUri"]).query, True)}
    kept = [
        (name, value)
        for name, value in parse_qsl(request.query, keep_blank_values=True)
        if name in literal or own.get(name) == "querystring"
    ]
    prefixes = tuple(name for name, place in own.items() if place == "headers")
    headers = {
        name: value
        for name, value in request.headers.items()
        if name.lower() in _OF_EVERY_S3_REQUEST
        or own.get(name.lower()) == "header"
        or name.lower().startswith(prefixes)
    }
    url = urlsplit(request.url)._replace(query=urlencode(kept))
    return replace(
        request,
        url=url.geturl(),
        headers=headers_of(_signed(headers, request.body, signature)),
    )


def _places(model: Any) -> Iterator[tuple[str, str]]:
    """Yield each parameter that stands in the address or in a header, with where it stands."""
    shape = model.input_shape
    for name, member in (shape.members if shape is not None else {}).items():
        place = member.serialization.get("location", "")
        spelled = member.serialization.get("name", name)
        if place == "querystring":
            yield spelled, place
        elif place in ("header", "headers"):
            yield spelled.lower(), place


def _signed(headers: dict[str, Any], body: bytes, signature: Signature) -> dict[str, Any]:
    """Add what moto reads of a signature, which is not the signature itself.

    It takes the caller's key and the region from it, where the address names no region.
    """
    scope = f"{signature.access_key_id}/{signature.time[:8]}/{signature.region}/{signature.service}"
    return {
        **headers,
        "Content-Length": str(len(body)),
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}/aws4_request",
    }


@cache
def _serializer(protocol: str) -> Any:
    return create_serializer(protocol, include_validation=False)
