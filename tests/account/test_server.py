"""The account over HTTP: clients, junk, many at once, and `mfa-lab serve`."""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from mfa_lab import Policy
from mfa_lab.account import Account, AccountError
from mfa_lab.account.http import HttpAnswer
from mfa_lab.account.server import Server
from tests.account.call.test_signature import FORM, LIST_USERS, signed
from tests.account.conftest import client_of
from tests.started import started

COMMAND = [sys.executable, "-m", "mfa_lab.cli", "serve"]


@pytest.fixture
def connection(account: Account) -> Iterator[http.client.HTTPConnection]:
    address = urlsplit(account.endpoint_url)
    assert address.hostname == "127.0.0.1"
    one = http.client.HTTPConnection(address.hostname, address.port or 0, timeout=10)
    yield one
    one.close()


def send(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes = b"",
) -> tuple[int, str]:
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return response.status, response.read().decode()


def test_other_services_over_http(account: Account, reachable: None) -> None:
    s3 = client_of(account, "s3")
    s3.create_bucket(Bucket="bucket")
    content = bytes(range(256)) * 100
    s3.put_object(Bucket="bucket", Key="a b/c+d é", Body=content, Metadata={"my_key": "v"})
    got = s3.get_object(Bucket="bucket", Key="a b/c+d é")
    assert got["Body"].read() == content
    assert s3.head_object(Bucket="bucket", Key="a b/c+d é")["ContentLength"] == len(content)
    assert s3.list_objects_v2(Bucket="bucket")["KeyCount"] == 1
    s3.delete_object(Bucket="bucket", Key="a b/c+d é")
    ec2 = client_of(account, "ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    assert vpc in [one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"]]
    assert client_of(account, "sts").get_caller_identity()["Account"] == account.account_id


JUNK: list[tuple[str, str, dict[str, str], bytes, tuple[int, str]]] = [
    ("POST", "/", FORM, LIST_USERS, (403, "MissingAuthenticationToken")),
    ("POST", "/", FORM, b"Action=GetCallerIdentity&Version=2011-06-15", (403, "MissingAuthenticationToken")),
    ("POST", "/", FORM, b"Action=DescribeVpcs&Version=2016-11-15", (400, "MissingParameter")),
    ("GET", "/", {}, b"", (403, "AccessDenied")),
    ("GET", "/bucket/key", {}, b"", (403, "AccessDenied")),
    ("POST", "/", {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}, b"{}", (501, "NotImplemented")),
    ("POST", "/", {"X-Amz-Target": "[1]"}, b"", (403, "AccessDenied")),
    ("POST", "/", {**FORM, "Authorization": "AWS4-HMAC-SHA256 Credential=AKIA/20210611/us-east-1/iam/aws4_request"}, LIST_USERS, (400, "IncompleteSignature")),
    ("POST", "/", {**FORM, "Authorization": "AWS4-HMAC-SHA256 nonsense"}, LIST_USERS, (400, "IncompleteSignature")),
    ("POST", "/", {**FORM, "Authorization": "AWS4-HMAC-SHA256"}, LIST_USERS, (400, "IncompleteSignature")),
    ("POST", "/", {**FORM, "Authorization": "AWS4-HMAC-SHA256 Credential=A/20210611/us-east-1/nonsense/aws4_request, SignedHeaders=host, Signature=0"}, b"", (501, "NotImplemented")),
    ("POST", "/moto-api/reset", {}, b"", (403, "AccessDenied")),
    ("POST", "/moto-api/seed", {}, b"", (403, "AccessDenied")),
    ("GET", "/latest/meta-data/iam/security-credentials/", {}, b"", (403, "AccessDenied")),
    ("DELETE", "/?", {}, b"\x00\xff" * 50, (403, "AccessDenied")),
    ("POST", "/", FORM, b"\xff\xfe%%%&&&===", (403, "AccessDenied")),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "headers", "body", "expected"), JUNK)
