"""Who may make the requests of a row that leaves the user free: names that policies tell apart."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from mfa_lab.analysis.requests.key_values import text_patterns
from mfa_lab.analysis.requests.request_parts import pattern_units, template_units, ties
from mfa_lab.analysis.requests.resource_names import USER_NAME
from mfa_lab.analysis.requests.rows import CallingPrincipal, Row, Target, fixed_principal
from mfa_lab.analysis.requests.text_classes import (
    Characters,
    Units,
    literal,
    remainders,
    run_of,
    text_classes,
    tied_values,
)
from mfa_lab.iam.condition.variables import Template
from mfa_lab.iam.credentials import CredentialsKind, Holder
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.statement import Statement

MOST_PRINCIPALS: Final = 300

_NAME: Final = run_of(Characters(frozenset(USER_NAME)))
_IS_NAME: Final = re.compile(f"[{re.escape(USER_NAME)}]+")
_IDS: Final = {Holder.USER: "AIDA", Holder.ROLE_SESSION: "AROA"}
_ID_END: Final = run_of(Characters(frozenset(string.ascii_uppercase + string.digits)), 12)
_ID_EXAMPLES: Final = {
    Holder.USER: "AIDAEXAMPLEALICE00001",
    Holder.ROLE_SESSION: "AROAEXAMPLEROLE000001",
}
_USERNAME: Final = "aws:username"
_NAMES: Final = ("alice", "bob", "carol")
_ROLES: Final = ("example-role", "another-role")
_PATHS: Final = ("/", "/example/")
_PATH: Final = re.compile(r"(?:user|role)(/[^:*?$]*/)")


@dataclass(frozen=True, slots=True)
class CallingPrincipals:
    """Principals that policies tell apart.

    Args:
        principals: One at least of each way in which policies can see them.
        is_complete: Whether there can be no others.
    """

    principals: tuple[CallingPrincipal, ...]
    is_complete: bool = True


def calling_principals(
    several: Sequence[PolicySet], kind: CredentialsKind, row: Row
) -> CallingPrincipals:
    """Return the principals who may make the requests of a row.

    Args:
        several: The policies that are to tell them apart.
        kind: With what credentials.
        row: Says who the user is, or leaves it free.
    """
    fixed = fixed_principal(row, kind)
    if fixed is not None:
        return CallingPrincipals((fixed,))
    action = row.action.name
    statements = [
        statement.statement
        for policies in several
        for attached in policies.attached
        for statement in attached.statements()
        if statement.statement.actions.matches(action)
    ]
    return _Names(statements, kind, row).principals()


@dataclass(slots=True)
class _Names:
    """The names of the principals of a kind, told apart by statements."""

    statements: Sequence[Statement]
    kind: CredentialsKind
    row: Row
    is_complete: bool = field(default=True, init=False)

    def principals(self) -> CallingPrincipals:
        holder = self.kind.holder
        roles = self._roles() if holder is Holder.ROLE_SESSION else _ROLES[:1]
        paths = self._paths() if holder is Holder.USER else _PATHS[:1]
        named = list(self._ids_and_names(paths, roles))
        ids = dict.fromkeys([*(one for one, _ in named), *self._fixed_ids()])
        names = dict.fromkeys([*(one for _, one in named), *self._fixed_names()])
        found = [
            CallingPrincipal(
                self.kind, name, path, self.row.account, self.row.partition, unique_id, role
            )
            for role, path, name, unique_id in product(roles, paths, names, ids)
        ]
        self.is_complete &= len(found) <= MOST_PRINCIPALS
        return CallingPrincipals(tuple(found[:MOST_PRINCIPALS]), self.is_complete)

    def _fixed_text(self, key: str) -> str:
        value = self.row.fixed_context.get(key)
        return value if isinstance(value, str) else ""

    def _fixed_ids(self) -> Iterator[str]:
        """Return the unique id that the row fixes."""
        unique_id = self._fixed_text("aws:userid").partition(":")[0]
        if self.kind.holder in _IDS and unique_id:
            yield unique_id

    def _fixed_names(self) -> Iterator[str]:
        """Return the names that the row fixes."""
        holder = self.kind.holder
        texts = [self._fixed_text(_USERNAME), self._fixed_text("aws:userid").partition(":")[2]]
        if holder is not Holder.ROLE_SESSION:
            texts.append(self._fixed_text("aws:principalarn").rpartition("/")[2])
        yield from (text for text in texts if _IS_NAME.fullmatch(text))

    def _on(self, key: str) -> Iterator[tuple[Units, ...]]:
        """Return the patterns of the tests on a key, a group a test."""
        for statement in self.statements:
            for test in statement.conditions:
                if test.key == key:
                    yield text_patterns(test, {})

    def _entries(self) -> Iterator[tuple[Units, ...]]:
        """Return the ARNs that elements of principals name."""
        for statement in self.statements:
            if statement.principals is not None:
                yield from ((literal(entry.value),) for entry in statement.principals.entries)

    def _arn(self, service: str, last: str) -> str:
        return f"arn:{self.row.partition}:{service}::{self.row.account}:{last}"

    def _paths(self) -> tuple[str, ...]:
        found = dict.fromkeys(_PATHS)
        for text in (*self._texts(), self._fixed_text("aws:principalarn")):
            found.update((one, None) for one in _PATH.findall(text))
        return tuple(found)

    def _texts(self) -> Iterator[str]:
        """Return everything that is compared with an ARN."""
        for statement in self.statements:
            if statement.resources is not None:
                yield from statement.resources.spelled
            for test in statement.conditions:
                yield from test.spelled_values
            if statement.principals is not None:
                yield from (entry.value for entry in statement.principals.entries)

    def _roles(self) -> tuple[str, ...]:
        groups = [*self._on("aws:principalarn"), *self._entries()]
        roles = self._told_apart(groups, [self._arn("iam", "role/")], _ROLES)
        roles.append(self._fixed_text("aws:principalarn").rpartition("/")[2])
        beginning = self._arn("sts", "assumed-role/")
        for statement in self.statements:
            for entry in statement.principals.entries if statement.principals else ():
                if entry.value.startswith(beginning):
                    roles.append(entry.value.removeprefix(beginning).split("/")[0])
        return tuple(dict.fromkeys(role for role in roles if _IS_NAME.fullmatch(role)))

    def _told_apart(
        self,
        groups: Iterable[tuple[Units, ...]],
        beginnings: Iterable[str],
        examples: tuple[str, ...],
    ) -> list[str]:
        """Return names that patterns tell apart behind some beginnings."""
        asked = dict.fromkeys(
            tuple(rest for units in group for rest in remainders(units, beginning))
            for group in groups
            for beginning in beginnings
        )
        told = tuple(group for group in asked if group)
        found = text_classes(_NAME, told, examples)
        self.is_complete &= found.is_complete
        return [one.text for one in found.classes]

    def _ids_and_names(
        self, paths: Sequence[str], roles: Sequence[str]
    ) -> Iterator[tuple[str, str]]:
        holder = self.kind.holder
        names = self._names(paths, roles)
        if holder is Holder.FEDERATED_USER:
            yield from (("", name) for name in names)
            return
        beginning, example = literal(_IDS[holder]), _ID_EXAMPLES[holder]
        groups = tuple(self._on("aws:userid"))
        if holder is Holder.USER:
            found = text_classes((*beginning, *_ID_END), groups, (example,))
            yield from ((one.text, name) for one in found.classes for name in names)
        else:
            language = (*beginning, *_ID_END, *literal(":"), *_NAME)
            found = text_classes(language, groups, (f"{example}:{names[0]}",))
            yield from ((example, name) for name in names)
            for one in found.classes:
                unique_id, _, name = one.text.partition(":")
                yield unique_id, name
        self.is_complete &= found.is_complete

    def _names(self, paths: Sequence[str], roles: Sequence[str]) -> list[str]:
        holder = self.kind.holder
        own = [self._arn("iam", f"user{path}") for path in paths]
        if self.row.target in (Target.OWN_DEVICE, Target.DEVICE_OF_ANOTHER_NAME):
            own.append(self._arn("iam", "mfa/"))
        groups = [*self._on_resources(), *self._entries()]
        match holder:
            case Holder.USER:
                groups += self._on("aws:principalarn")
            case Holder.ROLE_SESSION:
                own += [self._arn("sts", f"assumed-role/{role}/") for role in roles]
            case Holder.FEDERATED_USER:
                own.append(self._arn("sts", "federated-user/"))
                groups += self._on("aws:principalarn")
        of_arns = self._told_apart(groups, own, _NAMES)
        of_name = self._told_apart(self._on(_USERNAME), [""], _NAMES)
        of_id = []
        if holder is Holder.FEDERATED_USER:
            of_id = self._told_apart(self._on("aws:userid"), [f"{self.row.account}:"], _NAMES)
        both = self._told_apart([*groups, *((*one,) for one in self._behind(own))], own, _NAMES)
        met = [one for one in self._met() if _IS_NAME.fullmatch(one)]
        return list(dict.fromkeys([*of_arns, *of_name, *of_id, *both, *met, *_NAMES[:2]]))

    def _behind(self, beginnings: Iterable[str]) -> Iterator[tuple[Units, ...]]:
        """Return the patterns of names, as patterns of ARNs that end in the name."""
        for group in self._on(_USERNAME):
            for beginning in beginnings:
                yield tuple((*literal(beginning), *units) for units in group)

    def _on_resources(self) -> Iterator[tuple[Units, ...]]:
        for statement in self.statements:
            if statement.resources is None:
                continue
            units = (pattern_units(pattern, {}) for pattern in statement.resources.patterns)
            yield tuple(unit for unit in units if unit is not None)

    def _met(self) -> Iterator[str]:
        """Return names that tell apart what a text with the name in it is compared with."""
        if self.kind.holder is not Holder.USER:
            return
        lasts = [
            pattern.last
            for statement in self.statements
            if statement.resources is not None
            for pattern in statement.resources.patterns
            if pattern.leading
        ]
        found = list(ties(_USERNAME, lasts, tuple(dict.fromkeys(map(template_units, lasts)))))
        by_key: dict[str, list[Template]] = {}
        for statement in self.statements:
            for test in statement.conditions:
                by_key.setdefault(test.key, []).extend(test.wanted)
        for wanted in by_key.values():
            found += ties(_USERNAME, wanted, tuple(dict.fromkeys(map(template_units, wanted))))
        if found:
            groups = tuple(one for one in self._on(_USERNAME) if one)
            values = tied_values(_NAME, groups, tuple(found), _NAMES)
            self.is_complete &= values.is_complete
            yield from (one.text for one in values.classes)
