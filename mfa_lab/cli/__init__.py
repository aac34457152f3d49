"""The commands: `mfa-lab open`, `table`, `evaluate`, `serve`, `slides`, `reset` and `doctor`."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["main"]

INTERRUPTED = 130  # as a shell reports a process that SIGINT ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `mfa-lab` and give its exit status.

    Args:
        arguments: What follows `mfa-lab`; None for the command line's.
    """
    try:
        from mfa_lab.cli.commands import run  # here, so that Ctrl-C while it loads is quiet too

        return run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
