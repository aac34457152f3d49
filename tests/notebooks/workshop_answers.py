"""The instructor's page of answers, made from the notebooks and the lessons' own exercises.

`make outputs` writes it; `test_workshop.py` holds what is stored to what is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mfa_lab.lesson.content import content_of
from mfa_lab.lesson.exercise import Exercise
from mfa_lab.lesson.prediction import Prediction, Question
from mfa_lab.text import say
from tests.notebooks.lesson_file import NOTEBOOKS, LessonFile, lesson_files

WORKSHOP: Final = NOTEBOOKS.parent / "data" / "workshop"
WORDS: Final = {
    "en": {
        "title": "# Answers, for the instructor",
        "made": "Made by `make outputs` from the notebooks and their exercises. The agenda and what to ask: [the guide](guide.en.md).",
        "questions": "| question | answer |",
        "reply": "What the check says to typical wrong answers:",
    },
    "ja": {
        "title": "# 講師用の解答",
        "made": "ノートブックと演習から `make outputs` で作成しています。時間割と会場での問いかけは [講師用ガイド](guide.ja.md) にあります。",
        "questions": "| 質問 | 答え |",
        "reply": "典型的な誤答に表示されるメッセージ:",
    },
}  # fmt: skip


def answers_page(language: str) -> str:
    """Give the page in Markdown.

    Args:
        language: `en` or `ja`.
    """
    words = WORDS[language]
    parts = [words["title"], words["made"]]
    for file in lesson_files(language):
        parts += _lesson(file)
    return "\n\n".join(parts) + "\n"


def write_answers() -> None:
    """Store the page of each language."""
    for language in WORDS:
        stored_page(language).write_text(answers_page(language), "utf-8")


def stored_page(language: str) -> Path:
    """Give the stored page."""
    return WORKSHOP / f"answers.{language}.md"


def _lesson(file: LessonFile) -> Iterator[str]:
    content = content_of(file.name)
    yield f"## {file.cells[0].headings[0][1]}"
    rows = [_row(file, one) for one in content.predictions]
    yield "\n".join([WORDS[file.language]["questions"], "|---|---|", *rows])
    for exercise in content.exercises:
        place = next(
            number
            for number, cell in enumerate(file.cells)
            if cell.is_code and f'lesson.check("{exercise.name}"' in cell.source
        )
        yield f"### {file.cells[place - 2].headings[-1][1]}"
        yield _solution(file.cells[place + 1].source)
        yield WORDS[file.language]["reply"]
        yield "\n".join(f"- {one}" for one in _replies(file, exercise))


def _row(file: LessonFile, question: Question) -> str:
    section = f"lesson_{file.name[:2]}"
    asked = say(f"{section}.predict_{question.name}", file.language)
    result = question.run()
    key = (
        f"face.{result}"
        if isinstance(question, Prediction)
        else f"{section}.options_{question.name}.{result}"
    )
    return f"| {_in_cell(asked)} | {_in_cell(say(key, file.language))} |"


def _in_cell(text: str) -> str:
    return _plain(text).replace("|", "\\|").replace("\n", " ")


def _plain(text: str) -> str:
    """Give a sentence so that Markdown shows it as it is."""
    return text.replace("\u200b", "").replace("*", "\\*")


def _solution(source: str) -> str:
    """Give what the last folded part of a cell holds."""
    return source.rpartition("</summary>")[2].rpartition("</details>")[0].strip()


def _replies(file: LessonFile, exercise: Exercise) -> list[str]:
    """Give what the check says to each typical wrong answer, once each."""
    section = f"lesson_{file.name[:2]}.check_{exercise.name}"
    verdicts = [exercise.check(answer) for answer, _ in exercise.wrong_answers]
    said = [one.sentence(section, file.language) for one in verdicts]
    return [_plain(one) for one in dict.fromkeys(said)]
