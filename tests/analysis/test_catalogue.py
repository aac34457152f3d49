"""The catalogue of AWS's actions, and sets of them as integers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_lab.analysis.catalogue import (
    EMPTY,
    MOST_SUGGESTIONS,
    Action,
    Catalogue,
    aws_catalogue,
    resource_arn_template,
)

repeatable = settings(deadline=None, derandomize=True, max_examples=200)

AWS = aws_catalogue()
SIZE = 22_321

SMALL = Catalogue(
    Action(name, "Read", ())
    for name in ("iam:GetUser", "iam:ListUsers", "iamx:GetUser", "s3:GetObject", "sts:AssumeRole")
)


def fits(pattern: str, text: str) -> bool:
    """Tell by the definition whether text fits a pattern with `*` and `?`: the reference."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(fits(pattern[1:], text[skipped:]) for skipped in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and fits(pattern[1:], text[1:])


def expansion(catalogue: Catalogue, pattern: str) -> list[str]:
    """Give by the definition the names of the actions that a pattern matches: the reference."""
    return [
        action.name for action in catalogue.actions if fits(pattern.lower(), action.name.lower())
    ]


def test_every_action_of_the_pinned_catalogue_is_here_once() -> None:
    assert len(AWS) == len(AWS.actions) == SIZE
    assert len({action.name.lower() for action in AWS.actions}) == SIZE
    assert AWS.everything.bit_count() == SIZE
    assert AWS is aws_catalogue()


def test_the_actions_are_in_alphabetical_order() -> None:
    names = [action.name.lower() for action in AWS.actions]
    assert names == sorted(names)


# fmt: off
KNOWN_ACTIONS = [
    # action                        level       resource types
    ("iam:ChangePassword",          "Write",    (("user", True),)),
    ("iam:EnableMFADevice",         "Write",    (("user", True),)),
    ("iam:CreateVirtualMFADevice",  "Write",    (("mfa", True),)),
    ("iam:ListVirtualMFADevices",   "List",     ()),
    ("iam:GetAccountPasswordPolicy", "Read",    ()),
    ("sts:GetSessionToken",         "Read",     ()),
]

PATTERNS = [
    # pattern                   how many
    ("iam:ChangePassword",      1),
    ("IAM:changepassword",      1),
    ("iam:NoSuchAction",        0),
    ("nosuchservice:*",         0),
    ("iam",                     0),
    ("",                        0),
    ("*",                       SIZE),
    ("**",                      SIZE),
    ("*:*",                     SIZE),
    ("iam:*",                   None),
    ("iam:*MFA*",               None),
    ("iam:*mfa*",               None),
    ("iam:?etUser",             1),
    ("iam:Get*",                None),
    ("iam:*AccessKey*",         None),
    ("sts:*Token",              None),
    ("s?s:*",                   None),
    ("i*m:GetUser",             1),
    ("iam*",                    None),
    ("ec2:Describe*",           None),
    ("s3:*Object",              None),
    ("s3-object-lambda:*",      None),
    ("?:*",                     None),
    ("q:*",                     None),
    ("ia*:ChangePassword",      1),
    ("*:ChangePassword",        None),
    ("iam:*x",                  None),
]

NEAREST = [
    # typed                     nearest
    ("iam:ChangePassword",      "iam:ChangePassword"),
    ("IAM:CHANGEPASSWORD",      "iam:ChangePassword"),
    (" iam:ChangePassword ",    "iam:ChangePassword"),
    ("iam:ChangePasword",       "iam:ChangePassword"),
    ("iam:UpdateAccessKeys",    "iam:UpdateAccessKey"),
    ("iam:EnableMfaDevices",    "iam:EnableMFADevice"),
    ("iaam:ChangePassword",     "iam:ChangePassword"),
    ("ChangePassword",          "iam:ChangePassword"),    # not that of another service
    ("GetCallerIdentity",       "sts:GetCallerIdentity"),
    ("DescribeInstances",       "ec2:DescribeInstances"),
    ("Bake",                    None),
    ("xyzzy:ChangePassword",    None),
    ("iam:Xyzzy",               None),
    ("",                        None),
]

SUGGESTIONS = [
    # typed                     first suggestions
    ("iam:changep",             ["iam:ChangePassword"]),
    ("IAM:ChangeP",             ["iam:ChangePassword"]),
    ("changep",                 ["iam:ChangePassword"]),              # IAM before the others
    ("  changepass ",           ["iam:ChangePassword"]),
    ("iam:password",            ["iam:ChangePassword", "iam:DeleteAccountPasswordPolicy"]),
    ("iam:enable",              ["iam:EnableMFADevice"]),
    ("sts:",                    ["sts:AssumeRole"]),
    ("mfa",                     ["iam:CreateVirtualMFADevice", "iam:DeactivateMFADevice"]),
    ("iam:*MFA*",               ["iam:CreateVirtualMFADevice", "iam:DeactivateMFADevice"]),
    ("iam:?etUser",             ["iam:GetUser"]),
    ("iam:nothing",             []),
    ("",                        []),
    ("   ",                     []),
]
# fmt: on


@pytest.mark.parametrize(("name", "level", "types"), KNOWN_ACTIONS)
def test_what_is_known_of_an_action(
    name: str, level: str, types: tuple[tuple[str, bool], ...]
) -> None:
    assert AWS[name] == Action(name, level, types)
    assert AWS[name.upper()] is AWS[name.lower()]
    assert AWS[name].service == name.partition(":")[0]
    assert name.upper() in AWS
    assert f"{name}x" not in AWS


