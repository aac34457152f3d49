"""Every lesson has the parts of a lesson, in order, and nothing that belongs to one machine."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag

from mfa_lab.lesson.content import content_of
from tests.notebooks.lesson_file import NOTEBOOKS, Cell, LessonFile, lesson_files

every_file = pytest.mark.parametrize("file", lesson_files(), ids=str)

FRONT: dict[str, tuple[str, ...]] = {
    "en": ("You will be able to", "Minutes", "Builds on"),
    "ja": ("できるようになること", "時間", "前提"),
}
PARTS: dict[str, dict[str, str]] = {
    "en": {
        "scene": r"(?i)the scene$",
        "predict": "Predict$",
        "run": "Run$",
        "explain": "Explain$",
        "try": "Try it",
        "key points": "Key points$",
        "sources": "Sources$",
    },
    "ja": {
        "scene": "場面$",
        "predict": "予想する$",
        "run": "実行する$",
        "explain": "理由を見る$",
        "try": "やってみる",
        "key points": "ポイント$",
        "sources": "出典$",
    },
}
HINT = {"en": "Hint", "ja": "ヒント"}
SOLUTION = {"en": "Solution", "ja": "解答"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

# What would be another on another machine, or the next time.
OF_ONE_MACHINE = re.compile(
    r"(?<![\w.~:/<-])/(?:home|root|usr|tmp|work|opt|var|mnt|private|Users|etc)/\w|[A-Za-z]:\\\\?\w"
    r"|\b0x[0-9a-f]{6,}\b|ipykernel_\d+|\bpid\b"
)


def calls(cell: Cell, method: str) -> list[ast.Call]:
    """The calls of a lesson's tool in a cell."""
    return [
        node
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) == ("lesson", method)
    ]


def place_of(file: LessonFile, part: str) -> int:
    """Number of the first cell that has a part's heading."""
    wanted = re.compile(PARTS[file.language][part])
    for number, cell in enumerate(file.cells):
        if not cell.is_code and any(wanted.search(text) for _, text in cell.headings):
            return number
    raise AssertionError(f"{file} has no heading for {part}")


def first_call(file: LessonFile, method: str) -> int:
    for number, cell in enumerate(file.cells):
        if cell.is_code and calls(cell, method):
            return number
    raise AssertionError(f"{file} never calls lesson.{method}")


@every_file
def test_the_title_comes_first_with_its_promise(file: LessonFile) -> None:
    title = file.cells[0]
    assert title.id == "title"
    [(level, text)] = title.headings
    assert (level, text[:5]) == ("h1", f"{file.name[:2]} · ")
    promise = title.prose.select("p")[0]
    assert promise.get_text() == promise.select("strong")[0].get_text()
    assert promise.get_text().rstrip().endswith((".", "。"))
    assert "\n" not in promise.get_text()


@every_file
def test_there_is_one_title(file: LessonFile) -> None:
    levels = [level for cell in file.prose for level, _ in cell.headings]
    assert levels.count("h1") == 1
    assert set(levels[1:]) <= {"h2", "h3"}


@every_file
def test_objectives_minutes_and_what_it_builds_on_follow(file: LessonFile) -> None:
    rows = {
        row.select("td, th")[0].get_text(): row.select("td, th")[1]
        for row in file.cells[0].prose.select("table tr")
        if row.get_text().strip()
    }
    assert tuple(rows) == FRONT[file.language]
    able, minutes, builds_on = rows.values()
    objectives = [one for one in re.split(r"[;。]\s*", able.get_text()) if one.strip()]
    assert 2 <= len(objectives) <= 4
    found = re.fullmatch(r"(\d+)(?: 分)?", minutes.get_text().strip())
    assert found and 10 <= int(found[1]) <= 20
    assert builds_on.get_text().strip()
    if file.name[:2] != "00":
        assert [str(link["href"])[:2] for link in builds_on.select("a")] < [file.name[:2]]
        assert builds_on.select("a")


