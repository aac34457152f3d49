"""Every sentence that a learner reads from the library: one catalogue a language.

A catalogue is a TOML file of sections and keys. Its sentences have placeholders in braces, filled
by `str.format`. A test holds the languages together: same keys, same placeholders.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("en", "ja")


@cache
def catalogue(language: str) -> dict[str, str]:
    """Give a language's sentences by key, such as `face.allow`.

    Args:
        language: `en` or `ja`.

    Raises:
        ValueError: There is no catalogue of that language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
    import tomllib  # here, since a decision needs no sentence and the import takes time

    source = Path(__file__).with_name(f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(source)))


def say(key: str, language: str = "en", /, **values: object) -> str:
    """Give the sentence of a key, its placeholders filled.

    A count named `count` picks between `key.one` and `key.other` where the catalogue has both.

    Raises:
        KeyError: No such sentence, or a placeholder without a value.
    """
    sentences = catalogue(language)
    if key not in sentences:
        key += ".one" if values.get("count") == 1 else ".other"
    return sentences[key].format(**values)


def _flat(section: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    sentences: list[tuple[str, str]] = []
    for name, value in section.items():
        if isinstance(value, dict):
            sentences += _flat(value, f"{prefix}{name}.")
        else:
            sentences.append((prefix + name, value))
    return sentences
