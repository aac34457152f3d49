"""Why: the answer first, the statements that decided, the rest folded; for all four faces."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import Tag

from mfa_lab import Policy, PolicySet
from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.analysis.requests.answer import Answer, answer
from mfa_lab.analysis.requests.questions import Question
from mfa_lab.analysis.table import Tabulator
from mfa_lab.iam.credentials import KINDS, Caller, User
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.statement_json import statement_texts
from mfa_lab.view.table.trace_view import TraceView
from tests.view.markup import HEADING, one, parsed, words

ADMINISTRATOR = Policy.parse({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})


def ask(
    policies: Policy | PolicySet, action: str, kind: str, rules: ServiceRules | None = None
) -> Answer:
    if isinstance(policies, Policy):
        policies = PolicySet(identity=[policies])
    resource = Question().resource(aws_catalogue()[action])
    return answer(policies, Caller(KINDS[kind]), action, resource, rules or ServiceRules())


def tree_of(found: Answer, language: str = "en") -> Tag:
    return parsed(TraceView(found, language).fragment())


def reasons(tree: Tag) -> list[str]:
    """The sentences between the answer and the statements."""
    root = one(tree, ".mfa-lab-trace")
    return [
        words(text) for text in root.find_all("p", recursive=False) if not text.select(".answer")
    ]


def statements(tree: Tag) -> list[str]:
    """The statements that match, each with its verdict."""
    return [_first_line(item) for item in tree.select(".mfa-lab-trace > ol > li")]


def folded(tree: Tag) -> list[str]:
    return [_first_line(item) for item in tree.select("details li.silent")]


def _first_line(item: Tag) -> str:
    whole, rest = words(one(item, ".says")), words(one(item, ".says > ul"))
    assert whole.endswith(rest)
    return whole.removesuffix(rest).strip()


def marked(item: Tag) -> list[str]:
    """The lines of a statement's JSON that are marked, stripped."""
    return [mark.get_text().strip() for mark in item.select("pre > mark")]


def test_an_allow(article: Policy) -> None:
    tree = tree_of(ask(article, "iam:ChangePassword", "console_with_mfa"))
    assert words(one(tree, HEADING)) == "Why? iam:ChangePassword: console, with code"
    assert words(one(tree, ".answer.allow")) == "✓ allowed"
    assert reasons(tree) == ["Statement 2 allows it, and no statement denies it."]
    assert statements(tree) == ["2 AllowManageOwnPasswords matches, and allows decides"]
    assert words(tree.select("summary")[0]) == "8 other statements, which do not match"


def test_an_explicit_deny_names_the_allow_that_it_beats(article: Policy) -> None:
    tree = tree_of(ask(article, "iam:ChangePassword", "console_without_mfa"))
    assert words(one(tree, ".answer.explicit_deny")) == "✕ denied explicitly"
    assert reasons(tree) == [
        "Statement 9 denies it. A Deny wins over every Allow.",
        "Statement 2 allows it, to no avail.",
    ]
    assert statements(tree) == [
        "9 DenyAllExceptListedIfNoMFA matches, and denies decides",
        "2 AllowManageOwnPasswords matches, and allows",
    ]
    parts = [words(part) for part in tree.select(".mfa-lab-trace > ol > li")[0].select("li")]
    assert parts == [
        "✓ NotAction matches: it is not in the list, and NotAction means all that are not",
        "✓ Resource matches: * fits",
        '✓ BoolIfExists aws:MultiFactorAuthPresent "false" matches: the request says "false"; a '
        "wanted value fits",
    ]


def test_an_explicit_deny_of_what_nothing_allows(article: Policy) -> None:
    tree = tree_of(ask(article, "ec2:DescribeInstances", "access_key"))
    assert reasons(tree) == ["Statement 9 denies it. A Deny wins over every Allow."]
    assert words(one(tree, ".mfa-lab-trace > ol > li > .says")).endswith(
        "the request does not have the key; the key is absent, and IfExists lets that pass"
    )


def test_an_implicit_deny(article: Policy) -> None:
    tree = tree_of(ask(article, "ec2:DescribeInstances", "console_with_mfa"))
    assert words(one(tree, ".answer.implicit_deny")) == "– denied implicitly"
    assert reasons(tree) == [
        "No statement allows it. What nothing allows is denied, without any Deny."
    ]
    assert statements(tree) == []
    assert len(folded(tree)) == 9
    assert words(tree.select("summary")[0]) == "9 other statements, which do not match"


def test_a_service_s_refusal_shows_its_error_and_what_the_policies_would_say(
    article: Policy,
) -> None:
    tree = tree_of(ask(article, "iam:ListMFADevices", "session_token_without_mfa"))
    assert words(one(tree, ".answer.refused")) == "⊘ refused by the service"
    assert reasons(tree) == [
        "Credentials of GetSessionToken that were made without a code cannot call IAM at all, "
        "whatever the policies say.",
        "The policies alone would say: allowed.",
        "AWS answers: InvalidClientTokenId: The security token included in the request is invalid",
    ]
    assert "†" not in words(tree)


