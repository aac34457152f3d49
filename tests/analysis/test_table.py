"""The allow/deny table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.catalogue import Action, Catalogue, aws_catalogue
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.requests.questions import Whose
from mfa_lab.analysis.table import (
    LESSON_ACTIONS,
    LESSON_KINDS,
    Table,
    Tabulator,
    UnknownActionError,
)
from mfa_lab.iam.credentials import ACCESS_KEY, CONSOLE_WITH_MFA, KINDS, ROLE_SESSION, User
from mfa_lab.iam.service_rules import ServiceRules

POLICIES = Path(__file__).resolve().parents[2] / "data" / "policies"


def of_file(name: str) -> PolicySet:
    return PolicySet(identity=[Policy.parse((POLICIES / f"{name}.json").read_text("utf-8"))])


ARTICLE = of_file("2021-05-13_article")
WEAKENED = of_file("2021-05-13_article_weakened")

ALLOW, IMPLICIT, EXPLICIT, REFUSED = (
    Face.ALLOW,
    Face.IMPLICIT_DENY,
    Face.EXPLICIT_DENY,
    Face.REFUSED,
)

# fmt: off
# The article's policy, for a user without a device. Columns by the value of the MFA key: absent,
# false three times, true twice.
LESSON = [
    # action                        key       console   token     role      console+  token+
    ("iam:GetUser",                 ALLOW,    ALLOW,    REFUSED,  IMPLICIT, ALLOW,    ALLOW),
    ("iam:GetAccountPasswordPolicy", EXPLICIT, EXPLICIT, REFUSED, EXPLICIT, ALLOW,    ALLOW),
    ("iam:ChangePassword",          EXPLICIT, EXPLICIT, REFUSED,  EXPLICIT, ALLOW,    ALLOW),
    ("iam:CreateVirtualMFADevice",  ALLOW,    ALLOW,    REFUSED,  IMPLICIT, ALLOW,    ALLOW),
    ("iam:EnableMFADevice",         ALLOW,    ALLOW,    REFUSED,  IMPLICIT, ALLOW,    ALLOW),
    ("iam:ResyncMFADevice",         ALLOW,    ALLOW,    REFUSED,  IMPLICIT, ALLOW,    ALLOW),
    ("iam:ListMFADevices",          ALLOW,    ALLOW,    REFUSED,  IMPLICIT, ALLOW,    ALLOW),
    ("iam:ListVirtualMFADevices",   ALLOW,    ALLOW,    REFUSED,  ALLOW,    ALLOW,    ALLOW),
    ("iam:DeactivateMFADevice",     EXPLICIT, EXPLICIT, REFUSED,  EXPLICIT, ALLOW,    ALLOW),
    ("iam:DeleteVirtualMFADevice",  EXPLICIT, EXPLICIT, REFUSED,  EXPLICIT, ALLOW,    ALLOW),
    ("iam:CreateAccessKey",         EXPLICIT, EXPLICIT, REFUSED,  EXPLICIT, ALLOW,    ALLOW),
    ("iam:ListAccessKeys",          EXPLICIT, EXPLICIT, REFUSED,  EXPLICIT, ALLOW,    ALLOW),
    ("sts:GetSessionToken",         ALLOW,    REFUSED,  REFUSED,  REFUSED,  REFUSED,  REFUSED),
    ("s3:ListAllMyBuckets",         EXPLICIT, EXPLICIT, EXPLICIT, EXPLICIT, IMPLICIT, IMPLICIT),
    ("ec2:DescribeInstances",       EXPLICIT, EXPLICIT, EXPLICIT, EXPLICIT, IMPLICIT, IMPLICIT),
]
# fmt: on


def faces(table: Table) -> list[tuple[Any, ...]]:
    return [(row.action, *(cell.face for cell in row.cells)) for row in table.rows]


def test_the_table_of_the_lesson() -> None:
    table = Tabulator().table(ARTICLE)
    assert faces(table) == LESSON
    assert [caller.kind for caller in table.callers] == list(LESSON_KINDS)
    assert [row.action for row in table.rows] == list(LESSON_ACTIONS)
    assert table.size == 22_321


# fmt: off
WITH_DEVICE = [
    # rules                                 access key  console without MFA
    (ServiceRules(),                        ALLOW,      ALLOW),
    (ServiceRules(has_device=True),         REFUSED,    REFUSED),
    (ServiceRules(True, False),             ALLOW,      ALLOW),
]
# fmt: on


@pytest.mark.parametrize(("rules", "by_key", "in_console"), WITH_DEVICE)
def test_enabling_a_second_device(rules: ServiceRules, by_key: Face, in_console: Face) -> None:
    table = Tabulator(["iam:EnableMFADevice"], rules=rules).table(ARTICLE)
    assert faces(table)[0][1:3] == (by_key, in_console)
    assert table.rows[0].cells[1].is_undocumented is (in_console is REFUSED)
    assert table.rules is rules


def test_a_cell_tells_what_decided() -> None:
    table = Tabulator(["iam:ChangePassword", "iam:GetUser", "s3:GetObject"]).table(ARTICLE)
    sids = [
        [[one.statement.sid for one in cell.decided_by] for cell in (row.cells[0], row.cells[-1])]
        for row in table.rows
    ]
    assert sids == [
        [["DenyAllExceptListedIfNoMFA"], ["AllowManageOwnPasswords"]],
        [["AllowManageOwnPasswords"], ["AllowManageOwnPasswords"]],
        [["DenyAllExceptListedIfNoMFA"], []],
    ]


def test_one_tabulator_for_several_policies_and_callers() -> None:
    """What it keeps from one table is right for the next."""
    several = [ARTICLE, WEAKENED, of_file("knowledge_center_bool_flawed")]
    tabulator = Tabulator()
    first = [tabulator.table(policies).to_data() for policies in several]
    assert first == [Tabulator().table(policies).to_data() for policies in several]
    assert first == [tabulator.table(policies).to_data() for policies in several]
    for_all = tabulator.for_all_kinds().table(ARTICLE).to_data()
    assert for_all == Tabulator(kinds=tuple(KINDS.values())).table(ARTICLE).to_data()


def test_a_decision_is_made_with_what_the_row_fixes() -> None:
    """One kind of credentials, two contexts: each tabulator has examples of its own."""
    inside, outside = ({"aws:SourceIp": one} for one in ("10.0.0.1", "192.0.2.1"))
    statements = [
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        {
            "Effect": "Deny",
            "Action": "s3:*",
            "Resource": "*",
            "Condition": {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        },
    ]
    policies = PolicySet([Policy.parse({"Version": "2012-10-17", "Statement": statements})])
    for context, number in ((inside, 0), (outside, 1)):
        table = Tabulator(["s3:GetObject"], [ACCESS_KEY], context=context).table(policies)
        [matched] = table.rows[0].cells[0].decided_by
        assert matched.statement.index == number


@pytest.mark.parametrize("policies", [ARTICLE, of_file("knowledge_center_bool_flawed")])
@pytest.mark.parametrize("whose", Whose)
def test_each_cell_is_the_answer_to_its_call(policies: PolicySet, whose: Whose) -> None:
    tabulator = Tabulator(kinds=list(KINDS.values()), whose=whose, rules=ServiceRules(True))
    table = tabulator.table(policies)
    for number, row in enumerate(table.rows):
        for column, cell in enumerate(row.cells):
            one = table.answers(number, column)[0]
            assert cell.face is one.face
            assert cell.is_undocumented is one.is_undocumented
            assert one.caller is table.callers[column]
            assert (one.decision.request.action, one.decision.request.resource) == (
                row.action,
                row.resource,
            )


def test_what_a_table_is_asked_about() -> None:
    actions = ["iam:GetUser", "iam:CreateVirtualMFADevice", "iam:ListUsers"]
    user = User("carol", path="/dev/", account="111122223333")
    rows = Tabulator(actions, user=user, device_name="phone").table(ARTICLE).rows
    assert [row.resource for row in rows] == [
        "arn:aws:iam::111122223333:user/dev/carol",
        "arn:aws:iam::111122223333:mfa/phone",
        "*",
    ]


def test_a_device_by_another_name_is_denied_implicitly() -> None:
    """The statement that allows it wants the user's name: data/facts.md, "Naming MFA devices"."""
    tabulator = Tabulator(["iam:CreateVirtualMFADevice"], [ACCESS_KEY], device_name="phone")
    assert faces(tabulator.table(ARTICLE)) == [("iam:CreateVirtualMFADevice", IMPLICIT)]
    corrected = tabulator.table(of_file("2022-11-23_multiple_mfa_devices"))
    assert faces(corrected) == [("iam:CreateVirtualMFADevice", ALLOW)]