@pytest.mark.parametrize(("pattern", "count"), PATTERNS)
def test_a_pattern_expands_to_what_it_matches(pattern: str, count: int | None) -> None:
    expected = expansion(AWS, pattern)
    assert list(AWS.names(AWS.matching(pattern))) == expected
    assert AWS.matching(pattern).bit_count() == len(expected)
    if count is not None:
        assert len(expected) == count


@pytest.mark.parametrize(("typed", "nearest"), NEAREST)
def test_the_nearest_name(typed: str, nearest: str | None) -> None:
    assert AWS.nearest(typed) == nearest


@pytest.mark.parametrize(("typed", "first"), SUGGESTIONS)
def test_suggestions(typed: str, first: list[str]) -> None:
    suggestions = AWS.suggestions(typed)
    assert list(suggestions[: len(first)]) == first
    assert bool(suggestions) is bool(first)
    assert len(suggestions) == len(set(suggestions))


@pytest.mark.parametrize("typed", ["*", "iam:*", "a", ":", "get", "s", "iam:", "ec2:Describe"])
def test_at_most_twenty_suggestions(typed: str) -> None:
    assert MOST_SUGGESTIONS == 20
    assert len(AWS.suggestions(typed)) == 20
    assert AWS.suggestions(typed, most=3) == AWS.suggestions(typed)[:3]


def test_every_suggestion_holds_what_was_typed() -> None:
    for typed in ("token", "getuser", "iam:user"):
        service, colon, name = typed.partition(":")
        for suggestion in AWS.suggestions(typed):
            assert (name if colon else service) in suggestion.lower()
            assert not colon or suggestion.startswith(f"{service}:")


def test_the_likeliest_suggestions_come_first() -> None:
    """What begins as typed, then IAM's and STS's, then names that begin so, then that hold it."""
    suggestions = AWS.suggestions("getuser", most=200)
    own_names = [one.partition(":")[2].lower() for one in suggestions]
    is_near = [one.startswith(("iam:", "sts:")) for one in suggestions]
    begins = [name.startswith("getuser") for name in own_names]
    assert begins == sorted(begins, reverse=True)
    assert is_near[: sum(begins)] == sorted(is_near[: sum(begins)], reverse=True)
    assert is_near[sum(begins) :] == sorted(is_near[sum(begins) :], reverse=True)
    assert suggestions[0] == "iam:GetUser"


# Sets as integers.


def test_a_bit_an_action() -> None:
    assert [SMALL.bit(action.name) for action in SMALL.actions] == [1, 2, 4, 8, 16]
    assert SMALL.bit("IAM:getuser") == 1
    assert SMALL.bit("iam:NoSuchAction") == EMPTY == 0
    assert SMALL.everything == 0b11111
    assert SMALL.set_of(["s3:getobject", "iam:GetUser", "x:Y", "iam:GetUser"]) == 0b01001
    assert SMALL.names(0b01001) == ("iam:GetUser", "s3:GetObject")
    assert SMALL.names(EMPTY) == ()


def test_a_service_is_not_another_that_begins_alike() -> None:
    assert SMALL.names(SMALL.matching("iam:*")) == ("iam:GetUser", "iam:ListUsers")
    assert SMALL.names(SMALL.matching("iam*")) == ("iam:GetUser", "iam:ListUsers", "iamx:GetUser")


def test_a_catalogue_in_any_order() -> None:
    """Services need not stand together."""
    mixed = Catalogue(Action(name, "", ()) for name in ("b:X", "a:X", "b:Y", "c:X", "b:Z"))
    assert mixed.names(mixed.matching("b:*")) == ("b:X", "b:Y", "b:Z")
    assert mixed.names(mixed.matching("?:X")) == ("b:X", "a:X", "c:X")


@repeatable
@given(st.text("iamgetusr:*?", max_size=9))
def test_a_small_catalogue_agrees_with_the_definition(pattern: str) -> None:
    assert list(SMALL.names(SMALL.matching(pattern))) == expansion(SMALL, pattern)


names = st.sets(st.sampled_from([action.name for action in AWS.actions[::97]]))


@repeatable
@given(names, names)
def test_integers_are_sets(some: set[str], others: set[str]) -> None:
    first, second = AWS.set_of(some), AWS.set_of(others)
    assert set(AWS.names(first | second)) == some | others
    assert set(AWS.names(first & second)) == some & others
    assert set(AWS.names(first & ~second)) == some - others
    assert (AWS.everything & ~first).bit_count() == SIZE - len(some)
    assert first.bit_count() == len(some)
    assert list(AWS.names(first)) == sorted(some, key=str.lower)


# fmt: off
TEMPLATES = [
    # service   resource type   template
    ("iam",     "user",         "arn:${Partition}:iam::${Account}:user/${UserNameWithPath}"),
    ("s3",      "bucket",       "arn:${Partition}:s3:::${BucketName}"),
    ("iam",     "nothing",      None),
]
# fmt: on


@pytest.mark.parametrize(("service", "resource_type", "template"), TEMPLATES)
def test_arn_templates(service: str, resource_type: str, template: str | None) -> None:
    assert resource_arn_template(service, resource_type) == template
