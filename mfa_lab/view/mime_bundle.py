"""What a widget gives a notebook beside its live view: its HTML, and a text."""

from __future__ import annotations

from typing import Any

from mfa_lab.view.html import static


def with_html(bundle: Any, fragment: str, text: str) -> Any:
    """Give a widget's mime bundle with its HTML face and a text without an address.

    The HTML is what a page shows where no widget can run: a static site, a code host, a test.

    Args:
        bundle: As anywidget makes it: the data, or data and metadata; None where there is none.
        fragment: HTML of the library, without style.
        text: What stands for the widget where no HTML is shown.
    """
    if bundle is None:
        return None
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    return {**data, "text/plain": text, "text/html": static(fragment)}, metadata
