"""The structures in a list of a call's parameters: a client may put null, or anything, in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def structures(value: Any) -> Iterator[Mapping[str, Any]]:
    """Give the elements of a list that are structures; none of what is no list."""
    for one in value if isinstance(value, list) else ():
        if isinstance(one, Mapping):
            yield one
