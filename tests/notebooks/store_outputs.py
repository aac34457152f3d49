"""Run every notebook and store its outputs: `make outputs`.

The view of a widget is left out of what is stored, its HTML face stays: a notebook that is opened
without a kernel then shows the table, not an error about a missing widget. What each cell is on the
slides is written too, by the rule of slide_types.py; then the instructor's answers, and the sums by
which an unchanged lesson is known.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a script, it stands in its own folder

from tests.notebooks.lesson_sums import write_sums
from tests.notebooks.slide_types import metadata
from tests.notebooks.workshop_answers import write_answers

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def store_outputs(file: Path) -> None:
    """Run one notebook in a fresh kernel and store its outputs.

    Args:
        file: The notebook.
    """
    notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": file.parent}})
    client.execute()
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        cell.metadata.update(metadata(cell.cell_type, cell.id, cell.source, cell.metadata))
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)
    nbformat.write(notebook, file)  # type: ignore[no-untyped-call]


def main(names: list[str]) -> None:
    """Store the outputs of the notebooks named, or of all."""
    os.environ["MFA_LAB_PROGRESS"] = "off"  # or what somebody guessed would be stored
    files = [Path(name) for name in names] or sorted(NOTEBOOKS.glob("*/*.ipynb"))
    for file in files:
        print(file.relative_to(NOTEBOOKS) if file.is_relative_to(NOTEBOOKS) else file, flush=True)
        store_outputs(file)
    write_answers()
    write_sums()


if __name__ == "__main__":
    main(sys.argv[1:])
