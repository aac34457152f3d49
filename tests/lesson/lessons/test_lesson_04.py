"""Lesson 04: what stolen keys can do, written out from AWS's pages and the article, and run.

Sources: data/facts.md, "GetSessionToken", "ChangePassword", "Service rules" and "Ways around MFA".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_lab import Account, Policy
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.lessons.lesson_04 import EXERCISES, PREDICTIONS
from mfa_lab.lesson.policies import BUCKETS, stored_policy
from mfa_lab.lesson.prediction import Prediction
from mfa_lab.text import LANGUAGES, catalogue
from tests.lesson.verdicts import shown_by_its_lesson, wrong_answers

EXPECTED = {
    "password_by_key": "allow",
    "owner_signs_in": "password_refused",
    "thief_signs_in": "asked_for_code",
    "devices_by_session_token": "refused",
    "keys_without_device": "to_the_work",
}
ALICE = "arn:aws:iam::123456789012:user/alice"
ASKED = {
    "password_by_key": ("iam:ChangePassword", ALICE, "access_key"),
    "devices_by_session_token": ("iam:ListMFADevices", ALICE, "session_token_without_mfa"),
}
ARTICLE = stored_policy("2021-05-13_article")
WEAKENED = stored_policy("2021-05-13_article_weakened")
NEEDED, CLOSE = EXERCISES
repeatable = settings(deadline=None, derandomize=True, max_examples=60)


def test_a_prediction_asks_what_its_question_says() -> None:
    asked = {}
    for one in PREDICTIONS:
        if isinstance(one, Prediction):
            answer = one.ask()
            request = answer.decision.request
            asked[one.name] = (request.action, request.resource, answer.caller.kind.name)
            assert one.has_device
            assert one.policy == "2021-05-13_article_weakened"
    assert asked == ASKED


# What the lesson says and shows, each claim once more.


@contextmanager
def stage(policy: Policy) -> Iterator[Any]:
    lesson = Lesson("04_someone_elses_keys")
    with Account() as account:
        keys = account.create_user("alice", policy, BUCKETS, password="First-Pass-0")
        console, phone = lesson.console(account), lesson.phone(account)
        console.sign_in("alice", "First-Pass-0")
        console.enrol_device(phone)
        console.sign_out()
        yield lesson, account, console, phone, keys


def change(iam: Any, old: str = "First-Pass-0") -> str:
    """The error's code; empty where it works."""
    try:
        iam.change_password(OldPassword=old, NewPassword="Thief-Pass-1")
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def test_the_cli_changes_the_password_and_prints_nothing() -> None:
    with stage(WEAKENED) as (_lesson, account, console, phone, keys):
        command = "iam change-password --old-password First-Pass-0 --new-password Thief-Pass-1"
        result = account.cli(command, keys)
        assert (result.exit_code, result.output, result.error) == (0, "", "")
        assert console.sign_in("alice", "First-Pass-0", phone.next_code()).is_error
        asked = console.sign_in("alice", "Thief-Pass-1")
        assert asked.sign_in_state == "asked_for_code"
        assert not console.sign_in("alice", "Thief-Pass-1", phone.next_code()).is_error


def test_under_the_article_s_policy_the_fence_stops_it() -> None:
    with stage(ARTICLE) as (lesson, account, console, phone, keys):
        view = lesson.attempt(
            account.client("iam", keys).change_password,
            OldPassword="First-Pass-0",
            NewPassword="Thief-Pass-1",
        )
        assert view.calls[-1].deciding == ("alice-1: DenyAllExceptListedIfNoMFA",)
        assert view.calls[-1].mfa == "absent"
        assert not console.sign_in("alice", "First-Pass-0", phone.next_code()).is_error


def test_without_the_old_password_the_policy_allows_and_the_service_refuses() -> None:
    with stage(WEAKENED) as (_lesson, account, _console, _phone, keys):
        assert change(account.client("iam", keys), "Guess-Pass-0") == "AccessDenied"
        assert account.record[-1].verdict == "allow"


def test_a_session_without_a_code_is_not_known_to_iam() -> None:
    with stage(WEAKENED) as (_lesson, account, _console, _phone, keys):
        session = account.client("sts", keys).get_session_token()["Credentials"]
        assert change(account.client("iam", session)) == "InvalidClientTokenId"
        assert account.record[-1].verdict == "refused"
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            account.client("iam", session).list_mfa_devices()
        assert account.client("iam", keys).list_mfa_devices()["MFADevices"]


