"""The parts of a request that can be chosen each by itself, and the choices that statements see.

A request's resource, its time, its network and each of its other condition keys are parts. A choice
of one part says of each statement whether what the statement asks of that part holds: one bit a
statement. A request is one choice of every part, and the statements that match it are those whose
bit all the choices have. So no more than the distinct choices of each part need be looked at, and
never the product of all values. Parts that a policy variable ties together are one part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, Final

from mfa_lab.analysis.requests.condition_key_table import (
    Domain,
    KeyFacts,
    Presence,
    follows,
    key_facts,
    resource_tag_key,
)
from mfa_lab.analysis.requests.fixed_context import fixed_context
from mfa_lab.analysis.requests.key_values import (
    LANGUAGES,
    KeyValues,
    Value,
    key_values,
    member_sets,
    member_values,
    text_patterns,
)
from mfa_lab.analysis.requests.resource_spaces import ResourceSpace, may_fit
from mfa_lab.analysis.requests.rows import CallingPrincipal, Row, Target
from mfa_lab.analysis.requests.text_classes import (
    ANY,
    NO_COLON,
    TextClasses,
    Tied,
    Unit,
    Units,
    literal,
    remainders,
    text_classes,
    tied_values,
    unit,
    units_of,
)
from mfa_lab.analysis.requests.times import times
from mfa_lab.iam.condition.conditions import ConditionTest
from mfa_lab.iam.condition.values import ARN_PARTS
from mfa_lab.iam.condition.variables import Part, Template, Variable
from mfa_lab.iam.patterns import ANY_RUN, Tokens
from mfa_lab.iam.statement import ResourceElement, ResourcePattern, Statement

RESOURCE: Final = "resource"
OTHER_ACCOUNT: Final = "210987654321"

MOST_CHOICES: Final = 20_000
MOST_BINDINGS: Final = 400
_FRESH: Final = ("example", "other", "another")

Assignment = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a part of a request.

    Args:
        mask: The statements for which it holds what they ask of the part, a bit each.
        values: What is chosen: context keys, and `resource`. An absent key is None.
    """

    mask: int
    values: Mapping[str, Value]


@dataclass(slots=True)
class RequestPart:
    """A part of a request.

    Args:
        names: What it is: context keys in lower case, and `resource`.
        choices: What can be chosen, as far as statements see it.
    """

    names: tuple[str, ...]
    choices: list[Choice]


@dataclass(slots=True)
class Candidate:
    """A statement that may match.

    Args:
        bit: Its bit.
        statement: The statement.
        resources: What is left to ask of the resource, or None.
        tests: What is left to ask of the context.
    """

    bit: int
    statement: Statement
    resources: ResourceElement | None
    tests: list[ConditionTest]

    def templates(self) -> Iterator[Template]:
        """Return the texts of the statement in which policy variables may stand."""
        if self.resources is not None:
            yield from (pattern.last for pattern in self.resources.patterns)
        for test in self.tests:
            yield from test.wanted

    def likeness(self) -> tuple[int, ...]:
        """Return what tells it from other statements, and from itself with less left to ask."""
        tests = (id(test) for test in self.tests)
        return (id(self.statement), int(self.resources is not None), *tests)


@dataclass(slots=True)
class _Test:
    """A condition test with the bit of its statement."""

    bit: int
    test: ConditionTest


@dataclass(slots=True)
class _Group:
    """What is derived from one another."""

    keys: dict[str, None] = field(default_factory=dict)
    tests: list[_Test] = field(default_factory=list)
    resources: list[Candidate] = field(default_factory=list)

    def asked(self) -> list[ConditionTest]:
        return [test.test for test in self.tests]


