"""Learn what AWS policies that enforce MFA really do: read, edit, predict and try them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mfa_lab.iam import (
    Decision,
    Outcome,
    Policy,
    PolicyError,
    PolicySet,
    Request,
    evaluate,
)

if TYPE_CHECKING:
    from mfa_lab.account import Account as Account

__version__ = "0.1.0"

__all__ = [
    "Account",
    "Decision",
    "Outcome",
    "Policy",
    "PolicyError",
    "PolicySet",
    "Request",
    "evaluate",
]


def __getattr__(name: str) -> object:
    """Load the account when it is asked for: boto3 and moto take half a second."""
    if name == "Account":
        from mfa_lab.account import Account

        return Account
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
