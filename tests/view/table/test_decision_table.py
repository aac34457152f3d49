"""The decision table as a widget: cells open, junk does not, the reason follows the table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mfa_lab.view.table.decision_table
from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.table import Table, Tabulator
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.table.decision_table import DecisionTable
from mfa_lab.view.table.outcome_lines import cell_lines
from mfa_lab.view.table.trace_view import TraceView
from tests.view.markup import HEADING, one, parsed, words

repeatable = settings(deadline=None, derandomize=True, max_examples=100)

SOURCE = Path(mfa_lab.view.table.decision_table.__file__).with_suffix(".js").read_text("utf-8")
PASSWORD = 2  # the row of iam:ChangePassword


@pytest.fixture
def table(article: Policy, tabulator: Tabulator) -> Table:
    return tabulator.table(PolicySet(identity=[article]))


@pytest.fixture
def widget(table: Table) -> DecisionTable:
    return DecisionTable(table)


def test_nothing_is_open_at_first(widget: DecisionTable) -> None:
    assert widget.opened == []
    assert widget.detail == ""
    assert widget.hint == "Arrow keys move between cells; Enter or a click shows why."


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_opened_cell_shows_its_own_reason(table: Table, language: str) -> None:
    widget = DecisionTable(table, language)
    for row, column in [(PASSWORD, 0), (PASSWORD, 2), (PASSWORD, 4), (14, 5), (0, 0)]:
        widget.show_why(row, column)
        assert widget.opened == [row, column]
        assert widget.detail == TraceView(table.answers(row, column)[0], language).fragment()
        heading = words(one(parsed(widget.detail), HEADING))
        assert table.rows[row].action in heading
        assert say(f"credentials.{table.callers[column].kind.name}", language) in heading


def test_a_message_opens_a_cell_as_a_click_does(widget: DecisionTable) -> None:
    widget._handle_custom_msg({"open": [PASSWORD, 1]}, [])
    assert widget.opened == [PASSWORD, 1]
    assert words(one(parsed(widget.detail), HEADING)) == "Why? iam:ChangePassword: console, no code"


def test_the_table_behind_the_widget_can_be_looked_at(widget: DecisionTable) -> None:
    assert repr(widget.table)


def test_opening_leaves_the_table_as_it_is(widget: DecisionTable) -> None:
    before = widget.html
    widget.show_why(0, 0)
    assert widget.html == before


@pytest.mark.parametrize("place", [(15, 0), (0, 6), (99, 99), (-1, 0), (0, -1)])
def test_a_cell_that_is_not_there_cannot_be_opened(
    widget: DecisionTable, place: tuple[int, int]
) -> None:
    widget.show_why(1, 1)
    before = widget.detail
    with pytest.raises(IndexError):
        widget.show_why(*place)
    assert widget.opened == [1, 1]
    assert widget.detail == before


@pytest.mark.parametrize(
    "junk",
    [
        None,
        "open",
        [0, 0],
        {},
        {"open": None},
        {"open": []},
        {"open": [0]},
        {"open": [0, 0, 0]},
        {"open": ["0", "0"]},
        {"open": [0.0, 1.0]},
        {"open": "00"},
        {"open": {"row": 0, "column": 0}},
        {"open": [-1, 0]},
        {"open": [0, -1]},
        {"open": [15, 0]},
        {"open": [0, 6]},
        {"close": [0, 0]},
    ],
)
def test_a_message_that_no_page_sends_does_nothing(widget: DecisionTable, junk: object) -> None:
    widget._handle_custom_msg(junk, [])
    assert widget.opened == []
    assert widget.detail == ""


@repeatable
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-3, 20) | st.floats() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("open"), inner),
        max_leaves=5,
    )
)
def test_no_message_makes_the_table_fail(content: object) -> None:
    widget = DecisionTable(_TABLE)
    widget._handle_custom_msg(content, [])
    assert bool(widget.opened) is bool(widget.detail)
    widget.close()


_TABLE = Tabulator(["iam:GetUser", "iam:ChangePassword"]).table(PolicySet())


def test_another_table_is_shown_and_the_open_cell_with_its_new_reason(
    widget: DecisionTable, tabulator: Tabulator, weakened: Policy
) -> None:
    widget.show_why(PASSWORD, 0)
    other = tabulator.table(PolicySet(identity=[weakened]))
    widget.show(other)
    assert widget.table is other
    assert widget.opened == [PASSWORD, 0]
    assert widget.detail == TraceView(other.answers(PASSWORD, 0)[0]).fragment()
    assert words(one(parsed(widget.detail), ".answer")) == "✓ allowed"


def test_another_table_opens_nothing_by_itself(
    widget: DecisionTable, tabulator: Tabulator, weakened: Policy
) -> None:
    widget.show(tabulator.table(PolicySet(identity=[weakened])))
    assert widget.detail == ""


def test_a_smaller_table_closes_a_cell_that_it_does_not_have(
    widget: DecisionTable, article: Policy
) -> None:
    widget.show_why(14, 5)
    widget.show(Tabulator(["iam:GetUser"]).table(PolicySet(identity=[article])))
    assert widget.opened == []
    assert widget.detail == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_can_be_reached_and_names_its_place(table: Table, language: str) -> None:
    grid = one(parsed(DecisionTable(table, language).html), "table")
    assert grid["role"] == "grid"
    assert grid["aria-readonly"] == "true"
    for number, row in enumerate(grid.select("tbody tr")):
        for column, cell in enumerate(row.select("td")):
            assert (cell["role"], cell["tabindex"]) == ("gridcell", "-1")
            assert (cell["data-row"], cell["data-column"]) == (str(number), str(column))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_cannot_run_the_widget_shows_table_and_reason(
    table: Table, language: str
) -> None:
    def bundle() -> dict[str, str]:
        widget = DecisionTable(table, language, "A title")
        widget.show_why(PASSWORD, 0)
        data, _ = widget._repr_mimebundle_()
        assert "application/vnd.jupyter.widget-view+json" in data
        return {name: data[name] for name in ("text/html", "text/plain")}

    first = bundle()
    assert first == bundle()
    assert first["text/plain"] == "<table of 15 actions × 6 credentials>"
    tree = parsed(first["text/html"])
    assert words(one(tree, "caption")) == "A title"
    assert one(tree, ".mfa-lab-trace")["lang"] == language
    assert not tree.select("[tabindex], [role=grid], [data-row]")
    one(tree, "style")


def test_the_page_reads_only_what_python_gives(widget: DecisionTable) -> None:
    traits = re.findall(r"model\.get\(\"(\w+)\"\)|\"change:(\w+)\"", SOURCE)
    named = {name for pair in traits for name in pair if name}
    assert named == {"html", "detail", "hint", "opened"}
    assert named <= set(widget.traits(sync=True))
    assert re.findall(r"model\.send\(\{ (\w+):", SOURCE) == ["open"]


LOGS = {
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::logs/*",
            "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        },
        {
            "Effect": "Deny",
            "Action": "s3:GetObject",
            "Resource": "*",
            "Condition": {"Null": {"aws:SourceIp": "true"}},
        },
    ]
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_opened_cell_that_depends_shows_each_outcome_and_its_trace(language: str) -> None:
    table = Tabulator(["s3:GetObject", "iam:GetUser"]).table(
        PolicySet(identity=[Policy.parse(LOGS)])
    )
    widget = DecisionTable(table, language)
    assert not parsed(widget.html).select("ul.outcomes")
    widget.show_why(0, 0)
    tree = parsed(widget.detail)
    lines = [words(line) for line in tree.select("ul.outcomes li")]
    assert lines == cell_lines(table, 0, 0, language)
    assert [line[0] for line in lines] == ["✓", "✕", "–"]
    shown = [words(answer)[0] for answer in tree.select(".mfa-lab-trace .answer")]
    assert shown == ["✓", "✕", "–"]
    widget.show_why(1, 0)
    assert not parsed(widget.detail).select("ul.outcomes")
    assert len(parsed(widget.detail).select(".mfa-lab-trace")) == 1
