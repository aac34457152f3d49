"""Lesson 06, many devices: what a name, a second device and a lost one do to the policy."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from botocore.exceptions import ClientError

from mfa_lab.account import Account
from mfa_lab.account.phone import Authenticator
from mfa_lab.analysis.difference import Flip, difference
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.analysis.requests.questions import Whose
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam import credentials
from mfa_lab.iam.credentials import EXAMPLE_ACCOUNT, CredentialsKind
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.lesson.calls import works
from mfa_lab.lesson.exercise import Exercise, Verdict, not_yet, right
from mfa_lab.lesson.policies import (
    ARTICLE,
    CORRECTED,
    EVERYTHING_ALLOWED,
    NEWEST,
    POLICY_HISTORY,
    policy_or_verdict,
    stored_policy,
)
from mfa_lab.lesson.prediction import MultipleChoice, Prediction

PASSWORD: Final = "First-Pass-0"
PHONE: Final = "alices-phone"
CREATE: Final = "iam:CreateVirtualMFADevice"
DELETE: Final = "iam:DeleteVirtualMFADevice"


def _device(name: str) -> str:
    return f"arn:aws:iam::{EXAMPLE_ACCOUNT}:mfa/{name}"


# The predictions.


def how_far_with_a_path() -> str:
    """Tell how far a user with a path comes with a first device, by the account."""
    with Account() as account:
        account.create_user("alice", stored_policy(NEWEST), path="/dev/", password=PASSWORD)
        console = account.console()
        console.sign_in("alice", PASSWORD)
        page = console.enrol_device(account.phone(), PHONE)
        works = [call.operation for call in page.calls if not call.error_code]
    return ("nothing", "created", "enabled")[len(works)]


def how_far_the_thief_comes() -> str:
    """Tell how far keys alone came before April 2023 against a user with a device."""
    with Account(own_devices_need_mfa=False) as account:
        keys = account.create_user("alice", stored_policy(CORRECTED), password=PASSWORD)
        console = account.console()
        console.sign_in("alice", PASSWORD)
        console.enrol_device(account.phone(), PHONE)
        thief, phone = account.client("iam", keys), account.phone()
        try:
            made = thief.create_virtual_mfa_device(VirtualMFADeviceName="spare")
        except ClientError:
            return "nothing"
        device = phone.scan(made["VirtualMFADevice"])
        if not works(thief.enable_mfa_device, **_assignment(device)):
            return "created"
        token = account.client("sts", keys).get_session_token(
            SerialNumber=device.serial_number, TokenCode=device.next_code()
        )
        session = account.client("iam", token["Credentials"])
        return "session" if works(session.list_access_keys, UserName="alice") else "enabled"


def _assignment(device: Authenticator) -> dict[str, str]:
    first, second = device.two_codes()
    return {
        "UserName": "alice",
        "SerialNumber": device.serial_number,
        "AuthenticationCode1": first,
        "AuthenticationCode2": second,
    }


PREDICTIONS: Final = (
    Prediction(
        "first_device",
        ARTICLE,
        credentials.CONSOLE_WITHOUT_MFA,
        CREATE,
        resource=_device(PHONE),
    ),
    Prediction(
        "delete_own_device",
        NEWEST,
        credentials.CONSOLE_WITH_MFA,
        DELETE,
        resource=_device(PHONE),
    ),
    MultipleChoice("user_with_a_path", ("nothing", "created", "enabled"), how_far_with_a_path),
    MultipleChoice(
        "second_device_in_2022",
        ("nothing", "created", "enabled", "session"),
        how_far_the_thief_comes,
    ),
    Prediction(
        "device_of_another",
        (NEWEST, EVERYTHING_ALLOWED),
        credentials.ACCESS_KEY,
        "iam:EnableMFADevice",
        resource=f"arn:aws:iam::{EXAMPLE_ACCOUNT}:user/bob",
    ),
)


# A device of any name.

_STATEMENT: Final = "AllowManageOwnVirtualMFADevice"
# What a user may type: not only what begins with the user's own name.
NAMES: Final = (PHONE, "alice", "phone", "work.phone", "Tablet_2")
WHO_CREATES: Final = (
    credentials.CONSOLE_WITHOUT_MFA,
    credentials.ACCESS_KEY,
    credentials.CONSOLE_WITH_MFA,
    credentials.SESSION_TOKEN_WITH_MFA,
)


@cache
def without_the_statement() -> Policy:
    """Return the article's policy without the statement about virtual devices."""
    document: dict[str, Any] = dict(stored_policy(ARTICLE).document)
    document["Statement"] = [
        statement for statement in document["Statement"] if statement["Sid"] != _STATEMENT
    ]
    return Policy.parse(document)


