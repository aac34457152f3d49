"""A file is written whole, and read no further than it may be."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from mfa_lab.whole_file import (
    OF_THE_USER_ALONE,
    NoPlainFileError,
    TooLargeError,
    read_whole,
    write_whole,
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "one"
    for content in (b"first", b"second"):
        write_whole(file, content)
        assert read_whole(file, most=len(content)) == content
    assert list(tmp_path.iterdir()) == [file]


def test_what_cannot_be_written_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("full")

    file = tmp_path / "one"
    write_whole(file, b"first")
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="full"):
        write_whole(file, b"second")
    assert read_whole(file) == b"first"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_who_may_read_it(tmp_path: Path) -> None:
    file, before = tmp_path / "one", os.umask(0o022)
    try:
        write_whole(file, b"")
        assert stat.S_IMODE(file.stat().st_mode) == 0o644
        write_whole(file, b"", OF_THE_USER_ALONE)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_what_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "one"
    file.write_bytes(b"12345")
    with pytest.raises(TooLargeError):
        read_whole(file, most=4)
    with pytest.raises(NoPlainFileError):
        read_whole(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_whole(tmp_path / "two")
