"""A client for MFA that knows nothing of this project gets its session here, and works with it."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mfa_lab.account import Account, RealClock
from mfa_lab.lesson.policies import stored_policy
from tests.account.operations.test_mfa_devices import enrolled

AWS_MFA = [sys.executable, "-c", "from awsmfa import main; main()"]


@pytest.fixture
def alice() -> Any:
    """An account on the machine's clock, with a user whose keys stand in a home of their own."""
    with Account(clock=RealClock()) as account:
        yield account, account.create_user("alice", stored_policy("2021-05-13_article"))


def run(account: Account, home: Path, *arguments: str, typed: str) -> Any:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "AWS_ENDPOINT_URL": account.endpoint_url,
        "AWS_DEFAULT_REGION": account.region,
    }
    return subprocess.run(
        [*AWS_MFA, *arguments],
        env=environment, input=typed + "\n", capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_aws_mfa(alice: Any, tmp_path: Path) -> None:
    account, keys = alice
    device = enrolled(account)
    folder = tmp_path / ".aws"
    folder.mkdir()
    credentials = folder / "credentials"
    credentials.write_text(
        f"[work-long-term]\naws_access_key_id = {keys.access_key_id}\n"
        f"aws_secret_access_key = {keys.secret_access_key}\n"
    )
    arguments = ["--profile", "work", "--device", device.serial_number, "--duration", "900"]
    refused = run(account, tmp_path, *arguments, typed="000000")
    assert refused.returncode != 0
    assert "MultiFactorAuthentication failed with invalid MFA one time pass code" in (
        refused.stdout + refused.stderr
    )
    worked = run(account, tmp_path, *arguments, typed=device.code(1))
    assert worked.returncode == 0, worked.stdout + worked.stderr
    made = configparser.ConfigParser()
    made.read(credentials)
    session = {
        "AccessKeyId": made["work"]["aws_access_key_id"],
        "SecretAccessKey": made["work"]["aws_secret_access_key"],
        "SessionToken": made["work"]["aws_session_token"],
    }
    assert session["AccessKeyId"].startswith("ASIA")
    assert account.cli("iam list-access-keys", session).works
    assert not account.cli("iam list-access-keys", keys).works
