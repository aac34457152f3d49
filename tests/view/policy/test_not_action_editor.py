"""The editor as a widget without a browser: messages in, traits and messages out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mfa_lab.view.policy.not_action_editor
from mfa_lab import Policy
from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.lesson.policies import stored_policy
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.policy.not_action_editor import NotActionEditor
from mfa_lab.view.policy.not_action_list import NotActionList
from tests.view.markup import one, parsed, words

repeatable = settings(deadline=None, derandomize=True, max_examples=100)

SOURCE = Path(mfa_lab.view.policy.not_action_editor.__file__).with_suffix(".js").read_text("utf-8")
PLAIN = '{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}'
GATES: tuple[str, ...] = (
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
)
ADDED = "iam:ChangePassword"
PRESETS = {"two more": (*GATES, ADDED, "iam:GetAccountPasswordPolicy"), "one": ("s3:*",)}
FENCE = 8


class Page:
    """What the JavaScript side would see of an editor, and what it would send."""

    def __init__(self, editor: NotActionEditor, monkeypatch: pytest.MonkeyPatch) -> None:
        self.editor = editor
        self.received: list[dict[str, Any]] = []
        monkeypatch.setattr(editor, "send", self.received.append)

    def send(self, content: object) -> None:
        self.editor._handle_custom_msg(content, [])

    @property
    def shown(self) -> tuple[str, ...]:
        return tuple(chip["text"] for chip in self.editor.chips)

    def state(self) -> dict[str, Any]:
        """All traits that go to the browser, as the JSON that they go as."""
        names = ("labels", "chips", "preset_names", "status", "is_refused", "can_undo",
                 "is_at_start", "policy_text")  # fmt: skip
        state: dict[str, Any] = json.loads(
            json.dumps({name: getattr(self.editor, name) for name in names})
        )
        return state


@pytest.fixture
def page(article: Policy, monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(NotActionEditor(NotActionList(article), presets=PRESETS), monkeypatch)


@pytest.fixture
def page_in(article: Policy, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Page]:
    def make(language: str) -> Page:
        return Page(NotActionEditor(NotActionList(article), language, PRESETS), monkeypatch)

    return make


def test_the_editor_starts_with_the_policy_s_list(page: Page, article: Policy) -> None:
    assert page.shown == GATES
    assert all(
        (chip["note"], chip["unknown"], chip["added"]) == ("", False, False)
        for chip in page.editor.chips
    )
    assert [chip["remove"] for chip in page.editor.chips] == [f"Remove {gate}" for gate in GATES]
    assert page.editor.preset_names == ["two more", "one"]
    assert page.editor.status == ""
    assert not page.editor.can_undo
    assert page.editor.is_at_start
    assert not page.editor.is_refused
    assert Policy.parse(page.editor.policy_text).document == article.document


# Messages.


def test_an_added_entry_is_a_chip_with_a_mark(page: Page) -> None:
    page.send({"do": "add", "text": ADDED})
    assert page.shown == (*GATES, ADDED)
    assert [chip["added"] for chip in page.editor.chips] == [False] * 7 + [True]
    assert page.editor.status == f"Added {ADDED}."
    assert page.editor.can_undo
    assert not page.editor.is_at_start
    assert not page.editor.is_refused
    fence = Policy.parse(page.editor.policy_text).statements[FENCE]
    assert fence.actions.patterns == (*GATES, ADDED)
    assert page.received == [{"done": "added", "kept": ""}]


def test_several_entries_are_added_by_one_message(page: Page) -> None:
    page.send({"do": "add", "text": json.dumps([ADDED, "s3:*"])})
    assert page.shown == (*GATES, ADDED, "s3:*")
    assert page.editor.status.startswith(f"Added 2 entries: {ADDED}, s3:*.")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nonsense", "malformed"),
        ("iam:<script>alert(1)</script>", "malformed"),
        (f"{ADDED} nonsense", "malformed"),
        ("  ", "nothing"),
        (GATES[0].upper(), "already_there"),
        (PLAIN, "no_list_in_policy"),
        ('{"Statement": []}', "refused_policy"),
    ],
)
def test_what_is_refused_comes_back_and_changes_nothing(page: Page, text: str, code: str) -> None:
    before = page.state()
    page.send({"do": "add", "text": text})
    assert page.received == [{"done": code, "kept": text}]
    assert page.editor.is_refused
    assert page.editor.status
    after = page.state()
    assert after == {**before, "status": page.editor.status, "is_refused": True}


def test_a_refusal_is_over_with_the_next_edit(page: Page) -> None:
    page.send({"do": "add", "text": "nonsense"})
    page.send({"do": "add", "text": ADDED})
    assert not page.editor.is_refused
    assert page.editor.status == f"Added {ADDED}."
    assert page.received[-1] == {"done": "added", "kept": ""}


def test_an_entry_is_removed(page: Page) -> None:
    page.send({"do": "remove", "text": "iam:GetUser"})
    assert "iam:GetUser" not in page.shown
    assert page.editor.status == "Removed iam:GetUser."


def test_the_last_entry_stays_and_says_why(page: Page) -> None:
    for gate in GATES:
        page.send({"do": "remove", "text": gate})
    assert page.shown == GATES[-1:]
    assert page.editor.is_refused
    assert GATES[-1] in page.editor.status


def test_a_second_click_on_a_removed_entry_does_not_speak_of_adding(page: Page) -> None:
    page.send({"do": "remove", "text": "iam:GetUser"})
    page.send({"do": "remove", "text": "iam:GetUser"})
    assert page.editor.status == "iam:GetUser is not in the list."
    assert page.shown == tuple(gate for gate in GATES if gate != "iam:GetUser")


def test_undo_takes_back_and_says_so(page: Page) -> None:
    page.send({"do": "add", "text": ADDED})
    page.send({"do": "undo"})
    assert page.shown == GATES
    assert page.editor.status == "The last edit is taken back."
    assert not page.editor.can_undo
    assert page.editor.is_at_start
    page.send({"do": "undo"})
    assert page.editor.status == "There is no edit to take back."


def test_reset_goes_back_to_the_start_and_can_be_undone(page: Page) -> None:
    page.send({"do": "add", "text": ADDED})
    page.send({"do": "reset"})
    assert page.shown == GATES
    assert page.editor.status == "Back to the starting list."
    assert page.editor.is_at_start
    assert page.editor.can_undo
    page.send({"do": "undo"})
    assert page.shown == (*GATES, ADDED)


def test_a_preset_puts_its_list_in_place(page: Page) -> None:
    page.send({"do": "preset", "name": "two more"})
    assert page.shown == PRESETS["two more"]
    assert page.editor.status == "The list of this step is in place."
    page.send({"do": "preset", "name": "two more"})
    assert page.editor.status == "The list was like this already."
    page.send({"do": "undo"})
    assert page.shown == GATES


@pytest.mark.parametrize(
    "junk",
    [
        None,
        1,
        "add",
        [],
        {},
        {"do": None},
        {"do": "nope"},
        {"do": "add"},
        {"do": "add", "text": None},
        {"do": "add", "text": ["iam:ChangePassword"]},
        {"do": "remove"},
        {"do": "remove", "text": 3},
        {"do": "preset"},
        {"do": "preset", "name": "nope"},
        {"do": "preset", "name": ["one"]},
        {"do": "suggest", "text": "iam:"},
        {"do": "suggest", "text": "iam:", "number": "1"},
        {"do": "suggest", "text": None, "number": 1},
        {"do": "suggest", "number": 1},
        {"done": "added"},
    ],
)
def test_a_message_that_no_page_sends_does_nothing(page: Page, junk: object) -> None:
    before = page.state()
    page.send(junk)
    assert page.state() == before
    assert page.received == []


@repeatable
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["do", "text", "number", "name", "open"]), inner)
        ),
        max_leaves=6,
    )
)
@example({"do": "add", "text": "iam:*"})
def test_no_message_makes_the_editor_fail(content: object) -> None:
    policy = Policy.parse(
        {"Statement": {"Effect": "Deny", "NotAction": list(GATES), "Resource": "*"}}
    )
    editor = NotActionEditor(NotActionList(policy))
    editor._handle_custom_msg(content, [])
    editor.close()


# Suggestions.


@pytest.mark.parametrize(
    "typed", ["iam:", "i", "GET", "iam:*", "*:*", "passwordpolicy", "a?:*", "zzzz", ""]
)
def test_at_most_20_suggestions_with_the_number_of_the_question(page: Page, typed: str) -> None:
    page.send({"do": "suggest", "text": typed, "number": 41})
    [answer] = page.received
    assert answer["number"] == 41
    assert len(answer["suggestions"]) <= 20
    for suggestion in answer["suggestions"]:
        assert set(suggestion) == {"text", "note", "listed"}
        assert isinstance(suggestion["note"], str) and suggestion["note"]
    assert page.editor.status == ""


def test_many_suggestions_are_20(page: Page) -> None:
    for typed in ("iam:", "iam:*", "get"):
        assert len(page.editor.suggestions(typed)) == 20


def test_a_suggestion_says_what_the_action_does_and_whether_it_is_listed(page: Page) -> None:
    found = {one["text"]: one for one in page.editor.suggestions("iam:getu")}
    assert found["iam:GetUser"] == {"text": "iam:GetUser", "note": "Read", "listed": True}
    assert found["iam:GetUserPolicy"]["listed"] is False


def test_listed_is_told_in_any_case_and_follows_the_edits(page: Page) -> None:
    page.send({"do": "add", "text": ADDED.upper()})
    [found] = [one for one in page.editor.suggestions("changepass") if one["text"] == ADDED]
    assert found["listed"] is True
    page.send({"do": "undo"})
    [found] = [one for one in page.editor.suggestions("changepass") if one["text"] == ADDED]
    assert found["listed"] is False


def test_the_beginning_of_a_name_finds_it_first(page: Page) -> None:
    assert page.editor.suggestions("iam:changep")[0]["text"] == ADDED
    assert page.editor.suggestions("ChangePass")[0]["text"] == ADDED


def test_a_pattern_is_suggested_itself_with_what_it_matches(page: Page) -> None:
    catalogue = aws_catalogue()
    first = page.editor.suggestions(" iam:*MFA* ")[0]
    count = sum("mfa" in one.name.lower() for one in catalogue.actions if one.service == "iam")
    assert first == {"text": "iam:*MFA*", "note": f"{count} actions", "listed": False}
    page.send({"do": "add", "text": "iam:*mfa*"})
    assert page.editor.suggestions("iam:*MFA*")[0]["listed"] is True


@pytest.mark.parametrize(
    "pattern", ["iam:ChangePasswor?", "iam:*MFA*", "sts:*Token", "iam:*Password*"]
)
def test_after_a_pattern_come_all_that_it_matches_where_there_is_room(
    page: Page, pattern: str
) -> None:
    catalogue = aws_catalogue()
    matching = catalogue.names(catalogue.matching(pattern))
    assert 0 < len(matching) < 20
    assert [one["text"] for one in page.editor.suggestions(pattern)] == [pattern, *matching]


@pytest.mark.parametrize(
    "typed",
    [
        "iam:",
        "*",
        "*MFA*",
        "iam*",
        "mfa*",
        "iam:*MFA*",
        "iam:Chan?e*",
        "iam:* sts:*",
        "?",
        "iam:Get* x",
    ],
)
def test_what_is_suggested_is_not_refused_when_it_is_chosen(
    page: Page, article: Policy, typed: str
) -> None:
    refused = [
        one["text"]
        for one in page.editor.suggestions(typed)
        if NotActionList(article).add(one["text"]).code == "malformed"
    ]
    assert refused == []


# What the status and the chips say.


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_are_spelled_alike_wherever_they_stand(
    page_in: Callable[[str], Page], language: str
) -> None:
    page = page_in(language)
    page.send({"do": "suggest", "text": "*", "number": 1})
    page.send({"do": "add", "text": "*"})
    suggested = next(one for one in page.received if "suggestions" in one)
    for told in (
        page.editor.status,
        page.editor.chips[-1]["note"],
        suggested["suggestions"][0]["note"],
    ):
        assert "22,321" in told


def test_an_unknown_action_is_taken_with_a_warning_that_names_the_nearest(page: Page) -> None:
    page.send({"do": "add", "text": "iam:ChangePasword"})
    assert page.editor.status == (
        "Added iam:ChangePasword. iam:ChangePasword matches none of AWS's 22,321 actions; the "
        "nearest name is iam:ChangePassword. AWS accepts it all the same, and it does nothing."
    )
    assert not page.editor.is_refused
    last = page.editor.chips[-1]
    assert (last["unknown"], last["note"]) == (True, "no such action")


def test_an_unknown_action_near_to_none_is_taken_with_a_warning(page: Page) -> None:
    page.send({"do": "add", "text": "qqq:Xyzzyx"})
    assert page.editor.status == (
        "Added qqq:Xyzzyx. qqq:Xyzzyx matches none of AWS's 22,321 actions. AWS accepts it all the "
        "same, and it does nothing."
    )


@pytest.mark.parametrize(
    ("language", "count", "last"),
    [
        ("en", 5, "does nothing."), ("en", 6, "… and 1 more."), ("en", 200, "… and 195 more."),
        ("ja", 200, "…他に 195 件あります。"),
    ],
)  # fmt: skip
def test_of_many_unknown_actions_five_are_told_and_the_others_counted(
    language: str, count: int, last: str
) -> None:
    editor = NotActionEditor(NotActionList(stored_policy("2021-05-13_article")), language)
    nearest = Mock(wraps=editor.entries.catalogue.nearest)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editor.entries.catalogue, "nearest", nearest)
        editor.add(" ".join(f"iam:Nothing{number}" for number in range(count)))
    assert editor.status.endswith(last)
    assert editor.status.count("22,321") == nearest.call_count == 5, (
        "looking for the nearest takes long"
    )
    assert [chip["unknown"] for chip in editor.chips[-count:]] == [True] * count


def test_a_pattern_says_how_many_it_matches(page: Page) -> None:
    page.send({"do": "add", "text": "iam:ChangePasswor? s3:*"})
    count = sum(action.service == "s3" for action in aws_catalogue().actions)
    assert page.editor.status == (
        "Added 2 entries: iam:ChangePasswor?, s3:*. iam:ChangePasswor? matches 1 action. "
        f"s3:* matches {count} actions."
    )
    assert [chip["note"] for chip in page.editor.chips[-2:]] == ["1 action", f"{count} actions"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_answered_in_the_language(
    page_in: Callable[[str], Page], language: str
) -> None:
    page = page_in(language)
    said = {}
    for message, key in [
        ({"do": "undo"}, "nothing_to_undo"),
        ({"do": "reset"}, "as_before"),
        ({"do": "add", "text": ""}, "nothing"),
        ({"do": "add", "text": PLAIN}, "no_list_in_policy"),
        ({"do": "preset", "name": "one"}, "preset"),
        ({"do": "reset"}, "reset"),
        ({"do": "undo"}, "undone"),
    ]:
        page.send(message)
        assert page.editor.status == say(f"editor_status.{key}", language)
        said[key] = page.editor.status
    assert len(set(said.values())) == 7
    page.send({"do": "remove", "text": "s3:*"})
    assert page.editor.status == say("editor_status.last_stays", language, entries="s3:*")
    page.send({"do": "add", "text": "iam:<b> no"})
    assert "iam:<b>" in page.editor.status and "no" in page.editor.status
    assert set(page.editor.labels.values()) == {
        say("editor.heading_deny" if name == "heading" else f"editor.{name}", language)
        for name in page.editor.labels
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pasted_policy_with_a_mistake_is_told_where_and_what(
    page_in: Callable[[str], Page], language: str
) -> None:
    page = page_in(language)
    text = '{"Statement": {"Effect": "deny", "Action": "*", "Resource": "*"}}'
    page.send({"do": "add", "text": text})
    mistake = NotActionList(page.editor.entries.start).add(text).mistake
    assert mistake is not None
    told = mistake.located_sentence(language)
    assert page.editor.status == say("editor_status.refused_policy", language, mistake=told)
    assert "/Statement/Effect" in page.editor.status


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_the_heading_says_what_leaves_the_list_out(language: str, effect: str) -> None:
    policy = Policy.parse({"Statement": {"Effect": effect, "NotAction": "s3:*", "Resource": "*"}})
    editor = NotActionEditor(NotActionList(policy), language)
    heading = say(f"editor.heading_{effect.lower()}", language)
    assert editor.labels["heading"] == heading
    assert effect in heading
    assert words(one(parsed(editor.fragment()), ".heading")) == words(
        parsed(f"<p>NotAction{heading}</p>")
    )


def test_what_an_edit_leads_to_is_said_after_each_edit_that_has_an_effect(
    article: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, ...]] = []
    entries = NotActionList(article)

    def on_change() -> str:
        calls.append(entries.entries)
        return "EFFECT"

    page = Page(NotActionEditor(entries, presets=PRESETS, on_change=on_change), monkeypatch)
    for message in [
        {"do": "undo"},
        {"do": "reset"},
        {"do": "add", "text": "nonsense"},
        {"do": "add", "text": ""},
        {"do": "add", "text": GATES[0]},
        {"do": "add", "text": '{"Statement": []}'},
    ]:
        page.send(message)
        assert calls == [] and "EFFECT" not in page.editor.status
    for message in [
        {"do": "add", "text": ADDED},
        {"do": "remove", "text": ADDED},
        {"do": "undo"},
        {"do": "preset", "name": "one"},
        {"do": "reset"},
        {
            "do": "add",
            "text": json.dumps(
                {"Statement": {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}}
            ),
        },
    ]:
        page.send(message)
        assert page.editor.status.endswith(" EFFECT")
        assert calls.pop() == entries.entries
        assert calls == []


# The page without a kernel.


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_as_html(page_in: Callable[[str], Page], language: str) -> None:
    page = page_in(language)
    page.send({"do": "add", "text": "iam:Nope s3:*"})
    tree = parsed(page.editor.fragment())
    root = one(tree, ".mfa-lab-editor")
    assert root["lang"] == language
    chips = root.select("ul.chips > li.chip")
    assert [one(chip, "code").get_text() for chip in chips] == [*GATES, "iam:Nope", "s3:*"]
    assert [chip["class"] for chip in chips[-3:]] == [
        ["chip"], ["chip", "unknown", "added"], ["chip", "added"],
    ]  # fmt: skip
    assert words(one(chips[-2], ".note")) == say("editor.unknown", language)
    assert not chips[0].select(".note")


def test_the_list_as_html_escapes_what_it_shows(page: Page) -> None:
    hostile = 'iam:<script>alert("1")</script>\'&lt;'
    page.editor.chips = [
        {"text": hostile, "note": hostile, "unknown": True, "added": True, "remove": hostile}
    ]
    tree = parsed(page.editor.fragment())
    assert not tree.select("script")
    assert one(tree, ".chip code").get_text() == hostile
    assert one(tree, ".chip .note").get_text() == hostile


def test_a_page_that_cannot_run_the_widget_shows_the_list(page: Page) -> None:
    page.send({"do": "add", "text": ADDED})
    data, _ = page.editor._repr_mimebundle_()
    assert data["text/plain"] == repr(page.editor) == "<NotAction list of 8 entries>"
    assert ADDED in data["text/html"]
    assert data["text/html"].startswith("<style>")
    assert page.editor.fragment() in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data


# Both sides of the widget name the same things.


def test_python_answers_every_message_that_the_page_sends() -> None:
    sent = set(re.findall(r"\bdo:\s*\"(\w+)\"", SOURCE))
    assert sent == {"suggest", "add", "remove", "undo", "reset", "preset"}


def test_the_page_reads_only_what_python_gives(page: Page) -> None:
    labels = set(re.findall(r"\blabels\.(\w+)", SOURCE))
    assert labels and labels <= set(page.editor.labels)
    traits = set(re.findall(r"model\.get\(\"(\w+)\"\)|\"change:(\w+)\"", SOURCE))
    named = {name for pair in traits for name in pair if name}
    assert named and named <= set(page.editor.traits(sync=True))
    chip = set(re.findall(r"\bchip\.(\w+)", SOURCE))
    assert chip and chip <= set(page.editor.chips[0])


@pytest.mark.parametrize(
    ("typed", "added"),
    [
        ("changepassword", "iam:ChangePassword"),  # Cognito has one too; IAM's comes first
        (" GetAccountPasswordPolicy ", "iam:GetAccountPasswordPolicy"),
    ],
)
def test_the_name_of_an_action_alone_means_the_suggestion_of_that_name(
    page: Page, typed: str, added: str
) -> None:
    assert page.editor.add(typed).entries == (added,)
    assert page.editor.entries.entries[-1] == added


@pytest.mark.parametrize("typed", ["password", "changepasswor", "nothing", "*"])
def test_a_part_of_a_name_means_nothing_by_itself(page: Page, typed: str) -> None:
    before = page.editor.entries.entries
    edit = page.editor.add(typed)
    assert edit.code == ("added" if typed == "*" else "malformed")
    assert typed == "*" or page.editor.entries.entries == before
