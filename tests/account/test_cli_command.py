"""A command of the AWS CLI is read as the call of boto3 that it makes, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import xform_name

from mfa_lab.account import Account
from mfa_lab.account.cli_command import CommandCall, CommandError, call_of, service_of


@pytest.fixture(scope="module")
def account() -> Any:
    with Account() as made:
        yield made


def read(account: Account, command: str) -> CommandCall:
    return call_of(command, account.client(service_of(command)))


@pytest.mark.parametrize(
    ("command", "service", "method", "parameters"),
    [
        (
            "iam change-password --old-password 'First Pass 0' --new-password Second-Pass-0",
            "iam",
            "change_password",
            {"OldPassword": "First Pass 0", "NewPassword": "Second-Pass-0"},
        ),
        ("aws iam list-users", "iam", "list_users", {}),
        ("sts get-caller-identity", "sts", "get_caller_identity", {}),
        ("iam list-users --max-items 3", "iam", "list_users", {"MaxItems": 3}),
        (
            "sts get-session-token --duration-seconds 900 --token-code 012345",
            "sts",
            "get_session_token",
            {"DurationSeconds": 900, "TokenCode": "012345"},
        ),
        ("s3api list-buckets", "s3", "list_buckets", {}),
        ("iam create-virtual-mfa-device --virtual-mfa-device-name alice", "iam",
         "create_virtual_mfa_device", {"VirtualMFADeviceName": "alice"}),
        ("iam list-mfa-devices --user-name alice", "iam", "list_mfa_devices", {"UserName": "alice"}),
        ("ec2 describe-instances --dry-run", "ec2", "describe_instances", {"DryRun": True}),
        ("ec2 describe-instances --no-dry-run", "ec2", "describe_instances", {"DryRun": False}),
        ("ec2 describe-instances --instance-ids i-1 i-2", "ec2", "describe_instances",
         {"InstanceIds": ["i-1", "i-2"]}),
        ("""iam simulate-custom-policy --policy-input-list '["{}"]' --action-names s3:Get*""", "iam",
         "simulate_custom_policy", {"PolicyInputList": ["{}"], "ActionNames": ["s3:Get*"]}),
        ("""iam tag-user --user-name a --tags '[{"Key": "k", "Value": "v"}]'""", "iam", "tag_user",
         {"UserName": "a", "Tags": [{"Key": "k", "Value": "v"}]}),
        ("""s3api put-object --bucket b --key k --body text""", "s3", "put_object",
         {"Bucket": "b", "Key": "k", "Body": b"text"}),
    ],
)  # fmt: skip
def test_a_command_is_read_as_its_call(
    account: Account, command: str, service: str, method: str, parameters: dict[str, Any]
) -> None:
    assert read(account, command) == CommandCall(service, method, parameters)


@pytest.mark.parametrize(
    "command",
    [
        "",
        "iam",
        "s3 ls",
        "--version iam",
        "iam nope",
        "iam change_password",
        "iam can-paginate",
        "iam list-users --nope x",
        "iam list-users stray",
        "iam list-users --max-items",
        "iam list-users --max-items three",
        "iam list-users --no-max-items",
        "iam change-password --old-password a b",
        "ec2 describe-instances --no-dry-run x",
        "iam list-users --output text",
    ],
)
def test_what_is_no_plain_call_is_refused(account: Account, command: str) -> None:
    with pytest.raises(CommandError) as caught:
        read(account, command)
    assert caught.value.command == command


@pytest.mark.parametrize("service", ["iam", "sts"])
def test_every_operation_is_found_by_its_name_in_the_cli(account: Account, service: str) -> None:
    client = account.client(service)
    operations = client.meta.service_model.operation_names
    for operation in operations:
        command = f"{service} {xform_name(operation, '-')}"
        assert client.meta.method_to_api_mapping[call_of(command, client).method] == operation


def test_a_call_is_written_as_in_python(account: Account) -> None:
    call = read(account, "iam change-password --old-password a --new-password 'b c'")
    assert str(call) == "iam.change_password(OldPassword='a', NewPassword='b c')"