# Rows.


def rows_of(*actions: str) -> list[str]:
    return [row.action for row in Tabulator(actions, [ACCESS_KEY]).table(ARTICLE).rows]


def test_a_pattern_makes_a_row_for_each_action() -> None:
    assert rows_of("iam:*VirtualMFADevice*") == [
        "iam:CreateVirtualMFADevice",
        "iam:DeleteVirtualMFADevice",
        "iam:ListVirtualMFADevices",
    ]
    assert len(rows_of("*")) == 22_321


def test_rows_stand_in_the_order_asked_for_and_once() -> None:
    asked = ["s3:GetObject", "IAM:getuser", "iam:GetUse?", "iam:GetUserP*", "s3:GetObject"]
    assert rows_of(*asked) == ["s3:GetObject", "iam:GetUser", "iam:GetUserPolicy"]


# fmt: off
UNKNOWN = [
    # action                nearest                 words
    ("iam:ChangePasword",   "iam:ChangePassword",   "The nearest name is “iam:ChangePassword”."),
    ("iam:UpdateAccessKeys", "iam:UpdateAccessKey", "The nearest name is “iam:UpdateAccessKey”."),
    ("iam:*Pasword",        None,                   "none with a similar name"),
    ("xyzzy",               None,                   "none with a similar name"),
]
# fmt: on


