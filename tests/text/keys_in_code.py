"""Which keys of the catalogues the package says: those that it spells out, and those that it makes.

A key that is put together, such as `say(f"face.{face}")`, is said for the values that its holes can
take. These are texts of the module itself, of the modules that it imports and of those that import
it, or further f-strings of the module. Where the values come from further away, `FROM_AFAR` says
from where. A word that stands somewhere else in the package makes no key a used one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import mfa_lab
from mfa_lab.lesson.content import LESSONS, content_of
from mfa_lab.lesson.prediction import MultipleChoice

PACKAGE: Final = Path(mfa_lab.__file__).parent

Parts: TypeAlias = tuple[str | None, ...]
"""The literal parts of an f-string, with None for each hole."""

# What is taken for the part of a key: not a sentence, not a format.
_OF_A_KEY: Final = re.compile(r"[a-z0-9_.]+")
_SAID_IN_A_TEMPLATE: Final = re.compile(r'\bsay\("([^"]+)"( ~)?')
_MOST_NESTED: Final = 2

FROM_AFAR: Final = {
    "cli.options.": ("mfa_lab.cli.language",),
    "finding.": ("mfa_lab.iam.condition",),
    "policy_error.": ("mfa_lab.iam.parsing",),
    "trace.refused_": ("mfa_lab.iam.service_rules",),
}
"""The modules, or folders of modules, that name the values of a key, by how the key begins."""


def is_said(key: str) -> bool:
    """Return whether the package can say a key, given without `.one` and `.other`."""
    return key in _spelled_out() or key in _of_lessons() or _is_put_together(key)


@cache
def modules() -> dict[str, ast.Module]:
    """Return the package's modules as trees, by their dotted names."""
    return {
        _name_of(file): ast.parse(file.read_text("utf-8")) for file in sorted(PACKAGE.rglob("*.py"))
    }


def _name_of(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


@cache
def _spelled_out() -> frozenset[str]:
    in_templates = {
        key
        for file in PACKAGE.rglob("*.html")
        for key, continues in _SAID_IN_A_TEMPLATE.findall(file.read_text("utf-8"))
        if not continues
    }
    return frozenset(in_templates.union(*map(_texts, modules())))


@cache
def _texts(module: str) -> frozenset[str]:
    """Return the texts that stand in a module, the names of arguments, fields and functions."""
    found: set[str] = set()
    for node in ast.walk(modules()[module]):
        match node:
            case ast.Constant(value=str(text)):
                found |= {text, text.lower()}
                if text.startswith("--"):  # an option, whose parameter has its name
                    found.add(text.removeprefix("--").replace("-", "_"))
            case ast.keyword(arg=str(name)) | ast.FunctionDef(name=name):
                found.add(name)
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
    return frozenset(found)


@cache
def _imported_by(module: str) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names & modules().keys())


@cache
def _texts_nearby(module: str) -> frozenset[str]:
    importing = {other for other in modules() if module in _imported_by(other)}
    return frozenset().union(*map(_texts, {module} | _imported_by(module) | importing))


def _texts_from_afar(key: str) -> frozenset[str]:
    rooms = [room for start, of in FROM_AFAR.items() if key.startswith(start) for room in of]
    there = [name for name in modules() if any(f"{name}.".startswith(f"{one}.") for one in rooms)]
    return frozenset().union(*map(_texts, there))


@cache
def _patterns(module: str) -> frozenset[Parts]:
    """Return the f-strings of a module that may make a key or a part of one."""
    found: set[Parts] = set()
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.JoinedStr):
            parts = tuple(
                str(part.value) if isinstance(part, ast.Constant) else None for part in node.values
            )
            if _OF_A_KEY.fullmatch("".join(part or "" for part in parts)):
                found.add(parts)
    return frozenset(found | _patterns_of_the_template(module))


def _patterns_of_the_template(module: str) -> set[Parts]:
    """Return the keys that the template beside a module puts together, as in `say("a." ~ b)`."""
    template = PACKAGE.parent.joinpath(*module.split(".")).with_suffix(".html")
    if not template.is_file():
        return set()
    found = _SAID_IN_A_TEMPLATE.findall(template.read_text("utf-8"))
    return {(start, None) for start, continues in found if continues}


def _is_put_together(key: str) -> bool:
    from_afar = _texts_from_afar(key)
    return any(
        all(_is_value(hole, module, from_afar) for hole in holes)
        for module in modules()
        for parts in _patterns(module)
        if parts[0] is not None
        for holes in _filled(parts, key)
    )


def _is_value(text: str, module: str, from_afar: frozenset[str], depth: int = 1) -> bool:
    """Return whether a hole of one of a module's f-strings can be filled with a text."""
    if text in _texts_nearby(module) or text in from_afar:
        return True
    return depth < _MOST_NESTED and any(
        all(_is_value(hole, module, from_afar, depth + 1) for hole in holes)
        for parts in _patterns(module)
        for holes in _filled(parts, text)
    )


def _filled(parts: Parts, text: str) -> Iterator[tuple[str, ...]]:
    """Return each way to fill the holes of an f-string so that it spells a text."""
    if not parts:
        if not text:
            yield ()
        return
    first, rest = parts[0], parts[1:]
    if first is not None:
        if text.startswith(first):
            yield from _filled(rest, text.removeprefix(first))
        return
    for end in range(1, len(text) + 1):
        for holes in _filled(rest, text[end:]):
            yield (text[:end], *holes)


@cache
def _of_lessons() -> frozenset[str]:
    """Return the keys of the questions, of their options, and of the checks' verdicts."""
    found: set[str] = set()
    for name in LESSONS:
        lesson, content = f"lesson_{name[:2]}", content_of(name)
        for question in content.predictions:
            found.add(f"{lesson}.predict_{question.name}")
            if isinstance(question, MultipleChoice):
                section = f"{lesson}.options_{question.name}"
                found |= {f"{section}.{option}" for option in question.options}
        for exercise in content.exercises:
            codes = {"right", *(code for _, code in exercise.wrong_answers)}
            found |= {f"{lesson}.check_{exercise.name}.{code}" for code in codes}
    return frozenset(found)
