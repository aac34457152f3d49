"""Every cell may be run twice in a row, as it is given and with the solutions put in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from mfa_lab.lesson.content import content_of
from mfa_lab.lesson.progress.notes import Check, Notes
from mfa_lab.text import LANGUAGES
from tests.notebooks.lesson_file import LessonFile, lesson_files

CHANGES = "nbval-ignore-output"


# The two languages have the same code to the byte, which test_parity.py holds: each lesson runs in
# one of them, every other lesson in the other.
FILES = [
    file
    for file in lesson_files()
    if file.language == LANGUAGES[int(file.name[:2]) % len(LANGUAGES)]
]


@pytest.fixture(params=FILES, ids=str)
def file(request: pytest.FixtureRequest) -> LessonFile:
    found: LessonFile = request.param
    return found


class Kernel:
    """One fresh kernel that runs the cells of one notebook."""

    def __init__(self, file: LessonFile) -> None:
        self.notebook = nbformat.read(file.path, as_version=4)  # type: ignore[no-untyped-call]
        self.client = NotebookClient(
            self.notebook, timeout=60, resources={"metadata": {"path": file.path.parent}}
        )

    def run(self, index: int) -> list[dict[str, Any]]:
        """Run a cell; an error in it is an error here."""
        cell = self.notebook.cells[index]
        self.client.execute_cell(cell, index)
        return [
            {
                name: text
                for name, text in output.get("data", {}).items()
                if name.startswith("text/")
            }
            | {"type": output.output_type, "stream": output.get("text", "")}
            for output in cell.outputs
        ]

    @property
    def code(self) -> Iterator[tuple[int, Any]]:
        for index, cell in enumerate(self.notebook.cells):
            if cell.cell_type == "code":
                yield index, cell


def answers_in(file: LessonFile) -> dict[str, str]:
    """Of each variable that is checked, the exercise that it answers."""
    found = {}
    for cell in file.code:
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "lesson.check":
                name, variable = node.args
                assert isinstance(variable, ast.Name)
                found[variable.id] = ast.literal_eval(name)
    return found


def solved(source: str, answers: dict[str, str], solutions: dict[str, Any]) -> str:
    """A cell with the solution in place of its stub; an editor is edited as a learner would."""
    tree = ast.parse(source)
    for statement in tree.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        variable = statement.targets[0].id
        if variable not in answers:
            continue
        solution = solutions[answers[variable]]
        if isinstance(statement.value, ast.Call):
            return f"{source}\n{variable}.entries.replace({solution!r})\n{variable}"
        if len(tree.body) > 1:  # the answer is put together from what is written above it
            return f"{source}\n{variable} = {solution!r}"
        return f"{variable} = {solution!r}"
    return source


def test_every_cell_runs_twice_and_the_solutions_are_right(
    file: LessonFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = tmp_path / "progress.json"
    monkeypatch.setenv("MFA_LAB_PROGRESS", str(progress))
    answers = answers_in(file)
    solutions = {one.name: one.solution for one in content_of(file.name).exercises}
    kernel = Kernel(file)
    with kernel.client.setup_kernel():
        for index, cell in kernel.code:
            first, again = kernel.run(index), kernel.run(index)
            if CHANGES not in cell.metadata.get("tags", ()):
                assert first == again, cell.id
            assert all(output["type"] == "execute_result" for output in first), (cell.id, first)
            if "lesson.check(" in cell.source:
                [output] = again
                assert output["text/plain"].startswith("… "), cell.id

        # Nobody guessed and no answer was edited. A check whose stub gets another code than "empty"
        # says so: Exercise(unedited=…).
        assert not progress.exists(), progress.read_text("utf-8")

        stubs, checks = [], []
        for index, cell in kernel.code:
            if CHANGES in cell.metadata.get("tags", ()):
                continue
            source = solved(cell.source, answers, solutions)
            if source != cell.source:
                stubs.append(cell.id)
            cell.source = source
            first = again = kernel.run(index)
            is_check = "lesson.check(" in cell.source
            if is_check or cell.id in stubs:
                again = kernel.run(index)
            assert first == again, cell.id
            if is_check:
                checks.append(cell.id)
                [output] = again
                assert output["text/plain"].startswith("✓ "), (cell.id, output["text/plain"])
        assert len(stubs) == len(checks) == len(answers)
    assert [*Notes.parse(progress.read_text("utf-8")).of(file.name).checks.values()] == [
        Check(tries=0, passed=True) for _ in answers
    ]


def test_a_solution_takes_the_place_of_a_stub() -> None:
    answers = {"deciding_sid": "which_wins", "bench": "open_one_gate"}
    solutions = {"which_wins": "DenyDelete", "open_one_gate": ("iam:GetUser",)}

    def with_solution(source: str) -> str:
        return solved(source, answers, solutions)

    assert with_solution('deciding_sid = "?"') == "deciding_sid = 'DenyDelete'"
    assert with_solution("x = 1\nx") == "x = 1\nx"
    edited = with_solution("bench = lesson.edit(policy)\nbench")
    assert edited.startswith("bench = lesson.edit(policy)\nbench\nbench.entries.replace(")
    assert edited.endswith(")\nbench")
