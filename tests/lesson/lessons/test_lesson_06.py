"""Lesson 06: what its predictions come to and what it claims, written out from AWS's pages.

Sources: data/facts.md, "Policy history", "Naming MFA devices" and "Service rules".
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_lab import Account, PolicySet, folders
from mfa_lab.analysis.difference import difference
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam.credentials import ACCESS_KEY, CONSOLE_WITH_MFA, CONSOLE_WITHOUT_MFA, KINDS
from mfa_lab.iam.policy import Policy
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.lessons.lesson_06 import (
    EXERCISES,
    OBSERVED,
    PREDICTIONS,
    VERSIONS,
    fits,
    how_far_the_thief_comes,
    how_far_with_a_path,
    without_the_statement,
)
from mfa_lab.lesson.policies import EVERYTHING_ALLOWED, POLICY_HISTORY, policy_names, stored_policy
from mfa_lab.lesson.prediction import Prediction
from mfa_lab.text import LANGUAGES, catalogue

EXPECTED = {
    "first_device": "implicit_deny",
    "delete_own_device": "implicit_deny",
    "user_with_a_path": "created",
    "second_device_in_2022": "session",
    "device_of_another": "allow",
}
ACCOUNT = "arn:aws:iam::123456789012"
PHONE = f"{ACCOUNT}:mfa/alices-phone"
ASKED = {
    "first_device": ("iam:CreateVirtualMFADevice", PHONE, "console_without_mfa"),
    "delete_own_device": ("iam:DeleteVirtualMFADevice", PHONE, "console_with_mfa"),
    "device_of_another": ("iam:EnableMFADevice", f"{ACCOUNT}:user/bob", "access_key"),
}
ARTICLE = stored_policy("2021-05-13_article")
CORRECTED = stored_policy("2022-11-23_multiple_mfa_devices")
NEWEST = stored_policy("2023-11_newest")
ANY_NAME, WHICH_VERSION = EXERCISES
repeatable = settings(deadline=None, derandomize=True, max_examples=40)


@pytest.mark.parametrize("name", ASKED)
def test_a_prediction_asks_what_its_question_says(name: str) -> None:
    [prediction] = [one for one in PREDICTIONS if one.name == name]
    assert isinstance(prediction, Prediction)
    answer = prediction.ask()
    request = answer.decision.request
    assert (request.action, request.resource, answer.caller.kind.name) == ASKED[name]


def test_what_is_lived_through_depends_on_what_the_question_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A user without a path enrols; with the rule of 2023 the thief only creates."""
    created = Account.create_user

    def without_path(self: Account, *given: object, path: str = "/", **more: object) -> object:
        return created(self, *given, **more)  # type: ignore[call-overload]

    with monkeypatch.context() as patched:
        patched.setattr(Account, "create_user", without_path)
        assert how_far_with_a_path() == "enabled"
    begun = Account.__init__

    def with_the_rule(self: Account, **_: object) -> None:
        begun(self)

    with monkeypatch.context() as patched:
        patched.setattr(Account, "__init__", with_the_rule)
        assert how_far_the_thief_comes() == "created"


# What the lesson claims.


@pytest.mark.parametrize(
    "name", ["console_without_mfa", "access_key", "console_with_mfa", "session_token_with_mfa"]
)
def test_the_old_policy_stops_another_name_with_an_implicit_deny_also_with_a_code(
    name: str,
) -> None:
    found = ask(PolicySet(identity=[ARTICLE]), KINDS[name], CREATE, resource=PHONE)
    assert found.face is Face.IMPLICIT_DENY


def test_what_the_correction_changes_is_one_statement() -> None:
    before, after = list(ARTICLE.document["Statement"]), list(CORRECTED.document["Statement"])
    changed = [
        n for n, (one, other) in enumerate(zip(before, after, strict=True), 1) if one != other
    ]
    assert changed == [7]
    assert after[6]["Resource"] == f"{ACCOUNT}:mfa/*".replace("123456789012", "*")