def test_the_administrator_brings_the_owner_back() -> None:
    with stage(WEAKENED) as (_lesson, account, console, phone, keys):
        iam, admin = account.client("iam", keys), account.client("iam")
        assert change(iam) == ""
        admin.update_access_key(UserName="alice", AccessKeyId=keys.access_key_id, Status="Inactive")
        assert change(iam, "Thief-Pass-1") != ""
        admin.update_login_profile(UserName="alice", Password="Rescue-Pass-2")
        assert (
            console.sign_in("alice", "Rescue-Pass-2", phone.next_code()).sign_in_state
            == "signed_in"
        )


def test_what_the_keys_reach_is_as_the_lesson_says() -> None:
    actions = (
        "iam:ChangePassword", "iam:GetAccountPasswordPolicy", "iam:UpdateLoginProfile",
        "iam:CreateAccessKey", "iam:EnableMFADevice", "iam:DeactivateMFADevice",
        "s3:ListAllMyBuckets",
    )  # fmt: skip
    view = Lesson("04_someone_elses_keys").table(
        WEAKENED, BUCKETS, actions=actions, kinds=["access_key"], has_device=True
    )
    faces = [row.cells[0].face for row in view.table.rows]
    assert faces == ["allow", "allow", "explicit_deny", "explicit_deny", "refused", "refused",
                     "explicit_deny"]  # fmt: skip


@pytest.mark.parametrize(
    "policy",
    [
        "2019-01-31_security_credentials_page",
        "2021-05-13_article",
        "2021-05-13_article_weakened",
        "2022-11-23_multiple_mfa_devices",
        "2023-11_newest",
    ],
)
@pytest.mark.parametrize("has_device", [False, True])
def test_keys_without_a_device_carry_everywhere_under_every_version(
    policy: str, has_device: bool
) -> None:
    with Account() as account:
        keys = account.create_user("bob", stored_policy(policy), BUCKETS)
        admin, iam = account.client("iam"), account.client("iam", keys)
        phone = account.phone()

        def enrol(client: Any, name: str) -> Any:
            made = client.create_virtual_mfa_device(VirtualMFADeviceName=name)
            device = phone.scan(made["VirtualMFADevice"])
            first, second = device.two_codes()
            client.enable_mfa_device(
                UserName="bob",
                SerialNumber=device.serial_number,
                AuthenticationCode1=first,
                AuthenticationCode2=second,
            )
            return device

        if has_device:  # then the rule of April 2023, or the name of the device, is in the way
            enrol(admin, "first")
            with pytest.raises(ClientError):
                enrol(iam, "bob")
            return
        device = enrol(iam, "bob")
        session = account.client("sts", keys).get_session_token(
            SerialNumber=device.serial_number, TokenCode=device.next_code()
        )
        account.client("s3", session["Credentials"]).list_buckets()
        assert (account.record[-1].verdict, account.record[-1].mfa) == ("allow", "true")


# What is needed: the least that suffices, by data/facts.md, "ChangePassword".

LEAST = {
    "change_password": ({"keys", "password"}, {"password", "phone"}),
    "sign_in": ({"password", "phone"},),
    "list_buckets": ({"keys", "phone"}, {"password", "phone"}),
}
THINGS = ("keys", "password", "phone")
SETS = [frozenset(some) for count in (1, 2, 3) for some in combinations(THINGS, count)]


@pytest.mark.parametrize("goal", LEAST)
@pytest.mark.parametrize("things", SETS, ids=lambda things: "-".join(sorted(things)))
def test_only_the_least_that_suffices_passes(goal: str, things: frozenset[str]) -> None:
    found = NEEDED.check({**NEEDED.solution, goal: set(things)})
    suffices = any(least <= things for least in LEAST[goal])
    assert found.is_right is (things in LEAST[goal])
    assert (found.code == "superfluous") is (suffices and not found.is_right)


@pytest.mark.parametrize(
    "spelled", ["keys, password", "password,keys", "keys + password", "keys and password",
                "KEYS password", ["keys", "password"], ("password", "keys"), {"keys", "password"}]
)  # fmt: skip
def test_the_things_may_be_written_in_any_way(spelled: Any) -> None:
    assert NEEDED.check({**NEEDED.solution, "change_password": spelled}).is_right


@pytest.mark.parametrize("value", [None, 3, "", "?", " ? ", [], ["?"], "keys, ?", {"keys": 1}])
def test_what_names_no_things_is_not_right(value: Any) -> None:
    found = NEEDED.check({**NEEDED.solution, "change_password": value})
    assert found.code in ("empty", "unknown_thing")


