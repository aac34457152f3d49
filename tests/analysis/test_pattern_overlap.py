"""Whether two patterns can fit the same text, against a search through short texts."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_lab.analysis.pattern_overlap import SEGMENT, overlap

# fmt: off
CASES = [
    ("",            "",         True),
    ("",            "*",        True),
    ("a*",          "*b",       True),
    ("a*",          "b*",       False),
    ("a?c",         "ab?",      True),
    ("a?",          "a",        False),
    ("user/*",      "role/*",   False),
    (f"b/{SEGMENT}", "b/*",     True),
    (SEGMENT,       "*/*",      False),
    (SEGMENT,       "a:b",      False),
    (f"{SEGMENT}/*", "b",       False),
    (f"{SEGMENT}/*", "b/c/d",   True),
]
# fmt: on


@pytest.mark.parametrize(("one", "other", "wanted"), CASES)
def test_overlap(one: str, other: str, wanted: bool) -> None:
    assert overlap(one, other) is wanted
    assert overlap(other, one) is wanted


def fits(pattern: str, text: str) -> bool:
    spelled = {"*": ".*", "?": ".", SEGMENT: "[^:/]*"}
    return (
        re.fullmatch("".join(spelled.get(one, re.escape(one)) for one in pattern), text) is not None
    )


SHORT = ["".join(some) for length in range(6) for some in product("a/", repeat=length)]
patterns = st.text(f"a/*?{SEGMENT}", max_size=4)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(patterns, patterns)
def test_as_a_search_would_tell(one: str, other: str) -> None:
    """Patterns of four characters that share a text share one of at most five."""
    found = any(fits(one, text) and fits(other, text) for text in SHORT)
    assert overlap(one, other) is found
