"""Documents that Hypothesis draws: any values, and the article's policy with some of them changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from mfa_lab import Policy

POLICIES = sorted((Path(__file__).resolve().parents[3] / "data" / "policies").glob("*.json"))
ARTICLE = next(file for file in POLICIES if file.stem == "2021-05-13_article").read_text("utf-8")

repeatable = settings(deadline=None, derandomize=True, max_examples=300)

NAMES = [
    "Version", "Id", "Statement", "Sid", "Effect", "Principal", "Action", "NotAction",
    "Resource", "NotResource", "Condition", "Bool", "Null", "StringLike", "k", "", "a/b",
]  # fmt: skip  # fmt: skip
TEXTS = ["2012-10-17", "2008-10-17", "Allow", "Deny", "*", "iam:*", "arn:aws:s3:::*", "true", ""]
scalars = st.one_of(
    st.sampled_from(TEXTS),
    st.text(max_size=4),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=4),
    ),
    max_leaves=12,
)
statements = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Resource": st.just("*")},
    optional={name: values for name in ("Action", "NotAction", "Sid", "Condition")},
)
documents = values | st.fixed_dictionaries(
    {"Version": st.just("2012-10-17"), "Statement": st.lists(statements | values, max_size=3)}
)


@st.composite
def changed_articles(draw: st.DrawFn) -> Any:
    """The article's policy with some of its values replaced by others."""
    document = json.loads(ARTICLE)
    for _ in range(draw(st.integers(1, 3))):
        value = document
        while True:
            steps = list(value) if isinstance(value, dict) else list(range(len(value)))
            if not steps:
                break
            step = draw(st.sampled_from(steps))
            inner = value[step]
            if isinstance(inner, (dict, list)) and draw(st.integers(0, 4)):
                value = inner
                continue
            value[step] = draw(values)
            break
    return document


def meaning(policy: Policy) -> list[Any]:
    """Return all that a policy's statements mean, as plain values."""
    return [
        (
            statement.sid,
            str(statement.effect),
            (statement.actions.name, statement.actions.patterns),
            statement.resources and (statement.resources.name, statement.resources.spelled),
            [
                (test.operator.spelled, test.spelled_key, [one.text for one in test.wanted])
                for test in statement.conditions
            ],
        )
        for statement in policy.statements
    ]
