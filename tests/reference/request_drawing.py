"""Drawing requests out of what the policies say.

A request that is drawn blindly matches next to nothing. So actions, resources and values of context
keys are made from the patterns in the policies, and then sometimes spoilt a little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from tests.reference.choice import Choice
from tests.reference.policy_drawing import Words, any_principal
from tests.reference.resources import listed
from tests.reference.spelling import UNQUOTED
from tests.reference.statements import condition_lines, statements_of
from tests.reference.variables import filled_in
from tests.reference.words import (
    ACTIONS,
    FOREIGN,
    FOREIGN_NAMES,
    NAMES,
    NO_PERMISSION_NEEDED,
    OWN,
    RESOURCES,
    ROLES,
    SESSIONS,
    VALUES,
)


class RequestDrawer:
    """Draws requests to ask of some policies.

    Args:
        choice: What chooses.
        words: What the policies speak of.
        policies: The policies.
    """

    def __init__(self, choice: Choice, words: Words, policies: dict[str, Any]) -> None:
        self.choice, self.words = choice, words
        self.statements = list(statements_of(policies))

    def requests(self, count: int) -> Iterator[dict[str, Any]]:
        """Several requests; some are the one before but for one thing."""
        last: dict[str, Any] | None = None
        for _ in range(count):
            last = self.request() if last is None or self.choice.chance(55) else self.changed(last)
            yield last

    def changed(self, request: dict[str, Any]) -> dict[str, Any]:
        other = self.request()
        name = self.choice.one(
            ["principal", "resource", "action", *["variable"] * 2, *["context"] * 2]
        )
        context = dict(request["context"])
        if name == "variable":
            key = self.choice.one(
                ["aws:username", "aws:PrincipalTag/team", "aws:PrincipalTag/Cost Center"]
            )
            if key in context:
                context[key] = self.choice.one([*NAMES, ["alice"]])
            return {**request, "context": context}
        if name != "context":
            return {**request, name: other[name]}
        for key in list(context):
            if not self.choice.chance(35):
                continue
            if self.choice.chance(30):
                del context[key]
            else:
                held = context[key]
                context[key] = (
                    [held] if isinstance(held, str) else self.choice.one([*held, "alice"])
                )
        present = {key.lower() for key in context}
        for key, held in other["context"].items():
            if key.lower() not in present and self.choice.chance(30):
                context[key] = held
        return {**request, "context": context}

    def request(self) -> dict[str, Any]:
        """The member "request" of a line, made of what the policies say."""
        principal = (
            self.choice.one(self.words.principals)
            if self.choice.chance(80)
            else any_principal(self.choice)
        )
        context = self.context(principal)
        return {
            "action": self.action(),
            "resource": self.resource(context),
            "principal": principal,
            "context": context,
        }

    def action(self) -> str:
        patterns = [
            pattern
            for statement in self.statements
            for name in ("Action", "NotAction")
            for pattern in listed(statement.get(name, []))
        ]
        if self.choice.chance(2):
            return self.choice.one(NO_PERMISSION_NEEDED)
        if not patterns or self.choice.chance(30):
            return (
                self.choice.one(self.words.actions)
                if self.choice.chance(80)
                else self.choice.one(ACTIONS)
            )
        drawn = self.instance(self.choice.one(patterns), {}, ["", "A", "List", "Key", "x-1"])
        if self.choice.chance(10):
            drawn = drawn.swapcase()
        if re.fullmatch(r"[A-Za-z0-9]+:[A-Za-z0-9._-]+", drawn):
            return drawn
        return self.choice.one(self.words.actions)

    def resource(self, context: dict[str, Any]) -> str:
        entries = [
            entry
            for statement in self.statements
            for name in ("Resource", "NotResource")
            for entry in listed(statement.get(name, []))
            if entry != "*"
        ]
        if not entries or self.choice.chance(35):
            return (
                self.choice.one(self.words.resources)
                if self.choice.chance(80)
                else self.choice.one(RESOURCES)
            )
        drawn = self.instance(
            self.choice.one(entries), context, ["", "alice", "x/y", "x:y", "*", "\n", OWN]
        )
        parts = self.spoilt(drawn).split(":", 5)
        if len(parts) == 6 and not parts[4].isdigit() and self.choice.chance(80):
            parts[4] = self.choice.weighted([("", 20), (OWN, 60), (FOREIGN, 20)])
        return ":".join(parts) or "*"

    def instance(self, pattern: str, context: dict[str, Any], fillings: Sequence[str]) -> str:
        """A text that the pattern fits, or would with other values of its variables."""
        characters = filled_in(pattern, context)
        if characters is None:
            return re.sub(r"\$\{[^}]*\}", lambda _: self.choice.one(NAMES), pattern)
        drawn = ""
        for one in characters:
            if not one.is_wildcard:
                drawn += one.text
            else:
                drawn += (
                    self.choice.one(fillings) if one.text == "*" else self.choice.one("ax/:*é\n")
                )
        return drawn

    def spoilt(self, text: str) -> str:
        """The text, one time in five with one character dropped, doubled or of the other case."""
        if not text or not self.choice.chance(20):
            return text
        at = self.choice.random.randrange(len(text))
        spoilt = self.choice.one(["", text[at] * 2, text[at].swapcase(), ":"])
        return text[:at] + spoilt + text[at + 1 :]

    def context(self, principal: str) -> dict[str, Any]:
        drawn: dict[str, Any] = {}
        if self.choice.chance(70):
            drawn["aws:username"] = self.choice.one(["alice", "alice", "bob", "a*", ""])
        if self.choice.chance(50):
            drawn["aws:PrincipalTag/team"] = self.choice.one(NAMES)
        if principal in SESSIONS and self.choice.chance(50):
            drawn["aws:PrincipalArn"] = self.choice.one(ROLES)
        if self.choice.chance(8):
            drawn["aws:ResourceAccount"] = self.choice.one([OWN, FOREIGN, [FOREIGN], "", "alice"])
        for operator, key, values in condition_lines(self.statements):
            if not self.choice.chance(80):
                continue
            name = next((name for name in drawn if name.lower() == key.lower()), key)
            drawn.pop(name, None)
            if self.choice.chance(85):
                drawn[key.swapcase() if self.choice.chance(8) else key] = self.value(
                    operator, values, drawn
                )
        return drawn

    def value(self, operator: str, wanted: list[Any], context: dict[str, Any]) -> str | list[str]:
        """What a context key holds: one value most of the time."""
        several = ":" in operator
        if not self.choice.chance(55 if several else 8):
            return self.single_value(operator, wanted, context)
        most = self.choice.weighted([(0, 15), (1, 25), (2, 40), (3, 20)])
        return [self.single_value(operator, wanted, context) for _ in range(most)]

    def single_value(self, operator: str, wanted: list[Any], context: dict[str, Any]) -> str:
        kind = next((kind for kind in VALUES if kind.lower() in operator.lower()), "String")
        if self.choice.chance(4):
            return ""
        if self.choice.chance(55):
            text = str(self.choice.one(wanted)).removeprefix(UNQUOTED)
            if kind == "Ip":
                text = text.split("/")[0]
            filled = self.instance(text, context, ["", "alice", "x/y", "x:y", "*", "\n"])
            return self.spoilt(filled.swapcase() if self.choice.chance(8) else filled)
        if self.choice.chance(3):
            return self.choice.one(FOREIGN_NAMES)
        return self.choice.one(VALUES[kind]) if kind in VALUES else self.choice.one(NAMES)
