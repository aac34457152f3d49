"""Options that take several values after one name."""

from __future__ import annotations

from pathlib import Path

import pytest

from mfa_lab.cli.multiple_values import spread


@pytest.mark.parametrize(
    ("given", "spread_out"),
    [
        ([], []),
        (["p", "q"], ["p", "q"]),
        (["--a", "x", "y", "--b", "z"], ["--a", "x", "--a", "y", "--b", "z"]),
        (["--a=x", "y"], ["--a=x", "--a", "y"]),
        (["--a", "x", "y.json", "z"], ["--a", "x", "y.json", "z"]),
        (["--a", "x.json"], ["--a", "x.json"]),
        (["--a", "x", "dir/file"], ["--a", "x", "dir/file"]),
        (["--a", "x", "C:\\p"], ["--a", "x", "C:\\p"]),
        (["--a", "x", "--", "y"], ["--a", "x", "--", "y"]),
        (["--a"], ["--a"]),
        (["--a", "x", "--c", "y"], ["--a", "x", "--c", "y"]),
        (["--a", "x", "-"], ["--a", "x", "-"]),
    ],
)
def test_spread(given: list[str], spread_out: list[str]) -> None:
    assert spread(given, {"--a", "--b"}) == spread_out


def test_a_file_that_is_there_is_no_pattern(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy").touch()
    assert spread(["--a", "x", "policy"], {"--a"}) == ["--a", "x", "policy"]
