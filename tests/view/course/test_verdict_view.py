"""A verdict is one sentence, with symbol and word."""

from __future__ import annotations

import pytest
from bs4 import Tag

from mfa_lab.view.course.verdict_view import VerdictView
from tests.view.markup import one, parsed, words


@pytest.mark.parametrize(
    ("is_right", "language", "text"),
    [
        (True, "en", "✓ Right. Because."),
        (False, "en", "… Not yet. Because."),
        (True, "ja", "✓ 正解です。Because."),
        (False, "ja", "… まだ正解ではありません。Because."),
    ],
)
def test_a_verdict_is_symbol_word_and_sentence(is_right: bool, language: str, text: str) -> None:
    view = VerdictView(is_right, "Because.", language)
    root: Tag = one(parsed(view._repr_html_()), "p")
    assert repr(view) == text
    assert words(root) == text.replace("。B", "。 B")
    assert root["lang"] == language
    assert one(root, ".symbol")["aria-hidden"] == "true"
    assert ("allow" if is_right else "explicit_deny") in root["class"]
    assert ("explicit_deny" if is_right else "allow") not in root["class"]
