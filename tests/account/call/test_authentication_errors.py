"""The words of services that speak REST with JSON, which none of the served ones does yet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mfa_lab.account import Account, keys_of
from mfa_lab.account.call import authentication_errors as errors
from mfa_lab.account.fault import Fault
from mfa_lab.account.operation import Service
from tests.account.call.test_signature import (
    FORM,
    IAM,
    LIST_USERS,
    MISMATCH,
    fault,
    signed,
    with_header,
)

TOOLBOX = Service("iam-toolbox", "iam", "rest-json", "", "2018-05-10")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (errors.missing(TOOLBOX), "MissingAuthenticationTokenException"),
        (errors.malformed(TOOLBOX), "IncompleteSignatureException"),
        (errors.unknown_key(TOOLBOX), "UnrecognizedClientException"),
        (errors.mismatch(TOOLBOX), "InvalidSignatureException"),
        (errors.expired(TOOLBOX), "ExpiredTokenException"),
    ],
)
def test_a_rest_json_service_has_codes_of_its_own(fault: Fault, code: str) -> None:
    assert (fault.code, fault.status) == (code, 400)


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
