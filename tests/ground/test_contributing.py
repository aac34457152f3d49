"""What CONTRIBUTING.md says of how a table cell comes about names what there is."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECTION = "## How a table cell comes about"


def test_the_names_and_files_of_the_section_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.partition(SECTION)[2].partition("\n## ")[0]
    code = "\n".join(
        path.read_text("utf-8")
        for folder in ("analysis", "iam")
        for path in sorted((ROOT / "mfa_lab" / folder).rglob("*.py"))
    )
    spelled = re.findall(r"`([^`]+)`", section)
    assert len(spelled) > 10
    for name in spelled:
        if name.endswith(".py"):
            assert (ROOT / "mfa_lab" / name).is_file(), name
        else:
            last = name.rpartition(".")[2]
            assert re.search(rf"^ *(?:class|def) {last}\b|^    {last} = ", code, re.M), name