def test_junk_is_answered_as_aws_would(
    account: Account,
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes,
    expected: tuple[int, str],
) -> None:
    users = len(list(account.state.users()))
    status, text = send(connection, method, path, headers, body)
    code = text.partition("<Code>")[2].partition("</Code>")[0] or json.loads(text)["__type"]
    assert (status, code) == expected
    assert len(list(account.state.users())) == users
    assert account.client("iam").list_users()["Users"], "and it still answers"


def test_what_moto_lacks_is_said(account: Account) -> None:
    from mfa_lab.account import NotServedError

    iam = account.client("iam")
    with pytest.raises(NotServedError, match="cannot carry out this operation"):
        iam.simulate_custom_policy(PolicyInputList=["{}"], ActionNames=["iam:GetUser"])
    with pytest.raises(NotServedError, match=r"EC2, but not lambda.us-east-1.amazonaws.com"):
        account.client("lambda").list_functions()


def test_what_moto_lacks_is_said_over_http(account: Account, reachable: None) -> None:
    with pytest.raises(ClientError) as caught:
        client_of(account, "iam").simulate_custom_policy(
            PolicyInputList=["{}"], ActionNames=["iam:GetUser"]
        )
    assert caught.value.response["Error"]["Code"] == "NotImplemented"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def raw(account: Account, data: bytes) -> bytes:
    address = urlsplit(account.endpoint_url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as one:
        one.sendall(data)
        with contextlib.suppress(OSError):  # a server that has heard enough may be gone already
            one.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := one.recv(65536):
            answer += piece
    return answer


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n", b"413"),
        (b"NONSENSE / HTTP/1.1\r\nHost: x\r\n\r\n", b"501"),
        (b"\x16\x03\x01\x00\xff\r\n\r\n", b"400"),
        (b"GET " + b"/x" * 40000 + b" HTTP/1.1\r\n\r\n", b"414"),
    ],
)  # fmt: skip
def test_broken_http(account: Account, data: bytes, status: bytes) -> None:
    assert status in raw(account, data).split(b"\r\n")[0]
    assert account.client("iam").list_users()["Users"]


def test_a_client_that_goes_away(account: Account, capfd: pytest.CaptureFixture[str]) -> None:
    address = urlsplit(account.endpoint_url)
    for _ in range(5):
        with socket.create_connection((address.hostname, address.port), timeout=10) as one:
            one.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    raw(account, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert capfd.readouterr().err == ""


def test_a_chunked_body(account: Account) -> None:
    request = signed(account.admin)
    head = "".join(
        f"{name}: {value}\r\n"
        for name, value in request.headers.items()
        if name != "Content-Length"
    )
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (LIST_USERS[:10], LIST_USERS[10:])
    )
    data = (
        f"POST / HTTP/1.1\r\nHost: iam.amazonaws.com\r\n{head}Connection: close\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    ).encode() + chunks + b"0\r\n\r\n"  # fmt: skip
    answer = raw(account, data)
    assert b"200" in answer.split(b"\r\n")[0] and b"<UserName>admin</UserName>" in answer


def test_fifty_threads(account: Account, reachable: None) -> None:
    """None wrongly allowed, none wrongly refused, no 500."""
    policy = Policy.parse(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["iam:GetUser", "iam:*SSHPublicKey*", "s3:*"], "Resource": "*"}}
    )  # fmt: skip
    keys = account.create_user("alice", policy)
    client_of(account, "s3").create_bucket(Bucket="bucket")
    wrong: list[str] = []
    start = threading.Barrier(50)

    def expect(call: Any, code: str, **parameters: Any) -> None:
        try:
            call(**parameters)
            found = ""
        except ClientError as error:
            found = error.response["Error"]["Code"]
        if found != code:
            wrong.append(f"{call.__name__}: {found or 'allowed'}")

    clients = [
        (client_of(account, "iam", keys), client_of(account, "s3", keys), client_of(account, "iam"))
        for _ in range(2)
    ]
    forged = client_of(account, "iam", replace(keys, secret_access_key="x"))

    def work(number: int) -> None:
        iam, s3, admin = clients[number % 2]
        start.wait()
        for turn in range(4):
            name = f"user-{number}-{turn}"
            expect(iam.get_user, "")
            expect(iam.list_users, "AccessDenied")
            expect(iam.create_user, "AccessDenied", UserName=name)
            expect(forged.get_user, "SignatureDoesNotMatch")
            expect(admin.create_user, "", UserName=name)
            expect(admin.create_user, "EntityAlreadyExists", UserName=name)
            expect(s3.put_object, "", Bucket="bucket", Key=name, Body=name.encode())
            expect(s3.get_object, "", Bucket="bucket", Key=name)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(list(account.state.users())) == 2 + 50 * 4
    assert len(account.client("s3").list_objects_v2(Bucket="bucket")["Contents"]) == 200


