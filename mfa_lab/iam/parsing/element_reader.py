"""Reading what any element may hold, texts, lists of texts and objects, and noting mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mfa_lab.iam.parsing.locations import pointer_to
from mfa_lab.iam.parsing.mistakes import Mistake
from mfa_lab.text.nearest_name import half_width, nearest_name
from mfa_lab.text.shown_value import quoted, shown, type_name

JsonObject = Mapping[str, Any]

# Looking for the nearest name takes up to milliseconds, and nobody reads a hundred of them.
_MOST_SUGGESTIONS: Final = 20


class ElementReader:
    """Reads what any element of a document may hold, and collects the mistakes.

    Attributes:
        mistakes: What was found wrong so far.
    """

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self._suggestions = 0
        self._misspelled: set[tuple[str, str]] = set()

    def note(self, code: str, pointer: str, **values: object) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake(code, pointer, values))

    def suggestion(self, name: str, known: tuple[str, ...]) -> str:
        """Return the known name that a mistyped one is most similar to; empty where none is."""
        self._suggestions += 1
        if self._suggestions > _MOST_SUGGESTIONS:
            return ""
        return nearest_name(half_width(name), known) or ""

    def unknown_element(self, name: str, known: tuple[str, ...], parent: str) -> None:
        """Note an element that does not exist, and remember which one was probably meant."""
        suggestion = self.suggestion(name, known)
        if suggestion:
            self._misspelled.add((parent, suggestion))
        self.note(
            "unknown_element",
            pointer_to(parent, name),
            name=shown(name),
            known=", ".join(known),
            suggestion=suggestion,
        )

    def is_missing(self, members: JsonObject, parent: str, *names: str) -> bool:
        """Tell whether all of some elements are missing, misspelled ones not counted as missing.

        A misspelled one is noted as such; that it is missing would be the same mistake again.
        """
        return not any(name in members or (parent, name) in self._misspelled for name in names)

    def element_or_negation(self, members: JsonObject, pointer: str, name: str) -> tuple[str, bool]:
        """Return which of `name` and its Not form a statement has, and whether that is Not."""
        negation = f"Not{name}"
        if name in members and negation in members:
            where = pointer_to(pointer, negation)
            self.note("both_forms", where, name=name, negation=negation)
        elif self.is_missing(members, pointer, name, negation):
            self.note("neither_form", pointer, name=name, negation=negation)
        return (name, False) if name in members else (negation, True)

    def listed(
        self, members: JsonObject, name: str, pointer: str, empty_code: str
    ) -> Iterator[tuple[str, str]]:
        """Yield pointer and text of each item of an element that is one text or a list of texts."""
        if name not in members:
            return
        pointer = pointer_to(pointer, name)
        items = members[name]
        if isinstance(items, (list, tuple)):
            if not items:
                self.note(empty_code, pointer, name=name)
            places = [(pointer_to(pointer, index), item) for index, item in enumerate(items)]
        else:
            places = [(pointer, items)]
        for where, item in places:
            if isinstance(item, str):
                yield where, item
            else:
                self.note("not_text", where, type=type_name(item))

    def text(self, value: object, pointer: str) -> str:
        """Return a value that must be text; empty text where it is not."""
        if isinstance(value, str):
            return value
        self.note("not_text", pointer, type=type_name(value))
        return ""

    def members(self, value: object, pointer: str, code: str) -> Iterator[tuple[str, Any]]:
        """Yield the names and values of what must be an object; none where it is not."""
        if not isinstance(value, Mapping):
            self.note(code, pointer, type=type_name(value))
            return
        for name, member in value.items():
            if isinstance(name, str):
                yield name, member
            else:
                self.name_not_text(name, pointer)

    def name_not_text(self, name: object, parent: str) -> None:
        """Note a name that is no text, which a mapping in Python may have and JSON may not."""
        pointer = pointer_to(parent, str(name))
        self.note("name_not_text", pointer, name=quoted(name), type=type_name(name))
