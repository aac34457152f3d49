"""What policies answer, by which of their statements match: the rule of `evaluate`, on bits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mfa_lab.analysis.requests.rows import CallingPrincipal
from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.decision import Outcome
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.required_allows import RESOURCE_POLICY_DECIDES, Allows, missing_allows
from mfa_lab.iam.service_rules import NO_PERMISSION_NEEDED
from mfa_lab.iam.statement import Effect
from mfa_lab.iam.statement_index import TRUST_POLICY_DECIDES


class Decider:
    """Tells by the statements that match what policies answer, as `evaluate` does.

    Args:
        policies: The policies.
        principal: Who asks.
        action: What for.
        is_own: Whether the resource belongs to the principal's own account.
        covering: The statements that cover the action, where they are known.

    Attributes:
        statements: The statements that cover the action and are about the principal; each has
            its place as its bit.
        denies: The bits of those with Deny.
        allows: The bits of those with Allow.
    """

    def __init__(
        self,
        policies: PolicySet,
        principal: CallingPrincipal,
        action: str,
        *,
        is_own: bool,
        covering: Iterable[MatchedStatement] | None = None,
    ) -> None:
        self.policies = policies
        self.asking = principal.read
        self._action, self._is_own = action.lower(), is_own
        if covering is None:
            candidates = policies.index_for(self.asking).covering(self._action)
            covering = (candidate.statement for candidate in candidates)
        self.statements = tuple(filter(self._is_about_who_asks, covering))
        self.denies = self.allows = 0
        for number, one in enumerate(self.statements):
            if one.statement.effect is Effect.DENY:
                self.denies |= 1 << number
            else:
                self.allows |= 1 << number
        self._known: dict[int, bool] = {}

    def _is_about_who_asks(self, matched: MatchedStatement) -> bool:
        about = matched.statement.principals
        return about is None or about.matches(self.asking, has_boundary=self.policies.has_boundary)

    @property
    def likeness(self) -> tuple[object, ...]:
        """What decides its answers beside the statements that match."""
        return (
            self.asking.type,
            self._is_own,
            self._action in NO_PERMISSION_NEEDED,
            self._action.startswith(RESOURCE_POLICY_DECIDES),
            self._action.startswith(TRUST_POLICY_DECIDES),
            tuple(
                (id(statement.statement), statement.statement.principals.naming(self.asking))
                for statement in self.statements
                if statement.statement.principals is not None
            ),
        )

    def certain(self, least: int, most: int) -> Outcome | None:
        """Return the outcome where it is the same whatever else matches; None where it is not.

        Args:
            least: The statements that match in any case, a bit each.
            most: Those that may match.
        """
        if self._action in NO_PERMISSION_NEEDED or least & self.denies:
            return self.decide(least)
        if most & self.denies:
            return None
        outcome = self.decide(least & self.allows)
        return outcome if outcome is self.decide(most & self.allows) else None

    def decide(self, mask: int) -> Outcome:
        """Return the outcome where just some statements match.

        Args:
            mask: The statements, a bit each.
        """
        if self._action in NO_PERMISSION_NEEDED:
            return Outcome.ALLOW
        if mask & self.denies:
            return Outcome.EXPLICIT_DENY
        allowing = mask & self.allows
        if allowing not in self._known:
            self._known[allowing] = self._is_allowed(allowing)
        return Outcome.ALLOW if self._known[allowing] else Outcome.IMPLICIT_DENY

    def _is_allowed(self, allowing: int) -> bool:
        allows = Allows.of(
            self.policies,
            everything=1,
            same_account=int(self._is_own),
            resource_decides=int(self._action.startswith(RESOURCE_POLICY_DECIDES)),
            trust_decides=int(self._action.startswith(TRUST_POLICY_DECIDES)),
        )
        for bit in bits_of(allowing):
            allows.add(self.statements[bit.bit_length() - 1], self.asking, 1)
        return not any(missing_allows(allows, self.asking).values())


def bits_of(mask: int) -> Iterator[int]:
    """Return the bits of a mask, the lowest first."""
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit
