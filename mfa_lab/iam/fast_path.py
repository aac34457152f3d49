"""What makes a decision fast, and what each such thing costs.

The cells of a table and a comparison over millions of requests decide by the same few statements
again and again, so a decision should take a few microseconds. Five things in this folder are less
plain than they could be for that reason alone. None changes an answer, and `tests/benchmarks`
measures what they are worth:

*   Answers are kept for the next time: what a condition test finds in a value, which entries of
    Resource fit a resource, a name in lower case. `remember`, below, keeps them within bounds; each
    key holds everything that the answer depends on.
*   `statement_index` looks up once which statements cover an action, and what of them is left to
    look at.
*   `Request` and `Decision` are not to be changed, but not frozen: Python takes as long to write
    the six fields of a frozen object as the decision takes altogether.
*   `required_allows` decides at once where there are identity policies alone, the usual case.
*   Values without policy variables, in conditions and in resources, are read when the policy is.
"""

from __future__ import annotations

from typing import Final, TypeVar

Answer = TypeVar("Answer")
CacheKey = str | None | tuple[object, ...]

MOST_KEPT: Final = 1024
LONGEST_KEPT: Final = 1024


def remember(answers: dict[CacheKey, Answer], key: CacheKey, answer: Answer) -> Answer:
    """Keep an answer, unless its key is long; where too many are kept, forget them first.

    A lesson needs the answers about the same few resources and values again and again. Millions of
    different ones, or a few enormous ones, must not fill the machine's memory.

    Args:
        answers: The answers so far.
        key: What the answer depends on: a text, or texts and tuples of texts.
        answer: The answer.

    Returns:
        The answer.
    """
    if _length(key) <= LONGEST_KEPT:
        if len(answers) >= MOST_KEPT:
            answers.clear()
        answers[key] = answer
    return answer


def _length(key: object) -> int:
    if isinstance(key, tuple):
        return sum(1 + _length(part) for part in key)
    return len(key) if isinstance(key, str) else 0
