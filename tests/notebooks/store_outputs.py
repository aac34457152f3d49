"""Run every notebook and store its outputs: `make outputs`.

The view of a widget is left out of what is stored, its HTML face stays: a notebook that is opened
without a kernel then shows the table, not an error about a missing widget.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

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


if __name__ == "__main__":
    main(sys.argv[1:])
