"""Random policies, and random requests out of their words: nothing here knows how a cell is searched.

A request is put together from what the policies say, give or take a character or a unit, and then
shown to `admits`: what that refuses is thrown away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from mfa_lab import Policy, PolicySet, Request
from mfa_lab.analysis.catalogue import aws_catalogue, resource_arn_template
from mfa_lab.analysis.requests.admission import admits
from mfa_lab.analysis.requests.rows import Row, Target
from mfa_lab.iam.credentials import KINDS, CredentialsKind, Holder

# fmt: off
OWN, FOREIGN = "123456789012", "111122223333"
ACTIONS = (
    *("s3:GetObject", "s3:ListBucket", "s3:PutObject", "ec2:StartInstances", "ec2:CreateTags"),
    *("iam:GetUser", "iam:EnableMFADevice", "iam:CreateVirtualMFADevice", "iam:ListUsers"),
    *("sts:AssumeRole", "kms:Decrypt", "iam:CreateRole", "dynamodb:GetItem", "sqs:SendMessage"),
)
RESOURCES = (
    *("*", "*", "*", f"arn:aws:iam::{OWN}:user/${{aws:username}}", "arn:aws:iam::*:user/al*"),
    *("arn:aws:iam::*:mfa/${aws:username}", "arn:aws:iam::*:mfa/*", "arn:aws:iam::*:role/a/*"),
    *("arn:aws:s3:::logs", "arn:aws:s3:::logs/*", "arn:aws:s3:::*/alice/*", "arn:aws:s3:::b?c*"),
    *("arn:aws:s3:::home/${aws:username}/*", "arn:aws:s3:::home/${aws:PrincipalTag/team}/*"),
    *("arn:aws:s3:::home/admin/*", f"arn:aws:ec2:eu-west-1:{OWN}:instance/i-*"),
    *("arn:aws:ec2:*:*:instance/*", f"arn:aws:ec2:us-*:{FOREIGN}:*", "arn:aws:kms:*:*:key/1*"),
    *("arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/team}-*", "arn:aws:sqs:*:*:q*"),
)
CONDITIONS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("aws:MultiFactorAuthPresent", ("Bool", "BoolIfExists", "Null"), ("true", "false")),
    ("aws:MultiFactorAuthAge", ("NumericLessThan", "NumericGreaterThanIfExists", "NumericEquals"),
     ("300", "3600", "0")),
    ("aws:SourceIp", ("IpAddress", "NotIpAddress", "NotIpAddressIfExists", "Null"),
     ("10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24", "2001:db8::/32")),
    ("aws:VpcSourceIp", ("IpAddress", "NotIpAddressIfExists"), ("10.0.0.0/8", "10.1.2.3")),
    ("aws:SourceVpce", ("StringEquals", "StringNotEqualsIfExists"), ("vpce-1", "vpce-2")),
    ("aws:CurrentTime", ("DateLessThan", "DateGreaterThanEquals"), ("2022-01-01", "2030-06-01")),
    ("aws:EpochTime", ("NumericLessThan", "DateGreaterThan"), ("1700000000", "1893456000")),
    ("aws:TokenIssueTime", ("DateLessThan", "DateGreaterThanEqualsIfExists"), ("2023-05-05",)),
    ("aws:RequestedRegion", ("StringEquals", "StringNotEquals", "StringLike"),
     ("eu-west-1", "us-*", "us-east-1")),
    ("aws:ResourceAccount", ("StringEquals", "StringNotEqualsIfExists"), (OWN, FOREIGN)),
    ("aws:username", ("StringEquals", "StringLike", "StringNotEquals"), ("alice", "a*", "bob")),
    ("aws:userid", ("StringLike", "StringNotLike"), ("AIDA*", "*:alice", "AROA*:b*")),
    ("aws:PrincipalArn", ("ArnLike", "StringNotLike", "ArnNotEquals"),
     (f"arn:aws:iam::{OWN}:user/alice", "arn:aws:iam::*:role/*", "arn:aws:iam::*:user/a/*")),
    ("aws:PrincipalTag/team", ("StringEquals", "StringNotEqualsIfExists", "Null"), ("red", "blue")),
    ("aws:ResourceTag/team", ("StringEquals", "StringNotEquals", "StringLike"),
     ("red", "${aws:PrincipalTag/team}", "r*", "${aws:username}")),
    ("ec2:ResourceTag/team", ("StringEquals", "StringLike"), ("red", "${aws:PrincipalTag/team}")),
    ("iam:ResourceTag/team", ("StringEquals",), ("red",)),
    ("aws:RequestTag/team", ("StringEquals", "StringNotEquals", "Null"), ("red", "true", "false")),
    ("aws:TagKeys", ("ForAllValues:StringEquals", "ForAnyValue:StringEquals", "Null",
                     "ForAnyValue:StringLike", "ForAllValues:StringNotLikeIfExists"),
     ("team", "cost", "c*", "true")),
    ("aws:CalledVia", ("ForAnyValue:StringEquals", "ForAllValues:StringNotEquals"),
     ("athena.amazonaws.com", "glue.amazonaws.com")),
    ("aws:CalledViaFirst", ("StringEquals", "StringNotEqualsIfExists"), ("athena.amazonaws.com",)),
    ("aws:CalledViaLast", ("StringLike",), ("*.amazonaws.com", "glue.amazonaws.com")),
    ("aws:ViaAWSService", ("Bool", "BoolIfExists"), ("true", "false")),
    ("aws:SecureTransport", ("Bool",), ("true", "false")),
    ("s3:prefix", ("StringEquals", "StringLike", "StringNotLikeIfExists", "Null"),
     ("", "home/${aws:username}/*", "home/*", "logs")),
    ("s3:max-keys", ("NumericLessThanEquals", "NumericGreaterThan"), ("10", "100")),
    ("saml:aud", ("StringEquals", "StringNotEqualsIfExists"), ("https://signin.aws",)),
    ("example:Names", ("ForAnyValue:StringLike", "ForAllValues:StringEquals"), ("a*", "b")),
    ("aws:PrincipalOrgPaths", ("ForAnyValue:StringLike", "ForAllValues:StringLike"),
     ("o-1/r-1/*", "o-1/*/ou-2/")),
)
PRINCIPALS = (
    "*", OWN, f"arn:aws:iam::{OWN}:user/alice", f"arn:aws:iam::{OWN}:root",
    f"arn:aws:iam::{OWN}:role/example-role", f"arn:aws:sts::{OWN}:assumed-role/example-role/alice",
)
WORDS = ("alice", "bob", "red", "blue", "example", "team", "", "logs", "home", "a", "i-1", "cost")
# fmt: on

Document = dict[str, Any]
Policies = dict[str, Any]


def read(policies: Policies) -> PolicySet:
    """Return a policy set of the member "policies" of a line."""

    def one(kind: str) -> Policy | None:
        document = policies.get(kind)
        return None if document is None else Policy.parse(document, kind, is_saved=False)

    return PolicySet(
        identity=[Policy.parse(one, is_saved=False) for one in policies.get("identity", ())],
        boundary=one("boundary"),
        session=one("session"),
        scps=[[Policy.parse(one, "scp", is_saved=False)] for one in policies.get("scp", ())],
        rcps=[Policy.parse(one, "rcp", is_saved=False) for one in policies.get("rcp", ())],
        resource=one("resource"),
    )


@dataclass(slots=True)
class PolicyDrawer:
    """Draws policies.

    Args:
        random: Where the choices come from.
        about: An action that they often speak of; None for no such action.
    """

    random: Random
    about: str | None = None

    def policies(self) -> Policies:
        """Draw policies of some kinds."""
        found: Policies = {
            "identity": [self._policy() for _ in range(self.random.choice((1, 1, 2)))]
        }
        for kind in ("boundary", "session"):
            if self.random.random() < 0.15:
                found[kind] = self._policy()
        if self.random.random() < 0.2:
            found["scp"] = [self._policy() for _ in range(self.random.choice((1, 2)))]
        if self.random.random() < 0.1:
            found["rcp"] = [self._policy(denies=True, names="*")]
        if self.random.random() < 0.2:
            found["resource"] = self._policy(names=self.random.choice(PRINCIPALS))
        return found

    def _policy(self, *, denies: bool = False, names: str | None = None) -> Document:
        statements = [self._statement() for _ in range(self.random.choice((1, 2, 2, 3, 4)))]
        for one in statements:
            if denies:
                one["Effect"] = "Deny"
            if names is not None:
                one["Principal"] = "*" if names == "*" else {"AWS": names}
            if names is not None and "NotAction" in one:
                one["Action"] = one.pop("NotAction")
        return {"Version": "2012-10-17", "Statement": statements}

    def _is_near(self, resource: str) -> bool:
        """Whether a resource is of the service that the policies often speak of; a few are not."""
        service = (self.about or "").partition(":")[0]
        return resource == "*" or f":{service}:" in resource or self.random.random() < 0.15

    def _statement(self) -> Document:
        draw = self.random
        effect = draw.choice(("Allow", "Allow", "Deny"))
        statement: Document = {"Effect": effect}
        name = "NotAction" if draw.random() < 0.2 else "Action"
        statement[name] = draw.sample(ACTIONS, 3 if name == "NotAction" else 2)
        if name == "Action" and draw.random() < 0.7:
            statement[name] = "*" if self.about is None or draw.random() < 0.4 else self.about
        fitting = [one for one in RESOURCES if self._is_near(one)]
        resources = draw.sample(fitting, min(draw.choice((1, 1, 2)), len(fitting)))
        is_negated = draw.random() < 0.15 and "*" not in resources
        statement["NotResource" if is_negated else "Resource"] = resources
        condition: Document = {}
        for _ in range(draw.choice((0, 1, 1, 2, 3))):
            key, operators, values = draw.choice(CONDITIONS)
            operator = draw.choice(operators)
            if operator == "Null":
                wanted = [draw.choice(("true", "false"))]
            else:
                wanted = draw.sample(values, min(len(values), draw.choice((1, 1, 2))))
            condition.setdefault(operator, {})[key] = wanted
        if condition:
            statement["Condition"] = condition
        return statement


@dataclass(slots=True)
class RequestDrawer:
    """Draws requests that a cell speaks about.

    Args:
        random: Where the choices come from.
        policies: Whose words are used.
        kind: With what credentials.
        row: What else is fixed.
    """

    random: Random
    policies: Policies
    kind: CredentialsKind
    row: Row
    conditions: list[tuple[str, list[str]]] = field(init=False)
    resources: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.conditions, self.resources = [], []
        for statement in _statements(self.policies):
            listed = statement.get("Resource") or statement.get("NotResource") or []
            self.resources += [listed] if isinstance(listed, str) else listed
            for tests in statement.get("Condition", {}).values():
                for key, values in tests.items():
                    texts = [values] if isinstance(values, str) else values
                    self.conditions.append((key, [str(one) for one in texts]))

    def requests(self, count: int, tries: int = 8) -> Iterator[Request]:
        """Draw requests.

        Args:
            count: How many, at most.
            tries: How many are drawn for one that `admits` takes.
        """
        found = 0
        for _ in range(count * tries):
            request = self._request()
            if request is not None and admits(self.kind, self.row, request):
                found += 1
                yield request
            if found == count:
                return

    def _request(self) -> Request | None:
        draw = self.random
        user = self.row.user
        name = user.name if user else draw.choice((*WORDS[:2], self._word("aws:username")))
        if not re.fullmatch(r"[A-Za-z0-9+=,.@_-]+", name):
            name = "alice"
        context = self._principal(name)
        principal = context.pop("")
        path = (
            principal.split(":user", 1)[-1].rpartition("/")[0] + "/"
            if ":user/" in principal
            else "/"
        )
        resource = self._resource(name, path)
        context |= self._time()
        if self.kind.mfa.present is not None:
            context["aws:MultiFactorAuthPresent"] = self.kind.mfa.present
        context["aws:ViaAWSService"] = "true" if self.kind.through_service else "false"
        context["aws:PrincipalIsAWSService"] = "false"
        context["aws:SecureTransport"] = draw.choice(("true", "false"))
        parts = resource.split(":", 5)
        has_region = len(parts) == 6 and parts[3] != ""
        context["aws:RequestedRegion"] = (
            parts[3] if has_region else self._value("aws:RequestedRegion")
        )
        if not re.fullmatch("[a-z]{2}-[a-z-]+-[0-9]", context["aws:RequestedRegion"]):
            context["aws:RequestedRegion"] = draw.choice(("us-east-1", "eu-west-1", "us-west-2"))
        self._add_account(context, parts)
        self._add_tested(context)
        try:
            return Request(self.row.action.name, resource, principal, context)
        except ValueError:
            return None

    def _principal(self, name: str) -> dict[str, Any]:
        account, user = self.row.account, self.row.user
        draw, holder = self.random, self.kind.holder
        beginning = f"arn:{self.row.partition}"
        context = {"aws:PrincipalAccount": account, "aws:PrincipalType": str(holder)}
        if holder is Holder.ROOT_USER:
            arn = f"{beginning}:iam::{account}:root"
            return context | {"": arn, "aws:PrincipalArn": arn, "aws:userid": account}
        if holder is Holder.FEDERATED_USER:
            arn = f"{beginning}:sts::{account}:federated-user/{name}"
            return context | {"": arn, "aws:PrincipalArn": arn, "aws:userid": f"{account}:{name}"}
        if holder is Holder.ROLE_SESSION:
            role = "example-role" if user else draw.choice(("example-role", "a", "admin"))
            return context | {
                "": f"{beginning}:sts::{account}:assumed-role/{role}/{name}",
                "aws:PrincipalArn": f"{beginning}:iam::{account}:role/{role}",
                "aws:userid": f"AROAEXAMPLEROLE000001:{name}",
            }
        path = user.path if user else draw.choice(("/", "/", "/a/", "/b/c/"))
        arn = f"{beginning}:iam::{account}:user{path}{name}"
        unique_id = (
            user.user_id if user else draw.choice(("AIDAEXAMPLEALICE00001", "AIDA" + "Q" * 17))
        )
        return context | {
            "": arn, "aws:PrincipalArn": arn, "aws:userid": unique_id, "aws:username": name,
        }  # fmt: skip

    def _time(self) -> dict[str, str]:
        draw = self.random
        since = int(self.row.since.timestamp())
        moments = [since, *(_seconds(one) for _, values in self.conditions for one in values)]
        now = max(since, draw.choice(moments) + draw.choice((-1, 0, 1, 100)))
        context = {"aws:CurrentTime": _iso(now), "aws:EpochTime": str(now)}
        issued = min(now, max(0, draw.choice((*moments, now - 60)) + draw.choice((-1, 0, 1))))
        if self.kind.temporary:
            context["aws:TokenIssueTime"] = _iso(issued)
        if self.kind.mfa.age is not None:
            ages = [
                0,
                60,
                *(int(one) for _, values in self.conditions for one in values if one.isdecimal()),
            ]
            age = max(0, draw.choice(ages) + draw.choice((-1, 0, 1)))
            context["aws:MultiFactorAuthAge"] = str(
                max(age, now - issued) if self.kind.temporary else age
            )
        return context

    def _resource(self, name: str, path: str) -> str:
        draw, row = self.random, self.row
        of_iam = f"arn:{row.partition}:iam::{row.account}:"
        types = [one for one, _ in row.action.resource_types]
        if row.action.service == "iam" and draw.random() < 0.7:
            if row.target is Target.OWN_USER and "user" in types:
                return f"{of_iam}user{path}{name}"
            if row.target is Target.OWN_DEVICE and "mfa" in types:
                return f"{of_iam}mfa/{name}"
        if not types:
            return "*"
        if self.resources and draw.random() < 0.6:
            wanted = self._filled(draw.choice(self.resources), name)
            parts = wanted.split(":", 5)
            if len(parts) == 6:
                shape = (resource_arn_template(row.action.service, draw.choice(types)) or "").split(
                    ":", 5
                )
                if len(shape) == 6:
                    parts[0], parts[1], parts[2] = "arn", row.partition, shape[2]
                    parts[3] = "" if not shape[3] else parts[3]
                    parts[4] = "" if not shape[4] else self._account()
                    if shape[3] and not re.fullmatch("[a-z]{2}-[a-z-]+-[0-9]", parts[3]):
                        parts[3] = draw.choice(("eu-west-1", "us-east-1"))
                return self._spoilt(":".join(parts))
        template = resource_arn_template(row.action.service, draw.choice(types)) or "*"
        filled = template.replace("${Partition}", row.partition)
        filled = filled.replace("${Region}", draw.choice(("eu-west-1", "us-east-1")), 1)
        filled = filled.replace("${Account}", self._account(), 1)
        return re.sub(r"\$\{\w+\}|\*", lambda _: draw.choice((*WORDS, "example")) or "x", filled)

    def _account(self) -> str:
        if self.row.target is Target.ANOTHER_ACCOUNT:
            return self.random.choice((FOREIGN, "999999999999"))
        return self.row.account

    def _add_account(self, context: dict[str, Any], parts: Sequence[str]) -> None:
        own = parts[4] if len(parts) == 6 else ""
        is_elsewhere = self.row.target is Target.ANOTHER_ACCOUNT
        account = own or (self._account() if is_elsewhere else self.row.account)
        if self.random.random() < 0.6 or (is_elsewhere and not own):
            context["aws:ResourceAccount"] = account

    def _add_tested(self, context: dict[str, Any]) -> None:
        """Add values for the keys that the policies test, those of which others follow with them."""
        draw = self.random
        lowered = {key.lower() for key in context}
        chain: list[str] = []
        tags: list[str] = []
        for key, _ in self.conditions:
            if key.lower() in lowered or draw.random() < 0.35:
                continue
            lowered.add(key.lower())
            if key.lower().startswith("aws:calledvia"):
                chain = chain or [self._value(key) for _ in range(draw.choice((1, 1, 2, 3)))]
            elif key.lower() == "aws:tagkeys":
                tags += [self._value(key) for _ in range(draw.choice((0, 1, 1, 2)))]
            elif key in ("example:Names", "aws:PrincipalOrgPaths"):
                context[key] = [self._value(key) for _ in range(draw.choice((0, 1, 1, 2, 3)))]
            elif key.lower() in _FIXED:
                continue
            else:
                context[key] = self._value(key)
        if chain:
            context |= {"aws:CalledVia": chain, "aws:CalledViaFirst": chain[0]}
            context["aws:CalledViaLast"] = chain[-1]
        if draw.random() < 0.5 and "aws:SourceIp" in context:
            for key in [one for one in context if "vpc" in one.lower()]:
                del context[key]
        elif any("vpc" in one.lower() for one in context):
            context.pop("aws:SourceIp", None)
        self._add_tags(context, tags)

    def _add_tags(self, context: dict[str, Any], tags: Sequence[str]) -> None:
        of_service = f"{self.row.action.service}:ResourceTag/"
        for key in [one for one in context if "ResourceTag/" in one]:
            name = key.partition("/")[2]
            both = self.random.choice((True, True, False))
            if both:
                context[f"aws:ResourceTag/{name}"] = context[of_service + name] = context[key]
        for name in tags:
            if name:
                context.setdefault(f"aws:RequestTag/{name}", self._value("aws:RequestTag/team"))
        names = [one.partition("/")[2] for one in context if one.startswith("aws:RequestTag/")]
        if names or self.random.random() < 0.2:
            context["aws:TagKeys"] = names

    def _value(self, key: str) -> str:
        own = [one for other, values in self.conditions if other == key for one in values]
        others = [one for _, values in self.conditions for one in values]
        drawn = self.random.random()
        words = own if own and drawn < 0.7 else others if others and drawn < 0.85 else list(WORDS)
        return self._near(self._filled(self.random.choice(words), self.random.choice(WORDS)), key)

    def _word(self, key: str) -> str:
        return self._value(key)

    def _near(self, word: str, key: str) -> str:
        """Give or take a unit, where the word is a number, a network or a date."""
        draw = self.random
        if "/" in word and re.fullmatch(r"[0-9a-f.:]+/\d+", word):
            word = word.partition("/")[0]
            return (
                word if ":" in word else word.rsplit(".", 1)[0] + draw.choice((".0", ".1", ".255"))
            )
        if re.fullmatch(r"\d{1,10}", word):
            return str(max(0, int(word) + draw.choice((-1, 0, 1))))
        if re.fullmatch(r"[0-9.]+", word):
            return word
        if key.lower() in ("aws:sourceip", "aws:vpcsourceip"):
            return draw.choice(("10.0.0.1", "10.1.0.9", "192.0.2.1", "8.8.8.8", "2001:db8::1"))
        return self._spoilt(word) if draw.random() < 0.25 else word

    def _filled(self, pattern: str, name: str) -> str:
        """Put something in place of wildcards and variables."""
        draw = self.random
        text = re.sub(
            r"\$\{[^}]*\}", lambda _: draw.choice((name, "red", "alice", "blue")), pattern
        )
        return re.sub(r"[*?]", lambda _: draw.choice((*WORDS, "x", "i-1", "eu-west-1")), text)

    def _spoilt(self, text: str) -> str:
        draw = self.random
        if not text or draw.random() < 0.7:
            return text
        place = draw.randrange(len(text))
        return draw.choice(
            (text[:place] + text[place + 1 :], text[:place] + "a" + text[place:], text + "x")
        )


_FIXED = frozenset(
    ("aws:username", "aws:userid", "aws:principalarn", "aws:multifactorauthpresent",
     "aws:multifactorauthage", "aws:tokenissuetime", "aws:requestedregion", "aws:resourceaccount")
)  # fmt: skip


def _statements(policies: Mapping[str, Any]) -> Iterator[Document]:
    for value in policies.values():
        for policy in value if isinstance(value, list) else [value]:
            for one in policy if isinstance(policy, list) else [policy]:
                statements = one["Statement"]
                yield from statements if isinstance(statements, list) else [statements]


def _seconds(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return int(text) if re.fullmatch(r"\d{9,10}", text) else 1_623_402_000


def _iso(seconds: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )


def narrowed(draw: Random, row: Row, request: Request) -> Row:
    """The row, with some of what a request of its has fixed; or its resource, give or take."""
    keys = draw.sample(sorted(request.values), min(len(request.values), draw.choice((1, 1, 2, 3))))
    context = [(key, request.values[key]) for key in keys]
    absent = draw.choice(("aws:sourceip", "aws:principaltag/team", "aws:calledvia", "s3:prefix"))
    if absent not in request.values and draw.random() < 0.3:
        context.append((absent, None))  # type: ignore[arg-type]
    resources: tuple[str, ...] = ()
    if draw.random() < 0.3 and row.target is Target.ANY and row.user is not None:
        resources = (request.resource,)
        if draw.random() < 0.5 and ":" in request.resource:
            resources = (request.resource[: -draw.choice((1, 2, 3))] + "*",)
    return replace(row, context=tuple(context), resources=resources)


def any_cell(draw: Random) -> tuple[CredentialsKind, Row]:
    """Draw a kind of credentials and a row."""
    from mfa_lab.iam.credentials import User

    action = aws_catalogue()[draw.choice(ACTIONS)]
    target = draw.choice((*Target, Target.ANY, Target.ANY))
    user = None if draw.random() < 0.3 else User()
    return KINDS[draw.choice(tuple(KINDS))], Row(action, target, user)
