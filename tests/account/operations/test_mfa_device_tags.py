"""Tags of virtual MFA devices."""

from __future__ import annotations

from typing import Any

from mfa_lab import Policy
from mfa_lab.account import Account
from mfa_lab.account.operations.mfa_device_tags import TAGS_PER_DEVICE
from tests.account.conftest import error_of
from tests.account.operations.test_mfa_devices import ACCOUNT, made

TEAM = {"Key": "team", "Value": "blue"}


def tags_of(account: Account, serial_number: str) -> Any:
    return account.client("iam").list_mfa_device_tags(SerialNumber=serial_number)["Tags"]


def test_tags_come_with_a_device_and_later_and_go(account: Account) -> None:
    iam = account.client("iam")
    made_now = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone", Tags=[TEAM])
    device = made_now["VirtualMFADevice"]
    serial_number = device["SerialNumber"]
    assert device["Tags"] == tags_of(account, serial_number) == [TEAM]
    more = [{"Key": "Team", "Value": "red"}, {"Key": "cost", "Value": ""}]
    iam.tag_mfa_device(SerialNumber=serial_number, Tags=more)
    assert tags_of(account, serial_number) == more  # a key is the same in any case
    iam.untag_mfa_device(SerialNumber=serial_number, TagKeys=["TEAM", "nothing"])
    assert tags_of(account, serial_number) == more[1:]
    iam.delete_virtual_mfa_device(SerialNumber=serial_number)
    again = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    assert again["SerialNumber"] == serial_number and tags_of(account, serial_number) == []


def test_tags_are_given_by_pages(account: Account) -> None:
    iam = account.client("iam")
    serial_number = made(account).serial_number
    given = [{"Key": f"key-{number}", "Value": "x"} for number in range(5)]
    iam.tag_mfa_device(SerialNumber=serial_number, Tags=given[::-1])
    first = iam.list_mfa_device_tags(SerialNumber=serial_number, MaxItems=3)
    second = iam.list_mfa_device_tags(SerialNumber=serial_number, Marker=first["Marker"])
    assert first["IsTruncated"] and not second["IsTruncated"] and "Marker" not in second
    assert first["Tags"] + second["Tags"] == given


def test_tags_that_iam_does_not_take(account: Account) -> None:
    iam = account.client("iam")
    device = made(account)
    serial_number = device.serial_number
    both = [TEAM, {"Key": "TEAM", "Value": "red"}]
    fault = error_of(iam.tag_mfa_device, SerialNumber=serial_number, Tags=both)
    assert fault[0] == "InvalidInput" and "Duplicate tag keys" in fault[1]
    fault = error_of(iam.create_virtual_mfa_device, VirtualMFADeviceName="other", Tags=both)
    assert fault[0] == "InvalidInput"
    many = [{"Key": f"key-{number}", "Value": "x"} for number in range(TAGS_PER_DEVICE)]
    iam.tag_mfa_device(SerialNumber=serial_number, Tags=many)
    fault = error_of(iam.tag_mfa_device, SerialNumber=serial_number, Tags=[TEAM])
    assert (fault[0], fault[2]) == ("LimitExceeded", 409)
    assert len(tags_of(account, serial_number)) == TAGS_PER_DEVICE
    assert [one["SerialNumber"] for one in iam.list_virtual_mfa_devices()["VirtualMFADevices"]] == [
        serial_number
    ]
    absent = f"{serial_number}x"
    assert error_of(iam.tag_mfa_device, SerialNumber=absent, Tags=[TEAM])[0] == "NoSuchEntity"
    assert error_of(iam.untag_mfa_device, SerialNumber=absent, TagKeys=["a"])[0] == "NoSuchEntity"
    assert error_of(iam.list_mfa_device_tags, SerialNumber=absent)[0] == "NoSuchEntity"


def test_a_policy_asks_for_the_tags_of_a_device(account: Account) -> None:
    """The user's own team removes devices; the call that makes one must name the team."""
    blue = {"StringEquals": {"aws:ResourceTag/team": "blue"}}
    named = {"StringEquals": {"aws:RequestTag/team": "blue"}}
    statements = [
        {"Action": "iam:DeleteVirtualMFADevice", "Condition": blue},
        {"Action": ["iam:CreateVirtualMFADevice", "iam:TagMFADevice"], "Condition": named},
    ]
    document = [{"Effect": "Allow", "Resource": "*", **one} for one in statements]
    policy = Policy.parse({"Version": "2012-10-17", "Statement": document})
    alice = account.client("iam", account.create_user("alice", policy))
    create = alice.create_virtual_mfa_device
    assert error_of(create, VirtualMFADeviceName="phone")[0] == "AccessDenied"
    create(VirtualMFADeviceName="phone", Tags=[TEAM])
    other = made(account, "other").serial_number
    delete = alice.delete_virtual_mfa_device
    assert error_of(delete, SerialNumber=other)[0] == "AccessDenied"
    alice.tag_mfa_device(SerialNumber=other, Tags=[TEAM])
    delete(SerialNumber=other)
    delete(SerialNumber=f"arn:aws:iam::{ACCOUNT}:mfa/phone")
