"""The warnings of a policy as a reader sees them."""

from __future__ import annotations

import pytest

from mfa_lab import Policy
from mfa_lab.analysis.warnings import warnings_of
from mfa_lab.lesson.policies import stored_policy
from mfa_lab.text import LANGUAGES
from mfa_lab.view.policy.warnings_view import WarningsView
from tests.view.markup import one, parsed, words

FLAWED = stored_policy("knowledge_center_bool_flawed")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_warning_is_a_row_with_its_place(language: str) -> None:
    html = WarningsView(warnings_of(FLAWED), language)._repr_html_()
    rows = [list(map(words, row.select("th, td"))) for row in parsed(html).select("tbody tr")]
    [warning] = warnings_of(FLAWED)
    assert rows == [[warning.pointer, warning.sentence(language)]]
    assert one(parsed(html), "div").get("lang") == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_warning_is_said_and_has_no_table(language: str) -> None:
    view = WarningsView(warnings_of(stored_policy("2023-11_newest")), language)
    assert not parsed(view._repr_html_()).select("table")
    assert words(one(parsed(view._repr_html_()), "p")) == repr(view)


def test_warnings_are_counted() -> None:
    statement = {"Effect": "Allow", "Action": ["iam:Nope", "iam:Nopf"], "Resource": "*"}
    view = WarningsView(
        warnings_of(Policy.parse({"Version": "2012-10-17", "Statement": statement}))
    )
    assert len(view.rows) == 2
    assert repr(view).startswith("2 things")
