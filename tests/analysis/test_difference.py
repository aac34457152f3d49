"""The exact difference of two policies over the whole catalogue."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.difference import Difference, Flip, difference
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam.credentials import KINDS
from mfa_lab.iam.service_rules import ServiceRules

POLICIES = Path(__file__).resolve().parents[2] / "data" / "policies"
ALLOW, IMPLICIT, EXPLICIT, REFUSED = "allow", "implicit_deny", "explicit_deny", "refused"


def of_file(name: str) -> PolicySet:
    return PolicySet(identity=[Policy.parse((POLICIES / f"{name}.json").read_text("utf-8"))])


Y2017 = of_file("2017-12-01_tutorial")
Y2018 = of_file("2018-11-21_tutorial_flawed")
Y2019 = of_file("2019-01-31_security_credentials_page")
ARTICLE = of_file("2021-05-13_article")
WEAKENED = of_file("2021-05-13_article_weakened")
Y2022 = of_file("2022-11-23_multiple_mfa_devices")
NEWEST = of_file("2023-11_newest")
ADMINISTRATOR = Policy.parse(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
    }
)

EVERYBODY = Tabulator(kinds=list(KINDS.values()))
PHONE = Tabulator(kinds=list(KINDS.values()), device_name="phone")


def flips_of(found: Difference) -> set[tuple[str, str, str, str]]:
    return {
        (flip.caller.kind.name, str(flip.before), str(flip.after), action)
        for flip in found.flips
        for action in flip.actions
    }


PASSWORD, RULES = "iam:ChangePassword", "iam:GetAccountPasswordPolicy"


def test_the_two_actions_of_the_article_flip_and_no_other() -> None:
    """Its experiment: for every kind of credentials without MFA at once."""
    found = difference(EVERYBODY, ARTICLE, WEAKENED)
    assert found.actions == (PASSWORD, RULES)
    assert found.unchanged == 22_319
    # fmt: off
    assert flips_of(found) == {
        ("access_key",                  EXPLICIT,   ALLOW,      PASSWORD),
        ("access_key",                  EXPLICIT,   ALLOW,      RULES),
        ("console_without_mfa",         EXPLICIT,   ALLOW,      PASSWORD),
        ("console_without_mfa",         EXPLICIT,   ALLOW,      RULES),
        ("forced_password_change",      EXPLICIT,   ALLOW,      PASSWORD),
        ("forced_password_change",      EXPLICIT,   ALLOW,      RULES),
        ("through_service",             EXPLICIT,   ALLOW,      PASSWORD),
        ("through_service",             EXPLICIT,   ALLOW,      RULES),
        ("through_service_with_mfa",    EXPLICIT,   ALLOW,      PASSWORD),
        ("through_service_with_mfa",    EXPLICIT,   ALLOW,      RULES),
        ("role_session",                EXPLICIT,   IMPLICIT,   PASSWORD),  # no aws:username
        ("role_session",                EXPLICIT,   ALLOW,      RULES),
        ("federated_role_session",      EXPLICIT,   IMPLICIT,   PASSWORD),
        ("federated_role_session",      EXPLICIT,   ALLOW,      RULES),
    }
    # fmt: on


def test_the_way_back() -> None:
    there = difference(EVERYBODY, ARTICLE, WEAKENED)
    back = difference(EVERYBODY, WEAKENED, ARTICLE)
    assert flips_of(back) == {
        (kind, after, before, action) for kind, before, after, action in flips_of(there)
    }
    assert (back.actions, back.unchanged) == (there.actions, there.unchanged)


def test_no_difference() -> None:
    found = difference(EVERYBODY, ARTICLE, ARTICLE)
    assert (found.flips, found.actions, found.unchanged) == ((), (), 22_321)


# fmt: off
HISTORY = [
    # tabulator     before      after       kind                    flips
    # 2019 to 2021: the account summary is no longer allowed
    (EVERYBODY,     Y2019,      ARTICLE,    "console_with_mfa",
        {(ALLOW, IMPLICIT, "iam:GetAccountSummary")}),
    (EVERYBODY,     Y2019,      ARTICLE,    "access_key",           set()),
    # November 2022: a device may have any name, nobody may delete one
    (EVERYBODY,     ARTICLE,    Y2022,      "console_with_mfa",
        {(ALLOW, IMPLICIT, "iam:DeleteVirtualMFADevice")}),
    (EVERYBODY,     ARTICLE,    Y2022,      "access_key",           set()),
    (PHONE,         ARTICLE,    Y2022,      "console_with_mfa",
        {(IMPLICIT, ALLOW, "iam:CreateVirtualMFADevice")}),
    (PHONE,         ARTICLE,    Y2022,      "access_key",
        {(IMPLICIT, ALLOW, "iam:CreateVirtualMFADevice")}),
    # November 2023
    (EVERYBODY,     Y2022,      NEWEST,     "console_with_mfa",
        {(IMPLICIT, ALLOW, "iam:GetAccessKeyLastUsed")}),
    (EVERYBODY,     Y2022,      NEWEST,     "access_key",
        {(EXPLICIT, IMPLICIT, "iam:GetMFADevice")}),
    (EVERYBODY,     Y2022,      NEWEST,     "root_user",            set()),
    (EVERYBODY,     Y2022,      NEWEST,     "session_token_without_mfa", set()),
    # AWS's mistake of November 2018: keys alone take the device away
    (EVERYBODY,     Y2017,      Y2018,      "access_key",
        {(EXPLICIT, ALLOW, "iam:DeactivateMFADevice")}),
]
# fmt: on


@pytest.mark.parametrize(("tabulator", "before", "after", "kind", "flips"), HISTORY)
def test_the_history_of_the_policy(
    tabulator: Tabulator,
    before: PolicySet,
    after: PolicySet,
    kind: str,
    flips: set[tuple[str, str, str]],
) -> None:
    found = flips_of(difference(tabulator, before, after))
    assert {flip[1:] for flip in found if flip[0] == kind} >= flips
    if (before, after) != (Y2017, Y2018):
        assert {flip[1:] for flip in found if flip[0] == kind} == flips


def test_the_service_has_the_last_word() -> None:
    """With a device, the mistake of 2018 changes nothing for keys since April 2023."""
    for rules, flips in ((ServiceRules(True, False), True), (ServiceRules(True), False)):
        tabulator = Tabulator(kinds=[KINDS["access_key"]], rules=rules)
        found = difference(tabulator, Y2017, Y2018)
        assert ("iam:DeactivateMFADevice" in found.actions) is flips


def test_a_policy_more() -> None:
    """With AdministratorAccess besides, the fence is all that stands; with MFA it opens."""
    tabulator = Tabulator(kinds=[KINDS["access_key"], KINDS["console_with_mfa"]])
    with_administrator = PolicySet([*NEWEST.identity, ADMINISTRATOR])
    by_key, in_console = (
        [flip for flip in difference(tabulator, NEWEST, with_administrator).flips
         if flip.caller.kind.name == kind]
        for kind in ("access_key", "console_with_mfa")
    )  # fmt: skip
    assert [(str(one.before), str(one.after), one.actions) for one in by_key] == [
        (IMPLICIT, ALLOW, ("iam:GetMFADevice",))
    ]
    (opened,) = in_console
    assert (opened.before, opened.after) == (Face.IMPLICIT_DENY, Face.ALLOW)
    assert len(opened.actions) > 22_000


def test_plain_data() -> None:
    tabulator = Tabulator(kinds=[KINDS["access_key"]])
    found = difference(tabulator, ARTICLE, WEAKENED)
    (flip,) = found.flips
    assert flip == Flip(tabulator.callers[0], Face.EXPLICIT_DENY, Face.ALLOW, (PASSWORD, RULES))
    assert found.to_data() == {
        "flips": [
            {
                "credentials": "access_key",
                "before": EXPLICIT,
                "after": ALLOW,
                "actions": [PASSWORD, RULES],
            }
        ],
        "actions": [PASSWORD, RULES],
        "unchanged": 22_319,
        "undocumented": [],
        "undecided": [],
    }
    assert json.loads(json.dumps(found.to_data())) == found.to_data()


def test_for_whom_it_rests_on_what_aws_does_not_document() -> None:
    """With Bool, absent and "false" differ; with BoolIfExists they do not."""
    with_bool = Policy.parse(next(iter(ARTICLE.identity)).to_json().replace("BoolIfExists", "Bool"))
    kinds = [KINDS[name] for name in ("access_key", "role_session", "console_with_mfa")]
    tabulator = Tabulator(kinds=kinds)
    found = difference(tabulator, ARTICLE, PolicySet(identity=[with_bool]))
    assert [caller.kind.name for caller in found.undocumented] == ["role_session"]
    assert difference(tabulator, ARTICLE, WEAKENED).undocumented == ()
