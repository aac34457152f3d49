"""The colours can be read in the light and in the dark, and no rule is in vain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import tinycss2  # type: ignore[import-untyped]

import mfa_lab.view.html
from mfa_lab.analysis.requests.answer import CALL_FACES, Face

FOLDER = Path(mfa_lab.view.html.__file__).parent
STYLE = (FOLDER / "style.css").read_text("utf-8")
OF_SOME = ("console_view.css", "not_action_editor.css", "progress_view.css")
MORE_STYLE = "".join(next(FOLDER.rglob(name)).read_text("utf-8") for name in OF_SOME)

LIGHT, DARK = ".mfa-lab", '[data-jp-theme-light="false"] .mfa-lab'
# Of JupyterLab's own two themes: the library takes these over.
SURFACES = {
    "light": {"--jp-layout-color0": "#ffffff", "--jp-layout-color2": "#eeeeee",
              "--jp-content-font-color1": "#212121"},
    "dark": {"--jp-layout-color0": "#111111", "--jp-layout-color2": "#424242",
             "--jp-content-font-color1": "#ffffff"},
}  # fmt: skip
THEMES = tuple(SURFACES)
READABLE = 4.5


class Rule(NamedTuple):
    """One selector with its declarations, and the condition that it stands under."""

    selector: str
    declarations: dict[str, str]
    condition: str


def rules(css: str) -> Iterator[Rule]:
    for node in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        assert node.type != "error", node.message
        if node.type == "qualified-rule":
            yield from _rules(node, "")
        else:
            condition = f"@{node.at_keyword}{tinycss2.serialize(node.prelude)}"
            for inner in tinycss2.parse_rule_list(
                node.content, skip_comments=True, skip_whitespace=True
            ):
                yield from _rules(inner, condition)


def _rules(node: Any, condition: str) -> Iterator[Rule]:
    assert node.type == "qualified-rule", node
    declarations = {}
    for one in tinycss2.parse_blocks_contents(
        node.content, skip_comments=True, skip_whitespace=True
    ):
        assert one.type == "declaration", one
        declarations[one.name] = tinycss2.serialize(one.value).strip()
    selectors = tinycss2.serialize(node.prelude)
    for selector in re.split(r",(?![^(]*\))", selectors):
        yield Rule(" ".join(selector.split()), declarations, condition)


def variables(theme: str) -> dict[str, str]:
    """The library's colours in a theme."""
    found: dict[str, str] = {}
    for wanted in (LIGHT, DARK) if theme == "dark" else (LIGHT,):
        for rule in rules(STYLE):
            if rule.selector == wanted and not rule.condition:
                found |= {
                    name: value for name, value in rule.declarations.items() if name[:2] == "--"
                }
    return found


def colour(name: str, theme: str) -> str:
    """Follow `var(--name, fallback)` to a colour."""
    value = (variables(theme) | SURFACES[theme])[name]
    following = re.fullmatch(r"var\((--[\w-]+)(?:,.*)?\)", value)
    return colour(following[1], theme) if following else value


def luminance(spelled: str) -> float:
    """Relative luminance, by WCAG 2."""
    digits = spelled.removeprefix("#")
    assert re.fullmatch(r"[0-9a-f]{6}|[0-9a-f]{3}", digits), spelled
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def pair_of(face: Face) -> tuple[str, str]:
    """Names of the two colours that a face's class sets."""
    found = [
        rule.declarations for rule in rules(STYLE) if rule.selector == f".mfa-lab .{face.value}"
    ]
    assert len(found) == 1
    names = []
    for name in ("--face-ink", "--face-ground"):
        following = re.fullmatch(r"var\((--[\w-]+)\)", found[0][name])
        assert following
        names.append(following[1])
    return names[0], names[1]


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#0000ff", "#ffff00") == pytest.approx(8.00, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("face", CALL_FACES)
def test_each_face_can_be_read_on_its_ground(face: Face, theme: str) -> None:
    ink, ground = (colour(name, theme) for name in pair_of(face))
    assert contrast(ink, ground) >= READABLE


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("face", CALL_FACES)
def test_each_face_s_ink_can_be_read_on_the_page(face: Face, theme: str) -> None:
    """The number of a statement and the words of the guess form stand in ink alone."""
    ink, _ = pair_of(face)
    assert contrast(colour(ink, theme), colour("--ground", theme)) >= READABLE


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ink", ["--ink", "--faint", "--mark"])
@pytest.mark.parametrize("ground", ["--ground", "--raised"])
def test_other_text_can_be_read(ink: str, ground: str, theme: str) -> None:
    assert contrast(colour(ink, theme), colour(ground, theme)) >= READABLE


