"""Standard input, output and error, and the files that are named on the command line."""

from __future__ import annotations

import errno
import os
import stat
import sys
from typing import BinaryIO, Final

import click

from mfa_lab.cli.failure import Failure
from mfa_lab.whole_file import MOST_BYTES

PROGRAM: Final = "mfa-lab"
STANDARD: Final = "-"

# Windows reports a pipe that the reader closed as an invalid argument.
_CLOSED: Final = frozenset({errno.EPIPE, errno.EINVAL, errno.ESHUTDOWN, errno.EBADF})


def opened(path: str) -> BinaryIO:
    """Open a file for reading bytes, `-` being standard input.

    Args:
        path: As it was named on the command line.

    Raises:
        Failure: It cannot be read.
    """
    if path == STANDARD:
        if sys.stdin is None:
            raise Failure("no_input")
        return sys.stdin.buffer
    try:
        return open(path, "rb")
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None


def text_of(path: str) -> str:
    """Read a whole file of UTF-8 text, `-` being standard input.

    Args:
        path: As it was named on the command line.

    Raises:
        Failure: It cannot be read, is no UTF-8, or too large to be a policy.
    """
    source = opened(path)
    try:
        content = source.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise Failure("too_large", path=path, most=f"{MOST_BYTES:,}")
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Failure("not_utf8", path=path, place=error.start + 1) from None
    except OSError as error:
        raise unreadable(path, error) from None
    finally:
        if path != STANDARD:
            source.close()


def size_of(source: BinaryIO) -> int | None:
    """Count the bytes of a file; None where that is not known, as of a pipe."""
    try:
        status = os.fstat(source.fileno())
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def unreadable(path: str, error: OSError | ValueError) -> Failure:
    """Say why a file cannot be read.

    Args:
        path: As it was named on the command line.
        error: What the system said.
    """
    match error:
        case FileNotFoundError():
            code = "no_such_file"
        case IsADirectoryError():
            code = "is_a_directory"
        case PermissionError() if os.path.isdir(path):  # as Windows puts it
            code = "is_a_directory"
        case PermissionError():
            code = "no_permission"
        case _:
            code = "unreadable"
    return Failure(code, path=path, reason=reason_of(error))


def reason_of(error: OSError | ValueError) -> str:
    """Return the system's words for what went wrong."""
    return getattr(error, "strerror", None) or str(error)


class Output:
    """Standard output, to which text goes at once and as UTF-8, whatever the locale.

    A terminal that writes another encoding gets that, with escapes for what it lacks.
    """

    def __init__(self) -> None:
        if sys.stdout is None:
            raise Failure("closed_output")
        self._stream = sys.stdout.buffer
        self._encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"

    def send(self, text: str) -> None:
        """Write text and let it go.

        Raises:
            Failure: Nobody takes it, or it finds no room.
        """
        try:
            rest = memoryview(text.encode(self._encoding, "backslashreplace"))
            while rest:  # with PYTHONUNBUFFERED a write may take a part only
                rest = rest[self._stream.write(rest) :]
            self._stream.flush()
        except OSError as error:
            _abandon()
            code = "closed_output" if error.errno in _CLOSED else "unwritable_output"
            raise Failure(code, reason=reason_of(error)) from None


def _abandon() -> None:
    """Let the interpreter's last flush go nowhere, or it would complain about it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def tell(sentence: str) -> None:
    """Say a sentence on standard error, if anybody can hear it."""
    if sys.stderr is None:
        return
    try:
        click.echo(f"{PROGRAM}: {_printable(sentence)}", err=True)
    except OSError:  # closed: what is said beside the output must not spoil it
        return


def _printable(sentence: str) -> str:
    """Escape what steers a terminal: names of files and parts of policies may hold anything."""
    return "".join(
        character if character.isprintable() else repr(character)[1:-1] for character in sentence
    )
