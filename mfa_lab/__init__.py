"""Learn what AWS policies that enforce MFA really do: read, edit, predict and try them."""

from mfa_lab.iam import (
    Decision,
    Outcome,
    Policy,
    PolicyError,
    PolicySet,
    Request,
    evaluate,
)

__version__ = "0.1.0"

__all__ = [
    "Decision",
    "Outcome",
    "Policy",
    "PolicyError",
    "PolicySet",
    "Request",
    "evaluate",
]
