"""Lesson 05, the documented way: MFA belongs to a session and is fixed when it begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from mfa_lab.account import Account
from mfa_lab.account.account import Keys, keys_of
from mfa_lab.account.console import ConsoleError, SignInState
from mfa_lab.account.record import RecordedCall
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.iam import credentials
from mfa_lab.iam.credentials import CredentialsKind
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.lesson.exercise import Exercise, Verdict, not_yet, right
from mfa_lab.lesson.policies import ARTICLE, BUCKETS, stored_policy
from mfa_lab.lesson.prediction import MultipleChoice, Prediction

CHANGE_OWN_PASSWORD: Final = "arn:aws:iam::aws:policy/IAMUserChangePassword"
FIRST_PASSWORD: Final = "First-Pass-0"
OWN_PASSWORD: Final = "Second-Pass-0"


# ---------------------------------------------------------------- predictions
def _the_article_s_way(account: Account) -> None:
    """The article's order, as far as something makes alice go: to the device."""
    account.create_user(
        "alice", stored_policy(ARTICLE), BUCKETS, password=FIRST_PASSWORD, keys=False
    )
    console = account.console()
    console.sign_in("alice", FIRST_PASSWORD)
    console.enrol_device(account.phone())
    console.sign_out()


def _aws_s_order(account: Account) -> None:
    """AWS's order: first the password, then the policy, then the device."""
    account.create_user("alice", password=FIRST_PASSWORD, reset=True, keys=False)
    admin, console = account.client("iam"), account.console()
    admin.attach_user_policy(UserName="alice", PolicyArn=CHANGE_OWN_PASSWORD)
    console.sign_in("alice", FIRST_PASSWORD)
    console.change_forced_password(FIRST_PASSWORD, OWN_PASSWORD)
    document = stored_policy(ARTICLE).to_json()
    made = admin.create_policy(PolicyName="Force_MFA", PolicyDocument=document)
    admin.attach_user_policy(UserName="alice", PolicyArn=made["Policy"]["Arn"])
    console.enrol_device(account.phone())
    console.sign_out()


_WAYS: Final = (("article", _the_article_s_way), ("aws", _aws_s_order))


def _first_password_stays() -> str:
    """After which way the password that the administrator set is still right."""
    stays = {}
    for name, way in _WAYS:
        with Account() as account:
            way(account)
            page = account.console().sign_in("alice", FIRST_PASSWORD)
            stays[name] = page.sign_in_state is not SignInState.SIGNED_OUT
    if stays["article"] == stays["aws"]:
        return "both" if stays["aws"] else "neither"
    return "article" if stays["article"] else "aws"


def _used_code() -> str:
    """Whether the code of a sign-in is taken once more by GetSessionToken."""
    with Account() as account:
        keys = account.create_user("alice", stored_policy(ARTICLE), password=FIRST_PASSWORD)
        console, phone = account.console(), account.phone()
        console.sign_in("alice", FIRST_PASSWORD)
        console.enrol_device(phone)
        [device] = phone.authenticators.values()
        code = device.next_code()
        console.sign_in("alice", FIRST_PASSWORD, code)
        sts = account.client("sts", keys)
        try:
            sts.get_session_token(SerialNumber=device.serial_number, TokenCode=code)
        except ClientError:
            return "refused"
        return "accepted"


PREDICTIONS: Final = (
    Prediction(
        "password_in_same_session",
        ARTICLE,
        credentials.CONSOLE_WITHOUT_MFA,
        "iam:ChangePassword",
        has_device=True,
    ),
    Prediction(
        "work_by_new_key",
        (ARTICLE, BUCKETS),
        credentials.ACCESS_KEY,
        "s3:ListAllMyBuckets",
        has_device=True,
    ),
    MultipleChoice("used_code", ("accepted", "refused"), _used_code),
    Prediction(
        "own_keys_by_plain_session",
        (ARTICLE, BUCKETS),
        credentials.SESSION_TOKEN_WITHOUT_MFA,
        "iam:ListAccessKeys",
        has_device=True,
    ),
    MultipleChoice(
        "first_password_stays", ("article", "aws", "both", "neither"), _first_password_stays
    ),
)


