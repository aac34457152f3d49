"""What ends a command before it is done: one sentence and an exit status."""

from __future__ import annotations

from typing import Final

from mfa_lab.text import say

FAILED: Final = 2


class Failure(Exception):
    """A command cannot go on, for a reason that the user can mend.

    Args:
        code: The reason: a key of the section `cli.failure` of the text catalogue.
        values: What the sentence names.
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code, self.values = code, values
        super().__init__(self.sentence())

    def sentence(self, language: str = "en") -> str:
        """Say the reason, and what to do.

        Args:
            language: `en` or `ja`.
        """
        return say(f"cli.failure.{self.code}", language, **self.values)
