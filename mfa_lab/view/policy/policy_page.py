"""A policy as a page to read: each statement in plain words beside its JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.iam.condition.conditions import ConditionTest
from mfa_lab.iam.condition.values import read_boolean
from mfa_lab.iam.parsing.grammar import VERSION_2012
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.statement import Effect, ResourceElement, Statement
from mfa_lab.text import say
from mfa_lab.view.html import render, static
from mfa_lab.view.statement_json import statement_texts

_WORDS_FOR_RESOURCES: Final = {
    "*": "everything",
    "arn:aws:iam::*:user/${aws:username}": "own_user",
    "arn:aws:iam::*:mfa/${aws:username}": "own_device",
    "arn:aws:iam::*:mfa/*": "any_device",
}
_EQUALITY: Final = frozenset({"Bool", "StringEquals", "NumericEquals", "DateEquals"})


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """A policy as a reader sees it.

    Args:
        policy: What is shown.
        language: `en` or `ja`.
    """

    policy: Policy
    language: str = "en"

    def fragment(self) -> str:
        """Return the HTML without style."""
        texts = statement_texts(self.policy)
        statements = [
            self._values(statement, text)
            for statement, text in zip(self.policy.statements, texts, strict=True)
        ]
        return render("policy/policy_page", self.language, statements=statements)

    def _repr_html_(self) -> str:
        return static(self.fragment())

    def __repr__(self) -> str:
        return f"<policy of {len(self.policy.statements)} statements>"

    def _say(self, key: str, /, **values: object) -> str:
        return say(f"policy_page.{key}", self.language, **values)

    def _values(self, statement: Statement, text: str) -> dict[str, Any]:
        is_allow = statement.effect is Effect.ALLOW
        actions = statement.actions
        effect = self._say("effect_allow" if is_allow else "effect_deny")
        says = "says_not_actions" if actions.negated else "says_actions"
        if any(_is_pattern(entry) for entry in actions.patterns):
            says = f"{says}_by_pattern"  # so many entries are not so many actions
        return {
            "number": statement.index + 1,
            "name": statement.sid or f"{self._say('statement')} {statement.index + 1}",
            "face": "allow" if is_allow else "explicit_deny",
            "actions_say": self._say(says, effect=effect, count=len(actions.patterns)),
            "actions": [self._entry(entry) for entry in actions.patterns],
            "resources_say": self._resources(statement.resources),
            "conditions_say": self._conditions(statement.conditions),
            "json": text,
        }

    def _entry(self, entry: str) -> str:
        if not _is_pattern(entry):
            return entry
        count = aws_catalogue().matching(entry).bit_count()
        return self._say("entry_matches", entry=entry, count=count)

    def _resources(self, resources: ResourceElement | None) -> str:
        if resources is None:
            return self._say("on_its_role")
        words = [self._resource(pattern.spelled) for pattern in resources.patterns]
        key = "on_not_resources" if resources.negated else "on_resources"
        return self._say(key, resources=self._say("or").join(words))

    def _resource(self, spelled: str) -> str:
        has_variables = self.policy.version == VERSION_2012
        known = _WORDS_FOR_RESOURCES.get(spelled) if has_variables or "$" not in spelled else None
        return self._say(f"resource_{known}") if known else spelled

    def _conditions(self, tests: tuple[ConditionTest, ...]) -> str:
        if not tests:
            return ""
        words = self._say("and").join(map(self._condition, tests))
        return self._say("if_conditions", conditions=words)

    def _condition(self, test: ConditionTest) -> str:
        """Say a condition; the common ones in words, the others by their operator's name."""
        operator, key = test.operator, test.spelled_key
        values = self._say("or").join(f'"{template.text}"' for template in test.wanted)
        asks_absence = read_boolean(test.wanted[0].text) if len(test.wanted) == 1 else None
        if operator.base is None and asks_absence is not None:
            return self._say("condition_absent" if asks_absence else "condition_present", key=key)
        if (
            test.wanted
            and operator.base
            and operator.base.name in _EQUALITY
            and operator.set_prefix is None
        ):
            words = self._say("condition_equals", key=key, values=values)
            return words + (self._say("condition_or_absent") if operator.if_exists else "")
        return self._say("condition_other", operator=operator.spelled, key=key, values=values)


def _is_pattern(entry: str) -> bool:
    return "*" in entry or "?" in entry
