"""Lesson 03, two more actions: what a name in a NotAction list opens, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from mfa_lab.account import Account
from mfa_lab.account.record import RecordedCall
from mfa_lab.analysis.difference import Difference
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.iam import credentials
from mfa_lab.iam.parsing.mistakes import PolicyError
from mfa_lab.iam.policy import Policy
from mfa_lab.lesson.calls import works
from mfa_lab.lesson.exercise import Exercise, Verdict, not_yet, right
from mfa_lab.lesson.lessons.exempted_actions import (
    ARTICLE_EXEMPTIONS,
    article_exempting,
    changes_from,
)
from mfa_lab.lesson.policies import ARTICLE, EVERYTHING_ALLOWED, WEAKENED, stored_policy
from mfa_lab.lesson.prediction import MultipleChoice
from mfa_lab.view.policy.not_action_editor import NotActionWorkbench

TWO_MORE: Final = ("iam:ChangePassword", "iam:GetAccountPasswordPolicy")

FIRST_PASSWORD: Final = "First-Pass-0"
SECOND_PASSWORD: Final = "Second-Pass-1"
WRONG_PASSWORD: Final = "Wrong-Guess-9"


# What is guessed.

_DOZENS: Final = 100


def _how_many() -> str:
    """Count the actions that change their answer for somebody."""
    count = len(changes_from(ARTICLE, stored_policy(WEAKENED)).actions)
    return {1: "one_action", 2: "two_actions"}.get(
        count, "dozens" if count < _DOZENS else "hundreds"
    )


def _for_whom() -> str:
    """Find the credentials for which ChangePassword becomes allowed."""
    opened = {
        flip.caller.kind
        for flip in changes_from(ARTICLE, stored_policy(WEAKENED)).flips
        if flip.after is Face.ALLOW and TWO_MORE[0] in flip.actions
    }
    known = {
        frozenset({credentials.CONSOLE_WITHOUT_MFA}): "console",
        frozenset({credentials.ACCESS_KEY}): "access_key",
        frozenset({credentials.CONSOLE_WITHOUT_MFA, credentials.ACCESS_KEY}): "console_and_key",
    }
    return known.get(frozenset(opened), "all_without_code")


def _key_without_password() -> str:
    """Call ChangePassword with alice's key and a password that is only guessed."""
    [entry] = _call(_key_with(WRONG_PASSWORD))
    if not entry.error_code:
        return "changed"
    return "refused" if entry.verdict == "allow" else "denied"


def _which_is_worse() -> str:
    """With a key and a wide Allow, but no password: which gate lets a new one be set?

    ChangePassword can only be tried on the key's own user, since it takes no name.
    """
    with Account() as account:
        policies = article_exempting((*ARTICLE_EXEMPTIONS, TWO_MORE[0])), EVERYTHING_ALLOWED
        iam = account.client(
            "iam", account.create_user("alice", *policies, password="First-Pass-0")
        )
        changes = works(
            iam.change_password, OldPassword=WRONG_PASSWORD, NewPassword=SECOND_PASSWORD
        )
    with Account() as account:
        policies = (
            article_exempting((*ARTICLE_EXEMPTIONS, "iam:UpdateLoginProfile")),
            EVERYTHING_ALLOWED,
        )
        iam = account.client(
            "iam", account.create_user("alice", *policies, password="First-Pass-0")
        )
        account.create_user("bob", password=FIRST_PASSWORD)
        updates = works(iam.update_login_profile, UserName="bob", Password=SECOND_PASSWORD)
    answers = {
        (True, False): "change_password",
        (False, True): "update_login_profile",
        (True, True): "both",
    }
    return answers.get((changes, updates), "neither")


PREDICTIONS: Final = (
    MultipleChoice("how_many", ("one_action", "two_actions", "dozens", "hundreds"), _how_many),
    MultipleChoice(
        "for_whom", ("console", "access_key", "console_and_key", "all_without_code"), _for_whom
    ),
    MultipleChoice("key_without_password", ("changed", "denied", "refused"), _key_without_password),
    MultipleChoice(
        "worse", ("change_password", "update_login_profile", "both", "neither"), _which_is_worse
    ),
)