def test_a_code_raced_for_is_good_once(account: Account) -> None:
    from tests.account.operations.test_mfa_devices import enrolled

    keys = account.create_user("alice")
    device = enrolled(account)
    token = {"SerialNumber": device.serial_number, "TokenCode": device.next_code()}
    sts = account.client("sts", keys)
    outcomes: list[bool] = []
    start = threading.Barrier(20)

    def work() -> None:
        start.wait()
        try:
            sts.get_session_token(**token)
            outcomes.append(True)
        except ClientError:
            outcomes.append(False)

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 19 + [True]


def test_where_there_are_no_threads(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a browser's Python; the socket is given back."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(AccountError, match="cannot be reached over HTTP here"):
        account.endpoint_url  # noqa: B018
    assert account.client("iam").list_users()["Users"]


# `mfa-lab serve`


def test_serve_says_where_and_ends_quietly() -> None:
    for end in (signal.SIGINT, signal.SIGTERM):
        with started(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None and process.stderr is not None
            ready = json.loads(process.stdout.readline())
            assert set(ready) == {"endpoint_url", "region", "account_id", "admin"}
            assert set(ready["admin"]) == {"aws_access_key_id", "aws_secret_access_key"}
            assert ready["endpoint_url"].startswith("http://127.0.0.1:")
            process.send_signal(end)
            assert process.wait(20) == 0
            assert process.stdout.read() == process.stderr.read() == ""


def test_serve_where_the_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = subprocess.run(
            [*COMMAND, "--port", port], capture_output=True, text=True, check=False
        )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("mfa-lab: ") and ran.stderr.count("\n") == 1
    assert port in ran.stderr


@pytest.mark.parametrize(
    "arguments", [["--port", "x"], ["--port", "70000"], ["--port", "-1"], ["--clock", "noon"]]
)
def test_serve_with_a_bad_option(arguments: list[str]) -> None:
    ran = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("mfa-lab: ") and ran.stderr.count("\n") == 1


def test_a_closed_account_does_not_answer(account: Account) -> None:
    url = urlsplit(account.endpoint_url)
    iam = account.client("iam")
    account.close()
    with pytest.raises(AccountError, match="closed"):
        iam.list_users()
    with pytest.raises(OSError):
        socket.create_connection((url.hostname, url.port), timeout=5)


def test_a_page_in_a_browser_is_answered_nothing(
    account: Account, connection: http.client.HTTPConnection
) -> None:
    """Also one that has the keys, which are the same in every notebook."""
    request = signed(account.admin, account.endpoint_url + "/")
    headers = dict(request.headers.items())
    status, body = send(connection, "POST", "/", headers, request.body)
    assert (status, "<UserName>admin" in body) == (200, True)
    status, body = send(connection, "POST", "/", {**headers, "Origin": "https://x.example"}, b"")
    assert (status, "not pages in a browser" in body) == (403, True)


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
