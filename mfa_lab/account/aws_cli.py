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

from mfa_lab.account.sessions import Keys

_SECONDS: Final = 120
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

    def run(self, arguments: Sequence[str], keys: Keys) -> CommandResult:
        """Run a command.

        Args:
            arguments: What follows `aws`.
            keys: Whose keys it uses.
        """
        run = subprocess.run(
            [self._program, *arguments],
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
        return CommandResult(shlex.join(arguments), run.returncode, run.stdout, run.stderr)

    def _environment(self, keys: Keys) -> dict[str, str]:
        home = Path(self._home.name)
        kept = {name: os.environ[name] for name in _OF_THE_SYSTEM if name in os.environ}
        return {
            **kept,
            "HOME": str(home),
            "USERPROFILE": str(home),
            "LC_ALL": "C.UTF-8",
            "PYTHONUTF8": "1",
            "NO_PROXY": "*",
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
