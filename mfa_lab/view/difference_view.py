"""The difference of two policies as a reader sees it: what flips for whom, and what does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mfa_lab.analysis.difference import Difference, Flip
from mfa_lab.text import say
from mfa_lab.view.faces import shown_face
from mfa_lab.view.html import render, static

_MOST_NAMED = 8
_NAMED_OF_MANY = 3


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """A difference.

    Args:
        difference: What is shown.
        language: `en` or `ja`.
    """

    difference: Difference
    language: str = "en"

    def fragment(self) -> str:
        """Give the HTML without style."""
        rows = list(map(self._row, self.difference.flips))
        return render(
            "difference",
            self.language,
            summary=self._summary(),
            rows=rows,
            undocumented=self._undocumented(),
        )

    def _repr_html_(self) -> str:
        return static(self.fragment())

    def __repr__(self) -> str:
        return self._summary()

    def _summary(self) -> str:
        return say(
            "difference.summary",
            self.language,
            count=len(self.difference.actions),
            changed=f"{len(self.difference.actions):,}",
            unchanged=f"{self.difference.unchanged:,}",
        )

    def _undocumented(self) -> str:
        """Say for whom the difference rests on a point that AWS does not document."""
        kinds = [caller.kind.name for caller in self.difference.undocumented]
        if not kinds:
            return ""
        names = [say(f"credentials.{kind}", self.language) for kind in kinds]
        comma = say("trace.comma", self.language)
        return say("difference.undocumented", self.language, credentials=comma.join(names))

    def _row(self, flip: Flip) -> dict[str, Any]:
        is_many = len(flip.actions) > _MOST_NAMED
        named = flip.actions[: _NAMED_OF_MANY if is_many else _MOST_NAMED]
        more = len(flip.actions) - len(named)
        return {
            "credentials": say(f"credentials.{flip.caller.kind.name}", self.language),
            "before": shown_face(flip.before, self.language),
            "after": shown_face(flip.after, self.language),
            "count": f"{len(flip.actions):,}",
            "actions": named,
            "more": say("difference.more", self.language, count=f"{more:,}") if more else "",
        }
