"""Learn what AWS policies that enforce MFA really do: read, edit, predict and try them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mfa_lab.account import Account as Account
    from mfa_lab.iam import Decision as Decision
    from mfa_lab.iam import Outcome as Outcome
    from mfa_lab.iam import Policy as Policy
    from mfa_lab.iam import PolicyError as PolicyError
    from mfa_lab.iam import PolicySet as PolicySet
    from mfa_lab.iam import Request as Request
    from mfa_lab.iam import evaluate as evaluate

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
    """Load a name when it is asked for.

    The account's boto3 and moto take half a second, and the commands hear Ctrl-C from their first
    line on only where the package itself loads nothing.
    """
    if name == "Account":
        from mfa_lab.account import Account

        return Account
    if name in __all__:
        from mfa_lab import iam

        return getattr(iam, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Name what there is, loaded or not, for a notebook's completion."""
    return sorted({*globals(), *__all__})
