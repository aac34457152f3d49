"""The NotAction editor as a widget, and the editor with the table that answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, Final

import ipywidgets
import traitlets

from mfa_lab.analysis.catalogue import MOST_SUGGESTIONS, ActionSet
from mfa_lab.analysis.difference import Difference, changed_actions, difference
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.text import joined, say
from mfa_lab.view.html import render
from mfa_lab.view.policy.not_action_list import Edit, NotActionEntry, NotActionList
from mfa_lab.view.table.decision_table import DecisionTable
from mfa_lab.view.widget import ShownAsHtml, Widget

_MOST_NOTES: Final = 5

_LABELS: Final = (
    "start_typing",
    "example",
    "add",
    "remove",
    "undo",
    "reset",
    "copy",
    "copied",
    "not_copied",
    "presets",
    "suggestions",
    "keys",
    "unknown",
)


class NotActionEditor(Widget, beside=__file__):
    """An editor of the NotAction list of a policy.

    Args:
        entries: The list to edit.
        language: `en` or `ja`.
        presets: Lists by the name that their button carries.
        on_change: Called after each edit that changed the list; what it returns is added to the
            status line.
    """

    labels: traitlets.Dict[str, str] = traitlets.Dict().tag(sync=True)
    chips: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    preset_names: traitlets.List[str] = traitlets.List().tag(sync=True)
    status = traitlets.Unicode("").tag(sync=True)
    is_refused = traitlets.Bool(False).tag(sync=True)
    can_undo = traitlets.Bool(False).tag(sync=True)
    is_at_start = traitlets.Bool(True).tag(sync=True)
    policy_text = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        entries: NotActionList,
        language: str = "en",
        presets: Mapping[str, tuple[str, ...]] | None = None,
        on_change: Callable[[], str] = str,
    ) -> None:
        self.entries, self.language = entries, language
        self._presets, self._on_change = dict(presets or {}), on_change
        super().__init__(
            labels={name: say(f"editor.{name}", language) for name in _LABELS}
            | {"heading": say(f"editor.heading_{entries.statement.effect.lower()}", language)},
            preset_names=list(self._presets),
        )
        self._show()
        self.on_msg(self._receive)

    def add(self, text: str) -> Edit:
        """Add what was typed or pasted; see `NotActionList.add`.

        The name of an action alone means the first suggestion that has this name.
        """
        return self._edited(self.entries.add(self._meant(text)))

    def _meant(self, typed: str) -> str:
        name = typed.strip().lower()
        if name.isalnum():
            for suggestion in self.suggestions(name)[:1]:
                if suggestion["text"].lower().endswith(f":{name}"):
                    return str(suggestion["text"])
        return typed

    def remove(self, text: str) -> Edit:
        """Take an entry out."""
        return self._edited(self.entries.remove(text))

    def undo(self) -> Edit:
        """Take the last edit back."""
        return self._edited(self.entries.undo())

    def reset(self) -> Edit:
        """Go back to the starting list."""
        return self._edited(self.entries.reset())

    def use_preset(self, name: str) -> Edit:
        """Put a preset's list in the place of this one.

        Args:
            name: What its button carries.

        Raises:
            KeyError: There is no preset of that name.
        """
        return self._edited(self.entries.replace(self._presets[name], code="preset"))

    def suggestions(self, typed: str) -> list[dict[str, Any]]:
        """Return what the typed text may mean, at most 20, each with what it is.

        A pattern comes first itself, with how many actions it matches.

        Args:
            typed: The text in the field.
        """
        catalogue = self.entries.catalogue
        found = [
            {"text": name, "note": catalogue[name].access_level}
            for name in catalogue.suggestions(typed)
        ]
        pattern = typed.strip()
        if _is_pattern(pattern) and self.entries.is_well_formed(pattern):
            count = catalogue.matching(pattern).bit_count()
            note = self._say("editor.matches", count=count)
            found = [{"text": pattern, "note": note}, *found][:MOST_SUGGESTIONS]
        listed = {entry.lower() for entry in self.entries.entries}
        return [
            {**suggestion, "listed": suggestion["text"].lower() in listed} for suggestion in found
        ]

    def _say(self, key: str, /, **values: object) -> str:
        return say(key, self.language, **values)

    def _edited(self, edit: Edit) -> Edit:
        was_refused = edit.code in _REFUSALS
        with self.hold_sync():
            sentence = self._say(
                f"editor_status.{edit.code}",
                count=len(edit.entries),
                entries=self._say("trace.comma").join(edit.entries),
                mistake=edit.mistake and edit.mistake.located_sentence(self.language),
            )
            notes = self._warnings(edit.entries) if edit.code == "added" else []
            effect = "" if edit.code in _WITHOUT_EFFECT else self._on_change()
            self.status = joined(filter(None, [sentence, *notes, effect]), self.language)
            self.is_refused = was_refused
            self._show()
        return edit

    def _warnings(self, entries: Iterable[str]) -> list[str]:
        """Say what entries match, where that is not plain from their text: of five, and a count."""
        noted = [text for text in entries if _is_pattern(text) or not self.entries.count_of(text)]
        told = [self._warning(self.entries.describe(text)) for text in noted[:_MOST_NOTES]]
        more = len(noted) - len(told)
        return [*told, self._say("editor.more_notes", count=more)] if more else told

    def _warning(self, entry: NotActionEntry) -> str:
        if entry.is_unknown:
            code = "editor.matches_none" if entry.nearest is None else "editor.matches_none_nearest"
            size = f"{len(self.entries.catalogue):,}"
            return self._say(code, entry=entry.text, size=size, nearest=entry.nearest)
        return self._say("editor.entry_matches", entry=entry.text, count=entry.count)

    def _show(self) -> None:
        self.chips = list(map(self._chip, self.entries.entries))
        self.can_undo = self.entries.can_undo
        self.is_at_start = self.entries.is_at_start
        self.policy_text = self.entries.policy().to_json()

    def _chip(self, text: str) -> dict[str, Any]:
        count = self.entries.count_of(text)
        return {
            "text": text,
            "note": self._note(text, count),
            "unknown": count == 0,
            "added": text not in self.entries.statement.actions.patterns,
            "remove": self._say("editor.remove_entry", entry=text),
        }

    def _note(self, text: str, count: int) -> str:
        if count == 0:
            return self._say("editor.unknown")
        return self._say("editor.matches", count=count) if _is_pattern(text) else ""

    def _receive(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        match content:
            case {"do": "suggest", "text": str(text), "number": int(number)}:
                self.send({"suggestions": self.suggestions(text), "number": number})
            case {"do": "add", "text": str(text)}:
                edit = self.add(text)
                self.send({"done": edit.code, "kept": text if self.is_refused else ""})
            case {"do": "remove", "text": str(text)}:
                self.remove(text)
            case {"do": "undo"}:
                self.undo()
            case {"do": "reset"}:
                self.reset()
            case {"do": "preset", "name": str(name)} if name in self._presets:
                self.use_preset(name)

    def __repr__(self) -> str:
        return f"<NotAction list of {len(self.entries.entries)} entries>"

    def fragment(self) -> str:
        """Return the list as it stands as HTML without style."""
        heading = self.labels["heading"]
        return render("policy/not_action_editor", self.language, heading=heading, chips=self.chips)


def _is_pattern(text: str) -> bool:
    return "*" in text or "?" in text


_REFUSALS: Final = frozenset(
    {
        "malformed",
        "nothing",
        "not_there",
        "already_there",
        "no_list_in_policy",
        "refused_policy",
        "last_stays",
    }
)
_WITHOUT_EFFECT: Final = _REFUSALS | {"nothing_to_undo", "as_before"}


class NotActionWorkbench(ShownAsHtml, ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets is untyped
    """The editor with the table that answers each edit, over the whole catalogue.

    Args:
        policy: The policy whose NotAction list is edited.
        language: `en` or `ja`.
        statement: Index or Sid of the statement; None as in `NotActionList`.
        others: Policies that are attached besides and stay as they are.
        presets: Lists by the name that their button carries.
        tabulator: Rows, columns and rules; None for the lesson's.
        caption: Title of the table, or None for the usual one.
    """

    def __init__(
        self,
        policy: Policy,
        language: str = "en",
        *,
        statement: int | str | None = None,
        others: tuple[Policy, ...] = (),
        presets: Mapping[str, tuple[str, ...]] | None = None,
        tabulator: Tabulator | None = None,
        caption: str | None = None,
    ) -> None:
        self.language = language
        self.tabulator = tabulator or Tabulator()
        self._everyone = self.tabulator.for_all_kinds()
        self._others = others
        self.entries = NotActionList(policy, statement, catalogue=self.tabulator.catalogue)
        self.start = PolicySet(identity=(policy, *others))
        self.table = DecisionTable(self.tabulator.table(self.start), language, caption)
        self.editor = NotActionEditor(self.entries, language, presets, self._answer)
        super().__init__([self.editor, self.table])
        self.add_class("mfa-lab-workbench")

    @property
    def policies(self) -> PolicySet:
        """The policies as they stand."""
        return PolicySet(identity=(self.entries.policy(), *self._others))

    def difference(self) -> Difference:
        """Return what changes against the start for the table's columns, in the whole catalogue."""
        return difference(self.tabulator, self.start, self.policies)

    def _answer(self) -> str:
        policies = self.policies
        self.table.show(self.tabulator.table(policies, self.start))
        return self._summary(changed_actions(self._everyone, self.start, policies))

    def _summary(self, changed: ActionSet) -> str:
        """Say what changes against the start, in one sentence.

        It says of the rest that it changes for nobody, so it is about all kinds of credentials,
        not only the table's.
        """
        if not changed:
            return say("editor_status.same_as_start", self.language)
        catalogue, count = self.tabulator.catalogue, changed.bit_count()
        named = [action.name for action in islice(catalogue.members(changed), _MOST_NAMED)]
        return say(
            "editor_status.changes",
            self.language,
            count=count,
            actions=say("trace.comma", self.language).join(named)
            + ("…" if count > len(named) else ""),
            unchanged=f"{len(catalogue) - count:,}",
        )

    def __repr__(self) -> str:
        return f"{self.editor!r} with {self.table!r}"

    def fragment(self) -> str:
        """Return list and table as they stand, as HTML without style."""
        return self.editor.fragment() + self.table.fragment()


_MOST_NAMED: Final = 4