class RequestParts:
    """The parts of the requests of one row, one kind of credentials and one type of resource.

    Args:
        row: The row.
        principal: Who asks.
        space: The resources that are asked about.
        candidates: The statements that cover the action and are about the principal, each with
            its bit.
        marked: ARNs that are to be told from others, each with the bit that only it has.

    Attributes:
        alive: The statements that what is fixed does not rule out.
        certain: Those of which nothing is left to ask.
        fixed: The context keys that are fixed, in lower case.
        is_empty: Whether there is no request at all, since the row fixes what none can have.
        is_complete: Whether every choice that there is was found.
        unknown_keys: The keys that are asked about though nobody knows them.
    """

    def __init__(
        self,
        row: Row,
        principal: CallingPrincipal,
        space: ResourceSpace,
        candidates: Iterable[tuple[int, Statement]],
        marked: Mapping[str, int] | None = None,
    ) -> None:
        self.row, self.principal, self.space = row, principal, space
        self.kind = principal.kind
        self.marked = marked or {}
        self.is_complete = True
        self.unknown_keys: dict[str, None] = {}
        self._facts: dict[str, KeyFacts] = {}
        fixed = fixed_context(row, principal, space, self.facts)
        self.is_empty = fixed is None
        self.fixed: dict[str, Value] = fixed or dict(row.fixed_context)
        self._context = _present(self.fixed)
        self.alive = self.certain = 0
        self._candidates = [
            left for bit, one in candidates if (left := self._left(bit, one)) is not None
        ]
        for candidate in self._candidates:
            self.alive |= candidate.bit
            if candidate.resources is None and not candidate.tests:
                self.certain |= candidate.bit
        self._all = self.alive
        for bit in self.marked.values():
            self._all |= bit
        self._groups: dict[str, _Group] = {}
        self._joined: dict[str, str] = {}
        self._variables: dict[str, None] = {}
        for candidate in self._candidates:
            self._sort(candidate)
        if self.marked:
            self._group(RESOURCE)

    @cached_property
    def parts(self) -> list[RequestPart]:
        """The parts."""
        return list(self._make_parts())

    @property
    def likeness(self) -> tuple[object, ...]:
        """What decides which choices there are: requests that are alike in it are asked once."""
        used = {
            variable.key
            for candidate in self._candidates
            for template in candidate.templates()
            for variable in template.variables
        }
        keys = dict.fromkeys(key for group in self._groups.values() for key in group.keys)
        resources = (
            (self.space.language, self.space.excluded, self.space.is_one, self.space.owner)
            if RESOURCE in self._groups
            else None
        )
        owner = self.space.owner if "aws:resourceaccount" in keys else None
        return (
            tuple(candidate.likeness() for candidate in self._candidates),
            tuple((key, self.fixed.get(key)) for key in sorted(used)),
            tuple((key, self.facts(key), self._name_of_group(key)) for key in keys),
            resources,
            owner,
            tuple(self.marked),
            self.is_empty,
        )

    def facts(self, key: str) -> KeyFacts:
        """Return what is known of a context key.

        Args:
            key: In lower case.
        """
        known = self._facts.get(key)
        if known is None:
            known = key_facts(key, self.kind, self.row.action.name, self.space.resource_type)
            self._facts[key] = known
        return known

    def _is_fixed(self, key: str) -> bool:
        return key in self.fixed or self.facts(key).presence is Presence.NEVER

    def _left(self, bit: int, statement: Statement) -> Candidate | None:
        """Return what is left to ask of a statement; None where what is fixed rules it out."""
        tests: list[ConditionTest] = []
        for test in statement.conditions:
            variables = (variable.key for wanted in test.wanted for variable in wanted.variables)
            keys = (test.key, *self._free(variables))
            if len(keys) > 1 or not self._is_fixed(test.key):
                tests.append(test)
            elif not test.result(self._context).holds:
                return None
        resources = statement.resources
        if resources is not None and resources.is_everything:
            resources = None
        if resources is not None and self.space.is_one and not self._free(resources.variables):
            if not resources.match(self.space.example, self._context).matched:
                return None
            resources = None
        if resources is not None and not any(
            may_fit(self.space, pattern) for pattern in resources.patterns
        ):
            if not resources.negated:
                return None
            resources = None
        return Candidate(bit, statement, resources, tests)

    # Which keys belong together

    def _sort(self, one: Candidate) -> None:
        for test in one.tests:
            names = [self._group_of(test.key)] if not self._is_fixed(test.key) else []
            names += self._of_variables(
                variable.key for wanted in test.wanted for variable in wanted.variables
            )
            self._join(names)
            group = self._group(names[0])
            group.tests.append(_Test(one.bit, test))
        if one.resources is not None:
            self._join([RESOURCE, *self._of_variables(one.resources.variables)])
            self._group(RESOURCE).resources.append(one)

    def _of_variables(self, keys: Iterable[str]) -> list[str]:
        """Return the groups of policy variables that can stand for several values."""
        free = self._free(keys)
        self._variables.update(dict.fromkeys(free))
        return [self._group_of(key) for key in free]

    def _free(self, keys: Iterable[str]) -> list[str]:
        """Return the variables that are not fixed; a key of many values has none to put in."""
        return [
            key for key in keys if not self._is_fixed(key) and not self.facts(key).is_multivalued
        ]

    def _group(self, name: str) -> _Group:
        self._joined.setdefault(name, name)
        return self._groups.setdefault(name, _Group())

    def _group_of(self, key: str) -> str:
        name = self._name_of_group(key)
        self._group(name).keys[key] = None
        if not self.facts(key).is_known:
            self.unknown_keys[key] = None
        return name

    def _name_of_group(self, key: str) -> str:
        if key == "aws:requestedregion":
            return RESOURCE if self.space.has_region else key
        if key == "aws:resourceaccount":
            return RESOURCE if self.space.has_account and self.space.owner is None else key
        match follows(key):
            case "time":
                return "time"
            case "network":
                return "network"
            case "calling services":
                return "calling services"
        if self._takes_request_tags and key.startswith(("aws:requesttag/", "aws:tagkeys")):
            return "request tags"
        return resource_tag_key(key)

    @property
    def _takes_request_tags(self) -> bool:
        """Whether aws:TagKeys names the tags of the request."""
        facts = self.facts("aws:tagkeys"), self.facts("aws:requesttag/a")
        return all(fact.presence is not Presence.NEVER for fact in facts)

    def _join(self, names: Sequence[str]) -> None:
        for name in names:
            self._group(name)
        for name in names[1:]:
            self._joined[self._root(name)] = self._root(names[0])

    def _root(self, name: str) -> str:
        while self._joined[name] != name:
            name = self._joined[name]
        return name

    # What can be chosen

    def _make_parts(self) -> Iterator[RequestPart]:
        tied: dict[str, list[str]] = {}
        for name in self._groups:
            tied.setdefault(self._root(name), []).append(name)
        for names in tied.values():
            variables = [key for key in self._variables if self._name_of_group(key) in names]
            keys = [key for name in names for key in self._groups[name].keys]
            if RESOURCE in names:
                keys.insert(0, RESOURCE)
            yield RequestPart(tuple(dict.fromkeys(keys)), self._choices(names, variables))

    def _choices(self, names: Sequence[str], variables: Sequence[str]) -> list[Choice]:
        found: dict[int, Choice] = {}
        steps = 0
        for bound in self._bindings(names, variables):
            together = [Choice(self._all, {})]
            for name in names:
                of_group = self._choices_of(name, bound)
                steps += len(together) * len(of_group)
                together = _both(together, of_group)
            for choice in together:
                if choice.mask not in found:
                    found[choice.mask] = choice
            if steps > MOST_CHOICES:
                self.is_complete = False
                break
        return list(found.values())

    def _bindings(self, names: Sequence[str], variables: Sequence[str]) -> Iterator[Assignment]:
        """Return the ways in which policy variables can be filled in."""
        several = [self._values_of_variable(names, key, len(variables)) for key in variables]
        for number, chosen in enumerate(product(*several)):
            if number == MOST_BINDINGS:
                self.is_complete = False
                return
            yield dict(zip(variables, chosen, strict=True))

    def _values_of_variable(self, names: Sequence[str], key: str, count: int) -> list[Value]:
        """Return what a policy variable can stand for.

        That is each value that the tests on its own key tell apart, each value that what it is
        compared with can have besides, and values that nothing names.
        """
        facts = self.facts(key)
        own = [
            one.test
            for name in names
            for one in self._groups[name].tests
            if one.test.key == key and not _names_variables(one.test, self._variables)
        ]
        if follows(key) == "time":
            self.is_complete = False
            found_times = times(own, self.row, self.kind, self.fixed)
            return list(
                dict.fromkeys(assignment.get(key) for assignment in found_times.assignments)
            )
        found = key_values(facts, own, self._context)
        self.is_complete &= found.is_complete
        values: dict[Value, None] = dict.fromkeys(found.values)
        if facts.domain in LANGUAGES:
            patterns = tuple(one for test in own if (one := text_patterns(test, self._context)))
            tied = tied_values(
                LANGUAGES[facts.domain], patterns, tuple(self._ties(names, key)), _FRESH
            )
            self.is_complete &= tied.is_complete
            values.update((one.text, None) for one in tied.classes)
        fitting = member_values(facts.domain, [], self._context, extra=_FRESH[: count + 1])
        values.update((value, None) for value in fitting.values if value in _FRESH)
        return list(values)

    def _ties(self, names: Sequence[str], key: str) -> Iterator[Tied]:
        """Return where a policy variable stands, and what the text that it makes is compared with.

        Other variables in the text count as wildcards.
        """
        for name in names:
            group = self._groups[name]
            patterns = [
                pattern
                for resource in group.resources
                if resource.resources is not None
                for pattern in resource.resources.patterns
                if pattern.leading
            ]
            lasts = [pattern.last for pattern in patterns]
            beginning = ":".join([*self.space.example.split(":")[: ARN_PARTS - 1], ""])
            beside = [*map(template_units, lasts), *remainders(self.space.language, beginning)]
            yield from ties(key, lasts, tuple(dict.fromkeys(beside)))
            by_key: dict[str, list[Template]] = {}
            for test in group.asked():
                by_key.setdefault(test.key, []).extend(test.wanted)
            for tested, wanted in by_key.items():
                beside = [*map(template_units, wanted)]
                fixed = self.fixed.get(tested)
                if isinstance(fixed, str):
                    beside.append(literal(fixed))
                yield from ties(key, wanted, tuple(dict.fromkeys(beside)))

    def _choices_of(self, name: str, bound: Assignment) -> list[Choice]:
        group = self._groups[name]
        match name:
            case "resource":
                assignments = self._resources(group, bound)
            case "time":
                assignments = self._times(group)
            case "network":
                return self._network(group, bound)
            case "calling services":
                assignments = self._calling_services(group, bound)
            case "request tags":
                assignments = self._request_tags(group, bound)
            case _:
                assignments = self._single(name, group, bound)
        return self._distinct(group, assignments, bound)

    def _distinct(
        self, group: _Group, assignments: Iterable[Assignment], bound: Assignment
    ) -> list[Choice]:
        """Keep one of the assignments that all statements see alike."""
        found: dict[int, Choice] = {}
        for assignment in assignments:
            if any(key in bound and bound[key] != value for key, value in assignment.items()):
                continue
            if any(
                key in self.fixed and self.fixed[key] != value for key, value in assignment.items()
            ):
                continue
            mask = self._mask(group, {**bound, **assignment})
            if mask not in found:
                found[mask] = Choice(mask, assignment)
            if len(found) > MOST_CHOICES:
                self.is_complete = False
                break
        return list(found.values())

    def _mask(self, group: _Group, assignment: Mapping[str, Value]) -> int:
        context = self._context_with(assignment)
        mask = self._all
        for test in group.tests:
            if mask & test.bit and not test.test.result(context).holds:
                mask &= ~test.bit
        resource = assignment.get(RESOURCE)
        if isinstance(resource, str):
            for asked in group.resources:
                elements = asked.resources if mask & asked.bit else None
                if elements is not None and not elements.match(resource, context).matched:
                    mask &= ~asked.bit
            for arn, bit in self.marked.items():
                if resource != arn:
                    mask &= ~bit
        return mask

    def _context_with(self, assignment: Mapping[str, Value]) -> dict[str, str | tuple[str, ...]]:
        return _present({**self.fixed, **assignment})

    def _noted(self, found: KeyValues) -> list[Value]:
        self.is_complete &= found.is_complete
        return found.values

    def _values(self, key: str, tests: Sequence[_Test], bound: Assignment) -> list[Value]:
        """Return the values of one key; the one that it is bound to, where a variable names it."""
        if key in bound:
            return [bound[key]]
        if key in self.fixed:
            return [self.fixed[key]]
        own = [test.test for test in tests if test.test.key == key]
        context = self._context_with(bound)
        return self._noted(key_values(self.facts(key), own, context))

    def _single(self, name: str, group: _Group, bound: Assignment) -> Iterator[Assignment]:
        """A key by itself, or a resource's tag with the names that it has."""
        if name == "aws:resourceaccount":
            yield from self._owners(group, bound)
            return
        keys = list(group.keys)
        if len(keys) == 1 and keys[0] == name:
            yield from ({name: value} for value in self._values(name, group.tests, bound))
            return
        # Several names of one tag: what is tested on any of them is tested on its value.
        bound_value = next((bound[key] for key in keys if key in bound), _UNBOUND)
        if bound_value is not _UNBOUND:
            yield {key: bound_value for key in keys}
            return
        found = key_values(self.facts(keys[0]), group.asked(), self._context_with(bound))
        yield from ({key: value for key in keys} for value in self._noted(found))

    def _owners(self, group: _Group, bound: Assignment) -> Iterator[Assignment]:
        key = "aws:resourceaccount"
        if self.row.target is not Target.ANOTHER_ACCOUNT:
            yield {key: None}
            yield {key: self.space.owner}
            return
        own = self.row.account
        if key in bound or key in self.fixed:
            values = self._values(key, group.tests, bound)
        else:
            context = self._context_with(bound)
            found = key_values(self.facts(key), group.asked(), context, extra=(own,))
            values = self._noted(found)
        for value in values:
            if value is not None and value != own:
                yield {key: value}

    def _times(self, group: _Group) -> Iterator[Assignment]:
        found = times(group.asked(), self.row, self.kind, self.fixed)
        self.is_complete &= found.is_complete
        yield from found.assignments

    def _network(self, group: _Group, bound: Assignment) -> list[Choice]:
        """From an address of the internet, or from a VPC endpoint, whose keys are independent."""
        others = [key for key in group.keys if key != "aws:sourceip"]
        outside: Assignment = {key: None for key in others}
        found = [
            {**outside, "aws:sourceip": value}
            for value in self._values("aws:sourceip", group.tests, bound)
        ]
        direct = self._distinct(group, found, bound)
        inside = [Choice(self._all, {"aws:sourceip": None})]
        of_address = [test for test in group.tests if test.test.key == "aws:sourceip"]
        inside = self._distinct(_Group(tests=of_address), [{"aws:sourceip": None}], bound)
        for key in others:
            alone = _Group(tests=[test for test in group.tests if test.test.key == key])
            values = ({key: value} for value in self._values(key, group.tests, bound))
            inside = _both(inside, self._distinct(alone, values, bound))
        return _one_each([*direct, *inside])

    def _calling_services(self, group: _Group, bound: Assignment) -> Iterator[Assignment]:
        """A chain of services: none, one, or some, with its two ends."""
        chain, first, last = "aws:calledvia", "aws:calledviafirst", "aws:calledvialast"
        yield {chain: None, first: None, last: None}
        context = self._context_with(bound)
        ends = (self.fixed.get("aws:calledviafirst"), self.fixed.get("aws:calledvialast"))
        extra = tuple(one for one in ends if isinstance(one, str))
        members = member_values(Domain.SERVICE, group.asked(), context, extra=extra)
        self.is_complete &= members.is_complete
        texts = [value for value in members.values if isinstance(value, str)]
        on_chain = [question for question in group.asked() if question.key == chain]
        middles = [
            one for one in self._noted(member_sets(texts, on_chain, context)) if one is not None
        ]
        if len(texts) ** 2 * len(middles) > MOST_CHOICES:
            self.is_complete = False
            texts = texts[:8]
        for text in texts:
            yield {chain: (text,), first: text, last: text}
        for begin, end, middle in product(texts, texts, middles):
            yield {chain: (begin, *middle, end), first: begin, last: end}

    def _request_tags(self, group: _Group, bound: Assignment) -> Iterator[Assignment]:
        """The tags of a request, and aws:TagKeys, which names them."""
        beginning, names_key = "aws:requesttag/", "aws:tagkeys"
        tagged = {
            test.test.key: test.test.spelled_key[len(beginning) :]
            for test in group.tests
            if test.test.key.startswith(beginning)
        }
        tagged.update(
            (key, key[len(beginning) :])
            for key in group.keys
            if key.startswith(beginning) and key not in tagged
        )
        tagged.update(
            (key, key[len(beginning) :])
            for key, value in self.fixed.items()
            if key.startswith(beginning) and value is not None and key not in tagged
        )
        on_names = [test.test for test in group.tests if test.test.key == names_key]
        context = self._context_with(bound)
        fixed_names = self.fixed.get(names_key) or ()
        extra = (*tagged.values(), *fixed_names)
        members = member_values(Domain.TAG_KEY, on_names, context, extra=extra)
        self.is_complete &= members.is_complete
        spelled: dict[str, list[str]] = {}
        for name in (*fixed_names, *tagged.values(), *members.values):
            if isinstance(name, str) and name not in spelled.setdefault(name.lower(), []):
                spelled[name.lower()].append(name)
        if names_key in self.fixed:
            # They are named in the order that is fixed, and no others are.
            named = {name.lower(): [name] for name in fixed_names}
            spelled = {**named, **{key: [] for key in spelled if key not in named}}
        found: dict[tuple[int, int, int], Assignment] = {(self._all, -1, 0): {}}
        for lowered, names in spelled.items():
            key = beginning + lowered
            alone = _Group(tests=[test for test in group.tests if test.test.key == key])
            values = self._tag_values(key, group, bound)
            options = [
                *self._distinct(alone, ({key: one} for one in values if one is None), bound),
                *self._distinct(alone, ({key: one} for one in values if one is not None), bound),
            ]
            following: dict[tuple[int, int, int], Assignment] = {}
            for (mask, all_fit, one_fits), chosen in found.items():
                for option in options:
                    if option.values[key] is None:
                        if names_key in self.fixed and names:
                            continue
                        state = mask & option.mask, all_fit, one_fits
                        following.setdefault(state, {**chosen, key: None})
                        continue
                    for name in names:
                        fits = self._fits_of(name, on_names, context)
                        state = mask & option.mask, all_fit & fits, one_fits | fits
                        listed = chosen.get(names_key) or ()
                        following.setdefault(
                            state, {**chosen, **option.values, names_key: (*listed, name)}
                        )
            found = following
            if len(found) > MOST_CHOICES:
                self.is_complete = False
                break
        for chosen in found.values():
            yield {names_key: None, **chosen}
            if chosen.get(names_key) is None:
                yield {**chosen, names_key: ()}

    def _tag_values(self, key: str, group: _Group, bound: Assignment) -> list[Value]:
        """Return the values of a tag of the request; one is enough where none is tested."""
        is_tested = any(test.test.key == key for test in group.tests)
        if key in bound or key in self.fixed or is_tested:
            return self._values(key, group.tests, bound)
        return [None, _FRESH[0]]

    def _fits_of(
        self, name: str, tests: Sequence[ConditionTest], context: Mapping[str, Any]
    ) -> int:
        fits = 0
        for number, test in enumerate(tests):
            if test.result({**context, test.key: (name,)}).holds:
                fits |= 1 << number
        return fits

    def _resources(self, group: _Group, bound: Assignment) -> Iterator[Assignment]:
        """The resources that elements, and tests on what the ARN says, tell apart."""
        context = self._context_with(bound)
        region, account = "aws:requestedregion", "aws:resourceaccount"
        asked = [
            tuple(
                units
                for pattern in resource.resources.patterns
                if (units := pattern_units(pattern, context)) is not None
            )
            for resource in group.resources
            if resource.resources is not None
        ]
        asked += [(literal(arn),) for arn in self.marked]
        for test in group.tests:
            if test.test.key in (region, account):
                place = 3 if test.test.key == region else 4
                asked.append(tuple(_units_in_arn(test.test, place, context)))
        for key, place in ((region, 3), (account, 4)):
            if key in group.keys and isinstance(bound.get(key), str):
                asked.append((_with_part(place, literal(str(bound[key]))),))
        for found in self._arns(asked):
            parts = found.split(":", ARN_PARTS - 1)
            assignment: Assignment = {RESOURCE: found}
            if self.space.has_region and len(parts) == ARN_PARTS:
                assignment[region] = parts[3]
            if account in group.keys and len(parts) == ARN_PARTS:
                yield {**assignment, account: parts[4]}
                yield {**assignment, account: None}
            else:
                yield assignment

    def _arns(self, asked: Sequence[tuple[Units, ...]]) -> Iterator[str]:
        if self.space.is_one:
            yield self.space.example
            return
        excluded = tuple((one,) for one in self.space.excluded)
        groups = (*excluded, *dict.fromkeys(asked))
        found: TextClasses = text_classes(self.space.language, groups, self.space.examples)
        self.is_complete &= found.is_complete
        ruled_out = (1 << len(excluded)) - 1
        for one in found.classes:
            if not one.fits & ruled_out:
                yield one.text


