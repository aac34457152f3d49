"""Lesson 04, somebody else's keys: MFA enrolled is not MFA required."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any, Final

from botocore.exceptions import ClientError

from mfa_lab.account import Account
from mfa_lab.account.account import Keys
from mfa_lab.account.console import Console, SignInState
from mfa_lab.account.phone import Authenticator
from mfa_lab.account.record import RecordedCall
from mfa_lab.analysis.difference import Difference, Flip
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
from mfa_lab.lesson.policies import ARTICLE, BUCKETS, WEAKENED, stored_policy
from mfa_lab.lesson.prediction import MultipleChoice, Prediction
from mfa_lab.view.policy.not_action_editor import NotActionWorkbench
from mfa_lab.view.policy.not_action_list import not_action_of

OWN_PASSWORD: Final = "First-Pass-0"
THIEF_S_PASSWORD: Final = "Thief-Pass-1"


# ---------------------------------------------------------------- the stage
@dataclass(frozen=True, slots=True)
class Stage:
    """An account in which alice has keys, a password and a device.

    Args:
        account: The account; its record begins after all that.
        keys: Of alice.
        device: Of alice, in her phone.
    """

    account: Account
    keys: Keys
    device: Authenticator

    @property
    def console(self) -> Console:
        """A console in a browser that nobody has used yet."""
        return self.account.console()

    def change_password_by_keys(self) -> RecordedCall:
        """Make the article's experiment: the keys, the present password, no code."""
        iam = self.account.client("iam", self.keys)
        works(iam.change_password, OldPassword=OWN_PASSWORD, NewPassword=THIEF_S_PASSWORD)
        return self.account.record[-1]


@contextmanager
def _alice_with_device(*policies: Policy) -> Iterator[Stage]:
    """The administrator enrols the device here, so that any policy can be tried.

    Raises:
        ClientError: The account refuses a policy.
    """
    with Account() as account:
        keys = account.create_user("alice", *policies, password=OWN_PASSWORD)
        device = _enrol(account, account.client("iam"), "alice")
        account.clock.advance(minutes=5)
        account.record.clear()
        yield Stage(account, keys, device)


def _enrol(account: Account, iam: Any, user_name: str) -> Authenticator:
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName=user_name)
    device = account.phone().scan(made["VirtualMFADevice"])
    first, second = device.two_codes()
    iam.enable_mfa_device(
        UserName=user_name,
        SerialNumber=device.serial_number,
        AuthenticationCode1=first,
        AuthenticationCode2=second,
    )
    return device


def _session(account: Account, keys: Keys, device: Authenticator) -> Any:
    """Get a session with MFA."""
    sts = account.client("sts", keys)
    serial_number, code = device.serial_number, device.next_code()
    return sts.get_session_token(SerialNumber=serial_number, TokenCode=code)["Credentials"]


# ---------------------------------------------------------------- predictions
def _owner_signs_in() -> str:
    """How far alice comes with the password that she knows, after the theft."""
    with _alice_with_device(stored_policy(WEAKENED)) as stage:
        stage.change_password_by_keys()
        console = stage.console
        if console.sign_in("alice", OWN_PASSWORD).sign_in_state is SignInState.SIGNED_OUT:
            return "password_refused"
        page = console.give_code(stage.device.next_code())
        return "signed_in" if page.sign_in_state is SignInState.SIGNED_IN else "code_refused"


def _thief_signs_in() -> str:
    """How far the thief comes with the password that he has set."""
    with _alice_with_device(stored_policy(WEAKENED)) as stage:
        stage.change_password_by_keys()
        place = stage.console.sign_in("alice", THIEF_S_PASSWORD).sign_in_state
        return {
            SignInState.SIGNED_IN: "signed_in",
            SignInState.ASKED_FOR_CODE: "asked_for_code",
        }.get(place, "refused")


def _keys_without_device() -> str:
    """How far the keys of a user without a device carry, under the article's policy."""
    with Account() as account:
        keys = account.create_user("bob", stored_policy(ARTICLE), BUCKETS)
        try:
            device = _enrol(account, account.client("iam", keys), "bob")
            s3 = account.client("s3", _session(account, keys, device))
        except ClientError:
            return "nowhere"
        return "to_the_work" if works(s3.list_buckets) else "to_a_device"


PREDICTIONS: Final = (
    Prediction(
        "password_by_key", WEAKENED, credentials.ACCESS_KEY, "iam:ChangePassword", has_device=True
    ),
    MultipleChoice(
        "owner_signs_in", ("signed_in", "password_refused", "code_refused"), _owner_signs_in
    ),
    MultipleChoice("thief_signs_in", ("signed_in", "asked_for_code", "refused"), _thief_signs_in),
    Prediction(
        "devices_by_session_token",
        WEAKENED,
        credentials.SESSION_TOKEN_WITHOUT_MFA,
        "iam:ListMFADevices",
        has_device=True,
    ),
    MultipleChoice(
        "keys_without_device", ("nowhere", "to_a_device", "to_the_work"), _keys_without_device
    ),
)


