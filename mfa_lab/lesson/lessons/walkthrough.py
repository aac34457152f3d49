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
from mfa_lab.account.console import Console, SignInState
from mfa_lab.account.record import RecordedCall
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
class WalkthroughResult:
    """How far a walkthrough came.

    Args:
        failure: Code of what went wrong; empty where all went well.
        calls: The calls that show it: those of the step that failed, or all.
    """

    failure: str
    calls: tuple[RecordedCall, ...]


def walk_through(policy: Policy) -> WalkthroughResult:
    """Try a policy in a new account, step by step, up to the step that fails.

    Args:
        policy: An identity-based policy that fits into a managed one.
    """
    with Account() as account:
        walk = Walkthrough(account, policy)
        for step in STEPS:
            first = account.record.last_number
            failure = step(walk)
            if failure:
                return WalkthroughResult(failure, tuple(walk.calls(first)))
        return WalkthroughResult("", tuple(walk.calls()))


class Walkthrough:
    """A new account with its user, which the steps act on.

    Args:
        account: A new account.
        policy: The policy that is tried.
    """

    def __init__(self, account: Account, policy: Policy) -> None:
        self.account, self.policy = account, policy
        attached = (policy, WORK, stored_policy("aws_managed_IAMUserChangePassword_v5"))
        self.keys = account.create_user(USER, *attached, password=FIRST_PASSWORD, reset=True)
        self.console = Console(account)
        self.phone = account.phone()

    def calls(self, first: int = 0) -> Iterator[RecordedCall]:
        """Return the calls that were made, without those that set the stage.

        Args:
            first: Number of the call after which they begin; 0 for all.
        """
        own = self.account.admin.access_key_id
        return (call for call in self.account.record.since(first) if call.access_key_id != own)

    def with_keys(self, service: str) -> Any:
        """Return a client with the user's access key.

        Args:
            service: Such as `iam`.
        """
        return self.account.client(service, self.keys)

    def token(self, **code: str) -> Any:
        """Return the credentials that GetSessionToken makes."""
        return self.with_keys("sts").get_session_token(**code)["Credentials"]


def first_sign_in(walk: Walkthrough) -> str:
    """The first sign-in at the console, with the change of password that it demands."""
    walk.console.sign_in(USER, FIRST_PASSWORD)
    page = walk.console.change_forced_password(FIRST_PASSWORD, OWN_PASSWORD)
    if page.sign_in_state is SignInState.SIGNED_IN:
        return ""
    answer = page.calls[-1].answer
    denying = answer.decision.decided_by if answer is not None else ()
    fence = set(_fence(walk.policy))
    stopped_by_fence = any(matched.statement.index in fence for matched in denying)
    return "reset_denied" if stopped_by_fence else "reset_denied_again"


def _fence(policy: Policy) -> Iterable[int]:
    """Return the statements that keep a console session without MFA from its work.

    Those with exceptions, where there are any: a Deny of everything is not the MFA rule.
    """
    attached = PolicySet(identity=(policy, WORK))
    found = ask(attached, credentials.CONSOLE_WITHOUT_MFA, "s3:ListAllMyBuckets")
    holding = [matched.statement for matched in found.decision.decided_by]
    gated = [statement for statement in holding if statement.actions.negated]
    return (statement.index for statement in gated or holding)


def no_work_without_mfa(walk: Walkthrough) -> str:
    """Work at the console without MFA, and with the access key alone: both are refused."""
    console_works = works(walk.console.client("s3").list_buckets)
    key_works = works(walk.with_keys("s3").list_buckets)
    if console_works and key_works:
        return "no_fence"
    if console_works:
        return "console_not_fenced"
    return "keys_not_fenced" if key_works else ""


def enrolment(walk: Walkthrough) -> str:
    """A first MFA device, enrolled in the session without one."""
    page = walk.console.enrol_device(walk.phone)
    return "cannot_enrol" if page.is_error else ""


def work_with_mfa(walk: Walkthrough) -> str:
    """A day's work after a sign-in with MFA, and with a session token made with one."""
    [device] = walk.phone.authenticators.values()
    walk.console.sign_out()
    walk.console.sign_in(USER, OWN_PASSWORD, device.next_code())
    console_works = works(walk.console.client("s3").list_buckets)
    token = walk.token(SerialNumber=device.serial_number, TokenCode=device.next_code())
    token_works = works(walk.account.client("s3", token).list_buckets)
    return "" if console_works and token_works else "work_with_code"


def password_with_mfa(walk: Walkthrough) -> str:
    """Change the own password, signed in with MFA."""
    page = walk.console.change_password(OWN_PASSWORD, NEXT_PASSWORD)
    return "password_with_code" if page.is_error else ""


def key_with_password(walk: Walkthrough) -> str:
    """The access key with the present password, and a token made without MFA: refused."""
    changed = {"OldPassword": NEXT_PASSWORD, "NewPassword": THIEF_S_PASSWORD}
    if works(walk.with_keys("iam").change_password, **changed):
        alone = PolicySet(identity=(walk.policy,))
        by_itself = ask(alone, credentials.ACCESS_KEY, "iam:ChangePassword").face
        if by_itself is not Face.ALLOW:
            return "allow_is_no_limit"
        return "limit_misses_keys" if _has_limit(walk.policy) else "key_changes_password"
    token = walk.token()
    works(walk.account.client("iam", token).change_password, **changed)
    return ""


def _has_limit(policy: Policy) -> bool:
    """Whether a Deny names the change of password, though its condition does not meet the key."""
    denying = (statement for statement in policy.statements if statement.effect is Effect.DENY)
    return any(matched.actions.matches("iam:ChangePassword") for matched in denying)


def key_without_password(walk: Walkthrough) -> str:
    """An administrator's access key alone, which asks for no old password: refused."""
    attached = (walk.policy, EVERYTHING_ALLOWED)
    keys = walk.account.create_user(ADMINISTRATOR, *attached, password=FIRST_PASSWORD)
    iam = walk.account.client("iam", keys)
    sets = works(iam.update_login_profile, UserName=ADMINISTRATOR, Password=THIEF_S_PASSWORD)
    return "key_sets_password" if sets else ""


STEPS: Final[tuple[Callable[[Walkthrough], str], ...]] = (
    first_sign_in,
    no_work_without_mfa,
    enrolment,
    work_with_mfa,
    password_with_mfa,
    key_with_password,
    key_without_password,
)