# The first exercise: who comes through the open gate.


def _key_with(old: str) -> Callable[[Account], None]:
    """Change the password with alice's access key, giving an old one."""

    def change(account: Account) -> None:
        keys = account.create_user("alice", stored_policy(WEAKENED), password=FIRST_PASSWORD)
        iam = account.client("iam", keys)
        works(iam.change_password, OldPassword=old, NewPassword=SECOND_PASSWORD)

    return change


def _with_session_token(account: Account) -> None:
    """Change it with temporary credentials that were made without MFA."""
    keys = account.create_user("alice", stored_policy(WEAKENED), password=FIRST_PASSWORD)
    token = account.client("sts", keys).get_session_token()["Credentials"]
    iam = account.client("iam", token)
    works(iam.change_password, OldPassword=FIRST_PASSWORD, NewPassword=SECOND_PASSWORD)


def _at_the_console(account: Account) -> None:
    """Change it in a console session without MFA."""
    account.create_user("alice", stored_policy(WEAKENED), password=FIRST_PASSWORD)
    console = account.console()
    console.sign_in("alice", FIRST_PASSWORD)
    console.change_password(FIRST_PASSWORD, SECOND_PASSWORD)


def _call(scene: Callable[[Account], None]) -> tuple[RecordedCall, ...]:
    """Play a scene in an account of its own and give its last call."""
    with Account() as account:
        scene(account)
        return (account.record[-1],)


WHO: Final = {
    "key_with_password": _key_with(FIRST_PASSWORD),
    "key_without_password": _key_with(WRONG_PASSWORD),
    "session_token_with_password": _with_session_token,
    "console_with_password": _at_the_console,
}
_MISTAKEN: Final = {
    "key_with_password": "key_counts",
    "key_without_password": "asks_the_old_one",
    "session_token_with_password": "service_refuses",
    "console_with_password": "console_counts",
}


@cache
def _played() -> dict[str, tuple[RecordedCall, ...]]:
    return {name: _call(scene) for name, scene in WHO.items()}


def _outcome(calls: tuple[RecordedCall, ...]) -> str:
    return "stopped" if calls[-1].error_code else "through"


def _check_who(answer: object) -> Verdict:
    """Who may change alice's password without MFA, once the two actions are in the list."""
    if not isinstance(answer, Mapping):
        return not_yet("no_answers")
    given = {name: str(answer.get(name, "?")).strip().strip('"').lower() for name in WHO}
    still_open = sum(value in ("", "?") for value in given.values())
    if still_open:
        return not_yet("empty", count=still_open)
    unknown = next((value for value in given.values() if value not in ("through", "stopped")), None)
    if unknown is not None:
        return not_yet("no_such_value", given=unknown)
    for name, calls in _played().items():
        if given[name] != _outcome(calls):
            return not_yet(_MISTAKEN[name], calls=calls)
    return right()


# The second exercise: a repair that was made in a hurry.

# What sets a password without asking for the old one.
_ASKS_NO_OLD_PASSWORD: Final = ("iam:CreateLoginProfile", "iam:UpdateLoginProfile")


def _check_repair(answer: object) -> Verdict:
    """The forced change works, and beside the two actions nothing more is open."""
    gates = _gates_of(answer)
    if not gates:
        return not_yet("no_list")
    try:
        policy = article_exempting(gates)
    except PolicyError as error:
        return not_yet("malformed", entry=error.mistakes[0].values.get("action", ""))
    found = changes_from(ARTICLE, policy)
    closed = _first_closed(found)
    if closed is not None:
        return not_yet("closed", action=closed)
    calls, is_through = _forced_change(policy)
    if not is_through:
        return not_yet("still_stuck", calls=calls)
    opened = [action for action in found.actions if action not in TWO_MORE]
    unasked = next((action for action in opened if action in _ASKS_NO_OLD_PASSWORD), None)
    if unasked is not None:
        return not_yet("asks_no_old_password", action=unasked)
    if opened:
        return not_yet("too_wide", count=len(opened), action=opened[0])
    return right(calls=calls, unchanged=f"{found.unchanged:,}")


