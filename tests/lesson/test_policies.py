"""A policy of one's own is read, or it is said where and why not."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from mfa_lab.lesson import Lesson
from mfa_lab.lesson.errors import GivenPolicyError
from mfa_lab.lesson.policies import load, stored_policy
from mfa_lab.text import LANGUAGES, say
from mfa_lab.whole_file import MOST_BYTES

NEWEST = stored_policy("2023-11_newest")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "force_mfa.json").write_text(NEWEST.to_json(), encoding="utf-8")
    (tmp_path / "broken.json").write_text('{"Version": "2012-10-17",\n "Statement": [}')
    (tmp_path / "empty.json").write_text("\n")
    (tmp_path / "latin.json").write_bytes(b'{"Id": "\xe9"}')
    (tmp_path / "huge.json").write_bytes(b" " * (MOST_BYTES + 1))
    return tmp_path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_policy_is_read_from_text_values_and_files(folder: Path, language: str) -> None:
    lesson = Lesson("09_check_your_own_policy", language)
    text, path = NEWEST.to_json(), folder / "force_mfa.json"
    given: list[Any] = [text, f"\n{text}\n", text.encode(), json.loads(text), path, str(path)]
    for one in given:
        assert lesson.load(one) == NEWEST


def test_a_path_is_looked_for_from_the_working_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert load("force_mfa.json") == NEWEST


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("force_mfa.jsn", ["force_mfa.jsn", "Did you mean", "force_mfa.json"]),
        ("nothing/like.json", ["There is no file", "like.json"]),
        ("", ["is a folder"]),
        ("huge.json", ["too large"]),
        ("empty.json", ["nothing to read"]),
        ("broken.json", ["AWS would refuse", "ine 2", "column"]),
        ("latin.json", ["AWS would refuse", "column"]),
        ("a\0b", ["cannot be read"]),
        ("x" * 5_000, ["cannot be read"]),
    ],
)
def test_a_file_that_cannot_be_read_is_told_why(folder: Path, name: str, told: list[str]) -> None:
    with pytest.raises(GivenPolicyError) as caught:
        load(os.path.join(folder, name))
    for one in told:
        assert one in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on Windows")
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_plain_file_is_not_waited_for(folder: Path, language: str) -> None:
    os.mkfifo(folder / "pipe.json")
    for path in (folder / "pipe.json", Path("/dev/zero")):
        told = say("given_policy.no_plain_file", language, path=path)
        with pytest.raises(GivenPolicyError, match=re.escape(told)):
            load(path, language)


@pytest.mark.parametrize("nothing", ["", " \n", b""])
def test_nothing_is_told(nothing: str | bytes) -> None:
    with pytest.raises(GivenPolicyError, match="nothing to read"):
        load(nothing)


def test_a_mistyped_element_is_told_with_its_place_and_the_nearest_name() -> None:
    text = NEWEST.to_json().replace('"Statement"', '"Statment"')
    with pytest.raises(GivenPolicyError, match=r"Line 3.*“Statement”"):
        load(text)
