"""Columns of text, in which a Japanese character is two wide."""

from __future__ import annotations

from mfa_lab.text.columns import aligned, width, widths


def test_a_japanese_character_is_two_columns_wide() -> None:
    assert (width("abc"), width("日本"), width("ｱ"), width("Ａ"), width("é")) == (3, 4, 1, 2, 1)
    rows = [["日本", "x"], ["abcde", "y"]]
    assert [aligned(row, widths(rows)) for row in rows] == ["日本   x", "abcde  y"]
