"""Where the two evaluators are known to differ, until it is settled which of them is right.

Comparisons leave these cases out. tests/vectors/found.jsonl has an example of each, marked "open";
its test fails as soon as one no longer differs, and then the entry here goes too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.reference.principals import FEDERATED_USER, kind_of
from tests.reference.spelling import written
from tests.reference.statements import statements_of

Line = dict[str, Any]


def has_empty_text_in_a_list(line: Line) -> bool:
    """ForAllValues, ForAnyValue: AWS calls an empty string no value; one in a list too?"""
    values = line["request"].get("context", {}).values()
    return any("" in value for value in values if isinstance(value, list))


def has_zone_of_sixty_minutes(line: Line) -> bool:
    """A date whose zone is +00:60 is none in W3C's profile of ISO 8601."""
    return re.search(r"[+-][0-9]{2}:?[6-9][0-9]", written(line)) is not None


def denies_a_federated_user_with_a_boundary(line: Line) -> bool:
    """NotPrincipal with Deny is said to deny IAM users and roles that have a boundary."""
    return (
        kind_of(line["request"]["principal"]) == FEDERATED_USER
        and bool(line["policies"].get("boundary"))
        and any("NotPrincipal" in one for one in statements_of(line["policies"]))
    )


OPEN_POINTS: list[Callable[[Line], bool]] = [
    has_empty_text_in_a_list,
    has_zone_of_sixty_minutes,
    denies_a_federated_user_with_a_boundary,
]


def is_open(line: Line) -> bool:
    """Whether a line is about a point on which the two are known to differ."""
    return any(point(line) for point in OPEN_POINTS)