# ---------------------------------------------------------------- order the steps
class _OutOfReachError(Exception):
    """A step needs something that is not there yet."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class _Enrolment:
    """alice's first day in an account, step by step."""

    def __init__(self, account: Account) -> None:
        self.account = account
        account.create_user(
            "alice", stored_policy(ARTICLE), BUCKETS, password=FIRST_PASSWORD, keys=False
        )
        self.console, self.phone = account.console(), account.phone()
        self.password = FIRST_PASSWORD
        self.keys: Keys | None = None
        self.has_session = False
        account.record.clear()

    def sign_in(self) -> bool:
        """Sign in with the password alone; asked for a code, alice gives none."""
        return self.console.sign_in("alice", self.password).sign_in_state is SignInState.SIGNED_IN

    def sign_in_with_code(self) -> bool:
        """Sign in with the password and a fresh code."""
        code = self._code()
        return (
            self.console.sign_in("alice", self.password, code).sign_in_state
            is SignInState.SIGNED_IN
        )

    def sign_out(self) -> bool:
        """Sign out."""
        return not self.console.sign_out().is_error

    def enrol_device(self) -> bool:
        """Assign the device in her phone."""
        return not self.console.enrol_device(self.phone).is_error

    def change_password(self) -> bool:
        """Change the password at the console."""
        if self.console.change_password(self.password, OWN_PASSWORD).is_error:
            return False
        self.password = OWN_PASSWORD
        return True

    def create_access_key(self) -> bool:
        """Make an access key at the console."""
        try:
            made = self.console.client("iam").create_access_key()
        except ClientError:
            return False
        self.keys = keys_of(made["AccessKey"])
        return True

    def get_session_token(self) -> bool:
        """Get a session with MFA by the access key."""
        if self.keys is None:
            raise _OutOfReachError("no_keys_yet")
        code, [serial_number] = self._code(), self.phone.authenticators
        sts = self.account.client("sts", self.keys)
        made = sts.get_session_token(SerialNumber=serial_number, TokenCode=code)
        self.account.client("s3", made["Credentials"]).list_buckets()
        self.has_session = True
        return True

    def _code(self) -> str:
        for device in self.phone.authenticators.values():
            return device.next_code()
        raise _OutOfReachError("no_device_yet")


STEPS: Final = (
    "change_password",
    "create_access_key",
    "enrol_device",
    "get_session_token",
    "sign_in",
    "sign_in_with_code",
    "sign_out",
)
ORDER: Final = (
    "sign_in",
    "enrol_device",
    "sign_out",
    "sign_in_with_code",
    "change_password",
    "create_access_key",
    "get_session_token",
)


def _check_order_steps(answer: object) -> Verdict:
    """Every step works in the order given, and alice ends with her own password and a session."""
    if not isinstance(answer, (list, tuple)) or not answer or len(answer) > 3 * len(STEPS):
        return not_yet("no_list")
    unknown = [step for step in answer if step not in STEPS]
    if unknown:
        return not_yet("no_such_step", given=str(unknown[0]))
    with Account() as account:
        day = _Enrolment(account)
        for number, step in enumerate(answer, 1):
            try:
                works = getattr(day, step)()
            except _OutOfReachError as error:
                return not_yet(error.code, number=number)
            except ConsoleError:
                return not_yet("not_signed_in", number=number)
            if not works:
                return not_yet(_why_not(step, account), number=number, calls=_last(account))
        if day.password == FIRST_PASSWORD:
            return not_yet("first_password_left")
        return right() if day.has_session else not_yet("no_session")


def _why_not(step: str, account: Account) -> str:
    if step == "sign_in":
        return "code_is_asked"
    [call] = _last(account)
    return "fence" if call.verdict == Face.EXPLICIT_DENY else "twice"


def _last(account: Account) -> tuple[RecordedCall, ...]:
    return tuple(account.record)[-1:]


# ---------------------------------------------------------------- which credentials
_LESS_TO_MORE: Final = {
    "console": (credentials.CONSOLE_WITHOUT_MFA, credentials.CONSOLE_WITH_MFA),
    "cli": (
        credentials.ACCESS_KEY,
        credentials.SESSION_TOKEN_WITHOUT_MFA,
        credentials.SESSION_TOKEN_WITH_MFA,
    ),
}
# Where, what, and whether alice has a device by then.
_TASKS: Final = {
    "first_device_at_console": ("console", "iam:EnableMFADevice", False),
    "change_password_at_console": ("console", "iam:ChangePassword", True),
    "list_own_devices_by_cli": ("cli", "iam:ListMFADevices", True),
    "list_buckets_by_cli": ("cli", "s3:ListAllMyBuckets", True),
}
ENOUGH: Final = {
    "first_device_at_console": "console_without_mfa",
    "change_password_at_console": "console_with_mfa",
    "list_own_devices_by_cli": "access_key",
    "list_buckets_by_cli": "session_token_with_mfa",
}
_KINDS: Final = {kind.name: kind for kinds in _LESS_TO_MORE.values() for kind in kinds}


