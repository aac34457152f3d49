"""The catalogues of sentences: the languages side by side, and with the code that uses them."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import mfa_lab
from mfa_lab.text import LANGUAGES, catalogue, say
from tests.text.keys_in_code import is_said, modules

PACKAGE = Path(mfa_lab.__file__).parent
TEXT = PACKAGE / "text"
ENGLISH, JAPANESE = catalogue("en"), catalogue("ja")
COUNTED = re.compile(r"\.(one|other)$")

# Hiragana, katakana, ideographs: what a sentence in Japanese cannot do without.
JAPANESE_LETTERS = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
# What is the same in any language: commands, and what has no words.
COMMANDS = re.compile(r"((mfa-lab|python -m|pip|aws) .*\n?)+|[\W\d_]*")


def placeholders(sentence: str) -> set[str]:
    """Give the names in braces, without what follows them: `{key!r}` asks for `key`."""
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(sentence) if name}


def words_outside_braces(sentence: str) -> str:
    return "".join(text for text, *_ in Formatter().parse(sentence))


# The languages side by side.


def test_the_same_files() -> None:
    files = {
        language: sorted(file.name for file in (TEXT / language).glob("*.toml"))
        for language in LANGUAGES
    }
    assert files["en"] == files["ja"]
    assert "iam.toml" in files["en"]


@pytest.mark.parametrize("file", sorted((TEXT / "en").glob("*.toml")), ids=lambda file: file.name)
def test_the_same_keys_file_by_file(file: Path) -> None:
    other = TEXT / "ja" / file.name
    keys = [list(flat(tomllib.loads(one.read_text("utf-8")))) for one in (file, other)]
    assert sorted(keys[0]) == sorted(keys[1])


def flat_keys_of(room: str) -> set[str]:
    """Give the keys of one file; none where there is no such file."""
    files = (TEXT / "en").glob(f"{room}.toml")
    return {key for file in files for key in flat(tomllib.loads(file.read_text("utf-8")))}


def flat(section: dict[str, object], prefix: str = "") -> Iterator[str]:
    for name, value in section.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_file_hides_a_key_of_another(language: str) -> None:
    keys = [
        key
        for file in (TEXT / language).glob("*.toml")
        for key in flat(tomllib.loads(file.read_text("utf-8")))
    ]
    assert len(keys) == len(set(keys)) == len(catalogue(language))


def test_the_same_placeholders() -> None:
    assert [
        key for key in ENGLISH if placeholders(JAPANESE[key]) != placeholders(ENGLISH[key])
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_text_with_sound_braces(language: str) -> None:
    for key, sentence in catalogue(language).items():
        assert isinstance(sentence, str), key
        assert sentence, key
        values = dict.fromkeys(placeholders(sentence), 1)
        assert sentence.format(**values) is not None, key


def is_in_japanese(japanese: str, english: str) -> bool:
    """Return whether it is, has no word of its own, or is one name that stays as it is."""
    own = words_outside_braces(japanese)
    is_a_name = japanese == english and " " not in own.strip()
    return bool(JAPANESE_LETTERS.search(own) or COMMANDS.fullmatch(own)) or is_a_name


def test_japanese_sentences_are_in_japanese() -> None:
    assert [key for key in JAPANESE if not is_in_japanese(JAPANESE[key], ENGLISH[key])] == []


def test_english_sentences_are_in_english() -> None:
    assert [key for key in ENGLISH if JAPANESE_LETTERS.search(ENGLISH[key])] == []


@pytest.mark.parametrize(
    ("japanese", "is_right"),
    [("許可", True), ("{a} {b}", True), ("iam:X", True), ("allowed now", False)],
)
def test_what_is_in_japanese(japanese: str, is_right: bool) -> None:
    assert is_in_japanese(japanese, japanese) is is_right


# Counts.


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_count_has_both_forms(language: str) -> None:
    keys = set(catalogue(language))
    stems = {key.removesuffix(".one") for key in keys if key.endswith(".one")}
    assert {f"{stem}.other" for stem in stems} <= keys
    assert not stems & keys


def test_an_unknown_language() -> None:
    with pytest.raises(ValueError, match="en, ja, got 'fr'"):
        catalogue("fr")


def test_an_unknown_key_and_a_missing_value() -> None:
    with pytest.raises(KeyError):
        say("no.such.key")
    with pytest.raises(KeyError, match="sid"):
        say("policy_error.malformed_sid")


def test_the_language_of_a_sentence() -> None:
    assert say("policy_error.sid_twice", sid="A").startswith("The Sid “A”")
    assert say("policy_error.sid_twice", "ja", sid="A").startswith("Sid「A」")


# The code that uses them.


def calls_of_say() -> Iterator[tuple[str, ast.Call]]:
    """Give the calls of `say` itself, with their place."""
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "say" and node.args:
                yield f"{name}:{node.lineno}", node


def literal_keys(node: ast.expr) -> Iterator[str]:
    """Give the keys that an argument spells out, on both sides of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literal_keys(node.body)
        yield from literal_keys(node.orelse)


def pattern_of(node: ast.JoinedStr) -> re.Pattern[str]:
    """Give the pattern of the keys that an f-string may spell."""
    parts = (
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[^.]+"
        for part in node.values
    )
    return re.compile("".join(parts))


def sentences_of(key: str) -> list[str]:
    """Give the English sentences that `say` may take for a key: one, or those of a count."""
    names = [key] if key in ENGLISH else [f"{key}.one", f"{key}.other"]
    return [ENGLISH[name] for name in names if name in ENGLISH]


def test_say_is_called() -> None:
    assert len(list(calls_of_say())) > 5


def test_every_key_that_the_code_spells_out_exists() -> None:
    missing = [
        (place, key)
        for place, call in calls_of_say()
        for key in literal_keys(call.args[0])
        if not sentences_of(key)
    ]
    assert missing == []


def test_every_key_that_the_code_puts_together_may_exist() -> None:
    missing = [
        (place, pattern_of(call.args[0]).pattern)
        for place, call in calls_of_say()
        if isinstance(call.args[0], ast.JoinedStr)
        if not any(pattern_of(call.args[0]).match(key) for key in ENGLISH)
    ]
    assert missing == []


def test_every_placeholder_is_given_its_value() -> None:
    """Where a call spells out its key and names all its values."""
    missing = [
        (place, key, name)
        for place, call in calls_of_say()
        if all(keyword.arg for keyword in call.keywords)
        for key in literal_keys(call.args[0])
        for sentence in sentences_of(key)
        for name in placeholders(sentence) - {keyword.arg for keyword in call.keywords}
    ]
    assert missing == []


def test_every_sentence_is_used() -> None:
    said = {key for key in ENGLISH if is_said(key) or is_said(COUNTED.sub("", key))}
    assert sorted(ENGLISH.keys() - said) == []


@pytest.mark.parametrize(
    "key",
    [
        "face.no_such_file",  # a code of the commands: all its words stand in the package
        "policy_error.no_such_file",
        "account_error.says_actions",  # a key of the page of a policy
        "trace.refused_federated_role_session",
        "lesson_01.check_three_values.no_such_code",
        "doctor.python.mended",
    ],
)
def test_a_sentence_that_nothing_says_is_noticed(key: str) -> None:
    assert not is_said(key)