@pytest.mark.parametrize(("action", "nearest", "words"), UNKNOWN)
def test_an_unknown_action(action: str, nearest: str | None, words: str) -> None:
    with pytest.raises(UnknownActionError) as raised:
        Tabulator(["iam:GetUser", action])
    if nearest is not None:
        assert raised.value.nearest == nearest
        assert words in str(raised.value)
        assert nearest in raised.value.sentence("ja")
    assert raised.value.action == action
    assert f"“{action}”" in str(raised.value)
    assert f"「{action}」" in raised.value.sentence("ja")


def test_a_catalogue_of_ones_own() -> None:
    own = Catalogue([Action("iam:GetUser", "Read", (("user", True),))])
    table = Tabulator(["*"], [ACCESS_KEY], catalogue=own).table(ARTICLE)
    assert faces(table) == [("iam:GetUser", ALLOW)]
    assert table.size == 1


# Changes against a starting policy.


def test_changed_cells_are_marked() -> None:
    table = Tabulator().table(WEAKENED, start=ARTICLE)
    changed = {
        (row.action, caller.kind.name): (cell.face_before, cell.face)
        for row in table.rows
        for caller, cell in zip(table.callers, row.cells, strict=True)
        if cell.is_changed
    }
    assert changed == {
        ("iam:ChangePassword", "access_key"): (EXPLICIT, ALLOW),
        ("iam:ChangePassword", "console_without_mfa"): (EXPLICIT, ALLOW),
        ("iam:ChangePassword", "role_session"): (EXPLICIT, IMPLICIT),
        ("iam:GetAccountPasswordPolicy", "access_key"): (EXPLICIT, ALLOW),
        ("iam:GetAccountPasswordPolicy", "console_without_mfa"): (EXPLICIT, ALLOW),
        ("iam:GetAccountPasswordPolicy", "role_session"): (EXPLICIT, ALLOW),
    }


