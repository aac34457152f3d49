"""Who calls: keys, session tokens, and what they stop being good for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mfa_lab.account import Account, Keys, keys_of
from tests.account.call.test_signature import fault, signed
from tests.account.conftest import code_of, error_of


def test_a_key_that_nobody_has(account: Account) -> None:
    unknown = replace(account.admin, access_key_id="AKIAIOSFODNN7EXAMPLE")
    assert fault(account.answer(signed(unknown))) == (403, "InvalidClientTokenId")


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