@cache
def _tabulators() -> tuple[Tabulator, ...]:
    """Return tabulators for the own device, by the old name and a new one, and another's."""
    return Tabulator(), Tabulator(device_name=PHONE), Tabulator(whose=Whose.ANOTHER)


def _check_any_name(answer: object) -> Verdict:
    """A device of any name can be made by its owner, and nothing else opens or shuts."""
    policy = policy_or_verdict(answer)
    if isinstance(policy, Verdict):
        return policy
    after = PolicySet(identity=(without_the_statement(), policy))
    refused = [
        (kind, name) for kind in WHO_CREATES for name in NAMES if not _creates(after, kind, name)
    ]
    stopped = {kind for kind in WHO_CREATES if all((kind, name) in refused for name in NAMES)}
    if len(stopped) == len(WHO_CREATES):
        return not_yet("nobody_creates")
    if stopped:
        return not_yet("not_everybody_creates")
    if refused:
        return not_yet("name_is_bound", name=refused[0][1])
    flips = _flips(after)
    opened = sorted(
        {action for flip in flips if flip.after is Face.ALLOW for action in flip.actions}
    )
    if DELETE in opened:
        return not_yet("deletes_more")
    others = [action for action in opened if action != CREATE]
    if others:
        return not_yet("opens_more", count=len(others), action=others[0])
    shut = sorted(
        {action for flip in flips if flip.before is Face.ALLOW for action in flip.actions}
    )
    others = [action for action in shut if action != DELETE]
    if others:
        return not_yet("shuts", action=others[0])
    return right()


def _creates(policies: PolicySet, kind: CredentialsKind, name: str) -> bool:
    return ask(policies, kind, CREATE, resource=_device(name)).face is Face.ALLOW


def _flips(after: PolicySet) -> list[Flip]:
    before = PolicySet(identity=(stored_policy(ARTICLE),))
    return [
        flip for tabulator in _tabulators() for flip in difference(tabulator, before, after).flips
    ]


def _about_devices(*statements: Mapping[str, object]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": [dict(statement) for statement in statements]}


_OWN_NAME: Final = "arn:aws:iam::*:mfa/${aws:username}"
_ANY_NAME: Final = "arn:aws:iam::*:mfa/*"
_BOTH: Final = [CREATE, DELETE]
_WITH_CODE: Final = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
_FENCE_SHUT: Final = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}


