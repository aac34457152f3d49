"""What keeps the server and the AWS CLI to this machine, and their messages to a size and a form."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from mfa_lab.account import Account
from mfa_lab.account.aws_cli import AwsCli
from mfa_lab.account.call.gate import _LARGEST_BODY
from mfa_lab.account.call.http import HttpAnswer
from mfa_lab.account.server import Server
from tests.account.call.test_signature import LIST_USERS, fault, signed

SPLITTING = "a\r\nSet-Cookie: stolen\nX-More: b"


@pytest.fixture
def server() -> Iterator[Server]:
    """One whose every answer has a header that would begin another."""
    one = Server(lambda _: HttpAnswer(200, {"X-Given": SPLITTING}, b"body"))
    yield one
    one.close()


def connected(host: str, server: Server) -> socket.socket:
    return socket.create_connection((host, urlsplit(server.endpoint_url).port or 0), timeout=5)


def test_it_listens_on_loopback_alone(server: Server) -> None:
    with connected("127.0.0.1", server) as one:
        assert one.getpeername()[0] == "127.0.0.1"
    # Linux takes every address of 127/8 for its own: a server on all addresses would answer there.
    with pytest.raises(OSError):
        connected("127.0.0.2", server)
    assert server._server.socket.getsockname()[0] == "127.0.0.1"


def test_a_header_s_line_ends_begin_no_other_header(server: Server) -> None:
    with connected("127.0.0.1", server) as one:
        one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b""
        while piece := one.recv(65536):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"X-Given: a  Set-Cookie: stolen X-More: b" in head.split(b"\r\n")
    assert body == b"body"


@pytest.mark.parametrize(
    ("more", "expected"), [(0, (200, "")), (1, (413, "RequestEntityTooLarge"))]
)
def test_the_gate_takes_a_body_of_some_size_and_no_larger(
    account: Account, more: int, expected: tuple[int, str]
) -> None:
    body = LIST_USERS + b"&" * (_LARGEST_BODY + more - len(LIST_USERS))
    answer = account.answer(signed(account.admin, body=body))
    assert (answer.status, "" if answer.status == 200 else fault(answer)[1]) == expected


def test_the_aws_cli_asks_no_machine_for_credentials(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor anything else of AWS that the learner's environment names."""
    monkeypatch.setenv("AWS_PROFILE", "decoy")
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/decoy")
    with closing(AwsCli("aws", "http://127.0.0.1:1", "us-east-1")) as cli:
        environment = cli._environment(account.admin)
    assert environment["AWS_EC2_METADATA_DISABLED"] == "true"
    assert {name for name in environment if name.startswith("AWS_")} == {
        "AWS_ACCESS_KEY_ID",
        "AWS_CONFIG_FILE",
        "AWS_DEFAULT_OUTPUT",
        "AWS_DEFAULT_REGION",
        "AWS_EC2_METADATA_DISABLED",
        "AWS_ENDPOINT_URL",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "AWS_PAGER",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SHARED_CREDENTIALS_FILE",
    }
