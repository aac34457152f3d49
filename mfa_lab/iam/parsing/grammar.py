"""From the JSON values of a policy document to statements, noting every mistake on the way.

Each element has a module of its own: actions, resources, conditions, principals.

Source: IAM User Guide, "Grammar of the IAM JSON policy language", "IAM and AWS STS quotas";
Organizations User Guide, "SCP syntax", "RCP syntax" and "Quotas for AWS Organizations".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from mfa_lab.iam.condition.operators import operator_named
from mfa_lab.iam.parsing.actions import read_actions
from mfa_lab.iam.parsing.conditions import read_conditions
from mfa_lab.iam.parsing.element_reader import ElementReader, JsonObject
from mfa_lab.iam.parsing.locations import pointer_to
from mfa_lab.iam.parsing.mistakes import Mistake
from mfa_lab.iam.parsing.principals import read_principals
from mfa_lab.iam.parsing.quotas import LARGEST
from mfa_lab.iam.parsing.resources import read_resources
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.iam.principals import EVERYONE
from mfa_lab.iam.statement import Effect, Statement
from mfa_lab.text.shown_value import shown, type_name

VERSION_2012: Final = "2012-10-17"
VERSION_2008: Final = "2008-10-17"
VERSIONS: Final = (VERSION_2012, VERSION_2008)

POLICY_ELEMENTS: Final = ("Version", "Id", "Statement")
STATEMENT_ELEMENTS: Final = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)

_SID: Final = re.compile(r"[A-Za-z0-9]*")
_ALLOWING_EVERYTHING: Final = {"Principal": EVERYONE, "Action": "*", "Resource": "*"}


class Grammar:
    """Reads one policy document.

    Args:
        document: Its JSON values.
        kind: What kind of policy it is.
    """

    def __init__(self, document: object, kind: PolicyKind = PolicyKind.IDENTITY) -> None:
        self._reader = ElementReader()
        self._document = document
        self._kind = kind
        self._variables = False

    @property
    def mistakes(self) -> list[Mistake]:
        """What was found wrong so far."""
        return self._reader.mistakes

    def version_and_statements(self) -> tuple[str, tuple[Statement, ...]]:
        """Read the whole document.

        Returns:
            Version and statements; of no use where `mistakes` is not empty.
        """
        if not isinstance(self._document, Mapping):
            self._reader.note("not_an_object", "", type=type_name(self._document))
            return VERSION_2008, ()
        self._policy_elements(self._document)
        version = self._version(self._document)
        self._variables = version == VERSION_2012
        if "Id" in self._document and self._kind.is_attached_to_identities:
            self._reader.note("id_in_identity_policy", "/Id")
        statements = tuple(self._statements(self._document))
        self._size(self._document)
        return version, statements

    def _policy_elements(self, document: JsonObject) -> None:
        for name in document:
            if name in POLICY_ELEMENTS:
                continue
            pointer = pointer_to("", str(name))
            if not isinstance(name, str):
                self._reader.name_not_text(name, "")
            elif name in STATEMENT_ELEMENTS:
                self._reader.note("element_of_statement", pointer, name=name)
            else:
                self._reader.unknown_element(name, self._elements_of_policy(), "")

    def _elements_of_policy(self) -> tuple[str, ...]:
        """Return the elements that this kind of policy may have at its top."""
        has_id = not self._kind.is_attached_to_identities
        return tuple(name for name in POLICY_ELEMENTS if has_id or name != "Id")

    def _statement_elements(self, statement: JsonObject, parent: str) -> None:
        for name in statement:
            if name in STATEMENT_ELEMENTS:
                continue
            pointer = pointer_to(parent, str(name))
            if not isinstance(name, str):
                self._reader.name_not_text(name, parent)
            elif name in self._elements_of_policy():
                self._reader.note("element_of_policy", pointer, name=name)
            elif operator_named(name):
                self._reader.note("operator_outside_condition", pointer, operator=name)
            else:
                self._reader.unknown_element(name, self._elements_here(), parent)

    def _elements_here(self) -> tuple[str, ...]:
        """Return the elements that a statement of this kind of policy may have."""
        missing = set()
        if not self._kind.names_principals:
            missing |= {"Principal", "NotPrincipal"}
        if not self._kind.names_resources:
            missing |= {"Resource", "NotResource", "NotPrincipal"}
        if self._kind is PolicyKind.RCP:
            missing |= {"NotPrincipal", "NotAction"}
        return tuple(name for name in STATEMENT_ELEMENTS if name not in missing)

    def _version(self, document: JsonObject) -> str:
        """Read Version; absent means 2008-10-17, which AWS documents for policy variables alone."""
        version = document.get("Version", VERSION_2008)
        if not isinstance(version, str):
            self._reader.note("version_not_text", "/Version", type=type_name(version))
        elif version not in VERSIONS:
            self._reader.note("unknown_version", "/Version", version=shown(version))
        else:
            return version
        return VERSION_2012

    def _statements(self, document: JsonObject) -> Iterator[Statement]:
        if "Statement" not in document:
            if self._reader.is_missing(document, "", "Statement"):
                self._reader.note("no_statement", "")
            return
        statements = document["Statement"]
        if isinstance(statements, Mapping):
            numbered: list[tuple[str, Any]] = [("/Statement", statements)]
        elif isinstance(statements, (list, tuple)):
            if not statements:
                self._reader.note("empty_statement", "/Statement")
            numbered = [(f"/Statement/{index}", item) for index, item in enumerate(statements)]
        else:
            self._reader.note("statement_not_an_object", "/Statement", type=type_name(statements))
            return
        sids: set[str] = set()
        for index, (pointer, item) in enumerate(numbered):
            if not isinstance(item, Mapping):
                self._reader.note("statement_not_an_object", pointer, type=type_name(item))
                continue
            statement = self._statement(index, item, pointer)
            if statement.sid and statement.sid in sids and self._kind.is_of_iam:
                self._reader.note("sid_twice", pointer_to(pointer, "Sid"), sid=shown(statement.sid))
            sids.add(statement.sid or "")
            yield statement

    def _statement(self, index: int, statement: JsonObject, pointer: str) -> Statement:
        self._statement_elements(statement, pointer)
        reader, kind, variables = self._reader, self._kind, self._variables
        effect = self._effect(statement, pointer)
        return Statement(
            index=index,
            sid=self._sid(statement, pointer),
            effect=effect,
            actions=read_actions(reader, statement, pointer, kind),
            resources=read_resources(reader, statement, pointer, kind, variables=variables),
            conditions=tuple(
                read_conditions(reader, statement, pointer, kind, variables=variables)
            ),
            principals=read_principals(reader, statement, pointer, kind),
        )

    def _sid(self, statement: JsonObject, pointer: str) -> str | None:
        """Read Sid; services other than IAM accept more characters, and some accept it twice."""
        if "Sid" not in statement:
            return None
        pointer = pointer_to(pointer, "Sid")
        sid = self._reader.text(statement["Sid"], pointer)
        if self._kind.is_of_iam and not _SID.fullmatch(sid):
            self._reader.note("malformed_sid", pointer, sid=shown(sid))
        return sid

    def _effect(self, statement: JsonObject, parent: str) -> Effect:
        effects = tuple(Effect)
        pointer = pointer_to(parent, "Effect")
        if "Effect" not in statement:
            if self._reader.is_missing(statement, parent, "Effect"):
                self._reader.note("no_effect", parent)
        elif not isinstance(statement["Effect"], str):
            self._reader.note("effect_not_text", pointer, type=type_name(statement["Effect"]))
        elif statement["Effect"] not in effects:
            effect = shown(statement["Effect"])
            suggestion = self._reader.suggestion(effect, effects)
            self._reader.note("unknown_effect", pointer, effect=effect, suggestion=suggestion)
        else:
            effect = Effect(statement["Effect"])
            if effect is Effect.ALLOW and self._kind is PolicyKind.RCP:
                self._allow_in_rcp(statement, pointer)
            return effect
        return Effect.DENY

    def _allow_in_rcp(self, statement: JsonObject, pointer: str) -> None:
        """Only RCPFullAWSAccess allows, and it allows everything to everyone."""
        allowed = {name: _alone(statement.get(name)) for name in _ALLOWING_EVERYTHING}
        if allowed != _ALLOWING_EVERYTHING or "Condition" in statement:
            self._reader.note("allow_in_rcp", pointer)

    def _size(self, document: JsonObject) -> None:
        largest = LARGEST.get(self._kind)
        size = largest.size(document) if largest else None
        if largest and size and size > largest.characters:
            self._reader.note("too_large", "", size=size, largest=largest.characters)


def _alone(value: object) -> object:
    """Return the only item of a list; anything else as it is."""
    return value[0] if isinstance(value, (list, tuple)) and len(value) == 1 else value
