"""The file of a learner's progress: read and written so that no kernel loses what another noted.

A change is made to what the file holds at that moment, under a lock, and the new file takes the
place of the old one at once. So whoever reads never sees half of it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mfa_lab.lesson.progress.notes import Notes, NotesError
from mfa_lab.whole_file import (
    OF_THE_USER_ALONE,
    NoPlainFileError,
    TooLargeError,
    read_whole,
    write_whole,
)

Change = Callable[[Notes], Notes]

_PATIENCE: Final = 2.0  # seconds for another kernel to let go; it needs some milliseconds
_HELD: Final = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})


@dataclass(frozen=True, slots=True)
class ProgressFile:
    """The file, which need not be there yet.

    Args:
        path: Where it stands.
    """

    path: Path

    def read(self) -> Notes:
        """Return what the file holds; nothing where it is not there.

        Raises:
            NotesError: Something else stands in its place.
            OSError: It cannot be read.
        """
        if not os.path.lexists(self.path):
            return Notes()
        try:
            return Notes.parse(read_whole(self.path).decode("utf-8-sig"))
        except (TooLargeError, NoPlainFileError, FileNotFoundError, UnicodeDecodeError) as error:
            raise NotesError(str(error)) from None

    def update(self, change: Change) -> Notes:
        """Change what it holds and give it; what is no notes is kept aside first.

        Raises:
            OSError: It cannot be written.
        """
        with self._alone():
            try:
                before = self.read()
            except NotesError:
                before = Notes(kept_aside=(self._keep_aside(),))
            after = change(before)
            write_whole(self.path, after.to_json().encode("utf-8"), OF_THE_USER_ALONE)
        return after

    def delete(self) -> bool:
        """Delete it, and tell whether it was there; what is no notes is left as it is.

        Raises:
            OSError: It cannot be deleted.
        """
        if not os.path.lexists(self.path):
            return False
        with self._alone():
            try:
                self.read()
            except NotesError:
                return False
            self.path.unlink()
        return True

    def _keep_aside(self) -> str:
        """Rename what stands in its place, and return its new name, which nothing had yet."""
        number = 1
        while os.path.lexists(place := self._aside(number)):
            number += 1
        os.rename(self.path, place)
        return place.name

    def _aside(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.stem}_kept_aside_{number}{self.path.suffix}")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock, which the system lets go of when a kernel dies.

        Where the file system knows no locks there is none: two kernels at the same millisecond are
        then all that is risked.
        """
        lock = self.path.with_name(f"{self.path.name}.lock")
        with lock.open("ab") as file:
            _hold(file.fileno())
            yield


def _hold(handle: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return _try_to_hold(handle)
        except OSError as error:
            if error.errno not in _HELD:
                return
            if time.monotonic() > deadline:
                raise
        time.sleep(0.01)


def _try_to_hold(handle: int) -> None:
    if os.name == "nt":
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