def test_nobody_but_an_administrator_deletes_under_the_newest_version() -> None:
    for kind in (ACCESS_KEY, CONSOLE_WITHOUT_MFA, CONSOLE_WITH_MFA):
        for device in (PHONE, f"{ACCOUNT}:mfa/alice"):
            asked = PolicySet(identity=[NEWEST])
            found = ask(asked, kind, "iam:DeleteVirtualMFADevice", resource=device)
            assert found.face is not Face.ALLOW
    asked = PolicySet(identity=[NEWEST, EVERYTHING_ALLOWED])
    found = ask(asked, CONSOLE_WITH_MFA, "iam:DeleteVirtualMFADevice", resource=PHONE)
    assert found.face is Face.ALLOW


@pytest.mark.parametrize("version", POLICY_HISTORY)
def test_no_version_serves_a_user_with_a_path(version: str) -> None:
    asked = PolicySet(identity=[stored_policy(version)])
    own = f"{ACCOUNT}:user/dev/alice"
    for action in ("iam:EnableMFADevice", "iam:ChangePassword", "iam:CreateAccessKey"):
        found = ask(asked, CONSOLE_WITH_MFA, action, resource=own)
        assert found.face is Face.IMPLICIT_DENY, action


@pytest.mark.parametrize("version", POLICY_HISTORY)
def test_every_version_s_gates_reach_other_users(version: str) -> None:
    asked = PolicySet(identity=[stored_policy(version), EVERYTHING_ALLOWED])
    found = ask(asked, ACCESS_KEY, "iam:EnableMFADevice", resource=f"{ACCOUNT}:user/bob")
    assert found.face is Face.ALLOW


def test_the_old_policy_lets_a_thief_name_a_device_like_the_user_only() -> None:
    with Account(own_devices_need_mfa=False) as account:
        keys = account.create_user("alice", ARTICLE, password="First-Pass-0")
        console = account.console()
        console.sign_in("alice", "First-Pass-0")
        console.enrol_device(account.phone())
        thief = account.client("iam", keys)
        for name, code in (("alice", "EntityAlreadyExists"), ("spare", "AccessDenied")):
            with pytest.raises(ClientError) as refused:
                thief.create_virtual_mfa_device(VirtualMFADeviceName=name)
            assert refused.value.response["Error"]["Code"] == code


WITHOUT_MFA = ("access_key", "console_without_mfa")


def changes(before: str, after: str, kinds: tuple[str, ...] = WITHOUT_MFA) -> set[str]:
    found = difference(
        Tabulator(device_name="alices-phone"),
        PolicySet(identity=[stored_policy(before)]),
        PolicySet(identity=[stored_policy(after)]),
    )
    return {
        action for flip in found.flips if flip.caller.kind.name in kinds for action in flip.actions
    }


def test_the_history_changed_as_the_list_says() -> None:
    versions = dict(pairwise(POLICY_HISTORY))
    assert changes("2019-01-31_security_credentials_page", "2021-05-13_article") == set()
    assert versions["2021-05-13_article"] == "2022-11-23_multiple_mfa_devices"
    assert changes("2021-05-13_article", "2022-11-23_multiple_mfa_devices") == {
        "iam:CreateVirtualMFADevice"
    }
    assert changes("2022-11-23_multiple_mfa_devices", "2023-11_newest") == {"iam:GetMFADevice"}
    assert "iam:DeactivateMFADevice" in changes(
        "2018-11-30_tutorial_fixed", "2018-11-21_tutorial_flawed"
    )
    assert [name for name in policy_names() if name[:2] == "20"] == sorted(
        {*POLICY_HISTORY, "2021-05-13_article_weakened"}
    )


def test_the_newest_version_has_a_gate_that_leads_nowhere() -> None:
    for kind in (ACCESS_KEY, CONSOLE_WITH_MFA):
        found = ask(PolicySet(identity=[NEWEST]), kind, "iam:GetMFADevice")
        assert found.face is Face.IMPLICIT_DENY


# A device of any name.


