"""A bar on a terminal, beside the output, where work takes more than two seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import click

Advance = Callable[[int], None]

_STEPS: Final = 500  # to draw it more often would only cost time


@contextmanager
def progress(length: int, label: str, *, takes_long: bool) -> Iterator[Advance]:
    """Show a bar, and give what advances it; nothing shows where no terminal would show it.

    Args:
        length: How much there is to do.
        label: What stands before the bar.
        takes_long: Whether a bar is worth showing.
    """
    with click.progressbar(
        length=length,
        label=label,
        file=sys.stderr,
        hidden=not (takes_long and is_terminal()),
        update_min_steps=max(1, length // _STEPS),
    ) as bar:
        yield bar.update


def is_terminal() -> bool:
    """Tell whether standard error is a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()
