"""Parameters that do not have the form that the API reference asks for."""

from __future__ import annotations

from mfa_lab.account import Account
from tests.account.call.test_signature import fault, signed


def test_a_parameter_of_the_wrong_form_is_named_as_aws_names_it(account: Account) -> None:
    url = "https://sts.us-east-1.amazonaws.com/"
    body = b"Action=GetSessionToken&SerialNumber=arn&TokenCode=12345a&Version=2011-06-15"
    text = account.answer(signed(account.admin, url, body, service="sts")).body.decode()
    assert "2 validation errors detected: " in text
    assert "Value 'arn' at 'serialNumber' failed to satisfy constraint: Member must have length greater than or equal to 9" in text  # fmt: skip
    assert "Value '12345a' at 'tokenCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\d]*" in text  # fmt: skip


def test_a_password_is_not_said_back(account: Account) -> None:
    body = b"Action=ChangePassword&OldPassword=Secret-Word-1&NewPassword=" + b"%07" + b"&Version=2010-05-08"  # fmt: skip
    answer = account.answer(signed(account.admin, body=body))
    assert fault(answer) == (400, "ValidationError")
    assert b"\x07" not in answer.body and b"Secret-Word" not in answer.body
