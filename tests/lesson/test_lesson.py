"""A lesson's tools: guesses, predictions, tables, reasons, and sentences for what is not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from mfa_lab import PolicySet, folders
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.table import LESSON_KINDS, Tabulator
from mfa_lab.iam.credentials import KINDS
from mfa_lab.lesson import Lesson, content
from mfa_lab.lesson.content import content_of
from mfa_lab.lesson.errors import GivenPolicyError, GuessError, UnknownNameError
from mfa_lab.lesson.lessons import lesson_01
from mfa_lab.lesson.policies import policy_names, stored_policy
from mfa_lab.lesson.prediction import MultipleChoice, Question
from mfa_lab.text import LANGUAGES, catalogue, say
from mfa_lab.view.table.decision_table import DecisionTable
from tests.notebooks.lesson_file import lesson_files

LESSONS: dict[str, tuple[Question, ...]] = {
    file.name: content_of(file.name).predictions for file in lesson_files("en")
}
ARTICLE = stored_policy("2021-05-13_article")
FACES = "allow, explicit_deny, implicit_deny, refused"

every_prediction = pytest.mark.parametrize(
    ("lesson", "prediction"),
    [
        pytest.param(lesson, one, id=f"{lesson[:2]}-{one.name}")
        for lesson, them in LESSONS.items()
        for one in them
    ],
)
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(params=LANGUAGES)
def lesson(request: pytest.FixtureRequest) -> Lesson:
    return Lesson("01_force_mfa_policy", request.param)


def test_every_lesson_has_a_notebook_and_tools() -> None:
    for language in LANGUAGES:
        names = sorted(file.stem for file in (folders.notebooks() / language).glob("*.ipynb"))
        assert names == sorted(LESSONS)
        assert [repr(Lesson(name, language)) for name in names] == [
            f"<lesson {name}, {language}>" for name in names
        ]


# Predictions.


@every_prediction
def test_a_prediction_comes_out_as_is_written_here(lesson: str, prediction: Question) -> None:
    """Each lesson's own tests write the results out, from AWS's pages and the article."""
    expected = import_module(f"tests.lesson.lessons.test_lesson_{lesson[:2]}").EXPECTED
    assert set(expected) == {one.name for one in LESSONS[lesson]}
    assert prediction.run() == expected[prediction.name]
    assert expected[prediction.name] in prediction.options


@in_every_language
@every_prediction
def test_a_question_is_asked_in_the_language(
    lesson: str, prediction: Question, language: str
) -> None:
    form = Lesson(lesson, language).predict(prediction.name)
    assert form.question == say(f"lesson_{lesson[:2]}.predict_{prediction.name}", language)
    assert form.language == language
    assert [one["value"] for one in form.options] == list(prediction.options)


@in_every_language
@every_prediction
def test_options_have_their_sentences_and_no_others(
    lesson: str, prediction: Question, language: str
) -> None:
    prefix = f"lesson_{lesson[:2]}.options_{prediction.name}."
    there = {key.removeprefix(prefix) for key in catalogue(language) if key.startswith(prefix)}
    assert there == (set(prediction.options) if isinstance(prediction, MultipleChoice) else set())


@in_every_language
@pytest.mark.parametrize("name", LESSONS)
def test_every_question_of_the_texts_is_a_prediction(name: str, language: str) -> None:
    prefix = f"lesson_{name[:2]}.predict_"
    asked = {key.removeprefix(prefix) for key in catalogue(language) if key.startswith(prefix)}
    assert asked == {one.name for one in LESSONS[name]}


def test_the_predictions_of_a_lesson_have_different_answers() -> None:
    faces = [one.run() for one in lesson_01.PREDICTIONS]
    assert set(faces) == {Face.ALLOW, Face.EXPLICIT_DENY, Face.IMPLICIT_DENY}


# Guesses.


def test_without_a_guess_nothing_is_chosen(lesson: Lesson) -> None:
    form = lesson.predict("enable_by_key")
    assert (form.chosen, form.recorded) == ("", "")
    assert "[?] → allow" in repr(lesson.results())


def test_a_guess_in_the_form_is_recorded_and_kept_when_the_cell_runs_again(lesson: Lesson) -> None:
    lesson.predict("enable_by_key")._handle_custom_msg({"guess": "refused"}, [])
    again = lesson.predict("enable_by_key")
    assert again.chosen == "refused"
    assert again.recorded == say("guess.recorded", lesson.language)
    assert lesson.predict("password_by_key").chosen == ""


def test_a_guess_is_kept_when_the_lesson_is_made_again(lesson: Lesson) -> None:
    lesson.guess("enable_by_key", "allow")
    again = Lesson(lesson.name, lesson.language)
    assert again.predict("enable_by_key").chosen == "allow"
    assert "[allow] → allow" in repr(again.results())


def test_a_guess_in_code_is_a_guess_in_the_form(lesson: Lesson) -> None:
    form = lesson.guess("enable_by_key", "implicit_deny")
    assert form.chosen == "implicit_deny"
    assert form.question == lesson.predict("enable_by_key").question


def test_a_guess_may_be_changed(lesson: Lesson) -> None:
    lesson.guess("enable_by_key", "refused")
    lesson.guess("enable_by_key", "allow")
    assert lesson.predict("enable_by_key").chosen == "allow"


def test_guesses_stand_beside_the_results(lesson: Lesson) -> None:
    lesson.guess("enable_by_key", "allow")
    lesson.guess("password_by_key", "allow")
    language = lesson.language
    html = lesson.results()._repr_html_()
    assert html.count(say("guess.right", language)) == 1
    assert html.count(say("guess.other", language)) == 1
    assert html.count(say("guess.none", language)) == 2
    assert [line.rpartition(" [")[2] for line in repr(lesson.results()).splitlines()] == [
        "?] → explicit_deny",
        "allow] → allow",
        "allow] → explicit_deny",
        "?] → implicit_deny",
    ]


def test_guesses_are_forgotten_lesson_by_lesson(lesson: Lesson) -> None:
    other = Lesson("00_start_here", lesson.language)
    lesson.guess("enable_by_key", "allow")
    lesson.guess("password_by_key", "allow")
    other.guess("delete_key", "explicit_deny")
    lesson.forget_guesses()
    assert lesson.predict("enable_by_key").chosen == ""
    assert lesson.predict("password_by_key").chosen == ""
    assert other.predict("delete_key").chosen == "explicit_deny"
    lesson.forget_guesses()


@pytest.mark.parametrize("wrong", ["maybe", "", "ALLOW", "deny", None, 1, ["allow"]])
def test_a_guess_that_is_no_answer_is_an_error_that_names_the_four(
    lesson: Lesson, wrong: Any
) -> None:
    lesson.guess("enable_by_key", "refused")
    with pytest.raises(GuessError, match=FACES) as caught:
        lesson.guess("enable_by_key", wrong)
    assert caught.value.guess == wrong
    assert repr(wrong) in str(caught.value)
    assert lesson.predict("enable_by_key").chosen == "refused"
    with pytest.raises(GuessError):
        lesson.predict("enable_by_key").choose(wrong)


# What is not there is answered with what is.


@pytest.mark.parametrize(
    ("call", "error", "names"),
    [
        (lambda _: Lesson("02_nope"), UnknownNameError, ["'02_nope'", *content.LESSONS]),
        (lambda _: Lesson("00_start_here", "fr"), ValueError, ["'fr'", "en", "ja"]),
        (lambda one: one.predict("nope"), UnknownNameError, ["'nope'", *(p.name for p in lesson_01.PREDICTIONS)]),
        (lambda one: one.guess("nope", "allow"), UnknownNameError, ["'nope'", "enable_by_key"]),
        (lambda one: one.check("nope", 1), UnknownNameError, ["'nope'", "three_values", "open_one_gate"]),
        (lambda one: one.policy("2021-05-13"), UnknownNameError, ["'2021-05-13'", *policy_names()]),
        (lambda one: one.policy("../policies/2021-05-13_article"), UnknownNameError, ["../policies"]),
        (lambda one: one.why(ARTICLE, "iam:ChangePasword", "access_key"), Exception,
         ["iam:ChangePasword", "iam:ChangePassword"]),
        (lambda one: one.why(ARTICLE, "iam:GetUser", "acces_key"), Exception, ["acces_key", *KINDS]),
        (lambda one: one.contexts(["acces_key"]), Exception, ["acces_key", *KINDS]),
        (lambda one: one.table(ARTICLE, actions=["iam:GetUsr"]), ValueError, ["iam:GetUsr", "iam:GetUser"]),
        (lambda one: one.edit(ARTICLE, ["nope"]), Exception, ["'nope'", "2023-11_newest"]),
    ],
    ids=["lesson", "language", "prediction", "guess", "exercise", "policy", "path", "action", "credentials",
         "contexts", "row", "preset"],
)  # fmt: skip
def test_what_is_not_there_is_answered_with_what_is(
    lesson: Lesson, call: Callable[[Lesson], object], error: type[Exception], names: list[str]
) -> None:
    with pytest.raises(error) as caught:
        call(lesson)
    said = str(caught.value)
    assert [name for name in names if name not in said] == []
    assert " " in said


# Reading and running.


def test_a_policy_comes_from_data(lesson: Lesson) -> None:
    assert lesson.policy("2021-05-13_article") == ARTICLE
    assert len(policy_names()) == len(list((folders.data() / "policies").glob("*.json")))
    assert list(policy_names()) == sorted(policy_names())


def test_reading_is_in_the_language(lesson: Lesson) -> None:
    page = lesson.read(ARTICLE)
    assert (page.policy, page.language) == (ARTICLE, lesson.language)


def test_contexts_are_those_of_the_table_or_the_ones_that_are_named(lesson: Lesson) -> None:
    view = lesson.contexts()
    assert [caller.kind for caller in view.callers] == list(LESSON_KINDS)
    assert view.language == lesson.language
    named = lesson.contexts(["root_user", "access_key"])
    assert [caller.kind.name for caller in named.callers] == ["root_user", "access_key"]


def test_the_table_is_that_of_the_analysis(lesson: Lesson) -> None:
    table = lesson.table(ARTICLE)
    expected = Tabulator().table(PolicySet(identity=[ARTICLE]))
    assert isinstance(table, DecisionTable)
    assert table.table.to_data() == expected.to_data()
    assert table.language == lesson.language
    rows = lesson.table(ARTICLE, stored_policy("2023-11_newest"), actions=["iam:*MFADevice"]).table
    assert {row.action for row in rows.rows} >= {"iam:EnableMFADevice", "iam:DeactivateMFADevice"}
    assert len(rows.policies.identity) == 2


def test_why_is_the_answer_of_the_table_s_cell(lesson: Lesson) -> None:
    table = lesson.table(ARTICLE).table
    for number, row in enumerate(table.rows):
        for column, caller in enumerate(table.callers):
            view = lesson.why(ARTICLE, row.action, caller.kind.name)
            assert view.answer == table.answers(number, column)[0]
            assert view.language == lesson.language


def test_a_user_with_a_device_is_asked_about_where_that_is_said(lesson: Lesson) -> None:
    def faces(*, has_device: bool) -> set[Face]:
        table = lesson.table(ARTICLE, actions=["iam:EnableMFADevice"], has_device=has_device).table
        why = lesson.why(ARTICLE, "iam:EnableMFADevice", "access_key", has_device=has_device)
        return {table.rows[0].cells[0].face, why.answer.face}

    assert faces(has_device=False) == {Face.ALLOW}
    assert faces(has_device=True) == {Face.REFUSED}


def test_the_difference_is_that_of_the_editor(lesson: Lesson) -> None:
    bench = lesson.edit(ARTICLE)
    bench.editor.add("iam:ChangePassword")
    view = lesson.difference(ARTICLE, bench.entries.policy())
    assert view.difference == bench.difference()
    assert view.language == lesson.language


def test_the_editor_has_a_button_for_each_policy_that_is_named(lesson: Lesson) -> None:
    names = ["2021-05-13_article", "2021-05-13_article_weakened", "2023-11_newest"]
    bench = lesson.edit(ARTICLE, names)
    labels = [say(f"preset.{name}", lesson.language) for name in names]
    assert bench.editor.preset_names == labels
    assert len(set(labels)) == 3
    for name, label in zip(names[1:], labels[1:], strict=True):
        bench.editor.use_preset(label)
        [fence] = [one for one in stored_policy(name).statements if one.actions.negated]
        assert bench.entries.entries == fence.actions.patterns
    bench.editor.use_preset(labels[0])
    assert bench.entries.is_at_start


def test_a_policy_without_a_label_of_its_own_is_named_by_its_file(lesson: Lesson) -> None:
    bench = lesson.edit(ARTICLE, ["2018-11-30_tutorial_fixed"])
    assert bench.editor.preset_names == ["2018-11-30_tutorial_fixed"]


def test_the_editor_speaks_the_language_and_starts_with_the_policy(lesson: Lesson) -> None:
    bench = lesson.edit(ARTICLE)
    assert bench.language == bench.editor.language == bench.table.language == lesson.language
    assert bench.start == PolicySet(identity=[ARTICLE])
    assert bench.editor.preset_names == []


def test_two_editors_do_not_share_a_list(lesson: Lesson) -> None:
    first, second = lesson.edit(ARTICLE), lesson.edit(ARTICLE)
    first.editor.add("s3:*")
    assert second.entries.is_at_start
    assert not second.difference().actions


def test_a_difference_can_be_asked_of_a_user_who_has_a_device(lesson: Lesson) -> None:
    """Then AWS's own rule refuses, whatever the policies say, and nothing flips without a code."""
    before = stored_policy("2018-11-30_tutorial_fixed")
    after = stored_policy("2018-11-21_tutorial_flawed")
    opened = "iam:DeactivateMFADevice"

    def flipping(*, has_device: bool = False, own_devices_need_mfa: bool = True) -> set[str]:
        found = lesson.difference(
            before, after, has_device=has_device, own_devices_need_mfa=own_devices_need_mfa
        ).difference
        return {flip.caller.kind.name for flip in found.flips if opened in flip.actions}

    assert flipping() == flipping(has_device=True, own_devices_need_mfa=False)
    assert flipping() >= {"access_key", "console_without_mfa"}
    assert not flipping(has_device=True) & {"access_key", "console_without_mfa"}


