"""One request, one operation: what was decided about is what is done, however a request is put."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mfa_lab.account import Account, Keys, NotServedError
from mfa_lab.account.http import HttpAnswer, HttpRequest, headers_of
from mfa_lab.lesson.policies import stored_policy
from tests.account.call.test_signature import FORM, IAM, signed
from tests.account.conftest import code_of

VERSION = "Version=2010-05-08"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
ATTACH = f"Action=AttachUserPolicy&UserName=alice&PolicyArn={ADMINISTRATOR}&{VERSION}".encode()
MULTIPART = (
    "--b\r\n"
    'Content-Disposition: form-data; name="Action"\r\n\r\nAttachUserPolicy\r\n'
    '--b\r\nContent-Disposition: form-data; name="UserName"\r\n\r\nalice\r\n'
    f'--b\r\nContent-Disposition: form-data; name="PolicyArn"\r\n\r\n{ADMINISTRATOR}\r\n--b--\r\n'
).encode()


@pytest.fixture
def alice(account: Account) -> Keys:
    return account.create_user("alice", stored_policy("2021-05-13_article"))


def attached(account: Account) -> list[str]:
    listed = account.client("iam").list_attached_user_policies(UserName="alice")
    return [one["PolicyName"] for one in listed["AttachedPolicies"]]


@pytest.mark.parametrize(
    ("method", "headers", "body"),
    [
        ("POST", FORM, ATTACH),
        ("GET", FORM, ATTACH),
        ("POST", {"Content-Type": "multipart/form-data; boundary=b"}, MULTIPART),
        ("POST", {**FORM, "x-moto-account-id": "999999999999"}, ATTACH),
    ],
)
def test_a_second_action_in_the_body_is_not_done(
    account: Account, alice: Keys, method: str, headers: dict[str, str], body: bytes
) -> None:
    """The policy lets alice get her own user without a code, and attach nothing."""
    url = f"{IAM}?Action=GetUser&UserName=alice&{VERSION}"
    answer = account.answer(signed(alice, url, body, method, headers=headers))
    assert (answer.status, b"<GetUserResponse" in answer.body) == (200, True)
    assert attached(account) == ["alice-1"]
    assert list(account.record)[-2].operation == "iam:GetUser"


def test_moto_s_header_names_no_other_account(account: Account) -> None:
    body = f"Action=CreateUser&UserName=stray&{VERSION}".encode()
    headers = {**FORM, "x-moto-account-id": "999999999999"}
    answer = account.answer(signed(account.admin, body=body, headers=headers))
    assert b"arn:aws:iam::123456789012:user/stray" in answer.body
    assert account.client("iam").get_user(UserName="stray")


def test_moto_s_variable_names_no_other_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "999999999999")
    with Account() as account:
        account.create_user("alice")
        assert account.client("iam").get_user(UserName="alice")["User"]["Arn"].split(":")[4] == (
            "123456789012"
        )


S3 = "https://s3.us-east-1.amazonaws.com"


@pytest.fixture
def bucket(account: Account) -> Any:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="k", Body=b"secret")
    return s3


def of_s3(account: Account, method: str, path: str, **headers: str) -> HttpAnswer:
    url = f"{S3}{path}"
    return account.answer(signed(account.admin, url, b"", method, "s3", headers=headers))


def test_a_header_of_another_operation_does_nothing(account: Account, bucket: Any) -> None:
    """Whichever of the two it is taken for, the record and what is done agree."""
    source = {"x-amz-copy-source": "/bucket/k", "x-amz-acl": "public-read"}
    of_s3(account, "PUT", "/bucket/copy?acl", **source)
    done = list(account.record)[-1].operation
    names = [one["Key"] for one in bucket.list_objects_v2(Bucket="bucket")["Contents"]]
    assert ("copy" in names) is (done == "s3:CopyObject")


def test_of_two_operations_in_an_address_one_is_done(account: Account, bucket: Any) -> None:
    started = bucket.create_multipart_upload(Bucket="bucket", Key="m")["UploadId"]
    with pytest.raises(NotServedError, match="moto"):  # it has no parts to complete
        of_s3(account, "POST", f"/bucket/m?uploads&uploadId={started}")
    uploads = bucket.list_multipart_uploads(Bucket="bucket")["Uploads"]
    assert [one["UploadId"] for one in uploads] == [started]


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("delete_bucket_metrics_configuration", {"Id": "x"}),
        ("delete_bucket_inventory_configuration", {"Id": "x"}),
        ("get_object_torrent", {"Key": "k"}),
        ("get_object_retention", {"Key": "k"}),
        ("rename_object", {"Key": "k2", "RenameSource": "/bucket/k"}),
        ("list_bucket_metrics_configurations", {}),
        ("put_bucket_request_payment", {"RequestPaymentConfiguration": {"Payer": "Requester"}}),
    ],
)
def test_what_moto_lacks_is_not_done_as_something_else(
    bucket: Any, name: str, parameters: dict[str, Any]
) -> None:
    call: Callable[..., Any] = getattr(bucket, name)
    with pytest.raises(NotServedError, match="not sent anywhere"):
        call(Bucket="bucket", **parameters)
    assert bucket.get_object(Bucket="bucket", Key="k")["Body"].read() == b"secret"
    assert bucket.list_objects_v2(Bucket="bucket")["KeyCount"] == 1


def test_a_bucket_policy_is_decided_here_and_not_by_moto(account: Account, bucket: Any) -> None:
    """Moto takes any Deny of the action for a Deny of everybody, whatever its condition says."""
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": {"AWS": "arn:aws:iam::123456789012:user/bob"},
                "Action": ["s3:GetObject", "s3:DeleteObject"],
                "Resource": "arn:aws:s3:::bucket/*",
            },
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": ["s3:GetObject", "s3:DeleteObject"],
                "Resource": "arn:aws:s3:::bucket/*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    keys = account.create_user("bob", {"Version": "2012-10-17", "Statement": [everything]})
    bucket.put_bucket_policy(Bucket="bucket", Policy=json.dumps(document))
    assert bucket.get_object(Bucket="bucket", Key="k")["Body"].read() == b"secret"
    assert (
        code_of(account.client("s3", keys).get_object, Bucket="bucket", Key="k") == "AccessDenied"
    )
    deleted = bucket.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": "k"}]})
    assert "Errors" not in deleted


def test_a_user_agent_names_no_region(account: Account) -> None:
    """Moto would take the region from `region/…` in it."""
    headers = {**FORM, "User-Agent": "x region/eu-west-1"}
    body = b"Action=DescribeAvailabilityZones&Version=2016-11-15"
    url = "https://ec2.us-east-1.amazonaws.com/"
    answer = account.answer(signed(account.admin, url, body, service="ec2", headers=headers))
    assert (b"us-east-1a" in answer.body, b"eu-west-1a" in answer.body) == (True, False)


def test_a_client_whose_address_is_in_another_region_is_refused(account: Account) -> None:
    """Signed for one region, sent to another: decided about one, it would be done in the other."""
    sts = account.client("sts", endpoint_url="https://sts.eu-west-1.amazonaws.com")
    with pytest.raises(ClientError) as caught:
        sts.get_caller_identity()
    error = caught.value.response["Error"]
    assert error["Code"] == "SignatureDoesNotMatch"
    assert error["Message"] == "Credential should be scoped to a valid region. "


def test_a_form_is_not_stored_as_nothing(bucket: Any) -> None:
    """Moto would read the body away; better said than lost."""
    with pytest.raises(NotServedError, match="for a form"):
        bucket.put_object(
            Bucket="bucket", Key="f", Body=b"a=1", ContentType="application/x-www-form-urlencoded"
        )


def test_an_address_that_boto3_signs_is_one_that_s3_takes(account: Account, bucket: Any) -> None:
    url = bucket.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "k"})
    assert "X-Amz-Signature=" in url
    answer = account.answer(HttpRequest("GET", url, headers_of({})))
    assert (answer.status, answer.body) == (200, b"secret")


def test_a_variable_switches_no_other_authorization_on() -> None:
    script = (
        "from mfa_lab import Account\n"
        "with Account() as account:\n"
        "    account.client('s3').create_bucket(Bucket='bucket')\n"
        "    print(len(account.client('iam').list_users()['Users']))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stdout, ran.returncode) == ("1\n", 0), ran.stderr
