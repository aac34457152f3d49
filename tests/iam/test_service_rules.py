"""What services refuse whatever the policies say: data/facts.md, "Service rules"."""

from __future__ import annotations

import pytest

from mfa_lab.iam import service_rules
from mfa_lab.iam.credentials import KINDS, Caller, Sureness, User
from mfa_lab.iam.service_rules import Refusal, ServiceRules

ALICE = "arn:aws:iam::123456789012:user/alice"
BOB = "arn:aws:iam::123456789012:user/bob"

WITHOUT_DEVICE = ServiceRules(has_device=False)
WITH_DEVICE = ServiceRules(has_device=True)
BEFORE_2023 = ServiceRules(has_device=True, own_devices_need_mfa=False)

# fmt: off
# Whether a user has a device does not matter to these.
IN_ANY_CASE = [
    # kind                          action                              refusal
    ("access_key",                  "iam:GetUser",                      None),
    ("access_key",                  "sts:GetSessionToken",              None),
    ("access_key",                  "sts:GetFederationToken",           None),
    ("access_key",                  "sts:AssumeRole",                   None),
    ("access_key",                  "sts:DecodeAuthorizationMessage",   None),
    ("console_without_mfa",         "iam:GetUser",                      None),
    ("console_without_mfa",         "sts:AssumeRole",                   None),
    ("console_without_mfa",         "sts:DecodeAuthorizationMessage",   None),
    ("console_without_mfa",         "sts:GetSessionToken",              "session_token_needs_long_term"),
    ("console_with_mfa",            "sts:GetSessionToken",              "session_token_needs_long_term"),
    ("console_with_mfa",            "sts:GetFederationToken",           "federation_token_needs_long_term"),
    ("session_token_without_mfa",   "iam:GetUser",                      "iam_needs_mfa"),
    ("session_token_without_mfa",   "iam:ListVirtualMFADevices",        "iam_needs_mfa"),
    ("session_token_without_mfa",   "iam:EnableMFADevice",              "iam_needs_mfa"),
    ("session_token_without_mfa",   "IAM:getuser",                      "iam_needs_mfa"),
    ("session_token_without_mfa",   "sts:AssumeRole",                   None),
    ("session_token_without_mfa",   "sts:GetCallerIdentity",            None),
    ("session_token_without_mfa",   "STS:assumerole",                   None),
    ("session_token_without_mfa",   "sts:GetSessionToken",              "session_token_needs_long_term"),
    ("session_token_without_mfa",   "sts:DecodeAuthorizationMessage",   "sts_with_session_token"),
    ("session_token_without_mfa",   "sts:AssumeRoleWithSAML",           "sts_with_session_token"),
    ("session_token_without_mfa",   "s3:GetObject",                     None),
    ("session_token_without_mfa",   "iamx:GetUser",                     None),
    ("session_token_with_mfa",      "iam:GetUser",                      None),
    ("session_token_with_mfa",      "iam:EnableMFADevice",              None),
    ("session_token_with_mfa",      "iam:DeactivateMFADevice",          None),
    ("session_token_with_mfa",      "sts:AssumeRole",                   None),
    ("session_token_with_mfa",      "sts:GetCallerIdentity",            None),
    ("session_token_with_mfa",      "sts:GetFederationToken",           "federation_token_needs_long_term"),
    ("session_token_with_mfa",      "sts:DecodeAuthorizationMessage",   "sts_with_session_token"),
    ("role_session",                "iam:GetUser",                      None),
    ("role_session",                "iam:EnableMFADevice",              None),
    ("role_session",                "sts:AssumeRole",                   None),
    ("role_session",                "sts:DecodeAuthorizationMessage",   None),
    ("role_session",                "sts:GetSessionToken",              "session_token_needs_long_term"),
    ("federated_role_session",      "sts:GetFederationToken",           "federation_token_needs_long_term"),
    ("federated_user",              "iam:GetUser",                      "not_for_federated_users"),
    ("federated_user",              "sts:AssumeRole",                   "not_for_federated_users"),
    ("federated_user",              "sts:GetCallerIdentity",            None),
    ("federated_user",              "sts:GetSessionToken",              "session_token_needs_long_term"),
    ("federated_user",              "s3:GetObject",                     None),
    ("root_user",                   "iam:EnableMFADevice",              None),
    ("root_user",                   "sts:GetSessionToken",              None),
    ("root_user",                   "sts:GetFederationToken",           None),
    ("root_user",                   "sts:GetCallerIdentity",            None),
    ("root_user",                   "sts:AssumeRole",                   "root_assumes_no_role"),
    ("root_user",                   "STS:assumerole",                   "root_assumes_no_role"),
]

