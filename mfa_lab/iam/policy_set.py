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
    """Something that cannot stand where it was given in a set of policies.

    Attributes:
        code: What is wrong.
        slot: Where it was given, such as `boundary`.
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
    """The policies that bear on a request, by kind. A kind of which there are none is not asked.

    Args:
        identity: Policies attached to the principal: of the user, and of the user's groups.
        boundary: Permissions boundary. AWS attaches one; several count as one that has the
            statements of all.
        session: Session policy.
        scps: Service control policies: those of one level, or of each level of the organization
            down from its root; at each level one must allow. Leave them out where AWS does not
            apply them: in the management account.
        rcps: Resource control policies, likewise.
        resource: Policy of the resource; for a role its trust policy.

    Raises:
        PolicySetError: Something else than a policy is given, or one of a kind that cannot stand
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
        _demand_one(self.session, PolicyKind.SESSION)
        _demand_one(self.resource, PolicyKind.RESOURCE)
        scps = _levels(self.scps)
        attached = (
            *_attached(PolicyKind.RCP, _levels(self.rcps)),
            *_attached(PolicyKind.SCP, scps),
            *_attached(PolicyKind.RESOURCE, _one_level(self.resource)),
            *_attached(PolicyKind.IDENTITY, _one_level(self.identity)),
            *_attached(PolicyKind.BOUNDARY, _one_level(self.boundary)),
            *_attached(PolicyKind.SESSION, _one_level(self.session)),
        )
        everything = [one for policy in attached for one in policy.statements()]
        indexes = (
            StatementIndex(everything),
            StatementIndex(one for one in everything if one.kind in _OF_ACCOUNTS),
            StatementIndex(one for one in everything if one.kind in _OF_RESOURCES),
            StatementIndex(one for one in everything if one.kind not in _OF_ORGANIZATIONS),
        )
        put(self, "attached", attached)
        put(self, "kinds", frozenset(one.kind for one in attached))
        put(self, "scp_levels", len(scps))
        put(self, "has_boundary", PolicyKind.BOUNDARY in self.kinds)
        put(self, "is_identity_alone", self.kinds == {PolicyKind.IDENTITY} and not scps)
        put(self, "_indexes", indexes)

    def index_for(self, principal: Principal) -> StatementIndex:
        """Give the statements that can bear on a principal.

        Identity-based policies, boundaries and session policies are of users and roles; service
        control policies are of accounts, so a service or an outsider is not subject to them.
        Neither policy of an organization bears on a service-linked role.
        """
        if principal.is_service_linked:
            return self._indexes[3]
        if principal.has_policies:
            return self._indexes[0]
        return self._indexes[1 if principal.type is PrincipalType.ACCOUNT_ROOT else 2]


_Level: TypeAlias = tuple[tuple[str, Policy], ...]  # each policy with its place in what was given


def _several(given: object, kind: PolicyKind) -> tuple[Any, ...]:
    """Give what must be a list of policies as a tuple: of a generator all, and once.

    Raises:
        PolicySetError: It is one policy, or no list.
    """
    if isinstance(given, Policy) or not _is_list(given):
        raise PolicySetError("not_a_list", kind)
    return tuple(given)


def _of_levels(given: object, kind: PolicyKind) -> Any:
    """Give policies, or lists of them for each level, as tuples; one policy as it is."""
    if isinstance(given, Policy):
        return given
    levels = _several(given, kind)
    return tuple(map(tuple, levels)) if levels and all(map(_is_list, levels)) else levels


def _demand_one(given: object, kind: PolicyKind) -> None:
    if _is_list(given):
        raise PolicySetError("not_one", kind)


def _is_list(given: object) -> TypeGuard[Iterable[Any]]:
    return isinstance(given, Iterable) and not isinstance(given, (str, bytes, Mapping))


def _levels(given: Any) -> tuple[_Level, ...]:
    """Bring what may be one policy, some, or some for each level, into one form."""
    if isinstance(given, tuple) and given and all(isinstance(one, tuple) for one in given):
        return tuple(_level(one, f"/{number}") for number, one in enumerate(given))
    return _one_level(given)


def _one_level(given: Any) -> tuple[_Level, ...]:
    """Likewise, of policies that have no levels."""
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
