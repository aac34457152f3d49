"""Drawn values as JSON text, in which numbers stand as they were drawn."""

from __future__ import annotations

import json
import re
from typing import Any

# A number or a word that stands in a document without quotes, exactly as written.
UNQUOTED = "unquoted:"


def written(value: Any) -> str:
    """A drawn value as JSON text."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(rf'"{UNQUOTED}([^"]*)"', r"\1", text)


def as_drawn(text: str) -> Any:
    """The value that a text was written from."""

    def unquoted(spelled: str) -> str:
        return UNQUOTED + spelled

    return json.loads(text, parse_int=unquoted, parse_float=unquoted)
