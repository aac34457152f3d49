"""`mfa-lab table`: the allow/deny table of a policy, or the difference of two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import click

from mfa_lab.analysis.catalogue import EMPTY
from mfa_lab.analysis.difference import difference
from mfa_lab.analysis.policy_account import named_account
from mfa_lab.analysis.requests.questions import Whose
from mfa_lab.analysis.table import (
    LESSON_ACTIONS,
    LESSON_KINDS,
    NoRequestError,
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
from mfa_lab.cli.table_data import TableData, csv_pieces, json_pieces
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
_OF_SEVERAL_VALUES: Final = frozenset({"--actions", "--credentials", "--resource", "--context"})
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_PARTITION: Final = re.compile(r"aws(?:-[a-z]+)*")
_ARN: Final = re.compile(r"arn:[^:]*:[^:]*:[^:]*:[^:]*:.+", re.DOTALL)
_KEY_AND_VALUE: Final = re.compile(r"([\w-]+:[^=]+)=(.*)", re.DOTALL | re.ASCII)
# What the columns, the user and the account say already.
_FIXED_KEYS: Final = frozenset(
    {
        "aws:multifactorauthpresent",
        "aws:username",
        "aws:userid",
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principaltype",
        "aws:viaawsservice",
    }
)


class TableCommand(LocalizedCommand):
    """The command, of whose options four take several values each."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        return super().parse_args(
            ctx, spread(args, {"--actions", "--credentials", "--resource", "--context"})
        )


@click.command("table", cls=TableCommand)
@click.argument("policy", metavar="POLICY.json")
@click.argument("other", metavar="[OTHER.json]", required=False)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text")
@click.option("--actions", multiple=True, metavar="PATTERN…")
@click.option("--credentials", multiple=True, metavar="KIND…")
@click.option("--user", metavar="NAME")
@click.option("--device-name", metavar="NAME")
@click.option("--another-user", is_flag=True)
@click.option("--account", metavar="DIGITS")
@click.option("--partition", metavar="NAME")
@click.option("--resource", "resources", multiple=True, metavar="ARN…")
@click.option("--context", multiple=True, metavar="KEY=VALUE…")
@click.option("--has-device", is_flag=True)
@click.option("--before-april-2023", is_flag=True)
@click.option("--witnesses", is_flag=True)
@language_option
def command(
    policy: str,
    other: str | None,
    form: str,
    actions: tuple[str, ...],
    account: str | None,
    partition: str | None,
    witnesses: bool,
    **options: Any,
) -> None:
    """Draw the table of a policy; of two policies, that of the second with what changed."""
    if policy == other == "-":
        raise Failure("standard_input_twice")
    language = current_language()
    given = [_read(path, language) for path in (policy, other) if path is not None]
    sets = [PolicySet(identity=[file.policy]) for file in given]
    shown = _listed(actions) or LESSON_ACTIONS
    named = named_account(one.policy for one in given)
    place = _account(account) or named.account, _partition(partition) or named.partition
    tabulator = _tabulator(shown, language, place, **options)
    rows = _rows(tabulator, shown)
    for file in given:
        _warn(file, language)
    output = Output()
    label = say("cli.table.progress", language, rows=f"{rows:,}")
    # Half of the work is to decide the rows, half to write them.
    with progress(2 * rows, label, takes_long=rows >= _MANY_ROWS) as advance:
        drawing = _drawing(tabulator, sets, language, witnesses)
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
    place: tuple[str | None, str | None],
    *,
    credentials: tuple[str, ...],
    user: str | None,
    device_name: str | None,
    another_user: bool,
    resources: tuple[str, ...],
    context: tuple[str, ...],
    has_device: bool,
    before_april_2023: bool,
) -> Tabulator:
    try:
        return Tabulator(
            actions,
            [_kind(name) for name in _listed(credentials)] or LESSON_KINDS,
            user=_in(_user(user), *place),
            whose=Whose.ANOTHER if another_user else Whose.OWN,
            device_name=None if device_name is None else _name(device_name, "--device-name"),
            resources=[_resource(one) for one in resources],
            context=_context(context),
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


def _in(user: User, account: str | None, partition: str | None) -> User:
    """Put a user in an account; None leaves the example's."""
    return replace(user, account=account or user.account, partition=partition or user.partition)


def _account(spelled: str | None) -> str | None:
    if spelled is not None and not _ACCOUNT.fullmatch(spelled):
        raise Failure("bad_account", account=spelled)
    return spelled


def _partition(spelled: str | None) -> str | None:
    if spelled is not None and not _PARTITION.fullmatch(spelled):
        raise Failure("bad_partition", partition=spelled)
    return spelled


def _resource(spelled: str) -> str:
    if spelled != "*" and not _ARN.fullmatch(spelled):
        raise Failure("bad_resource", resource=spelled)
    return spelled


def _context(spelled: Sequence[str]) -> dict[str, str | tuple[str, ...]]:
    """Read context keys with their values; a key that comes again has several values."""
    values: dict[str, tuple[str, ...]] = {}
    for one in spelled:
        found = _KEY_AND_VALUE.fullmatch(one)
        if found is None:
            raise Failure("bad_context", given=one)
        key, value = found.groups()
        if key.lower() in _FIXED_KEYS:
            raise Failure("fixed_context_key", key=key)
        values[key.lower()] = (*values.get(key.lower(), ()), value)
    return {key: found[0] if len(found) == 1 else found for key, found in values.items()}


def _name(spelled: str, option: str) -> str:
    if not _NAME.fullmatch(spelled):
        raise Failure("bad_name", option=option, name=spelled)
    return spelled


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """What is drawn: the table of the last policy, and the difference where there are two."""

    data: TableData

    def pieces(self, form: str, language: str, advance: Advance) -> Iterator[str]:
        """Yield the drawing piece by piece.

        Args:
            form: One of `FORMATS`.
            language: `en` or `ja`.
            advance: Is told the number of rows that are drawn, as it goes.
        """
        if form == "html":
            from mfa_lab.view.table_page import (
                table_page,  # here, since the others need no HTML
            )

            data = self.data
            yield table_page(data.table, language, data.difference, lambda: advance(1))
            return
        for piece in self._rows(form, language):
            yield piece
            advance(1)

    def _rows(self, form: str, language: str) -> Iterator[str]:
        """Yield a drawing that is made row by row, about a piece a row."""
        match form:
            case "json":
                return json_pieces(self.data)
            case "csv":
                return csv_pieces(self.data.table)
        return text_pieces(self.data, language)


def _drawing(
    tabulator: Tabulator, sets: list[PolicySet], language: str, has_all_witnesses: bool
) -> DrawnTable:
    start = sets[0] if len(sets) == 2 else None
    try:
        table = tabulator.table(sets[-1], start)
    except NoRequestError as error:
        raise Failure("no_request", mistake=error.sentence(language)) from None
    found = None if start is None else difference(tabulator, start, sets[-1])
    return DrawnTable(TableData(table, found, tabulator, has_all_witnesses))


def _rows(tabulator: Tabulator, actions: Iterable[str]) -> int:
    """Count the rows before they are made."""
    union = EMPTY
    for spelled in actions:
        union |= tabulator.catalogue.matching(spelled)
    return union.bit_count()
