"""A check passes what is right, says which misconception a wrong answer shows, tells no answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_lab import Account, Policy, PolicySet, folders
from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam.credentials import KINDS
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.exercise import Exercise
from mfa_lab.lesson.lessons.exempted_actions import article_exempting
from mfa_lab.lesson.lessons.lesson_01 import THREE_VALUES, WANTED_GATE
from mfa_lab.lesson.policies import stored_policy
from mfa_lab.text import LANGUAGES, catalogue
from mfa_lab.view.policy.not_action_editor import NotActionWorkbench
from tests.lesson.verdicts import (
    EXERCISES,
    SOLUTIONS,
    WRONG_ANSWERS,
    Answer,
    judged,
    shown_by_its_lesson,
    verdict_on,
)

repeatable = settings(deadline=None, derandomize=True, max_examples=80)

ARTICLE = stored_policy("2021-05-13_article")
GATES = ARTICLE.statements[8].actions.patterns
BY_NAME = {one.name: one for exercises in EXERCISES.values() for one in exercises}

every_exercise = pytest.mark.parametrize(
    ("lesson", "exercise"),
    [
        pytest.param(lesson, one, id=f"{lesson[:2]}-{one.name}")
        for lesson, exercises in EXERCISES.items()
        for one in exercises
    ],
)
every_solution = pytest.mark.parametrize("answer", SOLUTIONS, ids=str)
every_wrong_answer = pytest.mark.parametrize("answer", WRONG_ANSWERS, ids=str)
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def sentence(answer: Answer, language: str) -> str:
    section = f"lesson_{answer.lesson[:2]}.check_{answer.exercise.name}"
    return verdict_on(answer).sentence(section, language)


# What is right, and what is typically wrong.


@every_solution
def test_the_solution_passes(answer: Answer) -> None:
    found = verdict_on(answer)
    assert (found.is_right, found.code) == (True, "right")
    for language in LANGUAGES:
        view = shown_by_its_lesson(answer, language)
        assert view.is_right
        assert view.sentence == sentence(answer, language)


@every_solution
def test_a_lesson_hands_its_check_the_answer_as_it_is(answer: Answer) -> None:
    view = Lesson(answer.lesson, "ja").check(answer.exercise.name, answer.given)
    assert view == shown_by_its_lesson(answer, "ja")


@every_wrong_answer
def test_a_wrong_answer_gets_its_code_and_never_passes(answer: Answer) -> None:
    found = verdict_on(answer)
    assert (found.is_right, found.code) == (False, answer.code)


@in_every_language
@every_wrong_answer
def test_a_wrong_answer_s_sentence_is_the_one_of_its_code(answer: Answer, language: str) -> None:
    view = shown_by_its_lesson(answer, language)
    assert not view.is_right
    assert view.language == language
    assert view.sentence == sentence(answer, language)
    assert "{" not in view.sentence


@every_exercise
def test_there_are_three_wrong_answers_or_more_and_different_ones(
    lesson: str, exercise: Exercise
) -> None:
    assert len({repr(wrong) for wrong, _ in exercise.wrong_answers}) >= 3
    assert len({code for _, code in exercise.wrong_answers}) >= 3
    assert "right" not in {code for _, code in exercise.wrong_answers}


@every_exercise
def test_every_sentence_of_a_check_can_be_reached(lesson: str, exercise: Exercise) -> None:
    prefix = f"lesson_{lesson[:2]}.check_{exercise.name}."
    there = {
        re.sub(r"\.(one|other)$", "", key.removeprefix(prefix))
        for key in catalogue("en")
        if key.startswith(prefix)
    }
    assert there == {"right", *(code for _, code in exercise.wrong_answers)}


@pytest.mark.parametrize("answer", [*SOLUTIONS, *WRONG_ANSWERS], ids=str)
def test_a_check_says_the_same_again_and_changes_nothing(answer: Answer) -> None:
    assert answer.exercise.check(answer.given) == verdict_on(answer)
    assert judged(answer).is_unchanged


# No sentence tells the answer.


def is_policy(solution: Any) -> bool:
    return "Statement" in solution


def tells(said: str, solution: Any) -> bool:
    """Whether a sentence holds the solution, or the part of it that is to be found."""
    if is_policy(solution):  # what is to be found in it, the lesson's own tests know
        return json.dumps(solution) in said
    if isinstance(solution, Mapping):
        values = set(solution.values())
        # All the values may be named, since the task names them; one alone is an answer.
        return {value for value in values if re.search(rf"\b{value}\b", said)} not in (
            set(),
            values,
        )
    wanted = [solution] if isinstance(solution, str) else set(solution) - set(GATES)
    assert wanted
    return any(one.lower() in said.lower() for one in wanted)


@in_every_language
@every_wrong_answer
def test_no_sentence_tells_the_answer(answer: Answer, language: str) -> None:
    assert not tells(sentence(answer, language), answer.exercise.solution)


def test_telling_is_noticed() -> None:
    assert tells("It is denydelete.", "DenyDelete")
    assert tells("A key says absent.", THREE_VALUES)
    assert tells("Add iam:getaccountpasswordpolicy.", BY_NAME["open_one_gate"].solution)
    assert not tells("Put absent, false or true there.", THREE_VALUES)


# The notebook as it is given.


def cells_of(lesson: str, language: str) -> Iterator[str]:
    """The code of a notebook, but for what only looks at the machine."""
    file = folders.notebooks() / language / f"{lesson}.ipynb"
    notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        if cell.cell_type == "code" and "nbval-ignore-output" not in cell.metadata.get("tags", ()):
            yield cell.source


@in_every_language
@pytest.mark.parametrize("lesson", EXERCISES)
def test_the_unedited_notebook_passes_no_check(
    lesson: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: dict[str, Any] = {}
    check = Lesson.check

    def noticed(self: Lesson, name: str, given_answer: Any) -> Any:
        checked[name] = check(self, name, given_answer)
        return checked[name]

    monkeypatch.setattr(Lesson, "check", noticed)
    names: dict[str, Any] = {"__name__": "__main__"}  # as a kernel does
    for source in cells_of(lesson, language):
        exec(source, names)
    if isinstance(names.get("account"), Account):
        names["account"].close()
    assert set(checked) == {one.name for one in EXERCISES[lesson]}
    assert [view.is_right for view in checked.values()] == [False] * len(checked)


@in_every_language
def test_the_stub_beside_the_editor_gets_a_sentence(language: str) -> None:
    """Lesson 01 names this list, for where the editor does not appear."""
    lesson = Lesson("01_force_mfa_policy", language)
    policy = lesson.policy("2021-05-13_article")
    view = lesson.check("open_one_gate", [*policy.statements[8].actions.patterns, "…"])
    assert not view.is_right
    assert view.sentence


# Whatever is handed in.

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["?", "DenyDelete", "absent", "iam:*", "iam:ChangePassword", "{x}", "nope"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.sampled_from([*THREE_VALUES, "x"]), inner, max_size=5)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("lesson", "name"), [(lesson, one.name) for lesson, them in EXERCISES.items() for one in them]
)
@repeatable
@given(given_answer=ANYTHING)
def test_a_check_answers_whatever_is_handed_in(lesson: str, name: str, given_answer: Any) -> None:
    for language in LANGUAGES:
        assert Lesson(lesson, language).check(name, given_answer).sentence


@pytest.mark.parametrize("name", ["which_wins", "three_values", "open_one_gate"])
@pytest.mark.parametrize("nothing", [None, "", " ", "?", [], {}, (), 0, False, object()])
def test_nothing_is_no_answer(name: str, nothing: object) -> None:
    assert not BY_NAME[name].check(nothing).is_right


# Lesson 00: which wins.


@pytest.mark.parametrize(
    "given_answer", ["DenyDelete", " DenyDelete ", "denydelete", "DENYDELETE\n"]
)
def test_the_sid_may_be_written_in_any_case(given_answer: str) -> None:
    assert BY_NAME["which_wins"].check(given_answer).is_right


@pytest.mark.parametrize(
    "given_answer", ["DenyDelet", "Deny", "AllowAll, DenyDelete", "DenyDelete?", 2, ["DenyDelete"]]
)
def test_another_name_is_not_the_sid(given_answer: object) -> None:
    found = BY_NAME["which_wins"].check(given_answer)
    assert (found.is_right, found.code) == (False, "no_such_statement")
    assert found.values == {"given": str(given_answer)}


# Lesson 01: three values.


@pytest.mark.parametrize(
    "spelled",
    [
        {"access_key": "ABSENT", "console_without_mfa": ' "false" ', "console_with_mfa": "True"},
        {"console_without_mfa": False, "console_with_mfa": True, "session_token_with_mfa": True},
        {"something_else": "x"},
    ],
)
def test_the_values_may_be_spelled_as_python_or_json_does(spelled: dict[str, Any]) -> None:
    assert BY_NAME["three_values"].check({**THREE_VALUES, **spelled}).is_right


@st.composite
def other_values(draw: st.DrawFn) -> dict[str, str]:
    values = st.sampled_from(["absent", "false", "true", "?", "no", ""])
    return {kind: draw(values) for kind in THREE_VALUES}


@repeatable
@given(other_values())
def test_only_the_four_right_values_pass(values: dict[str, str]) -> None:
    assert BY_NAME["three_values"].check(values).is_right is (values == THREE_VALUES)


@pytest.mark.parametrize("kind", THREE_VALUES)
def test_a_value_that_is_left_out_is_still_open(kind: str) -> None:
    rest = {name: value for name, value in THREE_VALUES.items() if name != kind}
    found = BY_NAME["three_values"].check(rest)
    assert (found.code, found.values) == ("empty", {"count": 1})


def test_the_three_values_are_those_of_the_credentials() -> None:
    of_credentials = {name: KINDS[name].mfa.present or "absent" for name in THREE_VALUES}
    assert of_credentials == THREE_VALUES
    assert set(THREE_VALUES.values()) == {"absent", "false", "true"}


# Lesson 01: open one gate. What is right, said once more, cell by cell.


@cache
def tabulator() -> Tabulator:
    return Tabulator()


def opens_one_gate(policy: Policy) -> bool:
    """Whether everybody may read the password policy and nothing else changed for anybody."""
    wanted = aws_catalogue().bit(WANTED_GATE)
    before = tabulator().survey(PolicySet(identity=[ARTICLE]))
    after = tabulator().survey(PolicySet(identity=[policy]))
    for old, new in zip(before, after, strict=True):
        if not (new.faces[Face.ALLOW] | new.faces[Face.REFUSED]) & wanted:
            return False
        if any((old.faces[face] ^ new.faces[face]) & ~wanted for face in Face):
            return False
    return True


def with_actions(number: int, *, without: str = "", more: tuple[str, ...] = ()) -> Policy:
    """The article's policy with other actions in one statement."""
    document = json.loads(ARTICLE.to_json())
    statement = document["Statement"][number]
    name = "NotAction" if "NotAction" in statement else "Action"
    statement[name] = [one for one in statement[name] if one != without] + list(more)
    return Policy.parse(document)