def alone(*statements: dict[str, object]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


CREATE, DELETE = "iam:CreateVirtualMFADevice", "iam:DeleteVirtualMFADevice"
OWN, ANY = "arn:aws:iam::*:mfa/${aws:username}", "arn:aws:iam::*:mfa/*"


def test_without_the_statement_eight_are_left() -> None:
    assert len(without_the_statement().statements) == 8
    assert CREATE not in str(without_the_statement().document["Statement"][:-1])


@pytest.mark.parametrize(
    "statements",
    [
        [{"Effect": "Allow", "Action": CREATE, "Resource": ANY}],
        [{"Effect": "Allow", "Action": [CREATE.upper().replace("IAM:", "iam:")], "Resource": "*"}],
        [{"Effect": "Allow", "Action": CREATE, "Resource": f"{ACCOUNT}:mfa/*"}],
        [
            {"Effect": "Allow", "Action": [CREATE, DELETE], "Resource": OWN},
            {"Effect": "Allow", "Action": CREATE, "Resource": ANY},
        ],
        [
            {"Effect": "Allow", "Action": [CREATE, DELETE], "Resource": ANY},
            {"Effect": "Deny", "Action": DELETE, "Resource": "*"},
        ],
    ],
    ids=["as AWS", "any resource", "one account", "delete the own", "delete taken back"],
)
def test_other_right_policies_pass(statements: list[dict[str, object]]) -> None:
    found = ANY_NAME.check(alone(*statements))
    assert (found.is_right, found.code) == (True, "right")
    assert ANY_NAME.check(Policy.parse(alone(*statements))).is_right


@repeatable
@given(
    actions=st.sets(
        st.sampled_from([CREATE, DELETE, "iam:ListUsers", "iam:EnableMFADevice"]), min_size=1
    ),
    resource=st.sampled_from([OWN, OWN + "*", ANY, "*", "arn:aws:iam::*:user/*"]),
)
def test_one_allow_passes_where_it_lets_create_any_name_and_nothing_more(
    actions: set[str], resource: str
) -> None:
    policy = alone({"Effect": "Allow", "Action": sorted(actions), "Resource": resource})
    expected = resource in (ANY, "*") and CREATE in actions and DELETE not in actions
    if resource == "*":  # there it allows every user and device
        expected = expected and actions == {CREATE}
    assert ANY_NAME.check(policy).is_right is expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_tells_the_resource(language: str) -> None:
    said = [
        text
        for key, text in catalogue(language).items()
        if key.startswith("lesson_06.check_any_name.")
    ]
    assert len(said) >= 9
    assert not [text for text in said if "mfa/" in text or "DeleteVirtual" in text or "*" in text]


# Which version.


@pytest.mark.parametrize("name", OBSERVED)
def test_one_version_alone_answers_as_observed(name: str) -> None:
    fitting = [one for one in POLICY_HISTORY if all(fits(one, each) for each in OBSERVED[name])]
    assert fitting == [VERSIONS[name]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_names_a_version(language: str) -> None:
    said = [
        text for key, text in catalogue(language).items() if key.startswith("lesson_06.check_which")
    ]
    assert not [text for text in said if any(one in text for one in POLICY_HISTORY) or "20" in text]


def test_a_file_s_name_is_as_good_as_the_version_s() -> None:
    assert WHICH_VERSION.check({name: f" {one}.json" for name, one in VERSIONS.items()}).is_right


# What the lesson needed of the library.


def test_a_user_of_the_account_may_have_a_path() -> None:
    with Account() as account:
        account.create_user("alice", path="/dev/")
        arn = account.client("iam").get_user(UserName="alice")["User"]["Arn"]
    assert arn == f"{ACCOUNT}:user/dev/alice"


def test_tables_and_differences_ask_about_a_device_of_another_name() -> None:
    lesson = Lesson("06_many_devices")
    table = lesson.table(ARTICLE, actions=[CREATE], device_name="alices-phone")
    assert table.table.rows[0].resource == PHONE
    assert lesson.table(ARTICLE, actions=[CREATE]).table.rows[0].resource == f"{ACCOUNT}:mfa/alice"
    own = lesson.difference(ARTICLE, CORRECTED)
    named = lesson.difference(ARTICLE, CORRECTED, device_name="alices-phone")
    assert own.difference.actions == (CREATE, DELETE)
    assert named.difference.actions == (CREATE,)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notebook_names_every_version(language: str) -> None:
    text = (folders.notebooks() / language / "06_many_devices.ipynb").read_text("utf-8")
    assert [one for one in POLICY_HISTORY if one not in text] == []
