"""The page that a learner keeps: one file, which needs nothing else and can be printed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import quote

from mfa_lab.text import say
from mfa_lab.view.course.progress_view import GuessMade, ProgressView, with_progress_style
from mfa_lab.view.html import render, style
from mfa_lab.view.markdown_line import markdown_line


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """The page.

    Args:
        progress: What was done.
        learner: The learner's name; empty for none.
        date: When it was written, such as `2026-11-24`.
    """

    progress: ProgressView
    learner: str
    date: str

    @property
    def html(self) -> str:
        """The whole file."""
        language = self.progress.language
        begun = [lesson for lesson in self.progress.lessons if lesson.stage != "open"]
        points = [
            [markdown_line(point) for point in lesson.key_points] if lesson.stage == "done" else []
            for lesson in begun
        ]
        return render(
            "course/summary_page",
            language,
            view=self,
            style=style(),
            lessons=list(zip(begun, points, strict=True)),
        )

    @property
    def sign(self) -> str:
        """How the file begins: what an earlier page of the same learner has, and no other file."""
        return self.html.partition("<title>")[0]

    def sentence_of(self, made: GuessMade) -> str:
        """Say what was guessed and what came out."""
        language = self.progress.language
        if made.result is None:
            return say("summary_page.not_run", language, guess=made.guess.word)
        key = "summary_page.came_out" if made.came_out else "summary_page.surprised"
        return say(key, language, guess=made.guess.word, result=made.result.word)


@dataclass(frozen=True, slots=True)
class SummarySaved:
    """What a learner sees after writing the page.

    Args:
        sentence: What was done, or why not.
        language: `en` or `ja`.
        name: Of the file; empty where there is none.
        path: From the notebook to it.
    """

    sentence: str
    language: str = "en"
    name: str = ""
    path: str = ""

    @property
    def link(self) -> str:
        """The path as an address, in which no letter has a meaning of its own."""
        return quote(self.path.replace(os.sep, "/"), safe="/.")

    def _repr_html_(self) -> str:
        return with_progress_style(render("course/summary_saved", self.language, view=self))

    def __repr__(self) -> str:
        return f"{self.sentence} {self.path}".strip()