def test_a_failing_way_shows_its_calls() -> None:
    found = NEEDED.check({**NEEDED.solution, "list_buckets": "keys"})
    [call] = found.calls
    assert (call.operation, call.verdict) == ("s3:ListBuckets", "explicit_deny")
    assert call.deciding == ("alice-1: DenyAllExceptListedIfNoMFA",)


# Close the gate: what is right, said once more over all of AWS's actions.

GATES = WEAKENED.statements[8].actions.patterns
TABULATOR = Tabulator(rules=ServiceRules(has_device=True))


def with_list(gates: tuple[str, ...]) -> Policy:
    document = dict(WEAKENED.document)
    *others, fence = document["Statement"]
    return Policy.parse({**document, "Statement": [*others, {**fence, "NotAction": list(gates)}]})


def closes_the_gate(policy: Policy) -> bool:
    """Whether ChangePassword is shut to keys, open with a code, and all else as before."""
    wanted = TABULATOR.catalogue.bit("iam:ChangePassword")
    before = TABULATOR.survey(PolicySet(identity=[WEAKENED]))
    after = TABULATOR.survey(PolicySet(identity=[policy]))
    for caller, old, new in zip(TABULATOR.callers, before, after, strict=True):
        if any((old.faces[face] ^ new.faces[face]) & ~wanted for face in Face):
            return False
        if caller.kind.name == "access_key" and new.faces[Face.ALLOW] & wanted:
            return False
        if caller.kind.name.endswith("with_mfa") and not new.faces[Face.ALLOW] & wanted:
            return False
    return True


@repeatable
@given(
    st.sets(st.sampled_from(GATES), max_size=2),
    st.sets(st.sampled_from(["iam:ListUsers", "iam:Change*", "iam:Nope", "iam:get*"]), max_size=1),
)
def test_a_list_passes_where_it_closes_the_gate_and_no_other(
    dropped: set[str], added: set[str]
) -> None:
    gates = (*(one for one in GATES if one not in dropped), *sorted(added))
    assert CLOSE.check(gates).is_right is closes_the_gate(with_list(gates))


def without_code_only() -> Policy:
    """The gate stays, and a second Deny shuts it where the key is absent (lesson 08)."""
    deny = {
        "Effect": "Deny",
        "Action": "iam:ChangePassword",
        "Resource": "*",
        "Condition": {"Null": {"aws:MultiFactorAuthPresent": "true"}},
    }
    return Policy.parse({**WEAKENED.document, "Statement": [*WEAKENED.document["Statement"], deny]})


def test_another_way_to_close_it_passes_and_shows_what_bob_meets() -> None:
    found = CLOSE.check(without_code_only())
    assert found.is_right
    thief, bob = found.calls
    assert (thief.error_code, bob.error_code) == ("AccessDenied", "")


def test_with_the_solution_bob_meets_the_fence() -> None:
    thief, bob = CLOSE.check(CLOSE.solution).calls
    assert (thief.caller, bob.caller) == (ALICE, ALICE.replace("alice", "bob"))
    for call in (thief, bob):
        assert (call.operation, call.verdict) == ("iam:ChangePassword", "explicit_deny")


def test_the_notebook_s_other_way_to_the_list_works() -> None:
    """Named for where the editor does not appear."""
    not_edited = [entry for entry in GATES if entry != "…"]
    assert CLOSE.check(not_edited).code == "nothing_changed"
    edited = [entry for entry in GATES if entry != "iam:ChangePassword"]
    assert CLOSE.check(edited).is_right


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_editor_is_judged_as_it_stands(language: str) -> None:
    lesson = Lesson("04_someone_elses_keys", language)
    bench = lesson.edit(WEAKENED)
    assert not lesson.check("close_the_gate", bench).is_right
    bench.editor.remove("iam:ChangePassword")
    assert lesson.check("close_the_gate", bench).is_right


def test_a_policy_that_aws_would_not_take_gets_a_sentence() -> None:
    too_long = {**WEAKENED.document, "Id": "x" * 7000}
    assert CLOSE.check(too_long).code == "malformed"
    assert CLOSE.check({"Statement": [{"Effect": "Deny"}]}).code == "malformed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_says_which_entry_to_take_away(language: str) -> None:
    for key, said in catalogue(language).items():
        if key.startswith("lesson_04.check_close_the_gate.") and not key.endswith(".right"):
            assert "ChangePassword" not in said
    for answer in wrong_answers("close_the_gate"):
        said = shown_by_its_lesson(answer, language).sentence
        assert "ChangePassword" not in said