def without_statement(number: int) -> Policy:
    document = json.loads(ARTICLE.to_json())
    del document["Statement"][number]
    return Policy.parse(document)


def without_the_allow_and_with_the_gate() -> Policy:
    document = json.loads(article_exempting((*GATES, WANTED_GATE)).to_json())
    document["Statement"][0]["Action"].remove(WANTED_GATE)
    return Policy.parse(document)


POLICIES = {
    "the article's": ARTICLE,
    "the weakened": stored_policy("2021-05-13_article_weakened"),
    "the newest": stored_policy("2023-11_newest"),
    "no fence": without_statement(8),
    "no Allow of it": with_actions(0, without=WANTED_GATE),
    "no Allow of it, with the gate": without_the_allow_and_with_the_gate(),
    "no first statement": without_statement(0),
    "an Allow more": with_actions(0, more=("ec2:DescribeInstances",)),
    "the gate": article_exempting((*GATES, WANTED_GATE)),
    "the gate in capitals": article_exempting((*GATES, WANTED_GATE.upper())),
    "the gate as a pattern that matches it alone": article_exempting((*GATES, "iam:GetAccountPasswordPolic?")),
    "the gate and a name that AWS does not have": article_exempting((*GATES, WANTED_GATE, "iam:Nope")),
    "the gate, and one gate shut": article_exempting((*GATES[1:], WANTED_GATE)),
    "the gate, and another's": article_exempting((*GATES, WANTED_GATE, "iam:ListUsers")),
    "BoolIfExists weakened": Policy.parse(ARTICLE.to_json().replace("BoolIfExists", "Bool")),
}  # fmt: skip


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_passes_where_it_does_what_is_asked_and_nowhere_else(name: str) -> None:
    policy = POLICIES[name]
    found = BY_NAME["open_one_gate"].check(policy)
    assert found.is_right is opens_one_gate(policy), found
    for language in LANGUAGES:
        assert Lesson("01_force_mfa_policy", language).check("open_one_gate", policy).sentence


