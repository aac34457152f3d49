"""Who is let in: signatures, tokens, and what is answered to those who are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from mfa_lab.account import Account, Clock, Keys, RealClock, keys_of
from mfa_lab.account.http import HttpAnswer, HttpRequest, headers_of

FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
LIST_USERS = b"Action=ListUsers&Version=2010-05-08"
IAM = "https://iam.amazonaws.com/"
MISMATCH = "SignatureDoesNotMatch"


def signed(
    keys: Keys,
    url: str = IAM,
    body: bytes = LIST_USERS,
    method: str = "POST",
    service: str = "iam",
    headers: Any = None,
) -> HttpRequest:
    """A request as botocore would sign it now."""
    credentials = Credentials(keys.access_key_id, keys.secret_access_key, keys.session_token)
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    request = AWSRequest(method, url, dict(FORM if headers is None else headers), body)
    signer(credentials, service, "us-east-1").add_auth(request)
    return HttpRequest(method, url, headers_of(request.headers), body)


def fault(answer: HttpAnswer) -> tuple[int, str]:
    text = answer.body.decode()
    if text.startswith("{"):
        import json

        return answer.status, json.loads(text)["__type"]
    if "<Code>" not in text:
        return answer.status, ""
    return answer.status, text.partition("<Code>")[2].partition("</Code>")[0]


def with_header(request: HttpRequest, name: str, value: str | None) -> HttpRequest:
    headers = request.headers.copy()
    if value is None:
        del headers[name]
    else:
        headers[name] = value
    return replace(request, headers=headers)


def test_a_signed_request_is_answered(account: Account) -> None:
    answer = account.answer(signed(account.admin))
    assert answer.status == 200
    assert b"<UserName>admin</UserName>" in answer.body


@pytest.mark.parametrize(
    "tamper",
    [
        lambda request: replace(request, body=request.body + b"&MaxItems=1"),
        lambda request: replace(request, url=request.url + "?Action=ListRoles"),
        lambda request: replace(request, method="PUT"),
        lambda request: with_header(request, "X-Amz-Date", "20300101T000000Z"),
        lambda request: with_header(request, "Content-Type", "application/x-www-form-urlencoded"),
        lambda request: with_header(
            request, "Authorization", request.headers["Authorization"][:-4] + "0000"
        ),
        lambda request: with_header(
            request,
            "Authorization",
            request.headers["Authorization"].replace("/us-east-1/", "/eu-west-1/"),
        ),
    ],
    ids=["body", "query", "method", "time", "header", "signature", "region"],
)
def test_a_request_that_was_changed_is_refused(account: Account, tamper: Any) -> None:
    assert fault(account.answer(tamper(signed(account.admin)))) == (403, MISMATCH)


def test_another_secret_is_refused(account: Account) -> None:
    forged = replace(account.admin, secret_access_key="x" * 40)
    assert fault(account.answer(signed(forged))) == (403, MISMATCH)


def test_a_body_hash_that_is_not_of_the_body(account: Account) -> None:
    """The hash is signed, so a client cannot change it; but the body could be."""
    url = "https://s3.amazonaws.com/bucket/key"
    request = signed(account.admin, url, b"good", "PUT", "s3", {})
    assert fault(account.answer(replace(request, body=b"evil"))) == (
        400,
        "XAmzContentSHA256Mismatch",
    )


def test_only_s3_takes_an_unsigned_body(account: Account) -> None:
    headers = {**FORM, "X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}
    request = signed(account.admin, headers=headers)
    assert fault(account.answer(request)) == (403, MISMATCH)


def test_the_scope_must_be_of_the_service(account: Account) -> None:
    request = signed(account.admin, service="sts")
    answer = account.answer(request)
    assert fault(answer) == (403, MISMATCH)
    assert b"Credential should be scoped to correct service: 'iam'" in answer.body


@pytest.mark.parametrize("word", ["Bearer abc", "AWS AKIA:signature", "Basic eDp5"])
def test_another_authorization_is_refused(account: Account, word: str) -> None:
    request = with_header(signed(account.admin), "Authorization", word)
    assert fault(account.answer(request)) == (400, "IncompleteSignature")


@pytest.mark.parametrize("part", ["Credential", "SignedHeaders", "Signature"])
def test_half_a_signature_names_what_it_lacks(account: Account, part: str) -> None:
    good = signed(account.admin)
    parts = good.headers["Authorization"].removeprefix("AWS4-HMAC-SHA256 ").split(", ")
    rest = ", ".join(one for one in parts if not one.startswith(part + "="))
    answer = account.answer(with_header(good, "Authorization", f"AWS4-HMAC-SHA256 {rest}"))
    assert fault(answer) == (400, "IncompleteSignature")
    assert f"requires '{part}' parameter" in answer.body.decode()


# Presigned addresses


def presigned(keys: Keys, url: str, expires: Any = 300) -> HttpRequest:
    request = AWSRequest("GET", url, {}, b"")
    credentials = Credentials(keys.access_key_id, keys.secret_access_key, keys.session_token)
    S3SigV4QueryAuth(credentials, "s3", "us-east-1", expires=expires).add_auth(request)
    return HttpRequest("GET", request.url, headers_of({}), b"")


def test_a_presigned_address(account: Account) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="a key", Body=b"content")
    request = presigned(account.admin, "https://s3.amazonaws.com/bucket/a%20key")
    assert account.answer(request).body == b"content"
    forged = replace(request, url=request.url.replace("a%20key", "another"))
    assert fault(account.answer(forged)) == (403, MISMATCH)


def test_a_presigned_address_of_a_session_needs_its_token(account: Account) -> None:
    session = keys_of(account.client("sts").get_session_token()["Credentials"])
    account.client("s3").create_bucket(Bucket="bucket")
    url = "https://s3.amazonaws.com/bucket"
    assert account.answer(presigned(session, url)).status == 200
    without = presigned(replace(session, session_token=None), url)
    assert fault(account.answer(without)) == (403, "InvalidAccessKeyId")


# Time


class MovedClock(RealClock):
    """The machine's clock, a little off."""

    def __init__(self, off: timedelta) -> None:
        super().__init__()
        self.off = off

    def now(self) -> datetime:
        return datetime.now(UTC) + self.off


