"""Which outcomes some choices of the parts of a request reach: a search, not an enumeration.

What a policy set answers gets no better for the caller when one more Deny matches, and no worse
when one more Allow does. So for each outcome only the choices that are best for it are followed:
those that no other choice is at least as good as in every statement.

Source of the order: IAM User Guide, "Policy evaluation logic".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from mfa_lab.analysis.requests.request_parts import Choice, RequestPart

MOST_STEPS: Final = 200_000
_FEW: Final = 4


class Goal(NamedTuple):
    """What is looked for.

    Args:
        needed: The statements that must match.
        wanted: The statements of which the more match the better.
        unwanted: The statements of which the fewer match the better.
    """

    needed: int
    wanted: int
    unwanted: int


class Reached(NamedTuple):
    """A request that was found, as one choice of each part.

    Args:
        mask: The statements that match.
        choices: One for each part.
    """

    mask: int
    choices: tuple[Choice, ...]


class OutOfStepsError(Exception):
    """The search took longer than it may, so it is not known whether there is such a request."""


def reach(
    parts: Sequence[RequestPart],
    everything: int,
    goal: Goal,
    is_found: Callable[[int], bool],
) -> Reached | None:
    """Look for a request.

    Args:
        parts: The parts of the requests.
        everything: The statements that nothing fixed rules out.
        goal: Which requests are the best.
        is_found: Tells by the statements that match whether a request is one that is looked for.
            Where one is, those that are better by the goal are too.

    Returns:
        The request; None where there is none.

    Raises:
        OutOfStepsError: The search took too long.
    """
    found = [Reached(everything, ())]
    steps = 0
    for part in parts:
        choices = _best(part.choices, goal)
        steps += len(found) * len(choices)
        if steps > MOST_STEPS:
            raise OutOfStepsError
        found = _without_worse(_combined(found, choices, goal), goal)
    return next((finding for finding in found if is_found(finding.mask)), None)


def _best(choices: Iterable[Choice], goal: Goal) -> list[Choice]:
    seen: dict[int, Choice] = {}
    asked = goal.needed | goal.wanted | goal.unwanted
    for choice in choices:
        if choice.mask & goal.needed == goal.needed:
            seen.setdefault(choice.mask & asked, choice)
    several = list(seen.values())
    if len(several) < _FEW:
        return several
    masks = _undominated([each.mask for each in several], goal)
    return [each for each in several if each.mask in masks]


def _combined(found: Iterable[Reached], choices: Sequence[Choice], goal: Goal) -> list[Reached]:
    asked = goal.needed | goal.wanted | goal.unwanted
    seen: dict[int, Reached] = {}
    for finding in found:
        for choice in choices:
            mask = finding.mask & choice.mask
            if mask & asked not in seen:
                seen[mask & asked] = Reached(mask, (*finding.choices, choice))
    return list(seen.values())


def _without_worse(found: list[Reached], goal: Goal) -> list[Reached]:
    if len(found) < _FEW:
        return found
    masks = _undominated([finding.mask for finding in found], goal)
    return [finding for finding in found if finding.mask in masks]


def _undominated(masks: Iterable[int], goal: Goal) -> set[int]:
    """Return the masks that no other is better than."""
    # What is better has a larger score, so it comes first.
    kept: list[tuple[int, int, int]] = []
    for wanted, unwanted, mask in sorted(_scored(masks, goal), key=_score, reverse=True):
        for good, bad, _ in kept:
            if wanted & ~good == 0 and bad & ~unwanted == 0:
                break
        else:
            kept.append((wanted, unwanted, mask))
    return {mask for _, _, mask in kept}


def _scored(masks: Iterable[int], goal: Goal) -> Iterator[tuple[int, int, int]]:
    for mask in masks:
        yield mask & goal.wanted, mask & goal.unwanted, mask


def _score(one: tuple[int, int, int]) -> int:
    return one[0].bit_count() - one[1].bit_count()
