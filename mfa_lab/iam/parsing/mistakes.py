"""What is wrong with a policy, and where.

    PolicyError              a policy that AWS would refuse; holds one or more Mistake

A Mistake carries a code and values; the sentence is made from the text catalogue, in any language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from mfa_lab.text import say
from mfa_lab.text.shown_value import TYPE_NAMES, shown
from mfa_lab.text.spoken_error import SpokenValueError

REFUSED_BUT_PLAIN: Final = frozenset(
    {
        "action_not_for_trust_policy",
        "arn_with_region",
        "arn_with_too_few_colons",
        "arn_without_service",
        "group_as_principal",
        "malformed_date",
        "unknown_partition",
        "unknown_resource_of_iam",
    }
)
"""The mistakes for which AWS saves no policy although its meaning is plain: no request has such an
action, resource, principal or value, so what holds the mistake matches nothing."""

# The text of an error has so many; all are in `mistakes`.
_MOST_DESCRIBED: Final = 5


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a policy.

    Args:
        code: Which rule it breaks: a key of the section `policy_error` of the text catalogue.
        pointer: Where, as an RFC 6901 JSON pointer; empty for the whole document.
        values: What the sentence names.
        line: Line in the text, from 1; None for a policy that came as a mapping.
        column: Column in the text, from 1; None for a policy that came as a mapping.
    """

    code: str
    pointer: str
    values: dict[str, object] = field(default_factory=dict)
    line: int | None = None
    column: int | None = None

    def at(self, line: int, column: int) -> Mistake:
        """Return the same mistake with its place in the text."""
        return replace(self, line=line, column=column)

    def sentence(self, language: str | None = None) -> str:
        """Return the sentence with what is wrong and what the rule is."""
        values = dict(self.values)
        if "suggestion" in values:  # which a sentence turns into a question, where there is one
            suggestion = values["suggestion"]
            question = say("policy_error_question", language, suggestion=suggestion)
            values["question"] = question if suggestion else ""
        if "type" in values:
            name = values["type"] if values["type"] in TYPE_NAMES else "other"
            values["type"] = say(f"type_name.{name}", language, type=values["type"])
        return say(f"policy_error.{self.code}", language, **values)

    def located_sentence(self, language: str | None = None) -> str:
        """Return the sentence with the place first, then what is wrong."""
        where = "in_text" if self.line else "in_mapping"
        if not self.pointer:
            where = f"{where}_at_top"
        return say(
            f"policy_error_place.{where}",
            language,
            pointer=shown(self.pointer),
            line=self.line,
            column=self.column,
            sentence=self.sentence(language),
        )


class PolicyError(SpokenValueError):
    """A policy that breaks a rule of the policy grammar.

    Attributes:
        mistakes: All that were found, in document order, at least one.
        pointer: JSON pointer (RFC 6901) of the first.
        line: Line of the first, from 1; None for a policy that came as a mapping.
        column: Column of the first, from 1; None for a policy that came as a mapping.
    """

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        first = self.mistakes[0]
        self.pointer, self.line, self.column = first.pointer, first.line, first.column
        super().__init__(describe_mistakes(self.mistakes))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.mistakes,)


def describe_mistakes(
    mistakes: Sequence[Mistake], language: str | None = None, between: str = "\n"
) -> str:
    """Return the sentences of the first mistakes, and how many more there are.

    Args:
        mistakes: At least one.
        language: `en` or `ja`; None for the chosen one.
        between: What to put between two sentences.
    """
    sentences = [mistake.located_sentence(language) for mistake in mistakes[:_MOST_DESCRIBED]]
    more = len(mistakes) - len(sentences)
    if more:
        sentences.append(say("policy_error_place.more", language, count=more))
    return between.join(sentences)
