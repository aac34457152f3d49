"""A user's life under a policy, step by step in the account, up to the step that fails.

The user is alice, new in the company: an administrator has made her with a password that she must
change, has attached the policy, and beside it what the console attaches to such a user
(IAMUserChangePassword) and what her work needs. Somebody else gets hold of her access key and of
her password, and of the key of bob, an administrator under the same policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from mfa_lab.account import Account
from mfa_lab.account.console import Console, Place
from mfa_lab.account.record import Entry
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.iam import credentials
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.statement import Effect
from mfa_lab.lesson.calls import works
from mfa_lab.lesson.policies import EVERYTHING_ALLOWED, WORK, stored_policy

USER: Final = "alice"
ADMINISTRATOR: Final = "bob"
FIRST_PASSWORD: Final = "First-Pass-0"
OWN_PASSWORD: Final = "Own-Pass-1"
NEXT_PASSWORD: Final = "Next-Pass-2"
THIEF_S_PASSWORD: Final = "Thief-Pass-3"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a life came.

    Args:
        failure: Code of what went wrong; empty for a life that went well.
        calls: The calls that show it: those of the step that failed, or all.
    """

    failure: str
    calls: tuple[Entry, ...]


def live(policy: Policy) -> Outcome:
    """Live a policy through.

    Args:
        policy: An identity-based policy that fits into a managed one.
    """
    with Account() as account:
        life = Life(account, policy)
        for step in STEPS:
            first = account.record.last_number
            failure = step(life)
            if failure:
                return Outcome(failure, tuple(life.calls(first)))
        return Outcome("", tuple(life.calls()))


class Life:
    """What the steps of a life act on.

    Args:
        account: A new account.
        policy: What is lived through.
    """

    def __init__(self, account: Account, policy: Policy) -> None:
        self.account, self.policy = account, policy
        attached = (policy, WORK, stored_policy("aws_managed_IAMUserChangePassword_v5"))
        self.keys = account.create_user(USER, *attached, password=FIRST_PASSWORD, reset=True)
        self.console = Console(account)
        self.phone = account.phone()

    def calls(self, first: int = 0) -> Iterator[Entry]:
        """Give the calls that were made, but for those that set the stage.

        Args:
            first: Number of the call after which they begin; 0 for all.
        """
        own = self.account.admin.access_key_id
        return (one for one in self.account.record.since(first) if one.access_key_id != own)

    def with_keys(self, service: str) -> Any:
        """Give a client with the user's access key.

        Args:
            service: Such as `iam`.
        """
        return self.account.client(service, self.keys)

    def token(self, **code: str) -> Any:
        """Give the credentials that GetSessionToken makes."""
        return self.with_keys("sts").get_session_token(**code)["Credentials"]


def first_sign_in(life: Life) -> str:
    """The first sign-in at the console, with the change of password that it demands."""
    life.console.sign_in(USER, FIRST_PASSWORD)
    page = life.console.change_forced_password(FIRST_PASSWORD, OWN_PASSWORD)
    if page.place is Place.SIGNED_IN:
        return ""
    answer = page.calls[-1].answer
    denying = answer.decision.decided_by if answer is not None else ()
    fence = set(_fence(life.policy))
    stopped_by_fence = any(one.statement.index in fence for one in denying)
    return "reset_denied" if stopped_by_fence else "reset_denied_again"


def _fence(policy: Policy) -> Iterable[int]:
    """Give the statements that hold back a console session without a code from its work.

    Those that have gates, where there are any: a Deny of everything besides is no fence.
    """
    attached = PolicySet(identity=(policy, WORK))
    found = ask(attached, credentials.CONSOLE_WITHOUT_MFA, "s3:ListAllMyBuckets")
    holding = [one.statement for one in found.decision.decided_by]
    gated = [one for one in holding if one.actions.negated]
    return (one.index for one in gated or holding)


def no_work_without_code(life: Life) -> str:
    """Work at the console without a code, and with the access key alone: both are refused."""
    console_works = works(life.console.client("s3").list_buckets)
    key_works = works(life.with_keys("s3").list_buckets)
    if console_works and key_works:
        return "no_fence"
    if console_works:
        return "console_not_fenced"
    return "keys_not_fenced" if key_works else ""


def enrolment(life: Life) -> str:
    """A first MFA device, enrolled in the session without one."""
    page = life.console.enrol_device(life.phone)
    return "cannot_enrol" if page.is_error else ""


def work_with_code(life: Life) -> str:
    """A day's work after a sign-in with a code, and with a session token made with one."""
    [device] = life.phone.authenticators.values()
    life.console.sign_out()
    life.console.sign_in(USER, OWN_PASSWORD, device.next_code())
    console_works = works(life.console.client("s3").list_buckets)
    token = life.token(SerialNumber=device.serial_number, TokenCode=device.next_code())
    token_works = works(life.account.client("s3", token).list_buckets)
    return "" if console_works and token_works else "work_with_code"


def password_with_code(life: Life) -> str:
    """Change the own password, signed in with a code."""
    page = life.console.change_password(OWN_PASSWORD, NEXT_PASSWORD)
    return "password_with_code" if page.is_error else ""


def key_with_password(life: Life) -> str:
    """The access key with the present password, and a token made without a code: refused."""
    changed = {"OldPassword": NEXT_PASSWORD, "NewPassword": THIEF_S_PASSWORD}
    if works(life.with_keys("iam").change_password, **changed):
        alone = PolicySet(identity=(life.policy,))
        by_itself = ask(alone, credentials.ACCESS_KEY, "iam:ChangePassword").face
        if by_itself is not Face.ALLOW:
            return "allow_is_no_limit"
        return "limit_misses_keys" if _has_limit(life.policy) else "key_changes_password"
    token = life.token()
    works(life.account.client("iam", token).change_password, **changed)
    return ""


def _has_limit(policy: Policy) -> bool:
    """Whether a Deny names the change of password, though its condition does not meet the key."""
    denying = (one for one in policy.statements if one.effect is Effect.DENY)
    return any(one.actions.matches("iam:ChangePassword") for one in denying)


def key_without_password(life: Life) -> str:
    """An administrator's access key alone, which asks for no old password: refused."""
    attached = (life.policy, EVERYTHING_ALLOWED)
    keys = life.account.create_user(ADMINISTRATOR, *attached, password=FIRST_PASSWORD)
    iam = life.account.client("iam", keys)
    sets = works(iam.update_login_profile, UserName=ADMINISTRATOR, Password=THIEF_S_PASSWORD)
    return "key_sets_password" if sets else ""


STEPS: Final[tuple[Callable[[Life], str], ...]] = (
    first_sign_in,
    no_work_without_code,
    enrolment,
    work_with_code,
    password_with_code,
    key_with_password,
    key_without_password,
)
