"""Lesson 02: what its predictions come to, and each claim that a run of it shows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_lab import Account, Policy, PolicySet
from mfa_lab.account.console import Console, Page, SignInState
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.iam import credentials
from mfa_lab.iam.authorizer import matching_statements
from mfa_lab.iam.credentials import CredentialsKind
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.lessons.lesson_02 import EXERCISES, PREDICTIONS, STEPS
from mfa_lab.lesson.policies import EVERYTHING_ALLOWED, stored_policy
from mfa_lab.lesson.prediction import Prediction
from mfa_lab.text import LANGUAGES

# By data/facts.md, "AWS's notes beside the policy" (the first sign-in and expired passwords), "The
# article" and "Password policy" (an explicit deny wins against IAMUserChangePassword and
# AllowUsersToChangePassword).
EXPECTED = {
    "first_sign_in": "explicit_deny",
    "one_more_allow": "explicit_deny",
    "account_option": "stuck",
    "expired_password": "stuck",
}
FENCE = "DenyAllExceptListedIfNoMFA"
FORCE_MFA = stored_policy("2021-05-13_article")
CHANGE_OWN = stored_policy("aws_managed_IAMUserChangePassword_v5")
OLD, NEW = "First-Pass-0", "Second-Pass-1"
BY_NAME = {one.name: one for one in EXERCISES}


@pytest.mark.parametrize("prediction", PREDICTIONS[:2], ids=lambda one: one.name)
def test_the_first_two_ask_about_the_forced_change(prediction: Prediction) -> None:
    answer = prediction.ask()
    request = answer.decision.request
    assert request.action == "iam:ChangePassword"
    assert request.resource == "arn:aws:iam::123456789012:user/alice"
    assert answer.caller.kind.name == "forced_password_change"
    attached = prediction.policies.identity
    assert attached == (FORCE_MFA, CHANGE_OWN, EVERYTHING_ALLOWED)[: len(attached)]


# The dead end.


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as opened:
        yield opened


def first_sign_in(
    account: Account, *policies: Policy, reset: bool = True, language: str = "en"
) -> Page:
    account.create_user("alice", *policies, password=OLD, reset=reset)
    return forced_change(account.console(language))


def forced_change(console: Console) -> Page:
    asked = console.sign_in("alice", OLD)
    assert asked.sign_in_state is SignInState.ASKED_FOR_NEW_PASSWORD
    return console.change_forced_password(OLD, NEW)


# The console's words, by users' reports (data/facts.md, "The forced password change").
WORDS = {
    "en": "Either user is not authorized to perform iam:ChangePassword or entered password does not "
    "comply with account password policy set by administrator",
    "ja": "ユーザーに iam:ChangePassword を実行する権限がないか、入力されたパスワードが管理者によって"
    "設定されたアカウントパスワードポリシーに準拠していません",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_alice_gets_the_error_of_the_article(account: Account, language: str) -> None:
    page = first_sign_in(account, FORCE_MFA, CHANGE_OWN, language=language)
    assert page.is_error
    assert page.sign_in_state is SignInState.ASKED_FOR_NEW_PASSWORD
    assert page.message == WORDS[language]
    [call] = page.calls
    assert (call.operation, call.verdict) == ("iam:ChangePassword", "explicit_deny")
    assert call.deciding == (f"alice-1: {FENCE}",)


def test_a_password_that_is_too_simple_gets_the_same_words(account: Account) -> None:
    account.create_user("alice", CHANGE_OWN, password=OLD, reset=True)
    console = account.console()
    console.sign_in("alice", OLD)
    page = console.change_forced_password(OLD, "simple")
    assert page.message == WORDS["en"]
    assert page.calls[0].error_code == "PasswordPolicyViolation"


def test_without_the_fence_the_box_works(account: Account) -> None:
    page = first_sign_in(account, CHANGE_OWN)
    assert (page.is_error, page.sign_in_state) == (False, SignInState.SIGNED_IN)


def matching(page: Page) -> tuple[int, int]:
    """How many Deny and how many Allow statements match the last call."""
    answer = page.calls[-1].answer
    assert answer is not None
    found = matching_statements(answer.decision.policies, answer.decision.request)
    denying, allowing = found
    return len(denying), len(allowing)


def test_two_allows_are_beaten_by_one_deny(account: Account) -> None:
    assert matching(first_sign_in(account, FORCE_MFA, CHANGE_OWN)) == (1, 2)


def test_everything_allowed_besides_changes_nothing(account: Account) -> None:
    page = first_sign_in(account, FORCE_MFA, CHANGE_OWN, EVERYTHING_ALLOWED)
    assert (page.is_error, matching(page)) == (True, (1, 3))


def test_the_account_s_option_is_a_third_allow_to_no_avail(account: Account) -> None:
    account.client("iam").update_account_password_policy(AllowUsersToChangePassword=True)
    page = first_sign_in(account, FORCE_MFA, CHANGE_OWN)
    assert (page.is_error, matching(page)) == (True, (1, 3))


def test_the_account_s_option_is_an_allow_where_nothing_denies(account: Account) -> None:
    account.client("iam").update_account_password_policy(AllowUsersToChangePassword=True)
    assert not first_sign_in(account).is_error


def test_without_any_allow_the_change_is_denied_implicitly(account: Account) -> None:
    page = first_sign_in(account)
    assert (page.is_error, page.calls[-1].verdict) == (True, "implicit_deny")


ALLOWS = st.fixed_dictionaries(
    {
        "Effect": st.just("Allow"),
        "Action": st.lists(
            st.sampled_from(["*", "iam:*", "iam:ChangePassword", "iam:Change*", "ec2:*"]),
            min_size=1,
            max_size=3,
        ),
        "Resource": st.sampled_from(["*", "arn:aws:iam::*:user/*"]),
    }
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(ALLOWS, min_size=1, max_size=4))
def test_no_allow_whatever_rescues_alice(statements: list[dict[str, Any]]) -> None:
    more = Policy.parse({"Version": "2012-10-17", "Statement": statements})
    policies = PolicySet(identity=[FORCE_MFA, CHANGE_OWN, more])
    found = face_of(policies, credentials.FORCED_PASSWORD_CHANGE, "iam:ChangePassword")
    assert found is Face.EXPLICIT_DENY


def face_of(policies: PolicySet, kind: CredentialsKind, action: str) -> Face:
    return ask(policies, kind, action, ServiceRules()).face


def test_what_the_forced_change_says_of_mfa_does_not_matter_here() -> None:
    kind = credentials.FORCED_PASSWORD_CHANGE
    assert kind.mfa.present == "false"
    assert [point.present for point in kind.open_points] == [None]
    policies = PolicySet(identity=[FORCE_MFA, CHANGE_OWN])
    found = ask(policies, kind, "iam:ChangePassword", ServiceRules())
    assert (found.face, found.is_undocumented) == (Face.EXPLICIT_DENY, False)


def test_one_allow_heals_the_implicit_deny_alone() -> None:
    actions = ["iam:ChangePassword", "ec2:DescribeInstances"]
    allow = Policy.parse(
        {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": actions, "Resource": "*"},
        }
    )

    def faces(*policies: Policy) -> list[Face]:
        attached = PolicySet(identity=policies)
        kinds = (credentials.FORCED_PASSWORD_CHANGE, credentials.CONSOLE_WITH_MFA)
        return [face_of(attached, kind, action) for action in actions for kind in kinds]

    deny, yes, implicit = Face.EXPLICIT_DENY, Face.ALLOW, Face.IMPLICIT_DENY
    assert faces(FORCE_MFA) == [deny, yes, deny, implicit]
    assert faces(FORCE_MFA, allow) == [deny, yes, deny, yes]


@pytest.mark.parametrize(("days", "is_asked"), [(89, False), (91, True)])
def test_an_expired_password_is_stuck_too(account: Account, days: int, is_asked: bool) -> None:
    account.create_user("alice", FORCE_MFA, CHANGE_OWN, password=OLD)
    account.client("iam").update_account_password_policy(MaxPasswordAge=90)
    account.clock.advance(days=days)
    console = account.console()
    page = console.sign_in("alice", OLD)
    assert (page.sign_in_state is SignInState.ASKED_FOR_NEW_PASSWORD) is is_asked
    if is_asked:
        page = console.change_forced_password(OLD, NEW)
        assert page.is_error
        assert page.calls[0].deciding == (f"alice-1: {FENCE}",)


# The exercises.


@pytest.mark.parametrize("allows", [3, "3", " 3 ", "03"])
@pytest.mark.parametrize("sid", [FENCE, FENCE.lower(), f" {FENCE}\n"])
def test_number_and_sid_may_be_written_otherwise(allows: object, sid: str) -> None:
    assert BY_NAME["beaten"].check({"allows": allows, "denied_by": sid}).is_right


@pytest.mark.parametrize(
    ("allows", "code"),
    [(0, "too_few"), (2, "too_few"), (4, "too_many"), (10, "too_many"), ("9" * 5000, "too_many")],
)
def test_another_number_is_too_few_or_too_many(allows: object, code: str) -> None:
    assert BY_NAME["beaten"].check({"allows": allows, "denied_by": FENCE}).code == code


@pytest.mark.parametrize("allows", [-3, 3.0, "three", "³", "٣", None, True])
def test_what_is_no_number_is_said_to_be_none(allows: object) -> None:
    assert BY_NAME["beaten"].check({"allows": allows, "denied_by": FENCE}).code == "not_a_number"


def test_the_right_count_shows_the_call() -> None:
    [call] = BY_NAME["beaten"].check({"allows": 3, "denied_by": FENCE}).calls
    assert (call.operation, call.verdict) == ("iam:ChangePassword", "explicit_deny")


OTHER_ORDERS: tuple[tuple[str, ...], ...] = (
    # Already stuck: off, through, on again.
    (
        "create_with_reset",
        "attach_force_mfa",
        "alice_changes_password",
        "detach_force_mfa",
        "alice_changes_password",
        "attach_force_mfa",
    ),
    # Without the box, but with an Allow: nothing asks alice to, but she does.
    (
        "allow_users_to_change_password",
        "create_without_reset",
        "alice_changes_password",
        "attach_force_mfa",
    ),
    # With the option on, the box attaches nothing, and need not.
    (
        "allow_users_to_change_password",
        "create_with_reset",
        "alice_changes_password",
        "attach_force_mfa",
    ),
    (
        "create_with_reset",
        "alice_changes_password",
        "alice_changes_password",
        "attach_force_mfa",
    ),
)


@pytest.mark.parametrize("order", OTHER_ORDERS)
def test_whatever_leads_there_is_right(order: tuple[str, ...]) -> None:
    verdict = BY_NAME["order"].check(list(order))
    assert verdict.is_right, verdict


@pytest.mark.parametrize("is_option_on", [True, False])
def test_the_box_attaches_a_policy_only_where_the_option_is_off(is_option_on: bool) -> None:
    first = ["allow_users_to_change_password"] if is_option_on else []
    order = [*first, "create_with_reset", "alice_changes_password", "attach_force_mfa"]
    change = BY_NAME["order"].check(order).calls[0]
    allowing = "AllowUsersToChangePassword" if is_option_on else "IAMUserChangePassword"
    assert [name.partition(":")[0] for name in change.deciding] == [allowing]


def test_of_three_steps_one_order_of_one_choice_leads_there() -> None:
    orders = [order for order in permutations(STEPS, 3) if BY_NAME["order"].check(order).is_right]
    assert orders == [("create_with_reset", "alice_changes_password", "attach_force_mfa")]


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (["alice_changes_password", "create_with_reset"], "impossible"),
        (["create_with_reset", "create_without_reset"], "impossible"),
        (["create_with_reset", "detach_force_mfa"], "impossible"),
        (["attach_administrator_access"], "impossible"),
        (["create_with_reset", "attach_force_mfa"], "never_changed"),
        (["allow_users_to_change_password"], "never_changed"),
        (["create_with_reset", "attach_force_mfa", "attach_force_mfa"], "never_changed"),
    ],
)
def test_other_orders_get_their_sentence(order: list[str], code: str) -> None:
    assert BY_NAME["order"].check(order).code == code


def test_a_check_leaves_no_account_open() -> None:
    BY_NAME["order"].check(BY_NAME["order"].solution)
    BY_NAME["beaten"].check(BY_NAME["beaten"].solution)
    with Account() as account:
        assert account.is_open


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_order_shows_the_call_that_stopped_alice(language: str) -> None:
    order = ["create_with_reset", "attach_force_mfa", "alice_changes_password"]
    view = Lesson("02_first_sign_in", language).check("order", order)
    assert [(one.operation, one.verdict) for one in view.calls] == [
        ("iam:ChangePassword", "explicit_deny")
    ]
