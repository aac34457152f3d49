"""The editor with its table: what an edit leads to, over the whole catalogue."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest
from bs4 import Tag

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.difference import difference
from mfa_lab.analysis.table import Tabulator
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.policy.not_action_editor import NotActionWorkbench
from tests.view.markup import one, parsed, words

ADDED = "iam:ChangePassword"
TWO_MORE = f"{ADDED} iam:GetAccountPasswordPolicy"


@pytest.fixture
def bench(article: Policy, tabulator: Tabulator) -> NotActionWorkbench:
    return NotActionWorkbench(article, tabulator=tabulator)


def send(bench: NotActionWorkbench, **content: object) -> None:
    bench.editor._handle_custom_msg(content, [])


def cells_of(bench: NotActionWorkbench, html: str) -> dict[tuple[str, str], Tag]:
    """Every cell of the table's body by action and kind of credentials."""
    kinds = [caller.kind.name for caller in bench.tabulator.callers]
    cells: dict[tuple[str, str], Tag] = {}
    for row in parsed(html).select("tbody tr"):
        action = words(one(row, "th"))
        cells |= {(action, kind): cell for kind, cell in zip(kinds, row.select("td"), strict=True)}
    return cells


def marked(
    bench: NotActionWorkbench, html: str, language: str = "en"
) -> dict[tuple[str, str], str]:
    """What each marked cell says that it was."""
    found = {}
    for place, cell in cells_of(bench, html).items():
        assert ("changed" in cell["class"]) is bool(cell.select(".was"))
        if "changed" in cell["class"]:
            found[place] = words(one(cell, ".was"))
    return found


def flipped(bench: NotActionWorkbench, language: str = "en") -> dict[tuple[str, str], str]:
    """What the difference says that each of the table's cells was."""
    shown = {row.action for row in bench.table.table.rows}
    was = {}
    for flip in difference(bench.tabulator, bench.start, bench.policies).flips:
        face = say(f"face.{flip.before}", language)
        for action in shown.intersection(flip.actions):
            was[action, flip.caller.kind.name] = say("table.was", language, face=face)
    return was


def test_nothing_is_marked_at_the_start(bench: NotActionWorkbench) -> None:
    assert marked(bench, bench.table.html) == {}
    assert bench.editor.status == ""
    assert bench.difference().actions == ()
    assert bench.policies.identity[0].document == bench.start.identity[0].document


def test_one_more_gate_is_told_with_the_count_of_all_others(bench: NotActionWorkbench) -> None:
    send(bench, do="add", text=ADDED)
    assert bench.editor.status == (
        f"Added {ADDED}. Against the starting policy 1 action changes ({ADDED}); "
        "none of the other 22,320 does."
    )


def test_a_changed_cell_is_marked_and_says_what_it_was(bench: NotActionWorkbench) -> None:
    send(bench, do="add", text=ADDED)
    was = marked(bench, bench.table.html)
    assert was == {
        (ADDED, "access_key"): "was: denied",
        (ADDED, "console_without_mfa"): "was: denied",
        (ADDED, "role_session"): "was: denied",
    }
    cells = cells_of(bench, bench.table.html)
    assert words(cells[ADDED, "access_key"]).startswith("✓ allowed")
    assert words(cells[ADDED, "role_session"]).startswith("– not allowed")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "edits",
    [
        [("add", TWO_MORE)],
        [("add", "iam:*MFA*")],
        [("add", "*")],
        [("add", "iam:Nope")],
        [("remove", "iam:GetUser")],
        [("remove", "sts:GetSessionToken"), ("add", "iam:*")],
        [("add", "ec2:* s3:ListAllMyBuckets"), ("remove", "iam:EnableMFADevice")],
    ],
)
def test_what_is_marked_and_said_is_the_difference(
    article: Policy, tabulator: Tabulator, language: str, edits: list[tuple[str, str]]
) -> None:
    bench = NotActionWorkbench(article, language, tabulator=tabulator)
    for name, text in edits:
        send(bench, do=name, text=text)
    found = difference(
        tabulator, PolicySet(identity=[article]), PolicySet(identity=[bench.entries.policy()])
    )
    assert bench.difference() == found
    assert marked(bench, bench.table.html) == flipped(bench, language)
    assert marked(bench, bench.table.fragment()) == flipped(bench, language)
    numbers = re.findall(r"\d[\d,]*", bench.editor.status)
    if found.actions:
        assert f"{found.unchanged:,}" in numbers
        assert f"{len(found.actions):,}" in numbers
        assert found.actions[0] in bench.editor.status
    else:
        assert bench.editor.status.endswith(say("editor_status.same_as_start", language))


def test_many_changed_actions_are_counted_and_some_of_them_named(
    bench: NotActionWorkbench,
) -> None:
    send(bench, do="add", text="iam:*MFA*")
    found = bench.difference()
    first = ", ".join(found.actions[:4])
    assert len(found.actions) > 4
    assert bench.editor.status.endswith(
        f"Against the starting policy {len(found.actions)} actions change ({first}…); "
        f"none of the other {22_321 - len(found.actions):,} does."
    )


def test_an_action_that_changes_for_nobody_is_no_change(bench: NotActionWorkbench) -> None:
    send(bench, do="add", text="iam:Nope")
    assert bench.editor.status.endswith("Nobody's answer differs from the starting policy.")
    assert marked(bench, bench.table.html) == {}


