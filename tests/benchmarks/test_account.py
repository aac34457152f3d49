"""What the account's verdict adds to a call, beside the same call in moto without an account.

The verdict is: what the call is about, its context, the policies that bear on it, the decision. The
check of the signature is not part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from pytest_benchmark.fixture import BenchmarkFixture

from mfa_lab.account import Account, Keys
from mfa_lab.account.account import _refuse_others
from mfa_lab.account.boto3_handler import ResponseBody
from mfa_lab.account.call.gate import _IncomingCall
from mfa_lab.account.http import HttpRequest, headers_of
from mfa_lab.account.isolated_boto3 import isolated_session
from mfa_lab.account.moto_state import wire
from mfa_lab.account.operation import Operation
from mfa_lab.account.operations.own_operations import OPERATIONS
from mfa_lab.lesson.policies import stored_policy
from tests.account.call.test_signature import IAM, signed

Timed = Callable[[str, int], None]
Compare = Callable[[str, str, float], None]

CALL = b"Action=GetUser&UserName=alice&Version=2010-05-08"
GET_USER = Operation("iam", "iam", "GetUser", {}, "query", "", None)


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as one:
        yield one


@pytest.fixture
def alice(account: Account) -> Keys:
    return account.create_user("alice", stored_policy("2021-05-13_article"))


def test_a_call_in_moto(benchmark: BenchmarkFixture, timed: Timed, alice: Keys) -> None:
    client = isolated_session(region_name="us-east-1", **alice.for_boto3()).client("iam")

    def by_moto(request: Any, **_: Any) -> AWSResponse:
        asked = HttpRequest(request.method, request.url, headers_of(request.headers), request.body)
        answer = wire.run_in_moto(GET_USER, asked)
        return AWSResponse(request.url, answer.status, answer.headers, ResponseBody(answer.body))

    client.meta.events.unregister("before-send", _refuse_others)
    client.meta.events.register_first("before-send", by_moto)
    benchmark(client.get_user, UserName="alice")
    timed("call in moto", 1)


def test_a_call_in_the_account(
    benchmark: BenchmarkFixture, timed: Timed, account: Account, alice: Keys
) -> None:
    benchmark(account.client("iam", alice).get_user, UserName="alice")
    timed("call in the account", 1)


def test_the_verdict(
    benchmark: BenchmarkFixture, timed: Timed, account: Account, alice: Keys
) -> None:
    incoming = _IncomingCall(account.internals, OPERATIONS, signed(alice, IAM, CALL))
    principal = incoming._authenticate()
    operation = incoming._read_operation(principal)
    benchmark(incoming._authorize, principal, operation)
    timed("verdict", 1)


def test_the_verdict_adds_little(compare: Compare) -> None:
    compare("call in moto", "verdict", 10)
