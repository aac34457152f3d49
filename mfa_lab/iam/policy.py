"""A policy document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mfa_lab.iam.parsing import json_text, locations
from mfa_lab.iam.parsing.grammar import Grammar
from mfa_lab.iam.parsing.mistakes import REFUSED_BUT_PLAIN, Mistake, PolicyError
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.iam.statement import Statement
from mfa_lab.text.shown_value import shown


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A policy, read and checked.

    Args:
        version: `2012-10-17` or `2008-10-17`, the latter also where the document names none.
        statements: Its statements in order.
        document: The document's JSON values; not to be changed.
        kind: The kind by whose rules it was read.
    """

    version: str
    statements: tuple[Statement, ...] = field(repr=False)
    document: Mapping[str, Any] = field(repr=False)
    kind: PolicyKind = PolicyKind.IDENTITY

    @classmethod
    def parse(
        cls,
        source: str | bytes | Mapping[str, Any],
        kind: PolicyKind | str = PolicyKind.IDENTITY,
        *,
        is_saved: bool = True,
    ) -> Policy:
        """Read a policy.

        Args:
            source: JSON text, UTF-8 bytes of it, or the values that the text would give.
            kind: What kind of policy it is, since kinds differ in what they may hold.
            is_saved: Whether it must be one that AWS saves. False also accepts a policy that AWS
                refuses although its meaning is plain: an ARN that names nothing, for example.

        Raises:
            PolicyError: The policy breaks a rule of the grammar; has the place and the rule.
            ValueError: There is no such kind.

        Source: IAM User Guide, "Grammar of the IAM JSON policy language".
        """
        if isinstance(source, bytes):
            source = _decoded(source)
        if hasattr(source, "__fspath__"):
            raise PolicyError([Mistake("path_given", "", {"path": shown(str(source))})])
        repetitions: list[Mistake] = []
        values: Any = source
        if isinstance(source, str):
            values, repetitions = json_text.read_with_repetitions(source)
        kind = PolicyKind(kind)
        grammar = Grammar(values, kind)
        version, statements = grammar.version_and_statements()
        mistakes = grammar.mistakes
        if not is_saved:
            mistakes = [each for each in mistakes if each.code not in REFUSED_BUT_PLAIN]
        if isinstance(source, str) and kind.is_of_iam:
            noted = {mistake.pointer for mistake in mistakes}
            foreign = json_text.foreign_characters(source)
            mistakes = [
                *mistakes,
                *(mistake for mistake in foreign if mistake.pointer not in noted),
            ]
        if repetitions:
            mistakes = [*repetitions, *locations.outside_of_repetitions(repetitions, mistakes)]
        if mistakes:
            raise PolicyError(
                locations.with_locations(source, mistakes)
                if isinstance(source, str)
                else locations.in_document_order(values, mistakes)
            )
        return cls(version, statements, values, kind)

    def __eq__(self, other: object) -> bool:
        """Tell whether two policies are written alike: `1.5` and `1.50` decide differently."""
        return (
            isinstance(other, Policy)
            and self.kind is other.kind
            and self.to_json(None) == other.to_json(None)
        )

    def __hash__(self) -> int:
        return hash(self.to_json(None))

    @property
    def size(self) -> int:
        """How many characters it has without white space, as IAM's quotas count them."""
        return json_text.size(self.document, white_space=False) or 0

    def to_json(self, indent: int | None = 2) -> str:
        """Write the policy as JSON text, its elements in the order in which they came."""
        return json_text.written(self.document, indent)


def _decoded(source: bytes) -> str:
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        before = source[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        values: dict[str, object] = {"place": error.start + 1}
        raise PolicyError([Mistake("not_utf8", "", values, line, column)]) from None
