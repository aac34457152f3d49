"""Pictures: what they show is what the evaluator answers, in words and signs, the same each time."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import Tag

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.exposure import ATTEMPTS, Concern, exposure
from mfa_lab.analysis.history import HISTORY_KINDS, HistoryQuestion, Version, history
from mfa_lab.analysis.requests.answer import CALL_FACES, Face
from mfa_lab.analysis.requests.ask import ask
from mfa_lab.iam.credentials import ACCESS_KEY, CONSOLE_WITH_MFA, CONSOLE_WITHOUT_MFA, KINDS
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.policies import POLICY_HISTORY, stored_policy
from mfa_lab.text import LANGUAGES, say
from mfa_lab.text.spoken_error import SpokenValueError
from mfa_lab.view.face_label import SYMBOLS
from mfa_lab.view.picture.exposure_view import ExposureView
from mfa_lab.view.picture.history_view import HistoryView
from mfa_lab.view.picture.picture import FACE_COLOURS, Colour, Picture, width_of, wrapped
from tests.view.markup import one, parsed, words

LIGHTEST = 60_000
ADMINISTRATOR = Policy.parse({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
LABELS = {
    "the article": "2021-05-13_article",
    "weakened": "2021-05-13_article_weakened",
    "newest": "2023-11_newest",
    "Bool": "knowledge_center_bool_flawed",
}
FOUND = history([Version(name.partition("_")[0], stored_policy(name)) for name in POLICY_HISTORY])
SETS = {label: PolicySet(identity=[stored_policy(name)]) for label, name in LABELS.items()}
SIDE_BY_SIDE = exposure(SETS)
VIEWS: dict[str, Callable[[str], HistoryView | ExposureView]] = {
    "history": lambda language: HistoryView(FOUND, language),
    "exposure": lambda language: ExposureView(SIDE_BY_SIDE, language),
}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=list(VIEWS))
def view(request: pytest.FixtureRequest, language: str) -> HistoryView | ExposureView:
    return VIEWS[request.param](language)


def tree_of(view: HistoryView | ExposureView) -> Tag:
    return parsed(view.fragment())


def texts(view: HistoryView | ExposureView) -> list[str]:
    return [words(text) for text in tree_of(view).select("svg text")]


# What holds for each.


def test_a_picture_is_a_figure_with_a_caption_a_name_and_the_same_as_a_table(
    view: HistoryView | ExposureView, language: str
) -> None:
    figure = one(tree_of(view), "figure")
    assert figure["lang"] == language
    assert words(one(figure, "figcaption"))
    picture = one(figure, "svg")
    assert picture["role"] == "img" and len(str(picture["aria-label"])) > 40
    folded = one(figure, "details")
    assert words(one(folded, "summary")) == say("picture.as_table", language)
    assert len(folded.select("table")) == 2 and not folded.has_attr("open")


def test_a_picture_has_no_id_no_colour_and_no_font_of_its_own(
    view: HistoryView | ExposureView,
) -> None:
    picture = str(one(tree_of(view), "svg"))
    assert not re.search(r"\bid=|url\(|href|style=|font-family|<metadata|<defs|DejaVu", picture)
    colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', picture)) - {"none"}
    assert colours <= {f"var({colour.value})" for colour in Colour}
    assert len(colours) > 4


def test_a_picture_is_light(view: HistoryView | ExposureView) -> None:
    assert len(view.fragment().encode()) < LIGHTEST


def test_a_picture_holds_no_word_of_another_language(
    view: HistoryView | ExposureView, language: str
) -> None:
    """Every text of the picture is a date, an action, a label of the caller, or of the catalogue."""
    if language == "en":
        assert not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", view.fragment())
    else:
        known = {*LABELS, *(re.sub(r"^iam:", "", a.action) for p in FOUND.panels
                            for line in p.lines for a in line.asked)}  # fmt: skip
        latin = {text for text in texts(view) if re.search("[A-Za-z]{3}", text)} - known
        assert all(re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", text) for text in latin), latin


def test_nothing_is_drawn_outside_of_the_picture(view: HistoryView | ExposureView) -> None:
    picture = one(tree_of(view), "svg")
    _, _, width, height = map(float, str(picture["viewbox"]).split())
    assert width <= 800
    for text in picture.select("text"):
        size, start = float(str(text["font-size"])), float(str(text["x"]))
        long = width_of(words(text), size, is_bold=text.get("font-weight") == "700")
        left = start - long / 2 if text.get("text-anchor") == "middle" else start
        assert left >= 0 and left + long <= width + 2, words(text)
        assert size < float(str(text["y"])) <= height
    for box in picture.select("rect"):
        x, y, wide, high = (float(str(box[side])) for side in ("x", "y", "width", "height"))
        assert 0 <= x < x + wide <= width and 0 <= y < y + high <= height
    for line in picture.select("line"):
        assert all(0 <= float(str(line[x])) <= width for x in ("x1", "x2"))
        assert all(0 <= float(str(line[y])) <= height for y in ("y1", "y2"))


def test_texts_do_not_run_into_one_another(view: HistoryView | ExposureView) -> None:
    stand_apart(view)


def stand_apart(view: HistoryView | ExposureView) -> None:
    lines: dict[str, list[tuple[float, float, str]]] = {}
    for text in tree_of(view).select("svg text"):
        start, size = float(str(text["x"])), float(str(text["font-size"]))
        long = width_of(words(text), size, is_bold=text.get("font-weight") == "700")
        left = start - long / 2 if text.get("text-anchor") == "middle" else start
        lines.setdefault(str(text["y"]), []).append((left, left + long, words(text)))
    for line in lines.values():
        placed = sorted(line)
        for (_, end, before), (start, _, after) in pairwise(placed):
            assert end <= start, (before, after)


IN_ANOTHER_PROCESS = """
from hashlib import sha256
from mfa_lab.lesson import Lesson
from mfa_lab.lesson.policies import stored_policy
lesson = Lesson("01_force_mfa_policy", "ja")
print(sha256((lesson.history().fragment() + lesson.exposure(
    {"a": stored_policy("2021-05-13_article")}).fragment()).encode()).hexdigest())
