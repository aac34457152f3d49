"""The one wildcard matcher: actions, resources, StringLike and ArnLike all match here.

A pattern is a tuple of tokens: literal text, `ANY_RUN` (written `*`) or `ANY_ONE` (written `?`).
Tokens, not a regular expression, because text that a policy variable brings in must stay literal
even where it holds a `*`, and because `*a*a*a*…` as a regular expression takes forever.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache


class Wildcard(enum.Enum):
    """A wildcard of the policy language."""

    ANY_RUN = "*"
    ANY_ONE = "?"


ANY_RUN, ANY_ONE = Wildcard.ANY_RUN, Wildcard.ANY_ONE

Token = str | Wildcard
Tokens = tuple[Token, ...]

_WILDCARDS = re.compile(r"[*?]")


def tokens_of(text: str) -> Tokens:
    """Split text into literals and wildcards, with neighbouring literals joined."""
    tokens: list[Token] = []
    end = 0
    for wildcard in _WILDCARDS.finditer(text):
        if wildcard.start() > end:
            tokens.append(text[end : wildcard.start()])
        tokens.append(Wildcard(wildcard.group()))
        end = wildcard.end()
    if end < len(text):
        tokens.append(text[end:])
    return tuple(tokens)


class Pattern:
    """A compiled pattern: pieces of fixed length between runs of anything.

    Args:
        tokens: Literal texts and wildcards.

    Source: IAM User Guide, "IAM JSON policy elements: Resource" (`*` is any run of characters,
    `?` is exactly one); time grows with pattern length times text length at worst.
    """

    __slots__ = ("_first", "_last", "_middle", "_whole", "tokens")

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        pieces = [_Piece(piece) for piece in _pieces(tokens)]
        self._whole = pieces[0] if len(pieces) == 1 else None
        self._first, *middle, self._last = pieces if len(pieces) > 1 else (pieces[0], pieces[0])
        self._middle = [piece for piece in middle if piece.length]

    def __repr__(self) -> str:
        return f"<Pattern {self.tokens}>"

    def matches(self, text: str) -> bool:
        """Tell whether the whole text matches the pattern (upper and lower case differ)."""
        if self._whole is not None:
            return len(text) == self._whole.length and self._whole.at(text, 0)
        start, end = self._first.length, len(text) - self._last.length
        if start > end or not self._first.at(text, 0) or not self._last.at(text, end):
            return False
        for piece in self._middle:
            # The leftmost place is always as good as any other: it leaves the most room.
            found = piece.find(text, start, end)
            if found < 0:
                return False
            start = found + piece.length
        return True

    def matching_indexes(self, texts: Sequence[str]) -> list[int]:
        """Return the indexes of the texts that match: the same as `matches` for each, in one go.

        Args:
            texts: Many texts, such as all actions of AWS.
        """
        literals = [piece for piece in _pieces(self.tokens) if piece and ANY_ONE not in piece]
        longest = max(("".join(map(str, piece)) for piece in literals), key=len, default="")
        places = [place for place, text in enumerate(texts) if longest in text]
        if self.tokens == (ANY_RUN, longest, ANY_RUN):
            return places
        fits = _regex(self.tokens).match
        return [place for place in places if fits(texts[place])]

    @property
    def is_everything(self) -> bool:
        """Whether the pattern is nothing but `*`, and so matches every text."""
        return bool(self.tokens) and all(token is ANY_RUN for token in self.tokens)


@lru_cache(maxsize=65_536)
def compiled_pattern(text: str) -> Pattern:
    """Return the pattern that a text with wildcards spells, compiled once."""
    return Pattern(tokens_of(text))


@lru_cache(maxsize=4096)
def pattern_of(tokens: Tokens) -> Pattern:
    """Return the pattern of tokens, such as text with the value of a variable put in."""
    return Pattern(tokens)


def split_tokens(tokens: Iterable[Token], separator: str, most: int) -> Iterator[Tokens]:
    """Split tokens at a separator in literal text, at most `most` times.

    Args:
        tokens: Literal texts and wildcards.
        separator: One character.
        most: How many splits, as in `str.split`.
    """
    part: list[Token] = []
    for token in tokens:
        if isinstance(token, Wildcard):
            part.append(token)
            continue
        while most and separator in token:
            before, token = token.split(separator, 1)
            yield tuple(part) if not before else (*part, before)
            part, most = [], most - 1
        if token:
            part.append(token)
    yield tuple(part)


def _pieces(tokens: Tokens) -> Iterator[Tokens]:
    piece: list[Token] = []
    for token in tokens:
        if token is ANY_RUN:
            yield tuple(piece)
            piece = []
        else:
            piece.append(token)
    yield tuple(piece)


def _regex(tokens: Tokens) -> re.Pattern[str]:
    """Return the same as a regular expression, for when it pays to compile one.

    A group that is atomic never looks for a second place, so there is nothing to try again.
    """
    first, *following = ("".join(map(_spelled, piece)) for piece in _pieces(tokens))
    if not following:
        return re.compile(f"{first}\\Z", re.DOTALL)
    *middle, last = following
    runs = "".join(f"(?>.*?{piece})" for piece in middle)
    return re.compile(first + runs + (f".*{last}\\Z" if last else ""), re.DOTALL)


def _spelled(token: Token) -> str:
    return re.escape(token) if isinstance(token, str) else "."


class _Piece:
    """What is between two runs of anything: text of one length, which may have `?` in it."""

    __slots__ = ("_regex", "_text", "length")

    def __init__(self, tokens: Tokens) -> None:
        self.length = sum(len(token) if isinstance(token, str) else 1 for token in tokens)
        self._text = "".join(token for token in tokens if isinstance(token, str))
        self._regex: re.Pattern[str] | None = None
        if ANY_ONE in tokens:
            self._regex = re.compile("".join(map(_spelled, tokens)), re.DOTALL)

    def at(self, text: str, place: int) -> bool:
        if self._regex is not None:
            return self._regex.match(text, place) is not None
        return text.startswith(self._text, place)

    def find(self, text: str, start: int, end: int) -> int:
        if self._regex is not None:
            found = self._regex.search(text, start, end)
            return found.start() if found else -1
        return text.find(self._text, start, end)
