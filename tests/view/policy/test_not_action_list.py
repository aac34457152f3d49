"""The NotAction list without a widget: what is added, what is refused, and the way back."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mfa_lab import Policy, PolicyError
from mfa_lab.analysis.catalogue import aws_catalogue
from mfa_lab.view.policy.not_action_list import Edit, NotActionEntry, NotActionList

repeatable = settings(deadline=None, derandomize=True, max_examples=150)

AWS = aws_catalogue()
FENCE = 8
GATES = (
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:GetUser",
    "iam:ListMFADevices",
    "iam:ListVirtualMFADevices",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
)
ADDED = "iam:ChangePassword"
OTHER = "iam:GetAccountPasswordPolicy"


def fence_of(*entries: str, **others: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "NotAction": list(entries), "Resource": "*", **others}


def of(*statements: dict[str, Any]) -> Policy:
    return Policy.parse({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture
def entries(article: Policy) -> NotActionList:
    return NotActionList(article)


def test_the_start_is_the_policy_s_own_list(entries: NotActionList, article: Policy) -> None:
    assert entries.entries == GATES
    assert entries.statement.sid == "DenyAllExceptListedIfNoMFA"
    assert entries.is_at_start
    assert not entries.can_undo
    assert entries.policy().document == article.document


# Adding.


def test_one_entry_comes_last(entries: NotActionList) -> None:
    assert entries.add(ADDED) == Edit("added", (ADDED,))
    assert entries.entries == (*GATES, ADDED)
    assert entries.can_undo
    assert not entries.is_at_start


def test_the_policy_changes_in_its_list_and_nowhere_else(
    entries: NotActionList, article: Policy
) -> None:
    entries.add(ADDED)
    *others, fence = entries.policy().document["Statement"]
    *others_before, fence_before = article.document["Statement"]
    assert others == others_before
    assert fence == {**fence_before, "NotAction": [*GATES, ADDED]}
    assert list(fence) == list(fence_before)
    assert entries.policy().version == article.version


@pytest.mark.parametrize(
    "text",
    [
        f"{ADDED} {OTHER}",
        f"  {ADDED}\t{OTHER}  ",
        f"{ADDED},{OTHER}",
        f"{ADDED}; {OTHER};",
        f"{ADDED}\n{OTHER}\n",
        f"{ADDED}\r\n{OTHER}",
        f'"{ADDED}", "{OTHER}"',
        f"'{ADDED}', '{OTHER}'",
        f"“{ADDED}” “{OTHER}”",
        f"{ADDED}、{OTHER}",
        f"{ADDED}，{OTHER}",
        f"{ADDED}\u3000{OTHER}",
        json.dumps([ADDED, OTHER]),
        json.dumps([ADDED, OTHER], indent=4),
        f'        "{ADDED}",\n        "{OTHER}",\n',
        f"{ADDED} {ADDED} {OTHER} {ADDED}",
    ],
)
def test_several_entries_at_once_in_any_spelling(entries: NotActionList, text: str) -> None:
    assert entries.add(text) == Edit("added", (ADDED, OTHER))
    assert entries.entries == (*GATES, ADDED, OTHER)


def test_several_entries_are_one_edit(entries: NotActionList) -> None:
    entries.add(f"{ADDED}, {OTHER}")
    entries.undo()
    assert entries.entries == GATES


def test_of_several_entries_only_the_new_ones_are_added(entries: NotActionList) -> None:
    assert entries.add(f"{GATES[0]}, {ADDED}, {GATES[1]}") == Edit("added", (ADDED,))
    assert entries.entries == (*GATES, ADDED)


@pytest.mark.parametrize("text", [GATES[2], GATES[2].upper(), "IAM:getuser", "iam:GETUSER"])
def test_what_is_there_in_any_case_is_not_added_again(entries: NotActionList, text: str) -> None:
    assert entries.add(text) == Edit("already_there", (text,))
    assert entries.entries == GATES
    assert not entries.can_undo


@pytest.mark.parametrize(
    "text",
    [
        f"{ADDED} {ADDED.lower()}",
        json.dumps([ADDED, ADDED.upper(), ADDED]),
    ],
)
def test_one_text_with_an_entry_in_two_cases_adds_it_once(
    entries: NotActionList, text: str
) -> None:
    assert entries.add(text) == Edit("added", (ADDED,))
    assert entries.entries == (*GATES, ADDED)


def test_the_case_that_was_typed_is_kept(entries: NotActionList) -> None:
    entries.add("IAM:changepassword")
    assert entries.entries[-1] == "IAM:changepassword"


@pytest.mark.parametrize("text", ["", " ", "\n\t", ",", ";,", "[]", '""', "[\n]", "\u3000"])
def test_nothing_typed_is_nothing_added(entries: NotActionList, text: str) -> None:
    assert entries.add(text) == Edit("nothing")
    assert entries.entries == GATES
    assert not entries.can_undo


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ChangePassword", ("ChangePassword",)),
        ("iam:", ("iam:",)),
        (":GetUser", (":GetUser",)),
        ("iam:Change/Password", ("iam:Change/Password",)),
        ("iam:<script>", ("iam:<script>",)),
        ("iam:GetUser:x", ("iam:GetUser:x",)),
        ("iam:パスワード", ("iam:パスワード",)),
        ("iam：GetUser", ("iam：GetUser",)),
        ("${aws:username}", ("${aws:username}",)),
        ("iam : GetUser", ("iam", ":", "GetUser")),
        (f"{ADDED} GetUser {OTHER} nope", ("GetUser", "nope")),
        ("\x00", ("\x00",)),
        ("arn:aws:iam::123456789012:user/alice", ("arn:aws:iam::123456789012:user/alice",)),
    ],
)
def test_what_is_no_action_is_named_and_nothing_is_added(
    entries: NotActionList, text: str, named: tuple[str, ...]
) -> None:
    assert entries.add(text) == Edit("malformed", named)
    assert entries.entries == GATES
    assert not entries.can_undo


@pytest.mark.parametrize("text", ['{"Version": "2012-10-17", "Statement": [', '{"Statement": 1}'])
def test_a_policy_with_a_mistake_is_refused(entries: NotActionList, text: str) -> None:
    edit = entries.add(text)
    assert (edit.code, edit.entries) == ("refused_policy", ())
    assert edit.mistake is not None
    assert entries.entries == GATES


@pytest.mark.parametrize(
    "text",
    [
        f'"NotAction": ["{ADDED}", "{OTHER}"],',
        f'      "NotAction": [\n        "{ADDED}",\n        "{OTHER}"\n      ],\n',
        f"NotAction: {ADDED}, {OTHER}",
        f'"Action": ["{ADDED}", "{OTHER}"]',
    ],
)
def test_the_lines_of_a_policy_may_come_with_their_element_s_name(
    entries: NotActionList, text: str
) -> None:
    assert entries.add(text) == Edit("added", (ADDED, OTHER))


# A whole policy.


def test_a_pasted_policy_gives_its_list_and_nothing_else(
    entries: NotActionList, weakened: Policy, article: Policy
) -> None:
    listed = weakened.statements[FENCE].actions.patterns
    assert entries.add(weakened.to_json()) == Edit("taken_from_policy", listed)
    assert entries.entries == listed
    assert {ADDED, OTHER} <= set(listed)
    others = entries.policy().document["Statement"][:FENCE]
    assert others == article.document["Statement"][:FENCE]


def test_a_pasted_policy_s_other_statements_are_not_used(
    entries: NotActionList, article: Policy
) -> None:
    pasted = of(
        {"Sid": "Other", "Effect": "Allow", "Action": "*", "Resource": "*"},
        fence_of("s3:GetObject", Sid="First"),
        fence_of("s3:PutObject", Sid="Second"),
    )
    entries.add("\n  " + pasted.to_json() + "\n")
    assert entries.entries == ("s3:GetObject",)
    assert [one.sid for one in entries.policy().statements] == [
        one.sid for one in article.statements
    ]


def test_of_a_pasted_policy_the_list_of_a_deny_is_taken(entries: NotActionList) -> None:
    allow = {**fence_of("ec2:*"), "Effect": "Allow"}
    assert entries.add(of(allow, fence_of("s3:*")).to_json()).entries == ("s3:*",)
    assert entries.add(of(allow).to_json()).entries == ("ec2:*",)


def test_what_is_wrong_with_a_pasted_policy_is_told_with_its_place(entries: NotActionList) -> None:
    mistake = entries.add(
        '{"Statement": {"Effect": "deny", "NotAction": "s3:*", "Resource": "*"}}'
    ).mistake
    assert mistake is not None
    assert (mistake.code, mistake.pointer, mistake.line) == (
        "unknown_effect",
        "/Statement/Effect",
        1,
    )


def test_a_pasted_policy_with_one_statement_that_is_no_list(entries: NotActionList) -> None:
    text = json.dumps({"Statement": {**fence_of(), "NotAction": "s3:GetObject"}})
    assert entries.add(text) == Edit("taken_from_policy", ("s3:GetObject",))


def test_a_pasted_policy_without_a_list_is_refused(entries: NotActionList) -> None:
    pasted = of({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})
    assert entries.add(pasted.to_json()) == Edit("no_list_in_policy")
    assert entries.entries == GATES
    assert not entries.can_undo


def test_a_pasted_policy_with_the_same_list_changes_nothing(
    entries: NotActionList, article: Policy
) -> None:
    assert entries.add(article.to_json()) == Edit("as_before")
    assert not entries.can_undo


# What an entry means.


def test_an_unknown_action_is_accepted_and_the_nearest_named(entries: NotActionList) -> None:
    assert entries.add("iam:ChangePasword") == Edit("added", ("iam:ChangePasword",))
    last = entries.describe(entries.entries[-1])
    assert last == NotActionEntry("iam:ChangePasword", 0, "iam:ChangePassword")
    assert last.is_unknown


def test_an_unknown_action_near_to_nothing_names_nothing(entries: NotActionList) -> None:
    assert entries.describe("qqq:Xyzzyx") == NotActionEntry("qqq:Xyzzyx", 0, None)


def test_a_known_action_in_any_case_is_one(entries: NotActionList) -> None:
    assert entries.describe("IAM:CHANGEPASSWORD") == NotActionEntry("IAM:CHANGEPASSWORD", 1)


@pytest.mark.parametrize(
    "pattern",
    [
        "*",
        "iam:*",
        "IAM:*mfa*",
        "iam:Get*",
        "s?s:*",
        "*:*",
        "iam:*Password?olicy",
        "sts:*?*",
        "x*:*",
    ],
)
def test_a_pattern_counts_what_it_matches(entries: NotActionList, pattern: str) -> None:
    lowered = pattern.lower()
    wanted = sum(fnmatchcase(action.name.lower(), lowered) for action in AWS.actions)
    assert entries.describe(pattern).count == wanted


def test_everything_matches_every_action(entries: NotActionList) -> None:
    assert entries.describe("*").count == len(AWS) == 22_321


# Taking out.


def test_an_entry_is_removed(entries: NotActionList) -> None:
    assert entries.remove("iam:GetUser") == Edit("removed", ("iam:GetUser",))
    assert entries.entries == tuple(gate for gate in GATES if gate != "iam:GetUser")
    assert entries.policy().statements[FENCE].actions.patterns == entries.entries


def test_what_is_not_there_cannot_be_removed(entries: NotActionList) -> None:
    assert entries.remove("iam:getuser") == Edit("not_there", ("iam:getuser",))
    assert entries.entries == GATES
    assert not entries.can_undo


def test_the_last_entry_stays() -> None:
    entries = NotActionList(of(fence_of("iam:GetUser")))
    assert entries.remove("iam:GetUser") == Edit("last_stays", ("iam:GetUser",))
    assert entries.entries == ("iam:GetUser",)
    assert not entries.can_undo


def test_all_but_the_last_can_be_removed(entries: NotActionList) -> None:
    codes = [entries.remove(gate).code for gate in GATES]
    assert codes == ["removed"] * (len(GATES) - 1) + ["last_stays"]
    assert entries.entries == GATES[-1:]


# The way back.


def test_undo_goes_back_through_every_kind_of_edit(
    entries: NotActionList, weakened: Policy
) -> None:
    states = [entries.entries]
    edits: dict[str, Callable[[], Edit]] = {
        "added": lambda: entries.add(ADDED),
        "removed": lambda: entries.remove("iam:GetUser"),
        "replaced": lambda: entries.replace(["sts:*"]),
        "reset": entries.reset,
        "taken_from_policy": lambda: entries.add(weakened.to_json()),
        "preset": lambda: entries.replace(GATES[:2], code="preset"),
    }
    for code, edit in edits.items():
        assert edit().code == code
        states.append(entries.entries)
    assert len(set(states)) == len(states) - 1  # reset gives the first one again
    while entries.can_undo:
        assert entries.entries == states.pop()
        assert entries.undo() == Edit("undone")
    assert states == [GATES]
    assert entries.is_at_start
    assert entries.undo() == Edit("nothing_to_undo")


def test_a_refused_edit_is_no_step_of_the_way_back(entries: NotActionList) -> None:
    entries.add(ADDED)
    for text in ("nonsense", "", ADDED, '{"Statement": []}'):
        entries.add(text)
    entries.remove("iam:Nope")
    entries.undo()
    assert entries.entries == GATES


def test_reset_goes_to_the_start_and_can_be_undone(entries: NotActionList) -> None:
    entries.add(ADDED)
    entries.remove("iam:GetUser")
    before = entries.entries
    assert entries.reset().code == "reset"
    assert entries.entries == GATES
    assert entries.is_at_start
    entries.undo()
    assert entries.entries == before


def test_reset_at_the_start_does_nothing(entries: NotActionList) -> None:
    assert entries.reset() == Edit("as_before")
    assert not entries.can_undo


@pytest.mark.parametrize("edit_first", [False, True])
def test_reset_gives_the_start_also_where_it_names_an_entry_twice(edit_first: bool) -> None:
    entries = NotActionList(of(fence_of("iam:GetUser", "s3:*", "iam:GetUser")))
    if edit_first:
        entries.add(ADDED)
    entries.reset()
    assert entries.is_at_start
    assert entries.policy().document == entries.start.document


def test_replacing_puts_a_list_in_place_each_entry_once(entries: NotActionList) -> None:
    assert entries.replace(["s3:*", "sts:*", "s3:*"]) == Edit("replaced", ("s3:*", "sts:*"))
    assert entries.entries == ("s3:*", "sts:*")


@pytest.mark.parametrize("wrong", [[], ["nonsense"], ["s3:*", "iam:<b>"]])
def test_a_list_that_aws_would_refuse_is_not_put_in_place(
    entries: NotActionList, wrong: list[str]
) -> None:
    with pytest.raises(PolicyError):
        entries.replace(wrong)
    assert entries.entries == GATES
    assert not entries.can_undo


# Which statement.


def test_the_statement_can_be_chosen() -> None:
    policy = of(fence_of("s3:*", Sid="First"), fence_of("sts:*", Sid="Second"))
    assert NotActionList(policy).entries == ("s3:*",)
    assert NotActionList(policy, 1).entries == ("sts:*",)
    assert NotActionList(policy, "Second").entries == ("sts:*",)
    second = NotActionList(policy, "Second")
    second.add("iam:GetUser")
    assert [one.actions.patterns for one in second.policy().statements] == [
        ("s3:*",),
        ("sts:*", "iam:GetUser"),
    ]


@pytest.mark.parametrize("statement", [0, 9, "AllowViewAccountInfo", "Nope"])
def test_a_statement_without_the_list_cannot_be_edited(
    article: Policy, statement: int | str
) -> None:
    with pytest.raises(LookupError, match=str(statement)):
        NotActionList(article, statement)


def test_the_first_deny_is_edited_where_an_allow_has_a_list_too() -> None:
    allow = {**fence_of("ec2:*"), "Effect": "Allow"}
    entries = NotActionList(of(allow, fence_of("s3:*"), fence_of("sts:*")))
    assert (entries.statement.index, entries.entries) == (1, ("s3:*",))
    assert NotActionList(of(allow)).entries == ("ec2:*",)


def test_a_policy_without_any_such_statement_cannot_be_edited() -> None:
    with pytest.raises(LookupError, match="NotAction"):
        NotActionList(of({"Effect": "Allow", "Action": "*", "Resource": "*"}))


def test_a_policy_whose_statement_stands_alone() -> None:
    policy = Policy.parse({"Statement": {**fence_of(), "NotAction": "s3:*"}})
    entries = NotActionList(policy)
    entries.add("sts:*")
    assert entries.policy().document["Statement"]["NotAction"] == ["s3:*", "sts:*"]
    assert entries.start.document["Statement"]["NotAction"] == "s3:*"


# Whatever is typed, in whatever order.

ENTRY = st.one_of(
    st.sampled_from(
        [*GATES, ADDED, OTHER, ADDED.upper(), "*", "iam:*", "iam:*MFA*", "s3:*", "x:y"]
    ),
    st.from_regex(r"[A-Za-z0-9.-]{1,6}:[A-Za-z0-9*?_.-]{1,8}", fullmatch=True),
)
STATEMENT = st.builds(lambda listed: fence_of(*listed), st.lists(ENTRY, min_size=1, max_size=4))
TYPED = st.one_of(
    ENTRY,
    st.lists(ENTRY, max_size=4).map(json.dumps),
    st.lists(ENTRY, max_size=4).map(" , ".join),
    st.lists(STATEMENT, max_size=2).map(lambda found: json.dumps({"Statement": found})),
    st.text(max_size=30),
    st.text("{}[]\",:iam*? \n'", max_size=30),
)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), TYPED),
        st.tuples(st.just("remove"), ENTRY),
        st.tuples(st.just("replace"), st.lists(ENTRY, min_size=1, max_size=4)),
        st.tuples(st.just("undo")),
        st.tuples(st.just("reset")),
    ),
    max_size=12,
)
REFUSED = {"malformed", "nothing", "already_there", "no_list_in_policy", "last_stays",
           "refused_policy", "not_there", "nothing_to_undo", "as_before"}  # fmt: skip
START = of({"Effect": "Allow", "Action": "*", "Resource": "*"}, fence_of(*GATES))
START_DOCUMENT = deepcopy(START.document)


@repeatable
@given(EDITS)
def test_any_edits_can_be_taken_back_one_by_one(edits: list[tuple[Any, ...]]) -> None:
    entries = NotActionList(START)
    states = [entries.entries]
    for name, *given_to in edits:
        before = entries.entries
        edit: Edit = getattr(entries, name)(*given_to)
        if edit.code == "undone":
            states.pop()
        elif edit.code in REFUSED:
            assert entries.entries == before
        else:
            assert entries.entries != before
            states.append(entries.entries)
        assert entries.entries == states[-1] != ()
        assert entries.can_undo is (len(states) > 1)
        assert entries.is_at_start is (entries.entries == GATES)
        assert entries.policy().statements[1].actions.patterns == entries.entries
    while entries.can_undo:
        assert entries.entries == states.pop()
        entries.undo()
    assert entries.entries == GATES
    assert START.document == START_DOCUMENT


@repeatable
@given(TYPED)
@example("[" * 50_000)
@example('{"Statement": ' * 50_000)
@example("iam:" + "A" * 5_000)
@example("iam:" + "*a" * 500)
@example('{"Statement": [], "Statement": []}')
@example("\ufeff{}")
@example("\ud800")
def test_whatever_is_typed_is_added_or_changes_nothing(text: str) -> None:
    entries = NotActionList(START)
    edit = entries.add(text)
    if edit.code in REFUSED:
        assert entries.entries == GATES
        assert not entries.can_undo
    else:
        assert edit.code in {"added", "taken_from_policy"}
        assert entries.entries != GATES
    assert len([entries.describe(one) for one in entries.entries]) == len(entries.entries)
    assert START.document == START_DOCUMENT


def test_lines_of_a_policy_are_pasted_with_the_name_of_the_element(entries: NotActionList) -> None:
    edit = entries.add(f'"NotAction": [\n  "{ADDED}",\n  "{OTHER}"\n],')
    assert edit == Edit("added", (ADDED, OTHER))


def test_a_deny_comes_before_an_allow_that_stands_first() -> None:
    allow = {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}
    assert NotActionList(of(allow, fence_of("sts:*"))).entries == ("sts:*",)
    assert NotActionList(of(allow)).entries == ("s3:*",)
