"""A learner's slip: one sentence in the learner's language, the own line, and no stack."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from mfa_lab import Account, Policy
from mfa_lab.iam.context import ContextError
from mfa_lab.iam.request import Request
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.policies import stored_policy
from mfa_lab.text import say, speak
from mfa_lab.text.spoken_error import SpokenError

ARTICLE = stored_policy("2021-05-13_article")
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")

SLIPS: dict[str, Callable[[Lesson, Account], object]] = {
    "lesson": lambda one, _: Lesson("02_first_singin", one.language),
    "policy": lambda one, _: one.policy("2021-05-13"),
    "prediction": lambda one, _: one.predict("nope"),
    "guess": lambda one, _: one.guess("enable_by_key", "Allow"),
    "exercise": lambda one, _: one.check("nope", 1),
    "kind": lambda one, _: one.table(ARTICLE, kinds=["acces_key"]),
    "kind of contexts": lambda one, _: one.contexts("acces_key"),
    "action": lambda one, _: one.why(ARTICLE, "iam:GetUsr", "access_key"),
    "row": lambda one, _: one.table(ARTICLE, actions="iam:GetUsr"),
    "resource": lambda one, _: one.why(ARTICLE, "iam:GetUser", "access_key", resource="alice"),
    "file": lambda one, _: one.load("nowhere.json"),
    "grammar": lambda one, _: one.read({"Version": "2012-10-17", "Statement": []}),
    "cell": lambda one, _: one.compare({"a": ARTICLE}, "iam:GetUser").why("b", "access_key"),
    "exposure": lambda one, _: one.exposure({}),
    "list": lambda one, _: one.edit(stored_policy("aws_managed_IAMUserChangePassword_v5")),
    "call": lambda one, account: one.record(account).why(7),
    "phone": lambda one, account: one.phone(account).code(),
    "page": lambda one, account: one.console(account).scan_device(),
    "clock": lambda _, account: account.clock.advance(minutes=-5),
    "credentials": lambda _, account: account.client("iam", "alice"),  # type: ignore[arg-type]
    "quotation mark": lambda one, account: one.cli(account, "iam change-password --old 'x"),
    "console": lambda one, account: account.console(one.language).give_code("123456"),
    "text": lambda _one, _: Policy.parse("{"),
    "request": lambda _one, _: Request("GetUser", "*", "*"),
    "context": lambda _one, _: Request("iam:GetUser", "*", "*", {"a": 1}),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_in_the_language_of_the_lesson(slip: str) -> None:
    said = {}
    for language in ("en", "ja"):
        lesson = Lesson("01_force_mfa_policy", language)
        with Account() as account, pytest.raises(SpokenError) as caught:
            SLIPS[slip](lesson, account)
        said[language] = str(caught.value)
    assert JAPANESE.search(said["ja"]) and not JAPANESE.search(said["en"])


def test_the_last_lesson_s_language_is_spoken_and_english_at_first() -> None:
    assert say("face.allow") == say("face.allow", "en")
    Lesson("00_start_here", "ja")
    assert say("face.allow") == say("face.allow", "ja")
    with pytest.raises(ValueError, match="fr"):
        speak("fr")
    assert say("face.allow") == say("face.allow", "ja")


def test_a_mistyped_name_gets_the_nearest_one_and_a_far_one_only_the_list() -> None:
    lesson = Lesson("01_force_mfa_policy")
    with pytest.raises(LookupError, match="Did you mean 'access_key'"):
        lesson.contexts(["acces_key"])
    with pytest.raises(LookupError) as caught:
        lesson.contexts(["zzz"])
    assert "Did you mean" not in str(caught.value) and "access_key" in str(caught.value)


def test_one_action_and_one_kind_may_stand_alone() -> None:
    lesson = Lesson("01_force_mfa_policy")
    table = lesson.table(ARTICLE, actions="iam:GetUser", kinds="access_key").table
    assert [row.action for row in table.rows] == ["iam:GetUser"]
    assert [caller.kind.name for caller in table.callers] == ["access_key"]


def shown(*sources: str) -> str:
    """What a notebook shows below the last of its cells: the error's lines."""
    notebook: Any = new_notebook()  # type: ignore[no-untyped-call]
    notebook.cells = [new_code_cell(one) for one in sources]  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=120, kernel_name="python3", allow_errors=True).execute()
    (error,) = notebook.cells[-1].outputs
    assert error.output_type == "error"
    return "\n".join(error.traceback)


def test_a_notebook_shows_the_sentences_and_the_own_line_alone() -> None:
    setup = "from mfa_lab.lesson import Lesson\nlesson = Lesson('01_force_mfa_policy', 'ja')"
    cell = "policy = lesson.policy('2021-05-13_article')\n\nlesson.contexts(['acces_key'])"
    lines = shown(setup, cell).splitlines()
    assert lines[0] == "セルの 3 行目: lesson.contexts(['acces_key'])"
    assert lines[1].startswith("'acces_key' ") and lines[2].startswith("'access_key' ")
    assert len(lines) == 4 and lines[3].endswith("root_user")


def test_a_defect_of_the_library_keeps_its_stack() -> None:
    assert "Traceback" in shown("import mfa_lab", "mfa_lab.Account.nothing_of_this_name")


def test_an_error_outside_a_notebook_has_no_line() -> None:
    error = ContextError("not_text", "a")
    assert error._render_traceback_() == [str(error)]