def test_an_allow_that_is_taken_away_is_told_by_its_action() -> None:
    document = json.loads(article_exempting((*GATES, WANTED_GATE)).to_json())
    document["Statement"][2]["Action"].remove("iam:CreateAccessKey")
    found = BY_NAME["open_one_gate"].check(Policy.parse(document))
    assert (found.is_right, found.code) == (False, "closed")
    assert found.values == {"action": "iam:CreateAccessKey"}


def test_what_does_what_is_asked_is_what_one_would_think() -> None:
    assert {name for name, policy in POLICIES.items() if opens_one_gate(policy)} == {
        "the gate",
        "the gate in capitals",
        "the gate as a pattern that matches it alone",
        "the gate and a name that AWS does not have",
    }


ENTRY = st.sampled_from(
    [
        *GATES,
        WANTED_GATE,
        "iam:ChangePassword",
        "iam:Get*",
        "iam:GetAccount*",
        "iam:Nope",
        "ec2:*",
        "*",
    ]
)


@repeatable
@given(st.lists(ENTRY, min_size=1, max_size=9, unique=True).map(tuple))
def test_a_list_passes_where_its_policy_does_what_is_asked(gates: tuple[str, ...]) -> None:
    expected = opens_one_gate(article_exempting(gates))
    for given_answer in (gates, list(gates), article_exempting(gates)):
        assert BY_NAME["open_one_gate"].check(given_answer).is_right is expected


