"""What calls are asked about beside their own action, and under which name of a resource."""

from __future__ import annotations

import contextlib
import importlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from mfa_lab import Policy
from mfa_lab.account import Account, NotServedError
from mfa_lab.account.moto_state.wire import SERVED
from mfa_lab.account.operation import Operation
from mfa_lab.account.permissions.needed import needed_permissions
from mfa_lab.analysis.catalogue import aws_catalogue
from tests.account.permissions.stages import (
    RUN,
    TAGS,
    A,
    filled,
    of_iam,
    stage_of,
)

# Context that one action alone is asked with

CONTEXTS = [
    # service, operation, parameters, the action, its key and value; None for absent
    ("ec2", "run_instances", RUN | {"IamInstanceProfile": {"Name": "full"}}, "iam:PassRole", "iam:passedtoservice", "ec2.amazonaws.com"),
    ("iam", "add_role_to_instance_profile", {"InstanceProfileName": "empty", "RoleName": "admin"}, "iam:PassRole", "iam:passedtoservice", "ec2.amazonaws.com"),
    ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16", "TagSpecifications": [{"ResourceType": "vpc", "Tags": TAGS}]}, "ec2:CreateTags", "ec2:createaction", "CreateVpc"),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "parameters", "action", "key", "value"), CONTEXTS)
def test_the_context_of_an_action(
    account: Account,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    action: str,
    key: str,
    value: str | None,
) -> None:
    stage = stage_of(account, service, parameters)
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": action, "Resource": "*"},
    ]
    policy = Policy.parse({"Version": "2012-10-17", "Statement": statements})
    call = getattr(account.client(service, account.create_user("alice", policy)), operation)
    with pytest.raises(ClientError):
        call(**filled(parameters, stage))
    answer = account.record[-1].answer
    assert answer is not None
    request = answer.decision.request
    assert (request.action, request.values.get(key)) == (action, value)


def test_a_key_of_one_action_is_not_one_of_the_others(account: Account) -> None:
    stage = stage_of(account, "ec2", "")
    ec2 = account.client("ec2", account.create_user("alice"))
    with pytest.raises(ClientError):
        ec2.run_instances(**filled(RUN | {"IamInstanceProfile": {"Name": "full"}}, stage))
    answer = account.record[-1].answer
    assert answer is not None and answer.decision.request.action == "ec2:RunInstances"
    assert "iam:passedtoservice" not in answer.decision.request.values


# The boundary that the user or role of a call has


