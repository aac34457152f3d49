"""`mfa-lab table`: the allow/deny table of a policy, or the difference of two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import click

from mfa_lab.analysis.catalogue import EMPTY
from mfa_lab.analysis.difference import Difference, difference
from mfa_lab.analysis.requests.questions import Whose
from mfa_lab.analysis.table import (
    LESSON_ACTIONS,
    LESSON_KINDS,
    Table,
    Tabulator,
    UnknownActionError,
)
from mfa_lab.analysis.warnings import warnings_of
from mfa_lab.cli.failure import Failure, unknown_name
from mfa_lab.cli.language import current_language, language_option
from mfa_lab.cli.localized_help import LocalizedCommand
from mfa_lab.cli.multiple_values import spread
from mfa_lab.cli.progress_bar import Advance, progress
from mfa_lab.cli.streams import Output, tell, text_of
from mfa_lab.cli.table_data import csv_pieces, json_pieces
from mfa_lab.cli.table_text import text_pieces
from mfa_lab.iam.credentials import KINDS, CredentialsKind, User
from mfa_lab.iam.parsing.mistakes import PolicyError, describe_mistakes
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.text import say

FORMATS: Final = ("text", "json", "csv", "html")

# So many rows take more than two seconds.
_MANY_ROWS: Final = 5_000
_MOST_WARNINGS: Final = 5
_NAME: Final = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_PATH: Final = re.compile(r"/(?:[!-.0-~]+/)*")


class TableCommand(LocalizedCommand):
    """The command, whose --actions and --credentials take several values each."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        return super().parse_args(ctx, spread(args, {"--actions", "--credentials"}))


@click.command("table", cls=TableCommand)
@click.argument("policy", metavar="POLICY.json")
@click.argument("other", metavar="[OTHER.json]", required=False)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text")
@click.option("--actions", multiple=True, metavar="PATTERN…")
@click.option("--credentials", multiple=True, metavar="KIND…")
@click.option("--user", metavar="NAME")
@click.option("--device-name", metavar="NAME")
@click.option("--another-user", is_flag=True)
@click.option("--has-device", is_flag=True)
@click.option("--before-april-2023", is_flag=True)
@language_option
def command(
    policy: str, other: str | None, form: str, actions: tuple[str, ...], **options: Any
) -> None:
    """Draw the table of a policy; of two policies, that of the second with what changed."""
    if policy == other == "-":
        raise Failure("standard_input_twice")
    language = current_language()
    given = [_read(path, language) for path in (policy, other) if path is not None]
    sets = [PolicySet(identity=[file.policy]) for file in given]
    shown = _listed(actions) or LESSON_ACTIONS
    tabulator = _tabulator(shown, language, **options)
    rows = _rows(tabulator, shown)
    for file in given:
        _warn(file, language)
    output = Output()
    label = say("cli.table.progress", language, rows=f"{rows:,}")
    # Half of the work is to decide the rows, half to write them.
    with progress(2 * rows, label, takes_long=rows >= _MANY_ROWS) as advance:
        drawing = _drawing(tabulator, sets)
        advance(rows)
        for piece in drawing.pieces(form, language, advance):
            output.send(piece)


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy as it was given: its file, the text in it, and what it says."""

    path: str
    text: str
    policy: Policy


def _read(path: str, language: str) -> PolicyFile:
    text = text_of(path)
    try:
        return PolicyFile(path, text, Policy.parse(text))
    except PolicyError as error:
        mistakes = describe_mistakes(error.mistakes, language, between=" ")
        raise Failure("bad_policy", path=path, mistake=mistakes) from None


def _warn(given: PolicyFile, language: str) -> None:
    """Say on standard error what AWS accepts in a policy and nobody means."""
    warnings = warnings_of(given.policy, given.text)
    for warning in warnings[:_MOST_WARNINGS]:
        sentence = warning.located_sentence(language)
        tell(say("cli.table.warning", language, path=given.path, sentence=sentence))
    more = len(warnings) - _MOST_WARNINGS
    if more > 0:
        tell(say("cli.table.more_warnings", language, path=given.path, count=more))


def _tabulator(
    actions: Sequence[str],
    language: str,
    *,
    credentials: tuple[str, ...],
    user: str | None,
    device_name: str | None,
    another_user: bool,
    has_device: bool,
    before_april_2023: bool,
) -> Tabulator:
    try:
        return Tabulator(
            actions,
            [_kind(name) for name in _listed(credentials)] or LESSON_KINDS,
            user=_user(user),
            whose=Whose.ANOTHER if another_user else Whose.OWN,
            device_name=None if device_name is None else _name(device_name, "--device-name"),
            rules=ServiceRules(has_device, own_devices_need_mfa=not before_april_2023),
        )
    except UnknownActionError as error:
        raise Failure("unknown_action", mistake=error.sentence(language)) from None


def _listed(values: Sequence[str]) -> list[str]:
    """Return the values one by one; commas and spaces may part them too."""
    listed = [part for value in values for part in re.split(r"[,\s]+", value) if part]
    return listed or list(values)


def _kind(name: str) -> CredentialsKind:
    if name not in KINDS:
        raise unknown_name("unknown_credentials", name, tuple(KINDS))
    return KINDS[name]


def _user(spelled: str | None) -> User:
    """Read a user's name, which may have its path before it: `/dev/alice`."""
    if spelled is None:
        return User()
    path, _, name = spelled.rpartition("/")
    path = f"/{path.strip('/')}/".replace("//", "/")
    if not _PATH.fullmatch(path):
        raise Failure("bad_name", option="--user", name=spelled)
    return User(_name(name, "--user"), path)


def _name(spelled: str, option: str) -> str:
    if not _NAME.fullmatch(spelled):
        raise Failure("bad_name", option=option, name=spelled)
    return spelled


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """What is drawn: the table of the last policy, and the difference where there are two."""

    table: Table
    difference: Difference | None

    def pieces(self, form: str, language: str, advance: Advance) -> Iterator[str]:
        """Return the drawing piece by piece.

        Args:
            form: One of `FORMATS`.
            language: `en` or `ja`.
            advance: Is told the number of rows that are drawn, as it goes.
        """
        if form == "html":
            from mfa_lab.view.table_page import (
                table_page,  # here, since the others need no HTML
            )

            yield table_page(self.table, language, self.difference, lambda: advance(1))
            return
        for piece in self._rows(form, language):
            yield piece
            advance(1)

    def _rows(self, form: str, language: str) -> Iterator[str]:
        """Return a drawing that is made row by row, about a piece a row."""
        match form:
            case "json":
                return json_pieces(self.table, self.difference)
            case "csv":
                return csv_pieces(self.table)
        return text_pieces(self.table, self.difference, language)


def _drawing(tabulator: Tabulator, sets: list[PolicySet]) -> DrawnTable:
    if len(sets) == 1:
        return DrawnTable(tabulator.table(sets[0]), None)
    before, after = sets
    return DrawnTable(tabulator.table(after, before), difference(tabulator, before, after))


def _rows(tabulator: Tabulator, actions: Iterable[str]) -> int:
    """Count the rows before they are made."""
    union = EMPTY
    for spelled in actions:
        union |= tabulator.catalogue.matching(spelled)
    return union.bit_count()
