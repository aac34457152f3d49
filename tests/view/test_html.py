"""What holds for all HTML that the library draws: structure, language, escaping, four faces."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import Tag

import mfa_lab.view.html
from mfa_lab import Policy, PolicySet
from mfa_lab.account import Account
from mfa_lab.account.clock import Clock
from mfa_lab.account.console import NewDevice, Page, SignInState
from mfa_lab.account.phone import Phone
from mfa_lab.account.record import RecordedCall
from mfa_lab.analysis.difference import difference
from mfa_lab.analysis.exposure import exposure
from mfa_lab.analysis.history import History, Version, history
from mfa_lab.analysis.requests.answer import Answer, Face, answer
from mfa_lab.analysis.table import Tabulator
from mfa_lab.analysis.warnings import warnings_of
from mfa_lab.iam.credentials import KINDS, User
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.lesson.policies import stored_policy
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.account.call_view import CallView
from mfa_lab.view.account.console_page import PageView
from mfa_lab.view.account.console_view import ConsoleView
from mfa_lab.view.account.phone_view import PhoneView
from mfa_lab.view.account.record_view import RecordView
from mfa_lab.view.course.answer_options import Option, face_options
from mfa_lab.view.course.guess_form import GuessForm
from mfa_lab.view.course.guess_results import GuessResults
from mfa_lab.view.course.progress_view import GuessMade, LessonDone, ProgressView
from mfa_lab.view.course.summary_page import SummaryPage, SummarySaved
from mfa_lab.view.course.verdict_view import VerdictView
from mfa_lab.view.html import render
from mfa_lab.view.picture.exposure_view import ExposureView
from mfa_lab.view.picture.history_view import HistoryView
from mfa_lab.view.policy.not_action_editor import NotActionWorkbench
from mfa_lab.view.policy.policy_page import PolicyPage
from mfa_lab.view.policy.warnings_view import WarningsView
from mfa_lab.view.table.comparison_view import ComparisonView
from mfa_lab.view.table.credentials_view import CredentialsView
from mfa_lab.view.table.decision_table import DecisionTable
from mfa_lab.view.table.difference_view import DifferenceView
from mfa_lab.view.table.table_view import TableView
from mfa_lab.view.table.trace_view import TraceView
from mfa_lab.view.table_page import table_page
from tests.view.markup import HEADING, one, parsed, words
from tests.view.test_style import STYLE, rules

TEMPLATES = Path(mfa_lab.view.html.__file__).parent
SYMBOLS = {
    Face.ALLOW: "✓",
    Face.EXPLICIT_DENY: "✕",
    Face.IMPLICIT_DENY: "–",
    Face.REFUSED: "⊘",
    Face.DEPENDS: "◐",
}
ENGLISH = {
    Face.ALLOW: "allowed",
    Face.EXPLICIT_DENY: "denied",
    Face.IMPLICIT_DENY: "not allowed",
    Face.REFUSED: "refused",
    Face.DEPENDS: "depends",
}

# What a policy, a user name and a learner's answer may bring in, to break out of the page.
TAG = "<img src=x onerror=alert(1)>"
SCRIPT = "</style></pre><script>alert('2')</script><!--"
QUOTES = '" onclick="alert(3)" \' autofocus=\''
ENTITY = "&lt;b&gt; &amp; {{ 7*7 }} {x} %s"
HOSTILE = f"{TAG}{SCRIPT}{QUOTES}{ENTITY}"
RESOURCE = f"arn:aws:s3:::{HOSTILE}"
KEY = f"aws:RequestTag/{HOSTILE}"
EVE = User(HOSTILE)
SEED = b"ABCDEFGHIJKLMNOP"

HOSTILE_POLICY = Policy.parse(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["iam:*", "sts:x"], "Resource": ["*", RESOURCE]},
            {"Effect": "Allow", "Action": "s3:*", "NotResource": RESOURCE},
            {"Sid": "Fence", "Effect": "Deny", "NotAction": ["iam:GetUser", "iam:No*"],
             "Resource": "*",
             "Condition": {"StringNotLike": {KEY: [HOSTILE, "b"]},
                           "Null": {KEY: "true"},
                           "StringEqualsIfExists": {KEY: HOSTILE}}},
            {"Effect": "Deny", "Action": "iam:EnableMFADevice", "Resource": "*",
             "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"},
                           "StringNotEquals": {"aws:username": HOSTILE + "x"}}},
        ],
    }
)  # fmt: skip
# A request decides by its tag whether the Deny matches, and the tag's name and value are hostile.
DEPENDING_POLICY = Policy.parse(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Deny", "Action": "*", "Resource": "*",
             "Condition": {"StringEquals": {f"aws:PrincipalTag/{HOSTILE}": HOSTILE}}},
        ],
    }
)  # fmt: skip
ACTIONS = (
    "iam:GetUser",
    "iam:EnableMFADevice",
    "sts:GetSessionToken",
    "s3:GetObject",
    "ec2:DescribeInstances",
)


@cache
def tabulator() -> Tabulator:
    return Tabulator(ACTIONS, tuple(KINDS.values()), user=EVE)


def called(decided: Answer | None) -> RecordedCall:
    """A call in the record, with all that a caller can bring in."""
    return RecordedCall(
        number=1,
        time=datetime(2021, 6, 11, 9, 0, tzinfo=UTC),
        access_key_id=HOSTILE,
        caller=EVE.arn if decided else "",
        operation=f"iam:{HOSTILE}",
        parameters={HOSTILE: HOSTILE},
        answer=decided,
        resource=RESOURCE,
        deciding=(HOSTILE,),
        error_code=HOSTILE,
        error_message=HOSTILE,
    )


def hostile_phone(language: str) -> PhoneView:
    phone = Phone(Clock(), lambda: HOSTILE)
    phone.scan(
        {"SerialNumber": f"arn:aws:iam::123456789012:mfa/{HOSTILE}", "Base32StringSeed": "A" * 64}
    )
    return PhoneView(phone, language)


LINKED = {"progress", "kept"}  # these lead to a file beside the notebook
LINK = "here.ipynb"


def hostile_progress(language: str) -> ProgressView:
    option = Option(HOSTILE, HOSTILE)
    guesses = (
        GuessMade(HOSTILE, option, face_options(language)[0]),
        GuessMade(HOSTILE, option, option),
        GuessMade(HOSTILE, option),
    )
    done = LessonDone(HOSTILE, LINK, 1, 1, 2, 3, guesses, (HOSTILE, f"**{HOSTILE}** `{HOSTILE}`"))
    begun = LessonDone(HOSTILE, LINK, 2, 1, 0, 3, guesses)
    return ProgressView((done, begun), language, (HOSTILE,))


@cache
def a_history() -> History:
    """Of policies of data/policies alone: nothing that comes in stands in it."""
    names = ("2021-05-13_article", "2023-11_newest")
    return history([Version(name.partition("_")[0], stored_policy(name)) for name in names])


def hostile_console(
    language: str,
    place: SignInState,
    calls: tuple[RecordedCall, ...] = (),
    *,
    shows_qr_code: bool = False,
) -> ConsoleView:
    """A console whose user, devices and messages are such as no account would have."""
    with Account() as account:
        view = ConsoleView(account, language, hostile_phone(language))
    console: Any = view.console
    console.sign_in_state, console._devices = (
        place,
        (HOSTILE, f"arn:aws:iam::123456789012:mfa/{HOSTILE}"),
    )
    console._user = SimpleNamespace(name=HOSTILE)
    if shows_qr_code:
        answer = {"SerialNumber": HOSTILE, "Base32StringSeed": SEED, "QRCodePNG": b""}
        console._new_device = NewDevice(answer)
    view._show(Page(place, True, HOSTILE, calls))
    return view


def draw(language: str) -> dict[str, str]:
    """Everything that the library draws, by name; most of it from hostile input."""
    empty = PolicySet()
    start, after = PolicySet(identity=[HOSTILE_POLICY]), PolicySet(identity=[HOSTILE_POLICY] * 2)
    table = tabulator().table(start, empty)
    callers = tabulator().callers
    answers = [
        answer(policies, caller, row.action, row.resource, ServiceRules(has_device=True))
        for policies in (start, after)
        for caller in callers
        for row in table.rows
    ]
    bench = NotActionWorkbench(HOSTILE_POLICY, language, tabulator=tabulator(), caption=HOSTILE)
    bench.editor.add("iam:Nope s3:*")
    bench.table.show_why(0, 0)
    depending = DecisionTable(tabulator().table(PolicySet(identity=[DEPENDING_POLICY])), language)
    depending.show_why(0, 0)
    options = [*face_options(language), Option(HOSTILE, HOSTILE)]
    found = difference(tabulator(), empty, start)
    views: dict[str, Any] = {
        "table": TableView(table, language),
        "table with a caption": TableView(table, language, HOSTILE, True),
        "table of two policies": TableView(tabulator().table(after), language),
        "policy": PolicyPage(HOSTILE_POLICY, language),
        "contexts": CredentialsView(callers, language),
        "warnings": WarningsView(warnings_of(HOSTILE_POLICY), language),
        "difference": DifferenceView(found, language),
        "no difference": DifferenceView(difference(tabulator(), start, start), language),
        "guesses": GuessResults(
            tuple((HOSTILE, guess, one) for guess in [None, *options] for one in options), language
        ),
        "right": VerdictView(True, HOSTILE, language),
        "not yet": VerdictView(False, HOSTILE, language),
        "request that shows it": VerdictView(
            False, HOSTILE, language, answer=answers[0], line=HOSTILE
        ),
        "trace": TraceView(answers[0], language),
        "calls that show it": VerdictView(
            False, HOSTILE, language, (called(None),), warnings_of(HOSTILE_POLICY)
        ),
        "page of the console": PageView(
            Page(SignInState.SIGNED_IN, True, HOSTILE, (called(None), called(answers[0]))), language
        ),
        "call": CallView(False, (HOSTILE, HOSTILE), (called(answers[0]),), language),
        "call by boto3": CallView(False, (HOSTILE,), (), language, is_by_boto3=True),
        "comparison": ComparisonView(
            HOSTILE,
            {
                f"{HOSTILE}{number}": {one.caller.kind.name: one for one in answers[number::5]}
                for number in range(5)
            },
            language,
        ),
        "progress": hostile_progress(language),
        "kept": SummarySaved(HOSTILE, language, HOSTILE, "../" + HOSTILE),
        "history": HistoryView(a_history(), language),
        "exposure": ExposureView(exposure({HOSTILE: start, "b": after, "": empty}), language),
        "command": CallView(False, (f"$ {HOSTILE}", HOSTILE), (), language, exit_status=255),
        "record": RecordView([called(None), *map(called, answers[:5])], language),
    }
    widgets: dict[str, Any] = {
        "guess": GuessForm(HOSTILE, language, None, str),
        "guess made": GuessForm(HOSTILE, language, Face.REFUSED, str),
        "guess among others": GuessForm(HOSTILE, language, HOSTILE, str, options[-1:]),
        "table widget": DecisionTable(table, language, HOSTILE),
        "table that depends": depending,
        "editor": bench.editor,
        "workbench": bench,
        "phone": hostile_phone(language),
        "console": hostile_console(language, SignInState.SIGNED_OUT, (called(None),)),
        "console that asks for a code": hostile_console(language, SignInState.ASKED_FOR_CODE),
        "console that asks for a password": hostile_console(
            language, SignInState.ASKED_FOR_NEW_PASSWORD, (called(answers[0]),)
        ),
        "console with devices": hostile_console(language, SignInState.SIGNED_IN),
        "console with a QR code": hostile_console(
            language, SignInState.SIGNED_IN, shows_qr_code=True
        ),
    }
    html = {name: view._repr_html_() for name, view in views.items()}
    html |= {name: one._repr_mimebundle_()[0]["text/html"] for name, one in widgets.items()}
    html |= {f"trace {n}": TraceView(one, language).fragment() for n, one in enumerate(answers)}
    html["widget's table"] = bench.table.html
    html["widget's detail"] = bench.table.detail
    html["page"] = table_page(table, language)
    html["page to keep"] = SummaryPage(hostile_progress(language), HOSTILE, "2026-11-24").html
    html["page of a difference"] = table_page(table, language, found)
    return html


drawn = cache(draw)


@cache
def trees(language: str) -> tuple[tuple[str, Tag], ...]:
    return tuple((name, parsed(html)) for name, html in drawn(language).items())


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_everything_that_is_drawn_is_looked_at_here() -> None:
    looked_at = {
        "call_view",
        "comparison_view",
        "console_view",
        "console_page",
        "credentials_view",
        "difference_view",
        "exposure_view",
        "guess_form",
        "guess_results",
        "summary_saved",
        "summary_page",
        "history_view",
        "not_action_editor",
        "table_page",
        "phone_view",
        "policy_page",
        "outcome_list",
        "progress_view",
        "record_view",
        "request_line",
        "slides",  # in test_slides.py: a page of a notebook, which has links and headings
        "table_view",
        "trace_view",
        "verdict_view",
        "warnings_view",
    }
    assert {file.stem for file in TEMPLATES.rglob("*.html")} == looked_at


# Structure.


def test_tags_are_closed_in_order_and_paragraphs_hold_text(language: str) -> None:
    for name, tree in trees(language):
        assert not tree.select(
            "p p, p ul, p ol, p table, p div, p details, p section, p pre, h3 p, h4 p"
        ), name


def test_what_stands_alone_in_a_page_names_its_language(language: str) -> None:
    for name, tree in trees(language):
        roots = tree.select(".mfa-lab")
        assert roots, name
        assert {root.get("lang") for root in roots} == {language}, name


def test_no_id_can_meet_another_of_the_page(language: str) -> None:
    for name, tree in trees(language):
        assert not tree.select("[id], [for], [name]:not(meta)"), name


def test_every_table_has_a_caption_first(language: str) -> None:
    for name, tree in trees(language):
        for table in tree.select("table"):
            first = table.find(True)
            assert isinstance(first, Tag) and first.name == "caption", name
            assert words(first), name


def test_every_header_cell_says_what_it_heads(language: str) -> None:
    count = 0
    for name, tree in trees(language):
        for header in tree.select("th"):
            assert header.get("scope") in {"col", "row", "colgroup", "rowgroup"}, (name, header)
            assert words(header), (name, header)
            in_head = header.find_parent("thead") is not None
            assert str(header["scope"]).startswith("col" if in_head else "row"), (name, header)
            assert (header["scope"] == "colgroup") is ("colspan" in header.attrs), (name, header)
            count += 1
        for row in tree.select("tbody tr, tfoot tr"):
            assert len(row.select("th[scope=row]")) == 1, name
    assert count


def widths_of(table: Tag) -> list[int]:
    """How many columns each row takes, what spans down from above included."""
    hanging: dict[int, int] = {}
    widths = []
    for number, row in enumerate(table.select("tr")):
        width = hanging.pop(number, 0)
        for cell in row.select("th, td"):
            span = int(str(cell.get("colspan", "1")))
            width += span
            for below in range(1, int(str(cell.get("rowspan", "1")))):
                hanging[number + below] = hanging.get(number + below, 0) + span
        widths.append(width)
    assert not hanging, "a cell hangs out of the table"
    return widths


def test_every_row_is_as_wide_as_the_table(language: str) -> None:
    for name, tree in trees(language):
        for table in tree.select("table"):
            widths = set(widths_of(table))
            assert len(widths) == 1, (name, widths)
            groups = table.select("colgroup")
            if groups:
                assert sum(int(str(group.get("span", "1"))) for group in groups) in widths, name


def test_only_the_front_end_of_a_widget_may_hold_what_can_be_focused(language: str) -> None:
    interactive = {"table with a caption", "widget's table"}
    for name, tree in trees(language):
        reachable = tree.select("[tabindex]:not(pre)")
        assert bool(reachable) is (name in interactive), name
        assert not tree.select("button, input, form, select, textarea"), name
        assert bool(tree.select("a")) is (name in LINKED), name


def test_a_link_leads_to_a_file_and_nowhere_else(language: str) -> None:
    hrefs = {
        name: [str(link["href"]) for link in tree.select("a")]
        for name, tree in trees(language)
        if name in LINKED
    }
    assert set(hrefs["progress"]) == {LINK}
    [kept] = hrefs["kept"]
    assert unquote(kept) == f"../{HOSTILE}"
    assert not set(kept) & set(":?#<>\"' "), kept


# Escaping.

TAGS = {
    "b", "body", "br", "caption", "code", "colgroup", "dd", "details", "div", "dl", "dt",
    "figcaption", "figure", "h1",
    "h2", "h3", "h4", "h5", "head", "html", "li", "line", "main", "mark", "meta", "ol", "p", "pre", "rect", "section",
    "span", "style", "summary", "svg", "table", "tbody", "td", "text", "tfoot", "th", "thead", "title", "tr", "ul", "wbr",
}  # fmt: skip
ATTRIBUTES = {
    "aria-hidden", "aria-label", "aria-readonly", "charset", "class", "colspan", "content",
    "data-column", "data-row", "lang", "name", "role", "rowspan", "scope", "span", "tabindex",
    "title",
}  # fmt: skip
OF_PICTURES = {
    "aria-label", "fill", "font-size", "font-weight", "height", "role", "stroke", "stroke-width",
    "text-anchor", "viewbox", "width", "x", "x1", "x2", "y", "y1", "y2",
}  # fmt: skip


def test_nothing_that_comes_in_is_taken_for_html(language: str) -> None:
    for name, tree in trees(language):
        for tag in tree.find_all(True):
            assert isinstance(tag, Tag)
            is_link = tag.name == "a" and name in LINKED
            assert is_link or tag.name in TAGS, (name, tag.name)
            in_picture = tag.name in {"svg", "line", "rect", "text"}
            allowed = OF_PICTURES if in_picture else ATTRIBUTES
            assert set(tag.attrs) <= allowed | ({"href"} if is_link else set()), (name, tag.attrs)
        styles = tree.select("style")
        assert all("alert" not in style.get_text() for style in styles), name


def shown(tree: Tag) -> str:
    """All text and all attribute values of a tree but its style."""
    attributes = [
        str(value)
        for tag in tree.find_all(True)
        if isinstance(tag, Tag)
        for value in tag.attrs.values()
    ]
    texts = [
        str(text)
        for text in tree.find_all(string=True)
        if text.parent and text.parent.name != "style"
    ]
    return "\n".join([*texts, *attributes])


@pytest.mark.parametrize(
    "name",
    [
        "comparison", "table", "table with a caption", "policy", "guesses", "right", "not yet", "guess",
        "guess made", "table widget", "workbench", "widget's detail", "page",
        "page of a difference", "trace 0", "progress", "kept", "page to keep",
        "exposure",
        "page of the console", "call", "command",
        "console", "console that asks for a code", "console that asks for a password",
        "console with devices", "console with a QR code",
    ],
)  # fmt: skip
def test_what_comes_in_is_shown_letter_by_letter(language: str, name: str) -> None:
    assert HOSTILE in shown(parsed(drawn(language)[name]))


def test_a_policy_shows_hostile_parts_in_words_and_in_json(language: str) -> None:
    tree = parsed(drawn(language)["policy"])
    said = [words(one(item, ".says")) for item in tree.select("ol > li")]
    spelled = " ".join(HOSTILE.split())
    assert spelled in said[0] and spelled in said[1] and said[2].count(spelled) >= 4
    assert not tree.select("pre *")


def test_a_template_that_names_what_it_is_not_given_fails() -> None:
    with pytest.raises(Exception, match="view"):
        render("table/trace_view", "en")


# Four faces.


def test_each_face_shows_symbol_and_word_and_not_colour_alone(language: str) -> None:
    seen = set()
    for name, tree in trees(language):
        for span in tree.select("td .face"):
            cell = span.find_parent("td")
            assert isinstance(cell, Tag)
            drawn_as = str(cell.get_attribute_list("class")[0])
            if drawn_as == "option":  # of a question with options of its own
                continue
            face = Face(drawn_as)
            symbol = one(span, ".symbol")
            assert symbol["aria-hidden"] == "true", name
            word = ENGLISH[face] if language == "en" else say(f"face.{face}", language)
            assert words(span) == f"{SYMBOLS[face]} {word}", name
            seen.add(face)
    assert seen == set(Face)


def test_the_faces_differ_in_symbol_and_word_in_each_language(language: str) -> None:
    assert len(set(SYMBOLS.values())) == 5
    assert len({say(f"face.{face}", language) for face in Face}) == 5
    assert len({say(f"face_meaning.{face}", language) for face in Face}) == 5


def test_symbols_are_not_read_out(language: str) -> None:
    for name, tree in trees(language):
        for symbol in tree.select(".symbol"):
            assert symbol.get("aria-hidden") == "true", name


def test_no_heading_is_empty(language: str) -> None:
    for name, tree in trees(language):
        for heading in tree.select(HEADING):
            assert words(heading), name


# The same each time.


def test_each_output_carries_every_rule_that_bears_on_it_and_few_others(language: str) -> None:
    every = {" ".join(rule.selector.split()): rule for rule in rules(STYLE)}
    for name, tree in trees(language):
        carried = {
            rule.selector for style in tree.select("style") for rule in rules(style.get_text())
        }
        for selector in every:
            if carried and tree.select(without_state(selector)):
                assert selector in carried, (name, selector)
    guess = parsed(drawn(language)["guess"]).select_one("style")
    assert guess and len(guess.get_text()) < len(STYLE) / 2


def without_state(selector: str) -> str:
    """A selector without what only a browser knows: a theme, a focus, a mark of a list."""
    selector = re.sub(r":focus-visible|:checked|::\w+", "", selector)
    return re.sub(r"^\[data-jp-theme-light=\S+\] ", "", selector)


def test_what_is_drawn_again_is_the_same_to_the_byte(language: str) -> None:
    assert draw(language) == drawn(language)


def test_no_address_is_shown(language: str) -> None:
    for name, html in drawn(language).items():
        assert " object at 0x" not in html, name


def test_the_page_to_keep_stands_alone(language: str) -> None:
    html = drawn(language)["page to keep"]
    assert html.startswith("<!doctype html>\n")
    tree = parsed(html.removeprefix("<!doctype html>"))
    assert one(tree, "html")["lang"] == language
    assert one(tree, "meta[name=author]")["content"] == HOSTILE
    assert not tree.select("link, script, [src], [href]")
    assert not re.search(r"url\(|@import|https?:", one(tree, "style").get_text())
    assert words(one(tree, "title")) == words(one(tree, "h1"))
    assert [heading.name for heading in tree.select("h1, h2, h3")] == [
        "h1",
        "h2",
        "h3",
        "h3",
        "h2",
        "h3",
    ]


def test_a_page_stands_alone(language: str) -> None:
    for name in ("page", "page of a difference"):
        html = drawn(language)[name]
        assert html.startswith("<!doctype html>\n")
        tree = parsed(html.removeprefix("<!doctype html>"))
        assert one(tree, "html")["lang"] == language
        assert one(tree, "meta[charset]")["charset"] == "utf-8"
        assert words(one(tree, "title")) == words(one(tree, ".mfa-lab-table caption"))
        assert not tree.select("link, script, [src], [href]")
        assert bool(tree.select(".mfa-lab-plain")) is (name != "page")
        assert len(tree.select(".mfa-lab-policy")) == 1
