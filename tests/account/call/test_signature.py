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
from mfa_lab.account.call.http import HttpAnswer, HttpRequest, headers_of
from tests.account.conftest import code_of, error_of

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


def test_a_key_that_nobody_has(account: Account) -> None:
    unknown = replace(account.admin, access_key_id="AKIAIOSFODNN7EXAMPLE")
    assert fault(account.answer(signed(unknown))) == (403, "InvalidClientTokenId")


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


ANSWERS = {
    # service: (url, method, body, headers), then code and status of each fault
    "iam": ((IAM, "POST", LIST_USERS, FORM), "MissingAuthenticationToken", 403, "IncompleteSignature", 400, "InvalidClientTokenId", 403, MISMATCH, 403, "ExpiredToken", 403),
    "sts": (("https://sts.us-east-1.amazonaws.com/", "POST", b"Action=GetCallerIdentity&Version=2011-06-15", FORM), "MissingAuthenticationToken", 403, "IncompleteSignature", 400, "InvalidClientTokenId", 403, MISMATCH, 403, "ExpiredToken", 403),
    "ec2": (("https://ec2.us-east-1.amazonaws.com/", "POST", b"Action=DescribeVpcs&Version=2016-11-15", FORM), "MissingParameter", 400, "AuthFailure", 401, "AuthFailure", 401, "AuthFailure", 401, "RequestExpired", 400),
    "s3": (("https://s3.amazonaws.com/", "GET", b"", {}), "AccessDenied", 403, "AuthorizationHeaderMalformed", 400, "InvalidAccessKeyId", 403, MISMATCH, 403, "ExpiredToken", 400),
}  # fmt: skip


@pytest.mark.parametrize("service", ANSWERS)
def test_each_service_answers_in_its_own_words(account: Account, service: str) -> None:
    (url, method, body, headers), *expected = ANSWERS[service]
    faults = list(zip(expected[1::2], expected[::2], strict=True))
    good = signed(account.admin, url, body, method, service, headers)
    session = keys_of(account.client("sts").get_session_token(DurationSeconds=900)["Credentials"])
    account.clock.advance(seconds=900)
    found = [
        fault(account.answer(with_header(good, "Authorization", None))),
        fault(account.answer(with_header(good, "Authorization", "AWS4-HMAC-SHA256 Credential=a"))),
        fault(account.answer(signed(replace(account.admin, access_key_id="AKIAIOSFODNN7EXAMPLE"), url, body, method, service, headers))),
        fault(account.answer(signed(replace(account.admin, secret_access_key="x"), url, body, method, service, headers))),
        fault(account.answer(signed(session, url, body, method, service, headers))),
    ]  # fmt: skip
    assert account.answer(good).status == 200
    assert found == faults


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


# Tokens


def session_of(account: Account, **parameters: Any) -> Keys:
    return keys_of(account.client("sts").get_session_token(**parameters)["Credentials"])


def test_a_token_that_was_changed(account: Account) -> None:
    session = session_of(account)
    assert session.session_token is not None
    forged = replace(session, session_token=session.session_token[:-1] + "F")
    assert error_of(account.client("sts", forged).get_caller_identity)[0] == "InvalidClientTokenId"


def test_a_token_of_another_session(account: Account) -> None:
    first, second = session_of(account), session_of(account)
    mixed = replace(first, session_token=second.session_token)
    assert error_of(account.client("sts", mixed).get_caller_identity)[0] == "InvalidClientTokenId"


def test_a_token_left_out(account: Account) -> None:
    bare = replace(session_of(account), session_token=None)
    assert error_of(account.client("sts", bare).get_caller_identity)[0] == "InvalidClientTokenId"


def test_s3_knows_no_temporary_key_without_a_token(account: Account) -> None:
    """With a token that is not its own, S3 finds fault with the token instead."""
    session = session_of(account)
    bare = account.client("s3", replace(session, session_token=None))
    unknown = "The AWS Access Key Id you provided does not exist in our records."
    assert error_of(bare.list_buckets) == ("InvalidAccessKeyId", unknown, 403)
    forged = account.client("s3", replace(session, session_token="F" * 40))
    assert code_of(forged.list_buckets) == "InvalidToken"


def test_a_token_beside_a_long_term_key(account: Account) -> None:
    mixed = replace(account.admin, session_token=session_of(account).session_token)
    assert error_of(account.client("sts", mixed).get_caller_identity)[0] == "InvalidClientTokenId"


def test_a_session_ends_to_the_second(account: Account) -> None:
    sts = account.client("sts", session_of(account, DurationSeconds=900))
    account.clock.advance(seconds=899)
    assert sts.get_caller_identity()["Arn"].endswith(":user/admin")
    account.clock.advance(seconds=1)
    code, message, status = error_of(sts.get_caller_identity)
    assert (code, status) == ("ExpiredToken", 403)
    assert message == "The security token included in the request is expired"


def test_sessions_end_with_their_user(account: Account) -> None:
    alice = account.create_user("alice")
    sts = account.client("sts", account.client("sts", alice).get_session_token()["Credentials"])
    assert sts.get_caller_identity()["Arn"].endswith(":user/alice")
    iam = account.client("iam")
    iam.delete_access_key(UserName="alice", AccessKeyId=alice.access_key_id)
    assert sts.get_caller_identity(), "a session outlives the key that it was made with"
    for policy in iam.list_attached_user_policies(UserName="alice")["AttachedPolicies"]:
        iam.detach_user_policy(UserName="alice", PolicyArn=policy["PolicyArn"])
    iam.delete_user(UserName="alice")
    assert error_of(sts.get_caller_identity)[0] == "InvalidClientTokenId"
    iam.create_user(UserName="alice")
    assert error_of(sts.get_caller_identity)[0] == "InvalidClientTokenId"


def test_an_inactive_key(account: Account) -> None:
    alice = account.create_user("alice")
    iam, sts = account.client("iam"), account.client("sts", alice)
    named = {"UserName": "alice", "AccessKeyId": alice.access_key_id}
    iam.update_access_key(**named, Status="Inactive")
    assert error_of(sts.get_caller_identity)[0] == "InvalidClientTokenId"
    iam.update_access_key(**named, Status="Active")
    assert sts.get_caller_identity()["Arn"].endswith(":user/alice")


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