def _check_which_credentials(answer: object) -> Verdict:
    """The least that is enough for each task, by the evaluator."""
    if not isinstance(answer, Mapping):
        return not_yet("no_answers")
    given = {task: str(answer.get(task, "?")).strip().strip("\"'").lower() for task in _TASKS}
    empty = [task for task, kind in given.items() if kind in ("?", "")]
    if empty:
        return not_yet("empty", count=len(empty))
    for task, name in given.items():
        if name not in _KINDS:
            return not_yet("no_such_credentials", given=name)
        where, action, has_device = _TASKS[task]
        kinds = _LESS_TO_MORE[where]
        if _KINDS[name] not in kinds:
            return not_yet("other_door", task=task)
        face = _face(_KINDS[name], action, has_device)
        if face is Face.REFUSED:
            return not_yet("refused", task=task)
        if face is not Face.ALLOW:
            return not_yet("denied", task=task)
        less = kinds[: kinds.index(_KINDS[name])]
        if any(_face(kind, action, has_device) is Face.ALLOW for kind in less):
            return not_yet("more_than_needed", task=task)
    return right()


def _face(kind: CredentialsKind, action: str, has_device: bool) -> Face:
    attached = PolicySet(identity=(stored_policy(ARTICLE), BUCKETS))
    return ask(attached, kind, action, ServiceRules(has_device=has_device)).face


def _swapped(first: str, second: str) -> tuple[str, ...]:
    """Return the order with two steps in each other's place."""
    others: dict[str, str] = {first: second, second: first}
    return tuple(others.get(step, step) for step in ORDER)


def _without(step: str) -> tuple[str, ...]:
    return tuple(other for other in ORDER if other != step)


_WRONG_ORDERS: Final[tuple[tuple[Any, str], ...]] = (
    (STEPS, "not_signed_in"),
    (("sign_in", "change_password", *ORDER[1:]), "fence"),
    (("sign_in", "enrol_device", "change_password", *ORDER[2:]), "fence"),
    (_swapped("sign_in", "sign_in_with_code"), "no_device_yet"),
    (("sign_in", "enrol_device", "sign_out", "sign_in", *ORDER[4:]), "code_is_asked"),
    (_swapped("create_access_key", "get_session_token"), "no_keys_yet"),
    ((*ORDER[:2], *ORDER[1:]), "twice"),
    (_without("change_password"), "first_password_left"),
    (_without("get_session_token"), "no_session"),
    ((*ORDER, "list_buckets"), "no_such_step"),
    ((), "no_list"),
)

EXERCISES: Final = (
    Exercise(
        "order_steps",
        _check_order_steps,
        solution=ORDER,
        unedited=("not_signed_in",),
        wrong_answers=_WRONG_ORDERS,
    ),
    Exercise(
        "which_credentials",
        _check_which_credentials,
        solution=ENOUGH,
        wrong_answers=(
            (dict.fromkeys(ENOUGH, "?"), "empty"),
            ({**ENOUGH, "list_buckets_by_cli": ""}, "empty"),
            ({**ENOUGH, "list_buckets_by_cli": "access_key"}, "denied"),
            ({**ENOUGH, "change_password_at_console": "console_without_mfa"}, "denied"),
            ({**ENOUGH, "list_own_devices_by_cli": "session_token_without_mfa"}, "refused"),
            ({**ENOUGH, "list_own_devices_by_cli": "session_token_with_mfa"}, "more_than_needed"),
            ({**ENOUGH, "first_device_at_console": "console_with_mfa"}, "more_than_needed"),
            ({**ENOUGH, "list_buckets_by_cli": "console_with_mfa"}, "other_door"),
            ({**ENOUGH, "list_buckets_by_cli": "phone"}, "no_such_credentials"),
            ("access_key", "no_answers"),
        ),
    ),
)
