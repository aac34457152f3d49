"""The table as HTML says what the table says: faces, deciding statements, open points, changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.requests.answer import CALL_FACES
from mfa_lab.analysis.table import LESSON_ACTIONS, LESSON_KINDS, Table, Tabulator
from mfa_lab.iam.credentials import KINDS, User
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.table.table_view import TableView
from tests.view.markup import one, parsed, words

POLICIES = Path(__file__).resolve().parents[3] / "data" / "policies"
ADMINISTRATOR = Policy.parse({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})


def tree_of(table: Table, language: str = "en", **options: Any) -> Tag:
    return parsed(TableView(table, language, **options).fragment())


def rows_of(tree: Tag) -> dict[str, list[Tag]]:
    return {words(one(row, "th")): row.select("td") for row in tree.select("tbody tr")}


def without_sid(policy: Policy) -> Policy:
    statements = [dict(one) for one in policy.document["Statement"]]
    for statement in statements:
        statement.pop("Sid", None)
    return Policy.parse({**policy.document, "Statement": statements})


@pytest.fixture
def table(article: Policy, tabulator: Tabulator) -> Table:
    return tabulator.table(PolicySet(identity=[article]))


def test_the_table_of_the_article(table: Table) -> None:
    tree = tree_of(table)
    assert words(one(tree, "caption")) == "What alice may do, by kind of credentials"
    rows = rows_of(tree)
    assert tuple(rows) == LESSON_ACTIONS
    password = [words(one(cell, ".face")) for cell in rows["iam:ChangePassword"]]
    assert password == ["✕ denied", "✕ denied", "⊘ refused", "✕ denied", "✓ allowed", "✓ allowed"]
    work = [words(one(cell, ".face")) for cell in rows["ec2:DescribeInstances"]]
    assert work == ["✕ denied"] * 4 + ["– not allowed"] * 2
    assert [words(one(cell, ".by")) for cell in rows["iam:ChangePassword"] if cell.select(".by")] == [
        "by statement 9", "by statement 9", "by statement 9", "by statement 2", "by statement 2",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("with_start", [False, True])
@pytest.mark.parametrize(
    "file", ["2021-05-13_article", "2023-11_newest", "knowledge_center_bool_flawed"]
)
def test_every_cell_shows_its_face_its_statements_and_what_it_was(
    tabulator: Tabulator, weakened: Policy, language: str, with_start: bool, file: str
) -> None:
    policy = Policy.parse((POLICIES / f"{file}.json").read_text("utf-8"))
    start = PolicySet(identity=[weakened]) if with_start else None
    table = tabulator.table(PolicySet(identity=[policy, ADMINISTRATOR]), start)
    rows = rows_of(tree_of(table, language))
    assert len(rows) == len(table.rows)
    for row in table.rows:
        for cell, shown in zip(row.cells, rows[row.action], strict=True):
            assert str(cell.face) in shown["class"]
            assert words(one(shown, ".face")).endswith(" " + say(f"face.{cell.face}", language))
            numbers = ", ".join(
                "AB"[int(one.policy[-1])] + str(one.statement.index + 1) for one in cell.decided_by
            )
            spoken = say("table.by_statement", language)
            assert [words(by) for by in shown.select(".by")] == (
                [f"{spoken} {numbers}"] if numbers else []
            )
            assert bool(shown.select(".open-point")) is cell.is_undocumented
            assert ("changed" in shown["class"]) is (cell.face_before is not None)
            was = [words(was) for was in shown.select(".was")]
            assert was == (
                [say("table.was", language, face=say(f"face.{cell.face_before}", language))]
                if cell.face_before
                else []
            )
    assert any(cell.is_changed for row in table.rows for cell in row.cells) is with_start


def test_a_changed_cell_says_the_word(
    article: Policy, weakened: Policy, tabulator: Tabulator
) -> None:
    table = tabulator.table(PolicySet(identity=[weakened]), PolicySet(identity=[article]))
    tree = tree_of(table)
    assert "comparing" in one(tree, ".mfa-lab-table")["class"]
    changed = tree.select("td.changed")
    assert {words(one(cell, ".was")) for cell in changed} == {"was: denied"}
    assert {(words(one(row, "th"))) for row in tree.select("tr:has(td.changed)")} == {
        "iam:ChangePassword",
        "iam:GetAccountPasswordPolicy",
    }
    assert {words(one(cell, ".face")) for cell in changed} == {"✓ allowed", "– not allowed"}


def test_a_table_that_is_not_compared_marks_nothing(table: Table) -> None:
    tree = tree_of(table)
    assert "comparing" not in one(tree, ".mfa-lab-table")["class"]
    assert not tree.select(".changed, .was")
    assert "was:" not in words(tree)


# What AWS does not document.


def conditioned(article: Policy, condition: dict[str, Any]) -> Policy:
    *others, fence = article.document["Statement"]
    return Policy.parse(
        {**article.document, "Statement": [*others, {**fence, "Condition": condition}]}
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "condition",
    [
        {"Bool": {"aws:MultiFactorAuthPresent": "false"}},
        {"Null": {"aws:MultiFactorAuthPresent": "true"}},
        {"Null": {"aws:MultiFactorAuthPresent": "false"}},
    ],
)
def test_an_open_point_is_marked_where_it_matters_and_explained(
    article: Policy, tabulator: Tabulator, language: str, condition: dict[str, Any]
) -> None:
    tree = tree_of(tabulator.table(PolicySet(identity=[conditioned(article, condition)])), language)
    columns = [kind.name for kind in LESSON_KINDS]
    marked = {
        columns[number]
        for row in tree.select("tbody tr")
        for number, cell in enumerate(row.select("td"))
        if cell.select(".open-point")
    }
    assert marked == {"role_session"}
    for mark in tree.select(".open-point"):
        assert words(one(mark, "[aria-hidden=true]")) == "†"
        assert words(one(mark, ".spoken")) == say("table.undocumented", language)
    legend = [words(item) for item in tree.select(".legend li")]
    assert legend[-1] == f"† {say('table.undocumented_legend', language)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_open_point_is_marked_where_none_matters(table: Table, language: str) -> None:
    """BoolIfExists takes an absent key and "false" for the same."""
    assert "†" not in tree_of(table, language).get_text()


def test_a_service_s_refusal_that_is_assumed_is_marked(article: Policy) -> None:
    kinds = [KINDS["access_key"], KINDS["console_without_mfa"], KINDS["console_with_mfa"]]
    tabulator = Tabulator(["iam:EnableMFADevice"], kinds, rules=ServiceRules(has_device=True))
    [cells] = rows_of(tree_of(tabulator.table(PolicySet(identity=[article])))).values()
    assert [words(one(cell, ".face")) for cell in cells] == [
        "⊘ refused",
        "⊘ refused",
        "✓ allowed",
    ]
    assert [bool(cell.select(".open-point")) for cell in cells] == [False, True, False]


# Heads, foot and legend.


@pytest.mark.parametrize("language", LANGUAGES)
def test_columns_stand_under_the_value_of_the_key(table: Table, language: str) -> None:
    tree = tree_of(table, language)
    key, values, kinds = (row.select("th") for row in one(tree, "thead").select("tr"))
    assert [words(cell) for cell in key] == [
        say("table.action", language),
        "aws:MultiFactorAuthPresent",
    ]
    assert (key[0]["rowspan"], key[1]["colspan"]) == ("3", "6")
    assert [(words(cell), cell["colspan"]) for cell in values] == [
        (say("mfa_key.absent", language), "1"),
        ('"false"', "3"),
        ('"true"', "2"),
    ]
    assert [words(cell) for cell in kinds] == [
        say(f"credentials.{kind.name}", language) for kind in LESSON_KINDS
    ]
    assert [cell["title"] for cell in kinds] == [
        say(f"credentials_meaning.{kind.name}", language) for kind in LESSON_KINDS
    ]


def test_values_that_are_no_neighbours_stand_apart(article: Policy) -> None:
    names = ["access_key", "console_with_mfa", "federated_user", "root_user", "console_without_mfa"]
    tabulator = Tabulator(["iam:GetUser"], [KINDS[name] for name in names])
    tree = tree_of(tabulator.table(PolicySet(identity=[article])))
    assert [(words(cell), cell["colspan"]) for cell in tree.select("th.value")] == [
        ("absent", "1"), ('"true"', "1"), ("absent", "2"), ('"false"', "1"),
    ]  # fmt: skip


def test_a_row_names_the_resource_that_is_asked_about(table: Table) -> None:
    for row, shown in zip(table.rows, tree_of(table).select("tbody tr"), strict=True):
        assert one(shown, "th code")["title"] == row.resource


def test_the_foot_counts_every_action_of_aws(table: Table) -> None:
    tree = tree_of(table)
    assert words(one(tree, "tfoot th")) == "all 22,321 actions of AWS"
    for verdicts, cell in zip(table.totals, tree.select("tfoot td"), strict=True):
        counts = [words(count).split(" ", 2) for count in cell.select(".count")]
        assert [count[0] for count in counts] == ["✓", "✕", "–", "⊘"]
        assert [count[1] for count in counts] == [
            f"{verdicts.faces[face].bit_count():,}" for face in CALL_FACES
        ]
        assert [count[2] for count in counts] == ["allowed", "denied", "not allowed", "refused"]
        assert sum(int(count[1].replace(",", "")) for count in counts) == 22_321


def test_the_legend_explains_four_faces_and_the_numbers(table: Table) -> None:
    legend = [words(item) for item in tree_of(table).select(".legend li")]
    assert legend == [
        "✓ allowed: a statement allows it and none denies it",
        "✕ denied: explicit deny; a statement denies it, whatever else allows it",
        "– not allowed: implicit deny; no statement allows it",
        "⊘ refused: the service refuses it, whatever the policies say",
        "The small number is the deciding statement: 1 AllowViewAccountInfo · 2 "
        "AllowManageOwnPasswords · 3 AllowManageOwnAccessKeys · 7 AllowManageOwnVirtualMFADevice · "
        "8 AllowManageOwnUserMFA · 9 DenyAllExceptListedIfNoMFA",
        say("table.no_device", user="alice"),
    ]


def test_every_number_in_a_cell_is_in_the_legend(
    article: Policy, with_bool: Policy, tabulator: Tabulator
) -> None:
    tree = tree_of(tabulator.table(PolicySet(identity=[article, with_bool, ADMINISTRATOR])))
    spoken = say("table.by_statement")
    in_cells = {
        number
        for by in tree.select("td .by")
        for number in words(by).removeprefix(spoken).strip().split(", ")
    }
    in_legend = [words(number).split()[0] for number in tree.select(".legend .numbered")]
    assert set(in_legend) == in_cells
    assert {"A9", "B9", "C1"} <= in_cells
    assert in_legend == sorted(in_legend, key=lambda number: (number[0], int(number[1:])))


def test_a_statement_without_a_name_is_named_by_its_place(
    article: Policy, tabulator: Tabulator
) -> None:
    tree = tree_of(tabulator.table(PolicySet(identity=[without_sid(article)])))
    assert "9 identity/0 Statement[8]" in [words(one) for one in tree.select(".numbered")]


def test_without_any_statement_no_number_is_explained(tabulator: Tabulator) -> None:
    tree = tree_of(tabulator.table(PolicySet()))
    assert len(tree.select(".legend li")) == 5  # four faces, and that there is no device
    assert not tree.select(".numbered")


def test_the_caption_names_the_user_or_is_given(article: Policy) -> None:
    table = Tabulator(["iam:GetUser"], user=User("bob")).table(PolicySet(identity=[article]))
    assert words(one(tree_of(table), "caption")) == "What bob may do, by kind of credentials"
    assert words(one(tree_of(table, "ja"), "caption")) == "bob にできること (認証情報の種類別)"
    assert words(one(tree_of(table, caption="Mine"), "caption")) == "Mine"


def test_a_table_to_read_has_nothing_to_focus(table: Table) -> None:
    tree = tree_of(table)
    assert not tree.select("[tabindex], [role], [data-row]")
    assert one(tree_of(table, is_interactive=True), "table")["role"] == "grid"


def test_the_text_of_a_table_has_no_address(table: Table) -> None:
    view = TableView(table)
    assert repr(view) == "<table of 15 actions × 6 credentials>"
    assert view._repr_html_() == TableView(table)._repr_html_()
    assert view.fragment() in view._repr_html_()


def legend_of(tabulator: Tabulator, policy: Policy, language: str = "en") -> list[str]:
    tree = tree_of(tabulator.table(PolicySet(identity=[policy])), language)
    return [words(item) for item in tree.select(".legend li")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_there_is_no_device_is_said_where_it_would_matter(
    article: Policy, language: str
) -> None:
    said = say("table.no_device", language, user="alice")
    assert said in legend_of(Tabulator(["iam:EnableMFADevice"]), article, language)
    assert said not in legend_of(Tabulator(["iam:GetUser"]), article, language)
    with_device = Tabulator(["iam:EnableMFADevice"], rules=ServiceRules(has_device=True))
    assert said not in legend_of(with_device, article, language)
