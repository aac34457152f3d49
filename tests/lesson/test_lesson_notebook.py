"""What a notebook says of itself: its title and key points."""

from __future__ import annotations

from pathlib import Path

import pytest

from mfa_lab.lesson.lesson_notebook import read_notebook


@pytest.mark.parametrize(
    "content",
    [
        "",
        "junk",
        "[]",
        '{"cells": 5}',
        '{"cells": [{}]}',
        '{"cells": [{"cell_type": "markdown", "source": 5}]}',
    ],
)
def test_a_broken_notebook_is_named_by_its_file(content: str, tmp_path: Path) -> None:
    file = tmp_path / "03_x.ipynb"
    file.write_text(content, "utf-8")
    read = read_notebook(file, "en")
    assert (read.title, read.key_points) == ("03_x", ())
