"""A policy document, and the set of policies that bears on a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mfa_lab.iam import document
from mfa_lab.iam.grammar import Grammar
from mfa_lab.iam.mistakes import Mistake, PolicyError
from mfa_lab.iam.statement import Statement
from mfa_lab.text import say


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """An identity-based policy, read and checked.

    Args:
        version: `2012-10-17` or `2008-10-17`, the latter also where the document names none.
        statements: Its statements in order.
        document: The document's JSON values; not to be changed.
    """

    version: str
    statements: tuple[Statement, ...] = field(repr=False)
    document: Mapping[str, Any] = field(repr=False)

    @classmethod
    def parse(cls, source: str | bytes | Mapping[str, Any]) -> Policy:
        """Read a policy.

        Args:
            source: JSON text, UTF-8 bytes of it, or the values that the text would give.

        Raises:
            PolicyError: The policy breaks a rule of the grammar; says where and which.

        Source: IAM User Guide, "Grammar of the IAM JSON policy language".
        """
        if isinstance(source, bytes):
            source = _decoded(source)
        values = document.read(source) if isinstance(source, str) else source
        grammar = Grammar(values)
        version, statements = grammar.version_and_statements()
        if grammar.mistakes:
            mistakes = grammar.mistakes
            raise PolicyError(
                document.located(source, mistakes)
                if isinstance(source, str)
                else document.in_order(values, mistakes)
            )
        return cls(version, statements, values)

    def __eq__(self, other: object) -> bool:
        """Tell whether two policies are written alike: `1.5` and `1.50` decide differently."""
        return isinstance(other, Policy) and self.to_json(None) == other.to_json(None)

    def __hash__(self) -> int:
        return hash(self.to_json(None))

    def to_json(self, indent: int | None = 2) -> str:
        """Write the policy as JSON text, its elements in the order in which they came."""
        return document.written(self.document, indent)


def _decoded(source: bytes) -> str:
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        before = source[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        values: dict[str, object] = {"place": error.start + 1}
        raise PolicyError([Mistake("not_utf8", "", values, line, column)]) from None


IDENTITY: Final = "identity"
SESSION: Final = "session"


class UnsupportedPolicyKindError(ValueError):
    """A kind of policy that this version does not decide by.

    Attributes:
        kind: `boundary`, `session`, `scp`, `rcp` or `resource`.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(say("policy_set_error.unsupported_kind", kind=kind))


@dataclass(frozen=True, slots=True)
class PolicySet:
    """The policies that bear on a request, by kind.

    Args:
        identity: Policies attached to the principal: of the user, and of the user's groups.
        boundary: Permissions boundary.
        session: Session policy.
        scps: Service control policies.
        rcps: Resource control policies.
        resource: Policy of the resource.

    Raises:
        UnsupportedPolicyKindError: Another kind than identity is given. An answer that left a
            policy out would be wrong, so none is given.
    """

    identity: Sequence[Policy] = ()
    boundary: Policy | None = None
    session: Policy | None = None
    scps: Sequence[Policy] = ()
    rcps: Sequence[Policy] = ()
    resource: Policy | None = None

    def __post_init__(self) -> None:
        others = {
            "boundary": self.boundary,
            "session": self.session,
            "scp": self.scps,
            "rcp": self.rcps,
            "resource": self.resource,
        }
        for kind, given in others.items():
            if given:
                raise UnsupportedPolicyKindError(kind)
        object.__setattr__(self, "identity", tuple(self.identity))

    def statements(self) -> Iterator[tuple[str, Statement]]:
        """Give every statement with the name of its policy, such as `identity/0`."""
        for index, policy in enumerate(self.identity):
            for statement in policy.statements:
                yield f"{IDENTITY}/{index}", statement
