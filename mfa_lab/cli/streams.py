"""Standard input, output and error, and the files that are named on the command line."""

from __future__ import annotations

import errno
import os
import sys
from typing import BinaryIO, Final

from mfa_lab.cli.failure import Failure
from mfa_lab.text import say

STANDARD: Final = "-"

# Windows reports a pipe that the reader closed as an invalid argument.
_CLOSED: Final = frozenset({errno.EPIPE, errno.EINVAL, errno.ESHUTDOWN})


def opened(path: str, language: str) -> BinaryIO:
    """Open a file for reading bytes, `-` being standard input.

    Raises:
        Failure: It cannot be read.
    """
    if path == STANDARD:
        if sys.stdin is None:
            raise Failure(say("cli.failure.no_input", language))
        return sys.stdin.buffer
    try:
        return open(path, "rb")
    except (OSError, ValueError) as error:
        raise unreadable(path, error, language) from None


def unreadable(path: str, error: OSError | ValueError, language: str) -> Failure:
    """Say why a file cannot be read."""
    match error:
        case FileNotFoundError():
            code = "no_such_file"
        case IsADirectoryError():
            code = "is_a_directory"
        case PermissionError():
            code = "no_permission"
        case _:
            code = "unreadable"
    reason = getattr(error, "strerror", None) or str(error)
    return Failure(say(f"cli.failure.{code}", language, path=path, reason=reason))


class Output:
    """Standard output as bytes, each piece of text sent as it comes.

    A reader that goes away, a full disk: whatever stops it is said once, as a `Failure`.

    Args:
        language: Of that sentence.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        if sys.stdout is None:
            raise Failure(say("cli.failure.closed_output", language))
        self._stream = sys.stdout.buffer

    def send(self, text: str) -> None:
        """Write text as UTF-8, whatever the locale, and let it go at once.

        Raises:
            Failure: Nobody takes it.
        """
        try:
            self._stream.write(text.encode("utf-8"))
            self._stream.flush()
        except OSError as error:
            _abandon()
            code = "closed_output" if error.errno in _CLOSED else "unwritable_output"
            reason = error.strerror or str(error)
            raise Failure(say(f"cli.failure.{code}", self._language, reason=reason)) from None


def _abandon() -> None:
    """Let the interpreter's last flush go nowhere, or it would complain about it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