def test_a_refusal_whose_message_no_source_shows_says_the_code_or_nothing(article: Policy) -> None:
    tree = tree_of(ask(article, "iam:GetUser", "federated_user"))
    assert len(reasons(tree)) == 2
    tree = tree_of(ask(article, "sts:AssumeRoleWithSAML", "session_token_with_mfa"))
    assert reasons(tree)[2:] == []


@pytest.mark.parametrize(
    ("kind", "is_marked"), [("access_key", False), ("console_without_mfa", True)]
)
def test_a_refusal_that_is_assumed_says_so(article: Policy, kind: str, is_marked: bool) -> None:
    rules = ServiceRules(has_device=True)
    found = ask(article, "iam:EnableMFADevice", kind, rules)
    sentence = say("trace.undocumented_refusal")
    assert (sentence in reasons(tree_of(found))) is is_marked is found.is_undocumented


def test_an_open_point_says_what_is_assumed_and_what_else_would_be(with_bool: Policy) -> None:
    tree = tree_of(ask(with_bool, "iam:ChangePassword", "role_session"))
    assert reasons(tree) == [
        "Statement 9 denies it. A Deny wins over every Allow.",
        "† AWS does not document what the context says here. “false” is assumed; with another "
        "reading the policies would say: not allowed.",
    ]


def test_an_open_point_that_does_not_matter_is_not_told(article: Policy) -> None:
    assert "†" not in words(tree_of(ask(article, "iam:ChangePassword", "role_session")))


def test_an_action_that_asks_no_permission(article: Policy) -> None:
    deny = Policy.parse({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}})
    tree = tree_of(ask(deny, "sts:GetSessionToken", "access_key"))
    assert words(one(tree, ".answer.allow")) == "✓ allowed"
    assert reasons(tree) == ["This action asks no permission: no policy can grant or forbid it."]
    assert statements(tree) == folded(tree) == []


def test_the_root_user(article: Policy) -> None:
    tree = tree_of(ask(article, "ec2:DescribeInstances", "root_user"))
    assert words(one(tree, ".answer.allow")) == "✓ allowed"
    assert reasons(tree) == ["Identity-based policies do not bind the root user."]


def test_several_policies_are_told_apart(article: Policy, weakened: Policy) -> None:
    policies = PolicySet(identity=[article, ADMINISTRATOR, weakened])
    tree = tree_of(ask(policies, "iam:CreateAccessKey", "access_key"))
    assert reasons(tree) == [
        "Statements A9, C9 deny it. A Deny wins over every Allow.",
        "Statements A3, B1, C3 allow it, to no avail.",
    ]
    assert statements(tree) == [
        "A9 DenyAllExceptListedIfNoMFA (identity-based policy 1) matches, and denies decides",
        "C9 DenyAllExceptListedIfNoMFA (identity-based policy 3) matches, and denies decides",
        "A3 AllowManageOwnAccessKeys (identity-based policy 1) matches, and allows",
        "B1 (identity-based policy 2) matches, and allows",
        "C3 AllowManageOwnAccessKeys (identity-based policy 3) matches, and allows",
    ]


