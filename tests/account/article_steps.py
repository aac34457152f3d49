"""The article's way through MFA, step by step, with what AWS documents for each step.

A step is: who calls, service, operation, parameters, and the outcome. An outcome is OK, or an error
code with a part of its message. Where the policies differ, the outcome is given for each.
Who: `admin`; `keys`, alice's access key; `plain`, her session without a code; `mfa`, with one.

Sources: the article; data/facts.md, "Naming MFA devices", "The MFA condition keys", "GetSessionToken",
"Virtual MFA devices", "Access denied messages", "ChangePassword" and "Service rules".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

OFFICIAL: Final = "2021-05-13_article"
WEAKENED: Final = "2021-05-13_article_weakened"
OF_2022: Final = "2022-11-23_multiple_mfa_devices"
POLICIES: Final = (OFFICIAL, WEAKENED, OF_2022)

OK: Final = ("", "")
ACCOUNT = "123456789012"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
FORCE_MFA = f"arn:aws:iam::{ACCOUNT}:policy/Force_MFA"
OWN_DEVICE = f"arn:aws:iam::{ACCOUNT}:mfa/alice"
OTHER_DEVICE = f"arn:aws:iam::{ACCOUNT}:mfa/Test"
FIRST, SECOND, THIRD, FOURTH = "First-Pass-0", "Second-Pass-0", "Third-Pass-0", "Fourth-Pass-0"

Outcome = tuple[str, str]


def denied(action: str, resource: str = "") -> Outcome:
    """The fence denies it; of listing buckets S3 names no resource, as users report."""
    where = f" on resource: {resource}" if resource else ""
    return (
        "AccessDenied",
        f"User: {ALICE} is not authorized to perform: {action}{where} "
        f"with an explicit deny in an identity-based policy: {FORCE_MFA}",
    )


def not_allowed(action: str, resource: str) -> Outcome:
    """No statement allows it."""
    return (
        "AccessDenied",
        f"User: {ALICE} is not authorized to perform: {action} on resource: {resource} "
        f"because no identity-based policy allows the {action} action",
    )


def official_denies(outcome: Outcome, otherwise: Outcome = OK) -> dict[str, Outcome]:
    """The weakened policy lets it through, the two official ones do not."""
    return {OFFICIAL: outcome, WEAKENED: otherwise, OF_2022: outcome}


def old_policies(outcome: Outcome, otherwise: Outcome = OK) -> dict[str, Outcome]:
    """The two policies of the article, and the one of 2022."""
    return {OFFICIAL: outcome, WEAKENED: outcome, OF_2022: otherwise}


@dataclass
class World:
    """What a run of the steps has come to: keys, devices and passwords."""

    policy: str
    document: str
    code: Callable[[int], str]  # of the own device, so many steps ahead
    code_of_other: Callable[[int], str]
    password: str = FIRST
    used_code: str = ""  # the last one that was accepted
    results: dict[str, Any] = field(default_factory=dict)


Parameters = Mapping[str, Any] | Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True)
class Step:
    name: str
    who: str
    service: str
    operation: str
    parameters: Parameters = field(default_factory=dict)
    outcome: Outcome | Mapping[str, Outcome] = OK

    def expected(self, policy: str) -> Outcome:
        return self.outcome[policy] if isinstance(self.outcome, Mapping) else self.outcome


def change(new: str) -> Callable[[World], Mapping[str, Any]]:
    return lambda world: {"OldPassword": world.password, "NewPassword": new}


def codes(first: Any, second: Any, serial_number: str = OWN_DEVICE) -> Any:
    def parameters(world: World) -> dict[str, Any]:
        one, two = (each if isinstance(each, str) else world.code(each) for each in (first, second))
        return {
            "UserName": "alice",
            "SerialNumber": serial_number,
            "AuthenticationCode1": one,
            "AuthenticationCode2": two,
        }

    return parameters


def with_code(steps: int) -> Any:
    return lambda world: {"SerialNumber": OWN_DEVICE, "TokenCode": world.code(steps)}


def with_used_code(world: World) -> dict[str, str]:
    return {"SerialNumber": OWN_DEVICE, "TokenCode": world.used_code}


INVALID_CODE = ("InvalidAuthenticationCode", "Authentication code for device is not valid.")
WRONG_CODE = (
    "AccessDenied",
    "MultiFactorAuthentication failed with invalid MFA one time pass code.",
)
WRONG_DEVICE = (
    "AccessDenied",
    "MultiFactorAuthentication failed, unable to validate MFA code.  "
    "Please verify your MFA serial number is valid and associated with this user.",
)
NEEDS_MFA = (
    "AccessDenied",
    "To complete this action, please ensure that you are authenticated with an MFA device that "
    "is enabled for this user.",
)
INVALID_TOKEN = ("InvalidClientTokenId", "The security token included in the request is invalid")

SETUP = (
    Step("a new user", "admin", "iam", "CreateUser", {"UserName": "alice"}),
    Step(
        "the policy",
        "admin",
        "iam",
        "CreatePolicy",
        lambda world: {"PolicyName": "Force_MFA", "PolicyDocument": world.document},
    ),
    Step(
        "attached",
        "admin",
        "iam",
        "AttachUserPolicy",
        {"UserName": "alice", "PolicyArn": FORCE_MFA},
    ),
    Step(
        "another policy beside it",
        "admin",
        "iam",
        "AttachUserPolicy",
        {"UserName": "alice", "PolicyArn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"},
    ),
    Step(
        "a password to be reset",
        "admin",
        "iam",
        "CreateLoginProfile",
        {"UserName": "alice", "Password": FIRST, "PasswordResetRequired": True},
    ),
    Step("keys", "admin", "iam", "CreateAccessKey", {"UserName": "alice"}),
)

WITH_KEYS = (
    Step("who am I", "keys", "sts", "GetCallerIdentity"),
    Step("own user", "keys", "iam", "GetUser"),
    Step("own devices", "keys", "iam", "ListMFADevices"),
    Step("all devices", "keys", "iam", "ListVirtualMFADevices"),
    Step(
        "password policy",
        "keys",
        "iam",
        "GetAccountPasswordPolicy",
        {},
        official_denies(
            denied("iam:GetAccountPasswordPolicy", "*"),
            ("NoSuchEntity", "The Password Policy with domain name 123456789012 cannot be found."),
        ),
    ),
    Step(
        "wrong old password",
        "keys",
        "iam",
        "ChangePassword",
        {"OldPassword": "Wrong-Pass-0", "NewPassword": SECOND},
        official_denies(
            denied("iam:ChangePassword", "user alice"),
            ("AccessDenied", "The old password was incorrect."),
        ),
    ),
    Step(
        "change the password",
        "keys",
        "iam",
        "ChangePassword",
        change(SECOND),
        official_denies(denied("iam:ChangePassword", "user alice")),
    ),
    Step(
        "list keys", "keys", "iam", "ListAccessKeys", {}, denied("iam:ListAccessKeys", "user alice")
    ),
    Step(
        "make keys",
        "keys",
        "iam",
        "CreateAccessKey",
        {},
        denied("iam:CreateAccessKey", "user alice"),
    ),
    Step("the other policy", "keys", "s3", "ListBuckets", {}, denied("s3:ListAllMyBuckets")),
    Step(
        "list users",
        "keys",
        "iam",
        "ListUsers",
        {},
        denied("iam:ListUsers", f"arn:aws:iam::{ACCOUNT}:user/"),
    ),
    Step(
        "somebody else",
        "keys",
        "iam",
        "GetUser",
        {"UserName": "admin"},
        not_allowed("iam:GetUser", "user admin"),
    ),
)

WITHOUT_A_CODE = (
    Step("a session", "keys", "sts", "GetSessionToken"),
    Step("IAM does not know it", "plain", "iam", "ListMFADevices", {}, INVALID_TOKEN),
    Step(
        "nor to change the password", "plain", "iam", "ChangePassword", change(THIRD), INVALID_TOKEN
    ),
    Step("S3 does", "plain", "s3", "ListBuckets", {}, denied("s3:ListAllMyBuckets")),
    Step("who am I", "plain", "sts", "GetCallerIdentity"),
    Step(
        "a session from a session",
        "plain",
        "sts",
        "GetSessionToken",
        {},
        ("AccessDenied", "Cannot call GetSessionToken with session credentials"),
    ),
)

ENROLMENT = (
    Step(
        "a device of any name",
        "keys",
        "iam",
        "CreateVirtualMFADevice",
        {"VirtualMFADeviceName": "Test"},
        old_policies(not_allowed("iam:CreateVirtualMFADevice", OTHER_DEVICE)),
    ),
    Step(
        "named like the user",
        "keys",
        "iam",
        "CreateVirtualMFADevice",
        {"VirtualMFADeviceName": "alice"},
    ),
    Step(
        "twice",
        "keys",
        "iam",
        "CreateVirtualMFADevice",
        {"VirtualMFADeviceName": "alice"},
        ("EntityAlreadyExists", "MFADevice entity at the same path and name already exists."),
    ),
    Step("wrong codes", "keys", "iam", "EnableMFADevice", codes("000000", "999999"), INVALID_CODE),
    Step("one code twice", "keys", "iam", "EnableMFADevice", codes(0, 0), INVALID_CODE),
    Step("the wrong order", "keys", "iam", "EnableMFADevice", codes(0, -1), INVALID_CODE),
    Step(
        "for somebody else",
        "keys",
        "iam",
        "EnableMFADevice",
        lambda world: {**codes(-1, 0)(world), "UserName": "admin"},
        not_allowed("iam:EnableMFADevice", "user admin"),
    ),
    Step("two codes", "keys", "iam", "EnableMFADevice", codes(-1, 0)),
    Step("enrolled", "keys", "iam", "ListMFADevices"),
    Step(
        "the article's experiment",
        "keys",
        "iam",
        "ChangePassword",
        change(THIRD),
        official_denies(denied("iam:ChangePassword", "user alice")),
    ),
    Step(
        "a second device by keys",
        "keys",
        "iam",
        "EnableMFADevice",
        lambda world: {
            "UserName": "alice",
            "SerialNumber": OTHER_DEVICE,
            "AuthenticationCode1": world.code_of_other(-1),
            "AuthenticationCode2": world.code_of_other(0),
        },
        NEEDS_MFA,
    ),
    Step(
        "remove the device by keys",
        "keys",
        "iam",
        "DeactivateMFADevice",
        {"SerialNumber": OWN_DEVICE},
        NEEDS_MFA,
    ),
    Step(
        "delete it by keys",
        "keys",
        "iam",
        "DeleteVirtualMFADevice",
        {"SerialNumber": OWN_DEVICE},
        denied("iam:DeleteVirtualMFADevice", OWN_DEVICE),
    ),
)

SESSION = (
    Step(
        "a wrong code",
        "keys",
        "sts",
        "GetSessionToken",
        {"SerialNumber": OWN_DEVICE, "TokenCode": "000000"},
        WRONG_CODE,
    ),
    Step("a code from enrolment", "keys", "sts", "GetSessionToken", with_used_code, WRONG_CODE),
    Step(
        "no such device",
        "keys",
        "sts",
        "GetSessionToken",
        lambda world: {
            "SerialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/nobody",
            "TokenCode": world.code(1),
        },
        WRONG_DEVICE,
    ),
    Step("a fresh code", "keys", "sts", "GetSessionToken", with_code(1)),
    Step("the same again", "keys", "sts", "GetSessionToken", with_used_code, WRONG_CODE),
)

WITH_MFA = (
    Step("who am I", "mfa", "sts", "GetCallerIdentity"),
    Step(
        "wrong old password",
        "mfa",
        "iam",
        "ChangePassword",
        {"OldPassword": "Wrong-Pass-0", "NewPassword": FOURTH},
        ("AccessDenied", "The old password was incorrect."),
    ),
    Step(
        "a weak password",
        "mfa",
        "iam",
        "ChangePassword",
        change("short"),
        ("PasswordPolicyViolation", "Password does not conform to the account password policy."),
    ),
    Step("change the password", "mfa", "iam", "ChangePassword", change(FOURTH)),
    Step("list keys", "mfa", "iam", "ListAccessKeys"),
    Step("the other policy acts", "mfa", "s3", "ListBuckets"),
    Step(
        "no more than that",
        "mfa",
        "iam",
        "ListUsers",
        {},
        not_allowed("iam:ListUsers", f"arn:aws:iam::{ACCOUNT}:user/"),
    ),
    Step(
        "another's keys",
        "mfa",
        "iam",
        "ListAccessKeys",
        {"UserName": "admin"},
        not_allowed("iam:ListAccessKeys", "user admin"),
    ),
    Step("make keys", "mfa", "iam", "CreateAccessKey"),
    Step(
        "delete a device in use",
        "mfa",
        "iam",
        "DeleteVirtualMFADevice",
        {"SerialNumber": OWN_DEVICE},
        old_policies(("DeleteConflict", ""), not_allowed("iam:DeleteVirtualMFADevice", OWN_DEVICE)),
    ),
    Step("remove the device", "mfa", "iam", "DeactivateMFADevice", {"SerialNumber": OWN_DEVICE}),
    Step(
        "delete it",
        "mfa",
        "iam",
        "DeleteVirtualMFADevice",
        {"SerialNumber": OWN_DEVICE},
        old_policies(OK, not_allowed("iam:DeleteVirtualMFADevice", OWN_DEVICE)),
    ),
)

STEPS = (*SETUP, *WITH_KEYS, *WITHOUT_A_CODE, *ENROLMENT, *SESSION, *WITH_MFA)


def learn(world: World, step: Step, parameters: Mapping[str, Any], result: Any) -> None:
    """Take from a step that went through what later steps need."""
    if step.operation == "CreateAccessKey" and step.who == "admin":
        world.results["keys"] = result["AccessKey"]
    elif step.operation == "GetSessionToken":
        kind = "mfa" if "TokenCode" in parameters else "plain"
        world.results[kind] = result["Credentials"]
    elif step.operation == "ChangePassword":
        world.password = parameters["NewPassword"]
    for name in ("AuthenticationCode2", "TokenCode"):
        world.used_code = parameters.get(name, world.used_code)


def parameters_of(step: Step, world: World) -> Mapping[str, Any]:
    return step.parameters(world) if callable(step.parameters) else step.parameters