def test_the_tools_take_a_policy_as_a_learner_writes_it(lesson: Lesson) -> None:
    document = dict(ARTICLE.document)
    for given in (document, ARTICLE.to_json()):
        assert lesson.read(given).policy == ARTICLE
        assert lesson.table(given).table == lesson.table(ARTICLE).table
        asked = ("iam:ChangePassword", "access_key")
        assert lesson.why(given, *asked).answer == lesson.why(ARTICLE, *asked).answer
        assert lesson.why([given], *asked).answer == lesson.why([ARTICLE], *asked).answer
        assert not lesson.difference(ARTICLE, given).difference.actions
        assert lesson.edit(given).start == PolicySet(identity=[ARTICLE])
        assert repr(lesson.warnings(given)) == repr(lesson.warnings(ARTICLE))


def test_a_policy_that_cannot_be_read_is_told_in_the_language(lesson: Lesson) -> None:
    with pytest.raises(GivenPolicyError) as caught:
        lesson.read({"Version": "2012-10-17", "Statement": [{"Effect": "Alow"}]})
    told = {"en": "Effect must be", "ja": "Effect"}
    assert told[lesson.language] in str(caught.value)
    assert "/Statement/0" in str(caught.value)
    assert lesson.language == "en" or re.search("[ぁ-ん]", str(caught.value))


@pytest.mark.parametrize("junk", [5, None, 1.5, object()])
def test_what_is_no_policy_is_told_in_a_sentence(lesson: Lesson, junk: Any) -> None:
    for call in (lesson.read, lesson.warnings, lambda one: lesson.difference(ARTICLE, one)):
        with pytest.raises(GivenPolicyError):
            call(junk)
