"""The JavaScript is valid, knows nothing of IAM, and lets nothing that comes in be HTML."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import mfa_lab.view.html

FILES = sorted(Path(mfa_lab.view.html.__file__).parent.rglob("*.js"))
COMMENT = re.compile(r"(?m)^\s*//.*$|(?<=\s)//\s.*$")
LABEL = 'textContent: "NotAction"'

# The slides are a page of their own: no notebook and no model is around them.
WIDGETS = [file for file in FILES if file.stem != "slides"]

every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
every_widget = pytest.mark.parametrize("file", WIDGETS, ids=lambda file: str(file.name))


def code_of(file: Path) -> str:
    """The code without its comments."""
    return COMMENT.sub("", file.read_text("utf-8"))


def test_there_are_files() -> None:
    assert {file.name for file in FILES} == {
        "console_view.js", "decision_table.js", "guess_form.js", "not_action_editor.js", "phone_view.js",
        "slides.js",
    }  # fmt: skip


@every_file
def test_the_syntax_is_valid(file: Path, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on the PATH to check the syntax with")
    module = tmp_path / f"{file.stem}.mjs"
    module.write_bytes(file.read_bytes())
    result = subprocess.run(
        [node, "--check", module], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr


@every_file
def test_no_action_or_arn_is_named(file: Path) -> None:
    code = code_of(file)
    assert not re.search(r"\b(iam|sts|s3|ec2|aws|arn):", code)
    assert not re.search(r"[a-z0-9-]+:[A-Z*][A-Za-z*]", code)


@every_file
def test_nothing_of_iam_is_decided(file: Path) -> None:
    code = code_of(file).replace(LABEL, "")
    for word in (
        "Deny", "Allow", "Effect", "Sid", "Principal", "Resource", "Condition", "NotAction",
        "Statement", "MultiFactor", "allow", "deny", "explicit", "implicit", "aws", "mfa_",
    ):  # fmt: skip
        assert not re.search(rf"(?<![\w-]){word}", code), word


@every_file
def test_what_comes_in_becomes_text_and_not_html(file: Path) -> None:
    code = code_of(file)
    assert not re.search(
        r"insertAdjacentHTML|outerHTML|document\.write|eval\(|new Function|setHTML", code
    )
    assigned = re.findall(r"innerHTML\s*=\s*([^;]+);", code)
    assert len(assigned) == code.count("innerHTML")
    # The table and the reason are HTML that Python made and escaped.
    drawn_by_python = {
        "decision_table.js": ['model.get("html")', 'model.get("detail")'],
        "console_view.js": ['model.get("trace")'],
    }
    assert assigned == drawn_by_python.get(file.name, [])


@every_file
def test_nothing_is_fetched(file: Path) -> None:
    assert not re.search(
        r"\bfetch\(|XMLHttpRequest|\bimport\b|https?://|WebSocket|sendBeacon", code_of(file)
    )


@every_widget
def test_every_listener_of_the_model_is_taken_off_again(file: Path) -> None:
    code = code_of(file)
    on = re.findall(r"model\.on\(([^)]*)\)", code)
    off = re.findall(r"model\.off\(([^)]*)\)", code)
    assert on and sorted(on) == sorted(off)


@every_widget
def test_keys_that_a_widget_uses_are_kept_from_the_notebook(file: Path) -> None:
    assert "stopPropagation()" in code_of(file)
