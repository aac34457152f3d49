"""A statement of a policy, and whether it matches a request.

A statement matches when its actions, its resources and its conditions all do; what its Effect then
means is for the authorizer.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import NamedTuple

from mfa_lab.iam.condition.conditions import ConditionTest
from mfa_lab.iam.condition.values import ARN_PARTS
from mfa_lab.iam.condition.variables import Template, template
from mfa_lab.iam.context import Context
from mfa_lab.iam.fast_path import CacheKey, remember
from mfa_lab.iam.patterns import Pattern, compiled_pattern, pattern_of
from mfa_lab.iam.principals import PrincipalElement


class Effect(enum.StrEnum):
    """What a matching statement does."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True)
class ActionElement:
    """Action, or NotAction, which matches every action that is not in the list.

    Args:
        patterns: The list, as the policy spells it.
        negated: True for NotAction.
        name: The element's name in the policy.

    Source: IAM User Guide, "IAM JSON policy elements: Action" (case does not matter) and
    "NotAction".
    """

    patterns: tuple[str, ...]
    negated: bool = False
    name: str = field(init=False, repr=False, compare=False)
    _compiled: tuple[Pattern, ...] = field(init=False, repr=False, compare=False)
    _kept: dict[CacheKey, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", "NotAction" if self.negated else "Action")
        object.__setattr__(self, "_compiled", tuple(map(action_pattern, self.patterns)))
        object.__setattr__(self, "_kept", {})

    def matches(self, action: str) -> bool:
        """Tell whether the element covers an action."""
        lowered = action.lower()
        return any(pattern.matches(lowered) for pattern in self._compiled) is not self.negated

    def matching_entries(self, action: str) -> tuple[str, ...]:
        """Return the entries of the list that match an action."""
        kept = self._kept.get(action)
        if kept is not None:
            return kept
        lowered = action.lower()
        fitting = tuple(
            spelled
            for spelled, pattern in zip(self.patterns, self._compiled, strict=True)
            if pattern.matches(lowered)
        )
        return remember(self._kept, action, fitting)


def action_pattern(spelled: str) -> Pattern:
    """Return the pattern of an entry of Action or NotAction, for lower-case actions."""
    return compiled_pattern(spelled.lower())


@dataclass(frozen=True, slots=True)
class ResourcePattern:
    """One entry of Resource or NotResource.

    The parts of an ARN are matched one by one, so `*` does not reach over a colon, except in the
    last part, which is all that follows the fifth. Policy variables work in that last part alone;
    before it they stay as they are written. Letter case counts, as AWS documents for user names.

    AWS also documents that a `*` at the end of a part "can expand to match beyond the colon
    boundaries", but not when. Here, as in independent simulators, it does so only where the ARN of
    the policy is short: the parts that `arn:aws:s3:*` leaves out may be anything.

    Args:
        spelled: As the policy writes it.
        leading: The patterns of the five parts before the last; none where it is `*` alone.
        last: The last part, which may hold variables.

    Source: IAM User Guide, "IAM JSON policy elements: Resource", "Variables and tags".
    """

    spelled: str
    leading: tuple[Pattern, ...] = field(repr=False)
    last: Template = field(repr=False)
    _fixed: Pattern | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tokens = None if self.last.variables else self.last.resolve({})
        object.__setattr__(self, "_fixed", None if tokens is None else Pattern(tokens))

    def matches(self, resource: str, context: Context) -> bool:
        """Tell whether the entry covers a resource; not where a variable in it has no value."""
        if not self.leading:
            return True
        *leading, last = resource.split(":", len(self.leading))
        if len(leading) < len(self.leading):
            return False
        for pattern, part in zip(self.leading, leading, strict=True):
            if not pattern.matches(part):
                return False
        wanted = self.last_pattern(context)
        return wanted is not None and wanted.matches(last)

    def last_pattern(self, context: Context) -> Pattern | None:
        """Return the pattern of the last part; None where a variable in it has no value."""
        if self._fixed is not None:
            return self._fixed
        tokens = self.last.resolve(context)
        return None if tokens is None else pattern_of(tokens)


def resource_pattern(spelled: str, *, variables: bool) -> ResourcePattern:
    """Read one entry of Resource or NotResource.

    Args:
        spelled: As the policy writes it.
        variables: False for policies of version 2008-10-17, which have no variables.
    """
    if compiled_pattern(spelled).is_everything:
        return ResourcePattern(spelled, (), template("*", variables=False, wildcards=True))
    parts = spelled.split(":", ARN_PARTS - 1)
    *leading, last = parts + ["*"] * (ARN_PARTS - len(parts))
    return ResourcePattern(
        spelled,
        tuple(map(compiled_pattern, leading)),
        template(last, variables=variables, wildcards=True),
    )


class ResourceMatch(NamedTuple):
    """Whether a Resource or NotResource element covers a resource, and by which entries.

    Args:
        matched: Whether the element covers it.
        fitting: The entries that match it.
        without_value: The entries with a policy variable that has no value.
    """

    matched: bool
    fitting: tuple[str, ...]
    without_value: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResourceElement:
    """Resource, or NotResource, which matches every resource that is not in the list.

    An entry whose policy variable has no value matches nothing, so NotResource then matches. AWS
    documents the former for Resource; for NotResource it documents nothing.

    Args:
        patterns: The list.
        negated: True for NotResource.
        name: The element's name in the policy.
        spelled: The list as the policy spells it.
        variables: The context keys that its policy variables name.
        is_everything: Whether every resource is covered whatever the context.
    """

    patterns: tuple[ResourcePattern, ...] = field(repr=False)
    negated: bool = False
    name: str = field(init=False, repr=False, compare=False)
    spelled: tuple[str, ...] = field(init=False, compare=False)
    variables: tuple[str, ...] = field(init=False, repr=False, compare=False)
    is_everything: bool = field(init=False, repr=False, compare=False)
    _kept: dict[CacheKey, ResourceMatch] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keys = {variable.key: None for each in self.patterns for variable in each.last.variables}
        object.__setattr__(self, "name", "NotResource" if self.negated else "Resource")
        object.__setattr__(self, "spelled", tuple(pattern.spelled for pattern in self.patterns))
        has_star = any(not pattern.leading for pattern in self.patterns)
        object.__setattr__(self, "variables", tuple(keys))
        object.__setattr__(self, "is_everything", has_star and not self.negated)
        object.__setattr__(self, "_kept", {})

    def match(self, resource: str, context: Context) -> ResourceMatch:
        """Tell whether the element covers a resource, and by which entries."""
        # It depends on the resource and the values of the variables, on nothing else.
        depends_on = (resource, *map(context.get, self.variables)) if self.variables else resource
        kept = self._kept.get(depends_on)
        if kept is not None:
            return kept
        return remember(self._kept, depends_on, self._match(resource, context))

    def _match(self, resource: str, context: Context) -> ResourceMatch:
        fitting = [each for each in self.patterns if each.matches(resource, context)]
        valueless = [each for each in self.patterns if each.last_pattern(context) is None]
        return ResourceMatch(
            bool(fitting) is not self.negated,
            tuple(pattern.spelled for pattern in fitting),
            tuple(pattern.spelled for pattern in valueless),
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a policy.

    Args:
        index: Its place in the policy, from 0.
        sid: Its name, or None.
        effect: Allow or Deny.
        actions: Action or NotAction.
        resources: Resource or NotResource; None in a trust policy, which is about its role.
        conditions: All the tests of its Condition, in order.
        principals: Principal or NotPrincipal, in the kinds of policy that have it.
    """

    index: int
    sid: str | None
    effect: Effect
    actions: ActionElement
    resources: ResourceElement | None
    conditions: tuple[ConditionTest, ...] = ()
    principals: PrincipalElement | None = None

    def conditions_hold(self, context: Context) -> bool:
        """Tell whether every test of the Condition holds; without Condition, always."""
        return all(test.result(context).holds for test in self.conditions)
