"""Policies side by side about one action: kinds of credentials down, policies across."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mfa_lab.analysis.requests.answer import CALL_FACES, Answer
from mfa_lab.text import say
from mfa_lab.text.spoken_error import SpokenLookupError
from mfa_lab.view.face_label import SYMBOLS, face_label
from mfa_lab.view.html import render, static
from mfa_lab.view.table.trace_view import TraceView


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """What several policies answer one call, by kind of credentials.

    Args:
        action: What is called.
        answers: For each policy's label its answers by name of the kind of credentials; the
            same kinds for each.
        language: `en` or `ja`.
    """

    action: str
    answers: Mapping[str, Mapping[str, Answer]]
    language: str = "en"

    def why(self, label: str, kind: str) -> TraceView:
        """Explain one cell.

        Args:
            label: Of the policy.
            kind: Name of the kind of credentials.

        Raises:
            SpokenLookupError: There is no such cell.
        """
        if kind not in self.answers.get(label, {}):
            raise SpokenLookupError(
                say("comparison.no_cell", self.language, label=label, kind=kind)
            )
        return TraceView(self.answers[label][kind], self.language)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names of the kinds of credentials, a row each."""
        return tuple(next(iter(self.answers.values()), {}))

    def fragment(self) -> str:
        """Return the HTML without style."""
        every = [answer for answers in self.answers.values() for answer in answers.values()]
        return render(
            "table/comparison_view",
            self.language,
            caption=say("comparison.caption", self.language, action=self.action),
            labels=list(self.answers),
            rows=[self._row(kind) for kind in self.kinds],
            legend=[
                face_label(face, self.language)
                for face in CALL_FACES
                if any(answer.face is face for answer in every)
            ],
            has_undocumented=any(answer.is_undocumented for answer in every),
        )

    def _repr_html_(self) -> str:
        return static(self.fragment())

    def __repr__(self) -> str:
        return f"<{self.action} under {len(self.answers)} policies × {len(self.kinds)} credentials>"

    def _row(self, name: str) -> dict[str, Any]:
        answers = [of_policy[name] for of_policy in self.answers.values()]
        kind = answers[0].caller.kind
        return {
            "label": say(f"credentials.{name}", self.language),
            "description": say(f"credentials_meaning.{name}", self.language),
            "present": say(f"mfa_key.{kind.mfa.present or 'absent'}", self.language),
            "is_assumed": bool(kind.open_points),
            "cells": [
                {
                    "face": answer.face.value,
                    "symbol": SYMBOLS[answer.face],
                    "word": say(f"face.{answer.face}", self.language),
                    "is_undocumented": answer.is_undocumented,
                }
                for answer in answers
            ],
        }