@pytest.mark.parametrize(
    ("minutes", "message"),
    [(14, ""), (-14, ""), (16, "Signature expired: "), (-16, "Signature not yet current: ")],
)
def test_on_real_time_a_signature_grows_old(minutes: int, message: str) -> None:
    with Account(clock=MovedClock(timedelta(minutes=minutes))) as account:
        answer = account.answer(signed(account.admin))
        assert fault(answer) == ((403, MISMATCH) if message else (200, ""))
        assert message in answer.body.decode()


def test_on_the_clock_of_a_lesson_a_signature_does_not() -> None:
    for start in (datetime(2001, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)):
        with Account(clock=Clock(start)) as account:
            assert account.answer(signed(account.admin)).status == 200
            account.clock.advance(days=400)
            assert account.answer(signed(account.admin)).status == 200


BUCKET = "https://s3.us-east-1.amazonaws.com/bucket/k"


@pytest.mark.parametrize(
    ("minutes", "expires", "answer"),
    [
        (9, 600, (404, "NoSuchBucket")),  # let in: there is no such bucket
        (11, 600, (403, "AccessDenied")),
        (59, 3600, (404, "NoSuchBucket")),  # longer than a signature in a header holds
        (-14, 60, (404, "NoSuchBucket")),
        (-16, 60, (403, "RequestTimeTooSkewed")),
    ],
)
def test_a_presigned_address_holds_as_long_as_it_says(
    minutes: int, expires: int, answer: tuple[int, str]
) -> None:
    with Account(clock=MovedClock(timedelta(minutes=minutes))) as account:
        given = account.answer(presigned(account.admin, BUCKET, expires))
        assert fault(given) == answer
        assert (b"Request has expired" in given.body) is (answer[1] == "AccessDenied")


@pytest.mark.parametrize("expires", [604_801, -1, "abc", "", "9" * 30])
def test_a_presigned_address_cannot_hold_for_ever(account: Account, expires: Any) -> None:
    answer = account.answer(presigned(account.admin, BUCKET, expires))
    assert fault(answer) == (400, "AuthorizationQueryParametersError")


def test_s3_obeys_no_header_that_is_not_signed(account: Account) -> None:
    for request in (
        presigned(account.admin, BUCKET, 60),
        signed(account.admin, BUCKET, b"", "GET", "s3", headers={}),
    ):
        assert fault(account.answer(request))[1] == "NoSuchBucket"
        answer = account.answer(with_header(request, "x-amz-acl", "public-read"))
        assert fault(answer) == (403, "AccessDenied")
        assert b"headers present in the request which were not signed" in answer.body


def test_what_s3_takes_for_the_hash_of_a_body(account: Account) -> None:
    headers = {"x-amz-content-sha256": "HELLO"}
    request = signed(account.admin, BUCKET, b"", "GET", "s3", headers=headers)
    request = with_header(request, "x-amz-content-sha256", "HELLO")
    assert fault(account.answer(request))[1] in ("InvalidArgument", MISMATCH)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("Signature", "é" * 64),
        ("X-Amz-Date", "20261399T000000Z"),
        ("X-Amz-Date", "２0260101T000000Z"),
    ],
)
def test_a_malformed_signature_is_the_caller_s_mistake(
    account: Account, part: str, value: str
) -> None:
    request = signed(account.admin)
    if part == "X-Amz-Date":
        request = with_header(request, part, value)
    else:
        header = request.headers["Authorization"].partition("Signature=")[0]
        request = with_header(request, "Authorization", f"{header}Signature={value}")
    assert fault(account.answer(request))[0] in (400, 403)