# The rule of April 2023: who has a device needs MFA to change the own devices.
OWN_DEVICES = [
    # kind                          action                          whose   refused
    ("access_key",                  "iam:EnableMFADevice",          ALICE,  True),
    ("access_key",                  "iam:DeactivateMFADevice",      ALICE,  True),
    ("access_key",                  "IAM:enablemfadevice",          ALICE,  True),
    ("access_key",                  "iam:EnableMFADevice",          BOB,    False),
    ("access_key",                  "iam:DeactivateMFADevice",      BOB,    False),
    ("access_key",                  "iam:ResyncMFADevice",          ALICE,  False),
    ("access_key",                  "iam:ListMFADevices",           ALICE,  False),
    ("access_key",                  "iam:CreateVirtualMFADevice",   ALICE,  False),
    ("access_key",                  "iam:DeleteVirtualMFADevice",   ALICE,  False),
    ("access_key",                  "iam:GetUser",                  ALICE,  False),
    ("console_without_mfa",         "iam:EnableMFADevice",          ALICE,  True),
    ("console_without_mfa",         "iam:EnableMFADevice",          BOB,    False),
    ("console_with_mfa",            "iam:EnableMFADevice",          ALICE,  False),
    ("console_with_mfa",            "iam:DeactivateMFADevice",      ALICE,  False),
    ("session_token_with_mfa",      "iam:EnableMFADevice",          ALICE,  False),
    ("role_session",                "iam:EnableMFADevice",          ALICE,  False),
    ("root_user",                   "iam:DeactivateMFADevice",      ALICE,  False),
]

ERRORS = {
    # refusal                           code                    message
    "iam_needs_mfa":                    ("InvalidClientTokenId",
        "The security token included in the request is invalid"),
    "session_token_needs_long_term":    ("AccessDenied",
        "Cannot call GetSessionToken with session credentials"),
    "own_devices_need_mfa":             ("AccessDenied",
        "To complete this action, please ensure that you are authenticated with an MFA device "
        "that is enabled for this user."),
    "sts_with_session_token":           ("", ""),
    "federation_token_needs_long_term": ("AccessDenied",
        "Cannot call GetFederationToken with session credentials"),
    "root_assumes_no_role":             ("AccessDenied",
        "Roles may not be assumed by root accounts."),
    "not_for_federated_users":          ("", ""),
}
# fmt: on


def refusal(rules: ServiceRules, kind: str, action: str, resource: str = ALICE) -> Refusal | None:
    return rules.refusal(Caller(KINDS[kind]), action, resource)


@pytest.mark.parametrize(("kind", "action", "name"), IN_ANY_CASE)
@pytest.mark.parametrize("rules", [WITHOUT_DEVICE, BEFORE_2023], ids=["without", "before"])
def test_in_any_case(rules: ServiceRules, kind: str, action: str, name: str | None) -> None:
    refused = refusal(rules, kind, action)
    assert (refused.name if refused else None) == name


@pytest.mark.parametrize(("kind", "action", "resource", "is_refused"), OWN_DEVICES)
def test_own_devices_need_mfa(kind: str, action: str, resource: str, is_refused: bool) -> None:
    """Only with a device, only since April 2023, and only one's own devices."""
    refused = refusal(WITH_DEVICE, kind, action, resource)
    assert (refused.name if refused else None) == ("own_devices_need_mfa" if is_refused else None)
    assert refusal(WITHOUT_DEVICE, kind, action, resource) is None
    assert refusal(BEFORE_2023, kind, action, resource) is None


def test_the_rule_of_2023_speaks_of_access_keys() -> None:
    """Of a console session that is older than the device it says nothing."""
    by_key = refusal(WITH_DEVICE, "access_key", "iam:EnableMFADevice")
    in_console = refusal(WITH_DEVICE, "console_without_mfa", "iam:EnableMFADevice")
    assert by_key is not None
    assert in_console is not None
    assert by_key.sureness is Sureness.DOCUMENTED
    assert in_console.sureness is Sureness.UNDOCUMENTED
    assert in_console.message == by_key.message


def test_a_session_token_without_mfa_is_refused_as_a_token_first() -> None:
    """Not by the rule of 2023: it cannot call IAM at all."""
    refused = refusal(WITH_DEVICE, "session_token_without_mfa", "iam:EnableMFADevice")
    assert refused is not None
    assert refused.name == "iam_needs_mfa"


def test_the_own_devices_are_those_of_the_user_with_the_path() -> None:
    """EnableMFADevice is asked about the user's ARN, which has the path."""
    caller = Caller(KINDS["access_key"], User("alice", path="/dev/"))
    of_developer = "arn:aws:iam::123456789012:user/dev/alice"
    refused = WITH_DEVICE.refusal(caller, "iam:EnableMFADevice", of_developer)
    assert refused is service_rules.OWN_DEVICES_NEED_MFA
    assert WITH_DEVICE.refusal(caller, "iam:EnableMFADevice", ALICE) is None


def test_what_applies_by_default() -> None:
    assert ServiceRules() == ServiceRules(has_device=False, own_devices_need_mfa=True)


def test_the_errors_are_those_of_aws() -> None:
    """Empty where no source shows them."""
    refusals = [one for one in vars(service_rules).values() if isinstance(one, Refusal)]
    assert {one.name for one in refusals} == set(ERRORS)
    for one in refusals:
        assert (one.error_code, one.message) == ERRORS[one.name]
        assert one.source


@pytest.mark.parametrize("action", ["iam:PassRole", "sts:TagSession", "sts:SetSourceIdentity"])
def test_what_is_no_call_is_left_to_policies(action: str) -> None:
    """The rules speak of calls to IAM and STS; these permissions other calls ask for."""
    for kind in ("session_token_without_mfa", "session_token_with_mfa"):
        assert refusal(WITH_DEVICE, kind, action) is None
