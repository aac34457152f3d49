"""Console passwords: login profiles, the password policy, and ChangePassword.

Source: IAM User Guide, "Setting an account password policy for IAM users"; IAM API Reference;
data/facts.md, "Password policy" and "ChangePassword".
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from weakref import WeakKeyDictionary

from mfa_lab.account.call.authenticated_call import Call, OwnOperation
from mfa_lab.account.fault import Fault
from mfa_lab.account.moto_state.state import ACCOUNT_ID, MotoState
from mfa_lab.account.operations.entities import require_user

_SYMBOLS: Final = frozenset("!@#$%^&*()_+-=[]{}|'")
_DEFAULT_LENGTH: Final = 8
_DEFAULT_CLASSES: Final = 3
_LONGEST: Final = 128


@dataclass(slots=True)
class LoginProfile:
    """What the service keeps of a console password beside the password.

    Args:
        created: When the login profile was made.
        changed: When the password was set last.
        former: Passwords before the present one, the newest last.
    """

    created: datetime
    changed: datetime
    former: list[str] = field(default_factory=list)


_profiles: WeakKeyDictionary[Any, LoginProfile] = WeakKeyDictionary()


def is_password_of(user: Any, password: str) -> bool:
    """Return whether a user has a password and it is this one."""
    own = user.password or ""
    return bool(own) and hmac.compare_digest(own.encode(), password.encode())


def is_expired(state: MotoState, user: Any, now: datetime) -> bool:
    """Return whether a user's password is older than the password policy allows."""
    policy, profile = state.password_policy(), _profiles.get(user)
    if policy is None or not policy.max_password_age or profile is None:
        return False
    return now - profile.changed >= timedelta(days=int(policy.max_password_age))


def is_hard_expired(state: MotoState, user: Any, now: datetime) -> bool:
    """Return whether the password is expired and the user may not set a new one (HardExpiry)."""
    policy = state.password_policy()
    return policy is not None and bool(policy.hard_expiry) and is_expired(state, user, now)


def meets_password_policy(state: MotoState, user: Any, password: str) -> bool:
    """Return whether a password meets the account's password policy.

    Source: IAM User Guide, "Default password policy" and "Custom password policy options".
    """
    if not 1 <= len(password) <= _LONGEST:
        return False
    classes = {
        "uppercase": any("A" <= character <= "Z" for character in password),
        "lowercase": any("a" <= character <= "z" for character in password),
        "numbers": any("0" <= character <= "9" for character in password),
        "symbols": any(character in _SYMBOLS for character in password),
    }
    policy = state.password_policy()
    if policy is None:
        names = {ACCOUNT_ID, state.alias()}
        return (
            len(password) >= _DEFAULT_LENGTH
            and sum(classes.values()) >= _DEFAULT_CLASSES
            and password not in names
        )
    wanted = {
        "uppercase": policy.require_uppercase_characters,
        "lowercase": policy.require_lowercase_characters,
        "numbers": policy.require_numbers,
        "symbols": policy.require_symbols,
    }
    if len(password) < int(policy.minimum_password_length):
        return False
    if any(wanted[name] and not classes[name] for name in wanted):
        return False
    return not _is_reused(user, password, int(policy.password_reuse_prevention or 0))


def _is_reused(user: Any, password: str, remembered: int) -> bool:
    profile = _profiles.get(user)
    former = [] if profile is None else profile.former
    present = [user.password] if user.password else []
    return remembered > 0 and password in [*former, *present][-remembered:]


def set_password(state: MotoState, user: Any, password: str, now: datetime) -> None:
    """Set a user's password.

    Raises:
        Fault: It does not conform to the account's password policy.
    """
    if not meets_password_policy(state, user, password):
        message = "Password does not conform to the account password policy."
        raise Fault("PasswordPolicyViolation", message, 400)
    profile = _profiles.get(user)
    if profile is None:
        # AWS gives the date in whole seconds.
        _profiles[user] = LoginProfile(now.replace(microsecond=0), now)
    else:
        if user.password:
            profile.former.append(user.password)
        profile.changed = now
    user.password = password


# The operations


def change_password(call: Call) -> None:
    """IAM API Reference, ChangePassword. That the old password is looked at first is our choice."""
    user = call.principal.calling_user
    if user is None:
        raise Fault("InvalidUserType", "Only IAM Users can change their own password", 400)
    _require_profile(user)
    if not is_password_of(user, call.parameters["OldPassword"]):
        raise Fault("AccessDenied", "The old password was incorrect.")
    set_password(call.state, user, call.parameters["NewPassword"], call.now)
    user.password_reset_required = False


def create_login_profile(call: Call) -> dict[str, Any]:
    """IAM API Reference, CreateLoginProfile."""
    user = require_user(call.state, call.parameters["UserName"])
    if user.password:
        message = f"Login Profile for user {user.name} already exists."
        raise Fault("EntityAlreadyExists", message, 409)
    password = call.parameters.get("Password")
    if not password:
        message = "Value null at 'password' failed to satisfy constraint: Member must not be null"
        raise Fault("ValidationError", f"1 validation error detected: {message}", 400)
    set_password(call.state, user, password, call.now)
    user.password_reset_required = bool(call.parameters.get("PasswordResetRequired"))
    return {"LoginProfile": _describe(user)}


def get_login_profile(call: Call) -> dict[str, Any]:
    """IAM API Reference, GetLoginProfile."""
    user = require_user(call.state, call.parameters["UserName"])
    _require_profile(user)
    return {"LoginProfile": _describe(user)}


def update_login_profile(call: Call) -> None:
    """IAM API Reference, UpdateLoginProfile. It asks no old password."""
    user = require_user(call.state, call.parameters["UserName"])
    _require_profile(user)
    password = call.parameters.get("Password")
    if password is not None:
        set_password(call.state, user, password, call.now)
    if "PasswordResetRequired" in call.parameters:
        user.password_reset_required = bool(call.parameters["PasswordResetRequired"])


def delete_login_profile(call: Call) -> None:
    """IAM API Reference, DeleteLoginProfile."""
    user = require_user(call.state, call.parameters["UserName"])
    _require_profile(user)
    user.password, user.password_reset_required = None, False
    _profiles.pop(user, None)


def _require_profile(user: Any) -> None:
    if not user.password:
        raise Fault("NoSuchEntity", f"Login Profile for User {user.name} cannot be found.", 404)


def _describe(user: Any) -> dict[str, Any]:
    return {
        "UserName": user.name,
        "CreateDate": _profiles[user].created,
        "PasswordResetRequired": user.password_reset_required,
    }


OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {
    ("iam", "ChangePassword"): change_password,
    ("iam", "CreateLoginProfile"): create_login_profile,
    ("iam", "GetLoginProfile"): get_login_profile,
    ("iam", "UpdateLoginProfile"): update_login_profile,
    ("iam", "DeleteLoginProfile"): delete_login_profile,
}