@pytest.mark.parametrize("start", [None, ARTICLE])
def test_without_a_change_nothing_is_marked(start: PolicySet | None) -> None:
    table = Tabulator().table(ARTICLE, start)
    assert not any(cell.is_changed for row in table.rows for cell in row.cells)
    assert {cell.face_before for row in table.rows for cell in row.cells} == {None}


# Other forms.


def test_totals_count_the_whole_catalogue() -> None:
    table = Tabulator(["iam:GetUser"]).table(ARTICLE)
    assert len(table.totals) == len(table.callers)
    for total in table.totals:
        assert sum(actions.bit_count() for actions in total.faces.values()) == 22_321
    assert table.totals[0].faces[ALLOW].bit_count() == 8


def test_a_frame() -> None:
    frame = Tabulator().table(ARTICLE).to_frame()
    assert frame.shape == (15, 6)
    assert list(frame.index.names) == ["action", "resource"]
    assert frame.columns.name == "credentials"
    assert list(frame.columns) == [kind.name for kind in LESSON_KINDS]
    own = "arn:aws:iam::123456789012:user/alice"
    assert frame.loc[("iam:ChangePassword", own), "access_key"] == "explicit_deny"
    assert [tuple(row) for row in frame.itertuples(index=False, name=None)] == [
        tuple(str(face) for face in row[1:]) for row in LESSON
    ]
    assert list(frame.index.get_level_values("action")) == [row[0] for row in LESSON]


def test_plain_data() -> None:
    tabulator = Tabulator(["iam:ChangePassword"], [ACCESS_KEY, ROLE_SESSION, CONSOLE_WITH_MFA])
    data = tabulator.table(WEAKENED, start=ARTICLE).to_data()
    assert json.loads(json.dumps(data)) == data
    assert data[0] == {
        "action": "iam:ChangePassword",
        "resource": "arn:aws:iam::123456789012:user/alice",
        "credentials": "access_key",
        "face": "allow",
        "undocumented": False,
        "decided_by": [
            {
                "policy": "identity/0",
                "statement": 1,
                "sid": "AllowManageOwnPasswords",
                "effect": "Allow",
            }
        ],
        "face_before": "explicit_deny",
        "outcomes": {"allow": {}},
        "undecided": False,
    }
    assert [one["credentials"] for one in data] == [
        "access_key",
        "role_session",
        "console_with_mfa",
    ]
    assert (data[1]["face"], data[1]["decided_by"]) == ("implicit_deny", [])
    assert (data[2]["face"], data[2]["face_before"]) == ("allow", None)


def test_the_actions_and_kinds_of_the_lesson_exist() -> None:
    assert all(action in aws_catalogue() for action in LESSON_ACTIONS)
    assert all(KINDS[kind.name] is kind for kind in LESSON_KINDS)


# fmt: off
OPEN_POINTS = [
    # policies                      kind                            is s3:GetObject's answer open?
    ("2021-05-13_article",          "role_session",                 False),  # absent denies too
    ("2021-05-13_article",          "assume_role_call_with_code",   True),
    ("2021-05-13_article",          "through_service_with_mfa",     True),
    ("2021-05-13_article",          "access_key",                   False),
]
# fmt: on


@pytest.mark.parametrize(("policies", "kind", "is_open"), OPEN_POINTS)
def test_what_rests_on_an_undocumented_point(policies: str, kind: str, is_open: bool) -> None:
    table = Tabulator(["s3:GetObject"], [KINDS[kind]]).table(of_file(policies))
    assert table.rows[0].cells[0].is_undocumented is is_open
