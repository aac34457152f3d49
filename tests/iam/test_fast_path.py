"""Answers that are kept for the next time, within bounds."""

from __future__ import annotations

from mfa_lab.iam.fast_path import LONGEST_KEPT, MOST_KEPT, CacheKey, remember


def test_an_answer_is_kept_and_returned() -> None:
    answers: dict[CacheKey, str] = {}
    assert remember(answers, "key", "answer") == "answer"
    assert remember(answers, (None, ("a", "b")), "other") == "other"
    assert answers == {"key": "answer", (None, ("a", "b")): "other"}


def test_the_answers_to_long_keys_are_not_kept() -> None:
    answers: dict[CacheKey, int] = {}
    half = "x" * (LONGEST_KEPT // 2)
    for key in ("x" * (LONGEST_KEPT + 1), (half, half), ((half,), (None, half))):
        assert remember(answers, key, 1) == 1
        assert not answers
    remember(answers, "x" * LONGEST_KEPT, 1)
    assert len(answers) == 1


def test_too_many_answers_make_room_for_the_next() -> None:
    answers: dict[CacheKey, int] = {}
    for number in range(MOST_KEPT):
        remember(answers, str(number), number)
    assert len(answers) == MOST_KEPT
    remember(answers, "next", 1)
    assert answers == {"next": 1}