@every_file
def test_the_map_names_each_lesson_with_its_minutes(file: LessonFile) -> None:
    [start] = [one for one in lesson_files(file.language) if one.name == "00_start_here"]
    [row] = [
        row
        for cell in start.prose
        if cell.id == "map"
        for row in cell.prose.select("tr")
        if row.get_text().strip().startswith(file.name[:2])
    ]
    title = file.cells[0].headings[0][1]
    number, minutes, _ = (cell.get_text().strip() for cell in row.select("td"))
    assert number == title
    told = file.cells[0].prose.find(string=re.compile(FRONT[file.language][1]))
    assert told and told.parent
    line = told.parent.find_parent("tr")
    assert isinstance(line, Tag)
    assert re.findall(r"\d+", line.get_text()) == [minutes]
    if file.name != start.name:
        assert [link["href"] for link in row.select("a")] == [file.path.name]


@every_file
def test_the_parts_come_in_order(file: LessonFile) -> None:
    places = [
        ("title", 0),
        ("scene", place_of(file, "scene")),
        ("predict", place_of(file, "predict")),
        ("the first guess", first_call(file, "predict")),
        ("run", place_of(file, "run")),
        ("the results", first_call(file, "results")),
        ("explain", place_of(file, "explain")),
        ("the first trace", first_call(file, "why")),
        ("try", place_of(file, "try")),
        ("the first check", first_call(file, "check")),
        ("key points", place_of(file, "key points")),
        ("sources", place_of(file, "sources")),
    ]
    assert places == sorted(places, key=lambda one: one[1]), places
    assert place_of(file, "sources") == len(file.cells) - 1
    [setup] = [number for number, cell in enumerate(file.cells) if cell.id == "setup"]
    assert setup == min(number for number, cell in enumerate(file.cells) if cell.is_code)
    assert setup < place_of(file, "scene")


@every_file
def test_every_guess_is_asked_for_before_anything_is_run(file: LessonFile) -> None:
    asked = [
        number for number, cell in enumerate(file.cells) if cell.is_code and calls(cell, "predict")
    ]
    answers = min(first_call(file, method) for method in ("results", "why"))
    assert max(asked) < answers
    for method in ("table", "difference"):
        for number, cell in enumerate(file.cells):
            assert not (cell.is_code and calls(cell, method) and number < answers)


@every_file
def test_the_setup_cell_makes_this_lesson_and_nothing_else(file: LessonFile) -> None:
    [setup] = [cell for cell in file.code if cell.id == "setup"]
    assert setup.source == (
        "from mfa_lab.lesson import Lesson\n\n"
        f'lesson = Lesson("{file.name}", language="{file.language}")'
    )


@every_file
def test_every_prediction_and_exercise_of_the_lesson_is_in_the_notebook(file: LessonFile) -> None:
    content = content_of(file.name)

    def named(method: str) -> list[str]:
        return [
            ast.literal_eval(call.args[0]) for cell in file.code for call in calls(cell, method)
        ]

    assert named("predict") == [one.name for one in content.predictions]
    assert named("check") == [one.name for one in content.exercises]


