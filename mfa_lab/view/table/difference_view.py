"""The difference of two policies as a reader sees it: what flips for whom, and what does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mfa_lab.analysis.difference import Difference, Flip
from mfa_lab.analysis.requests.answer import Face
from mfa_lab.text import say
from mfa_lab.view.face_label import face_label
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
        """Return the HTML without style."""
        alike: dict[tuple[Face, Face, tuple[str, ...]], list[Flip]] = {}
        for flip in self.difference.flips:
            alike.setdefault((flip.before, flip.after, flip.actions), []).append(flip)
        return render(
            "table/difference_view",
            self.language,
            summary=self._summary(),
            rows=[self._row(flips) for flips in alike.values()],
            others=self._others(),
            undocumented=self._undocumented(),
        )

    def _repr_html_(self) -> str:
        return static(self.fragment())

    def __repr__(self) -> str:
        return self._summary()

    def _summary(self) -> str:
        changed, unchanged = len(self.difference.actions), f"{self.difference.unchanged:,}"
        if not changed:
            return say("difference.none", self.language, unchanged=unchanged)
        return say(
            "difference.summary",
            self.language,
            count=changed,
            changed=f"{changed:,}",
            unchanged=unchanged,
        )

    def _others(self) -> str:
        """Name the credentials for which nothing changes, where something does for others."""
        touched = {flip.caller.kind for flip in self.difference.flips}
        untouched = [
            caller.kind.name for caller in self.difference.callers if caller.kind not in touched
        ]
        if not touched or not untouched:
            return ""
        return say("difference.others", self.language, credentials=self._credentials(untouched))

    def _credentials(self, kinds: Iterable[str]) -> str:
        separator = say("difference.separator", self.language)
        return separator.join(say(f"credentials.{kind}", self.language) for kind in kinds)

    def _undocumented(self) -> str:
        """Say for whom the difference rests on a point that AWS does not document."""
        kinds = [caller.kind.name for caller in self.difference.undocumented]
        if not kinds:
            return ""
        return say("difference.undocumented", self.language, credentials=self._credentials(kinds))

    def _row(self, flips: list[Flip]) -> dict[str, Any]:
        """Return the row of one change, which several kinds of credentials may share."""
        flip = flips[0]
        is_many = len(flip.actions) > _MOST_NAMED
        named = flip.actions[: _NAMED_OF_MANY if is_many else _MOST_NAMED]
        more = len(flip.actions) - len(named)
        return {
            "credentials": [
                (say(f"credentials.{flip.caller.kind.name}", self.language), flip.is_undocumented)
                for flip in flips
            ],
            "before": face_label(flip.before, self.language),
            "after": face_label(flip.after, self.language),
            "count": f"{len(flip.actions):,}",
            "actions": named,
            "more": say("difference.more", self.language, count=f"{more:,}") if more else "",
        }
