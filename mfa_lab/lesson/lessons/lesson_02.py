"""Lesson 02, the first sign-in: Allows beaten by one Deny, and what no further Allow repairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from mfa_lab.account import Account
from mfa_lab.account.console import Page, SignInState
from mfa_lab.account.record import RecordedCall
from mfa_lab.iam import credentials
from mfa_lab.iam.authorizer import matching_statements
from mfa_lab.iam.policy import Policy
from mfa_lab.lesson.exercise import Exercise, Verdict, not_yet, right
from mfa_lab.lesson.policies import ARTICLE, EVERYTHING_ALLOWED, stored_policy
from mfa_lab.lesson.prediction import MultipleChoice, Prediction

CHANGE_OWN: Final = "aws_managed_IAMUserChangePassword_v5"

FIRST_PASSWORD: Final = "First-Pass-0"
SECOND_PASSWORD: Final = "Second-Pass-1"
_FIRST_DAY: Final = (stored_policy(ARTICLE), stored_policy(CHANGE_OWN))


# What is guessed, and what an account makes of it.


def _forced_change(page: Page) -> str:
    """Tell where alice stands after she was asked for a new password."""
    return "stuck" if page.is_error else "let_in"


def _with_the_account_option() -> str:
    """Allow everybody in the account to change the own password, then let alice try."""
    with Account() as account:
        account.create_user("alice", *_FIRST_DAY, password=FIRST_PASSWORD, reset=True)
        account.client("iam").update_account_password_policy(AllowUsersToChangePassword=True)
        console = account.console()
        console.sign_in("alice", FIRST_PASSWORD)
        return _forced_change(console.change_forced_password(FIRST_PASSWORD, SECOND_PASSWORD))


def _with_an_expired_password() -> str:
    """Let the password of a user without a device grow too old, then let her sign in."""
    with Account() as account:
        account.create_user("alice", *_FIRST_DAY, password=FIRST_PASSWORD)
        account.client("iam").update_account_password_policy(MaxPasswordAge=90)
        account.clock.advance(days=91)
        console = account.console()
        asked = console.sign_in("alice", FIRST_PASSWORD)
        if asked.sign_in_state is not SignInState.ASKED_FOR_NEW_PASSWORD:
            return "not_asked"
        return _forced_change(console.change_forced_password(FIRST_PASSWORD, SECOND_PASSWORD))


PREDICTIONS: Final = (
    Prediction(
        "first_sign_in",
        (ARTICLE, CHANGE_OWN),
        credentials.FORCED_PASSWORD_CHANGE,
        "iam:ChangePassword",
    ),
    Prediction(
        "one_more_allow",
        (ARTICLE, CHANGE_OWN, EVERYTHING_ALLOWED),
        credentials.FORCED_PASSWORD_CHANGE,
        "iam:ChangePassword",
    ),
    MultipleChoice("account_option", ("let_in", "stuck"), _with_the_account_option),
    MultipleChoice("expired_password", ("let_in", "stuck", "not_asked"), _with_an_expired_password),
)


# The first exercise: how many Allows, and what beats them.


@cache
def _beaten() -> tuple[frozenset[str], frozenset[str], int, tuple[RecordedCall, ...]]:
    """Live the sign-in with the box's policy and the account's option, and look what matched.

    Returns:
        The Sids of the Deny statements, those of the policies' other statements, how many Allow
        statements matched, and the call.
    """
    with Account() as account:
        account.create_user("alice", *_FIRST_DAY, password=FIRST_PASSWORD, reset=True)
        account.client("iam").update_account_password_policy(AllowUsersToChangePassword=True)
        console = account.console()
        console.sign_in("alice", FIRST_PASSWORD)
        page = console.change_forced_password(FIRST_PASSWORD, SECOND_PASSWORD)
    answer = page.calls[-1].answer
    assert answer is not None
    denying, allowing = matching_statements(answer.decision.policies, answer.decision.request)
    deciding = frozenset((matched.statement.sid or "").lower() for matched in denying)
    identity = answer.decision.policies.identity
    sids = {(statement.sid or "").lower() for policy in identity for statement in policy.statements}
    return deciding, frozenset(sids - deciding - {""}), len(allowing), page.calls


def _check_beaten(answer: object) -> Verdict:
    """How many Allow statements match the forced change, and which statement denies it."""
    if not isinstance(answer, Mapping):
        return not_yet("no_answers")
    given = {name: str(answer.get(name, "?")).strip() for name in ("allows", "denied_by")}
    still_open = sum(value in ("", "?") for value in given.values())
    if still_open:
        return not_yet("empty", count=still_open)
    if not (given["allows"].isascii() and given["allows"].isdigit()):
        return not_yet("not_a_number", given=given["allows"])
    deciding, others, count, calls = _beaten()
    sid = given["denied_by"].lower()
    if sid in others:
        return not_yet("allow_decides", calls=calls)
    if sid not in deciding:
        return not_yet("no_such_statement", given=given["denied_by"])
    said = given["allows"].lstrip("0").rjust(1, "0")
    if said == str(count):
        return right(calls=calls)
    is_more = (len(said), said) > (len(str(count)), str(count))
    return not_yet("too_many" if is_more else "too_few", calls=calls)


# The second exercise: an administrator's steps, lived through in an account.


class _Impossible(Exception):
    """A step that cannot be taken where it stands."""


class _FirstDay:
    """What the steps of an administrator and of alice make of an account."""

    def __init__(self, account: Account) -> None:
        self._account, self._iam = account, account.client("iam")
        self._is_there = self._is_option_on = False
        self._attached: dict[str, str] = {}
        self.password = FIRST_PASSWORD
        self.attempt: Page | None = None

    def create_with_reset(self) -> None:
        """The console's box: it attaches IAMUserChangePassword, unless the account's option is on.

        Source: IAM User Guide, "Creating an IAM user in your AWS account"; data/facts.md, "The
        forced password change".
        """
        self._create(reset=True)
        if not self._is_option_on:
            self._attach("IAMUserChangePassword", stored_policy(CHANGE_OWN))

    def create_without_reset(self) -> None:
        """The same without the box."""
        self._create(reset=False)

    def _create(self, *, reset: bool) -> None:
        if self._is_there:
            raise _Impossible
        self._account.create_user("alice", password=FIRST_PASSWORD, reset=reset)
        self._is_there = True

    def attach_force_mfa(self) -> None:
        """Attach the article's policy."""
        self._attach("Force_MFA", stored_policy(ARTICLE))

    def attach_administrator_access(self) -> None:
        """Attach a policy that allows everything."""
        self._attach("AdministratorAccess", EVERYTHING_ALLOWED)

    def _attach(self, name: str, policy: Policy) -> None:
        self._require_alice()
        if name not in self._attached:
            document = policy.to_json()
            made = self._iam.create_policy(PolicyName=name, PolicyDocument=document)
            self._attached[name] = made["Policy"]["Arn"]
        self._iam.attach_user_policy(UserName="alice", PolicyArn=self._attached[name])

    def detach_force_mfa(self) -> None:
        """Detach the article's policy."""
        if "Force_MFA" not in self.attached:
            raise _Impossible
        self._iam.detach_user_policy(UserName="alice", PolicyArn=self._attached["Force_MFA"])

    def allow_users_to_change_password(self) -> None:
        """Switch on the account's option."""
        self._iam.update_account_password_policy(AllowUsersToChangePassword=True)
        self._is_option_on = True

    def alice_changes_password(self) -> None:
        """Sign in and set a new password, where the console asks for it or else on her own page."""
        self._require_alice()
        console = self._account.console()
        place = console.sign_in("alice", self.password).sign_in_state
        is_forced = place is SignInState.ASKED_FOR_NEW_PASSWORD
        change = console.change_forced_password if is_forced else console.change_password
        new = f"{SECOND_PASSWORD}{'' if self.password == FIRST_PASSWORD else '-again'}"
        self.attempt = change(self.password, new)
        if not self.attempt.is_error:
            self.password = new

    def _require_alice(self) -> None:
        if not self._is_there:
            raise _Impossible

    @property
    def attached(self) -> tuple[str, ...]:
        """Names of the policies that are attached to alice now."""
        if not self._is_there:
            return ()
        there = self._iam.list_attached_user_policies(UserName="alice")["AttachedPolicies"]
        return tuple(attached_policy["PolicyName"] for attached_policy in there)


