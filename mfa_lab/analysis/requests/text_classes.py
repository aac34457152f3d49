"""Which texts some patterns can tell apart: the sets of patterns that one text can fit at once.

Patterns are followed character by character, all of them together, as bits of one integer: a bit is
a place in a pattern, and a step moves every place whose character fits. So the search sees each
combination of places once, however many texts lead there, and keeps the shortest text.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from mfa_lab.iam.patterns import ANY_ONE, ANY_RUN, Tokens

MOST_STEPS: Final = 30_000
MOST_TIES: Final = 200
MOST_TIED_STATES: Final = 3_000
MOST_TIED_VALUES: Final = 120

# What a text is made of where no pattern asks for a character of its own.
_PREFERRED: Final = (
    string.ascii_lowercase
    + string.digits
    + string.ascii_uppercase
    + "-_./:=+@,#!$%&'()*;<>?[]^{}~ "
)


@dataclass(frozen=True, slots=True)
class Characters:
    """Some characters.

    Args:
        members: The characters.
        are_others: Whether all characters but these are meant.
    """

    members: frozenset[str]
    are_others: bool = False

    def has(self, character: str) -> bool:
        """Tell whether a character is one of them."""
        return (character in self.members) is not self.are_others


ANY: Final = Characters(frozenset(), are_others=True)
NO_COLON: Final = Characters(frozenset(":"), are_others=True)


class Unit:
    """One character of a pattern, or a run of any length.

    There is one of each, made by `unit`, so that patterns are quickly compared.

    Args:
        characters: Which characters fit.
        is_run: Whether any number of them may follow, none included.
    """

    __slots__ = ("characters", "is_run")

    def __init__(self, characters: Characters, *, is_run: bool) -> None:
        self.characters, self.is_run = characters, is_run

    def __repr__(self) -> str:
        return f"<Unit {self.characters} {self.is_run}>"


Units = tuple[Unit, ...]


@lru_cache(maxsize=16_384)
def unit(characters: Characters, *, is_run: bool = False) -> Unit:
    """Return the unit of one of some characters, or of a run of them.

    Args:
        characters: Which characters fit.
        is_run: Whether any number of them may follow, none included.
    """
    return Unit(characters, is_run=is_run)


@lru_cache(maxsize=16_384)
def one(character: str) -> Unit:
    """Return the unit of a character that must stand as it is."""
    return unit(Characters(frozenset(character)))


def literal(text: str) -> Units:
    """Return the units of a text that must stand as it is."""
    return tuple(map(one, text))


def ignoring_case(text: str) -> Units:
    """Return the units of a text in any case."""
    return tuple(unit(Characters(frozenset((each, each.lower(), each.upper())))) for each in text)


def units_of(tokens: Tokens, within: Characters = ANY) -> Units:
    """Return the units of a pattern's tokens.

    Args:
        tokens: Literal texts and wildcards.
        within: What a wildcard stands for.
    """
    units: list[Unit] = []
    for token in tokens:
        if token is ANY_RUN:
            units.append(unit(within, is_run=True))
        elif token is ANY_ONE:
            units.append(unit(within))
        else:
            units += literal(str(token))
    return tuple(units)


def run_of(characters: Characters, least: int = 1) -> Units:
    """Return the units of a run.

    Args:
        characters: What it is made of.
        least: How many there are at least.
    """
    return (unit(characters),) * least + (unit(characters, is_run=True),)


def is_literal(each: Unit) -> bool:
    """Tell whether a unit is one character that must stand as it is."""
    return not each.is_run and not each.characters.are_others and len(each.characters.members) == 1


@lru_cache(maxsize=4096)
def remainders(units: Units, text: str) -> tuple[Units, ...]:
    """Return what is left of a pattern after a text: the patterns of what may follow.

    Args:
        units: The pattern.
        text: What is read of it.
    """
    left = {units}
    for character in text:
        left = {rest for one in left for rest in _after(one, character)}
    return tuple(left)


def _after(units: Units, character: str) -> Iterator[Units]:
    for place, each in enumerate(units):
        if each.characters.has(character):
            yield units[place:] if each.is_run else units[place + 1 :]
        if not each.is_run:
            return


class TextClass(NamedTuple):
    """Texts that fit the same groups of patterns.

    Args:
        fits: The groups, a bit each.
        text: One such text.
    """

    fits: int
    text: str


class TextClasses(NamedTuple):
    """All classes of texts, as far as they were found.

    Args:
        classes: Each with one text.
        is_complete: Whether the search came to its end.
    """

    classes: tuple[TextClass, ...]
    is_complete: bool


@lru_cache(maxsize=1024)
def text_classes(
    language: Units, groups: tuple[tuple[Units, ...], ...], examples: tuple[str, ...] = ()
) -> TextClasses:
    """Find the classes of texts of a language.

    Args:
        language: What the texts must fit.
        groups: Patterns, of which a group is fitted where one of its patterns is.
        examples: Texts to prefer, where they are of the language.
    """
    return _Search(language, groups).classes(examples)


class Tied(NamedTuple):
    """Where a variable stands in a text, and what that text is compared with.

    Args:
        before: The pattern of what comes before the variable.
        after: The pattern of what comes after it.
        beside: What the whole text may have to fit besides.
    """

    before: Units
    after: Units
    beside: tuple[Units, ...]


@lru_cache(maxsize=256)
def tied_values(
    language: Units,
    groups: tuple[tuple[Units, ...], ...],
    ties: tuple[Tied, ...],
    examples: tuple[str, ...] = (),
) -> TextClasses:
    """Find the values of a variable that can be told apart, also by what it stands in.

    Two values are alike where each leads from what comes before them to the same places in all
    that the text is compared with, so that what comes after goes on alike.

    Args:
        language: What the values must fit.
        groups: Patterns of the values themselves.
        ties: Where the variable stands.
        examples: Values to prefer, where they are of the language.
    """
    return _TiedSearch(language, groups, ties).classes(examples)


class _Machine:
    """Patterns that are followed together, a bit a place.

    Args:
        several: All patterns that will be added: only their characters are looked at.
    """

    def __init__(self, several: Iterable[Units]) -> None:
        self.place = 0
        self.everywhere = 0  # places whose run is of any characters
        self.alphabet = _alphabet(several)
        self.steps = dict.fromkeys(self.alphabet, 0)
        self.loops = dict.fromkeys(self.alphabet, 0)

    def add(self, units: Units) -> tuple[int, int]:
        """Add a pattern and return the bits of its start and of its end."""
        start = 1 << self.place
        for each in units:
            bit = 1 << self.place
            if not each.is_run:
                self._mark(self.steps, each.characters, bit)
                self.place += 1
            else:
                self._mark(self.loops, each.characters, bit)
                if each.characters == ANY:
                    self.everywhere |= bit
        self.place += 1
        return start, 1 << (self.place - 1)

    def _mark(self, table: dict[str, int], characters: Characters, bit: int) -> None:
        if characters.are_others:
            for character in self.alphabet:
                if character not in characters.members:
                    table[character] |= bit
        else:
            for character in characters.members:
                if character in table:
                    table[character] |= bit

    def step(self, places: int, character: str) -> int:
        """Return the places after one more character; none after one that nobody names."""
        step = self.steps.get(character)
        return 0 if step is None else (places & step) << 1 | places & self.loops[character]

    def letters(self) -> list[tuple[str, int, int]]:
        """Return one character for each way in which characters act, with what it does."""
        acting: dict[tuple[int, int], str] = {}
        for character in self.alphabet:
            acting.setdefault((self.steps[character], self.loops[character]), character)
        return [(character, *does) for does, character in acting.items()]


class _Search:
    def __init__(self, language: Units, groups: Sequence[Sequence[Units]]) -> None:
        machine = _Machine((language, *(units for group in groups for units in group)))
        self._machine = machine
        # Where the language goes on with one character, no other need be tried.
        self._forced: dict[int, str] = {}
        for each in language:
            if is_literal(each):
                self._forced.setdefault(1 << machine.place, next(iter(each.characters.members)))
            else:
                self._forced[1 << machine.place] = ""
            machine.place += not each.is_run
        machine.place = 0
        self._starts, self._end_of_language = machine.add(language)
        self._language = (1 << machine.place) - 1
        self._ends: list[tuple[int, int]] = []  # the ends of a group's patterns, and its bit
        self._settled: list[tuple[int, int, int]] = []
        for number, group in enumerate(groups):
            first, all_ends = machine.place, 0
            for units in group:
                start, end = machine.add(units)
                self._starts |= start
                all_ends |= end
            lasting = all_ends & machine.everywhere
            if lasting:
                # Once such an end is reached, nothing that follows can change the group any more.
                places = (1 << machine.place) - (1 << first)
                self._settled.append((lasting, ~places, lasting & -lasting))
            self._ends.append((all_ends, 1 << number))

    def classes(self, examples: Iterable[str]) -> TextClasses:
        found: dict[int, str] = {}
        for example in examples:
            end = self._after(example)
            if end & self._end_of_language:
                found.setdefault(self._fits(end), example)
        start = self._normal(self._starts)
        waiting: list[tuple[int, str]] = [(start, "")]
        seen = {start}
        steps = 0
        letters = self._machine.letters()
        by_character = {letter[0]: letter for letter in letters}
        while waiting:
            following: list[tuple[int, str]] = []
            for places, text in waiting:
                if places & self._end_of_language:
                    found.setdefault(self._fits(places), text)
                forced = self._forced.get(places & self._language)
                only = by_character.get(forced) if forced else None
                for character, step, loop in letters if only is None else (only,):
                    moved = (places & step) << 1 | places & loop
                    if not moved & self._language:
                        continue
                    moved = self._normal(moved)
                    if moved not in seen:
                        seen.add(moved)
                        following.append((moved, text + character))
                steps += 1
                if steps > MOST_STEPS:
                    return TextClasses(_listed(found), is_complete=False)
            waiting = following
        return TextClasses(_listed(found), is_complete=True)

    def _after(self, text: str) -> int:
        places = self._normal(self._starts)
        for character in text:
            places = self._normal(self._machine.step(places, character))
        return places

    def _normal(self, places: int) -> int:
        for lasting, keep, end in self._settled:
            if places & lasting:
                places = places & keep | end
        return places

    def _fits(self, places: int) -> int:
        fits = 0
        for ends, bit in self._ends:
            if places & ends:
                fits |= bit
        return fits


class _TiedSearch:
    def __init__(
        self, language: Units, groups: Sequence[Sequence[Units]], ties: Sequence[Tied]
    ) -> None:
        own = [language, *(units for group in groups for units in group)]
        others = [units for tie in ties for units in (tie.before, tie.after, *tie.beside)]
        machine = _Machine([*own, *others])
        self._machine = machine
        start, self._end_of_language = machine.add(language)
        self._language = (1 << machine.place) - 1
        self._ends: list[tuple[int, int]] = []
        for number, group in enumerate(groups):
            for units in group:
                its_start, end = machine.add(units)
                start |= its_start
                self._ends.append((end, 1 << number))
        self._start = start
        self.is_complete = True
        # Where the texts stand when the variable begins, the literal text after it, and what of
        # the places is looked at then.
        self._tied: list[tuple[int, str, int]] = []
        for tie in ties:
            self._add(tie)

    def _add(self, tie: Tied) -> None:
        machine, starts, ends = self._machine, 0, 0
        for units in tie.beside:
            start, end = machine.add(units)
            starts |= start
            ends |= end
        before, end_of_before = machine.add(tie.before)
        after = ""
        for each in tie.after:
            if not is_literal(each):
                break
            after += next(iter(each.characters.members))
        looked_at = ends if len(after) == len(tie.after) else -1
        of_before = (1 << machine.place) - before
        seen = {starts | before}
        waiting = [starts | before]
        for places in waiting:
            if places & end_of_before:
                self._tied.append((places & ~of_before, after, looked_at))
            for character in machine.alphabet:
                moved = machine.step(places, character)
                if moved & of_before and moved not in seen:
                    seen.add(moved)
                    waiting.append(moved)
            if len(waiting) > MOST_TIES:
                self.is_complete = False
                break

    def classes(self, examples: Iterable[str]) -> TextClasses:
        found: dict[tuple[int, ...], str] = {}
        for example in examples:
            state = self._first()
            for character in example:
                state = self._moved(state, character)
            if state[0] & self._end_of_language:
                found.setdefault(self._seen_as(state), example)
        waiting = [(self._first(), "")]
        seen = {self._first()}
        letters = [one for one, _, _ in self._machine.letters()]
        for state, text in waiting:
            if state[0] & self._end_of_language:
                found.setdefault(self._seen_as(state), text)
            for character in letters:
                moved = self._moved(state, character)
                if moved[0] & self._language and moved not in seen:
                    seen.add(moved)
                    waiting.append((moved, text + character))
            if len(waiting) > MOST_TIED_STATES or len(found) > MOST_TIED_VALUES:
                self.is_complete = False
                break
        classes = tuple(TextClass(0, text) for text in found.values())
        return TextClasses(classes, self.is_complete)

    def _first(self) -> tuple[int, ...]:
        return (self._start, *(places for places, _, _ in self._tied))

    def _moved(self, state: tuple[int, ...], character: str) -> tuple[int, ...]:
        step = self._machine.steps.get(character, 0)
        loop = self._machine.loops.get(character, 0)
        return tuple([(places & step) << 1 | places & loop for places in state])

    def _seen_as(self, state: tuple[int, ...]) -> tuple[int, ...]:
        fits = 0
        for end, bit in self._ends:
            if state[0] & end:
                fits |= bit
        seen = [fits]
        for places, (_, after, looked_at) in zip(state[1:], self._tied, strict=True):
            for character in after:
                places = self._machine.step(places, character)
            seen.append(places & looked_at)
        return tuple(seen)


def _listed(found: dict[int, str]) -> tuple[TextClass, ...]:
    return tuple(TextClass(fits, text) for fits, text in found.items())


def _alphabet(several: Iterable[Units]) -> tuple[str, ...]:
    """Return the characters that patterns name, and enough others.

    Those that no pattern names as it is come first, so that a text says nothing by chance.
    """
    named = {
        character
        for units in several
        for each in units
        if not each.characters.are_others and len(each.characters.members) <= 3
        for character in each.characters.members
    }
    others = [character for character in _PREFERRED if character not in named]
    return tuple(dict.fromkeys([*others, *sorted(named), *_beyond(named)]))


def _beyond(named: set[str]) -> Iterator[str]:
    """Return one character beyond ASCII that no pattern names."""
    yield next(character for character in map(chr, range(0xE9, 0x3000)) if character not in named)
