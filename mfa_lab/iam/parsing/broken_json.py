"""What is wrong with a text that is no JSON: the usual causes, each with the place to mend.

`json.loads` reports where it could not go on. What is there, and before it, shows the cause; where
it does not, the mistake is plain `not_json`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from mfa_lab.iam.parsing.locations import TOKEN, line_and_column
from mfa_lab.iam.parsing.mistakes import Mistake
from mfa_lab.text.shown_value import shown

_TYPOGRAPHIC_QUOTES: Final = frozenset("“”„‟«»‘’‚‛‹›「」『』〝〞〟＂＇`´″′❝❞")
# What Japanese keyboards write in place of a mark of JSON, beside the full-width forms.
_MEANT: Final = {"、": ",", "，": ",", "：": ":", "【": "[", "】": "]", "〔": "[", "〕": "]"}
_MARKS: Final = frozenset("{}[],:")
_FENCE: Final = "```"
_FILE_NAME: Final = re.compile(r"\s*[^\n{}\[\]\"]+\.json\s*", re.IGNORECASE)
_COMMENT: Final = re.compile(r"//|/\*|#")
_WORD: Final = re.compile(r"-?[^\W\d][\w.-]*")
_CLOSING: Final = {"{": "}", "[": "]"}

# How Python's reader begins its message, where the text alone does not tell the cause.
_BY_MESSAGE: Final = {
    "Unterminated string": "json_unclosed_text",
    "Invalid control character": "json_line_break",
    "Invalid \\": "json_bad_escape",
    "Extra data": "json_after_end",
}


_INSIDE_A_TEXT: Final = ("Unterminated string", "Invalid control character", "Invalid \\")


def cause(text: str, error: json.JSONDecodeError) -> Mistake:
    """Return why a text is no JSON.

    Args:
        text: The text.
        error: What `json.loads` reported.
    """
    code, place, values = _cause(text, error)
    return Mistake(code, "", values, *line_and_column(text, place))


def unknown_word(text: str, word: str) -> Mistake:
    """Return the mistake of a word that JSON does not have, such as NaN, with its place."""
    place = next(
        (
            token.start() + token.group().find(word)
            for token in TOKEN.finditer(text)
            if word in token.group() and not token.group().startswith('"')
        ),
        0,
    )
    return Mistake("json_bare_word", "", {"word": word}, *line_and_column(text, place))


def _cause(text: str, error: json.JSONDecodeError) -> tuple[str, int, dict[str, object]]:
    place, message = error.pos, error.msg
    here = text[place : place + 1]
    if not text.strip():
        return "json_empty", 0, {}
    if _COMMENT.match(text, place):
        return "json_comment", place, {}
    if text.startswith(_FENCE, place):
        return "json_markdown_fence", place, {}
    if _FILE_NAME.fullmatch(text):
        return "json_file_name", 0, {"name": shown(text.strip())}
    if not message.startswith(_INSIDE_A_TEXT) and here and not here.isascii():
        found = _foreign_mark(here)
        if found is not None:
            return found[0], place, found[1]
    for beginning, code in _BY_MESSAGE.items():
        if message.startswith(beginning):
            # Of an unfinished escape the reader gives the letter after the backslash.
            is_letter = code == "json_bad_escape" and here != "\\"
            return code, place - is_letter, {}
    if here in _TYPOGRAPHIC_QUOTES and here:
        return "json_typographic_quotes", place, {"quote": here}
    if here == "'":
        return "json_single_quotes", place, {}
    if not here:
        return _unclosed(text)
    return _at_a_token(text, place, message)


def _foreign_mark(here: str) -> tuple[str, dict[str, object]] | None:
    """Return the mistake of a character in place of a mark of JSON or a space; None for others."""
    values: dict[str, object] = {"code_point": f"U+{ord(here):04X}"}
    if unicodedata.category(here) in ("Zs", "Zl", "Zp", "Cf"):
        return "json_foreign_space", values
    meant = _MEANT.get(here) or unicodedata.normalize("NFKC", here)
    if meant in _MARKS:
        return "json_foreign_mark", {**values, "character": here, "meant": meant}
    return None


def _text_before(text: str, place: int) -> tuple[str, int, dict[str, object]] | None:
    """Return what is wrong with the text that ends right before a place, if a word follows it."""
    if not (text[place].isalnum() and text[place - 1 : place] == '"'):
        return None
    token = next(token for token in TOKEN.finditer(text) if token.end() >= place)
    foreign = next((n for n, each in enumerate(token[0]) if each in _TYPOGRAPHIC_QUOTES), None)
    if foreign is not None and token[0][foreign] not in "`´'":
        quote = token[0][foreign]
        return "json_typographic_quotes", token.start() + foreign, {"quote": quote}
    word = re.compile(r"[\w:*.-]+").match(text, place)
    values: dict[str, object] = {"word": shown(word[0]) if word else text[place]}
    return "json_text_ends_early", token.start(), values


def _at_a_token(text: str, place: int, message: str) -> tuple[str, int, dict[str, object]]:
    """Return the cause where reading stopped at something that JSON has, or at a word."""
    here = text[place]
    before = text[:place].rstrip()
    if here in "}]" and before.endswith(","):
        return "json_trailing_comma", len(before) - 1, {}
    if here == "," and text[place + 1 :].lstrip()[:1] in ("}", "]"):  # Python 3.13
        return "json_trailing_comma", place, {}
    if here in "}]" and "':'" not in message and "value" not in message:
        return _wrong_bracket(text, place)
    if (here == "," and before.endswith((",", "[", "{"))) and "delimiter" not in message:
        return "json_extra_comma", place, {}
    if here in ",}]" and before.endswith(":"):
        return "json_missing_value", place, {}
    if "delimiter" in message and (found := _text_before(text, place)) is not None:
        return found
    if "':' delimiter" in message:
        return "json_missing_colon", place, {}
    if "',' delimiter" in message and here not in ":,":
        return "json_missing_comma", place, {}
    word = _WORD.match(text, place)
    if word:
        return "json_bare_word", place, {"word": shown(word.group())}
    return "not_json", place, {}


def _unclosed(text: str) -> tuple[str, int, dict[str, object]]:
    """The text ends too soon: return which bracket is still open, if any."""
    opened = _open_brackets(text, len(text))
    if not opened:
        return "not_json", len(text), {}
    line, _ = line_and_column(text, opened[-1])
    return "json_unclosed", len(text), {"bracket": text[opened[-1]], "opened": line}


def _wrong_bracket(text: str, place: int) -> tuple[str, int, dict[str, object]]:
    opened = _open_brackets(text, place)
    if not opened or _CLOSING[text[opened[-1]]] == text[place]:
        return "not_json", place, {}
    line, _ = line_and_column(text, opened[-1])
    values = {"bracket": text[place], "other": text[opened[-1]], "opened": line}
    return "json_wrong_bracket", place, dict(values)


def _open_brackets(text: str, end: int) -> list[int]:
    """Return the offsets of the brackets that are still open at a place."""
    opened: list[int] = []
    for bracket, place in _brackets(text, end):
        if bracket in _CLOSING:
            opened.append(place)
        elif opened:
            opened.pop()
    return opened


def _brackets(text: str, end: int) -> Iterator[tuple[str, int]]:
    for token in TOKEN.finditer(text, 0, end):
        if token.group() in ("{", "}", "[", "]"):
            yield token.group(), token.start()
