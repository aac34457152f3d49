"""The real AWS CLI against the account, in an environment of its own.

It sees neither the learner's home nor their variables: only the PATH, an empty home, the
account's address and the keys that it is to use.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mfa_lab.account.http import LOOPBACK
from mfa_lab.account.sessions import Keys

_SECONDS: Final = 120
_NOWHERE: Final = f"http://{LOOPBACK}:9"  # the port of the discard protocol, which nobody serves
# By itself version 1 makes presigned addresses with signatures that S3 has ceased to take.
_CONFIGURATION: Final = "[default]\ns3 =\n    signature_version = s3v4\n"
# Without these, Windows starts no program.
_OF_THE_SYSTEM: Final = ("PATH", "SYSTEMROOT", "COMSPEC", "PATHEXT", "TEMP", "TMP", "WINDIR")


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What a command of the AWS CLI did.

    Args:
        command: As it was typed, without the leading `aws`.
        exit_code: 0 where it worked.
        output: What it printed.
        error: What it printed on standard error.
    """

    command: str
    exit_code: int
    output: str
    error: str

    @property
    def works(self) -> bool:
        """Whether the command worked."""
        return self.exit_code == 0

    def __repr__(self) -> str:
        lines = [f"$ aws {self.command}", self.output.strip(), self.error.strip()]
        if self.exit_code:
            lines += ["$ echo $?", str(self.exit_code)]
        return "\n".join(line for line in lines if line)


def find_aws_cli() -> str | None:
    """Find the AWS CLI: beside this Python first, then on the PATH; None where there is none."""
    beside = os.path.dirname(sys.executable)
    return shutil.which("aws", path=beside) or shutil.which("aws")


class AwsCli:
    """The AWS CLI with a home of its own.

    Args:
        program: Path of the AWS CLI.
        endpoint_url: Address of the account.
        region: The region that it uses.
    """

    def __init__(self, program: str, endpoint_url: str, region: str) -> None:
        self._program, self._endpoint_url, self._region = program, endpoint_url, region
        self._home = tempfile.TemporaryDirectory(prefix="mfa_lab_aws_", ignore_cleanup_errors=True)
        (Path(self._home.name) / "config").write_text(_CONFIGURATION, "utf-8")

    def run(self, arguments: Sequence[str], keys: Keys) -> CommandResult:
        """Run a command.

        Args:
            arguments: What follows `aws`.
            keys: Whose keys it uses.

        Raises:
            subprocess.TimeoutExpired: It has not ended after two minutes.
        """
        run = self._run(arguments, keys)
        return CommandResult(shlex.join(arguments), run.returncode, run.stdout, run.stderr)

    def _run(self, arguments: Sequence[str], keys: Keys) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            # Not by a variable alone: for some services, such as SQS, version 1 of the AWS CLI puts
            # an address of its own in the place of one that a variable names, and nothing would
            # say that the account does not serve them.
            [self._program, "--endpoint-url", self._endpoint_url, *arguments],
            env=self._environment(keys),
            cwd=self._home.name,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )

    def _environment(self, keys: Keys) -> dict[str, str]:
        home = Path(self._home.name)
        kept = {name: os.environ[name] for name in _OF_THE_SYSTEM if name in os.environ}
        return {
            **kept,
            "HOME": str(home),
            "USERPROFILE": str(home),
            "LC_ALL": "C.UTF-8",
            "PYTHONUTF8": "1",
            # Whatever a command or the CLI's own configuration may say, nothing but the account is
            # reached: every other address goes to a proxy that is not there.
            "HTTP_PROXY": _NOWHERE,
            "HTTPS_PROXY": _NOWHERE,
            "NO_PROXY": LOOPBACK,
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
            "AWS_CONFIG_FILE": str(home / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(home / "credentials"),
            "AWS_ACCESS_KEY_ID": keys.access_key_id,
            "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
            **({"AWS_SESSION_TOKEN": keys.session_token} if keys.session_token else {}),
            "AWS_DEFAULT_REGION": self._region,
            "AWS_ENDPOINT_URL": self._endpoint_url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_PAGER": "",
            "AWS_DEFAULT_OUTPUT": "json",
        }

    def close(self) -> None:
        """Remove its home."""
        self._home.cleanup()