_CLOSED: Final = (Domain.BOOLEAN,)
_UNBOUND: Final = "\x00unbound"


def _present(values: Mapping[str, Value]) -> dict[str, str | tuple[str, ...]]:
    return {key: value for key, value in values.items() if value is not None and key != RESOURCE}


def _both(some: Sequence[Choice], others: Sequence[Choice]) -> list[Choice]:
    """Combine the choices of two parts, one of each outcome."""
    return _one_each(
        Choice(one.mask & other.mask, {**one.values, **other.values})
        for one in some
        for other in others
    )


def _one_each(choices: Iterable[Choice]) -> list[Choice]:
    found: dict[int, Choice] = {}
    for choice in choices:
        if choice.mask not in found:
            found[choice.mask] = choice
    return list(found.values())


def _names_variables(test: ConditionTest, variables: Iterable[str]) -> bool:
    names = {variable.key for wanted in test.wanted for variable in wanted.variables}
    return not names.isdisjoint(variables)


def pattern_units(pattern: ResourcePattern, context: Mapping[str, Any]) -> Units | None:
    """Return an entry of Resource as units; None where a variable in it has no value."""
    if not pattern.leading:
        return (unit(ANY, is_run=True),)
    last = pattern.last.resolve(context)
    if last is None:
        return None
    units: list[Unit] = []
    for part in pattern.leading:
        units += (*units_of(part.tokens, NO_COLON), *literal(":"))
    return (*units, *units_of(last, ANY))


