"""Long answers, which AWS gives a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mfa_lab.account.call.fault import Fault

_LENGTH: Final = 100


def page_of(items: Sequence[Any], name: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Give the page of some items that a call asks for.

    Args:
        items: All of them.
        name: What the answer calls them, such as `VirtualMFADevices`.
        parameters: Of the call: `Marker` and `MaxItems`.

    Raises:
        Fault: The marker is none that an answer gave.
    """
    marker = str(parameters.get("Marker") or "0")
    if not marker.isdecimal() or int(marker) > len(items):
        raise Fault("ValidationError", "Invalid Marker.", 400)
    end = int(marker) + int(parameters.get("MaxItems") or _LENGTH)
    page = {name: list(items[int(marker) : end]), "IsTruncated": end < len(items)}
    return {**page, "Marker": str(end)} if end < len(items) else page
