"""The resource that each action is asked about."""

from __future__ import annotations

import pytest

from mfa_lab.analysis.catalogue import Action, aws_catalogue
from mfa_lab.analysis.requests.questions import Question, Whose
from mfa_lab.iam.credentials import User

AWS = aws_catalogue()
ACCOUNT = "123456789012"
IAM = f"arn:aws:iam::{ACCOUNT}:"

OWN = Question()
OTHERS = Question(whose=Whose.ANOTHER, device_name="phone")
NAMED = Question(device_name="phone")
DEVELOPER = Question(User("carol", path="/dev/", account="111122223333"))
DEV = "arn:aws:iam::111122223333:"

# fmt: off
RESOURCES = [
    # action                        own             another's       device "phone"  carol's
    ("iam:ChangePassword",          "user/alice",   "user/bob",     "user/alice",   "user/dev/carol"),
    ("iam:GetUser",                 "user/alice",   "user/bob",     "user/alice",   "user/dev/carol"),
    ("iam:EnableMFADevice",         "user/alice",   "user/bob",     "user/alice",   "user/dev/carol"),
    ("iam:DeactivateMFADevice",     "user/alice",   "user/bob",     "user/alice",   "user/dev/carol"),
    ("iam:ListMFADevices",          "user/alice",   "user/bob",     "user/alice",   "user/dev/carol"),
    ("iam:CreateAccessKey",         "user/alice",   "user/bob",     "user/alice",   "user/dev/carol"),
    ("iam:CreateVirtualMFADevice",  "mfa/alice",    "mfa/bob",      "mfa/phone",    "mfa/carol"),
    ("iam:DeleteVirtualMFADevice",  "mfa/alice",    "mfa/bob",      "mfa/phone",    "mfa/carol"),
    ("iam:TagMFADevice",            "mfa/alice",    "mfa/bob",      "mfa/phone",    "mfa/carol"),
    ("iam:ListVirtualMFADevices",   "mfa/",         "mfa/",         "mfa/",         "mfa/"),
    ("iam:CreateRole",              "role/example", "role/example", "role/example", "role/example"),
    ("sts:AssumeRole",              "role/example", "role/example", "role/example", "role/example"),
]

EXAMPLES = [
    # action                        resource
    ("iam:GetAccountPasswordPolicy", "*"),
    ("iam:ListUsers",               "*"),
    ("sts:GetSessionToken",         "*"),
    ("sts:GetCallerIdentity",       "*"),
    ("s3:ListAllMyBuckets",         "*"),
    ("ec2:DescribeInstances",       "*"),
    ("s3:GetObject",                "arn:aws:s3:::example/example"),
    ("s3:CreateBucket",             "arn:aws:s3:::example"),
    ("dynamodb:GetItem",            f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/example"),
    ("lambda:InvokeFunction",       f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:example"),
]
# fmt: on


@pytest.mark.parametrize(("action", "own", "others", "named", "developers"), RESOURCES)
def test_users_and_devices(action: str, own: str, others: str, named: str, developers: str) -> None:
    """The caller's own or another user's; a device has the user's name unless it has its own."""
    assert OWN.resource(AWS[action]) == IAM + own
    assert OTHERS.resource(AWS[action]) == IAM + others
    assert NAMED.resource(AWS[action]) == IAM + named
    assert DEVELOPER.resource(AWS[action]) == DEV + developers


@pytest.mark.parametrize(("action", "resource"), EXAMPLES)
def test_everything_else_is_asked_about_an_example(action: str, resource: str) -> None:
    assert OWN.resource(AWS[action]) == resource
    assert OTHERS.resource(AWS[action]) == resource


# fmt: off
TYPES = [
    # resource types                                        resource
    ((),                                                    "*"),
    ((("bucket", False),),                                  "arn:aws:s3:::example"),
    ((("object", False), ("bucket", False)),                "arn:aws:s3:::example"),  # the shortest
    ((("object", True), ("bucket", False)),                 "arn:aws:s3:::example/example"),
    ((("nothing", True),),                                  "*"),
    ((("user", True),),                                     "*"),   # a user is one of IAM alone
]
# fmt: on


@pytest.mark.parametrize(("types", "resource"), TYPES)
def test_which_of_several_types(types: tuple[tuple[str, bool], ...], resource: str) -> None:
    """A required one before the others, then the one with the shortest ARN."""
    assert OWN.resource(Action("s3:X", "Read", types)) == resource


def test_every_resource_is_one_that_a_request_can_name() -> None:
    for resource in {OWN.resource(action) for action in AWS.actions}:
        assert resource == "*" or resource.startswith("arn:aws:"), resource
        assert resource == "*" or resource.count(":") >= 5, resource
        assert "${" not in resource


def test_every_arn_is_one_that_a_request_could_have() -> None:
    """A placeholder is filled by where it stands: an account where an account stands."""
    question = Question()
    for action in aws_catalogue().actions:
        resource = question.resource(action)
        if resource == "*":
            continue
        arn, partition, service, region, account, rest = resource.split(":", 5)
        assert (arn, partition) == ("arn", "aws"), action.name
        assert service and "example" not in (service, region, account), action.name
        assert "*" not in (service, region, account), action.name
        assert "$" not in resource and rest
