"""The wildcard matcher, against cases and against an obvious reference."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mfa_lab.iam.patterns import (
    ANY_ONE,
    ANY_RUN,
    Pattern,
    Tokens,
    compiled_pattern,
    split_tokens,
    tokens_of,
)

repeatable = settings(deadline=None, derandomize=True, max_examples=400)


def fits(pattern: Tokens, text: str) -> bool:
    """Tell by the definition whether text fits a pattern: the reference."""
    symbols: list[object] = []
    for token in pattern:
        symbols += list(token) if isinstance(token, str) else [token]

    @cache
    def rest_fits(symbol: int, place: int) -> bool:
        if symbol == len(symbols):
            return place == len(text)
        if symbols[symbol] is ANY_RUN:
            return rest_fits(symbol + 1, place) or (
                place < len(text) and rest_fits(symbol, place + 1)
            )
        if place == len(text):
            return False
        is_fit = symbols[symbol] is ANY_ONE or symbols[symbol] == text[place]
        return is_fit and rest_fits(symbol + 1, place + 1)

    return rest_fits(0, 0)


# fmt: off
MATCHES = [
    # pattern       text                matches
    ("",            "",                 True),
    ("",            "a",                False),
    ("*",           "",                 True),
    ("*",           "anything/at:all",  True),
    ("**",          "",                 True),
    ("?",           "a",                True),
    ("?",           "",                 False),
    ("?",           "ab",               False),
    ("??",          "ab",               True),
    ("a",           "a",                True),
    ("a",           "A",                False),
    ("a*",          "a",                True),
    ("a*",          "ba",               False),
    ("*a",          "a",                True),
    ("*a",          "ab",               False),
    ("a*a",         "a",                False),     # one letter cannot be both ends
    ("a*a",         "aa",               True),
    ("ab*ba",       "aba",              False),
    ("ab*ba",       "abba",             True),
    ("a*b*c",       "axxbxxc",          True),
    ("a*b*c",       "axxcxxb",          False),
    ("*ab*",        "xaab",             True),
    ("*?",          "",                 False),
    ("*?",          "a",                True),
    ("?*",          "abc",              True),
    ("a?*?b",       "axyb",             True),
    ("a?*?b",       "axb",              False),
    ("*a?c*",       "abacadc",          True),      # the second a is the one
    ("*a?c",        "aacabc",           True),
    ("a?c*a?c",     "abc",              False),
    ("*a?b*",       "ab",               False),
    ("*a?*b",       "ab",               False),
    ("*ab*b",       "ab",               False),     # nor one letter the middle and the end
    ("*aab*aab*",   "aaabaab",          True),
    ("*aab*aab*",   "aaabab",           False),
    ("a.c",         "abc",              False),     # no regular expressions
    ("a+",          "aa",               False),
    ("[ab]",        "a",                False),
    ("a|b",         "a",                False),
    ("(a)",         "(a)",              True),
    ("\\d",         "1",                False),
    ("^a$",         "a",                False),
    ("a.?",         "a.b",              True),
    ("a.?",         "axb",              False),
    ("a*",          "a\n",              True),      # any character, newlines too
    ("a?",          "a\n",              True),
    ("*?*",         "\n",               True),
    ("a",           "a\n",              False),
    ("?",           "\U0001F511",       True),      # one character beyond the first plane
    ("é",           "e\u0301",          False),     # no normal forms
]

TOKENS = [
    # text          tokens
    ("",            ()),
    ("ab",          ("ab",)),
    ("a*b",         ("a", ANY_RUN, "b")),
    ("*ab?",        (ANY_RUN, "ab", ANY_ONE)),
    ("**",          (ANY_RUN, ANY_RUN)),
]

SPLITS = [
    # tokens                            most    parts
    (("a:b:c",),                        1,      [("a",), ("b:c",)]),
    (("a:b:c",),                        9,      [("a",), ("b",), ("c",)]),
    (("a:b:c",),                        0,      [("a:b:c",)]),
    ((),                                3,      [()]),
    (("::",),                           9,      [(), (), ()]),
    (("a", ANY_RUN, "b:c", ANY_ONE),    9,      [("a", ANY_RUN, "b"), ("c", ANY_ONE)]),
    ((ANY_RUN, ":", ANY_RUN, ":x"),     1,      [(ANY_RUN,), (ANY_RUN, ":x")]),
    ((ANY_RUN, ANY_RUN),                9,      [(ANY_RUN, ANY_RUN)]),
]

EVERYTHING = [
    # pattern   is everything
    ("*",       True),
    ("***",     True),
    ("",        False),
    ("?",       False),
    ("*?",      False),
    ("a*",      False),
]
# fmt: on


@pytest.mark.parametrize(("pattern", "text", "matches"), MATCHES)
def test_matches(pattern: str, text: str, matches: bool) -> None:
    assert compiled_pattern(pattern).matches(text) is matches
    assert compiled_pattern(pattern).matching_indexes(["", text, text]) == [
        place for place in (0, 1, 2) if (matches if place else fits(tokens_of(pattern), ""))
    ]
    assert fits(tokens_of(pattern), text) is matches


@pytest.mark.parametrize(("text", "tokens"), TOKENS)
def test_tokens(text: str, tokens: Tokens) -> None:
    assert tokens_of(text) == tokens


@pytest.mark.parametrize(("tokens", "most", "parts"), SPLITS)
def test_split(tokens: Tokens, most: int, parts: list[Tokens]) -> None:
    assert list(split_tokens(tokens, ":", most)) == parts


@pytest.mark.parametrize(("pattern", "is_everything"), EVERYTHING)
def test_is_everything(pattern: str, is_everything: bool) -> None:
    assert compiled_pattern(pattern).is_everything is is_everything


def test_a_literal_token_is_literal() -> None:
    """What a policy variable brings in is no wildcard."""
    pattern = Pattern(("user/", "a*", ANY_RUN))
    assert pattern.matches("user/a*")
    assert pattern.matches("user/a*b")
    assert not pattern.matches("user/ab")
    assert pattern.matching_indexes(["user/ab", "user/a*b"]) == [1]
    assert Pattern(("a?", ANY_ONE)).matches("a?x")
    assert not Pattern(("a?", ANY_ONE)).matches("abx")


def test_many_stars_take_no_time() -> None:
    """A matcher that goes back and tries again would not end before the sun does."""
    text = "a" * 3000
    stars = "*a" * 200
    assert compiled_pattern(stars).matches(text)
    assert not compiled_pattern(stars + "*b").matches(text)
    assert not compiled_pattern(stars + "*b*").matches(text)
    assert not compiled_pattern("*a?a" * 50 + "*b*").matches(text)
    assert not compiled_pattern("*" * 5000 + "b").matches(text)
    assert not compiled_pattern("?" * 3001).matches(text)
    for hard in (
        stars + "*b",
        stars + "*b*",
        "*a?a" * 50 + "*b*",
        "*" * 5000 + "b",
        "*?" * 500 + "b",
    ):
        assert compiled_pattern(hard).matching_indexes([text]) == []


letters = st.sampled_from("ab")
symbols = st.one_of(st.text("ab*?", min_size=1, max_size=4), st.sampled_from([ANY_RUN, ANY_ONE]))
patterns = st.lists(symbols, max_size=8).map(tuple)


@st.composite
def patterns_with_fitting_text(draw: st.DrawFn) -> tuple[Tokens, str]:
    """A pattern, and text that is made from it, with or without one change."""
    pattern: Tokens = draw(patterns)
    text = "".join(
        token
        if isinstance(token, str)
        else draw(letters if token is ANY_ONE else st.text("ab", max_size=3))
        for token in pattern
    )
    if text and draw(st.booleans()):
        place = draw(st.integers(0, len(text) - 1))
        text = text[:place] + draw(st.text("ab*?", max_size=2)) + text[place + 1 :]
    return pattern, text


@repeatable
@given(patterns_with_fitting_text())
@example((("a", ANY_RUN, "a"), "a"))
def test_agrees_with_the_definition_on_text_made_from_the_pattern(
    case: tuple[Tokens, str],
) -> None:
    pattern, text = case
    assert Pattern(pattern).matches(text) is fits(pattern, text)
    assert Pattern(pattern).matching_indexes([text]) == [0] * fits(pattern, text)


@repeatable
@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_agrees_with_the_definition_on_any_text(spelled: str, text: str) -> None:
    assert compiled_pattern(spelled).matches(text) is fits(tokens_of(spelled), text)


@repeatable
@given(st.text())
def test_text_without_wildcards_fits_itself_alone(text: str) -> None:
    pattern = Pattern((text,))
    assert pattern.matches(text)
    assert not pattern.matches(text + "a")
    assert not pattern.matches("a" + text)


@repeatable
@given(st.text("ab:*?", max_size=12), st.integers(0, 5))
def test_a_split_loses_nothing(spelled: str, most: int) -> None:
    """The parts joined by the separator spell the whole again."""
    parts = list(split_tokens(tokens_of(spelled), ":", most))
    joined = ":".join(
        "".join(token if isinstance(token, str) else token.value for token in part)
        for part in parts
    )
    assert joined == spelled
    assert len(parts) == min(spelled.count(":"), most) + 1
