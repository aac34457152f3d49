"""A file that is read and written whole: never without an end, never half of it."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 1_000_000
"""How long a policy's file may be: a hundred times what IAM accepts."""

_OF_EVERYBODY: Final = 0o666  # less what the user's umask takes away
OF_THE_USER_ALONE: Final = 0o600


class TooLargeError(ValueError):
    """A file holds more than is read of it."""


class NoPlainFileError(ValueError):
    """It is no plain file: reading a pipe or a device could wait forever."""


def read_whole(path: Path, most: int = MOST_BYTES) -> bytes:
    """Read a plain file.

    Args:
        path: Where it is.
        most: How many bytes it may have.

    Raises:
        TooLargeError: It has more.
        NoPlainFileError: It is a folder, a pipe or a device.
        OSError: It cannot be read, or does not exist.
    """
    with contextlib.suppress(FileNotFoundError):
        path.stat()
        if not path.is_file():
            raise NoPlainFileError(str(path))
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise TooLargeError(str(path))
    return content


def write_whole(path: Path, content: bytes, mode: int = _OF_EVERYBODY) -> None:
    """Write a file so that whoever reads it sees all of it, or what was there before.

    Args:
        path: Where to write it; what is there is replaced.
        content: What to write.
        mode: Who may read and write it.

    Raises:
        OSError: It cannot be written.
    """
    unfinished = path.with_name(f"{path.name}{secrets.token_hex(4)}.part")
    try:
        with open(unfinished, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise
