"""The codes of MFA devices: which code a seed has, which ones are accepted, and the QR code.

A code is accepted within one step of 30 seconds before or after the account's clock, and once.
AWS publishes neither: the step is that of its console's advice to wait 30 seconds, and that a used
code is refused is reported by users (data/facts.md, "MFA codes"). How far a device may have drifted
for ResyncMFADevice is not known; an hour either way is taken.

Source: RFC 6238.
"""

from __future__ import annotations

import hmac
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from weakref import WeakKeyDictionary

import pyotp
import segno

STEP_SECONDS: Final = 30
_TOLERANCE: Final = 1
_RESYNC_TOLERANCE: Final = 3600 // STEP_SECONDS
_ISSUER: Final = "Amazon Web Services"
_QR_SCALE: Final = 4


@dataclass(slots=True)
class CodeHistory:
    """What the service keeps of a device beside its seed.

    Args:
        drift: By how many steps the device is ahead of the clock, as its last resync showed.
        used: Steps whose code was accepted.
    """

    drift: int = 0
    used: set[int] = field(default_factory=set)


_histories: WeakKeyDictionary[Any, CodeHistory] = WeakKeyDictionary()


def step_at(moment: datetime) -> int:
    """Return the number of the 30-second step that a time is in."""
    return int(moment.timestamp()) // STEP_SECONDS


def generate_code(seed: str, step: int) -> str:
    """Return the code of a seed in a step."""
    return pyotp.TOTP(seed, interval=STEP_SECONDS).generate_otp(step)


def find_accepted_step(device: Any, code: str, now: datetime) -> int | None:
    """Return the step for which a device accepts a code now, or None; the code stays unused.

    Args:
        device: moto's device.
        code: Six digits.
        now: The account's time.
    """
    history = _history_of(device)
    middle = step_at(now) + history.drift
    for step in range(middle - _TOLERANCE, middle + _TOLERANCE + 1):
        if step not in history.used and _is_code(device, step, code):
            return step
    return None


def mark_used(device: Any, *steps: int) -> None:
    """Mark the codes of some steps as used, so that they aren't accepted again."""
    history = _history_of(device)
    history.used.update(steps)
    oldest = max(steps) - 2 * _RESYNC_TOLERANCE
    history.used = {step for step in history.used if step > oldest}


def _history_of(device: Any) -> CodeHistory:
    return _histories.setdefault(device, CodeHistory())


def _is_code(device: Any, step: int, code: str) -> bool:
    right = generate_code(device.base32_string_seed, step)
    return hmac.compare_digest(right.encode(), code.encode("utf-8", "replace"))


def _find_first_of_two(device: Any, first: str, second: str, steps: Iterator[int]) -> int | None:
    """Return the step of the first of two consecutive codes, looked for in some steps."""
    used = _history_of(device).used
    for step in steps:
        is_fresh = not used.intersection((step, step + 1))
        if is_fresh and _is_code(device, step, first) and _is_code(device, step + 1, second):
            return step
    return None


def _nearest_first(middle: int, tolerance: int) -> Iterator[int]:
    yield middle
    for distance in range(1, tolerance + 1):
        yield middle - distance
        yield middle + distance


def use_consecutive_codes(device: Any, first: str, second: str, now: datetime) -> bool:
    """Use two consecutive codes, as EnableMFADevice requires; return whether they are good.

    The second must be within one step of now; the first is the one before it.
    """
    return _use_two(device, first, second, now, _TOLERANCE) is not None


def resynchronize(device: Any, first: str, second: str, now: datetime) -> bool:
    """Learn from two consecutive codes how far a device has drifted; return whether they are good.

    They are used by this, too.
    """
    ahead = _use_two(device, first, second, now, _RESYNC_TOLERANCE)
    if ahead is None:
        return False
    _history_of(device).drift = 0 if abs(ahead) <= _TOLERANCE else ahead
    return True


def _use_two(device: Any, first: str, second: str, now: datetime, tolerance: int) -> int | None:
    """Return by how many steps the second of two codes is ahead of now, or None."""
    middle = step_at(now)
    step = _find_first_of_two(device, first, second, _nearest_first(middle - 1, tolerance))
    if step is None:
        return None
    mark_used(device, step, step + 1)
    return step + 1 - middle


def otpauth_uri(device_name: str, account_name: str, seed: str) -> str:
    """Return the otpauth URI that the QR code of a device holds.

    Args:
        device_name: Name of the device without its path.
        account_name: Alias of the account, else its id.
        seed: In base 32.
    """
    label = f"{quote(_ISSUER)}:{quote(device_name, safe='')}@{quote(account_name)}"
    return f"otpauth://totp/{label}?secret={seed}&issuer={quote(_ISSUER)}"


def draw_qr_code(address: str) -> bytes:
    """Return a QR code of a URI as PNG."""
    picture = io.BytesIO()
    segno.make_qr(address).save(picture, kind="png", scale=_QR_SCALE)
    return picture.getvalue()
