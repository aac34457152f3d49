"""The file of the page that a learner keeps, beside the notebooks."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

from mfa_lab.view.course.summary_page import SummaryPage
from mfa_lab.whole_file import write_whole

_NAME: Final = "mfa_lab_progress_{language}{number}.html"
_MOST: Final = 1000  # files of that name which are somebody else's


def write_page(page: SummaryPage, folder: Path) -> Path:
    """Write a page and give its place; only an earlier page of the same learner is replaced.

    Args:
        page: The page.
        folder: Where to.

    Raises:
        OSError: It cannot be written.
    """
    content, sign = (text.encode("utf-8", "replace") for text in (page.html, page.sign))
    for number in range(1, _MOST):
        more = f"_{number}" if number > 1 else ""
        place = folder / _NAME.format(language=page.progress.language, number=more)
        if _is_written(place, content, sign):
            return place
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def _is_written(place: Path, content: bytes, sign: bytes) -> bool:
    """Write where nothing stands or an earlier page does, and tell whether that was so."""
    if os.path.lexists(place) and not _begins_with(place, sign):
        return False
    write_whole(place, content)
    return True


def _begins_with(place: Path, sign: bytes) -> bool:
    if place.is_symlink() or not place.is_file():
        return False
    with place.open("rb") as file:
        return file.read(len(sign)) == sign
