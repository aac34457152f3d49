"""HTML from templates: everything that comes in is escaped, every sentence is in one language."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from mfa_lab.text import say

_FOLDER = Path(__file__).parent
_COMPONENT = re.compile(r"\bmfa-lab-[a-z_]+")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_WHERE_WORDS_MEET = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[:/])(?=.)")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
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
    """Return the library's style sheet."""
    return (_FOLDER / "style.css").read_text(encoding="utf-8")


def render(template: str, language: str, /, **values: object) -> str:
    """Fill a template.

    Args:
        template: Its path below this folder without `.html`, such as `table/trace`.
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


def style_of(fragment: str) -> str:
    """Return the rules of the style sheet that a fragment needs.

    A notebook holds its outputs one by one, each with its style: the whole sheet in each would be
    most of the notebook, and slow to draw.

    Args:
        fragment: HTML of the library.
    """
    there = frozenset(_COMPONENT.findall(fragment))
    return "\n".join(rule for named, rule in _rules() if not named or named & there)


@cache
def _rules() -> tuple[tuple[frozenset[str], str], ...]:
    """Return the rules of the style sheet, each with the parts of the library that it names."""
    rules, begin, depth = [], 0, 0
    sheet = _COMMENT.sub("", style())
    for brace in re.finditer("[{}]", sheet):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            rules.append(sheet[begin : brace.end()].strip())
            begin = brace.end()
    return tuple((frozenset(_COMPONENT.findall(rule)), rule) for rule in rules)


def static(fragment: str) -> str:
    """Return a fragment with its style, so that it stands by itself in a notebook or a page.

    Args:
        fragment: HTML of the library, without style.
    """
    return f"<style>{style_of(fragment)}</style>\n{fragment}"
