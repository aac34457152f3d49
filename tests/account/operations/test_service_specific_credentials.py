"""Service-specific credentials, which moto lacks and the lessons' policies name."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab.account import Account
from mfa_lab.lesson.policies import stored_policy
from tests.account.conftest import code_of, error_of
from tests.account.operations.test_mfa_devices import enrolled

GIT = "codecommit.amazonaws.com"


@pytest.fixture
def alice(account: Account) -> Any:
    """IAM as alice, in a session with MFA under the article's policy."""
    keys = account.create_user("alice", stored_policy("2021-05-13_article"))
    device = enrolled(account)
    token = {"SerialNumber": device.serial_number, "TokenCode": device.next_code()}
    return account.client(
        "iam", account.client("sts", keys).get_session_token(**token)["Credentials"]
    )


def test_from_making_to_deleting(alice: Any) -> None:
    made = alice.create_service_specific_credential(UserName="alice", ServiceName=GIT)
    one = made["ServiceSpecificCredential"]
    assert one["ServiceUserName"] == "alice-at-123456789012"
    named = {"UserName": "alice", "ServiceSpecificCredentialId": one["ServiceSpecificCredentialId"]}
    again = alice.reset_service_specific_credential(**named)["ServiceSpecificCredential"]
    assert again["ServicePassword"] != one["ServicePassword"]
    alice.update_service_specific_credential(**named, Status="Inactive")
    (listed,) = alice.list_service_specific_credentials()["ServiceSpecificCredentials"]
    assert listed["Status"] == "Inactive" and "ServicePassword" not in listed
    alice.delete_service_specific_credential(**named)
    assert alice.list_service_specific_credentials()["ServiceSpecificCredentials"] == []
    assert error_of(alice.delete_service_specific_credential, **named)[::2] == ("NoSuchEntity", 404)


def test_two_a_service_and_no_other_service(alice: Any) -> None:
    wanted = {"UserName": "alice", "ServiceName": GIT}
    names = {
        alice.create_service_specific_credential(**wanted)["ServiceSpecificCredential"][
            "ServiceUserName"
        ]
        for _ in range(2)
    }
    assert len(names) == 2
    assert code_of(alice.create_service_specific_credential, **wanted) == "LimitExceeded"
    wanted["ServiceName"] = "s3.amazonaws.com"
    assert code_of(alice.create_service_specific_credential, **wanted) == "NotSupportedService"


def test_only_ones_own_and_only_with_mfa(account: Account, alice: Any) -> None:
    wanted = {"UserName": "admin", "ServiceName": GIT}
    assert code_of(alice.create_service_specific_credential, **wanted) == "AccessDenied"
    bob = account.client("iam", account.create_user("bob", stored_policy("2021-05-13_article")))
    assert code_of(bob.list_service_specific_credentials) == "AccessDenied"


def test_a_user_who_has_some_is_not_deleted(account: Account) -> None:
    iam = account.client("iam")
    iam.create_user(UserName="bob")
    iam.create_service_specific_credential(UserName="bob", ServiceName=GIT)
    assert code_of(iam.delete_user, UserName="bob") == "DeleteConflict"
