"""The permissions that calls to IAM need."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab.account import Account
from tests.account.permissions.stages import (
    IAM,
    TAGS,
    TRUST,
    assert_needed,
)

NEEDED = [
    # service, operation, parameters, the permissions that it needs: action and resource
    ("iam", "get_user", {}, [("iam:GetUser", f"{IAM}:user/alice")]),
    ("iam", "get_user", {"UserName": "bob"}, [("iam:GetUser", f"{IAM}:user/team/bob")]),
    ("iam", "get_user", {"UserName": "nobody"}, [("iam:GetUser", f"{IAM}:user/nobody")]),
    ("iam", "create_user", {"UserName": "new", "Path": "/x/"}, [("iam:CreateUser", f"{IAM}:user/x/new")]),
    ("iam", "change_password", {"OldPassword": "a", "NewPassword": "b"}, [("iam:ChangePassword", f"{IAM}:user/alice")]),
    ("iam", "list_access_keys", {}, [("iam:ListAccessKeys", f"{IAM}:user/alice")]),
    ("iam", "create_access_key", {"UserName": "bob"}, [("iam:CreateAccessKey", f"{IAM}:user/team/bob")]),
    ("iam", "enable_mfa_device", {"UserName": "alice", "SerialNumber": f"{IAM}:mfa/m", "AuthenticationCode1": "123456", "AuthenticationCode2": "123457"}, [("iam:EnableMFADevice", f"{IAM}:user/alice")]),
    ("iam", "deactivate_mfa_device", {"SerialNumber": f"{IAM}:mfa/m"}, [("iam:DeactivateMFADevice", f"{IAM}:user/alice")]),
    ("iam", "list_mfa_devices", {}, [("iam:ListMFADevices", f"{IAM}:user/alice")]),
    ("iam", "create_virtual_mfa_device", {"VirtualMFADeviceName": "m", "Path": "/p/"}, [("iam:CreateVirtualMFADevice", f"{IAM}:mfa/p/m")]),
    ("iam", "delete_virtual_mfa_device", {"SerialNumber": f"{IAM}:mfa/m"}, [("iam:DeleteVirtualMFADevice", f"{IAM}:mfa/m")]),
    ("iam", "list_virtual_mfa_devices", {}, [("iam:ListVirtualMFADevices", f"{IAM}:mfa/")]),
    ("iam", "get_account_password_policy", {}, [("iam:GetAccountPasswordPolicy", "*")]),
    ("iam", "list_users", {}, [("iam:ListUsers", "*")]),
    ("iam", "attach_user_policy", {"UserName": "bob", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}, [("iam:AttachUserPolicy", f"{IAM}:user/team/bob")]),
    ("iam", "get_role", {"RoleName": "r"}, [("iam:GetRole", f"{IAM}:role/r")]),
    ("iam", "get_group", {"GroupName": "g"}, [("iam:GetGroup", f"{IAM}:group/team/g")]),
    ("iam", "add_user_to_group", {"GroupName": "g", "UserName": "bob"}, [("iam:AddUserToGroup", f"{IAM}:group/team/g")]),
    ("iam", "create_policy", {"PolicyName": "p", "PolicyDocument": "{}"}, [("iam:CreatePolicy", f"{IAM}:policy/p")]),
    ("iam", "get_policy", {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, [("iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess")]),
    ("iam", "create_user", {"UserName": "new", "Path": "/x/", "Tags": TAGS}, [("iam:CreateUser", f"{IAM}:user/x/new"), ("iam:TagUser", f"{IAM}:user/x/new")]),
    ("iam", "create_role", {"RoleName": "r", "AssumeRolePolicyDocument": TRUST, "Tags": TAGS}, [("iam:CreateRole", f"{IAM}:role/r"), ("iam:TagRole", f"{IAM}:role/r")]),
    ("iam", "create_policy", {"PolicyName": "p", "PolicyDocument": "{}", "Tags": TAGS}, [("iam:CreatePolicy", f"{IAM}:policy/p"), ("iam:TagPolicy", f"{IAM}:policy/p")]),
    ("iam", "create_virtual_mfa_device", {"VirtualMFADeviceName": "m", "Tags": TAGS}, [("iam:CreateVirtualMFADevice", f"{IAM}:mfa/m"), ("iam:TagMFADevice", f"{IAM}:mfa/m")]),
    ("iam", "create_instance_profile", {"InstanceProfileName": "i", "Tags": TAGS}, [("iam:CreateInstanceProfile", f"{IAM}:instance-profile/i"), ("iam:TagInstanceProfile", f"{IAM}:instance-profile/i")]),
    ("iam", "create_open_id_connect_provider", {"Url": "https://example.com", "Tags": TAGS}, [("iam:CreateOpenIDConnectProvider", f"{IAM}:oidc-provider/example.com"), ("iam:TagOpenIDConnectProvider", f"{IAM}:oidc-provider/example.com")]),
    ("iam", "update_user", {"UserName": "bob", "NewUserName": "boss"}, [("iam:UpdateUser", f"{IAM}:user/team/bob"), ("iam:UpdateUser", f"{IAM}:user/team/boss")]),
    ("iam", "update_user", {"UserName": "bob", "NewPath": "/x/"}, [("iam:UpdateUser", f"{IAM}:user/team/bob"), ("iam:UpdateUser", f"{IAM}:user/x/bob")]),
    ("iam", "update_user", {"UserName": "bob", "NewUserName": "bob"}, [("iam:UpdateUser", f"{IAM}:user/team/bob")]),
    ("iam", "update_group", {"GroupName": "g", "NewGroupName": "h"}, [("iam:UpdateGroup", f"{IAM}:group/team/g"), ("iam:UpdateGroup", f"{IAM}:group/team/h")]),
    ("iam", "update_server_certificate", {"ServerCertificateName": "c", "NewServerCertificateName": "d"}, [("iam:UpdateServerCertificate", f"{IAM}:server-certificate/c"), ("iam:UpdateServerCertificate", f"{IAM}:server-certificate/d")]),
    ("iam", "get_instance_profile", {"InstanceProfileName": "full"}, [("iam:GetInstanceProfile", f"{IAM}:instance-profile/web/full")]),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "parameters", "needed"), NEEDED)
def test_what_a_call_needs(
    account: Account,
    service: str,
    operation: str,
    parameters: dict[str, Any],
    needed: list[tuple[str, str]],
) -> None:
    assert_needed(account, service, operation, parameters, needed)
