"""The policies that apply to a request, by kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, TypeGuard

from mfa_lab.iam.attached_policy import AttachedPolicy
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.iam.principals import Principal, PrincipalType
from mfa_lab.iam.statement_index import StatementIndex
from mfa_lab.text import say
from mfa_lab.text.spoken_error import SpokenError

Levels: TypeAlias = Sequence[Policy] | Sequence[Sequence[Policy]]

_OF_ACCOUNTS: Final = frozenset({PolicyKind.RCP, PolicyKind.SCP, PolicyKind.RESOURCE})
_OF_RESOURCES: Final = frozenset({PolicyKind.RCP, PolicyKind.RESOURCE})
_OF_ORGANIZATIONS: Final = frozenset({PolicyKind.RCP, PolicyKind.SCP})


class PolicySetError(SpokenError, TypeError):
    """Something in a set of policies that cannot be there.

    Attributes:
        code: What is wrong.
        slot: Which field it was passed as, such as `boundary`.
    """

    def __init__(self, code: str, slot: str, **values: object) -> None:
        self.code, self.slot, self._values = code, slot, values
        super().__init__(say(f"policy_set_error.{code}", slot=slot, **values))

    def __reduce__(self) -> tuple[Any, ...]:
        return _policy_set_error, (self.code, self.slot, self._values)


def _policy_set_error(code: str, slot: str, values: dict[str, object]) -> PolicySetError:
    return PolicySetError(code, slot, **values)


@dataclass(frozen=True, slots=True)
class PolicySet:
    """The policies that apply to a request, by kind. A kind of which there are none plays no part.

    Args:
        identity: Policies attached to the principal: of the user, and of the user's groups.
        boundary: Permissions boundary. AWS attaches one; several count as one that has the
            statements of all.
        session: Session policy.
        scps: Service control policies: those of one level, or of each level of the organization
            down from its root; at each level one must allow. Leave them out where AWS does not
            apply them: in the management account.
        rcps: Resource control policies, in the same form.
        resource: Policy of the resource; for a role its trust policy.

    Raises:
        PolicySetError: Something else than a policy is passed, or one of a kind that cannot be
            there.
    """

    identity: Sequence[Policy] = ()
    boundary: Policy | Sequence[Policy] | None = None
    session: Policy | None = None
    scps: Levels = ()
    rcps: Levels = ()
    resource: Policy | None = None
    attached: tuple[AttachedPolicy, ...] = field(init=False, repr=False, compare=False)
    kinds: frozenset[PolicyKind] = field(init=False, repr=False, compare=False)
    scp_levels: int = field(init=False, repr=False, compare=False)
    has_boundary: bool = field(init=False, repr=False, compare=False)
    is_identity_alone: bool = field(init=False, repr=False, compare=False)
    _indexes: tuple[StatementIndex, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "identity", _several(self.identity, PolicyKind.IDENTITY))
        if self.boundary is not None and not isinstance(self.boundary, Policy):
            put(self, "boundary", _several(self.boundary, PolicyKind.BOUNDARY))
        put(self, "scps", _of_levels(self.scps, PolicyKind.SCP))
        put(self, "rcps", _of_levels(self.rcps, PolicyKind.RCP))
        _require_single(self.session, PolicyKind.SESSION)
        _require_single(self.resource, PolicyKind.RESOURCE)
        scps = _levels(self.scps)
        attached = (
            *_attached(PolicyKind.RCP, _levels(self.rcps)),
            *_attached(PolicyKind.SCP, scps),
            *_attached(PolicyKind.RESOURCE, _one_level(self.resource)),
            *_attached(PolicyKind.IDENTITY, _one_level(self.identity)),
            *_attached(PolicyKind.BOUNDARY, _one_level(self.boundary)),
            *_attached(PolicyKind.SESSION, _one_level(self.session)),
        )
        statements = [statement for policy in attached for statement in policy.statements()]
        indexes = (
            StatementIndex(statements),
            StatementIndex(each for each in statements if each.kind in _OF_ACCOUNTS),
            StatementIndex(each for each in statements if each.kind in _OF_RESOURCES),
            StatementIndex(each for each in statements if each.kind not in _OF_ORGANIZATIONS),
        )
        put(self, "attached", attached)
        put(self, "kinds", frozenset(policy.kind for policy in attached))
        put(self, "scp_levels", len(scps))
        put(self, "has_boundary", PolicyKind.BOUNDARY in self.kinds)
        put(self, "is_identity_alone", self.kinds == {PolicyKind.IDENTITY} and not scps)
        put(self, "_indexes", indexes)

    def index_for(self, principal: Principal) -> StatementIndex:
        """Return the statements that can apply to a principal.

        Identity-based policies, boundaries and session policies belong to users and roles; service
        control policies to accounts, so they do not apply to a service or an outsider. No policy of
        an organization applies to a service-linked role.
        """
        if principal.is_service_linked:
            return self._indexes[3]
        if principal.has_policies:
            return self._indexes[0]
        return self._indexes[1 if principal.type is PrincipalType.ACCOUNT_ROOT else 2]


_Level: TypeAlias = tuple[tuple[str, Policy], ...]  # each policy with its place in the field


def _several(given: object, kind: PolicyKind) -> tuple[Any, ...]:
    """Return as a tuple what must be a list of policies: of a generator all, and once.

    Raises:
        PolicySetError: It is one policy, or no list.
    """
    if isinstance(given, Policy) or not _is_list(given):
        raise PolicySetError("not_a_list", kind)
    return tuple(given)


def _of_levels(given: object, kind: PolicyKind) -> Any:
    """Return policies, or lists of them for each level, as tuples; one policy as it is."""
    if isinstance(given, Policy):
        return given
    levels = _several(given, kind)
    return tuple(map(tuple, levels)) if levels and all(map(_is_list, levels)) else levels


def _require_single(given: object, kind: PolicyKind) -> None:
    if _is_list(given):
        raise PolicySetError("not_one", kind)


def _is_list(given: object) -> TypeGuard[Iterable[Any]]:
    return isinstance(given, Iterable) and not isinstance(given, (str, bytes, Mapping))


def _levels(given: Any) -> tuple[_Level, ...]:
    """Return as levels what may be one policy, some, or some for each level."""
    if isinstance(given, tuple) and given and all(isinstance(level, tuple) for level in given):
        return tuple(_level(level, f"/{number}") for number, level in enumerate(given))
    return _one_level(given)


def _one_level(given: Any) -> tuple[_Level, ...]:
    """Return as one level what has no levels: one policy, or some."""
    if given is None or given == ():
        return ()
    return (_level(given, "") if isinstance(given, tuple) else (("", given),),)


def _level(policies: Iterable[Any], place: str) -> _Level:
    return tuple((f"{place}/{index}", policy) for index, policy in enumerate(policies))


def _attached(kind: PolicyKind, levels: Iterable[_Level]) -> Iterator[AttachedPolicy]:
    for number, level in enumerate(levels):
        for place, policy in level:
            _refuse_other_kinds(kind, policy)
            yield AttachedPolicy(kind, number, f"{kind}{place}", policy)


def _refuse_other_kinds(kind: PolicyKind, policy: object) -> None:
    if not isinstance(policy, Policy):
        raise PolicySetError("not_a_policy", kind, type=type(policy).__name__)
    if kind.names_principals and not policy.kind.names_principals:
        raise PolicySetError("names_no_principals", kind)
    if policy.kind.names_principals and not kind.names_principals:
        raise PolicySetError("names_principals", kind, kind=policy.kind)
