"""What ends a command before it is done: one sentence and an exit status."""

from __future__ import annotations

from typing import Final

FAILED: Final = 2


class Failure(Exception):
    """A command cannot go on, for a reason that the user can mend.

    Args:
        sentence: The reason, in the user's language.
    """

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)