@pytest.mark.parametrize("dark", ["", '[data-jp-theme-light="false"] '])
def test_what_depends_can_be_read_on_its_ground(dark: str) -> None:
    (found,) = (
        rule.declarations
        for rule in rules(STYLE)
        if rule.selector == f"{dark}.mfa-lab.mfa-lab-depending .depends"
    )
    assert contrast(found["--face-ink"], found["--face-ground"]) >= READABLE


@pytest.mark.parametrize("theme", THEMES)
def test_the_faces_have_colours_of_their_own(theme: str) -> None:
    pairs = [tuple(colour(name, theme) for name in pair_of(face)) for face in CALL_FACES]
    for one, other in combinations(pairs, 2):
        assert one[0] != other[0] and one[1] != other[1]


def test_the_dark_sets_anew_every_colour_that_is_the_library_s_own() -> None:
    light = next(rule for rule in rules(STYLE) if rule.selector == LIGHT).declarations
    dark = next(rule for rule in rules(STYLE) if rule.selector == DARK).declarations
    own = {name for name, value in light.items() if re.fullmatch(r"#[0-9a-f]{3,6}", value)}
    assert own and own == set(dark)


def test_every_variable_has_a_value() -> None:
    known = set(variables("light")) | {"--face-ink", "--face-ground"}
    for rule in [*rules(STYLE), *rules(MORE_STYLE)]:
        for value in rule.declarations.values():
            for name, rest in re.findall(r"var\((--[\w-]+)([,)])", value):
                assert name in known or (name.startswith("--jp-") and rest == ","), (rule, name)


def test_nothing_is_fetched() -> None:
    assert not re.search(r"url\(|@import|@font-face|https?:", STYLE + MORE_STYLE)


def test_motion_is_not_used_without_asking() -> None:
    assert not re.search(r"animation|transition", STYLE + MORE_STYLE)


def weight(selector: str) -> tuple[int, int]:
    """Specificity: classes, attributes and pseudo-classes, then elements."""
    selector = re.sub(r"::[\w-]+", "", selector)
    strong = len(re.findall(r"\.[\w-]+|\[[^]]*\]|:(?!not|has|is)[\w-]+", selector))
    weak = len(re.findall(r"(?:^|[ >+~(])([a-z][\w-]*)", re.sub(r"\[[^]]*\]", "", selector)))
    return strong, weak


def aimed_at(selector: str) -> str:
    """A selector without the classes in front that only add weight."""
    return re.sub(r"^(\.mfa-lab)+(?=\.mfa-lab-)", "", selector)


def test_a_rule_for_narrow_pages_is_not_outweighed_by_the_one_for_all() -> None:
    found = list(rules(STYLE + MORE_STYLE))
    assert {rule.condition.partition(" ")[0] for rule in found} == {"", "@container", "@media"}
    for place, narrow in enumerate(found):
        for other, always in enumerate(found):
            if (
                narrow.condition
                and not always.condition
                and aimed_at(narrow.selector) == aimed_at(always.selector)
                and narrow.declarations.keys() & always.declarations.keys()
            ):
                wins = (weight(narrow.selector), place) > (weight(always.selector), other)
                assert wins, f"{narrow.selector} in {narrow.condition} against {always.selector}"


def test_no_style_sheet_is_forgotten_here() -> None:
    of_a_page_of_their_own = "slides.css"
    assert {file.name for file in FOLDER.rglob("*.css")} == {
        "style.css", of_a_page_of_their_own, *OF_SOME,
    }  # fmt: skip


def test_what_is_only_spoken_is_not_hidden_from_those_who_listen() -> None:
    [spoken] = [rule for rule in rules(STYLE) if rule.selector.endswith(" .spoken")]
    assert spoken.declarations["position"] == "absolute"
    assert not {"display", "visibility"} & spoken.declarations.keys()