STEPS: Final = (
    "create_with_reset",
    "create_without_reset",
    "attach_force_mfa",
    "detach_force_mfa",
    "attach_administrator_access",
    "allow_users_to_change_password",
    "alice_changes_password",
)
_MORE_ALLOWS: Final = {"attach_administrator_access", "allow_users_to_change_password"}
_MOST_STEPS: Final = 20


def _check_order(answer: object) -> Verdict:
    """At the end alice alone knows her password, Force_MFA is attached, and nothing more."""
    if not isinstance(answer, Sequence) or isinstance(answer, (str, bytes)):
        return not_yet("no_list")
    steps = [str(step).strip() for step in answer][:_MOST_STEPS]
    if not steps or "?" in steps:
        return not_yet("empty")
    unknown = next((step for step in steps if step not in STEPS), None)
    if unknown is not None:
        return not_yet("no_such_step", given=unknown)
    with Account() as account:
        day = _FirstDay(account)
        for number, step in enumerate(steps, 1):
            try:
                getattr(day, step)()
            except _Impossible:
                return not_yet("impossible", number=number)
        return _end_of(day, steps, day.attached)


def _end_of(day: _FirstDay, steps: list[str], attached: tuple[str, ...]) -> Verdict:
    """Judge where the steps have led."""
    calls = day.attempt.calls if day.attempt is not None else ()
    if day.password == FIRST_PASSWORD:
        return _not_changed(day.attempt, steps)
    if "Force_MFA" not in attached:
        return not_yet("no_fence")
    if "AdministratorAccess" in attached:
        return not_yet("too_much")
    return right(calls=calls)


