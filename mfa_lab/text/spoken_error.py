"""Errors that tell a learner what was wrong, in the learner's language."""

from __future__ import annotations

import linecache
import traceback
from types import TracebackType

from mfa_lab.text import say


class SpokenError(Exception):
    """An error for which a notebook shows the learner's own line and the sentences, no stack.

    The stack would show how this library is built, which helps nobody who mistyped a name.
    """

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback."""
        return [*_own_line(self.__traceback__), str(self)]


class SpokenLookupError(SpokenError, LookupError):
    """Something that was looked up does not exist."""


class SpokenValueError(SpokenError, ValueError):
    """A value cannot be accepted."""


def _own_line(stack: TracebackType | None) -> list[str]:
    """Return the line of the notebook that led to the error; none where it cannot be found."""
    of_notebook = [
        (frame.f_code.co_filename, number)
        for frame, number in traceback.walk_tb(stack)
        if frame.f_globals.get("__name__") == "__main__"
    ]
    for file, number in reversed(of_notebook):
        source = linecache.getline(file, number).strip()
        if source:
            return [say("spoken_error.line", line=number, source=source)]
    return []