"""


def test_a_picture_is_the_same_to_the_byte_in_every_process() -> None:
    found = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", IN_ANOTHER_PROCESS],
            env={"PATH": "", "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(done.stdout)
    assert len(found) == 1 and len(found.pop()) == 65


def test_a_picture_is_well_formed_xml(view: HistoryView | ExposureView) -> None:
    """So that it can be stored as a file of its own, too."""
    picture = ElementTree.fromstring(view.svg())
    assert {shape.tag for shape in picture} == {"line", "rect", "text"}


def test_a_box_a_line_and_a_text_stand_where_they_are_drawn() -> None:
    picture = Picture(100, 20.25)
    picture.box(1, 2.5, 30, 4, Colour.RAISED)
    picture.box(1, 2, 3, 4, Colour.NONE_GROUND, Colour.MARK)
    picture.line(0, 1, 2, 3, Colour.STRONG_LINE)
    picture.text(5, 6, "word")
    picture.text(5, 6, "word", size=12, colour=Colour.FAINT, is_bold=True, anchor="middle")
    assert picture.svg("name").splitlines() == [
        '<svg role="img" viewBox="0 0 100 20.2" aria-label="name">',
        '<rect x="1" y="2.5" width="30" height="4" fill="var(--raised)"/>',
        '<rect x="1" y="2" width="3" height="4" fill="var(--none-ground)" stroke="var(--mark)" stroke-width="1.5"/>',
        '<line x1="0" y1="1" x2="2" y2="3" stroke="var(--strong-line)"/>',
        '<text x="5" y="6" font-size="11" fill="var(--ink)">word</text>',
        '<text x="5" y="6" font-size="12" fill="var(--faint)" font-weight="700" text-anchor="middle">word</text>',
        "</svg>",
    ]


def test_what_is_written_is_escaped() -> None:
    picture = Picture(100, 20)
    picture.text(1, 12, '<b>x</b> & "q" %s {0}')
    drawn = picture.svg('"><script>')
    assert parsed(drawn).get_text().strip() == '<b>x</b> & "q" %s {0}'
    assert one(parsed(drawn), "svg")["aria-label"] == '"><script>'


@pytest.mark.parametrize("face", CALL_FACES)
def test_the_faces_have_the_colours_of_the_style_sheet(face: Face) -> None:
    stem = {"explicit_deny": "deny", "implicit_deny": "none"}.get(face.value, face.value)
    assert [one.value for one in FACE_COLOURS[face]] == [f"--{stem}-ink", f"--{stem}-ground"]


@pytest.mark.parametrize(
    ("text", "most", "lines"),
    [
        ("one two three", 9, ["one two", "three"]),
        ("one two three four five six", 2, ["one two", "three…"]),
        ("日本語の長いラベル", 9, ["日本語の", "長いラベ", "ル"]),
        ("日本語に、古い", 9, ["日本語", "に、古い"]),
        ("旧ポリシー", 9, ["旧ポリ", "シー"]),
        ("新しい「古い」", 9, ["新しい", "「古い」"]),
        ("MFA なしの", 9, ["MFA なし", "の"]),
        (" a \n b ", 9, ["a b"]),
        ("", 9, [""]),
        ("x" * 60, 2, ["x" * 7, "x" * 6 + "…"]),
        ("my_policy_2", 9, ["my_", "policy_", "2"]),
        ("2021-05-13", 9, ["2021-", "05-13"]),
    ],
)
def test_a_long_label_is_broken_and_cut(text: str, most: int, lines: list[str]) -> None:
    assert wrapped(text, 45, 10, most) == lines


def test_a_bold_label_has_shorter_lines() -> None:
    assert wrapped("one two", 45, 10, 2) == ["one two"]
    assert wrapped("one two", 45, 10, 2, is_bold=True) == ["one", "two"]


# The history.


@pytest.mark.parametrize("panel", FOUND.panels, ids=lambda panel: panel.kinds[0].name)
def test_the_bars_are_the_evaluator_s_answers(panel: Any, language: str) -> None:
    for kind in panel.kinds:
        for line in panel.lines:
            for asked in line.asked:
                for number, name in enumerate(POLICY_HISTORY):
                    removes = asked.action == "iam:DeactivateMFADevice"
                    rules = ServiceRules(
                        has_device=removes or asked.variant == "further_device",
                        own_devices_need_mfa=name >= "2023-04-21",
                    )
                    resource = "arn:aws:iam::123456789012:mfa/phone"
                    found = ask(
                        PolicySet(identity=[stored_policy(name)]), kind, asked.action, rules,
                        resource=resource if asked.variant == "other_name" else None,
                    )  # fmt: skip
                    assert line.faces[number] is found.face, (kind.name, asked, name)


def faces_of(kind: str, action: str, variant: str = "") -> str:
    [panel] = [one for one in FOUND.panels if KINDS[kind] in one.kinds]
    [line] = [one for one in panel.lines if HistoryQuestion(action, variant) in one.asked]
    return "".join(SYMBOLS[face] for face in line.faces)


@pytest.mark.parametrize(
    ("kind", "action", "variant", "faces"),
    [  # by data/facts.md, "Policy history", "Naming MFA devices" and "Service rules"
        ("access_key", "iam:DeactivateMFADevice", "", "✕✓✕✕✕✕⊘"),
        ("console_without_mfa", "iam:CreateVirtualMFADevice", "own_name", "✓✓✓✓✓✓✓"),
        ("console_without_mfa", "iam:CreateVirtualMFADevice", "other_name", "–––––✓✓"),
        ("access_key", "iam:DeleteVirtualMFADevice", "own_name", "✓✓✕✕✕✕✕"),
        ("console_with_mfa", "iam:DeleteVirtualMFADevice", "own_name", "✓✓✓✓✓––"),
        ("access_key", "iam:EnableMFADevice", "further_device", "✓✓✓✓✓✓⊘"),
        ("console_with_mfa", "iam:GetAccountSummary", "", "✓✓✓✓–––"),
        ("session_token_with_mfa", "iam:GetAccessKeyLastUsed", "", "––––––✓"),
        ("access_key", "iam:GetMFADevice", "", "✕✕✕✕✕✕–"),
    ],
)  # fmt: skip
def test_what_changed_when(kind: str, action: str, variant: str, faces: str) -> None:
    assert faces_of(kind, action, variant) == faces


def test_nothing_that_changed_is_left_out() -> None:
    from mfa_lab.analysis.difference import difference
    from mfa_lab.analysis.table import Tabulator

    tabulator = Tabulator(kinds=HISTORY_KINDS)
    shown = {
        (kind.name, asked.action)
        for panel in FOUND.panels
        for kind in panel.kinds
        for line in panel.lines
        for asked in line.asked
    }
    sets = [PolicySet(identity=[stored_policy(name)]) for name in POLICY_HISTORY]
    for before, after in pairwise(sets):
        for flip in difference(tabulator, before, after).flips:
            assert {(flip.caller.kind.name, action) for action in flip.actions} <= shown


def test_credentials_that_are_answered_alike_share_a_panel_and_the_refused_a_sentence() -> None:
    names = [[kind.name for kind in panel.kinds] for panel in FOUND.panels]
    assert names == [
        ["access_key", "console_without_mfa"],
        ["session_token_without_mfa"],
        ["console_with_mfa", "session_token_with_mfa"],
    ]
    assert FOUND.panels[1].steady is Face.REFUSED and not FOUND.panels[1].lines
    notes = words(one(tree_of(HistoryView(FOUND)), ".legend"))
    assert "session token, no code: refused in every version" in notes
    assert "† For console, no code, it rests on a point that AWS does not document" in notes


def test_the_history_s_bars_say_face_by_sign_word_and_colour(language: str) -> None:
    picture = one(tree_of(HistoryView(FOUND, language)), "svg")
    drawn = [text for text in picture.select("text") if words(text)[0] in SYMBOLS.values()]
    runs = [run for panel in FOUND.panels for line in panel.lines for run in line.runs()]
    assert len(drawn) == len(runs)
    spelled_out = 0
    for text, (_, _, face, is_undocumented) in zip(drawn, runs, strict=True):
        assert words(text)[0] == SYMBOLS[face]
        assert text["fill"] == f"var({FACE_COLOURS[face][0].value})"
        assert ("†" in words(text)) is is_undocumented
        spelled_out += say(f"face.{face}", language) in words(text)
    assert spelled_out > 0.8 * len(drawn)


def test_the_history_s_table_says_the_same(language: str) -> None:
    tree = tree_of(HistoryView(FOUND, language))
    panels = [panel for panel in FOUND.panels if panel.lines]
    assert len(tree.select("details table")) == len(panels)
    for panel, table in zip(panels, tree.select("details table"), strict=True):
        dates = [words(head) for head in table.select("thead th")][1:]
        assert dates == [version.date for version in FOUND.versions]
        for line, row in zip(panel.lines, table.select("tbody tr"), strict=True):
            actions = [words(code) for code in row.select("th code")]
            assert actions == [asked.action for asked in line.asked]
            cells = [(cell["class"], "†" in words(cell)) for cell in row.select("td")]
            assert cells == [
                ([face.value], is_open)
                for face, is_open in zip(line.faces, line.undocumented, strict=True)
            ]


def test_the_text_of_a_history() -> None:
    assert repr(HistoryView(FOUND)) == "<history of 7 versions, 2017-12-01 to 2023-11>"


# Exposures and lock-outs.


def row_of(scene: str, name: str) -> list[str]:
    [row] = [row for row in SIDE_BY_SIDE.rows
             if (row[0].attempt.scene, row[0].attempt.name) == (scene, name)]  # fmt: skip
    return [
        SYMBOLS[one.answer.face] + "!" * one.is_problem + "†" * one.is_undocumented for one in row
    ]


@pytest.mark.parametrize(
    ("scene", "name", "wanted"),
    [  # the article, weakened, newest, Bool; by the article and data/facts.md, "Policy history",
        # "Conditions on the MFA keys", "ChangePassword" and "Ways around MFA"
        ("key", "change_password", ["✕", "✓!", "✕", "–"]),
        ("key", "set_password", ["✕", "✕", "✕", "–"]),
        ("key", "remove_device", ["⊘", "⊘", "⊘", "⊘"]),
        ("key", "work", ["✕", "✕", "✕", "✓!"]),
        ("key_before_device", "first_device", ["✓!", "✓!", "✓!", "–"]),
        ("password_before_device", "change_password", ["✕", "✓!", "✕", "✕"]),
        ("owner_before_device", "forced_change", ["✕!", "✓", "✕!", "✕!†"]),
        ("owner_before_device", "device_own_name", ["✓", "✓", "✓", "–!"]),
        ("owner_before_device", "device_other_name", ["–!", "–!", "✓", "–!"]),
        ("owner_with_code", "work", ["✓", "✓", "✓", "✓"]),
        ("owner_with_code", "remove_device", ["✓", "✓", "✓", "–!"]),
        ("owner_with_code", "delete_device", ["–!", "–!", "–!", "–!"]),
    ],
)  # fmt: skip
def test_what_is_open_and_who_is_locked_out(scene: str, name: str, wanted: list[str]) -> None:
    assert row_of(scene, name) == wanted


def test_the_multiple_device_attack_was_open_before_aws_closed_it() -> None:
    policies = {"2022": PolicySet(identity=[stored_policy("2022-11-23_multiple_mfa_devices")])}
    for in_force in (True, False):
        found = exposure(policies, own_devices_need_mfa=in_force)
        [row] = [row for row in found.rows
                 if (row[0].attempt.scene, row[0].attempt.name) == ("key", "second_device")]  # fmt: skip
        assert row[0].is_problem is not in_force


def test_a_wide_permission_besides_opens_another_user_s_devices() -> None:
    """The fence's gates have Resource *."""
    both = [stored_policy("2023-11_newest"), ADMINISTRATOR]
    found = Lesson("01_force_mfa_policy").exposure({"both": both}).exposure
    [row] = [row for row in found.rows if row[0].attempt.name == "device_of_another"]
    assert row[0].is_problem


