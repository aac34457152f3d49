"""Keys and ids that an account makes up."""

from __future__ import annotations

from typing import Any

from mfa_lab.account import Account, keys_of
from mfa_lab.lesson.policies import stored_policy


def story(account: Account) -> list[Any]:
    """Some calls, with all that they answer but the dates of the HTTP answers."""
    keys = account.create_user("alice", stored_policy("2021-05-13_article"), password="Some-Pass-1")
    iam = account.client("iam", keys)
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="alice")["VirtualMFADevice"]
    session = account.client("sts", keys).get_session_token()["Credentials"]
    user = iam.get_user()["User"]
    role = account.client("iam").create_role(
        RoleName="r",
        AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}',
    )["Role"]
    return [keys, keys.secret_access_key, device, session, user, role]


def test_the_same_seed_makes_the_same_keys() -> None:
    stories = []
    for seed in ("x", "x", "y", None):
        with Account(seed=seed) as account:
            stories.append((account.admin, story(account)))
    assert stories[0] == stories[1]
    for other in stories[2:]:
        assert other[0] != stories[0][0] and other[1][0] != stories[0][1][0]


def test_keys_carry_the_mark_of_examples(account: Account) -> None:
    keys = account.create_user("alice")
    session = keys_of(account.client("sts").get_session_token()["Credentials"])
    for one, prefix in ((keys, "AKIA"), (account.admin, "AKIA"), (session, "ASIA")):
        assert one.access_key_id.startswith(prefix) and one.access_key_id.endswith("EXAMPLE")
        assert len(one.access_key_id) == 20
        assert len(one.secret_access_key) == 40 and one.secret_access_key.endswith("EXAMPLEKEY")
        assert one.secret_access_key not in repr(one)
