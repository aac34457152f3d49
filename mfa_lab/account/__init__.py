"""An AWS account to act in: moto holds the state, `mfa_lab.iam` decides."""

from mfa_lab.account.account import Account, AccountError, keys_of
from mfa_lab.account.clock import Clock, RealClock
from mfa_lab.account.fault import NotServedError
from mfa_lab.account.sessions import Keys

__all__ = [
    "Account",
    "AccountError",
    "Clock",
    "Keys",
    "NotServedError",
    "RealClock",
    "keys_of",
]
