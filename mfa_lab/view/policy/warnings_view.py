"""What AWS accepts in a policy but hardly anybody intends, as a reader sees it."""

from __future__ import annotations

from dataclasses import dataclass

from mfa_lab.analysis.warnings import PolicyWarning
from mfa_lab.text import say
from mfa_lab.view.html import render, static


@dataclass(frozen=True, slots=True)
class WarningsView:
    """The warnings of a policy.

    Args:
        warnings: The warnings, in the order of the policy.
        language: `en` or `ja`.
    """

    warnings: tuple[PolicyWarning, ...]
    language: str = "en"

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Where in the policy, as a JSON pointer, and what is meant otherwise."""
        return [(warning.pointer, warning.sentence(self.language)) for warning in self.warnings]

    def fragment(self) -> str:
        """Return the HTML without style."""
        return render(
            "policy/warnings_view", self.language, summary=self._summary(), rows=self.rows
        )

    def _repr_html_(self) -> str:
        return static(self.fragment())

    def __repr__(self) -> str:
        return self._summary()

    def _summary(self) -> str:
        count = len(self.rows)
        if not count:
            return say("warnings_view.none", self.language)
        return say("warnings_view.summary", self.language, count=count)