def _not_changed(attempt: Page | None, steps: list[str]) -> Verdict:
    """Tell why alice still has the password that the administrator knows."""
    if attempt is None:
        return not_yet("never_changed")
    if attempt.calls[-1].verdict != "explicit_deny":
        return not_yet("nothing_allows", calls=attempt.calls)
    code = "one_more_allow" if _MORE_ALLOWS & set(steps) else "stuck"
    return not_yet(code, calls=attempt.calls)


EXERCISES: Final = (
    Exercise(
        "beaten",
        _check_beaten,
        solution={"allows": 3, "denied_by": "DenyAllExceptListedIfNoMFA"},
        wrong_answers=(
            ({"allows": "?", "denied_by": "?"}, "empty"),
            ({"allows": 3, "denied_by": "AllowUsersToChangePassword"}, "allow_decides"),
            ({"allows": 3, "denied_by": "IAMUserChangePassword"}, "no_such_statement"),
            ({"allows": 2, "denied_by": "DenyAllExceptListedIfNoMFA"}, "too_few"),
            ({"allows": 5, "denied_by": "DenyAllExceptListedIfNoMFA"}, "too_many"),
            ({"allows": "all", "denied_by": "DenyAllExceptListedIfNoMFA"}, "not_a_number"),
            ("DenyAllExceptListedIfNoMFA", "no_answers"),
        ),
    ),
    Exercise(
        "order",
        _check_order,
        solution=("create_with_reset", "alice_changes_password", "attach_force_mfa"),
        wrong_answers=(
            (("?", "?", "?"), "empty"),
            (("create_with_reset", "attach_force_mfa", "alice_changes_password"), "stuck"),
            (
                (
                    "create_with_reset",
                    "attach_force_mfa",
                    "attach_administrator_access",
                    "alice_changes_password",
                ),
                "one_more_allow",
            ),
            (
                (
                    "allow_users_to_change_password",
                    "create_with_reset",
                    "attach_force_mfa",
                    "alice_changes_password",
                ),
                "one_more_allow",
            ),
            (("create_without_reset", "attach_force_mfa"), "never_changed"),
            (
                ("create_without_reset", "alice_changes_password", "attach_force_mfa"),
                "nothing_allows",
            ),
            (("create_with_reset", "alice_changes_password"), "no_fence"),
            (
                (
                    "create_without_reset",
                    "attach_administrator_access",
                    "alice_changes_password",
                    "attach_force_mfa",
                ),
                "too_much",
            ),
            (("attach_force_mfa", "create_with_reset"), "impossible"),
            (("create_with_reset", "sign_in"), "no_such_step"),
            ("create_with_reset", "no_list"),
        ),
    ),
)