def _units_in_arn(test: ConditionTest, place: int, context: Mapping[str, Any]) -> Iterator[Units]:
    """Return the patterns of a test on a part of the ARN, as patterns of the ARN."""
    for template in test.wanted:
        tokens = template.resolve(context)
        if tokens is not None:
            yield _with_part(place, units_of(_without_case(test, tokens), NO_COLON))


def _without_case(test: ConditionTest, tokens: Tokens) -> Tokens:
    """Regions and accounts have no capitals, so a test that ignores case asks for small letters."""
    base = test.operator.base
    if base is not None and "IgnoreCase" in base.name:
        return tuple(token.lower() if isinstance(token, str) else token for token in tokens)
    return tokens


def _with_part(place: int, of_part: Units) -> Units:
    """Return the pattern of ARNs one part of which fits a pattern."""
    any_part = units_of((ANY_RUN,), NO_COLON)
    units: list[Unit] = []
    for number in range(ARN_PARTS - 1):
        units += (*(of_part if number == place else any_part), *literal(":"))
    return (*units, unit(ANY, is_run=True))


def ties(key: str, templates: Iterable[Template], beside: tuple[Units, ...]) -> Iterator[Tied]:
    """Return where a variable stands in some texts of policies.

    Args:
        key: The context key that it names, in lower case.
        templates: The texts.
        beside: What such a text is compared with besides.
    """
    for template in dict.fromkeys(templates):
        for place, part in enumerate(template.parts):
            if isinstance(part, Variable) and part.key == key:
                yield Tied(
                    _units_of_parts(template.parts[:place]),
                    _units_of_parts(template.parts[place + 1 :]),
                    beside,
                )


def template_units(template: Template) -> Units:
    """Return the units of a text of a policy, in which a variable may be anything."""
    return _units_of_parts(template.parts)


def _units_of_parts(parts: Iterable[Part]) -> Units:
    return units_of(tuple(ANY_RUN if isinstance(part, Variable) else part for part in parts))