@repeatable
@given(
    dropped=st.sets(st.tuples(st.integers(0, 8), st.integers(0, 6)), max_size=2),
    gates=st.sets(st.sampled_from([WANTED_GATE, "iam:ListUsers", "iam:Nope"])),
)
def test_a_policy_passes_where_it_does_what_is_asked(
    dropped: set[tuple[int, int]], gates: set[str]
) -> None:
    document = json.loads(ARTICLE.to_json())
    for number, statement in enumerate(document["Statement"]):
        name = "NotAction" if "NotAction" in statement else "Action"
        kept = [one for place, one in enumerate(statement[name]) if (number, place) not in dropped]
        statement[name] = kept or statement[name]
    document["Statement"][8]["NotAction"] += sorted(gates)
    policy = Policy.parse(document)
    assert BY_NAME["open_one_gate"].check(policy).is_right is opens_one_gate(policy)


@in_every_language
def test_the_workbench_is_judged_as_it_stands(language: str) -> None:
    lesson = Lesson("01_force_mfa_policy", language)
    bench: NotActionWorkbench = lesson.edit(ARTICLE)
    assert not lesson.check("open_one_gate", bench).is_right
    bench.editor.add(WANTED_GATE)
    assert lesson.check("open_one_gate", bench).is_right
    bench.editor.add("iam:ListUsers")
    assert not lesson.check("open_one_gate", bench).is_right
    bench.editor.undo()
    assert lesson.check("open_one_gate", bench).is_right


def test_the_count_of_the_others_is_told() -> None:
    lesson = Lesson("01_force_mfa_policy")
    assert lesson.check("open_one_gate", (*GATES, WANTED_GATE)).sentence == (
        "One gate, for every kind of credentials at once; the other 22,320 actions are answered as "
        "before."
    )
    wide = lesson.check("open_one_gate", (*GATES, WANTED_GATE, "iam:ListUsers", "iam:ListRoles"))
    assert wide.sentence.startswith(
        "The password policy can be read, but 2 more gates stand open, iam:ListRoles among them."
    )
    one = lesson.check("open_one_gate", (*GATES, WANTED_GATE, "iam:ListUsers"))
    assert "one more gate stands open: iam:ListUsers" in one.sentence
