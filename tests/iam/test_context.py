"""The context of a request: its form, and what cannot be one."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab import Request
from mfa_lab.iam import ContextError
from mfa_lab.iam.context import normalized

ALICE = "arn:aws:iam::123456789012:user/alice"

# fmt: off
BAD_CONTEXTS = [
    # context                                       code            key
    ({"k": True},                                   "not_text",     "k"),
    ({"k": 60},                                     "not_text",     "k"),
    ({"k": None},                                   "not_text",     "k"),
    ({"k": ["a", 1]},                               "not_text",     "k"),
    ({"k": {"a": "b"}},                             "not_text",     "k"),
    ({"k": {"a"}},                                  "not_text",     "k"),
    ({"k": b"true"},                                "not_text",     "k"),
    ({"a": "x", "": "y"},                           "not_a_name",   ""),
    ({1: "x"},                                      "not_a_name",   1),
    ({None: "x"},                                   "not_a_name",   None),
    ({"aws:UserName": "a", "aws:username": "a"},    "twice",        "aws:username"),
]

CONTEXTS = [
    # context                       normalized
    ({},                            {}),
    ({"aws:UserName": "Alice"},     {"aws:username": "Alice"}),
    ({"k": ""},                     {"k": ""}),
    ({"k": []},                     {"k": ()}),
    ({"K": ["A", "b"]},             {"k": ("A", "b")}),
    ({"k": ("a",)},                 {"k": ("a",)}),
]
# fmt: on


@pytest.mark.parametrize(("context", "code", "key"), BAD_CONTEXTS)
def test_a_context_that_aws_could_not_make(context: Any, code: str, key: object) -> None:
    with pytest.raises(ContextError) as raised:
        normalized(context)
    assert (raised.value.code, raised.value.key) == (code, key)
    assert repr(key) in str(raised.value)


@pytest.mark.parametrize(("context", "expected"), CONTEXTS)
def test_a_context_in_one_form(context: Any, expected: Any) -> None:
    """Names in lower case, since their case does not count; values as they are."""
    assert normalized(context) == expected
    assert Request("iam:GetUser", "*", ALICE, context).values == expected
