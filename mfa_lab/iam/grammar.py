"""From the JSON values of a policy document to statements, noting every mistake on the way.

Source: IAM User Guide, "Grammar of the IAM JSON policy language".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from mfa_lab.iam.conditions import ConditionTest, condition_test
from mfa_lab.iam.document import pointer_to
from mfa_lab.iam.kinds import PolicyKind
from mfa_lab.iam.mistakes import Mistake
from mfa_lab.iam.operators import OPERATOR_SPELLINGS, Operator, operator_named
from mfa_lab.iam.principals import EVERYONE, PRINCIPAL_TYPES, PrincipalElement, PrincipalEntry
from mfa_lab.iam.spelling import as_text, nearest, shown, type_name
from mfa_lab.iam.statement import (
    ActionElement,
    Effect,
    ResourceElement,
    ResourcePattern,
    Statement,
    resource_pattern,
)
from mfa_lab.iam.variables import Template, template

VERSION_2012: Final = "2012-10-17"
VERSION_2008: Final = "2008-10-17"
VERSIONS: Final = (VERSION_2012, VERSION_2008)

_PRINCIPALS: Final = ("Principal", "NotPrincipal")
POLICY_ELEMENTS: Final = ("Version", "Id", "Statement")
STATEMENT_ELEMENTS: Final = (
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)

# Looking for the nearest of all operators takes milliseconds, and nobody reads a hundred of them.
_MOST_SUGGESTIONS: Final = 20

_SID = re.compile(r"[A-Za-z0-9]*")
_ACTION = re.compile(r"\*|[A-Za-z0-9.*?-]+:[A-Za-z0-9*?_.-]+")
# The service of a whole ARN; a short one, such as arn:*, stands for what it leaves out.
_SERVICE_WILDCARD = re.compile(r"arn:[^:]*:[^:]*[*?][^:]*:[^:]*:[^:]*:")
_EVERYTHING = re.compile(r"\*+")

Document = Mapping[str, Any]


class Grammar:
    """Reads one policy document.

    Args:
        document: Its JSON values.
        kind: What kind of policy it is to be.

    Attributes:
        mistakes: What was found wrong so far.
    """

    def __init__(self, document: object, kind: PolicyKind = PolicyKind.IDENTITY) -> None:
        self.mistakes: list[Mistake] = []
        self._document = document
        self._kind = kind
        self._variables = False

    def version_and_statements(self) -> tuple[str, tuple[Statement, ...]]:
        """Read the whole document.

        Returns:
            Version and statements; of no use where `mistakes` is not empty.
        """
        if not isinstance(self._document, Mapping):
            self._note("not_an_object", "", type=type_name(self._document))
            return VERSION_2008, ()
        self._known_elements(self._document, POLICY_ELEMENTS, "")
        version = self._version(self._document)
        self._variables = version == VERSION_2012
        if "Id" in self._document and not self._kind.names_principals:
            self._note("id_in_identity_policy", "/Id")
        return version, tuple(self._statements(self._document))

    def _note(self, code: str, pointer: str, **values: object) -> None:
        self.mistakes.append(Mistake(code, pointer, values))

    def _known_elements(self, given: Document, known: tuple[str, ...], pointer: str) -> None:
        for name in given:
            if name not in known and not (pointer and name in _PRINCIPALS):
                self._note(
                    "unknown_element",
                    pointer_to(pointer, str(name)),
                    name=name,
                    known=", ".join(known),
                    suggestion=nearest(str(name), known),
                )

    def _version(self, document: Document) -> str:
        """Read Version; absent means 2008-10-17, which AWS says of policy variables alone."""
        version = document.get("Version", VERSION_2008)
        if not isinstance(version, str) or version not in VERSIONS:
            self._note("unknown_version", "/Version", version=shown(version))
            return VERSION_2012
        return str(version)

    def _statements(self, document: Document) -> Iterator[Statement]:
        if "Statement" not in document:
            self._note("no_statement", "")
            return
        statements = document["Statement"]
        if isinstance(statements, Mapping):
            numbered = [("/Statement", statements)]
        elif isinstance(statements, (list, tuple)):
            if not statements:
                self._note("empty_statement", "/Statement")
            numbered = [(f"/Statement/{index}", one) for index, one in enumerate(statements)]
        else:
            self._note("statement_not_an_object", "/Statement", type=type_name(statements))
            return
        sids: set[str] = set()
        for index, (pointer, one) in enumerate(numbered):
            if not isinstance(one, Mapping):
                self._note("statement_not_an_object", pointer, type=type_name(one))
                continue
            statement = self._statement(index, one, pointer)
            if statement.sid and statement.sid in sids:
                self._note("sid_twice", pointer_to(pointer, "Sid"), sid=statement.sid)
            sids.add(statement.sid or "")
            yield statement

    def _statement(self, index: int, given: Document, pointer: str) -> Statement:
        self._known_elements(given, STATEMENT_ELEMENTS, pointer)
        return Statement(
            index=index,
            sid=self._sid(given, pointer),
            effect=self._effect(given, pointer),
            actions=self._actions(given, pointer),
            resources=self._resources(given, pointer),
            conditions=tuple(self._conditions(given, pointer)),
            principals=self._principals(given, pointer),
        )

    def _principals(self, given: Document, pointer: str) -> PrincipalElement | None:
        if not self._kind.names_principals:
            for name in _PRINCIPALS:
                if name in given:
                    self._note("principal_in_identity_policy", pointer_to(pointer, name), name=name)
            return None
        name, negated = self._one_of(given, pointer, "Principal")
        if name not in given:
            return None
        if negated and given.get("Effect") == Effect.ALLOW:
            self._note("not_principal_allows", pointer_to(pointer, name))
        if negated and self._kind is not PolicyKind.RESOURCE:
            self._note("not_principal_here", pointer_to(pointer, name), kind=self._kind)
        entries = tuple(self._principal_entries(given[name], pointer_to(pointer, name)))
        return PrincipalElement(entries, negated)

    def _principal_entries(self, given: object, pointer: str) -> Iterator[PrincipalEntry]:
        if given == EVERYONE:
            yield PrincipalEntry("AWS", EVERYONE)
            return
        for principal_type, values in self._object(given, pointer, "principal_not_an_object"):
            if principal_type not in PRINCIPAL_TYPES:
                self._note(
                    "unknown_principal_type",
                    pointer_to(pointer, principal_type),
                    name=principal_type,
                    known=", ".join(PRINCIPAL_TYPES),
                    suggestion=nearest(principal_type, PRINCIPAL_TYPES),
                )
            for _, value in self._listed(
                {principal_type: values}, principal_type, pointer, "empty_principals"
            ):
                yield PrincipalEntry(principal_type, value)

    def _sid(self, given: Document, pointer: str) -> str | None:
        if "Sid" not in given:
            return None
        pointer = pointer_to(pointer, "Sid")
        sid = self._text(given["Sid"], pointer)
        if not _SID.fullmatch(sid):
            self._note("malformed_sid", pointer, sid=shown(sid))
        return sid

    def _effect(self, given: Document, pointer: str) -> Effect:
        effects = tuple(Effect)
        if "Effect" not in given:
            self._note("no_effect", pointer)
        elif not isinstance(given["Effect"], str) or given["Effect"] not in effects:
            effect = shown(given["Effect"])
            suggestion = nearest(effect, effects)
            pointer = pointer_to(pointer, "Effect")
            self._note("unknown_effect", pointer, effect=effect, suggestion=suggestion)
        else:
            return Effect(given["Effect"])
        return Effect.DENY

    def _one_of(self, given: Document, pointer: str, name: str) -> tuple[str, bool]:
        """Tell which of `name` and its Not form a statement has, and whether it is the Not form."""
        negation = f"Not{name}"
        if name in given and negation in given:
            where = pointer_to(pointer, negation)
            self._note("both_forms", where, name=name, negation=negation)
        elif name not in given and negation not in given:
            self._note("neither_form", pointer, name=name, negation=negation)
        return (name, False) if name in given else (negation, True)

    def _actions(self, given: Document, pointer: str) -> ActionElement:
        name, negated = self._one_of(given, pointer, "Action")
        actions = []
        for where, action in self._listed(given, name, pointer, "empty_actions"):
            if not _ACTION.fullmatch(action):
                self._note("malformed_action", where, action=shown(action))
            actions.append(action)
        return ActionElement(tuple(actions), negated)

    def _resources(self, given: Document, pointer: str) -> ResourceElement | None:
        if not self._kind.names_resources:
            for name in ("Resource", "NotResource"):
                if name in given:
                    self._note("resource_in_trust_policy", pointer_to(pointer, name), name=name)
            return None
        name, negated = self._one_of(given, pointer, "Resource")
        resources: list[ResourcePattern] = []
        for where, resource in self._listed(given, name, pointer, "empty_resources"):
            if not _EVERYTHING.fullmatch(resource) and not resource.startswith("arn:"):
                self._note("malformed_resource", where, resource=shown(resource))
            elif _SERVICE_WILDCARD.match(resource):
                self._note("service_wildcard", where, resource=shown(resource))
            resources.append(resource_pattern(resource, variables=self._variables))
        return ResourceElement(tuple(resources), negated)

    def _listed(
        self, given: Document, name: str, pointer: str, empty_code: str
    ) -> Iterator[tuple[str, str]]:
        """Give pointer and text of each item of an element that is one text or a list of texts."""
        if name not in given:
            return
        pointer = pointer_to(pointer, name)
        items = given[name]
        if isinstance(items, (list, tuple)):
            if not items:
                self._note(empty_code, pointer, name=name)
            places = [(pointer_to(pointer, index), item) for index, item in enumerate(items)]
        else:
            places = [(pointer, items)]
        for where, item in places:
            if isinstance(item, str):
                yield where, item
            else:
                self._note("not_text", where, type=type_name(item))

    def _text(self, value: object, pointer: str) -> str:
        if isinstance(value, str):
            return value
        self._note("not_text", pointer, type=type_name(value))
        return ""

    def _conditions(self, given: Document, pointer: str) -> Iterator[ConditionTest]:
        if "Condition" not in given:
            return
        pointer = pointer_to(pointer, "Condition")
        for name, keys in self._object(given["Condition"], pointer, "condition_not_an_object"):
            where = pointer_to(pointer, name)
            operator = operator_named(name)
            if operator is None:
                is_one_of_many = len(self.mistakes) >= _MOST_SUGGESTIONS
                suggestion = (
                    OPERATOR_SPELLINGS[0] if is_one_of_many else nearest(name, OPERATOR_SPELLINGS)
                )
                self._note("unknown_operator", where, operator=name, suggestion=suggestion)
            for key, values in self._object(keys, where, "operator_not_an_object"):
                test = self._test(operator, key, values, pointer_to(where, key))
                if test is not None:
                    yield test

    def _object(self, value: object, pointer: str, code: str) -> Iterator[tuple[str, Any]]:
        if not isinstance(value, Mapping):
            self._note(code, pointer, type=type_name(value))
            return
        for name, member in value.items():
            yield str(name), member

    def _test(
        self, operator: Operator | None, key: str, values: object, pointer: str
    ) -> ConditionTest | None:
        items = values if isinstance(values, (list, tuple)) else [values]
        texts: list[str] = []
        for index, item in enumerate(items):
            text = as_text(item)
            if text is None:
                where = pointer if items is not values else pointer_to(pointer, index)
                self._note("condition_value_not_text", where, type=type_name(item))
            else:
                texts.append(text)
        if operator is None:
            return None
        return condition_test(operator, key, tuple(map(self._reader(operator), texts)))

    def _reader(self, operator: Operator) -> Callable[[str], Template]:
        kind = operator.base.kind if operator.base else None
        variables = self._variables and kind is not None and kind.variables
        wildcards = kind is not None and kind.wildcards
        return lambda text: template(text, variables=variables, wildcards=wildcards)