def test_the_attempts_ask_what_they_say() -> None:
    assert {attempt.kind for attempt in ATTEMPTS if attempt.scene.startswith("key")} == {ACCESS_KEY}
    at_console = {"password_before_device", "owner_before_device"}
    kinds = {attempt.kind for attempt in ATTEMPTS if attempt.scene in at_console} - {
        KINDS["forced_password_change"]
    }
    assert kinds == {CONSOLE_WITHOUT_MFA}
    assert CONSOLE_WITH_MFA in {
        attempt.kind for attempt in ATTEMPTS if attempt.scene == "owner_with_code"
    }
    assert {attempt.scene for attempt in ATTEMPTS if attempt.has_device} == {
        "key",
        "owner_with_code",
    }
    for attempt in ATTEMPTS:
        is_owner = attempt.scene.startswith("owner")
        assert attempt.concern is (Concern.LOCK_OUT if is_owner else Concern.EXPOSURE)
    assert len({(attempt.scene, attempt.name) for attempt in ATTEMPTS}) == len(ATTEMPTS)


def test_the_counts_are_those_of_the_cells(language: str) -> None:
    view = ExposureView(SIDE_BY_SIDE, language)
    tree, drawn = tree_of(view), texts(view)
    for concern, table in zip(Concern, tree.select("details table"), strict=True):
        rows = table.select("tbody tr")
        bold = [sum(bool(row.select("td")[n].select("b")) for row in rows)
                for n in range(len(LABELS))]  # fmt: skip
        assert tuple(bold) == SIDE_BY_SIDE.problems(concern)
        told = [words(cell) for cell in table.select("tfoot td")]
        assert told == [say("exposure.count", language, count=one, all=len(rows)) for one in bold]
        assert set(told) <= set(drawn)