def test_a_refused_edit_leaves_table_and_policies(bench: NotActionWorkbench) -> None:
    send(bench, do="add", text=ADDED)
    before = (bench.table.html, bench.policies.identity[0].document)
    send(bench, do="add", text="nonsense")
    assert (bench.table.html, bench.policies.identity[0].document) == before
    assert "22," not in bench.editor.status


def test_the_way_back_repaints_the_table(bench: NotActionWorkbench) -> None:
    start = bench.table.html
    send(bench, do="add", text=TWO_MORE)
    send(bench, do="remove", text="iam:GetUser")
    assert bench.table.html != start
    send(bench, do="undo")
    send(bench, do="undo")
    assert bench.table.html == start
    assert bench.editor.status.endswith("Nobody's answer differs from the starting policy.")
    send(bench, do="add", text=TWO_MORE)
    send(bench, do="reset")
    assert bench.table.html == start


def test_a_preset_is_answered_as_an_edit_is(
    article: Policy, weakened: Policy, tabulator: Tabulator
) -> None:
    presets = {"more": weakened.statements[8].actions.patterns}
    bench = NotActionWorkbench(article, presets=presets, tabulator=tabulator)
    send(bench, do="preset", name="more")
    expected = difference(tabulator, bench.start, PolicySet(identity=[weakened]))
    assert bench.difference() == expected
    assert set(expected.actions) == {ADDED, "iam:GetAccountPasswordPolicy"}
    assert "22,319" in bench.editor.status


def test_the_starting_policy_never_changes(article: Policy, tabulator: Tabulator) -> None:
    before = deepcopy(article.document)
    bench = NotActionWorkbench(article, tabulator=tabulator)
    for text in (ADDED, "*", '["s3:*"]'):
        send(bench, do="add", text=text)
    assert article.document == before
    assert bench.start == PolicySet(identity=[article])


def test_other_policies_stay_as_they_are(article: Policy, tabulator: Tabulator) -> None:
    administrator = Policy.parse({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    bench = NotActionWorkbench(article, others=(administrator,), tabulator=tabulator)
    assert bench.start.identity == (article, administrator)
    send(bench, do="add", text="ec2:DescribeInstances")
    assert bench.policies.identity == (bench.entries.policy(), administrator)
    assert marked(bench, bench.table.html) == {
        ("ec2:DescribeInstances", kind): "was: denied"
        for kind in (
            "access_key",
            "console_without_mfa",
            "session_token_without_mfa",
            "role_session",
        )
    }


def test_another_statement_can_be_edited(tabulator: Tabulator) -> None:
    fence = {"Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*"}
    policy = Policy.parse({"Statement": [{**fence, "Sid": "One"}, {**fence, "Sid": "Two"}]})
    bench = NotActionWorkbench(policy, tabulator=tabulator, statement="Two")
    send(bench, do="add", text="s3:*")
    assert [one.actions.patterns for one in bench.entries.policy().statements] == [
        ("iam:*",),
        ("iam:*", "s3:*"),
    ]


def test_the_reason_beside_the_table_follows_an_edit(bench: NotActionWorkbench) -> None:
    row = [row.action for row in bench.table.table.rows].index(ADDED)
    bench.table.show_why(row, 0)
    before = bench.table.detail
    assert words(one(parsed(before), ".answer")) == "✕ denied explicitly"
    send(bench, do="add", text=ADDED)
    assert words(one(parsed(bench.table.detail), ".answer")) == "✓ allowed"
    send(bench, do="undo")
    assert bench.table.detail == before


def test_rows_rules_and_caption_can_be_chosen(article: Policy) -> None:
    bench = NotActionWorkbench(article, tabulator=Tabulator(["iam:*MFADevice"]), caption="Devices")
    assert words(one(parsed(bench.table.html), "caption")) == "Devices"
    send(bench, do="add", text="iam:DeactivateMFADevice")
    assert words(one(parsed(bench.table.html), "caption")) == "Devices"
    assert marked(bench, bench.table.html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_cannot_run_the_widgets_shows_list_and_table(
    article: Policy, tabulator: Tabulator, language: str
) -> None:
    def bundle() -> dict[str, Any]:
        bench = NotActionWorkbench(article, language, tabulator=tabulator)
        bench.editor.add(ADDED)
        bench.table.show_why(2, 0)
        data, _ = bench._repr_mimebundle_()
        assert data["text/html"].index(bench.editor.fragment()) < data["text/html"].index(
            bench.table.fragment()
        )
        return {name: data[name] for name in ("text/html", "text/plain")}

    first = bundle()
    assert first == bundle()
    assert first["text/plain"] == (
        "<NotAction list of 8 entries> with <table of 15 actions × 6 credentials>"
    )
    tree = parsed(first["text/html"])
    assert {root["lang"] for root in tree.select(".mfa-lab")} == {language}
    assert [words(code) for code in tree.select(".chip.added code")] == [ADDED]
    assert tree.select(".mfa-lab-trace")


def test_both_widgets_are_children_in_reading_order(bench: NotActionWorkbench) -> None:
    assert bench.children == (bench.editor, bench.table)
