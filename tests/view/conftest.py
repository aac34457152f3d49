"""The policies of the article, and one tabulator for all, since it reads the whole catalogue."""

from __future__ import annotations

from functools import cache

import pytest

from mfa_lab import Policy, folders
from mfa_lab.analysis.table import Tabulator


@cache
def of_file(name: str) -> Policy:
    return Policy.parse((folders.data() / "policies" / f"{name}.json").read_text("utf-8"))


@pytest.fixture
def article() -> Policy:
    """The policy of the article: eight Allow statements and the fence."""
    return of_file("2021-05-13_article")


@pytest.fixture
def weakened() -> Policy:
    """The article's policy with the two more actions in the NotAction list."""
    return of_file("2021-05-13_article_weakened")


@pytest.fixture
def with_bool(article: Policy) -> Policy:
    """The article's policy with `Bool`, so that it matters what a role session's context says."""
    return Policy.parse(article.to_json().replace("BoolIfExists", "Bool"))


@pytest.fixture(scope="session")
def tabulator() -> Tabulator:
    return Tabulator()
