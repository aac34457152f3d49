"""A question with its possible answers: a choice is recorded at once."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab.analysis.requests.answer import CALL_FACES, Face
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.course.answer_options import Option
from mfa_lab.view.course.guess_form import GuessForm
from tests.view.markup import one, parsed, words


class Record:
    """What a form recorded."""

    def __init__(self) -> None:
        self.guesses: list[str] = []

    def __call__(self, guess: str) -> None:
        self.guesses.append(guess)


def form(guess: Face | None = None, language: str = "en") -> tuple[GuessForm, Record]:
    record = Record()
    return GuessForm("May she?", language, guess, record), record


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_offers_the_four_faces(language: str) -> None:
    widget, _ = form(language=language)
    assert [option["value"] for option in widget.options] == [
        "allow", "explicit_deny", "implicit_deny", "refused",
    ]  # fmt: skip
    assert [option["symbol"] for option in widget.options] == ["✓", "✕", "–", "⊘"]
    for option in widget.options:
        assert option["word"] == say(f"face.{option['value']}", language)
        assert option["note"] == say(f"face_meaning.{option['value']}", language)
    assert (widget.question, widget.chosen, widget.recorded) == ("May she?", "", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_choice_is_recorded_at_once_and_may_be_changed(language: str) -> None:
    widget, record = form(language=language)
    for guess in ("refused", "allow"):
        widget._handle_custom_msg({"guess": guess}, [])
        assert widget.chosen == guess
        assert widget.recorded == say("guess.recorded", language)
    assert record.guesses == ["refused", "allow"]


def test_a_guess_made_before_is_shown() -> None:
    widget, record = form(Face.IMPLICIT_DENY)
    assert (widget.chosen, widget.recorded) == ("implicit_deny", "Your guess is recorded.")
    assert type(widget.chosen) is str or str(widget.chosen) == "implicit_deny"
    assert record.guesses == []


@pytest.mark.parametrize(
    "junk",
    [None, [], {}, "allow", {"guess": None}, {"guess": ""}, {"guess": "ALLOW"}, {"guess": "maybe"},
     {"guess": ["allow"]}, {"guess": 0}, {"choose": "allow"}],
)  # fmt: skip
def test_a_message_that_no_page_sends_is_no_guess(junk: object) -> None:
    widget, record = form()
    widget._handle_custom_msg(junk, [])
    assert (widget.chosen, widget.recorded, record.guesses) == ("", "", [])


def test_a_guess_that_is_not_recorded_is_not_shown_as_chosen() -> None:
    def refuse(guess: str) -> None:
        raise ValueError(guess)

    widget = GuessForm("May she?", "en", None, refuse)
    with pytest.raises(ValueError, match="maybe"):
        widget.choose("maybe")
    assert (widget.chosen, widget.recorded) == ("", "")


def html_of(widget: GuessForm) -> str:
    data: dict[str, Any] = widget._repr_mimebundle_()[0]
    return str(data["text/html"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_cannot_run_the_form_shows_question_and_answers(language: str) -> None:
    first, again = form(language=language)[0], form(language=language)[0]
    assert html_of(first) == html_of(again)
    assert repr(first) == "May she? [?]"
    tree = parsed(html_of(first))
    assert words(one(tree, "p")) == "May she?"
    items = tree.select("li")
    assert [item["class"] for item in items] == [[str(face)] for face in CALL_FACES]
    for item, option in zip(items, first.options, strict=True):
        assert words(item) == f"{option['symbol']} {option['word']} {option['note']}"


def test_the_form_as_it_stands_tells_the_guess() -> None:
    made, other, none = form(Face.ALLOW)[0], form(Face.REFUSED)[0], form()[0]
    assert repr(made) == "May she? [allow]"
    assert len({html_of(made), html_of(other), html_of(none)}) == 3
    for widget, number in ((made, 0), (other, 3)):
        items = parsed(html_of(widget)).select("li")
        told = [words(item).endswith("← your guess") for item in items]
        assert told == ["chosen" in item["class"] for item in items]
        assert told == [place == number for place in range(4)]
    assert "your guess" not in words(one(parsed(html_of(none)), "ul"))


OWN_OPTIONS = (Option("one", "One action"), Option("many", "Many actions"))


def test_a_question_may_have_options_of_its_own() -> None:
    record = Record()
    widget = GuessForm("How many?", "en", None, record, OWN_OPTIONS)
    items = parsed(html_of(widget)).select("li")
    assert list(map(words, items)) == ["One action", "Many actions"]
    assert not parsed(html_of(widget)).select(".symbol")
    widget._handle_custom_msg({"guess": "allow"}, [])
    assert widget.chosen == ""
    widget._handle_custom_msg({"guess": "many"}, [])
    assert (widget.chosen, record.guesses) == ("many", ["many"])
