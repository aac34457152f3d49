"""Contexts, differences, guesses, verdicts."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import Tag

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.difference import difference
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam.credentials import KINDS, Caller
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.course.answer_options import Option, face_options
from mfa_lab.view.course.guess_form import GuessForm
from mfa_lab.view.course.guess_results import GuessResults
from mfa_lab.view.course.verdict_view import VerdictView
from mfa_lab.view.table.credentials_view import CredentialsView
from mfa_lab.view.table.difference_view import DifferenceView
from tests.view.markup import one, parsed, words


def rows_of(html: str) -> list[list[str]]:
    return [list(map(words, row.select("th, td"))) for row in parsed(html).select("tbody tr")]


# What each kind of credentials says about MFA.


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_of_credentials_says_its_value_and_how_sure_that_is(language: str) -> None:
    callers = tuple(map(Caller, KINDS.values()))
    html = CredentialsView(callers, language)._repr_html_()
    rows = parsed(html).select("tbody tr")
    assert len(rows) == len(KINDS)
    for kind, row in zip(KINDS.values(), rows, strict=True):
        label, value, sureness = row.select("th, td")
        assert words(label).startswith(say(f"credentials.{kind.name}", language))
        assert words(one(label, ".note")) == say(f"credentials_meaning.{kind.name}", language)
        present = kind.mfa.present or "absent"
        dagger = " †" if kind.open_points else ""
        assert words(one(value, "b")) == say(f"mfa_key.{present}", language) + dagger
        age = "age" if kind.mfa.present == "true" else "no_age"
        assert words(one(value, ".note")) == say(f"credentials_view.{age}", language)
        assert words(sureness) == say(f"sureness.{kind.sureness}", language)
        assert words(sureness).startswith("†") is bool(kind.open_points)


def test_the_three_values_in_words() -> None:
    callers = [
        Caller(KINDS[name]) for name in ("access_key", "console_without_mfa", "console_with_mfa")
    ]
    values = [row[1] for row in rows_of(CredentialsView(tuple(callers))._repr_html_())]
    assert values == [
        "absent aws:MultiFactorAuthAge is absent",
        '"false" aws:MultiFactorAuthAge is absent',
        '"true" aws:MultiFactorAuthAge is there too: seconds since the code',
    ]


def test_the_text_of_contexts_has_no_address() -> None:
    assert (
        repr(CredentialsView((Caller(KINDS["access_key"]),)))
        == "<MFA keys of 1 kinds of credentials>"
    )


# Differences.


def between(
    tabulator: Tabulator, before: Policy, after: Policy, language: str = "en"
) -> DifferenceView:
    found = difference(tabulator, PolicySet(identity=[before]), PolicySet(identity=[after]))
    return DifferenceView(found, language)


def test_a_difference_says_who_gains_what_and_that_no_other_does(
    tabulator: Tabulator, article: Policy, weakened: Policy
) -> None:
    view = between(tabulator, article, weakened)
    tree = parsed(view.fragment())
    assert (
        words(tree.select("p")[0])
        == repr(view)
        == ("2 actions change their answer for somebody; none of the other 22,319 does.")
    )
    both = "2: iam:ChangePassword, iam:GetAccountPasswordPolicy"
    assert rows_of(view.fragment()) == [
        ["access key console, no code", "✕ denied", "✓ allowed", both],
        ["role session", "✕ denied", "✓ allowed", "1: iam:GetAccountPasswordPolicy"],
        ["role session", "✕ denied", "– not allowed", "1: iam:ChangePassword"],
    ]
    assert [words(head) for head in tree.select("thead th")] == [
        "credentials", "before", "after", "actions",
    ]  # fmt: skip
    assert words(tree.select("p")[1]) == (
        "Nothing changes for: session token, no code; console, with code; session token, with code."
    )


def test_a_change_that_rests_on_an_open_point_is_marked_where_it_stands(
    tabulator: Tabulator, article: Policy
) -> None:
    fenced = Policy.parse(
        {"Version": "2012-10-17",
         "Statement": {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*",
                       "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}}
    )  # fmt: skip
    nothing = Policy.parse(fenced.to_json().replace("s3:ListAllMyBuckets", "s3:nothing"))
    rows = rows_of(between(tabulator, nothing, fenced).fragment())
    mark = f"† {say('table.undocumented')}"
    assert rows[0][0] == f"console, no code session token, no code role session {mark}"
    plain = parsed(between(tabulator, article, Policy.parse(article.to_json())).fragment())
    assert "†" not in words(plain)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_difference_agrees_with_the_analysis(
    tabulator: Tabulator, article: Policy, with_bool: Policy, language: str
) -> None:
    found = difference(tabulator, PolicySet(identity=[article]), PolicySet(identity=[with_bool]))
    rows = parsed(DifferenceView(found, language).fragment()).select("tbody tr")
    assert len(rows) == len(found.flips) > 1
    for flip, row in zip(found.flips, rows, strict=True):
        credentials, before, after, actions = row.select("th, td")
        assert words(credentials) == say(f"credentials.{flip.caller.kind.name}", language)
        assert before["class"] == [str(flip.before)]
        assert after["class"] == [str(flip.after)]
        assert words(after).endswith(say(f"face.{flip.after}", language))
        named = [words(code) for code in actions.select("code")]
        assert tuple(named) == flip.actions[: len(named)]
        assert len(named) == (len(flip.actions) if len(flip.actions) <= 8 else 3)
        more = len(flip.actions) - len(named)
        told = say("difference.more", language, count=f"{more:,}").strip()
        assert words(actions).endswith(told) is (more > 0)
        assert words(actions).startswith(f"{len(flip.actions):,}")


@pytest.mark.parametrize(("count", "named"), [(8, 8), (9, 3)])
def test_up_to_eight_actions_are_all_named(
    tabulator: Tabulator, article: Policy, count: int, named: int
) -> None:
    names = [action.name for action in tabulator.catalogue.actions if action.service == "ec2"][
        :count
    ]
    *others, fence = article.document["Statement"]
    wider = {**fence, "NotAction": [*fence["NotAction"], *names]}
    after = Policy.parse({**article.document, "Statement": [*others, wider]})
    for row in parsed(between(tabulator, article, after).fragment()).select("tbody tr"):
        assert [words(code) for code in row.select("code")] == sorted(names, key=str.lower)[:named]
        assert words(row).endswith("and 6 more") is (named < count)


def test_one_changed_action_is_one(tabulator: Tabulator, article: Policy) -> None:
    after = Policy.parse(
        article.to_json().replace(
            '"sts:GetSessionToken"', '"sts:GetSessionToken", "iam:ListGroups"'
        )
    )
    assert repr(between(tabulator, article, after)) == (
        "1 action changes its answer for somebody; none of the other 22,320 does."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_difference_that_rests_on_an_open_point_says_for_whom(
    tabulator: Tabulator, article: Policy, with_bool: Policy, language: str
) -> None:
    tree = parsed(between(tabulator, article, with_bool, language).fragment())
    told = say(
        "difference.undocumented", language, credentials=say("credentials.role_session", language)
    )
    assert words(one(tree, "p.note")) == f"† {told}"


def test_a_difference_that_rests_on_none_does_not(
    tabulator: Tabulator, article: Policy, weakened: Policy
) -> None:
    assert "†" not in between(tabulator, article, weakened).fragment()


def test_no_difference_has_no_table(tabulator: Tabulator, article: Policy) -> None:
    view = between(tabulator, article, article)
    assert repr(view) == "No action changes its answer for anybody: all 22,321 stay as they were."
    assert not parsed(view.fragment()).select("table")


# Guesses.


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
    assert [item["class"] for item in items] == [[str(face)] for face in Face]
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_guesses_stand_beside_the_results(language: str) -> None:
    allowed, denied, _, refused = face_options(language)
    view = GuessResults(
        (("A?", denied, denied), ("B?", refused, allowed), ("C?", None, denied)), language
    )

    def shown(symbol: str, face: Face) -> str:
        return f"{symbol} {say(f'face.{face}', language)}"

    assert rows_of(view._repr_html_()) == [
        ["A?", shown("✕", Face.EXPLICIT_DENY), shown("✕", Face.EXPLICIT_DENY), say("guess.right", language)],
        ["B?", shown("⊘", Face.REFUSED), shown("✓", Face.ALLOW), say("guess.other", language)],
        ["C?", "?", shown("✕", Face.EXPLICIT_DENY), say("guess.none", language)],
    ]  # fmt: skip
    assert repr(view) == (
        "A? [explicit_deny] → explicit_deny\nB? [refused] → allow\nC? [?] → explicit_deny"
    )


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


def test_a_guess_among_own_options_stands_beside_the_result() -> None:
    one_action, many = OWN_OPTIONS
    view = GuessResults((("How many?", many, one_action), ("How many?", many, many)))
    assert rows_of(view._repr_html_()) == [
        ["How many?", "Many actions", "One action", say("guess.other")],
        ["How many?", "Many actions", "Many actions", say("guess.right")],
    ]
    assert repr(view) == "How many? [many] → one\nHow many? [many] → many"


# Verdicts.


@pytest.mark.parametrize(
    ("is_right", "language", "text"),
    [
        (True, "en", "✓ Right. Because."),
        (False, "en", "… Not yet. Because."),
        (True, "ja", "✓ 正解です。Because."),
        (False, "ja", "… まだ正解ではありません。Because."),
    ],
)
def test_a_verdict_is_symbol_word_and_sentence(is_right: bool, language: str, text: str) -> None:
    view = VerdictView(is_right, "Because.", language)
    root: Tag = one(parsed(view._repr_html_()), "p")
    assert repr(view) == text
    assert words(root) == text.replace("。B", "。 B")
    assert root["lang"] == language
    assert one(root, ".symbol")["aria-hidden"] == "true"
    assert ("allow" if is_right else "explicit_deny") in root["class"]
    assert ("explicit_deny" if is_right else "allow") not in root["class"]
