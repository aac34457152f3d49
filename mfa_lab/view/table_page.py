"""A table as a page of its own, for a browser or a blog."""

from __future__ import annotations

from collections.abc import Callable

from mfa_lab.analysis.difference import Difference
from mfa_lab.analysis.table import Table
from mfa_lab.text import say
from mfa_lab.view.html import render, style
from mfa_lab.view.policy.policy_page import PolicyPage
from mfa_lab.view.table.difference_view import DifferenceView
from mfa_lab.view.table.table_view import TableView


def table_page(
    table: Table,
    language: str = "en",
    difference: Difference | None = None,
    on_row: Callable[[], object] = lambda: None,
) -> str:
    """Return an HTML page with a table and the policies that it was made from.

    Args:
        table: What is shown.
        language: `en` or `ja`.
        difference: What changes against the starting policies, to be shown before the table.
        on_row: Is called whenever a row is drawn.
    """
    view = TableView(table, language)
    return render(
        "table_page",
        language,
        title=say("table.caption", language, user=table.callers[0].user.name),
        style=style(),
        difference=DifferenceView(difference, language).fragment() if difference else "",
        table=view.fragment(on_row),
        policies=[PolicyPage(policy, language).fragment() for policy in table.policies.identity],
    )
