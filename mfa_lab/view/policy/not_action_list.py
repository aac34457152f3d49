"""The NotAction list as it is edited: the editor's model, without any widget.

Every edit gives a new list and can be undone; no text that somebody typed is ever thrown away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mfa_lab.analysis.catalogue import Catalogue, aws_catalogue
from mfa_lab.iam.parsing.mistakes import Mistake, PolicyError
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.statement import Effect, Statement
from mfa_lab.text import say
from mfa_lab.text.spoken_error import SpokenLookupError

Entries = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotActionEntry:
    """One entry of the list, with what it means.

    Args:
        text: As it was typed.
        count: How many actions of AWS it matches.
        nearest: For an entry that matches none, the action with the nearest name, or None.
    """

    text: str
    count: int
    nearest: str | None = None

    @property
    def is_unknown(self) -> bool:
        """Whether it matches no action of AWS, which AWS accepts all the same."""
        return self.count == 0


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit did, for the line that says so.

    Args:
        code: Key of its sentence in the section `editor_status` of the text catalogue.
        entries: The entries that it was about.
        mistake: What is wrong with a pasted policy, or None.
    """

    code: str
    entries: Entries = ()
    mistake: Mistake | None = None


class NotActionList:
    """The NotAction list of one statement of a policy, with its history.

    Args:
        policy: The policy; it stays as it is.
        statement: Index or Sid of the statement; None for the first Deny with NotAction, or else
            the first statement with NotAction.
        catalogue: The actions; None for all of AWS's.

    Raises:
        SpokenLookupError: The policy has no such statement with NotAction.
    """

    def __init__(
        self,
        policy: Policy,
        statement: int | str | None = None,
        catalogue: Catalogue | None = None,
    ) -> None:
        self.start = policy
        self.catalogue = catalogue or aws_catalogue()
        self.statement = _statement_with_not_action(policy, statement)
        self.entries: Entries = self.statement.actions.patterns
        self._history: list[Entries] = []
        self._policy: tuple[Entries, Policy] | None = None

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._history)

    @property
    def is_at_start(self) -> bool:
        """Whether the list is as the starting policy has it."""
        return self.entries == self.statement.actions.patterns

    def count_of(self, text: str) -> int:
        """Count the actions of AWS that an entry matches."""
        return self.catalogue.matching(text).bit_count()

    def describe(self, text: str) -> NotActionEntry:
        """Tell what an entry means.

        Where it matches nothing, that takes some milliseconds: the nearest name is looked for.
        """
        count = self.count_of(text)
        return NotActionEntry(text, count, None if count else self.catalogue.nearest(text))

    def policy(self) -> Policy:
        """Return the policy with the list as it stands."""
        # Asked for several times after each edit.
        if self._policy is None or self._policy[0] != self.entries:
            document = _with_not_action(self.start, self.statement, self.entries)
            self._policy = self.entries, Policy.parse(document)
        return self._policy[1]

    def add(self, text: str) -> Edit:
        """Add what was typed or pasted: one action or pattern, a list of them, or a whole policy.

        Args:
            text: An entry; entries separated by commas, white space or lines, with or without
                quotation marks; a JSON list; or a policy, whose NotAction list takes the place
                of this one.

        Returns:
            What happened. The list is unchanged where the code is `malformed`, `nothing`,
            `already_there`, `no_list_in_policy` or `refused_policy`; the caller keeps the text
            then.
        """
        if text.lstrip().startswith("{"):
            return self._take_from(text)
        typed = _entries_in(text)
        if not typed:
            return Edit("nothing")
        malformed = tuple(entry for entry in typed if not self.is_well_formed(entry))
        if malformed:
            return Edit("malformed", malformed)
        known = {entry.lower() for entry in self.entries}
        new = tuple(entry for entry in typed if entry.lower() not in known)
        if not new:
            return Edit("already_there", typed)
        self._set((*self.entries, *new))
        return Edit("added", new)

    def remove(self, text: str) -> Edit:
        """Take an entry out; the last one stays, since AWS refuses an empty list."""
        if text not in self.entries:
            return Edit("not_there", (text,))
        if len(self.entries) == 1:
            return Edit("last_stays", (text,))
        self._set(tuple(entry for entry in self.entries if entry != text))
        return Edit("removed", (text,))

    def replace(self, entries: Iterable[str], code: str = "replaced") -> Edit:
        """Put a whole list in the place of this one, as a preset does.

        Args:
            entries: The list.
            code: That of the edit: key of its sentence.

        Raises:
            PolicyError: The policy would break a rule of the grammar.
        """
        new = tuple(dict.fromkeys(entries))
        Policy.parse(_with_not_action(self.start, self.statement, new))
        if new == self.entries:
            return Edit("as_before")
        self._set(new)
        return Edit(code, new)

    def undo(self) -> Edit:
        """Take the last edit back."""
        if not self._history:
            return Edit("nothing_to_undo")
        self.entries = self._history.pop()
        return Edit("undone")

    def reset(self) -> Edit:
        """Go back to the starting list; that can be undone too."""
        if self.is_at_start:
            return Edit("as_before")
        self._set(self.statement.actions.patterns)
        return Edit("reset", self.entries)

    def _set(self, entries: Entries) -> None:
        self._history.append(self.entries)
        self.entries = entries

    def _take_from(self, text: str) -> Edit:
        try:
            entries = not_action_of(Policy.parse(text))
        except PolicyError as error:
            return Edit("refused_policy", mistake=error.mistakes[0])
        except SpokenLookupError:
            return Edit("no_list_in_policy")
        return self.replace(entries, code="taken_from_policy")

    def is_well_formed(self, entry: str) -> bool:
        """Tell whether AWS would take an entry."""
        try:
            Policy.parse(_with_not_action(self.start, self.statement, (entry,)))
        except PolicyError:
            return False
        return True


def not_action_of(policy: Policy) -> Entries:
    """Return the NotAction list of the first statement that has one.

    Raises:
        SpokenLookupError: No statement has one.
    """
    return _statement_with_not_action(policy, None).actions.patterns


def _statement_with_not_action(policy: Policy, wanted: int | str | None) -> Statement:
    found = [
        statement
        for statement in policy.statements
        if statement.actions.negated
        and (wanted is None or wanted in (statement.index, statement.sid))
    ]
    if not found:
        key = "no_not_action" if wanted is None else "not_there"
        raise SpokenLookupError(say(f"editor_error.{key}", statement=wanted))
    return next((statement for statement in found if statement.effect is Effect.DENY), found[0])


def _with_not_action(policy: Policy, statement: Statement, entries: Entries) -> dict[str, Any]:
    """Return the policy's document with another NotAction list in one statement."""
    document = dict(policy.document)
    statements = document["Statement"]
    if isinstance(statements, Mapping):
        document["Statement"] = {**statements, "NotAction": list(entries)}
    else:
        document["Statement"] = [
            {**given, "NotAction": list(entries)} if index == statement.index else given
            for index, given in enumerate(statements)
        ]
    return document


_ELEMENT_NAME: Final = re.compile(r"""["']?\b(?:Not)?Action["']?\s*:""")
_AROUND_ENTRIES: Final = str.maketrans({mark: " " for mark in ",;[]\"'“”\n\r\t、，"})


def _entries_in(text: str) -> Entries:
    """Return the entries of a typed or pasted text, each once in whatever case, in order."""
    entries: dict[str, str] = {}
    listed = _ELEMENT_NAME.sub(" ", text)  # the lines of a policy may come with it
    for entry in listed.translate(_AROUND_ENTRIES).split():
        entries.setdefault(entry.lower(), entry)
    return tuple(entries.values())
