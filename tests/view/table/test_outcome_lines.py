"""What a cell depends on, in words: below the table, with only what the answer depends on."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.table import Table, Tabulator
from mfa_lab.iam.credentials import ACCESS_KEY, CONSOLE_WITH_MFA
from mfa_lab.text import LANGUAGES
from mfa_lab.view.table.outcome_lines import cell_lines, depending_lines
from mfa_lab.view.table.table_view import TableView
from tests.view.markup import parsed, words


def allowing(action: str, resource: str, **condition: dict[str, Any]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition}


OFFICE = allowing("s3:GetObject", "arn:aws:s3:::logs/*", IpAddress={"aws:SourceIp": "10.0.0.0/8"})
NO_ADDRESS = {
    "Effect": "Deny",
    "Action": "s3:GetObject",
    "Resource": "*",
    "Condition": {"Null": {"AWS:sourceIP": "true"}},
}


def table_of(*statements: dict[str, Any], actions: str = "s3:GetObject") -> Table:
    tabulator = Tabulator([actions], [ACCESS_KEY, CONSOLE_WITH_MFA])
    return tabulator.table(PolicySet(identity=[Policy.parse({"Statement": list(statements)})]))


def test_an_outcome_names_its_request_and_its_statements() -> None:
    allowed, denied, not_allowed = cell_lines(table_of(OFFICE, NO_ADDRESS), 0, 0, "en")
    assert allowed.startswith("✓ allowed on arn:aws:s3:::logs/")
    assert allowed.lower().endswith(" with aws:sourceip 10.0.0.1 (statement 1)")
    assert denied.startswith("✕ denied")
    assert denied.endswith(" without AWS:sourceIP (statement 2)")
    assert not_allowed.startswith("– not allowed on arn:aws:s3:::")
    assert "statement" not in not_allowed


def test_an_outcome_in_japanese() -> None:
    allowed, denied, _ = cell_lines(table_of(OFFICE, NO_ADDRESS), 0, 0, "ja")
    assert allowed.startswith("✓ 許可 (リソース arn:aws:s3:::logs/")
    assert allowed.endswith(" が 10.0.0.1、ステートメント 1)")
    assert denied.endswith("AWS:sourceIP なし、ステートメント 2)")


def test_only_what_the_answer_depends_on_is_named() -> None:
    everywhere = allowing("s3:GetObject", "*", IpAddress={"aws:SourceIp": "10.0.0.0/8"})
    assert cell_lines(table_of(everywhere), 0, 0, "en")[0] == (
        "✓ allowed with aws:SourceIp 10.0.0.1 (statement 1)"
    )
    anybody = cell_lines(table_of(allowing("s3:GetObject", "arn:aws:s3:::logs/*")), 0, 0, "en")
    assert [line for line in anybody if " with " in line or " without " in line] == []


def test_credentials_that_are_answered_alike_share_a_line() -> None:
    (line,) = depending_lines(table_of(OFFICE), "en")
    assert line.startswith("s3:GetObject, every column: ✓ allowed on ")
    with_mfa = {**OFFICE, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    (line,) = depending_lines(table_of(with_mfa), "en")
    assert line.startswith("s3:GetObject, console, with code: ✓ allowed on ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_depends_there_is_no_list(language: str) -> None:
    table = table_of({"Effect": "Allow", "Action": "*", "Resource": "*"})
    assert list(depending_lines(table, language)) == []
    assert "outcomes" not in TableView(table, language)._repr_html_()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_lists_them_below_escaped(language: str) -> None:
    hostile = allowing("s3:GetObject", "*", StringEquals={"aws:UserAgent": "<b>&\u202e\n"})
    table = table_of(hostile)
    html = TableView(table, language).fragment()
    items = [words(item) for item in parsed(html).select("ul.outcomes li")]
    assert items == [" ".join(line.split()) for line in depending_lines(table, language)]
    assert "<b>&" not in html and "\u202e" not in html
    assert "&lt;b&gt;&amp;\\u202e\\n" in html
    assert not parsed(TableView(table, language, is_interactive=True).fragment()).select(
        ".outcomes"
    )


def test_a_large_table_counts_the_actions_that_it_does_not_list() -> None:
    table = table_of(allowing("s3:*", "arn:aws:s3:::logs/*"), actions="s3:*")
    lines = list(depending_lines(table, "en"))
    depending = {
        row.action for row in table.rows if any(str(cell.face) == "depends" for cell in row.cells)
    }
    assert lines[-1].startswith(f"… and {len(depending) - 40} more actions")
    assert len({line.partition(",")[0] for line in lines[:-1]}) == 40
