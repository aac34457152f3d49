"""How a fault is written in the answer."""

from __future__ import annotations

from mfa_lab.account import Account
from tests.account.conftest import code_of


def test_an_account_ends_its_errors_in_xml(account: Account) -> None:
    """Also where a call holds what XML cannot."""
    assert code_of(account.client("iam").create_user, UserName="a\x08b") == "ValidationError"
    document = '{\x00"Version": "2012-10-17"}'
    code = code_of(account.client("iam").create_policy, PolicyName="p", PolicyDocument=document)
    assert code in ("MalformedPolicyDocument", "ValidationError")