def test_one_silent_statement_is_one(article: Policy) -> None:
    two = Policy.parse({"Statement": [ADMINISTRATOR.document["Statement"],
                                      {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]})  # fmt: skip
    tree = tree_of(ask(two, "ec2:DescribeInstances", "access_key"))
    assert words(tree.select("summary")[0]) == "One other statement, which does not match"
    all_match = tree_of(ask(two, "s3:ListAllMyBuckets", "access_key"))
    assert [words(summary) for summary in all_match.select("summary")] == [
        "What the request says (its context)"
    ]


def test_the_request_is_folded_beside_it(article: Policy) -> None:
    found = ask(article, "iam:ChangePassword", "session_token_with_mfa")
    tree = tree_of(found)
    context = tree.select("details")[-1]
    assert words(one(context, "p")) == (
        "Asked about arn:aws:iam::123456789012:user/alice by arn:aws:iam::123456789012:user/alice."
    )
    shown = dict(
        zip(map(words, context.select("dt")), map(words, context.select("dd")), strict=True)
    )
    assert shown == found.decision.request.context
    assert shown["aws:MultiFactorAuthPresent"] == "true"
    assert all(not details.has_attr("open") for details in tree.select("details"))


def test_what_one_machine_says_of_itself_is_not_shown(article: Policy) -> None:
    found = answer(
        PolicySet(identity=[article]),
        Caller(KINDS["access_key"]),
        "iam:ChangePassword",
        User().arn,
        ServiceRules(),
        {"aws:UserAgent": "Boto3/1.0 os/linux#of-mine", "aws:SourceIp": "127.0.0.1"},
    )
    shown = words(tree_of(found))
    assert "of-mine" not in shown
    assert "aws:SourceIp 127.0.0.1" in shown


CROOKED: list[dict[str, Any]] = [
    {"Effect": "Allow", "Action": ["iam:*", "iam:?etuser"], "Resource": "*"},
    {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
    {"Effect": "Deny", "NotAction": ["iam:Get*", "s3:*"], "Resource": "*"},
    {"Effect": "Deny", "NotAction": "s3:*", "NotResource": ["*", "arn:aws:s3:::x"]},
    {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:iam::*:user/bob"},
    {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:iam::*:user/bob"},
    {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:iam::*:user/${aws:PrincipalTag/x}"},
]


def test_each_element_says_why_it_matches_or_does_not() -> None:
    policy = Policy.parse({"Version": "2012-10-17", "Statement": CROOKED})
    tree = tree_of(ask(policy, "iam:GetUser", "access_key"))
    found = {
        words(item.select("b")[0]): [words(part) for part in item.select("ul > li")]
        for item in tree.select("ol > li")
    }
    assert [found[name] for name in sorted(found)] == [
        ["✓ Action matches: the list has iam:*, iam:?etuser", "✓ Resource matches: * fits"],
        ["✕ Action does not match: the list does not have it", "✓ Resource matches: * fits"],
        ["✕ NotAction does not match: the list has iam:Get*, and NotAction means all others",
         "✓ Resource matches: * fits"],
        ["✓ NotAction matches: it is not in the list, and NotAction means all that are not",
         "✕ NotResource does not match: * fits, and NotResource means all others"],
        ["✓ Action matches: the list has *",
         "✕ Resource does not match: arn:aws:iam::123456789012:user/alice does not fit "
         "arn:aws:iam::*:user/bob"],
        ["✓ Action matches: the list has *",
         "✓ NotResource matches: none of arn:aws:iam::*:user/bob fits, and NotResource means all "
         "that do not"],
        ["✓ Action matches: the list has *",
         "✕ Resource does not match: the variable in arn:aws:iam::*:user/${aws:PrincipalTag/x} has "
         "no value here, so it fits nothing"],
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_of_every_kind_tells_the_story_of_its_decision(
    language: str, article: Policy, with_bool: Policy
) -> None:
    actions = ("iam:GetUser", "iam:ChangePassword", "iam:EnableMFADevice", "sts:GetSessionToken",
               "sts:GetFederationToken", "ec2:DescribeInstances")  # fmt: skip
    tabulator = Tabulator(actions, tuple(KINDS.values()), rules=ServiceRules(has_device=True))
    seen = set()
    for policies in (PolicySet(identity=[article]), PolicySet(identity=[with_bool, ADMINISTRATOR])):
        table = tabulator.table(policies)
        for number, row in enumerate(table.rows):
            for column, cell in enumerate(row.cells):
                found = table.answers(number, column)[0]
                tree = tree_of(found, language)
                shown = one(tree, ".answer")
                assert str(cell.face) in shown["class"]
                assert words(shown).endswith(say(f"trace.answer_{cell.face}", language))
                assert ("†" in words(tree)) is cell.is_undocumented
                trace = found.decision.trace["statements"]
                matching = [
                    f"{one['statement'] + 1} {one['sid'] or ''}".strip()
                    for one in trace
                    if one["matched"]
                ]
                shown_names = [
                    words(one.select("b")[0]).lstrip("AB")
                    for one in tree.select(".mfa-lab-trace > ol > li")
                ]
                assert sorted(shown_names) == sorted(matching)
                assert len(tree.select("li.silent")) == len(trace) - len(matching)
                seen.add(cell.face)
    assert len(seen) == 4


def test_the_text_of_a_trace_has_no_address(article: Policy) -> None:
    view = TraceView(ask(article, "iam:GetUser", "access_key"))
    assert repr(view) == "<why iam:GetUser with access_key: allow>"
    assert view.fragment() in view._repr_html_()


def test_a_user_with_a_path_is_asked_about_by_it(article: Policy) -> None:
    caller = Caller(KINDS["console_with_mfa"], User("alice", "/dev/"))
    found = answer(
        PolicySet(identity=[article]), caller, "iam:ChangePassword", caller.user.arn, ServiceRules()
    )
    tree = tree_of(found)
    assert words(one(tree, ".answer")) == "– denied implicitly"
    assert "user/dev/alice does not fit arn:aws:iam::*:user/${aws:username}" in words(tree)


# The JSON beside it.


def test_the_deciding_statement_stands_first_with_edge_word_and_the_lines_that_matched(
    article: Policy,
) -> None:
    tree = tree_of(ask(article, "iam:ChangePassword", "access_key"))
    fence, beaten = tree.select(".mfa-lab-trace > ol > li")
    assert fence["class"] == ["explicit_deny", "deciding"]
    assert words(one(fence, ".decides")) == "decides"
    assert marked(fence) == [
        '"NotAction": [',
        '"Resource": "*",',
        '"BoolIfExists": {',
        '"aws:MultiFactorAuthPresent": "false"',
    ]
    assert beaten["class"] == ["allow"] and not beaten.select(".decides")
    assert marked(beaten) == [
        '"iam:ChangePassword",',
        '"Resource": "arn:aws:iam::*:user/${aws:username}"',
    ]


def test_the_json_beside_every_statement_is_the_policy_s(article: Policy) -> None:
    tree = tree_of(ask(article, "iam:ChangePassword", "access_key"))
    shown = {
        words(item.select("b")[0]): json.loads(one(item, "pre").get_text())
        for item in tree.select("ol > li:has(> pre)")
    }
    given = article.document["Statement"]
    assert shown == {f"{number} {one['Sid']}": one for number, one in enumerate(given, start=1)}
    assert all(not marked(item) for item in tree.select("li.silent"))


def test_without_style_the_json_keeps_its_lines(article: Policy) -> None:
    """A code host that strips the style sheet still shows the statement."""
    tree = tree_of(ask(article, "iam:ChangePassword", "access_key"))
    pre = tree.select("pre")[0].get_text()
    assert pre == statement_texts(article)[8]


def test_where_the_service_refuses_no_statement_decides(article: Policy) -> None:
    tree = tree_of(ask(article, "iam:ListMFADevices", "session_token_without_mfa"))
    assert statements(tree) and not tree.select(".deciding, .decides")


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ({"Action": ["iam:?etUser", "s3:*", "iam:*"], "Resource": ["arn:aws:s3:::x", "*"]},
         ['"iam:?etUser",', '"iam:*"', '"*"']),
        ({"Action": "*", "NotResource": ["arn:aws:s3:::x"]},
         ['"Action": "*",', '"NotResource": [']),
        ({"NotAction": "s3:*", "Resource": "*"}, ['"NotAction": "s3:*",', '"Resource": "*"']),
        ({"Action": "*", "Resource": "*",
          "Condition": {"StringEquals": {"aws:username": ["bob", "alice"]},
                        "Null": {"aws:MultiFactorAuthAge": "true"}}},
         ['"Action": "*",', '"Resource": "*",', '"StringEquals": {', '"aws:username": [',
          '"Null": {', '"aws:MultiFactorAuthAge": "true"']),
    ],
)  # fmt: skip
def test_the_lines_that_are_marked(statement: dict[str, Any], wanted: list[str]) -> None:
    policy = Policy.parse({"Version": "2012-10-17", "Statement": {"Effect": "Allow", **statement}})
    tree = tree_of(ask(policy, "iam:GetUser", "access_key"))
    assert marked(one(tree, ".mfa-lab-trace > ol > li")) == wanted


def test_of_a_policy_that_names_principals_the_one_that_fits_is_marked() -> None:
    caller = Caller(KINDS["access_key"])
    resource = Policy.parse(
        {"Version": "2012-10-17",
         "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
                       "Principal": {"AWS": ["arn:aws:iam::123456789012:user/bob", caller.arn]}}},
        kind="resource",
    )  # fmt: skip
    policies = PolicySet(identity=[ADMINISTRATOR], boundary=ADMINISTRATOR, resource=resource)
    found = answer(policies, caller, "s3:GetObject", "arn:aws:s3:::x/y", ServiceRules())
    tree = tree_of(found)
    assert statements(tree) == [
        "A1 (resource-based policy) matches, and allows decides",
        "B1 (identity-based policy 1) matches, and allows decides",
        "C1 (permissions boundary) matches, and allows decides",
    ]
    assert marked(tree.select(".mfa-lab-trace > ol > li")[0]) == [
        '"Action": "s3:GetObject",', '"Resource": "*",', f'"{caller.arn}"',
    ]  # fmt: skip


def test_a_service_control_policy_is_named_with_its_level() -> None:
    policies = PolicySet(identity=[ADMINISTRATOR], scps=[[ADMINISTRATOR], [ADMINISTRATOR]])
    tree = tree_of(ask(policies, "iam:GetUser", "access_key"))
    assert statements(tree)[1] == "B1 (service control policy 2.1) matches, and allows decides"


def test_a_trace_is_light(article: Policy) -> None:
    """It is drawn at every click on a cell, and stored in notebooks."""
    found = ask(article, "iam:ChangePassword", "console_without_mfa")
    assert len(TraceView(found).fragment().encode()) < 10_000
