"""The account over HTTP on loopback, for the AWS CLI and any other client of AWS."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from mfa_lab.account.fault import Fault, NotServedError
from mfa_lab.account.http import LOOPBACK, HttpAnswer, HttpRequest, headers_of
from mfa_lab.account.moto_state.state import REGION
from mfa_lab.text import say

Answerer = Callable[[HttpRequest], HttpAnswer]

_SCOPE = re.compile(r"Credential=[^/\s]+/\d{8}/([a-z0-9-]+)/([a-z0-9.-]+)/aws4_request", re.I)
_QUERY_SCOPE = re.compile(r"[^/]+/\d{8}/([a-z0-9-]+)/([a-z0-9.-]+)/aws4_request", re.I)
# A request without a signature names its service in no other way.
_SERVICES_BY_VERSION: Final = {"2010-05-08": "iam", "2011-06-15": "sts", "2016-11-15": "ec2"}
# That of a service with a JSON protocol begins with its name, or one like it: `DynamoDB_20120810`.
_TARGET: Final = re.compile(r"[a-z]+")
_LARGEST_BODY: Final = 100 * 1024 * 1024
_IDLE_SECONDS: Final = 60
_BACKLOG: Final = 128


class Server:
    """Answers HTTP on 127.0.0.1 until it is closed.

    Args:
        answer: What answers a request.
        port: 0 for any that is free.

    Raises:
        OSError: The port is taken, or may not be used.
        RuntimeError: This Python has no threads, as in a browser.
    """

    def __init__(self, answer: Answerer, port: int = 0) -> None:
        handler = type("AccountHandler", (_RequestHandler,), {"answer_to": staticmethod(answer)})
        self._server = _Listener((LOOPBACK, port), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        try:
            self._thread.start()
        except RuntimeError:
            self._server.server_close()
            raise

    @property
    def endpoint_url(self) -> str:
        """The address for clients."""
        return f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = _BACKLOG
    # Elsewhere than on POSIX this would let two programs share a port.
    allow_reuse_address = os.name == "posix"

    def handle_error(self, *_: Any) -> None:
        """Say nothing: a client that goes away is no trouble."""


class _RequestHandler(BaseHTTPRequestHandler):
    answer_to: Answerer
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    server_version = "mfa_lab"
    sys_version = ""

    def _handle(self) -> None:
        if "Origin" in self.headers:  # a page in a browser asks, of whatever site
            self._refuse(Fault("AccessForbidden", say("account_error.not_for_pages", "en"), 403))
            return
        body = self._body()
        if body is None:
            return
        try:
            answer = answer_over_http(self.answer_to, self.command, self.path, self.headers, body)
        except Exception:  # a defect of the account: the client gets AWS's word for it
            logging.getLogger(__name__).exception("a call was answered with InternalFailure")
            fault = Fault("InternalFailure", say("account_error.defect", "en"), 500)
            answer = fault.answer("query", "", "")
        self._send(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _handle

    def _body(self) -> bytes | None:
        """Read the body; None where it cannot be read, which is answered here."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        spelled = self.headers.get("Content-Length") or "0"
        if not spelled.isascii() or not spelled.isdigit():
            self._refuse(Fault("BadRequest", "Bad Request", 400))
            return None
        length = int(spelled)
        if length > _LARGEST_BODY:
            self._refuse(Fault("RequestEntityTooLarge", "Request Entity Too Large", 413))
            return None
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return None
        return body

    def _chunks(self) -> bytes | None:
        body = bytearray()
        while True:
            line = self.rfile.readline(1024).partition(b";")[0].strip()
            try:
                size = int(line, 16)
            except ValueError:
                self._refuse(Fault("BadRequest", "Bad Request", 400))
                return None
            if size < 0 or len(body) + size > _LARGEST_BODY:
                self._refuse(Fault("RequestEntityTooLarge", "Request Entity Too Large", 413))
                return None
            body += self.rfile.read(size)
            self.rfile.readline(1024)
            if size == 0:
                return bytes(body)

    def _refuse(self, fault: Fault) -> None:
        self.close_connection = True
        self._send(fault.answer("query", "", ""))

    def _send(self, answer: HttpAnswer) -> None:
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name.lower()
            not in ("content-length", "connection", "transfer-encoding", "status", "date", "server")
        }
        with contextlib.suppress(ConnectionError, TimeoutError):
            self.send_response(answer.status)
            for name, value in headers.items():
                self.send_header(name, value.replace("\r", " ").replace("\n", " "))
            length = answer.headers.get("Content-Length") or answer.headers.get("content-length")
            is_head = self.command == "HEAD"
            self.send_header(
                "Content-Length", str(length if is_head and length else len(answer.body))
            )
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            if not is_head and answer.status not in (204, 304):
                self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        """Write no log: the account has a record of its own."""


def answer_over_http(
    answer: Answerer, method: str, target: str, headers: Any, body: bytes
) -> HttpAnswer:
    """Answer a request that came in at loopback, as the service of AWS that it is meant for.

    Args:
        answer: What answers.
        method: Such as `POST`.
        target: Path and query, as they stand in the request.
        headers: As they came.
        body: The whole body.
    """
    known = headers_of(headers)
    parts = urlsplit(target if target.startswith("/") else f"/{target}")
    try:
        service, region = _meant(known, parts.query, body)
        url = f"https://{service}.{region}.amazonaws.com{parts.path}"
        request = HttpRequest(method, f"{url}?{parts.query}" if parts.query else url, known, body)
        return answer(request)
    except NotServedError as error:
        kind = known.get("Content-Type", "")
        protocol = "json" if "json" in kind or "X-Amz-Target" in known else "query"
        return Fault("NotImplemented", error.sentence("en"), 501).answer(protocol, "", "")


def _meant(headers: Any, query: str, body: bytes) -> tuple[str, str]:
    """Return service and region, by the credential scope or else by the form of the request."""
    scope = _SCOPE.search(headers.get("Authorization", ""))
    if scope is None:
        credential = parse_qs(query).get("X-Amz-Credential", [""])[0]
        scope = _QUERY_SCOPE.fullmatch(credential)
    if scope is not None:
        return scope[2].lower(), scope[1].lower()
    target = _TARGET.match(headers.get("X-Amz-Target", "").lower())
    if target is not None:
        return target[0], REGION
    form = parse_qs(query) | parse_qs(body[:65536].decode("latin-1"))
    version = form.get("Version", [""])[0]
    if "Action" in form or version:
        return _SERVICES_BY_VERSION.get(version, "iam"), REGION
    return "s3", REGION
