"""Calls and commands as a reader sees them: the answer first, then the terminal."""

from __future__ import annotations

import pytest

from mfa_lab.account.aws_cli import CommandResult
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.account.call_view import CallView, command_view
from tests.view.markup import one, parsed, words

in_every_language = pytest.mark.parametrize("language", LANGUAGES)


@in_every_language
@pytest.mark.parametrize(("status", "symbol"), [(0, "✓"), (255, "✕")])
def test_a_command_says_its_exit_status_in_words(language: str, status: int, symbol: str) -> None:
    result = CommandResult("iam list-users", status, "out\n  put\n", "" if not status else "error")
    view = command_view(result, (), language)
    tree = parsed(view._repr_html_())
    key = "fails_with_status" if status else "works_with_status"
    sentence = say(f"call_view.{key}", language, status=status)
    assert str(status) in sentence
    assert words(one(tree, ".message")) == f"{symbol} {sentence}"
    assert one(tree, "pre").get_text().strip("\n").split("\n") == repr(view).split("\n")
    typed = [words(line) for line in tree.select("pre b")]
    assert typed == ["$ aws iam list-users", *(["$ echo $?"] if status else [])]


@in_every_language
@pytest.mark.parametrize("works", [True, False])
def test_a_call_of_boto3_has_no_exit_status(language: str, works: bool) -> None:
    tree = parsed(CallView(works, ("iam:GetUser",), (), language)._repr_html_())
    sentence = say(f"call_view.{'works' if works else 'fails'}", language)
    assert words(one(tree, ".message")) == f"{'✓' if works else '✕'} {sentence}"
    assert words(one(tree, "pre")) == "iam:GetUser"
