"""An account whose views are looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mfa_lab.account import Account


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as one:
        yield one
