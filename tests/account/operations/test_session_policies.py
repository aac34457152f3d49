"""Session policies narrow what a session may do."""

from __future__ import annotations

from mfa_lab.account import Account
from tests.account.conftest import code_of, message_of
from tests.account.policies import assume, policy, role, text, trust


def test_a_session_policy_narrows(account: Account) -> None:
    role(account, trust({"AWS": "*"}), "iam:*")
    narrow = text("Allow", "iam:GetUser")
    iam = account.client("iam", assume(account, None, Policy=narrow))
    assert iam.get_user(UserName="admin")
    assert message_of(iam.list_users).endswith(
        "because no session policy allows the iam:ListUsers action"
    )
    arn = policy(account, "read", text("Allow", "iam:ListUsers"))
    both = account.client("iam", assume(account, None, Policy=narrow, PolicyArns=[{"arn": arn}]))
    assert both.list_users()["Users"] and both.get_user(UserName="admin")
    assert code_of(both.list_roles) == "AccessDenied"
