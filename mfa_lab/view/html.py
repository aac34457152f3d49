"""HTML from templates: everything that comes in is escaped, every sentence is in one language."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from mfa_lab.text import say

_FOLDER = Path(__file__).parent
_WHERE_WORDS_MEET = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[:/])(?=.)")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters["breakable"] = breakable
    return environment


def breakable(name: str) -> Markup:
    """Let a long name be broken where its words meet, as in ARNs, actions and Sids.

    Args:
        name: Such as `iam:CreateVirtualMFADevice`.
    """
    return Markup("<wbr>").join(_WHERE_WORDS_MEET.split(name))


@cache
def style() -> str:
    """Give the library's style sheet."""
    return (_FOLDER / "style.css").read_text(encoding="utf-8")


def render(template: str, language: str, /, **values: object) -> str:
    """Fill a template.

    Args:
        template: Its name without `.html`.
        language: `en` or `ja`; in the template, `say("key", …)` speaks it.
        values: What the template names.
    """

    def speak(key: str, /, **named: object) -> str:
        return say(key, language, **named)

    return (
        _environment()
        .get_template(f"{template}.html")
        .render(say=speak, language=language, **values)
    )


def static(fragment: str) -> str:
    """Give a fragment that stands by itself in a notebook or a page, with its style."""
    return f"<style>{style()}</style>\n{fragment}"
