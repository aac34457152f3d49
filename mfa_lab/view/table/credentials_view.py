"""What each kind of credentials says about MFA, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mfa_lab.iam.credentials import Caller
from mfa_lab.text import say
from mfa_lab.view.html import render, static


@dataclass(frozen=True, slots=True)
class CredentialsView:
    """The MFA keys of kinds of credentials as a reader sees them.

    Args:
        callers: One a row.
        language: `en` or `ja`.
    """

    callers: tuple[Caller, ...]
    language: str = "en"

    def _repr_html_(self) -> str:
        return static(
            render("table/credentials_view", self.language, rows=list(map(self._row, self.callers)))
        )

    def __repr__(self) -> str:
        return f"<MFA keys of {len(self.callers)} kinds of credentials>"

    def _age(self, seconds: int | None) -> str:
        key = "no_age" if seconds is None else "age"
        return say(f"credentials_view.{key}", self.language)

    def _row(self, caller: Caller) -> dict[str, Any]:
        kind = caller.kind
        return {
            "label": say(f"credentials.{kind.name}", self.language),
            "meaning": say(f"credentials_meaning.{kind.name}", self.language),
            "present": say(f"mfa_key.{kind.mfa.present or 'absent'}", self.language),
            "age": self._age(kind.mfa.age),
            "sureness": say(f"sureness.{kind.sureness}", self.language),
            "is_undocumented": bool(kind.open_points),
        }