def _gates_of(answer: object) -> tuple[str, ...]:
    """Return the NotAction list that an answer stands for: a workbench's, or a list."""
    if isinstance(answer, NotActionWorkbench):
        return answer.entries.entries
    if isinstance(answer, (list, tuple)) and all(isinstance(entry, str) for entry in answer):
        return tuple(answer)
    return ()


def _first_closed(found: Difference) -> str | None:
    """Return an action that somebody could do before; None for none."""
    return next((flip.actions[0] for flip in found.flips if flip.before is Face.ALLOW), None)


def _forced_change(policy: Policy) -> tuple[tuple[RecordedCall, ...], bool]:
    """Let alice sign in for the first time, and tell whether she gets through."""
    with Account() as account:
        account.create_user("alice", policy, password=FIRST_PASSWORD, reset=True)
        console = account.console()
        console.sign_in("alice", FIRST_PASSWORD)
        page = console.change_forced_password(FIRST_PASSWORD, SECOND_PASSWORD)
        return page.calls, not page.is_error


_SOLVED_WHO: Final = {
    "key_with_password": "through",
    "key_without_password": "stopped",
    "session_token_with_password": "stopped",
    "console_with_password": "through",
}
HASTY: Final = ("iam:*Password*", "iam:*LoginProfile")

EXERCISES: Final = (
    Exercise(
        "who",
        _check_who,
        solution=_SOLVED_WHO,
        wrong_answers=(
            ({**_SOLVED_WHO, "key_with_password": "?"}, "empty"),
            ({**_SOLVED_WHO, "key_with_password": "stopped"}, "key_counts"),
            ({**_SOLVED_WHO, "key_without_password": "through"}, "asks_the_old_one"),
            ({**_SOLVED_WHO, "session_token_with_password": "through"}, "service_refuses"),
            ({**_SOLVED_WHO, "console_with_password": "stopped"}, "console_counts"),
            ({**_SOLVED_WHO, "console_with_password": "denied"}, "no_such_value"),
            ("key_with_password", "no_answers"),
        ),
    ),
    Exercise(
        "repair",
        _check_repair,
        solution=(*ARTICLE_EXEMPTIONS, *TWO_MORE),
        unedited=("asks_no_old_password",),
        wrong_answers=(
            ((*ARTICLE_EXEMPTIONS, *HASTY), "asks_no_old_password"),
            (
                (*ARTICLE_EXEMPTIONS, "iam:ChangePassword", "iam:UpdateLoginProfile"),
                "asks_no_old_password",
            ),
            ((*ARTICLE_EXEMPTIONS, "iam:*Password*"), "too_wide"),
            ((*ARTICLE_EXEMPTIONS, "iam:ChangePassword", "iam:ListUsers"), "too_wide"),
            (ARTICLE_EXEMPTIONS, "still_stuck"),
            ((*ARTICLE_EXEMPTIONS, "iam:GetAccountPasswordPolicy"), "still_stuck"),
            ((*ARTICLE_EXEMPTIONS, "iam:*LoginProfile"), "still_stuck"),
            ((*ARTICLE_EXEMPTIONS, "iam:ChangePasword"), "still_stuck"),
            ((*ARTICLE_EXEMPTIONS[1:], *TWO_MORE), "closed"),
            (TWO_MORE, "closed"),
            ((*ARTICLE_EXEMPTIONS, "ChangePassword"), "malformed"),
            ((), "no_list"),
            ("iam:ChangePassword", "no_list"),
        ),
    ),
)
