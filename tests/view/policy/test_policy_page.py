"""A policy in plain words, beside its JSON."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag

from mfa_lab import Policy
from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.policy.policy_page import PolicyPage
from tests.view.markup import HEADING, one, parsed, words

FILES = sorted((Path(__file__).resolve().parents[3] / "data" / "policies").glob("*.json"))

WORDS = {
    "*": "everything",
    "arn:aws:iam::*:user/${aws:username}": "own_user",
    "arn:aws:iam::*:mfa/${aws:username}": "own_device",
    "arn:aws:iam::*:mfa/*": "any_device",
}


def items_of(policy: Policy, language: str = "en") -> list[Tag]:
    return parsed(PolicyPage(policy, language).fragment()).select(".mfa-lab-policy > ol > li")


def said(item: Tag) -> list[str]:
    """What a statement says: about actions, each entry, about resources and conditions."""
    says = one(item, ".says")
    first, last = says.select("p")
    return [words(first), *map(words, says.select("ul > li")), words(last)]


def said_of(*statements: dict[str, Any], language: str = "en") -> list[list[str]]:
    policy = Policy.parse(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
    return [said(item) for item in items_of(policy, language)]


def deny(condition: dict[str, Any]) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        (
            "en",
            "denies every action of AWS but these 7:",
            'on every resource if aws:MultiFactorAuthPresent is "false" (or is absent)',
        ),
        (
            "ja",
            "次の 7 個を除く、AWS のすべてのアクションを拒否:",
            '対象: すべてのリソース 条件: aws:MultiFactorAuthPresent が "false" (またはキーが存在しない)',
        ),
    ],
)
def test_the_fence_of_the_article(article: Policy, language: str, before: str, after: str) -> None:
    fence = items_of(article, language)[8]
    assert words(one(fence, HEADING)) == "DenyAllExceptListedIfNoMFA"
    assert words(one(fence, ".number")).split()[-1] == "9"
    assert fence["class"] == ["explicit_deny"]
    assert said(fence) == [
        before,
        "iam:CreateVirtualMFADevice",
        "iam:EnableMFADevice",
        "iam:GetUser",
        "iam:ListMFADevices",
        "iam:ListVirtualMFADevices",
        "iam:ResyncMFADevice",
        "sts:GetSessionToken",
        after,
    ]
    assert one(fence, ".says p br")


def test_the_allow_statements_of_the_article(article: Policy) -> None:
    items = items_of(article)
    assert len(items) == 9
    assert [item["class"] for item in items[:8]] == [["allow"]] * 8
    assert [said(item)[0] for item in items[:8]] == [
        f"allows {count} actions:" for count in (2, 2, 4, 4, 5, 5, 2, 4)
    ]
    assert [said(item)[-1] for item in items[:8]] == [
        "on every resource",
        *["on the caller's own user"] * 5,
        "on the MFA device that is named like the caller",
        "on the caller's own user",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.stem))
def test_every_stored_policy_is_told_statement_by_statement(file: Path, language: str) -> None:
    policy = Policy.parse(file.read_text("utf-8"))
    items = items_of(policy, language)
    documents = policy.document["Statement"]
    documents = documents if isinstance(documents, list) else [documents]
    assert len(items) == len(policy.statements) == len(documents)
    for number, (item, statement, document) in enumerate(
        zip(items, policy.statements, documents, strict=True), start=1
    ):
        assert words(one(item, ".number")) == f"{say('policy_page.statement', language)} {number}"
        if statement.sid:
            assert [words(heading) for heading in item.select(HEADING)] == [statement.sid]
        assert json.loads(one(item, "pre").get_text()) == document
        first, *entries, last = said(item)
        effect = "allow" if statement.effect == "Allow" else "deny"
        assert say(f"policy_page.effect_{effect}", language) in first
        patterns = statement.actions.patterns
        assert [entry.split(" (")[0] for entry in entries] == list(patterns)
        assert str(len(patterns)) in first or len(patterns) == 1
        assert statement.resources
        for resource in statement.resources.patterns:
            word = WORDS.get(resource.spelled)
            assert (
                say(f"policy_page.resource_{word}", language) if word else resource.spelled
            ) in last
        for test in statement.conditions:
            assert test.spelled_key in last
            assert test.operator.base is None or all(f'"{one.text}"' in last for one in test.wanted)
        assert bool(statement.conditions) is bool(item.select(".says p b"))


@pytest.mark.parametrize(
    ("condition", "words_for_it"),
    [
        ({"Bool": {"k:x": "false"}}, 'if k:x is "false"'),
        ({"Bool": {"k:x": True}}, 'if k:x is "true"'),
        ({"BoolIfExists": {"k:x": "false"}}, 'if k:x is "false" (or is absent)'),
        ({"Null": {"k:x": "true"}}, "if k:x is absent"),
        ({"Null": {"k:x": False}}, "if k:x is there"),
        ({"StringEquals": {"k:x": ["a", "b"]}}, 'if k:x is "a" or "b"'),
        ({"NumericEquals": {"k:x": 3600}}, 'if k:x is "3600"'),
        ({"NumericGreaterThan": {"k:x": 3600}}, 'if NumericGreaterThan holds for k:x and "3600"'),
        ({"NumericLessThan": {"k:x": 1.50}}, 'if NumericLessThan holds for k:x and "1.50"'),
        ({"StringNotEquals": {"k:x": "a"}}, 'if StringNotEquals holds for k:x and "a"'),
        ({"StringLikeIfExists": {"k:x": "a*"}}, 'if StringLikeIfExists holds for k:x and "a*"'),
        (
            {"ForAnyValue:StringEquals": {"k:x": ["a", "b"]}},
            'if ForAnyValue:StringEquals holds for k:x and "a" or "b"',
        ),
        (
            {"Bool": {"k:x": "true"}, "Null": {"k:y": "false", "k:z": "true"}},
            'if k:x is "true" and k:y is there and k:z is absent',
        ),
        (
            {"StringEquals": {"aws:username": "${aws:PrincipalTag/name}"}},
            'if aws:username is "${aws:PrincipalTag/name}"',
        ),
    ],
)
def test_a_condition_in_words(condition: dict[str, Any], words_for_it: str) -> None:
    text = json.dumps({"Statement": deny(condition)}).replace("1.5}", "1.50}")
    [item] = items_of(Policy.parse(text))
    assert said(item)[-1] == f"on every resource {words_for_it}"


@pytest.mark.parametrize(
    ("resource", "words_for_it"),
    [
        ("*", "every resource"),
        (["*"], "every resource"),
        ("arn:aws:iam::*:mfa/*", "any MFA device of the account"),
        ("arn:aws:s3:::x/*", "arn:aws:s3:::x/*"),
        (["arn:aws:s3:::x", "*"], "arn:aws:s3:::x or every resource"),
    ],
)
def test_a_resource_in_words(resource: Any, words_for_it: str) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject"}
    assert said_of({**statement, "Resource": resource}) == [
        ["allows one action:", "s3:GetObject", f"on {words_for_it}"]
    ]
    assert said_of({**statement, "NotResource": resource}) == [
        ["allows one action:", "s3:GetObject", f"on everything but {words_for_it}"]
    ]


def test_one_action_and_all_but_one() -> None:
    assert said_of(
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        {"Effect": "Deny", "NotAction": "s3:GetObject", "Resource": "*"},
    ) == [
        ["allows one action:", "s3:GetObject", "on every resource"],
        ["denies every action but one:", "s3:GetObject", "on every resource"],
    ]


@pytest.mark.parametrize("pattern", ["*", "iam:*", "IAM:*mfa*", "s3:Get?bject", "iam:Nope*"])
def test_a_pattern_says_how_many_actions_it_matches(pattern: str) -> None:
    count = sum(
        fnmatchcase(action.name.lower(), pattern.lower()) for action in aws_catalogue().actions
    )
    [[_, entry, _]] = said_of({"Effect": "Allow", "Action": [pattern], "Resource": "*"})
    assert entry == f"{pattern} ({count:,} action{'' if count == 1 else 's'})"


def test_entries_with_a_pattern_are_not_counted_as_actions() -> None:
    said_first = [
        statement[0]
        for statement in said_of(
            {"Effect": "Allow", "Action": ["s3:Get*", "iam:GetUser"], "Resource": "*"},
            {"Effect": "Deny", "NotAction": ["s3:Get*", "iam:GetUser"], "Resource": "*"},
            {"Effect": "Deny", "Action": ["s3:Ge?Object"], "Resource": "*"},
        )
    ]
    assert said_first == [
        "allows whatever matches:",
        "denies every action of AWS that does not match:",
        "denies whatever matches:",
    ]


def test_null_that_asks_for_neither_is_told_by_its_name() -> None:
    [told] = said_of(deny({"Null": {"k:x": "maybe"}}))
    assert told[-1] == 'on every resource if Null holds for k:x and "maybe"'
    [told] = said_of(deny({"Null": {"k:x": ["true", "false"]}}))
    assert told[-1] == 'on every resource if Null holds for k:x and "true" or "false"'


def test_the_old_language_has_no_variables() -> None:
    statement = {
        "Effect": "Allow",
        "Action": "*",
        "Resource": "arn:aws:iam::*:user/${aws:username}",
    }
    for version, told in [
        ("2012-10-17", "on the caller's own user"),
        ("2008-10-17", "on arn:aws:iam::*:user/${aws:username}"),
    ]:
        [item] = items_of(Policy.parse({"Version": version, "Statement": statement}))
        assert said(item)[-1] == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_without_a_name_is_headed_by_its_number(language: str) -> None:
    policy = Policy.parse({"Statement": [deny({"Null": {"k:x": "true"}})] * 2})
    headings = [words(one(item, HEADING)) for item in items_of(policy, language)]
    assert headings == [f"{say('policy_page.statement', language)} {number}" for number in (1, 2)]


def test_a_pattern_in_front_of_a_gate_counts_in_japanese_too() -> None:
    [[first, entry, _]] = said_of(
        {"Effect": "Deny", "NotAction": "s3:Get?bject", "Resource": "*"}, language="ja"
    )
    assert entry == "s3:Get?bject (1 個のアクション)"
    assert first == "次に一致しない、AWS のすべてのアクションを拒否:"


def test_a_policy_whose_only_statement_stands_alone() -> None:
    policy = Policy.parse({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    [item] = items_of(policy)
    assert words(one(item, ".number")) == "Statement 1"
    assert json.loads(one(item, "pre").get_text()) == policy.document["Statement"]


def test_the_json_is_as_the_policy_has_it(article: Policy) -> None:
    text = one(items_of(article)[1], "pre").get_text()
    assert text == json.dumps(article.document["Statement"][1], indent=2)
    [item] = items_of(
        Policy.parse('{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": '
                     '{"NumericLessThan": {"k:x": 1.50}, "StringLike": {"k:y": "Zoë<b>"}}}}')
    )  # fmt: skip
    shown = one(item, "pre").get_text()
    assert "Zoë<b>" in shown
    assert json.loads(shown)["Condition"]["NumericLessThan"] == {"k:x": 1.5}


def test_long_json_can_be_scrolled_by_keyboard(article: Policy) -> None:
    assert all(one(item, "pre")["tabindex"] == "0" for item in items_of(article))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_a_named_region(article: Policy, language: str) -> None:
    region = one(parsed(PolicyPage(article, language).fragment()), ".mfa-lab-policy")
    assert region["aria-label"] == say("policy_page.heading", language)


def test_the_text_of_a_page_has_no_address(article: Policy) -> None:
    view = PolicyPage(article)
    assert repr(view) == "<policy of 9 statements>"
    assert view.fragment() in view._repr_html_()
