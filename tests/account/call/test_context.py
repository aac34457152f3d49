"""The context that a call carries, key by key, and what a call is asked about."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from mfa_lab import Policy
from mfa_lab.account import Account
from mfa_lab.account.record import RecordedCall

ACCOUNT = "123456789012"


def context_of(account: Account, number: int = -1) -> dict[str, Any]:
    """The context of the last call, by lower-case key."""
    answer = account.record[number].answer
    assert answer is not None
    return dict(answer.decision.request.values)


def last(account: Account) -> RecordedCall:
    return account.record[-1]


def test_the_context_of_an_access_key(account: Account) -> None:
    keys = account.create_user("alice")
    account.clock.advance(hours=1)
    account.client("sts", keys, region_name="eu-west-1").get_caller_identity()
    context = context_of(account)
    user_id = context.pop("aws:userid")
    assert user_id.startswith("AIDA") and len(user_id) == 21
    assert context.pop("aws:useragent").startswith("Boto3/")
    assert context == {
        "aws:principalarn": f"arn:aws:iam::{ACCOUNT}:user/alice",
        "aws:principalaccount": ACCOUNT,
        "aws:principaltype": "User",
        "aws:username": "alice",
        "aws:viaawsservice": "false",
        "aws:principalisawsservice": "false",
        "aws:currenttime": "2021-06-11T10:00:00Z",
        "aws:epochtime": "1623405600",
        "aws:securetransport": "true",
        "aws:sourceip": "127.0.0.1",
        "aws:requestedregion": "eu-west-1",
        "aws:resourceaccount": ACCOUNT,
    }


def test_iam_has_one_region(account: Account) -> None:
    account.client("iam", region_name="eu-west-1").list_users()
    assert context_of(account)["aws:requestedregion"] == "us-east-1"


def test_the_context_of_sessions(account: Account) -> None:
    keys = account.create_user("alice")
    session = account.client("sts", keys).get_session_token()["Credentials"]
    account.clock.advance(minutes=5)
    account.client("sts", session).get_caller_identity()
    context = context_of(account)
    assert context["aws:multifactorauthpresent"] == "false"
    assert "aws:multifactorauthage" not in context
    assert context["aws:tokenissuetime"] == "2021-06-11T09:00:00Z"
    assert context["aws:username"] == "alice"


def test_tags_of_the_caller_the_call_and_the_target(account: Account) -> None:
    iam = account.client("iam")
    iam.tag_user(UserName="admin", Tags=[{"Key": "team", "Value": "blue"}])
    tags = [{"Key": "cost", "Value": "12"}, {"Key": "stage", "Value": "test"}]
    iam.create_user(UserName="bob", Tags=tags)
    context = context_of(account)
    assert context["aws:principaltag/team"] == "blue"
    assert context["aws:requesttag/cost"] == "12"
    assert context["aws:requesttag/stage"] == "test"
    assert context["aws:tagkeys"] == ("cost", "stage")
    iam.get_user(UserName="bob")
    context = context_of(account)
    assert context["aws:resourcetag/cost"] == context["iam:resourcetag/cost"] == "12"
    assert "aws:tagkeys" not in context
    iam.untag_user(UserName="bob", TagKeys=["cost"])
    assert context_of(account)["aws:tagkeys"] == ("cost",)


def test_tags_of_an_ec2_resource(account: Account) -> None:
    """The usual policy of teams that may touch what is theirs."""
    ec2 = account.client("ec2")
    vpcs = [ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"] for number in (1, 2)]
    for vpc, team in zip(vpcs, ("blue", "red"), strict=True):
        ec2.create_tags(Resources=[vpc], Tags=[{"Key": "team", "Value": team}])
    own = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
    statement = {"Effect": "Allow", "Action": "ec2:DeleteVpc", "Resource": "*", "Condition": own}
    policy = Policy.parse({"Version": "2012-10-17", "Statement": statement})
    alice = account.client("ec2", account.create_user("alice", policy))
    for vpc in vpcs:
        with pytest.raises(ClientError, match="UnauthorizedOperation"):
            alice.delete_vpc(VpcId=vpc)
    account.client("iam").tag_user(UserName="alice", Tags=[{"Key": "team", "Value": "blue"}])
    alice.delete_vpc(VpcId=vpcs[0])
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        alice.delete_vpc(VpcId=vpcs[1])


def test_tags_that_differ_only_in_case(account: Account) -> None:
    """EC2 takes them; context keys are the same in any case, so the call must not stumble."""
    ec2 = account.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    tags = [{"Key": "Team", "Value": "1"}, {"Key": "team", "Value": "2"}]
    ec2.create_tags(Resources=[vpc], Tags=tags)
    assert context_of(account)["aws:requesttag/team"] == "1"
    ec2.delete_vpc(VpcId=vpc)
    assert context_of(account)["aws:resourcetag/team"] == "1"


def test_a_region_that_is_none(account: Account) -> None:
    ec2 = account.client("ec2", account.create_user("alice"), region_name="mars-east-1")
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        ec2.delete_vpc(VpcId="vpc-12345678")


def test_keys_of_a_service(account: Account) -> None:
    iam, s3, sts = account.client("iam"), account.client("s3"), account.client("sts")
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    iam.create_user(UserName="bob")
    iam.attach_user_policy(UserName="bob", PolicyArn=arn)
    assert context_of(account)["iam:policyarn"] == arn
    s3.create_bucket(Bucket="bucket")
    s3.list_objects_v2(Bucket="bucket", Prefix="home/", MaxKeys=5)
    assert context_of(account)["s3:prefix"] == "home/"
    assert context_of(account)["s3:max-keys"] == "5"
    with pytest.raises(ClientError):
        sts.assume_role(
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/r", RoleSessionName="name", ExternalId="xyz"
        )
    context = context_of(account)
    assert (context["sts:rolesessionname"], context["sts:externalid"]) == ("name", "xyz")


def test_a_policy_variable_and_an_address(account: Account) -> None:
    statements = [
        {"Effect": "Allow", "Action": "iam:GetUser", "Resource": f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}"},
        {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}},
        {"Effect": "Allow", "Action": "iam:ListRoles", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
        {"Effect": "Allow", "Action": "iam:ListGroups", "Resource": "*", "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2022-01-01T00:00:00Z"}}},
    ]  # fmt: skip
    policy = Policy.parse({"Version": "2012-10-17", "Statement": statements})
    iam = account.client("iam", account.create_user("alice", policy))
    assert iam.get_user()["User"]["UserName"] == "alice"
    assert iam.list_users()["Users"]
    for call in (iam.list_roles, iam.list_groups, lambda: iam.get_user(UserName="admin")):
        with pytest.raises(ClientError):
            call()
    account.clock.advance(days=365)
    assert iam.list_groups()["Groups"] == []
