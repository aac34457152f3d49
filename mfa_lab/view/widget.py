"""What every widget has: its script, its style, and a picture of itself where none can run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget

from mfa_lab.view.html import static, style


class ShownAsHtml:
    """A widget that gives its HTML beside its live view, and a text without an address.

    The HTML is what a page shows where no widget can run: a static site, a code host, a test.
    """

    def fragment(self) -> str:
        """Return the widget as it stands, as HTML without style."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = super()._repr_mimebundle_(**options)  # type: ignore[misc]  # a widget is beside it
        # anywidget gives data and metadata, ipywidgets the data alone.
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        html = static(self.fragment())
        return {**data, "text/plain": repr(self), "text/html": html}, metadata


class Widget(ShownAsHtml, anywidget.AnyWidget):
    """A widget whose script stands beside its module, under the same name.

    A style sheet of that name, where there is one, is added to the library's own.

    Args:
        beside: The module's file, as in `class PhoneView(Widget, beside=__file__)`.
    """

    def __init_subclass__(cls, beside: str = "", **options: Any) -> None:
        if beside:  # traitlets makes classes from this one, which keep its script
            script, sheet = Path(beside).with_suffix(".js"), Path(beside).with_suffix(".css")
            cls._esm = script.read_text("utf-8")
            cls._css = style() + (sheet.read_text("utf-8") if sheet.is_file() else "")
        super().__init_subclass__(**options)
