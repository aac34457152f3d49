"""The kinds of credentials and the context of each.

A row a kind, as in the table of data/facts.md, "The MFA condition keys".

Sources: IAM User Guide, "AWS global condition context keys", "Configuring MFA-protected API
access" and the principal key values of "Variables and tags".
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mfa_lab.iam.credentials import KINDS, Caller, Sureness, User
from mfa_lab.iam.principals import PrincipalType, principal_of
from mfa_lab.iam.request import Request

PRESENT = "aws:MultiFactorAuthPresent"
AGE = "aws:MultiFactorAuthAge"
ABSENT = None
DOCUMENTED, UNDOCUMENTED = Sureness.DOCUMENTED, Sureness.UNDOCUMENTED

# fmt: off
MFA = [
    # kind                          present     age     sure            else it may be
    ("access_key",                  ABSENT,     False,  DOCUMENTED,     []),
    ("root_user",                   ABSENT,     False,  DOCUMENTED,     []),
    ("console_without_mfa",         "false",    False,  DOCUMENTED,     []),
    ("console_with_mfa",            "true",     True,   DOCUMENTED,     []),
    ("session_token_without_mfa",   "false",    False,  DOCUMENTED,     []),
    ("session_token_with_mfa",      "true",     True,   DOCUMENTED,     []),
    ("role_session",                "false",    False,  UNDOCUMENTED,   [ABSENT]),
    ("assume_role_call_with_code",  "true",     True,   UNDOCUMENTED,   [ABSENT]),
    ("federated_role_session",      ABSENT,     False,  UNDOCUMENTED,   ["false"]),
    ("federated_user",              ABSENT,     False,  UNDOCUMENTED,   ["false"]),
    ("through_service",             "false",    False,  DOCUMENTED,     []),
    ("through_service_with_mfa",    "false",    False,  UNDOCUMENTED,   ["true"]),
    ("forced_password_change",      "false",    False,  UNDOCUMENTED,   [ABSENT]),
]

PRINCIPALS = [
    # kind                          ARN of the caller           aws:PrincipalArn    type, user name, id
    ("access_key",                  "iam::1:user/dev/alice",    "iam::1:user/dev/alice",
        "User",                     "alice",                    "AIDAX"),
    ("console_with_mfa",            "iam::1:user/dev/alice",    "iam::1:user/dev/alice",
        "User",                     "alice",                    "AIDAX"),
    ("session_token_without_mfa",   "iam::1:user/dev/alice",    "iam::1:user/dev/alice",
        "User",                     "alice",                    "AIDAX"),
    ("session_token_with_mfa",      "iam::1:user/dev/alice",    "iam::1:user/dev/alice",
        "User",                     "alice",                    "AIDAX"),
    ("role_session",                "sts::1:assumed-role/r/alice", "iam::1:role/r",
        "AssumedRole",              ABSENT,                     "AROAEXAMPLEROLE000001:alice"),
    ("federated_role_session",      "sts::1:assumed-role/r/alice", "iam::1:role/r",
        "AssumedRole",              ABSENT,                     "AROAEXAMPLEROLE000001:alice"),
    ("federated_user",              "sts::1:federated-user/alice", "sts::1:federated-user/alice",
        "FederatedUser",            ABSENT,                     "1:alice"),
    ("root_user",                   "iam::1:root",              "iam::1:root",
        "Account",                  ABSENT,                     "1"),
]

OTHER_KEYS = [
    # kind                          token   via a service
    ("access_key",                  False,  "false"),
    ("root_user",                   False,  "false"),
    ("console_without_mfa",         True,   "false"),
    ("console_with_mfa",            True,   "false"),
    ("session_token_without_mfa",   True,   "false"),
    ("session_token_with_mfa",      True,   "false"),
    ("role_session",                True,   "false"),
    ("assume_role_call_with_code",  False,  "false"),
    ("federated_role_session",      True,   "false"),
    ("federated_user",              True,   "false"),
    ("through_service",             True,   "true"),
    ("through_service_with_mfa",    True,   "true"),
    ("forced_password_change",      True,   "false"),
]
# fmt: on

NOON = datetime(2021, 6, 11, 12, 0, tzinfo=UTC)
DEVELOPER = User("alice", path="/dev/", account="1", user_id="AIDAX")


def caller(kind: str) -> Caller:
    return Caller(KINDS[kind], DEVELOPER, NOON, role="r")


def test_every_kind_has_its_row() -> None:
    assert [row[0] for row in MFA] == sorted(KINDS, key=[row[0] for row in MFA].index)
    assert {row[0] for row in OTHER_KEYS} == set(KINDS)
    assert all(kind.name == name for name, kind in KINDS.items())


@pytest.mark.parametrize(("kind", "present", "has_age", "sureness", "open_points"), MFA)
def test_what_the_context_says_of_mfa(
    kind: str, present: str | None, has_age: bool, sureness: Sureness, open_points: list[str | None]
) -> None:
    """Absent is not "false", and without MFA there is no age."""
    context = caller(kind).context()
    assert context.get(PRESENT, ABSENT) == present
    assert (PRESENT in context) is (present is not ABSENT)
    assert (AGE in context) is has_age
    assert KINDS[kind].sureness is sureness
    assert [one.get(PRESENT, ABSENT) for one in caller(kind).open_contexts()] == open_points


@pytest.mark.parametrize("kind", KINDS)
def test_an_open_point_is_about_mfa_alone(kind: str) -> None:
    """The contexts that AWS might build instead differ in nothing else, and from the chosen one."""
    chosen = caller(kind).context()
    for other in caller(kind).open_contexts():
        assert other != chosen
        assert {key for key in {*chosen, *other} if chosen.get(key) != other.get(key)} <= {
            PRESENT,
            AGE,
        }
        assert (AGE in other) is (other.get(PRESENT) == "true")


@pytest.mark.parametrize(("kind", "arn", "principal_arn", "type_", "name", "user_id"), PRINCIPALS)
def test_who_the_context_says_it_is(
    kind: str, arn: str, principal_arn: str, type_: str, name: str | None, user_id: str
) -> None:
    context = caller(kind).context()
    assert caller(kind).arn == f"arn:aws:{arn}"
    assert context["aws:PrincipalArn"] == f"arn:aws:{principal_arn}"
    assert context["aws:PrincipalAccount"] == "1"
    assert context["aws:PrincipalType"] == type_
    assert context.get("aws:username") == name
    assert context["aws:userid"] == user_id


@pytest.mark.parametrize(("kind", "has_token", "via_service"), OTHER_KEYS)
def test_what_else_the_context_says(kind: str, has_token: bool, via_service: str) -> None:
    """aws:ViaAWSService is always there, aws:TokenIssueTime with temporary credentials only."""
    context = caller(kind).context()
    assert ("aws:TokenIssueTime" in context) is has_token
    assert context["aws:ViaAWSService"] == via_service
    assert context["aws:CurrentTime"] == "2021-06-11T12:00:00Z"
    assert KINDS[kind].temporary is has_token
    assert KINDS[kind].from_get_session_token is kind.startswith("session_token")


def test_the_time_is_told_in_both_forms() -> None:
    """AWS lists aws:CurrentTime and aws:EpochTime as "available in all requests"."""
    context = caller("access_key").context()
    assert context["aws:CurrentTime"] == "2021-06-11T12:00:00Z"
    assert context["aws:EpochTime"] == "1623412800"


def test_the_age_counts_from_the_token() -> None:
    context = caller("console_with_mfa").context()
    assert context[AGE] == "60"
    assert context["aws:TokenIssueTime"] == "2021-06-11T11:59:00Z"


def test_times_are_told_in_utc() -> None:
    tokyo = NOON.astimezone(timezone(timedelta(hours=9)))
    context = Caller(KINDS["access_key"], time=tokyo).context()
    assert context["aws:CurrentTime"] == "2021-06-11T12:00:00Z"


def test_a_user_without_a_path() -> None:
    assert User().arn == "arn:aws:iam::123456789012:user/alice"
    assert Caller(KINDS["access_key"]).context()["aws:username"] == "alice"


@pytest.mark.parametrize("kind", KINDS)
def test_a_context_is_fit_for_a_request(kind: str) -> None:
    request = Request("iam:GetUser", "*", caller(kind).arn, caller(kind).context())
    principal = principal_of(request.principal, request.values)
    assert (principal.type is PrincipalType.ACCOUNT_ROOT) is (kind == "root_user")
    assert len(request.values) == len(caller(kind).context())
    assert caller(kind).context() is not caller(kind).context()
