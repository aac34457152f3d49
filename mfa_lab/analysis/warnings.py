"""What AWS accepts in a policy and nobody means.

A warning says only what is certain by AWS's documentation, as far as this package knows it: an
action that is not in the catalogue may be one of tomorrow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any, Final

from mfa_lab.analysis import condition_keys
from mfa_lab.analysis.catalogue import EMPTY, ActionSet, Catalogue, aws_catalogue
from mfa_lab.analysis.contradictions import contradictions, is_unreadable
from mfa_lab.analysis.resource_reach import Reach, expected_resource
from mfa_lab.iam.condition.conditions import ConditionTest
from mfa_lab.iam.condition.operators import ARN, BINARY, BOOLEAN, DATE, IP, NUMBER
from mfa_lab.iam.condition.values import ARN_PARTS
from mfa_lab.iam.condition.variables import template
from mfa_lab.iam.parsing import locations
from mfa_lab.iam.parsing.grammar import VERSION_2012
from mfa_lab.iam.parsing.locations import pointer_to
from mfa_lab.iam.parsing.mistakes import Mistake
from mfa_lab.iam.parsing.quotas import (
    CUSTOMER_MANAGED_POLICY,
    INLINE_POLICIES_OF_GROUP,
    INLINE_POLICIES_OF_ROLE,
    INLINE_POLICIES_OF_USER,
)
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_kind import PolicyKind
from mfa_lab.iam.statement import Effect, Statement
from mfa_lab.text import say
from mfa_lab.text.shown_value import shown

_REFERENCE: Final = re.compile(r"\$\{([^{}]*)\}")
_ESCAPES: Final = frozenset("*?$")
_MAY_BE_VARIABLE: Final = re.compile(r"[${]")
# A condition key with a mark of a variable missing: {aws:username}, $aws:username, %{aws:username}.
_UNMARKED: Final = re.compile(
    r"[%#@]?\{(?P<braced>[A-Za-z][\w-]*:[\w/-]+)\}|\$(?P<bare>[A-Za-z][\w-]*:[\w/-]+)"
)
_ACCOUNT: Final = re.compile(r"[0-9-]+")
_DIGITS_OF_ACCOUNT: Final = 12
_PRESENT: Final = "aws:multifactorauthpresent"
_AGE: Final = "aws:multifactorauthage"
_LONGEST_NAME: Final = 200
# Looking for the nearest name takes milliseconds, and nobody reads a hundred of them.
_MOST_SUGGESTIONS: Final = 20
_MOST_PAIRS: Final = 10_000
_LEAST_LIKENESS: Final = 0.8
_OF_CUSTOMERS: Final = frozenset({PolicyKind.IDENTITY, PolicyKind.BOUNDARY})
_OF_ORGANIZATIONS: Final = frozenset({PolicyKind.SCP, PolicyKind.RCP})


@dataclass(frozen=True, slots=True)
class PolicyWarning(Mistake):
    """Something that AWS accepts in a policy and nobody means.

    Its code is a key of the section `policy_warning` of the text catalogue.
    """

    def sentence(self, language: str | None = None) -> str:
        """Say what the policy does not do, and why."""
        return say(f"policy_warning.{self.code}", language, **self.values)


def warnings_of(
    policy: Policy, text: str | None = None, catalogue: Catalogue | None = None
) -> tuple[PolicyWarning, ...]:
    """Find what AWS accepts in a policy and nobody means.

    Args:
        policy: The policy.
        text: The JSON text that it was read from, for lines and columns.
        catalogue: The actions that there are; None for those of AWS.

    Returns:
        The warnings in document order, each with a pointer and, where the text is given, with
        line and column.
    """
    look = _Look(policy, catalogue or aws_catalogue())
    found: list[Mistake] = [*_document(policy)]
    for statement in policy.statements:
        found += look.at(statement)
    ordered = locations.in_document_order(policy.document, found)
    if text is not None:
        ordered = locations.with_locations(text, ordered)
    return tuple(warning for warning in ordered if isinstance(warning, PolicyWarning))


def _document(policy: Policy) -> Iterator[PolicyWarning]:
    """Look at the policy as a whole."""
    size = policy.size
    if policy.kind in _OF_CUSTOMERS and size > CUSTOMER_MANAGED_POLICY.characters:
        yield _warning(
            "larger_than_managed",
            "",
            size=size,
            managed=CUSTOMER_MANAGED_POLICY.characters,
            user=INLINE_POLICIES_OF_USER.characters,
            group=INLINE_POLICIES_OF_GROUP.characters,
            role=INLINE_POLICIES_OF_ROLE.characters,
        )
    if policy.kind in _OF_ORGANIZATIONS and policy.document.get("Version") != VERSION_2012:
        yield _warning("version_of_control_policy", "/Version" if _has_version(policy) else "")


def _has_version(policy: Policy) -> bool:
    return "Version" in policy.document


class _Look:
    """Looks at the statements of one policy."""

    def __init__(self, policy: Policy, catalogue: Catalogue) -> None:
        self._policy = policy
        self._catalogue = catalogue
        self._suggestions = 0
        self._reaches: dict[str, Reach] = {}
        self._together: dict[tuple[str, ...], Reach] = {}
        self._action_sets: dict[int, ActionSet] = {}

    def at(self, statement: Statement) -> Iterator[PolicyWarning]:
        """Look at one statement."""
        where = _Where(self._policy, statement)
        yield from self._actions(statement, where)
        yield from self._resources(statement, where)
        yield from _accounts(statement, where)
        yield from self._keys(statement, where)
        yield from self._credentials(statement, where)
        yield from _values(statement, where)
        yield from _exclusions(statement, where)
        yield from self._variables(statement, where)

    def _actions(self, statement: Statement, where: _Where) -> Iterator[PolicyWarning]:
        is_rcp = self._policy.kind is PolicyKind.RCP
        for pointer, spelled in where.entries(statement.actions.name):
            if is_rcp and spelled == "*" and statement.effect is Effect.DENY:
                yield _warning("every_action_in_rcp", pointer)
            if self._catalogue.matching(spelled):
                continue
            if "*" in spelled or "?" in spelled:
                yield _warning("pattern_of_no_action", pointer, action=spelled)
                continue
            nearest = self._near(spelled)
            code = "unknown_action" if nearest else "unknown_action_without_nearest"
            yield _warning(code, pointer, action=spelled, nearest=nearest)

    def _suggests(self) -> bool:
        self._suggestions += 1
        return self._suggestions <= _MOST_SUGGESTIONS

    def _near(self, spelled: str) -> str | None:
        """Return the action that was probably meant; what is merely nearest may be far away."""
        if not self._suggests():
            return None
        nearest = self._catalogue.nearest(spelled[:_LONGEST_NAME])
        if nearest is None:
            return None
        likeness = SequenceMatcher(None, spelled[:_LONGEST_NAME].lower(), nearest.lower()).ratio()
        return nearest if likeness >= _LEAST_LIKENESS else None

    def _reach(self, spelled: str) -> Reach:
        """Return what the actions can act on that an entry of Action matches."""
        if spelled not in self._reaches:
            members = self._catalogue.members(self._catalogue.matching(spelled))
            self._reaches[spelled] = Reach.of(members)
        return self._reaches[spelled]

    def _reach_of_all(self, several: tuple[str, ...]) -> Reach:
        if several not in self._together:
            self._together[several] = Reach.together(map(self._reach, several))
        return self._together[several]

    def _expected(self, spelled: str) -> str:
        """Return what the first action acts on that an entry of Action matches."""
        return expected_resource(next(self._catalogue.members(self._catalogue.matching(spelled))))

    def _resources(self, statement: Statement, where: _Where) -> Iterator[PolicyWarning]:
        """Compare Action with Resource; of NotAction and NotResource nothing certain follows."""
        element = statement.resources
        if element is None or element.negated or statement.actions.negated:
            return
        if not any(pattern.leading for pattern in element.patterns):  # each is `*`
            return
        spelled_actions = tuple(dict.fromkeys(statement.actions.patterns))
        # Of an unknown action nobody knows the resource.
        if not spelled_actions or not all(map(self._catalogue.matching, spelled_actions)):
            return
        reach = self._reach_of_all(spelled_actions)
        idle = {pattern.spelled for pattern in element.patterns if not reach.may_be(pattern)}
        for pointer, spelled in where.entries(element.name):
            if spelled in idle:
                yield _warning(
                    "resource_never_applies",
                    pointer,
                    resource=spelled,
                    action=spelled_actions[0],
                    expected=self._expected(spelled_actions[0]),
                )
        useful = [pattern for pattern in element.patterns if pattern.spelled not in idle]
        if not useful or len(useful) * len(spelled_actions) > _MOST_PAIRS:
            return
        idle_actions = {
            spelled
            for spelled in spelled_actions
            if not any(map(self._reach(spelled).may_be, useful))
        }
        for pointer, spelled in where.entries(statement.actions.name):
            if spelled in idle_actions:
                expected = self._expected(spelled)
                yield _warning(
                    "action_without_resource", pointer, action=spelled, expected=expected
                )

    def _keys(self, statement: Statement, where: _Where) -> Iterator[PolicyWarning]:
        for test in statement.conditions:
            key, pointer = test.spelled_key, where.test(test)
            outcome = "holds" if test.result({}).holds else "fails"
            if not condition_keys.prefix_of(key):
                yield _warning(f"key_without_prefix_{outcome}", pointer, key=key)
            elif condition_keys.exists(key) is False:
                nearest = condition_keys.nearest(key) if self._suggests() else None
                code = "unknown_key" if nearest else "unknown_key_without_nearest"
                yield _warning(f"{code}_{outcome}", pointer, key=key, nearest=nearest)
            elif not self._may_have(statement, key):
                action = statement.actions.patterns[0]
                yield _warning(f"key_of_other_actions_{outcome}", pointer, key=key, action=action)

    def _may_have(self, statement: Statement, key: str) -> bool:
        """Whether a request for one of the actions can have a key; nothing is said of wildcards."""
        spelled = statement.actions.patterns
        if statement.actions.negated or not all(one in self._catalogue for one in spelled):
            return True
        return any(condition_keys.may_have(self._catalogue[one], key) for one in spelled)

    def _credentials(self, statement: Statement, where: _Where) -> Iterator[PolicyWarning]:
        """Find tests that mean calls without MFA, but are not about the keys' absence.

        Source: IAM User Guide, "AWS global condition context keys", aws:MultiFactorAuthPresent
        ("not a reliable way") and aws:MultiFactorAuthAge.
        """
        tests = [test for test in statement.conditions if test.key in (_PRESENT, _AGE)]
        comparing = [test for test in tests if test.operator.base is not None]
        denies = statement.effect is Effect.DENY
        if not comparing or any(
            # A Null says itself what the absence is to mean.
            test.operator.base is None and (denies or test.result({}).holds)
            for test in tests
        ):
            return
        told = [*self._told_of_deny(comparing)] if denies else [*_told_of_allow(comparing, tests)]
        for code, test, better in told:
            if not self._denied_without_mfa(statement, but_for_exceptions=test.key == _AGE):
                yield _warning(code, where.test(test), key=test.spelled_key,
                               operator=test.operator.spelled, better=better)  # fmt: skip

    @staticmethod
    def _told_of_deny(comparing: list[ConditionTest]) -> Iterator[tuple[str, ConditionTest, str]]:
        """Of a Deny: what does not match calls that have no MFA keys."""
        for test in comparing:
            if test.result({}).holds:
                continue
            better = f"{_base_name(test)}IfExists"
            if test.key == _AGE:
                yield "mfa_age_absent", test, better
            elif test.result({_PRESENT: "false"}).holds:
                yield "mfa_key_absent", test, better

    def _denied_without_mfa(self, statement: Statement, *, but_for_exceptions: bool) -> bool:
        """Whether Deny statements cover what a statement is about where the MFA keys are absent.

        Args:
            statement: A statement that leaves such calls out, or lets them in.
            but_for_exceptions: Whether the actions that NotAction excepts are meant to pass.
        """
        left = self._actions_of(statement)
        for other in self._denying_absence:
            if other is not statement and _covers_but_for_actions(other, statement):
                if but_for_exceptions and other.actions.negated:
                    return True
                left &= ~self._actions_of(other)
                if not left:
                    return True
        return False

    @cached_property
    def _denying_absence(self) -> tuple[Statement, ...]:
        """The Deny statements with a test on an MFA key that holds without it."""
        return tuple(
            statement
            for statement in self._policy.statements
            if statement.effect is Effect.DENY
            and any(
                test.key in (_PRESENT, _AGE) and test.result({}).holds
                for test in statement.conditions
            )
        )

    def _actions_of(self, statement: Statement) -> ActionSet:
        element = statement.actions
        known = self._action_sets.get(id(element))
        if known is None:
            known = EMPTY
            for spelled in element.patterns:
                known |= self._catalogue.matching(spelled)
            if element.negated:
                known = self._catalogue.everything & ~known
            self._action_sets[id(element)] = known
        return known

    def _variables(self, statement: Statement, where: _Where) -> Iterator[PolicyWarning]:
        """Variables where they stay as they are written."""
        has_variables = self._policy.version == VERSION_2012
        has_version = _has_version(self._policy)
        old = "variable_in_old_version" if has_version else "variable_without_version"
        for pointer, text, before_last in _texts_with_variables(statement, where):
            found = template(text, variables=True, wildcards=False).variables
            if found and not has_variables:
                yield _warning(old, pointer, variable=_first_variable(text))
            elif has_variables and before_last:
                yield _warning("variable_before_last_part", pointer, variable=_first_variable(text))
            elif has_variables and _is_malformed(text):
                yield _warning("malformed_variable", pointer, text=text)
            elif has_variables:
                yield from self._misspelled(text, pointer)

    def _misspelled(self, text: str, pointer: str) -> Iterator[PolicyWarning]:
        """Variables of keys that there are not, and keys that lack a mark of a variable."""
        for inside in dict.fromkeys(_REFERENCE.findall(text)):
            key = inside.partition(",")[0].strip()
            if key in _ESCAPES or condition_keys.exists(key) is True:
                continue
            prefix = condition_keys.prefix_of(key)
            if prefix and condition_keys.exists(key) is None:
                continue
            spelled = key if prefix else f"aws:{key}"
            is_key = condition_keys.exists(spelled) is True
            near = condition_keys.nearest(spelled) if self._suggests() else None
            nearest = condition_keys.as_known(spelled) if is_key else near
            code = "unknown_variable" if nearest else "unknown_variable_without_nearest"
            yield _warning(code, pointer, variable=f"${{{inside}}}", nearest=nearest)
        for found in _UNMARKED.finditer(_REFERENCE.sub("", text)):
            key = found["braced"] or found["bare"]
            if condition_keys.exists(key):
                yield _warning("unmarked_variable", pointer, text=found[0], variable=f"${{{key}}}")


def _base_name(test: ConditionTest) -> str:
    base = test.operator.base
    return base.name if base else test.operator.spelled


def _told_of_allow(
    comparing: list[ConditionTest], tests: list[ConditionTest]
) -> Iterator[tuple[str, ConditionTest, str]]:
    """Of an Allow: what lets in calls that have no MFA keys, if no other test keeps them out."""
    if not all(test.result({}).holds for test in tests):
        return
    for test in comparing:
        if test.key == _AGE:
            yield "mfa_age_absent_allowed", test, _base_name(test)
        elif not test.result({_PRESENT: "false"}).holds:
            yield "mfa_key_absent_allowed", test, "Bool"


def _covers_but_for_actions(one: Statement, other: Statement) -> bool:
    """Whether a Deny without MFA keys is about all that another statement is about, but actions.

    Its tests on the MFA keys must hold where these are absent; what else it asks, the other asks
    as well.
    """
    if one.resources is not None and not one.resources.is_everything:
        theirs = other.resources
        if theirs is None or one.resources.negated or theirs.negated:
            return False
        if not set(theirs.spelled) <= set(one.resources.spelled):
            return False
    if one.principals is not None and one.principals != other.principals:
        return False
    asked = {_as_written(test) for test in other.conditions}
    return all(
        test.result({}).holds if test.key in (_PRESENT, _AGE) else _as_written(test) in asked
        for test in one.conditions
    )


def _as_written(test: ConditionTest) -> tuple[object, ...]:
    return test.operator.spelled, test.key, test.spelled_values


def _accounts(statement: Statement, where: _Where) -> Iterator[PolicyWarning]:
    """Account numbers of Resource that have a digit too few or too many."""
    if statement.resources is None:
        return
    for pointer, spelled in where.entries(statement.resources.name):
        parts = spelled.split(":", ARN_PARTS - 1)
        account = parts[4] if len(parts) == ARN_PARTS else ""
        if _ACCOUNT.fullmatch(account) and (
            len(account) != _DIGITS_OF_ACCOUNT or not account.isdecimal()
        ):
            yield _warning("no_account_number", pointer, resource=spelled, account=account)


def _values(statement: Statement, where: _Where) -> Iterator[PolicyWarning]:
    for test in statement.conditions:
        base = test.operator.base
        kind = "boolean" if base is None else _KINDS.get(id(base.value_type))
        for pointer, wanted in where.values(test) if kind else ():
            if is_unreadable(test, wanted):
                operator = test.operator.spelled
                yield _warning(f"unreadable_{kind}", pointer, value=wanted.text, operator=operator)


def _exclusions(statement: Statement, where: _Where) -> Iterator[PolicyWarning]:
    for one, other in contradictions(statement.conditions):
        yield _warning(
            "never_together",
            where.test(other),
            key=other.spelled_key,
            one=one.operator.spelled,
            other=other.operator.spelled,
        )


_KINDS: Final = {
    id(BOOLEAN): "boolean",
    id(NUMBER): "number",
    id(DATE): "date",
    id(IP): "ip",
    id(ARN): "arn",
    id(BINARY): "binary",
}


def _texts_with_variables(statement: Statement, where: _Where) -> Iterator[tuple[str, str, bool]]:
    """Return pointer and text of what may hold a variable, and whether it stands too far ahead."""
    if statement.resources is not None:
        for pointer, spelled in where.entries(statement.resources.name):
            if _MAY_BE_VARIABLE.search(spelled):
                parts = spelled.split(":", ARN_PARTS - 1)
                last = parts[-1] if len(parts) == ARN_PARTS else ""
                yield pointer, spelled, "${" in spelled and "${" not in last
    for test in statement.conditions:
        base = test.operator.base
        if base is not None and base.value_type.variables:
            for pointer, wanted in where.values(test):
                if _MAY_BE_VARIABLE.search(wanted.text):
                    yield pointer, wanted.text, False


def _first_variable(text: str) -> str:
    start = text.index("${")
    return text[start : text.find("}", start) + 1] or text[start:]


def _is_malformed(text: str) -> bool:
    """Whether `${` begins something that is neither a variable nor one of the three escapes."""
    for beginning in text.split("${")[1:]:
        inside, brace, _ = beginning.partition("}")
        reference = f"${{{inside}}}"
        if not brace or template(reference, variables=True, wildcards=False).parts == (reference,):
            return True
    return False


def _warning(code: str, pointer: str, **values: object) -> PolicyWarning:
    return PolicyWarning(code, pointer, {name: shown(value) for name, value in values.items()})


class _Where:
    """Where the parts of a statement stand in the document."""

    def __init__(self, policy: Policy, statement: Statement) -> None:
        statements = policy.document["Statement"]
        is_list = isinstance(statements, (list, tuple))
        self._pointer = f"/Statement/{statement.index}" if is_list else "/Statement"
        self._given = statements[statement.index] if is_list else statements

    def entries(self, name: str) -> Iterator[tuple[str, str]]:
        """Return the pointer and text of each entry of an element."""
        return _items(self._given[name], pointer_to(self._pointer, name), str)

    def test(self, test: ConditionTest) -> str:
        """Return the pointer of a test: of its context key."""
        condition = pointer_to(self._pointer, "Condition")
        return pointer_to(pointer_to(condition, test.operator.spelled), test.spelled_key)

    def values(self, test: ConditionTest) -> Iterator[tuple[str, Any]]:
        """Return the pointer and template of each value of a test."""
        values = self._given["Condition"][test.operator.spelled][test.spelled_key]
        pointers = (pointer for pointer, _ in _items(values, self.test(test), lambda one: one))
        return zip(pointers, test.wanted, strict=True)


def _items(given: Any, pointer: str, read: Callable[[Any], Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(given, (list, tuple)):
        for index, one in enumerate(given):
            yield pointer_to(pointer, index), read(one)
    else:
        yield pointer, read(given)
