"""The language of a command: by option, by variable, by locale."""

from __future__ import annotations

import pytest

from mfa_lab.cli.language import language_of


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "ja_JP.UTF-8"}, "ja"),
        ([], {"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
        ([], {"LANG": "ja_JP.UTF-8", "MFA_LAB_LANG": "en"}, "en"),
        ([], {"LANG": "C", "MFA_LAB_LANG": "ja"}, "ja"),
        ([], {"LANG": "C", "MFA_LAB_LANG": "fr"}, "en"),
        (["open", "--lang", "ja"], {"MFA_LAB_LANG": "en"}, "ja"),
        (["open", "--lang=en"], {"LANG": "ja_JP.UTF-8"}, "en"),
        (["open", "--lang"], {"LANG": "ja_JP.UTF-8"}, "ja"),
        (["open", "--lang", "fr"], {"LANG": "ja_JP.UTF-8"}, "ja"),
    ],
)
def test_the_language(arguments: list[str], environment: dict[str, str], language: str) -> None:
    assert language_of(arguments, {"LC_ALL": "", "LANG": "C", **environment}) == language
