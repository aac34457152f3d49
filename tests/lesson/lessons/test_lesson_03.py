"""Lesson 03: what its predictions come to, and each claim that a run of it shows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_lab import Account, Policy, PolicySet
from mfa_lab.account.console import Page, SignInState
from mfa_lab.analysis.difference import difference
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.analysis.table import LESSON_KINDS, Tabulator
from mfa_lab.iam import credentials
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.lessons.exempted_actions import article_exempting
from mfa_lab.lesson.lessons.lesson_03 import EXERCISES, HASTY, TWO_MORE, WHO
from mfa_lab.lesson.policies import EVERYTHING_ALLOWED, stored_policy
from mfa_lab.text import LANGUAGES

# By data/facts.md, "AWS's notes beside the policy" (the two actions; UpdateLoginProfile takes no old
# password), "GetSessionToken" (such a session and IAM), "ChangePassword" (the old password is
# required) and "Ways around MFA" (the exemptions hold for every resource).
EXPECTED = {
    "how_many": "two_actions",
    "for_whom": "console_and_key",
    "key_without_password": "refused",
    "worse": "update_login_profile",
}
ARTICLE = stored_policy("2021-05-13_article")
WEAKENED = stored_policy("2021-05-13_article_weakened")
GATES = ARTICLE.statements[8].actions.patterns
OLD, NEW = "First-Pass-0", "Second-Pass-1"
BOB = "arn:aws:iam::123456789012:user/bob"
BY_NAME = {one.name: one for one in EXERCISES}


# What two names in the list change.


def test_two_actions_flip_and_no_other() -> None:
    tabulator = Tabulator()
    found = difference(tabulator, PolicySet(identity=[ARTICLE]), PolicySet(identity=[WEAKENED]))
    assert found.actions == TWO_MORE == ("iam:ChangePassword", "iam:GetAccountPasswordPolicy")
    assert found.unchanged == len(tabulator.catalogue) - 2
    assert found.undocumented == ()
    flips = {
        (flip.caller.kind.name, action): (flip.before, flip.after)
        for flip in found.flips
        for action in flip.actions
    }
    opened = Face.EXPLICIT_DENY, Face.ALLOW
    assert flips == {
        ("access_key", "iam:ChangePassword"): opened,
        ("access_key", "iam:GetAccountPasswordPolicy"): opened,
        ("console_without_mfa", "iam:ChangePassword"): opened,
        ("console_without_mfa", "iam:GetAccountPasswordPolicy"): opened,
        ("role_session", "iam:ChangePassword"): (Face.EXPLICIT_DENY, Face.IMPLICIT_DENY),
        ("role_session", "iam:GetAccountPasswordPolicy"): opened,
    }


def test_a_token_without_a_code_is_refused_whatever_the_list_says() -> None:
    for policy in (ARTICLE, WEAKENED):
        found = ask(
            PolicySet(identity=[policy]),
            credentials.SESSION_TOKEN_WITHOUT_MFA,
            "iam:ChangePassword",
            ServiceRules(),
        )
        assert found.face is Face.REFUSED


def test_the_fence_drops_out_at_its_list_while_its_condition_holds() -> None:
    found = ask(PolicySet(identity=[WEAKENED]), credentials.ACCESS_KEY, TWO_MORE[0], ServiceRules())
    [fence] = [one for one in found.decision.trace["statements"] if one["statement"] == 8]
    assert not fence["matched"]
    assert not fence["action"]["matched"]
    assert [one["holds"] for one in fence["conditions"]] == [True]


def test_the_name_of_get_session_token_in_the_list_does_nothing() -> None:
    without = article_exempting(tuple(gate for gate in GATES if gate != "sts:GetSessionToken"))
    assert len(without.statements[8].actions.patterns) == len(GATES) - 1
    found = difference(
        Tabulator().for_all_kinds(), PolicySet(identity=[ARTICLE]), PolicySet(identity=[without])
    )
    assert (found.flips, found.actions) == ((), ())


# What an account makes of it.


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as opened:
        yield opened


def first_sign_in(account: Account, policy: Policy) -> Page:
    account.create_user("alice", policy, password=OLD, reset=True)
    console = account.console()
    assert console.sign_in("alice", OLD).sign_in_state is SignInState.ASKED_FOR_NEW_PASSWORD
    return console.change_forced_password(OLD, NEW)


@pytest.mark.parametrize(
    ("more", "is_in"),
    [
        (TWO_MORE, True),
        (TWO_MORE[:1], True),
        (TWO_MORE[1:], False),
        (("iam:UpdateLoginProfile",), False),
        (HASTY, True),
    ],
)
def test_what_lets_alice_in(account: Account, more: tuple[str, ...], is_in: bool) -> None:
    page = first_sign_in(account, article_exempting((*GATES, *more)))
    assert (page.sign_in_state is SignInState.SIGNED_IN, page.is_error) == (is_in, not is_in)
    assert page.calls[0].operation == "iam:ChangePassword"


def test_behind_the_forced_change_stands_one_call_of_iam(account: Account) -> None:
    page = first_sign_in(account, WEAKENED)
    assert [one.operation for one in page.calls] == ["iam:ChangePassword", "signin:ConsoleLogin"]


def called(account: Account, method: str, *policies: Policy, **parameters: Any) -> str:
    """Make a call with alice's access key; give the error's code, empty for none."""
    iam = account.client("iam", account.create_user("alice", *policies, password=OLD))
    if parameters.get("UserName") == "bob":
        account.create_user("bob", password=OLD)
    try:
        getattr(iam, method)(**parameters)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def can_sign_in(account: Account, user: str, password: str) -> bool:
    return account.console().sign_in(user, password).sign_in_state is SignInState.SIGNED_IN


def test_the_gate_lets_a_key_through_and_the_old_password_stops_it(account: Account) -> None:
    error = called(
        account, "change_password", WEAKENED, OldPassword="Wrong-Guess-9", NewPassword=NEW
    )
    assert (error, account.record[-1].verdict) == ("AccessDenied", "allow")
    assert can_sign_in(account, "alice", OLD)


def test_update_login_profile_asks_no_old_password(account: Account) -> None:
    own = Policy.parse(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "iam:UpdateLoginProfile",
                "Resource": "arn:aws:iam::*:user/${aws:username}",
            },
        }
    )
    gates = article_exempting((*GATES, "iam:UpdateLoginProfile"))
    assert not called(account, "update_login_profile", gates, own, UserName="alice", Password=NEW)
    assert can_sign_in(account, "alice", NEW)


@pytest.mark.parametrize(
    ("gate", "error"), [("iam:UpdateLoginProfile", ""), ("iam:ChangePassword", "AccessDenied")]
)
def test_with_a_wide_allow_its_gate_leads_to_everybody(
    account: Account, gate: str, error: str
) -> None:
    policies = article_exempting((*GATES, gate)), EVERYTHING_ALLOWED
    found = called(account, "update_login_profile", *policies, UserName="bob", Password=NEW)
    assert found == error
    assert can_sign_in(account, "bob", OLD if error else NEW)


def test_change_password_takes_no_user_name(account: Account) -> None:
    shape = account.client("iam").meta.service_model.operation_model("ChangePassword").input_shape
    assert sorted(shape.members) == ["NewPassword", "OldPassword"]
    assert sorted(shape.required_members) == ["NewPassword", "OldPassword"]


# The exercises.


@pytest.mark.parametrize("name", WHO)
def test_each_way_is_judged_by_itself(name: str) -> None:
    solution = BY_NAME["who"].solution
    other = {"through": "stopped", "stopped": "through"}[solution[name]]
    verdict = BY_NAME["who"].check({**solution, name: other})
    assert not verdict.is_right
    [call] = verdict.calls
    assert call.operation == "iam:ChangePassword"
    assert bool(call.error_code) is (solution[name] == "stopped")


def test_the_words_may_be_written_as_json_has_them() -> None:
    solution = BY_NAME["who"].solution
    assert (
        BY_NAME["who"]
        .check({name: f' "{word.upper()}" ' for name, word in solution.items()})
        .is_right
    )


@cache
def tabulator_with_the_forced_change() -> Tabulator:
    """One for all examples, since each new one looks through the whole catalogue."""
    return Tabulator(kinds=[*LESSON_KINDS, credentials.FORCED_PASSWORD_CHANGE])


def opens_enough_and_no_more(gates: tuple[str, ...]) -> bool:
    """What is right, said once more: for the six kinds, action by action, and the forced change."""
    policies = PolicySet(identity=[article_exempting(gates)])
    tabulator = tabulator_with_the_forced_change()
    catalogue = tabulator.catalogue
    free = catalogue.bit(TWO_MORE[0]) | catalogue.bit(TWO_MORE[1])
    surveys = zip(
        tabulator.survey(PolicySet(identity=[ARTICLE])), tabulator.survey(policies), strict=True
    )
    for old, new in surveys:
        if any((old.faces[face] ^ new.faces[face]) & ~free for face in Face):
            return False
    forced = ask(policies, credentials.FORCED_PASSWORD_CHANGE, TWO_MORE[0], ServiceRules())
    return forced.face is Face.ALLOW


ENTRY = st.sampled_from(
    [
        *TWO_MORE,
        *HASTY,
        "iam:Change*",
        "iam:GetAccountPasswordPolic?",
        "iam:GetAccount*",
        "iam:UpdateLoginProfile",
        "iam:ListUsers",
        "iam:Nope",
        "IAM:CHANGEPASSWORD",
        "*",
    ]
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    kept=st.sets(st.sampled_from(GATES), min_size=len(GATES) - 1),
    more=st.lists(ENTRY, max_size=4, unique=True),
)
def test_a_list_passes_where_it_does_what_is_asked(kept: set[str], more: list[str]) -> None:
    gates = (*sorted(kept), *more)
    verdict = BY_NAME["repair"].check(gates)
    assert verdict.is_right is opens_enough_and_no_more(gates), verdict


@pytest.mark.parametrize(
    "more", [TWO_MORE, TWO_MORE[:1], ("iam:Change*",), ("IAM:changepassword", "iam:Nope")]
)
def test_whatever_opens_just_that_is_right(more: tuple[str, ...]) -> None:
    assert BY_NAME["repair"].check([*GATES, *more]).is_right


def test_get_session_token_may_go() -> None:
    gates = [gate for gate in GATES if gate != "sts:GetSessionToken"]
    assert BY_NAME["repair"].check([*gates, *TWO_MORE]).is_right


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbench_is_judged_as_it_stands(language: str) -> None:
    lesson = Lesson("03_two_more_actions", language)
    bench = lesson.edit(article_exempting((*GATES, *HASTY)))
    assert not lesson.check("repair", bench).is_right
    for entry in HASTY:
        bench.editor.remove(entry)
    assert not lesson.check("repair", bench).is_right
    bench.editor.add(TWO_MORE[0])
    assert lesson.check("repair", bench).is_right
    bench.editor.add(TWO_MORE[1])
    assert lesson.check("repair", bench).is_right
    bench.editor.add("iam:UpdateLoginProfile")
    assert not lesson.check("repair", bench).is_right


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_stub_beside_the_editor_gets_a_sentence(language: str) -> None:
    lesson = Lesson("03_two_more_actions", language)
    view = lesson.check("repair", [*ARTICLE.statements[8].actions.patterns, "…"])
    assert not view.is_right
    assert view.sentence


def test_the_count_of_the_others_is_told() -> None:
    lesson = Lesson("03_two_more_actions")
    assert "22,319 actions" in lesson.check("repair", (*GATES, *TWO_MORE)).sentence
    wide = lesson.check("repair", (*GATES, "iam:*Password*")).sentence
    assert "2 more gates" in wide


def test_a_gate_of_enable_leads_to_everybody_as_well() -> None:
    """That it is a property of all gates, not of the two; the lesson says so of `Resource`."""
    found = ask(
        PolicySet(identity=[ARTICLE, EVERYTHING_ALLOWED]),
        credentials.ACCESS_KEY,
        "iam:EnableMFADevice",
        ServiceRules(),
        resource=BOB,
    )
    assert found.face is Face.ALLOW