# ---------------------------------------------------------------- what is needed
THINGS: Final = ("keys", "password", "phone")
GOALS: Final = ("change_password", "sign_in", "list_buckets")
NEEDED: Final = {
    "change_password": "keys, password",
    "sign_in": "password, phone",
    "list_buckets": "keys, phone",
}


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What came of trying everything that some things make possible."""

    works: bool
    calls: tuple[RecordedCall, ...]


def _check_what_is_needed(answer: object) -> Verdict:
    """The least that has to be stolen for each of three goals, tried in the account."""
    if not isinstance(answer, Mapping):
        return not_yet("no_answers")
    given = {goal: _things_in(answer.get(goal)) for goal in GOALS}
    empty = [goal for goal, things in given.items() if not things - {"?"}]
    if empty:
        return not_yet("empty", count=len(empty))
    for things in given.values():
        unknown = sorted(things - set(THINGS))
        if unknown:
            return not_yet("unknown_thing", given=unknown[0])
    for goal, things in given.items():
        found = _attempt(goal, things)
        if not found.works:
            return not_yet(_what_lacks(goal, things), calls=found.calls)
    for goal, things in given.items():
        if any(_attempt(goal, less).works for less in _less_than(things)):
            return not_yet("superfluous", goal=goal)
    return right()


def _things_in(value: object) -> frozenset[str]:
    """Return the things that a value names: words in a text, or the entries of a collection."""
    if isinstance(value, (list, tuple, set, frozenset)):
        words = [str(word).strip() for word in value]
    else:
        words = re.split(r"[\s,+&]+|\band\b", str(value)) if isinstance(value, str) else []
    return frozenset(word.strip("\"'").lower() for word in words if word)


def _less_than(things: frozenset[str]) -> list[frozenset[str]]:
    return [frozenset(some) for count in range(len(things)) for some in combinations(things, count)]


@cache
def _attempt(goal: str, things: frozenset[str]) -> _Attempt:
    """Try every way to a goal that some stolen things make possible."""
    with _alice_with_device(stored_policy(WEAKENED), BUCKETS) as stage:
        works = any(_ways_to(goal, stage, things))
        return _Attempt(works, tuple(stage.account.record))


def _ways_to(goal: str, stage: Stage, things: frozenset[str]) -> Iterator[bool]:
    if goal == "sign_in":
        yield _console(stage, things) is not None
        return
    old = OWN_PASSWORD if "password" in things else "Guess-Pass-0"
    for client in _clients(stage, things):
        if goal == "list_buckets":
            yield works(client("s3").list_buckets)
        else:
            change = client("iam").change_password
            yield works(change, OldPassword=old, NewPassword=THIEF_S_PASSWORD)


def _clients(stage: Stage, things: frozenset[str]) -> Iterator[Callable[[str], Any]]:
    """Return the credentials that somebody who holds these things can use."""
    if "keys" in things:
        yield lambda service: stage.account.client(service, stage.keys)
        if "phone" in things:
            session = _session(stage.account, stage.keys, stage.device)
            yield lambda service: stage.account.client(service, session)
    console = _console(stage, things)
    if console is not None:
        yield console.client


def _console(stage: Stage, things: frozenset[str]) -> Console | None:
    """Sign in with these things; None where that does not work."""
    if "password" not in things:
        return None
    console = stage.console
    page = console.sign_in("alice", OWN_PASSWORD)
    if page.sign_in_state is SignInState.ASKED_FOR_CODE and "phone" in things:
        page = console.give_code(stage.device.next_code())
    return console if page.sign_in_state is SignInState.SIGNED_IN else None


def _what_lacks(goal: str, things: frozenset[str]) -> str:
    """Name the misconception of somebody who thinks that these things suffice."""
    if things == {"phone"}:
        return "code_alone"
    if goal == "change_password" and "password" not in things:
        return "old_password_is_asked"
    if goal == "sign_in" and "password" not in things:
        return "keys_are_not_for_the_console"
    return "the_fence" if goal == "list_buckets" and "keys" in things else "code_is_asked"


# ---------------------------------------------------------------- close the gate
_WANTED: Final = "iam:ChangePassword"
_HARMLESS: Final = "iam:GetAccountPasswordPolicy"
_WEAKENED_GATES: Final = not_action_of(stored_policy(WEAKENED))


def _check_close_the_gate(answer: object) -> Verdict:
    """The experiment fails, alice with MFA changes her password, nothing else is otherwise."""
    try:
        policy = _policy_of(answer)
        if policy is None:
            return not_yet("no_policy")
        thief, calls = _experiment(policy)
    except (PolicyError, ClientError):
        return not_yet("malformed")
    found = changes_from(WEAKENED, policy)
    opened = _first(found, _opens)
    if opened is not None:
        return not_yet("opened", action=opened)
    if not thief.error_code:
        return not_yet("still_open" if found.actions else "nothing_changed", calls=(thief,))
    lost = [flip.caller.kind.mfa.present for flip in found.flips if _WANTED in flip.actions]
    if "true" in lost:
        return not_yet("owner_too")
    closed = _first(found, lambda flip: not _opens(flip))
    if closed == _HARMLESS:
        return not_yet("both")
    if closed is not None:
        return not_yet("closed", action=closed)
    return right(calls=calls)


def _policy_of(answer: object) -> Policy | None:
    """Return the policy that an answer stands for: a workbench, a policy, or a NotAction list.

    Raises:
        PolicyError: AWS would refuse it.
    """
    if isinstance(answer, NotActionWorkbench):
        return answer.entries.policy()
    if isinstance(answer, Policy):
        return answer
    if isinstance(answer, Mapping) and "Statement" in answer:
        return Policy.parse(dict(answer))
    if isinstance(answer, (list, tuple)) and all(isinstance(entry, str) for entry in answer):
        return article_exempting(tuple(answer)) if answer else None
    return None


def _experiment(policy: Policy) -> tuple[RecordedCall, tuple[RecordedCall, ...]]:
    """Live a policy through: the thief's call, and that of a new user who must set a password.

    Raises:
        ClientError: The account refuses the policy.
    """
    with _alice_with_device(policy) as stage:
        account = stage.account
        account.create_user("bob", policy, password=OWN_PASSWORD, reset=True)
        account.record.clear()
        thief = stage.change_password_by_keys()
        console = stage.console
        console.sign_in("bob", OWN_PASSWORD)
        page = console.change_forced_password(OWN_PASSWORD, "Second-Pass-0")
        first = [call for call in page.calls if call.operation == _WANTED]
        return thief, (thief, *first)


def _opens(flip: Flip) -> bool:
    """Whether something is allowed now, or no longer denied, so that some Allow could reach it."""
    return flip.after is Face.ALLOW or flip.before is Face.EXPLICIT_DENY


def _first(found: Difference, kind_of: Callable[[Flip], bool]) -> str | None:
    """Return an action of the first flip of a kind; None for none. The wanted one may close."""
    for flip in found.flips:
        actions = [action for action in flip.actions if action != _WANTED or _opens(flip)]
        if actions and kind_of(flip):
            return actions[0]
    return None


def _document(gates: tuple[str, ...]) -> dict[str, Any]:
    return dict(article_exempting(gates).document)


def _without(entry: str) -> tuple[str, ...]:
    return tuple(gate for gate in _WEAKENED_GATES if gate != entry)


def _owner_too() -> dict[str, Any]:
    """Nobody is allowed to change a password, whoever the fence lets through."""
    document = _document(_WEAKENED_GATES)
    deny = {"Effect": "Deny", "Action": _WANTED, "Resource": "*"}
    return {**document, "Statement": [*document["Statement"], deny]}


EXERCISES: Final = (
    Exercise(
        "what_is_needed",
        _check_what_is_needed,
        solution=NEEDED,
        wrong_answers=(
            (dict.fromkeys(GOALS, "?"), "empty"),
            ({**NEEDED, "sign_in": ""}, "empty"),
            ({**NEEDED, "sign_in": "password, badge"}, "unknown_thing"),
            ({**NEEDED, "change_password": "keys"}, "old_password_is_asked"),
            ({**NEEDED, "change_password": "keys, phone"}, "old_password_is_asked"),
            ({**NEEDED, "change_password": "password"}, "code_is_asked"),
            ({**NEEDED, "change_password": "keys, password, phone"}, "superfluous"),
            ({**NEEDED, "sign_in": "keys, phone"}, "keys_are_not_for_the_console"),
            ({**NEEDED, "sign_in": "keys, password"}, "code_is_asked"),
            ({**NEEDED, "list_buckets": "keys"}, "the_fence"),
            ({**NEEDED, "list_buckets": "keys, password"}, "the_fence"),
            ({**NEEDED, "list_buckets": "phone"}, "code_alone"),
            ("keys, password", "no_answers"),
        ),
    ),
    Exercise(
        "close_the_gate",
        _check_close_the_gate,
        solution=_without(_WANTED),
        wrong_answers=(
            (_WEAKENED_GATES, "nothing_changed"),
            (_without(_HARMLESS), "still_open"),
            (ARTICLE_EXEMPTIONS, "both"),
            ((*_without(_WANTED)[1:],), "closed"),
            ((*_without(_WANTED), "iam:GetLoginProfile"), "opened"),
            ((*_without(_WANTED), "iam:Change*", "iam:ListUsers"), "opened"),
            (_owner_too(), "owner_too"),
            ((*_without(_WANTED), "ListUsers"), "malformed"),
            ((), "no_policy"),
        ),
    ),
)