BOUNDED = [
    # operation, parameters beside the name
    ("attach_{}_policy", {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
    ("detach_{}_policy", {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
    ("put_{}_policy", {"PolicyName": "p", "PolicyDocument": "{}"}),
    ("delete_{}_policy", {"PolicyName": "p"}),
    ("delete_{}_permissions_boundary", {}),
]


@pytest.mark.parametrize("kind", ["user", "role"])
@pytest.mark.parametrize(("operation", "parameters"), BOUNDED)
def test_the_boundary_in_the_context_is_the_targets(
    account: Account, kind: str, operation: str, parameters: dict[str, Any]
) -> None:
    of_iam(account)
    iam = account.client("iam")
    name = "bob" if kind == "user" else "admin"
    named = {f"{kind.capitalize()}Name": name}
    alice = account.client("iam", account.create_user("alice"))
    for boundary in (None, "arn:aws:iam::aws:policy/PowerUserAccess"):
        if boundary:
            getattr(iam, f"put_{kind}_permissions_boundary")(**named, PermissionsBoundary=boundary)
        with pytest.raises(ClientError, match="AccessDenied"):
            getattr(alice, operation.format(kind))(**named, **parameters)
        answer = account.record[-1].answer
        assert answer is not None
        assert answer.decision.request.values.get("iam:permissionsboundary") == boundary


def test_the_delegation_of_the_guide(account: Account) -> None:
    """Zhang may only act on users who have the boundary.

    Source: IAM User Guide, "Permissions boundaries for IAM entities", "Delegating responsibility
    to others using permissions boundaries".
    """
    document = {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    boundary = account.client("iam").create_policy(
        PolicyName="XCompanyBoundaries",
        PolicyDocument=json.dumps({"Version": "2012-10-17", **document}),
    )["Policy"]["Arn"]
    delegated = {
        "Version": "2012-10-17",
        "Statement": {
            "Sid": "CreateOrChangeOnlyWithBoundary",
            "Effect": "Allow",
            "Action": [
                "iam:AttachUserPolicy",
                "iam:CreateUser",
                "iam:DeleteUserPolicy",
                "iam:DetachUserPolicy",
                "iam:PutUserPermissionsBoundary",
                "iam:PutUserPolicy",
            ],
            "Resource": "*",
            "Condition": {"StringEquals": {"iam:PermissionsBoundary": boundary}},
        },
    }
    account.create_user("shirley")
    zhang = account.client("iam", account.create_user("zhang", delegated))
    policy = {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    with pytest.raises(ClientError, match="AccessDenied"):
        zhang.create_user(UserName="nikhil")
    zhang.create_user(UserName="nikhil", PermissionsBoundary=boundary)
    zhang.attach_user_policy(UserName="nikhil", **policy)
    zhang.detach_user_policy(UserName="nikhil", **policy)
    for call in (zhang.attach_user_policy, zhang.detach_user_policy):
        with pytest.raises(ClientError, match="AccessDenied"):
            call(UserName="shirley", **policy)
    with pytest.raises(ClientError, match="AccessDenied"):
        zhang.delete_user_permissions_boundary(UserName="nikhil")


# Every operation


# None of those that moto carries out has an action that the catalogue lacks. To be named here with
# the reason, such as being newer than the pinned catalogue.
NOT_IN_THE_CATALOGUE: frozenset[str] = frozenset()


def carried_out(service: str) -> Iterator[Any]:
    """Moto's models of the operations of a service that it implements."""
    utils: Any = importlib.import_module("moto.core.utils")
    core: Any = importlib.import_module("moto.core.responses")
    responses = importlib.import_module(f"moto.{service}.responses")
    classes = [
        one
        for one in vars(responses).values()
        if isinstance(one, type) and issubclass(one, core.BaseResponse)
    ]
    model = utils.get_service_model(service)
    for name in model.operation_names:
        if service == "s3" or any(hasattr(one, xform_name(name)) for one in classes):
            yield model.operation_model(name)


@pytest.mark.parametrize("service", SERVED)
def test_every_action_that_is_asked_is_one_of_aws(account: Account, service: str) -> None:
    catalogue = aws_catalogue()
    unknown = set()
    for model in carried_out(service):
        signing = model.service_model.signing_name
        operation = Operation(service, signing, model.name, {"Bucket": "b"}, "", "", model)
        with contextlib.suppress(NotServedError):
            asked = needed_permissions(account.state, operation, "admin", "us-east-1")
            unknown |= {target.action for target in asked if target.action not in catalogue}
    assert unknown <= NOT_IN_THE_CATALOGUE


BROWSERS = ["BucketCORSPreflightCheck", "ObjectCORSPreflightCheck", "PostObject"]


@pytest.mark.parametrize("name", BROWSERS)
def test_what_browsers_send_is_not_served(account: Account, name: str) -> None:
    """Moto takes a form, and stores it, with any signature in a header."""
    with pytest.raises(NotServedError, match=name):
        needed_permissions(
            account.state, Operation("s3", "s3", name, {}, "", "", None), None, "us-east-1"
        )


UNREADABLE = [
    ("ec2", "CreateVpc", {"TagSpecifications": [None]}),
    ("ec2", "CreateTags", {"Resources": []}),
]


@pytest.mark.parametrize(("service", "name", "parameters"), UNREADABLE)
def test_what_is_no_structure_is_passed_over(
    account: Account, service: str, name: str, parameters: dict[str, Any]
) -> None:
    """So that it is moto that says what is wrong; a call is asked about all the same."""
    operation = Operation(service, service, name, parameters, "", "", None)
    assert needed_permissions(account.state, operation, None, "us-east-1")


def test_a_region_that_is_none(account: Account) -> None:
    """Moto has no backends for it; the call is asked about as it names things."""
    ec2 = account.client("ec2", account.create_user("alice"), region_name="mars-east-1")
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        ec2.delete_security_group(GroupName="g")
    assert account.record[-1].resource == f"arn:aws:ec2:mars-east-1:{A}:security-group/*"