def test_the_exposures_table_says_the_same_as_the_picture(language: str) -> None:
    tree = tree_of(ExposureView(SIDE_BY_SIDE, language))
    signs = set(SYMBOLS.values())
    drawn = [text for text in tree.select("svg text") if words(text)[0] in signs]
    cells = [cell for row in tree.select("details tbody tr") for cell in row.select("td")]
    assert len(drawn) == len(cells) == len(ATTEMPTS) * len(LABELS)
    for text, cell in zip(drawn, cells, strict=True):
        sign, word = words(text)[0], words(text)[1:].replace("†", "").strip()
        assert words(cell).startswith(word)
        assert sign == words(one(cell, ".symbol"))
        assert bool(cell.select("b")) is (text.get("font-weight") == "700")
        assert ("†" in words(text)) is ("†" in words(cell))


def test_trouble_is_told_by_word_weight_and_edge_not_by_colour_alone(language: str) -> None:
    picture = one(tree_of(ExposureView(SIDE_BY_SIDE, language)), "svg")
    problems = sum(sum(SIDE_BY_SIDE.problems(concern)) for concern in Concern)
    assert len(picture.select(f'rect[stroke="var({Colour.MARK.value})"]')) == problems
    keys = [("is_open", "is_closed"), ("is_locked", "works")]
    for bad, good in keys:
        assert say(f"exposure.{bad}", language) != say(f"exposure.{good}", language)


def test_many_policies_make_the_picture_wider_and_long_labels_are_cut() -> None:
    label = "the policy of a very long name that no column can hold " * 3
    many = {f"{label}{number}": SETS["newest"] for number in range(9)}
    view = ExposureView(exposure(many))
    _, _, width, _ = map(float, str(one(tree_of(view), "svg")["viewbox"]).split())
    assert width == 1200
    stand_apart(view)
    assert "…" in "".join(texts(view))
    assert label.strip() in words(one(tree_of(view), "details"))


def test_an_exposure_needs_a_policy() -> None:
    with pytest.raises(SpokenValueError, match="no policy to show"):
        Lesson("01_force_mfa_policy").exposure({})


def test_a_lesson_shows_both(language: str) -> None:
    lesson = Lesson("01_force_mfa_policy", language)
    assert lesson.history().fragment() == HistoryView(FOUND, language).fragment()
    shown = lesson.exposure({label: stored_policy(name) for label, name in LABELS.items()})
    assert shown.fragment() == ExposureView(SIDE_BY_SIDE, language).fragment()
    assert repr(shown).splitlines()[1] == "weakened: 4 exposures, 3 lock-outs"
