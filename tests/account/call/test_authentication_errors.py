"""The words of services that speak REST with JSON, which none of the served ones does yet."""

from __future__ import annotations

import pytest

from mfa_lab.account.call import authentication_errors as errors
from mfa_lab.account.call.fault import Fault
from mfa_lab.account.call.operation import Service

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
