"""Every sentence that a learner reads from the library: one catalogue a language.

A catalogue is a folder of TOML files, one for each part of the library, with sections and keys. Its
sentences have placeholders in braces, filled by `str.format`. A test holds the languages together:
same files, same keys, same placeholders.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("en", "ja")

_chosen = LANGUAGES[0]


def speak(language: str) -> None:
    """Choose the language of sentences for which none is given, such as an error's.

    A notebook's kernel has one learner, so this holds for the process; a lesson chooses its own.

    Args:
        language: `en`, the one at first, or `ja`.

    Raises:
        ValueError: There is no such language.
    """
    global _chosen
    catalogue(language)
    _chosen = language


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return a language's sentences by key, such as `face.allow`.

    Args:
        language: `en` or `ja`.

    Raises:
        ValueError: There is no catalogue of that language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
    import tomllib  # here, since a decision needs no sentence and the import takes time

    sentences: dict[str, str] = {}
    for file in sorted(Path(__file__).with_name(language).glob("*.toml")):
        sentences |= _flat(tomllib.loads(file.read_text(encoding="utf-8")))
    return sentences


def say(key: str, language: str | None = None, /, **values: object) -> str:
    """Return the sentence of a key, its placeholders filled.

    A number named `count` picks between `key.one` and `key.other` where the catalogue has both, and
    is written with separators between its thousands.

    Args:
        key: Such as `face.allow`.
        language: `en` or `ja`; None for the chosen one.
        values: What fills the placeholders.

    Raises:
        KeyError: No such sentence, or a placeholder without a value.
    """
    sentences = catalogue(language or _chosen)
    if key not in sentences:
        key += ".one" if values.get("count") == 1 else ".other"
    if isinstance(values.get("count"), int):
        values["count"] = f"{values['count']:,}"
    return sentences[key].format(**values)


def joined(sentences: Iterable[str], language: str = "en") -> str:
    """Return sentences one after the other; Japanese puts no space between them."""
    return ("" if language == "ja" else " ").join(sentences)


def _flat(section: dict[str, Any], prefix: str = "") -> dict[str, str]:
    sentences: dict[str, str] = {}
    for name, value in section.items():
        if isinstance(value, dict):
            sentences |= _flat(value, f"{prefix}{name}.")
        else:
            sentences[prefix + name] = value
    return sentences
