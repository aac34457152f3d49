"""Policies with a mark where the mistake in them is to be found.

Of a policy's members, the place is the name's; of a list's items, the item's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from mfa_lab import Policy, PolicyError
from mfa_lab.iam import Mistake

REST = '"Effect": "Allow", "Action": "*", "Resource": "*"'
COND = f'{REST}, "Condition": '
REST_OF_RCP = '"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*"'
REST_OF_TRUST = '"Effect": "Allow", "Action": "sts:AssumeRole"'


def refusal(source: str | bytes | Mapping[str, Any]) -> PolicyError:
    with pytest.raises(PolicyError) as raised:
        Policy.parse(source)
    return raised.value


def place_of(marked: str) -> tuple[str, int, int]:
    """Return a text without its mark, and the line and column of the mark, both from 1."""
    before, _, after = marked.partition("§")
    return before + after, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def assert_in_document(code: str, marked: str, pointer: str, words: list[str]) -> None:
    """Assert that a document has one mistake, at the mark §; @ takes the place of a statement.

    Args:
        code: Its code.
        marked: The document's text.
        pointer: Its pointer.
        words: What its sentence has: the rule and the names.
    """
    text, line, column = place_of(marked.replace("@", f"{{{REST}}}"))
    error = refusal(text)
    (mistake,) = error.mistakes
    assert (mistake.code, error.pointer, error.line, error.column) == (code, pointer, line, column)
    assert (mistake.pointer, mistake.line, mistake.column) == (pointer, line, column)
    for word in words:
        assert word in mistake.sentence()


def assert_in_statement(code: str, marked: str, pointer: str, words: list[str]) -> None:
    """Assert that a policy has one mistake, in its second statement at the mark §.

    Args:
        code: Its code.
        marked: What is between the statement's braces.
        pointer: Its pointer from the statement.
        words: What its sentence has: the rule and the names. The names stay in Japanese.
    """
    body = marked if "§" in marked else f"§{{{marked}}}"
    braces = body if body.startswith("§{") else f"{{{body}}}"
    whole = f'{{"Version": "2012-10-17",\n "Statement": [\n  {{{REST}}},\n  {braces}]}}'
    text, line, column = place_of(whole)
    error = refusal(text)
    (mistake,) = error.mistakes
    where = f"/Statement/1{pointer}"
    assert (mistake.code, error.pointer, error.line, error.column) == (code, where, line, column)
    assert_words(mistake, words)


def assert_in_kind(code: str, kind: str, marked: str, pointer: str, words: list[str]) -> None:
    """Assert that a policy of a kind has one mistake, in its only statement at the mark §.

    Args:
        code: Its code.
        kind: The kind of policy.
        marked: What is between the statement's braces.
        pointer: Its pointer from the statement.
        words: What its sentence has: the rule and the names. The names stay in Japanese.
    """
    statement = f'"Statement": {{{marked}}}' if pointer else f'§"Statement": {{{marked}}}'
    text, line, column = place_of(f'{{"Version": "2012-10-17",\n {statement}}}')
    with pytest.raises(PolicyError) as raised:
        Policy.parse(text, kind)
    (mistake,) = raised.value.mistakes
    assert (mistake.code, mistake.pointer) == (code, f"/Statement{pointer}")
    assert (mistake.line, mistake.column) == (line, column)
    assert_words(mistake, words)


def assert_words(mistake: Mistake, words: list[str]) -> None:
    """Assert what a sentence has, and that the Japanese one has the same names."""
    japanese = mistake.sentence("ja")
    assert any("\u3040" <= character <= "\u30ff" for character in japanese)
    for word in words:
        assert word in mistake.sentence("en")
        for name in re.findall("“(.*?)”", word):
            assert name in japanese
