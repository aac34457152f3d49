"""Random cases: policies of every kind, and requests made of the policies' own words.

A request that is drawn blindly matches next to nothing. So actions, resources, principals and
values of context keys are made from the patterns in the policies, and then sometimes spoilt a
little. The same random numbers give the same case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, TypeVar

from tests.reference.evaluator import IN_ORDER, documents
from tests.reference.resources import listed
from tests.reference.variables import filled_in

T = TypeVar("T")

OWN, FOREIGN = "111122223333", "444455556666"

ACTIONS = (
    *("iam:ListUsers", "iam:GetUser", "iam:ChangePassword", "iam:CreateAccessKey"),
    *("iam:EnableMFADevice", "iam:ListVirtualMFADevices", "s3:GetObject", "s3:PutObject"),
    *("ec2:DescribeInstances", "kms:Decrypt", "sts:AssumeRole", "sts:AssumeRoleWithSAML"),
)
NO_PERMISSION_NEEDED = ("sts:GetCallerIdentity", "STS:getsessiontoken")

RESOURCES = (
    *(f"arn:aws:iam::{OWN}:user/alice", f"arn:aws:iam::{OWN}:user/path/bob"),
    *(f"arn:aws:iam::{OWN}:mfa/alice", f"arn:aws:iam::{OWN}:role/admin"),
    *("arn:aws:s3:::bucket", "arn:aws:s3:::bucket/alice/key", "arn:aws:s3:::bucket/a:b"),
    *(f"arn:aws:kms:eu-west-1:{OWN}:key/1234", f"arn:aws:kms:eu-west-1:{FOREIGN}:key/1234"),
    *(f"arn:aws:iam::{FOREIGN}:role/admin", f"arn:aws:sqs:eu-west-1:{FOREIGN}:queue", "*"),
)

SESSIONS = (
    *(f"arn:aws:sts::{OWN}:assumed-role/admin/alice", f"arn:aws:sts::{OWN}:assumed-role/auditor/x"),
    f"arn:aws:sts::{FOREIGN}:assumed-role/admin/alice",
)
ROLES = (
    *(f"arn:aws:iam::{OWN}:role/admin", f"arn:aws:iam::{OWN}:role/path/auditor"),
    f"arn:aws:iam::{FOREIGN}:role/admin",
)
USERS = (
    *(f"arn:aws:iam::{OWN}:user/alice", f"arn:aws:iam::{OWN}:user/path/bob"),
    *(f"arn:aws:iam::{OWN}:user/alice", f"arn:aws:iam::{FOREIGN}:user/alice"),
)
FEDERATED_USERS = (f"arn:aws:sts::{OWN}:federated-user/alice",)
ROOTS = (f"arn:aws:iam::{OWN}:root", f"arn:aws:iam::{FOREIGN}:root")
SERVICES = ("ec2.amazonaws.com", "lambda.amazonaws.com")
PROVIDERS = (f"arn:aws:iam::{OWN}:saml-provider/corporate", "accounts.google.com")
ANONYMOUS = ("*", "anonymous")
CANONICAL_USER = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"

# How often each sort of principal asks.
PRINCIPALS = (
    *((USERS, 42), (SESSIONS, 24), (ROLES, 6), (FEDERATED_USERS, 8), (ROOTS, 7)),
    *((SERVICES, 6), (PROVIDERS, 3), (ANONYMOUS, 4)),
)

KEYS = {
    "String": (
        "aws:username",
        "aws:PrincipalTag/team",
        "aws:PrincipalTag/Cost Center",
        "s3:prefix",
    ),
    "Numeric": ("aws:MultiFactorAuthAge", "s3:max-keys"),
    "Date": ("aws:CurrentTime", "aws:EpochTime"),
    "Bool": ("aws:MultiFactorAuthPresent", "aws:SecureTransport"),
    "Binary": ("example:Blob",),
    "Ip": ("aws:SourceIp", "aws:VpcSourceIp"),
    "Arn": ("aws:PrincipalArn", "aws:SourceArn"),
}
OF_MANY_VALUES = ("aws:TagKeys", "dynamodb:Attributes")

OPERATORS = {
    "String": (
        *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase"),
        *("StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"),
    ),
    "Numeric": (
        *("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals"),
        *("NumericGreaterThan", "NumericGreaterThanEquals"),
    ),
    "Date": (
        *("DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals"),
        *("DateGreaterThan", "DateGreaterThanEquals"),
    ),
    "Bool": ("Bool",),
    "Binary": ("BinaryEquals",),
    "Ip": ("IpAddress", "NotIpAddress"),
    "Arn": ("ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"),
}

# How often each kind of operator stands in a condition.
OPERATOR_KINDS = (
    *(("String", 40), ("Numeric", 13), ("Date", 14), ("Bool", 8), ("Binary", 4), ("Ip", 10)),
    ("Arn", 11),
)

VARIABLES = (
    *("${aws:username}", "${AWS:UserName}", "${ aws:username }", "${aws:PrincipalTag/team}"),
    *("${aws:username, 'nobody'}", "${aws:PrincipalTag/team, ''}", "${aws:TagKeys, 'many*'}"),
    *("${aws:PrincipalTag/Cost Center}", "${s3:prefix}", "${aws:TagKeys}", "${*}", "${?}", "${$}"),
)
# What begins like a variable, and is none.
NO_VARIABLES = ("${", "${}", "$", "${aws:username", "$aws:username", "{aws:username}", "${'x'}")
NAMES = (
    *(
        "alice",
        "Alice",
        "bob",
        "team",
        "a*e",
        "al?ce",
        "",
        "é",
        "É",
        "ß",
        "a\nb",
        "x/y",
        "x:y",
        "$",
    ),
    *("a.b", "a[b]", "a\\b", "(a|b)+", "^a$", "a b", "***", "*?*", "ÿ"),
)
# What a request may hold, but no policy.
FOREIGN_NAMES = ("K", "İ", "ſ", "名前", "😀", "\u2028", "\0")

# What a value of each kind of operator may look like, and what only looks so.
VALUES: dict[str, tuple[str, ...]] = {
    "Numeric": (
        *("5", "5.0", "05", "+5", "-5", "5.", ".5", "0.5", "-0", "0", "3600", "3600.0001"),
        *(
            "12345678901234567890123",
            "12345678901234567890124",
            "1e3",
            "five",
            "",
            "5 ",
            "٣",
            "1_0",
        ),
    ),
    "Date": (
        *("2024", "2024-01", "2024-01-01", "2024-01-01T00:00Z", "2024-01-01T00:00:00Z"),
        *("2024-01-01T00:00:00.0Z", "2024-01-01T00:00:00.001Z", "2024-01-01T01:00:00+01:00"),
        *("2024-01-01T01:00+0100", "2023-12-31T18:30:00-05:30", "2024-01-01T00:00:00"),
        *("1704067200", "1704067200.5", "1704067201", "2023-02-29", "2024-02-29", "2024-13-01"),
        *("2024-01-01T24:00:00Z", "2024-01-01T23:59:60Z", "2024-01-01 00:00:00Z", "0000", "0"),
        *("20240101", "2024-01-01T00Z", "today", "", "2024-01-01Z", "-1", "2024-1-1"),
        *("2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00+00:60", "٢٠٢٤", "9999-12-31T23:59:59Z"),
        *("2024-01-01t00:00:00z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    ),
    "Bool": ("true", "false", "True", "FALSE", "yes", "0", "", "true "),
    "Binary": ("YWxpY2U=", "YWxpY2U", "Ym9i", "YW\nxpY2U=", "", "YWxpY2V=", "-_-_", "+/+/", "Y==="),
    "Ip": (
        *("203.0.113.5", "203.0.113.0/24", "203.0.113.77/24", "203.0.113.5/32", "0.0.0.0/0"),
        *("2001:db8::1", "2001:DB8::/32", "2001:0db8:0:0::1/128", "::/0", "::ffff:203.0.113.5"),
        *("203.0.113.256", "203.0.113.0/33", "203.0.113.0/255.255.255.0", "203.0.113", "here", ""),
        *("203.000.113.005", "203.0.113.5/", "fe80::1%eth0", " 203.0.113.5", "203.0.113.0/024"),
    ),
    "Arn": (
        *(*ROLES, *USERS, *SESSIONS, *RESOURCES, "arn:aws:iam::*", "arn:*", "arn:aws:iam", ""),
        *("arn:aws:sns:*:111122223333:topic*", "arn:aws:iam::1111?2223333:user/*", "alice"),
        *("arn:aws:iam::*:*", "arn:aws:*:*:*:*", "*:*:*:*:*:*", "a*", "ARN:aws:iam::*:user/alice"),
    ),
}

# A number or a word that stands in a document without quotes, exactly as written.
UNQUOTED = "unquoted:"


def written(value: Any) -> str:
    """A drawn value as JSON text."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(rf'"{UNQUOTED}([^"]*)"', r"\1", text)


def as_drawn(text: str) -> Any:
    """The value that a text was written from."""

    def unquoted(spelled: str) -> str:
        return UNQUOTED + spelled

    return json.loads(text, parse_int=unquoted, parse_float=unquoted)


class Drawer:
    """Draws policies, and requests to ask of them.

    Args:
        random: Where the choices come from.
        kinds: Which kinds of policy may be drawn; identity policies always are.
    """

    def __init__(self, random: Random, kinds: Sequence[str] = IN_ORDER) -> None:
        self.random = random
        self.kinds = [kind for kind in IN_ORDER if kind in kinds]
        # A few words a case, so that its statements speak of the same things.
        self.actions = self.some(ACTIONS, 3)
        self.resources = self.some(RESOURCES, 3)
        self.principals = [self.principal() for _ in range(3)]

    # Choosing.

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def one(self, choices: Sequence[T]) -> T:
        return choices[self.random.randrange(len(choices))]

    def some(self, choices: Sequence[T], most: int) -> list[T]:
        return [self.one(choices) for _ in range(self.random.randint(1, most))]

    def weighted(self, choices: Sequence[tuple[T, int]]) -> T:
        at = self.random.randrange(sum(weight for _, weight in choices))
        for choice, weight in choices:
            at -= weight
            if at < 0:
                return choice
        raise AssertionError("weights are positive")

    def bare_or_list(self, values: list[T]) -> T | list[T]:
        return values[0] if len(values) == 1 and self.chance(60) else values

    # Policies.

    def policies(self) -> dict[str, Any]:
        """The member "policies" of a line."""
        drawn: dict[str, Any] = {
            "identity": self.documents("identity", 0 if self.chance(10) else 1, 3)
        }
        for kind in self.kinds:
            if kind == "identity" or not self.chance(50 if kind == "resource" else 30):
                continue
            if kind in ("scp", "rcp") and self.chance(50):
                levels = self.random.randint(1, 3)
                drawn[kind] = [
                    self.documents(kind, 0 if self.chance(10) else 1, 2) for _ in range(levels)
                ]
            elif kind in ("scp", "rcp") or (kind == "boundary" and self.chance(20)):
                drawn[kind] = self.documents(kind, 0, 2)
            else:
                drawn[kind] = self.one([None, []]) if self.chance(3) else self.document(kind)
        return drawn

    def documents(self, kind: str, least: int, most: int) -> list[Any]:
        return [self.document(kind) for _ in range(self.random.randint(least, most))]

    def document(self, kind: str) -> dict[str, Any]:
        is_trust = kind == "resource" and self.chance(25)
        statements = [
            self.statement(kind, is_trust)
            for _ in range(self.weighted([(1, 40), (2, 35), (3, 20), (5, 5)]))
        ]
        if kind in ("scp", "boundary", "session") and self.chance(70):
            statements.append({"Effect": "Allow", "Action": "*", "Resource": "*"})
        if kind == "rcp":
            for statement in statements:
                statement["Effect"] = "Allow" if self.chance(60) else "Deny"
        drawn: dict[str, Any] = {"Statement": self.bare_or_list(statements)}
        version = self.weighted([("2012-10-17", 80), ("2008-10-17", 10), ("", 10)])
        return {"Version": version, **drawn} if version else drawn

    def statement(self, kind: str, is_trust: bool) -> dict[str, Any]:
        drawn: dict[str, Any] = {"Effect": "Allow" if self.chance(80) else "Deny"}
        if kind == "resource":
            may_except = drawn["Effect"] == "Deny" and not is_trust
            element = "NotPrincipal" if may_except and self.chance(40) else "Principal"
            drawn[element] = self.principal_element()
        elif kind == "rcp":
            drawn["Principal"] = "*"
        patterns = [self.action_pattern() for _ in range(self.random.randint(1, 3))]
        drawn["NotAction" if self.chance(20) else "Action"] = self.bare_or_list(patterns)
        if not is_trust:
            entries = [self.resource_pattern() for _ in range(self.random.randint(1, 3))]
            drawn["NotResource" if self.chance(15) else "Resource"] = self.bare_or_list(entries)
        if self.chance(35):
            drawn["Condition"] = self.condition()
        return drawn

    def action_pattern(self) -> str:
        service, name = self.one(self.actions).split(":")
        sort = self.random.randrange(8)
        if sort == 0:
            return "*"
        if sort == 1:
            return f"{service}:*"
        if sort in (2, 3):
            name = self.with_wildcards(name)
        pattern = f"{service}:{name}"
        return pattern.swapcase() if self.chance(10) else pattern

    def resource_pattern(self) -> str:
        if self.chance(30):
            return "*"
        parts = self.one(self.resources).split(":", 5)
        if len(parts) < 6:
            return "*"
        if self.chance(8):
            return ":".join([*parts[: self.random.randint(3, 4)], "*"])
        if self.chance(25):
            place = self.one([1, 3, 4])
            parts[place] = self.with_wildcards(parts[place])
        if self.chance(45):
            parts[5] = self.with_wildcards(parts[5])
        if self.chance(30):
            parts[5] = self.with_variable(parts[5])
        return ":".join(parts)

    def with_wildcards(self, text: str) -> str:
        for _ in range(self.random.randint(1, 2)):
            start = self.random.randint(0, len(text))
            end = min(len(text), start + self.random.randint(0, 6))
            wildcard = "?" * (end - start) if self.chance(30) else "*"
            text = text[:start] + wildcard + text[end:]
        return text

    def with_variable(self, text: str) -> str:
        variable = self.one(VARIABLES) if self.chance(85) else self.one(NO_VARIABLES)
        for name in ("alice", "bob", "admin"):
            if name in text and self.chance(70):
                return text.replace(name, variable)
        return f"{text}{variable}" if self.chance(50) else f"{variable}{text}"

    def principal(self) -> str:
        return self.one(self.weighted(PRINCIPALS))

    def principal_element(self) -> Any:
        if self.chance(15):
            return "*"
        element: dict[str, list[str]] = {}
        for _ in range(self.random.randint(1, 3)):
            kind, value = self.principal_entry()
            element.setdefault(kind, []).append(value)
        return {kind: self.bare_or_list(values) for kind, values in element.items()}

    def principal_entry(self) -> tuple[str, str]:
        name = self.one(self.principals) if self.chance(85) else self.principal()
        if name in SERVICES:
            return "Service", name
        if name in PROVIDERS:
            return "Federated", name
        if name in ANONYMOUS:
            return self.one([("AWS", "*"), ("CanonicalUser", CANONICAL_USER)])
        account = name.split(":")[4]
        named = [name, name, account, f"arn:aws:iam::{account}:root", "*", "AIDAJQABLZS4A3QDU576Q"]
        if name in SESSIONS:
            named += ROLES
        return "AWS", self.one(named)

    # Conditions.

    def condition(self) -> dict[str, Any]:
        drawn: dict[str, Any] = {}
        for _ in range(self.weighted([(1, 65), (2, 27), (3, 8)])):
            operator, key, values = self.condition_line()
            drawn.setdefault(operator, {})[key] = self.bare_or_list(values)
        return drawn

    def condition_line(self) -> tuple[str, str, list[str]]:
        if self.chance(8):
            key = self.one([key for keys in KEYS.values() for key in keys] + [*OF_MANY_VALUES])
            return "Null", key, [self.one(["true", "false", "True", f"{UNQUOTED}true"])]
        kind = self.weighted(OPERATOR_KINDS)
        operator = self.one(OPERATORS[kind])
        key = self.one(KEYS[kind])
        if self.chance(25):
            operator = self.one(["ForAllValues:", "ForAnyValue:"]) + operator
            key = self.one(OF_MANY_VALUES) if kind == "String" and self.chance(70) else key
        if self.chance(25):
            operator += "IfExists"
        if self.chance(10):
            key = key.swapcase()
        return operator, key, [self.wanted(kind) for _ in range(self.random.randint(1, 3))]

    def wanted(self, kind: str) -> str:
        """One wanted value."""
        if kind == "Numeric" and self.chance(15):
            return UNQUOTED + self.one(["5", "5.0", "3600", "0.50", "-1", "1e3", "5E0"])
        if kind == "Bool" and self.chance(20):
            return UNQUOTED + self.one(["true", "false"])
        if kind == "String":
            return self.wanted_text()
        value = self.one(VALUES[kind])
        if kind == "Arn" and self.chance(30):
            return self.with_variable(value)
        return self.one(VARIABLES) if self.chance(2) else value

    def wanted_text(self) -> str:
        text = self.one(NAMES)
        if self.chance(35):
            text = self.with_variable(text)
        return self.with_wildcards(text) if self.chance(25) else text

    # Requests.

    def requests(self, policies: dict[str, Any], count: int) -> Iterator[dict[str, Any]]:
        """Several requests; some are the one before but for one thing."""
        last: dict[str, Any] | None = None
        for _ in range(count):
            last = (
                self.request(policies)
                if last is None or self.chance(65)
                else self.changed(last, policies)
            )
            yield last

    def changed(self, request: dict[str, Any], policies: dict[str, Any]) -> dict[str, Any]:
        other = self.request(policies)
        name = self.one(["principal", "resource", "action", "context", "context"])
        if name != "context":
            return {**request, name: other[name]}
        context = dict(request["context"])
        for key in list(context):
            if not self.chance(35):
                continue
            if self.chance(30):
                del context[key]
            else:
                held = context[key]
                context[key] = [held] if isinstance(held, str) else self.one([*held, "alice"])
        present = {key.lower() for key in context}
        for key, held in other["context"].items():
            if key.lower() not in present and self.chance(30):
                context[key] = held
        return {**request, "context": context}

    def request(self, policies: dict[str, Any]) -> dict[str, Any]:
        """The member "request" of a line, made of what the policies say."""
        statements = list(statements_of(policies))
        principal = self.one(self.principals) if self.chance(80) else self.principal()
        context = self.context(statements, principal)
        return {
            "action": self.action(statements),
            "resource": self.resource(statements, context),
            "principal": principal,
            "context": context,
        }

    def action(self, statements: list[dict[str, Any]]) -> str:
        patterns = [
            pattern
            for statement in statements
            for name in ("Action", "NotAction")
            for pattern in listed(statement.get(name, []))
        ]
        if self.chance(2):
            return self.one(NO_PERMISSION_NEEDED)
        if not patterns or self.chance(30):
            return self.one(self.actions) if self.chance(80) else self.one(ACTIONS)
        drawn = self.instance(self.one(patterns), {}, ["", "A", "List", "Key", "x-1"])
        if self.chance(10):
            drawn = drawn.swapcase()
        if re.fullmatch(r"[A-Za-z0-9]+:[A-Za-z0-9._-]+", drawn):
            return drawn
        return self.one(self.actions)

    def resource(self, statements: list[dict[str, Any]], context: dict[str, Any]) -> str:
        entries = [
            entry
            for statement in statements
            for name in ("Resource", "NotResource")
            for entry in listed(statement.get(name, []))
            if entry != "*"
        ]
        if not entries or self.chance(35):
            return self.one(self.resources) if self.chance(80) else self.one(RESOURCES)
        drawn = self.instance(
            self.one(entries), context, ["", "alice", "x/y", "x:y", "*", "\n", OWN]
        )
        parts = self.spoilt(drawn).split(":", 5)
        if len(parts) == 6 and not parts[4].isdigit() and self.chance(80):
            parts[4] = self.weighted([("", 20), (OWN, 60), (FOREIGN, 20)])
        return ":".join(parts) or "*"

    def instance(self, pattern: str, context: dict[str, Any], fillings: Sequence[str]) -> str:
        """A text that the pattern fits, or would with other values of its variables."""
        characters = filled_in(pattern, context)
        if characters is None:
            return re.sub(r"\$\{[^}]*\}", lambda _: self.one(NAMES), pattern)
        drawn = ""
        for one in characters:
            if not one.is_wildcard:
                drawn += one.text
            else:
                drawn += self.one(fillings) if one.text == "*" else self.one("ax/:*é\n")
        return drawn

    def spoilt(self, text: str) -> str:
        """The text, one time in five with one character dropped, doubled or of the other case."""
        if not text or not self.chance(20):
            return text
        at = self.random.randrange(len(text))
        spoilt = self.one(["", text[at] * 2, text[at].swapcase(), ":"])
        return text[:at] + spoilt + text[at + 1 :]

    def context(self, statements: list[dict[str, Any]], principal: str) -> dict[str, Any]:
        drawn: dict[str, Any] = {}
        if self.chance(70):
            drawn["aws:username"] = self.one(["alice", "alice", "bob", "a*", ""])
        if self.chance(50):
            drawn["aws:PrincipalTag/team"] = self.one(NAMES)
        if principal in SESSIONS and self.chance(50):
            drawn["aws:PrincipalArn"] = self.one(ROLES)
        if self.chance(8):
            drawn["aws:ResourceAccount"] = self.one([OWN, FOREIGN, [FOREIGN], "", "alice"])
        for operator, key, values in condition_lines(statements):
            if not self.chance(80):
                continue
            name = next((name for name in drawn if name.lower() == key.lower()), key)
            drawn.pop(name, None)
            if self.chance(85):
                drawn[key.swapcase() if self.chance(8) else key] = self.value(
                    operator, values, drawn
                )
        return drawn

    def value(self, operator: str, wanted: list[Any], context: dict[str, Any]) -> str | list[str]:
        """What a context key holds: one value most of the time."""
        several = ":" in operator
        if not self.chance(55 if several else 8):
            return self.single_value(operator, wanted, context)
        most = self.weighted([(0, 15), (1, 25), (2, 40), (3, 20)])
        return [self.single_value(operator, wanted, context) for _ in range(most)]

    def single_value(self, operator: str, wanted: list[Any], context: dict[str, Any]) -> str:
        kind = next((kind for kind in VALUES if kind.lower() in operator.lower()), "String")
        if self.chance(4):
            return ""
        if self.chance(55):
            text = str(self.one(wanted)).removeprefix(UNQUOTED)
            if kind == "Ip":
                text = text.split("/")[0]
            filled = self.instance(text, context, ["", "alice", "x/y", "x:y", "*", "\n"])
            return self.spoilt(filled.swapcase() if self.chance(8) else filled)
        if self.chance(3):
            return self.one(FOREIGN_NAMES)
        return self.one(VALUES[kind]) if kind in VALUES else self.one(NAMES)


def statements_of(policies: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every statement of every kind."""
    for kind in IN_ORDER:
        for _, _, document in documents(kind, policies.get(kind)):
            yield from listed(document["Statement"])


def condition_lines(statements: list[dict[str, Any]]) -> Iterator[tuple[str, str, list[Any]]]:
    """Every operator and key with its wanted values."""
    for statement in statements:
        for operator, keys in statement.get("Condition", {}).items():
            for key, values in keys.items():
                yield operator, key, listed(values)