def assigned(cell: Cell) -> set[str]:
    return {
        target.id
        for statement in ast.parse(cell.source).body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


@every_file
def test_each_check_has_a_stub_before_it_and_help_after_it(file: LessonFile) -> None:
    language = file.language
    checks = [
        number for number, cell in enumerate(file.cells) if cell.is_code and calls(cell, "check")
    ]
    assert checks
    for number in checks:
        [call] = calls(file.cells[number], "check")
        assert isinstance(call.args[1], ast.Name)
        stub = file.cells[number - 1]
        assert stub.is_code and call.args[1].id in assigned(stub)
        task = file.cells[number - 2]
        assert any(re.search(PARTS[language]["try"], text) for _, text in task.headings)
        folded = file.cells[number + 1].prose.select("details")
        summaries = [one.select("summary")[0].get_text() for one in folded]
        hints = [text for text in summaries if text.startswith(HINT[language])]
        assert hints == [f"{HINT[language]} {count}" for count in range(1, len(hints) + 1)]
        assert len(hints) >= 2
        [solution] = [text for text in summaries if text.startswith(SOLUTION[language])]
        assert summaries == [*hints, solution]
        for one in folded:
            assert not one.has_attr("open")
            assert one.select("p"), "a blank line makes what is folded markdown"


@every_file
def test_hints_do_not_tell_the_solution(file: LessonFile) -> None:
    for cell in file.prose:
        folded = {one.select("summary")[0].get_text(): one for one in cell.prose.select("details")}
        solutions = [
            one for name, one in folded.items() if name.startswith(SOLUTION[file.language])
        ]
        for solution in solutions:
            first = solution.select("p")[0]
            answers = {code.get_text() for code in first.select("code")}
            assert answers
            for name, hint in folded.items():
                if name.startswith(HINT[file.language]):
                    told = {code.get_text() for code in hint.select("code")}
                    assert not told & answers, name


@every_file
def test_the_end_leads_on(file: LessonFile) -> None:
    last = file.cells[-1]
    assert last.links
    names = [one.path.name for one in lesson_files(file.language)]
    place = names.index(file.path.name)
    onward = names[place + 1] if place + 1 < len(names) else names[0]
    assert last.links[-1] == onward
    final = last.prose.find_all("p")[-1]
    assert isinstance(final, Tag) and final.select("a"), "the way on is the last line"


@every_file
def test_key_points_and_sources_are_lists(file: LessonFile) -> None:
    lists = file.cells[-1].prose.select("ul")
    assert len(lists) == 2
    points, sources = (one.select("li") for one in lists)
    assert 3 <= len(points) <= 5
    assert len(sources) >= 2


# What is stored.


@every_file
def test_outputs_are_stored(file: LessonFile) -> None:
    counts = [
        cell["execution_count"] for cell in file.document["cells"] if cell["cell_type"] == "code"
    ]
    assert counts == list(range(1, len(counts) + 1))
    for cell in file.code:
        last = ast.parse(cell.source).body[-1]
        assert len(cell.outputs) == (1 if isinstance(last, ast.Expr) else 0), cell.id


@every_file
def test_outputs_are_results_with_html_and_text(file: LessonFile) -> None:
    for cell in file.code:
        for output in cell.outputs:
            assert output["output_type"] == "execute_result", cell.id
            assert set(output["data"]) == {"text/html", "text/plain"}, cell.id


@every_file
def test_no_widget_state_and_no_view_is_stored(file: LessonFile) -> None:
    assert "widgets" not in file.document["metadata"]
    assert WIDGET_VIEW not in json.dumps(file.document)
    assert "model_id" not in json.dumps(file.document)


@every_file
def test_no_timing_is_stored(file: LessonFile) -> None:
    for cell in file.document["cells"]:
        assert set(cell["metadata"]) <= {"tags", "slideshow"}, cell["id"]
    assert "iopub" not in json.dumps(file.document)


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list):
        joined = ["".join(value)] if all(isinstance(one, str) for one in value) else []
        return joined or [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


@every_file
def test_nothing_of_one_machine_is_stored(file: LessonFile) -> None:
    home = str(Path.home())
    for cell in file.code:
        for text in texts(list(cell.outputs)):
            found = OF_ONE_MACHINE.search(text)
            assert found is None, (cell.id, found)
            assert str(NOTEBOOKS.parent) not in text
            assert home == "/" or f"{home}/" not in text


@pytest.mark.parametrize(
    ("text", "is_noticed"),
    [
        ("File /home/me/x.py", True),
        ('"/tmp/' + "ipykernel_" + '7/1.py"', True),
        ("/Users/me/lab", True),
        (r"C:\Users\me", True),
        ("<object at 0x7f12ab34cd56>", True),
        ("~/.aws/credentials", False),
        ("arn:aws:iam::123456789012:user/alice", False),
        ("and/or, 1/2 </div>", False),
    ],
)
def test_what_is_of_one_machine_is_noticed(text: str, is_noticed: bool) -> None:
    assert bool(OF_ONE_MACHINE.search(text)) is is_noticed


@every_file
def test_the_kernel_is_the_one_of_any_python(file: LessonFile) -> None:
    kernel = file.document["metadata"]["kernelspec"]
    assert (kernel["name"], kernel["language"]) == ("python3", "python")
    assert file.document["nbformat"] == 4


@every_file
def test_no_cell_sleeps_prints_in_a_widget_or_installs(file: LessonFile) -> None:
    for cell in file.code:
        assert not re.search(r"\bsleep\(|^\s*[!%]|\bOutput\(|\bprint\(", cell.source, re.MULTILINE)


@every_file
def test_a_cell_ends_without_blank_lines(file: LessonFile) -> None:
    for cell in file.cells:
        assert cell.source and cell.source == cell.source.strip(), cell.id
