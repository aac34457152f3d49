"""The difference of two policies: what changes, for whom, and what does not."""

from __future__ import annotations

import pytest

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.difference import difference
from mfa_lab.analysis.table import Tabulator
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.table.difference_view import DifferenceView
from tests.view.markup import one, parsed, rows_of, words


def between(
    tabulator: Tabulator, before: Policy, after: Policy, language: str = "en"
) -> DifferenceView:
    found = difference(tabulator, PolicySet(identity=[before]), PolicySet(identity=[after]))
    return DifferenceView(found, language)


def test_a_difference_says_who_gains_what_and_that_no_other_does(
    tabulator: Tabulator, article: Policy, weakened: Policy
) -> None:
    view = between(tabulator, article, weakened)
    tree = parsed(view.fragment())
    assert (
        words(tree.select("p")[0])
        == repr(view)
        == ("2 actions change their answer for somebody; none of the other 22,319 does.")
    )
    both = "2: iam:ChangePassword, iam:GetAccountPasswordPolicy"
    assert rows_of(view.fragment()) == [
        ["access key console, no code", "✕ denied", "✓ allowed", both],
        ["role session", "✕ denied", "✓ allowed", "1: iam:GetAccountPasswordPolicy"],
        ["role session", "✕ denied", "– not allowed", "1: iam:ChangePassword"],
    ]
    assert [words(head) for head in tree.select("thead th")] == [
        "credentials", "before", "after", "actions",
    ]  # fmt: skip
    assert words(tree.select("p")[1]) == (
        "Nothing changes for: session token, no code; console, with code; session token, with code."
    )


def test_a_change_that_rests_on_an_open_point_is_marked_where_it_stands(
    tabulator: Tabulator, article: Policy
) -> None:
    fenced = Policy.parse(
        {"Version": "2012-10-17",
         "Statement": {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*",
                       "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}}
    )  # fmt: skip
    nothing = Policy.parse(fenced.to_json().replace("s3:ListAllMyBuckets", "s3:nothing"))
    rows = rows_of(between(tabulator, nothing, fenced).fragment())
    mark = f"† {say('table.undocumented')}"
    assert rows[0][0] == f"console, no code session token, no code role session {mark}"
    plain = parsed(between(tabulator, article, Policy.parse(article.to_json())).fragment())
    assert "†" not in words(plain)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_difference_agrees_with_the_analysis(
    tabulator: Tabulator, article: Policy, with_bool: Policy, language: str
) -> None:
    found = difference(tabulator, PolicySet(identity=[article]), PolicySet(identity=[with_bool]))
    rows = parsed(DifferenceView(found, language).fragment()).select("tbody tr")
    assert len(rows) == len(found.flips) > 1
    for flip, row in zip(found.flips, rows, strict=True):
        credentials, before, after, actions = row.select("th, td")
        assert words(credentials) == say(f"credentials.{flip.caller.kind.name}", language)
        assert before["class"] == [str(flip.before)]
        assert after["class"] == [str(flip.after)]
        assert words(after).endswith(say(f"face.{flip.after}", language))
        named = [words(code) for code in actions.select("code")]
        assert tuple(named) == flip.actions[: len(named)]
        assert len(named) == (len(flip.actions) if len(flip.actions) <= 8 else 3)
        more = len(flip.actions) - len(named)
        told = say("difference.more", language, count=f"{more:,}").strip()
        assert words(actions).endswith(told) is (more > 0)
        assert words(actions).startswith(f"{len(flip.actions):,}")


@pytest.mark.parametrize(("count", "named"), [(8, 8), (9, 3)])
def test_up_to_eight_actions_are_all_named(
    tabulator: Tabulator, article: Policy, count: int, named: int
) -> None:
    names = [action.name for action in tabulator.catalogue.actions if action.service == "ec2"][
        :count
    ]
    *others, fence = article.document["Statement"]
    wider = {**fence, "NotAction": [*fence["NotAction"], *names]}
    after = Policy.parse({**article.document, "Statement": [*others, wider]})
    for row in parsed(between(tabulator, article, after).fragment()).select("tbody tr"):
        assert [words(code) for code in row.select("code")] == sorted(names, key=str.lower)[:named]
        assert words(row).endswith("and 6 more") is (named < count)


def test_one_changed_action_is_one(tabulator: Tabulator, article: Policy) -> None:
    after = Policy.parse(
        article.to_json().replace(
            '"sts:GetSessionToken"', '"sts:GetSessionToken", "iam:ListGroups"'
        )
    )
    assert repr(between(tabulator, article, after)) == (
        "1 action changes its answer for somebody; none of the other 22,320 does."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_difference_that_rests_on_an_open_point_says_for_whom(
    tabulator: Tabulator, article: Policy, with_bool: Policy, language: str
) -> None:
    tree = parsed(between(tabulator, article, with_bool, language).fragment())
    told = say(
        "difference.undocumented", language, credentials=say("credentials.role_session", language)
    )
    assert words(one(tree, "p.note")) == f"† {told}"


def test_a_difference_that_rests_on_none_does_not(
    tabulator: Tabulator, article: Policy, weakened: Policy
) -> None:
    assert "†" not in between(tabulator, article, weakened).fragment()


def test_no_difference_has_no_table(tabulator: Tabulator, article: Policy) -> None:
    view = between(tabulator, article, article)
    assert repr(view) == "No action changes its answer for anybody: all 22,321 stay as they were."
    assert not parsed(view.fragment()).select("table")