def _allow(actions: str | list[str], resource: str, **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


# Which version answers so.

# For each observation the calls that were tried, and whether they were allowed.
Observation = tuple[CredentialsKind, str, str | None, bool]
_KEY: Final = credentials.ACCESS_KEY
_CODE: Final = credentials.CONSOLE_WITH_MFA
OBSERVED: Final[dict[str, tuple[Observation, ...]]] = {
    "any_name": (
        (_KEY, CREATE, _device(PHONE), True),
        (_CODE, "iam:GetAccessKeyLastUsed", None, False),
    ),
    "delete_without_code": (
        (_KEY, DELETE, _device("alice"), True),
        (_KEY, "iam:DeactivateMFADevice", None, False),
    ),
    "account_summary": (
        (_CODE, "iam:GetAccountSummary", None, True),
        (_CODE, "iam:ListUsers", None, False),
    ),
}


def fits(version: str, observation: Observation) -> bool:
    """Tell whether a version of the policy answers a call as it was observed.

    Args:
        version: Name of a policy in data/policies.
        observation: The call, and whether it was allowed.
    """
    kind, action, resource, is_allowed = observation
    found = ask(PolicySet(identity=(stored_policy(version),)), kind, action, resource=resource)
    return (found.face is Face.ALLOW) is is_allowed


def _check_which_version(answer: object) -> Verdict:
    """Which version of the policy answered three times?"""
    if not isinstance(answer, Mapping):
        return not_yet("no_answers")
    given = {name: str(answer.get(name, "?")).strip().removesuffix(".json") for name in OBSERVED}
    still_open = [name for name, version in given.items() if version in ("", "?")]
    if still_open:
        return not_yet("empty", count=len(still_open))
    for name, version in given.items():
        if version not in POLICY_HISTORY:
            return not_yet("no_such_version", name=name)
    for name, version in given.items():
        first, second = (fits(version, request) for request in OBSERVED[name])
        if not first:
            return not_yet("first_differs", name=name)
        if not second:
            return not_yet("second_differs", name=name)
    return right()


VERSIONS: Final = {
    "any_name": CORRECTED,
    "delete_without_code": "2017-12-01_tutorial",
    "account_summary": "2019-01-31_security_credentials_page",
}

EXERCISES: Final = (
    Exercise(
        "any_name",
        _check_any_name,
        solution=_about_devices(_allow(CREATE, _ANY_NAME), _allow(DELETE, _OWN_NAME)),
        unedited=("name_is_bound",),
        wrong_answers=(
            (_about_devices(_allow(_BOTH, _OWN_NAME)), "name_is_bound"),
            (_about_devices(_allow(_BOTH, _OWN_NAME + "*")), "name_is_bound"),
            (_about_devices(_allow(_BOTH, _ANY_NAME)), "deletes_more"),
            (_about_devices(_allow("*", "*")), "deletes_more"),
            (_about_devices(_allow([CREATE, "iam:List*"], "*")), "opens_more"),
            (
                _about_devices(
                    {
                        "Effect": "Deny",
                        "NotAction": CREATE,
                        "Resource": "*",
                        "Condition": _FENCE_SHUT,
                    }
                ),
                "nobody_creates",
            ),
            (
                _about_devices(_allow(CREATE, "arn:aws:iam::*:user/${aws:username}")),
                "nobody_creates",
            ),
            (
                _about_devices(_allow(CREATE, _ANY_NAME, Condition=_WITH_CODE)),
                "not_everybody_creates",
            ),
            (
                _about_devices(
                    _allow(CREATE, _ANY_NAME),
                    {"Effect": "Deny", "Action": "iam:ListMFADevices", "Resource": "*"},
                ),
                "shuts",
            ),
            (_about_devices({"Effect": "Allow", "Action": CREATE}), "malformed"),
            ([], "no_policy"),
        ),
    ),
    Exercise(
        "which_version",
        _check_which_version,
        solution=VERSIONS,
        wrong_answers=(
            (dict.fromkeys(OBSERVED, "?"), "empty"),
            ({**VERSIONS, "any_name": "2022"}, "no_such_version"),
            ({**VERSIONS, "any_name": ARTICLE}, "first_differs"),
            ({**VERSIONS, "any_name": NEWEST}, "second_differs"),
            ({**VERSIONS, "delete_without_code": "2018-11-21_tutorial_flawed"}, "second_differs"),
            ({**VERSIONS, "account_summary": "2018-11-30_tutorial_fixed"}, "second_differs"),
            (
                {**VERSIONS, "account_summary": "aws_managed_IAMUserChangePassword_v5"},
                "no_such_version",
            ),
            ({**VERSIONS, "delete_without_code": "2018-11-30_tutorial_fixed"}, "first_differs"),
            ("?", "no_answers"),
        ),
    ),
)
