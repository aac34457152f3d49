"""Two lessons open at once, each in its own kernel, do not meet."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import zip_longest
from pathlib import Path

import pytest

from tests.notebooks.lesson_file import LessonFile, lesson_files
from tests.notebooks.test_run_twice import CHANGES, Kernel

BY_NAME = {str(file): file for file in lesson_files()}


def shown(output: dict[str, object]) -> tuple[str, str]:
    """What strict comparison looks at, of a stored output or of one just made."""
    data = output.get("data", output)
    assert isinstance(data, dict)
    return "".join(data.get("text/plain", "")), "".join(data.get("text/html", ""))


@pytest.mark.parametrize(
    ("one", "other"),
    [("en/04_someone_elses_keys", "ja/04_someone_elses_keys"), ("ja/06_many_devices", "en/08_design_your_own")],
)  # fmt: skip
def test_cells_run_in_turn_show_what_is_stored(
    one: str, other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MFA_LAB_PROGRESS", str(tmp_path / "progress.json"))
    files: list[LessonFile] = [BY_NAME[one], BY_NAME[other]]
    kernels = [Kernel(file) for file in files]
    with ExitStack() as running:
        for kernel in kernels:
            running.enter_context(kernel.client.setup_kernel())
        for cells in zip_longest(*(kernel.code for kernel in kernels)):
            for file, kernel, place in zip(files, kernels, cells, strict=True):
                if place is None:
                    continue
                index, cell = place
                made = kernel.run(index)
                if CHANGES not in cell.metadata.get("tags", ()):
                    stored = [shown(output) for output in file.cells[index].outputs]
                    assert [shown(output) for output in made] == stored, cell.id
