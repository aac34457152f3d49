"""The record as a reader sees it."""

from __future__ import annotations

import json

import pytest

from mfa_lab import Policy
from mfa_lab.account import Account
from mfa_lab.lesson.policies import stored_policy
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.account.record_view import RecordView
from tests.account.conftest import code_of
from tests.account.operations.test_mfa_devices import enrolled
from tests.view.markup import parsed, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_call_with_its_verdict(account: Account, language: str) -> None:
    keys = account.create_user("alice", stored_policy("2021-05-13_article"), password="Some-Pass-1")
    account.record.clear()
    iam = account.client("iam", keys)
    iam.get_user()
    code_of(iam.change_password, OldPassword="Some-Pass-1", NewPassword="Other-Pass-2")
    code_of(account.client("iam", {"AccessKeyId": "AKIA", "SecretAccessKey": "<b>"}).list_users)
    session = account.client("sts", keys).get_session_token()["Credentials"]
    code_of(account.client("iam", session).get_user)
    view = RecordView(account.record, language)
    html = view._repr_html_()
    rows = [list(map(words, row.select("th, td"))) for row in parsed(html).select("tbody tr")]
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
    verdicts = [
        f"✓ {say('face.allow', language)}",
        f"✕ {say('face.explicit_deny', language)} AccessDenied",
        f"{say('record.unauthenticated', language)} InvalidClientTokenId",
        f"✓ {say('face.allow', language)}",
        f"⊘ {say('face.refused', language)} InvalidClientTokenId",
    ]
    assert [row[4] for row in rows] == verdicts
    assert rows[1][5] == "alice-1: DenyAllExceptListedIfNoMFA"
    assert rows[1][2].startswith("user/alice") and say("mfa_key.absent", language) in rows[1][2]
    assert "Some-Pass-1" not in html and "Other-Pass-2" not in html
    assert repr(view) == "<record of 5 calls>"


def test_why(account: Account) -> None:
    keys = account.create_user("alice", stored_policy("2021-05-13_article"))
    code_of(account.client("iam", keys).list_access_keys)
    view = RecordView(account.record)
    why = view.why(account.record[-1].number)
    assert "DenyAllExceptListedIfNoMFA" in why._repr_html_()
    with pytest.raises(LookupError, match="no call 99"):
        view.why(99)


def test_what_is_not_documented_is_marked(account: Account) -> None:
    """AssumeRole by long-term keys with a code: what the caller's own policies see is not said."""
    document = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Resource": "*",
            "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        },
    }
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
            "Action": "sts:AssumeRole",
        },
    }
    keys = account.create_user("alice", Policy.parse(document))
    device = enrolled(account)
    account.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust))
    account.client("sts", keys).assume_role(
        RoleArn="arn:aws:iam::123456789012:role/r",
        RoleSessionName="s1",
        SerialNumber=device.serial_number,
        TokenCode=device.next_code(),
    )
    rows = parsed(RecordView(account.record)._repr_html_()).select("tbody tr")
    assert [("†" in words(row)) for row in rows] == [False] * (len(rows) - 1) + [True]
