"""The learner's own AWS is neither used nor read, and nothing leaves the machine."""

from __future__ import annotations

import builtins
import io
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest

from mfa_lab.account import Account, AccountError
from mfa_lab.account.isolated_boto3 import isolated_imports, isolated_session

DECOY_KEY = "AKIADECOYDECOYDECOY1"
DECOY_SECRET = "decoy-secret-that-must-never-be-used"

VARIABLES = {
    "AWS_ACCESS_KEY_ID": DECOY_KEY,
    "AWS_SECRET_ACCESS_KEY": DECOY_SECRET,
    "AWS_SESSION_TOKEN": "decoy-token",
    "AWS_PROFILE": "decoy",
    "AWS_DEFAULT_PROFILE": "decoy",
    "AWS_REGION": "eu-north-1",
    "AWS_DEFAULT_REGION": "eu-north-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ENDPOINT_URL_IAM": "http://127.0.0.1:9",
    "AWS_CA_BUNDLE": "/nonexistent/ca.pem",
    "AWS_MAX_ATTEMPTS": "9",
    "AWS_RETRY_MODE": "adaptive",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_CSM_ENABLED": "true",
    "AWS_ROLE_ARN": "arn:aws:iam::999999999999:role/decoy",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent/token",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
}


@pytest.fixture
def decoys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with credentials and settings that would spoil every call if they were used."""
    folder = tmp_path / ".aws"
    folder.mkdir()
    (folder / "credentials").write_text(
        f"[default]\naws_access_key_id={DECOY_KEY}\naws_secret_access_key={DECOY_SECRET}\n"
        f"[decoy]\naws_access_key_id={DECOY_KEY}\naws_secret_access_key={DECOY_SECRET}\n"
    )
    (folder / "config").write_text(
        "[default]\nregion=eu-north-1\nendpoint_url=http://127.0.0.1:9\noutput=text\n"
        "[profile decoy]\nregion=eu-north-1\nendpoint_url=http://127.0.0.1:9\n"
        "s3 =\n  addressing_style = virtual\n"
    )
    models = folder / "models" / "iam" / "2010-05-08"
    models.mkdir(parents=True)
    (models / "service-2.json").write_text("{ spoiled")
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return folder


@pytest.fixture
def watched(decoys: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every file of the decoys that is opened, and every address that is connected to."""
    seen: list[str] = []
    plain_open, plain_connect = builtins.open, socket.socket.connect

    def watching_open(file: Any, *arguments: Any, **options: Any) -> Any:
        if str(file).startswith(str(decoys)):
            seen.append(f"opened {file}")
        return plain_open(file, *arguments, **options)

    def watching_connect(self: socket.socket, address: Any) -> Any:
        if not (isinstance(address, tuple) and address[0] == "127.0.0.1" and address[1] != 9):
            seen.append(f"connected to {address}")
            raise ConnectionRefusedError(address)
        return plain_connect(self, address)

    monkeypatch.setattr(builtins, "open", watching_open)
    monkeypatch.setattr(io, "open", watching_open)
    monkeypatch.setattr(socket.socket, "connect", watching_connect)
    return seen


def test_the_watch_sees(decoys: Path, watched: list[str]) -> None:
    boto3.Session(profile_name="decoy").get_credentials()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("198.51.100.1", 443), timeout=1)
    assert any("credentials" in one for one in watched)
    assert any("198.51.100.1" in one for one in watched)


def test_neither_read_nor_used(watched: list[str]) -> None:
    with Account() as account:
        iam = account.client("iam")
        assert iam.meta.region_name == "aws-global"
        iam.create_user(UserName="alice")
        iam.create_virtual_mfa_device(VirtualMFADeviceName="m")
        assert account.client("ec2").describe_vpcs()["Vpcs"]
        account.client("s3").create_bucket(Bucket="bucket")
        account.client("s3").put_object(Bucket="bucket", Key="k", Body=b"x")
        assert account.client("ec2").meta.region_name == "us-east-1"
        assert account.console().sign_in("alice", "x").is_error
        keys = {entry.access_key_id for entry in account.record if entry.access_key_id}
        assert keys == {account.admin.access_key_id}
    assert watched == []


def test_no_call_of_a_client_leaves(watched: list[str]) -> None:
    """Also one for which the account has no answer."""
    with Account() as account:
        for service, method in (
            ("lambda", "list_functions"),
            ("iam", "list_policies_granting_service_access"),
        ):
            parameters = (
                {"Arn": "arn:aws:iam::123456789012:user/x", "ServiceNamespaces": ["s3"]}
                if service == "iam"
                else {}
            )
            with pytest.raises(Exception, match="not sent anywhere"):
                getattr(account.client(service), method)(**parameters)
        iam = account.client("iam")
    with pytest.raises(AccountError, match="closed"):
        iam.list_users()
    assert watched == []


def test_a_client_that_is_not_the_accounts_is_stopped(
    watched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_IAM", "AWS_CA_BUNDLE", "AWS_CSM_ENABLED"):
        monkeypatch.delenv(name)
    with Account():
        own = boto3.Session(profile_name="decoy").client("sqs")
        with pytest.raises(AccountError, match="not the account's own"):
            own.list_queues()
    assert not [one for one in watched if one.startswith("connected")]


def test_a_cold_start_reads_nothing(decoys: Path, tmp_path: Path) -> None:
    """Moto asks boto3 for the names of regions when it is imported: that must not read either."""
    script = f"""
import builtins, io, sys
seen = []
plain = builtins.open
def watching(file, *a, **k):
    if str(file).startswith({str(decoys)!r}): seen.append(str(file))
    return plain(file, *a, **k)
builtins.open = io.open = watching
from mfa_lab import Account
with Account() as account:
    account.client("ec2").describe_vpcs()
    account.client("s3").list_buckets()
    account.client("sts").get_caller_identity()
print(seen)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "[]\n"), ran.stderr


def test_the_aws_cli_is_isolated_too(decoys: Path) -> None:
    before = {path: path.read_bytes() for path in decoys.rglob("*") if path.is_file()}
    with Account() as account:
        who = account.cli("sts get-caller-identity --query Arn --output text")
        assert (who.output, who.error) == ("arn:aws:iam::123456789012:user/admin\n", "")
        listed = account.cli("configure list")
        assert account.cli("configure set region eu-central-1").works
    text = listed.output + listed.error
    assert "decoy" not in text.lower() and "eu-north-1" not in text and str(decoys) not in text
    assert {path: path.read_bytes() for path in decoys.rglob("*") if path.is_file()} == before


def test_an_isolated_session_has_defaults(decoys: Path) -> None:
    session = isolated_session()
    assert session.get_credentials() is None
    assert session.region_name is None
    assert session.profile_name == "default"
    assert "us-east-1" in session.get_available_regions("ec2")


def test_boto3_is_given_back(decoys: Path) -> None:
    plain = boto3.Session
    with isolated_imports():
        assert boto3.Session is not plain
    assert boto3.Session is plain
    assert os.environ["AWS_ACCESS_KEY_ID"] == DECOY_KEY
