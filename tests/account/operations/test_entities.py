"""What a call names must be there, a new name must be free, and what is in use is not deleted."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from mfa_lab.account import Account, NotServedError
from tests.account.call.test_gate import example
from tests.account.conftest import code_of, error_of

ACCOUNT = "123456789012"
IAM = f"arn:aws:iam::{ACCOUNT}"
POLICY = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
TRUST = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}'
KEY = "AKIAZZZZZZZZZZZZZZZZ"
MEMBER = {"GroupName": "g", "UserName": "bob"}
PROFILE = {"InstanceProfileName": "ip", "RoleName": "r"}


@pytest.fixture
def iam(account: Account) -> Any:
    """A client of an account with a user, a group, a role, a policy and an instance profile."""
    client = account.client("iam")
    client.create_user(UserName="bob")
    client.create_group(GroupName="g")
    client.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    client.create_policy(PolicyName="p", PolicyDocument=POLICY)
    client.create_instance_profile(InstanceProfileName="ip")
    return client


# What a call names must be there

MISSING = [
    # operation, parameters, IAM's words
    ("get_user", {"UserName": "zz"}, "The user with name zz cannot be found."),
    ("get_group", {"GroupName": "zz"}, "The group with name zz cannot be found."),
    ("update_group", {"GroupName": "zz", "NewPath": "/a/"}, "The group with name zz cannot be found."),
    ("get_role", {"RoleName": "zz"}, "The role with name zz cannot be found."),
    ("delete_role", {"RoleName": "zz"}, "The role with name zz cannot be found."),
    ("tag_role", {"RoleName": "zz", "Tags": []}, "The role with name zz cannot be found."),
    ("get_instance_profile", {"InstanceProfileName": "zz"}, "Instance Profile zz cannot be found."),
    ("add_role_to_instance_profile", {"InstanceProfileName": "ip", "RoleName": "zz"}, "The role with name zz cannot be found."),
    ("get_policy", {"PolicyArn": f"{IAM}:policy/zz"}, f"Policy {IAM}:policy/zz was not found."),
    ("create_policy_version", {"PolicyArn": f"{IAM}:policy/zz", "PolicyDocument": POLICY}, f"Policy {IAM}:policy/zz was not found."),
    ("list_entities_for_policy", {"PolicyArn": f"{IAM}:policy/zz"}, f"Policy {IAM}:policy/zz was not found."),
    ("attach_user_policy", {"UserName": "bob", "PolicyArn": f"{IAM}:policy/zz"}, f"Policy {IAM}:policy/zz does not exist or is not attachable."),
    ("attach_group_policy", {"GroupName": "g", "PolicyArn": f"{IAM}:policy/zz"}, f"Policy {IAM}:policy/zz does not exist or is not attachable."),
    ("detach_user_policy", {"UserName": "bob", "PolicyArn": f"{IAM}:policy/p"}, f"Policy {IAM}:policy/p was not found."),
    ("detach_group_policy", {"GroupName": "g", "PolicyArn": f"{IAM}:policy/p"}, f"Policy {IAM}:policy/p was not found."),
    ("get_user_policy", {"UserName": "bob", "PolicyName": "zz"}, "The user policy with name zz cannot be found."),
    ("delete_user_policy", {"UserName": "bob", "PolicyName": "zz"}, "The user policy with name zz cannot be found."),
    ("get_group_policy", {"GroupName": "g", "PolicyName": "zz"}, "The group policy with name zz cannot be found."),
    ("get_role_policy", {"RoleName": "r", "PolicyName": "zz"}, "The role policy with name zz cannot be found."),
    ("delete_access_key", {"UserName": "bob", "AccessKeyId": KEY}, f"The Access Key with id {KEY} cannot be found."),
    ("update_access_key", {"UserName": "bob", "AccessKeyId": KEY, "Status": "Active"}, f"The Access Key with id {KEY} cannot be found."),
    ("get_saml_provider", {"SAMLProviderArn": f"{IAM}:saml-provider/zz"}, f"Manifest not found for arn {IAM}:saml-provider/zz"),
    # These words are ours.
    ("get_policy_version", {"PolicyArn": f"{IAM}:policy/p", "VersionId": "v9"}, f"Policy {IAM}:policy/p version v9 was not found."),
    ("get_access_key_last_used", {"AccessKeyId": KEY}, f"The Access Key with id {KEY} cannot be found."),
    ("delete_ssh_public_key", {"UserName": "bob", "SSHPublicKeyId": "Z" * 20}, f"The SSH Public Key with id {'Z' * 20} cannot be found."),
    ("remove_role_from_instance_profile", PROFILE, "Role r cannot be found in Instance Profile ip."),
]  # fmt: skip


@pytest.mark.parametrize(("method", "parameters", "message"), MISSING)
def test_what_is_not_there(iam: Any, method: str, parameters: Any, message: str) -> None:
    assert error_of(getattr(iam, method), **parameters) == ("NoSuchEntity", message, 404)


# Forms of IAM's words, beside those that moto has of IAM: for OIDC providers and MFA devices.
IN_IAM_WORDS = re.compile(
    r".* cannot be found\.|Policy \S+ was not found\.|Policy \S+ does not exist or is not attachable\."
    r"|OpenIDConnect Provider not found for arn \S+|Manifest not found for arn \S+"
    r"|VirtualMFADevice with serial number \S+ doesn't exist\.|MFA Device invalid for user\."
)
NAMES = {
    "PolicyArn": f"{IAM}:policy/zz",
    "PermissionsBoundary": f"{IAM}:policy/zz",
    "SerialNumber": f"{IAM}:mfa/zz",
    "SAMLProviderArn": f"{IAM}:saml-provider/zz",
    "OpenIDConnectProviderArn": f"{IAM}:oidc-provider/zz",
    "AccessKeyId": KEY,
    "PolicyDocument": POLICY,
    "VersionId": "v9",
}
# IAM's words for these are not known, or they do not fail; an own document makes the last one fail.
OTHERWISE = {"DeleteAccountAlias", "DeleteOpenIDConnectProvider", "UpdateAssumeRolePolicy"}
NAMING = re.compile("(User|Group|Role|InstanceProfile|ServerCertificate)Name|.*(Arn|Id|Number)$")


def test_no_words_of_moto_come_through(iam: Any) -> None:
    """Every operation that names something, called with names of nothing."""
    model, asked, others = iam.meta.service_model, 0, []
    for operation in model.operation_names:
        shape = model.operation_model(operation).input_shape
        if shape is None or operation in OTHERWISE:
            continue
        parameters = {
            name: NAMES.get(name) or ("zz" if name.endswith("Name") else example(member))
            for name, member in shape.members.items()
            if name in shape.required_members
        }
        if not any(NAMING.fullmatch(name) for name in parameters) or (
            operation.startswith(("Create", "Upload")) and "UserName" not in parameters
        ):
            continue
        try:
            getattr(iam, xform_name(operation))(**parameters)
        except NotServedError:
            continue
        except ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
            if code == "NoSuchEntity":
                asked += 1
                others += [] if IN_IAM_WORDS.fullmatch(message) else [(operation, message)]
    assert others == []
    assert asked > 80


# A new name must be free

TAKEN = [
    # operation, parameters, IAM's words
    ("create_user", {"UserName": "BOB"}, "User with name BOB already exists."),
    ("create_group", {"GroupName": "G"}, "Group with name G already exists."),
    ("create_role", {"RoleName": "R", "AssumeRolePolicyDocument": TRUST}, "Role with name R already exists."),
    ("create_policy", {"PolicyName": "P", "PolicyDocument": POLICY}, "A policy called P already exists. Duplicate names are not allowed."),
    ("create_policy", {"PolicyName": "p", "Path": "/a/", "PolicyDocument": POLICY}, "A policy called p already exists. Duplicate names are not allowed."),
    ("create_instance_profile", {"InstanceProfileName": "IP"}, "Instance Profile IP already exists."),
]  # fmt: skip


@pytest.mark.parametrize(("method", "parameters", "message"), TAKEN)
def test_names_are_not_told_apart_by_case(
    iam: Any, method: str, parameters: Any, message: str
) -> None:
    """IAM API Reference, CreateUser and others; policies besides not by path."""
    call = getattr(iam, method)
    assert error_of(call, **parameters) == ("EntityAlreadyExists", message, 409)


def test_a_policy_may_be_called_as_one_of_aws(iam: Any) -> None:
    iam.get_policy(PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.create_policy(PolicyName="ReadOnlyAccess", PolicyDocument=POLICY)


def test_a_group_may_be_renamed(iam: Any) -> None:
    """To its own name in another case too, and moved; members and policies stay."""
    iam.create_group(GroupName="other")
    iam.add_user_to_group(**MEMBER)
    iam.attach_group_policy(GroupName="g", PolicyArn=f"{IAM}:policy/p")
    assert code_of(iam.update_group, GroupName="g", NewGroupName="OTHER") == "EntityAlreadyExists"
    iam.update_group(GroupName="g", NewPath="/team/")
    iam.update_group(GroupName="g", NewGroupName="G")
    assert code_of(iam.get_group, GroupName="g") == "NoSuchEntity"
    answer = iam.get_group(GroupName="G")
    assert answer["Group"]["Arn"] == f"{IAM}:group/team/G"
    assert [one["UserName"] for one in answer["Users"]] == ["bob"]
    attached = iam.list_attached_group_policies(GroupName="G")["AttachedPolicies"]
    assert [one["PolicyName"] for one in attached] == ["p"]


# What is in use is not deleted

IN_THE_WAY: list[tuple[str, str, dict[str, Any], str, dict[str, Any]]] = [
    # what is deleted, what puts something in the way, what takes it away
    ("user", "add_user_to_group", MEMBER, "remove_user_from_group", MEMBER),
    ("user", "put_user_policy", {"UserName": "bob", "PolicyName": "i", "PolicyDocument": POLICY}, "delete_user_policy", {"UserName": "bob", "PolicyName": "i"}),
    ("user", "attach_user_policy", {"UserName": "bob", "PolicyArn": f"{IAM}:policy/p"}, "detach_user_policy", {"UserName": "bob", "PolicyArn": f"{IAM}:policy/p"}),
    ("user", "create_login_profile", {"UserName": "bob", "Password": "First-Pass-1"}, "delete_login_profile", {"UserName": "bob"}),
    ("user", "create_access_key", {"UserName": "bob"}, "delete_access_key", {"UserName": "bob", "AccessKeyId": ""}),
    ("user", "upload_ssh_public_key", {"UserName": "bob", "SSHPublicKeyBody": "ssh-rsa A"}, "delete_ssh_public_key", {"UserName": "bob", "SSHPublicKeyId": ""}),
    ("group", "add_user_to_group", MEMBER, "remove_user_from_group", MEMBER),
    ("group", "put_group_policy", {"GroupName": "g", "PolicyName": "i", "PolicyDocument": POLICY}, "delete_group_policy", {"GroupName": "g", "PolicyName": "i"}),
    ("group", "attach_group_policy", {"GroupName": "g", "PolicyArn": f"{IAM}:policy/p"}, "detach_group_policy", {"GroupName": "g", "PolicyArn": f"{IAM}:policy/p"}),
    ("role", "put_role_policy", {"RoleName": "r", "PolicyName": "i", "PolicyDocument": POLICY}, "delete_role_policy", {"RoleName": "r", "PolicyName": "i"}),
    ("role", "attach_role_policy", {"RoleName": "r", "PolicyArn": f"{IAM}:policy/p"}, "detach_role_policy", {"RoleName": "r", "PolicyArn": f"{IAM}:policy/p"}),
    ("role", "add_role_to_instance_profile", PROFILE, "remove_role_from_instance_profile", PROFILE),
    ("instance_profile", "add_role_to_instance_profile", PROFILE, "remove_role_from_instance_profile", PROFILE),
]  # fmt: skip
DELETED = {
    "user": {"UserName": "bob"},
    "group": {"GroupName": "g"},
    "role": {"RoleName": "r"},
    "instance_profile": {"InstanceProfileName": "ip"},
}
WORDS = {
    "add_user_to_group": "must remove users from group",
    "put": "must delete policies",
    "attach": "must detach all policies",
    "create_login_profile": "must delete login profile",
    "create_access_key": "must delete access keys",
    "upload_ssh_public_key": "must remove referenced objects",
    "add_role_to_instance_profile": "must remove roles from instance profile",
}


@pytest.mark.parametrize(("kind", "put", "with_what", "take", "of_what"), IN_THE_WAY)
def test_what_is_in_the_way(
    iam: Any, kind: str, put: str, with_what: Any, take: str, of_what: Any
) -> None:
    answer = getattr(iam, put)(**with_what)
    delete, what = getattr(iam, f"delete_{kind}"), DELETED[kind]
    words = WORDS.get(put) or WORDS[put.partition("_")[0]]
    assert error_of(delete, **what) == (
        "DeleteConflict", f"Cannot delete entity, {words} first.", 409,
    )  # fmt: skip
    made = answer.get("AccessKey") or answer.get("SSHPublicKey") or {}
    getattr(iam, take)(**{name: value or made[name] for name, value in of_what.items()})
    delete(**what)
    assert code_of(delete, **what) == "NoSuchEntity"


ATTACHED = (
    "DeleteConflict", "Cannot delete a policy attached to entities.", 409,
)  # fmt: skip


@pytest.mark.parametrize("kind", ["user", "group", "role"])
def test_an_attached_policy_stays(iam: Any, kind: str) -> None:
    """Else a fence would be gone with it."""
    arn = {"PolicyArn": f"{IAM}:policy/p"}
    getattr(iam, f"attach_{kind}_policy")(**DELETED[kind], **arn)
    assert error_of(iam.delete_policy, **arn) == ATTACHED
    assert iam.get_policy(**arn)
    getattr(iam, f"detach_{kind}_policy")(**DELETED[kind], **arn)
    iam.delete_policy(**arn)
    assert code_of(iam.get_policy, **arn) == "NoSuchEntity"


@pytest.mark.parametrize("kind", ["user", "role"])
def test_a_boundary_stays(iam: Any, kind: str) -> None:
    arn = f"{IAM}:policy/p"
    getattr(iam, f"put_{kind}_permissions_boundary")(**DELETED[kind], PermissionsBoundary=arn)
    assert error_of(iam.delete_policy, PolicyArn=arn) == ATTACHED
    getattr(iam, f"delete_{kind}_permissions_boundary")(**DELETED[kind])
    iam.delete_policy(PolicyArn=arn)


def test_a_policy_goes_with_its_last_version_alone(iam: Any) -> None:
    arn = {"PolicyArn": f"{IAM}:policy/p"}
    iam.create_policy_version(**arn, PolicyDocument=POLICY)
    assert error_of(iam.delete_policy, **arn) == (
        "DeleteConflict",
        "This policy has more than one version. Before you delete a policy, you must delete the "
        "policy's versions. The default version is deleted with the policy.",
        409,
    )
    assert error_of(iam.delete_policy_version, **arn, VersionId="v1") == (
        "DeleteConflict", "Cannot delete the default version of a policy.", 409,
    )  # fmt: skip
    iam.delete_policy_version(**arn, VersionId="v2")
    iam.delete_policy(**arn)
