"""Drawing policies of every kind, out of a few words, so that statements speak of the same things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.reference.choice import Choice
from tests.reference.evaluator import IN_ORDER
from tests.reference.spelling import UNQUOTED
from tests.reference.words import (
    ANONYMOUS,
    CANONICAL_USER,
    KEYS,
    NAMES,
    NO_DATES,
    NO_VARIABLES,
    OF_MANY_VALUES,
    OPERATOR_KINDS,
    OPERATORS,
    PRINCIPALS,
    PROVIDERS,
    ROLES,
    SERVICES,
    SESSIONS,
    VALUES,
    VARIABLES,
)

# The kinds that IAM reads, and whose dates it refuses if they are none.
OF_IAM = ("identity", "boundary", "session")


@dataclass
class Words:
    """The few words of one case.

    Args:
        actions: Actions.
        resources: ARNs of resources, or `*`.
        principals: Principals.
    """

    actions: list[str]
    resources: list[str]
    principals: list[str]


def any_principal(choice: Choice) -> str:
    """Any principal, of the likelier sorts more often."""
    return choice.one(choice.weighted(PRINCIPALS))


class PolicyDrawer:
    """Draws policies.

    Args:
        choice: What chooses.
        words: What statements speak of.
        kinds: Which kinds may be drawn; identity policies always are.
    """

    def __init__(self, choice: Choice, words: Words, kinds: Sequence[str]) -> None:
        self.choice, self.words = choice, words
        self.kinds = [kind for kind in IN_ORDER if kind in kinds]

    def policies(self) -> dict[str, Any]:
        """The member "policies" of a line."""
        drawn: dict[str, Any] = {
            "identity": self.documents("identity", 0 if self.choice.chance(10) else 1, 3)
        }
        for kind in self.kinds:
            if kind == "identity" or not self.choice.chance(50 if kind == "resource" else 30):
                continue
            if kind in ("scp", "rcp") and self.choice.chance(50):
                levels = self.choice.random.randint(1, 3)
                drawn[kind] = [
                    self.documents(kind, 0 if self.choice.chance(10) else 1, 2)
                    for _ in range(levels)
                ]
            elif kind in ("scp", "rcp") or (kind == "boundary" and self.choice.chance(20)):
                drawn[kind] = self.documents(kind, 0, 2)
            else:
                drawn[kind] = (
                    self.choice.one([None, []]) if self.choice.chance(3) else self.document(kind)
                )
        return drawn

    def documents(self, kind: str, least: int, most: int) -> list[Any]:
        return [self.document(kind) for _ in range(self.choice.random.randint(least, most))]

    def document(self, kind: str) -> dict[str, Any]:
        is_trust = kind == "resource" and self.choice.chance(25)
        statements = [
            self.statement(kind, is_trust)
            for _ in range(self.choice.weighted([(1, 40), (2, 35), (3, 20), (5, 5)]))
        ]
        if kind in ("scp", "boundary", "session") and self.choice.chance(50):
            statements.append({"Effect": "Allow", "Action": "*", "Resource": "*"})
        if kind == "rcp" and self.choice.chance(60):  # RCPFullAWSAccess
            statements = [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]
        drawn: dict[str, Any] = {"Statement": self.choice.bare_or_list(statements)}
        version = self.choice.weighted([("2012-10-17", 80), ("2008-10-17", 10), ("", 10)])
        return {"Version": version, **drawn} if version else drawn

    def statement(self, kind: str, is_trust: bool) -> dict[str, Any]:
        may_allow = kind != "rcp" and self.choice.chance(80)
        drawn: dict[str, Any] = {"Effect": "Allow" if may_allow else "Deny"}
        if kind == "resource":
            may_except = drawn["Effect"] == "Deny" and not is_trust
            element = "NotPrincipal" if may_except and self.choice.chance(40) else "Principal"
            drawn[element] = (
                self.exception() if element == "NotPrincipal" else self.principal_element()
            )
            if is_trust and drawn[element] == "*":
                drawn[element] = {"AWS": "*"}
        elif kind == "rcp":
            drawn["Principal"] = "*"
        patterns = [self.action_pattern() for _ in range(self.choice.random.randint(1, 3))]
        is_negated = kind != "rcp" and self.choice.chance(20)
        if is_trust and not is_negated:  # IAM refuses the actions of other services
            patterns = [one if one.lower().startswith("sts:") else "*" for one in patterns]
        drawn["NotAction" if is_negated else "Action"] = self.choice.bare_or_list(patterns)
        if not is_trust:
            entries = [self.resource_pattern() for _ in range(self.choice.random.randint(1, 3))]
            drawn["NotResource" if self.choice.chance(15) else "Resource"] = (
                self.choice.bare_or_list(entries)
            )
        if self.choice.chance(35):
            drawn["Condition"] = self.condition(is_of_iam=kind in OF_IAM or is_trust)
        return drawn

    def action_pattern(self) -> str:
        service, name = self.choice.one(self.words.actions).split(":")
        sort = self.choice.random.randrange(8)
        if sort == 0:
            return "*"
        if sort == 1:
            return f"{service}:*"
        if sort in (2, 3):
            name = self.with_wildcards(name)
        pattern = f"{service}:{name}"
        return pattern.swapcase() if self.choice.chance(10) else pattern

    def resource_pattern(self) -> str:
        if self.choice.chance(30):
            return "*"
        parts = self.choice.one(self.words.resources).split(":", 5)
        if len(parts) < 6:
            return "*"
        if self.choice.chance(8):
            return ":".join([*parts[: self.choice.random.randint(3, 4)], "*"])
        if self.choice.chance(25):
            place = self.choice.one([1, 3, 4])
            parts[place] = self.with_wildcards(parts[place])
        if self.choice.chance(45):
            parts[5] = self.with_wildcards(parts[5])
        if self.choice.chance(30):
            drawn = self.with_variable(parts[5])
            # IAM has no resource whose name begins so, and refuses it.
            if parts[2] != "iam" or drawn.startswith("${") or drawn[0] not in "${":
                parts[5] = drawn
        return ":".join(parts)

    def with_wildcards(self, text: str) -> str:
        for _ in range(self.choice.random.randint(1, 2)):
            start = self.choice.random.randint(0, len(text))
            end = min(len(text), start + self.choice.random.randint(0, 6))
            wildcard = "?" * (end - start) if self.choice.chance(30) else "*"
            text = text[:start] + wildcard + text[end:]
        return text

    def with_variable(self, text: str) -> str:
        variable = (
            self.choice.one(VARIABLES) if self.choice.chance(85) else self.choice.one(NO_VARIABLES)
        )
        for name in ("alice", "bob", "admin", "true"):
            if name in text and self.choice.chance(70):
                return text.replace(name, variable)
        return f"{text}{variable}" if self.choice.chance(50) else f"{variable}{text}"

    def principal_element(self) -> Any:
        if self.choice.chance(15):
            return "*"
        element: dict[str, list[str]] = {}
        for _ in range(self.choice.random.randint(1, 3)):
            kind, value = self.principal_entry()
            element.setdefault(kind, []).append(value)
        return {kind: self.choice.bare_or_list(values) for kind, values in element.items()}

    def exception(self) -> Any:
        """A NotPrincipal element: half of the time somebody with role and account, or nearly so."""
        name = self.choice.one(self.words.principals)
        if name.count(":") < 5 or name in PROVIDERS or self.choice.chance(50):
            return self.principal_element()
        account = name.split(":")[4]
        chain = [name, account if self.choice.chance(50) else f"arn:aws:iam::{account}:root"]
        if name in SESSIONS:
            chain.append(f"arn:aws:iam::{account}:role/{name.split('/')[1]}")
        if self.choice.chance(40):
            chain.remove(self.choice.one(chain))
        return {"AWS": self.choice.bare_or_list(chain)}

    def principal_entry(self) -> tuple[str, str]:
        name = (
            self.choice.one(self.words.principals)
            if self.choice.chance(85)
            else any_principal(self.choice)
        )
        if name in SERVICES:
            return "Service", name
        if name in PROVIDERS:
            return "Federated", name
        if name in ANONYMOUS:
            return self.choice.one([("AWS", "*"), ("CanonicalUser", CANONICAL_USER)])
        account = name.split(":")[4]
        named = [name, name, account, f"arn:aws:iam::{account}:root", "*", "AIDAJQABLZS4A3QDU576Q"]
        if name in SESSIONS:
            named += ROLES
        return "AWS", self.choice.one(named)

    def condition(self, *, is_of_iam: bool) -> dict[str, Any]:
        drawn: dict[str, Any] = {}
        for _ in range(self.choice.weighted([(1, 65), (2, 27), (3, 8)])):
            operator, key, values = self.condition_line(is_of_iam=is_of_iam)
            drawn.setdefault(operator, {})[key] = self.choice.bare_or_list(values)
        return drawn

    def condition_line(self, *, is_of_iam: bool) -> tuple[str, str, list[str]]:
        if self.choice.chance(8):
            key = self.choice.one(
                [key for keys in KEYS.values() for key in keys] + [*OF_MANY_VALUES]
            )
            return "Null", key, [self.choice.one(["true", "false", "True", f"{UNQUOTED}true"])]
        kind = self.choice.weighted(OPERATOR_KINDS)
        operator = self.choice.one(OPERATORS[kind])
        key = self.choice.one(KEYS[kind])
        if self.choice.chance(25):
            operator = self.choice.one(["ForAllValues:", "ForAnyValue:"]) + operator
            key = (
                self.choice.one(OF_MANY_VALUES)
                if kind == "String" and self.choice.chance(70)
                else key
            )
        if self.choice.chance(25):
            operator += "IfExists"
        if self.choice.chance(10):
            key = key.swapcase()
        values = [self.wanted(kind) for _ in range(self.choice.random.randint(1, 3))]
        if kind == "Date" and is_of_iam:
            values = [one for one in values if one not in NO_DATES] or ["2024-01-01"]
        return operator, key, values

    def wanted(self, kind: str) -> str:
        """One wanted value."""
        if kind == "Numeric" and self.choice.chance(15):
            return UNQUOTED + self.choice.one(["5", "5.0", "3600", "0.50", "-1", "1e3", "5E0"])
        if kind == "Bool" and self.choice.chance(20):
            return UNQUOTED + self.choice.one(["true", "false"])
        if kind == "String":
            return self.wanted_text()
        # Requests hold other characters too; policies of IAM do not.
        value = self.choice.one([one for one in VALUES[kind] if one.isascii()])
        if kind == "Arn" and self.choice.chance(30):
            return self.with_variable(value)
        if self.choice.chance(4):  # works for some kinds, and is no value of the others
            return f"${{{self.choice.one(KEYS[kind])}}}"
        return value

    def wanted_text(self) -> str:
        text = self.choice.one(NAMES)
        if self.choice.chance(35):
            text = self.with_variable(text)
        return self.with_wildcards(text) if self.choice.chance(25) else text
