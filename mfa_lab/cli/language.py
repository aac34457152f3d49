"""The language in which a command speaks."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from typing import Final

from mfa_lab.text import LANGUAGES

VARIABLE: Final = "MFA_LAB_LANG"
_LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts
_DEFAULT: Final = "en"


def preferred_language(environment: Mapping[str, str] = os.environ) -> str:
    """Give the language that MFA_LAB_LANG names, else the locale's, else English.

    Args:
        environment: The environment variables.
    """
    named = environment.get(VARIABLE, "")[:2].lower()
    if named in LANGUAGES:
        return named
    spelled = next(filter(None, map(environment.get, _LOCALE_VARIABLES)), None)
    if spelled is None:
        spelled = locale.getlocale()[0] or ""  # Windows sets no variable
    return "ja" if spelled.lower().startswith("ja") else _DEFAULT
