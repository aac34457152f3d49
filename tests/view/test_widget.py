"""Every widget has the script and style beside its module, and a picture where none can run."""

from __future__ import annotations

from pathlib import Path

import pytest
import traitlets

from mfa_lab.view.account.console_view import ConsoleView
from mfa_lab.view.account.phone_view import PhoneView
from mfa_lab.view.course.guess_form import GuessForm
from mfa_lab.view.html import style
from mfa_lab.view.policy.not_action_editor import NotActionEditor
from mfa_lab.view.table.decision_table import DecisionTable
from mfa_lab.view.widget import Widget

VIEW = Path(__file__).parents[2] / "mfa_lab" / "view"


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """A module's file, with a script and a style sheet beside it."""
    (tmp_path / "bell.js").write_text("export default {};", "utf-8")
    (tmp_path / "bell.css").write_text(".mfa-lab-bell { color: red; }", "utf-8")
    return tmp_path / "bell.py"


def bell(module: Path) -> Widget:
    class Bell(Widget, beside=str(module)):
        rings = traitlets.Int(3).tag(sync=True)

        def fragment(self) -> str:
            return f'<p class="mfa-lab">{self.rings} rings</p>'

        def __repr__(self) -> str:
            return f"{self.rings} rings"

    return Bell()


def test_script_and_style_are_those_beside_the_module(module: Path) -> None:
    widget = bell(module)
    assert widget._esm == "export default {};"
    assert widget._css == style() + ".mfa-lab-bell { color: red; }"


def test_a_style_sheet_may_be_missing_and_a_script_may_not(module: Path) -> None:
    module.with_suffix(".css").unlink()
    assert bell(module)._css == style()
    module.with_suffix(".js").unlink()
    with pytest.raises(FileNotFoundError, match=r"bell\.js"):
        bell(module)


def test_beside_the_live_view_stand_the_html_and_a_text_without_an_address(module: Path) -> None:
    widget = bell(module)
    data, _ = widget._repr_mimebundle_()
    assert data["text/plain"] == "3 rings"
    assert data["text/html"].endswith('<p class="mfa-lab">3 rings</p>')
    assert data["text/html"].startswith("<style>")
    assert "application/vnd.jupyter.widget-view+json" in data


@pytest.mark.parametrize(
    "widget", [ConsoleView, DecisionTable, GuessForm, NotActionEditor, PhoneView]
)
def test_each_widget_of_the_library_has_its_own_script(widget: type[Widget]) -> None:
    file = VIEW.joinpath(*widget.__module__.split(".")[2:]).with_suffix(".js")
    assert widget._esm == file.read_text("utf-8")
