"""Virtual MFA devices with a real seed, and the operations of IAM that are about them.

A code is accepted within one step of 30 seconds before or after the account's clock, and once.
AWS publishes neither: the step is that of its console's advice to wait 30 seconds, and that a used
code is refused is reported by users (data/facts.md, "MFA codes"). How far a device may have drifted
for ResyncMFADevice is not known; an hour either way is taken.

Source: RFC 6238; IAM API Reference, the operations' pages; data/facts.md, "Virtual MFA devices" and
"Service rules".
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

from mfa_lab.account.call.fault import Fault
from mfa_lab.account.call.gate import Call, OwnOperation
from mfa_lab.account.moto_state.state import ACCOUNT_ID, State
from mfa_lab.account.operations.mfa_device_tags import (
    demand_tags,
    device_tags,
    forget_tags,
    keep_tags,
)
from mfa_lab.account.operations.pagination import page_of

STEP_SECONDS: Final = 30
DEVICES_PER_USER: Final = 8
_TOLERANCE: Final = 1
_RESYNC_TOLERANCE: Final = 3600 // STEP_SECONDS
_ISSUER: Final = "Amazon Web Services"
_QR_SCALE: Final = 4


@dataclass(slots=True)
class Tokens:
    """What the service keeps of a device beside its seed.

    Args:
        drift: By how many steps the device is ahead of the clock, as its last resync showed.
        used: Steps whose code was accepted.
    """

    drift: int = 0
    used: set[int] = field(default_factory=set)


_tokens: WeakKeyDictionary[Any, Tokens] = WeakKeyDictionary()


def step_at(moment: datetime) -> int:
    """Give the number of the 30-second step that a moment lies in."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_of(seed: str, step: int) -> str:
    """Give the code that a seed has in a step."""
    return pyotp.TOTP(seed, interval=STEP_SECONDS).generate_otp(step)


def accepted_step(device: Any, code: str, now: datetime) -> int | None:
    """Give the step for which a device's code is good now, or None. It is not used up by this.

    Args:
        device: moto's device.
        code: Six digits.
        now: The account's time.
    """
    tokens = _tokens_of(device)
    middle = step_at(now) + tokens.drift
    for step in range(middle - _TOLERANCE, middle + _TOLERANCE + 1):
        if step not in tokens.used and _is_code(device, step, code):
            return step
    return None


def use_up(device: Any, *steps: int) -> None:
    """Let the codes of some steps be good no more."""
    tokens = _tokens_of(device)
    tokens.used.update(steps)
    oldest = max(steps) - 2 * _RESYNC_TOLERANCE
    tokens.used = {step for step in tokens.used if step > oldest}


def _tokens_of(device: Any) -> Tokens:
    return _tokens.setdefault(device, Tokens())


def _is_code(device: Any, step: int, code: str) -> bool:
    right = code_of(device.base32_string_seed, step)
    return hmac.compare_digest(right.encode(), code.encode("utf-8", "replace"))


def _first_of_two(device: Any, first: str, second: str, steps: Iterator[int]) -> int | None:
    """Give the step of the first of two consecutive codes, looked for in some steps."""
    used = _tokens_of(device).used
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


def address_of(device_name: str, account_name: str, seed: str) -> str:
    """Give the otpauth address that the QR code of a device holds.

    Args:
        device_name: Name of the device without its path.
        account_name: Alias of the account, else its id.
        seed: In base 32.
    """
    label = f"{quote(_ISSUER)}:{quote(device_name, safe='')}@{quote(account_name)}"
    return f"otpauth://totp/{label}?secret={seed}&issuer={quote(_ISSUER)}"


def qr_code(address: str) -> bytes:
    """Give a PNG picture of an address as a QR code."""
    picture = io.BytesIO()
    segno.make_qr(address).save(picture, kind="png", scale=_QR_SCALE)
    return picture.getvalue()


# The operations


def create_virtual_mfa_device(call: Call) -> dict[str, Any]:
    """IAM API Reference, CreateVirtualMFADevice."""
    state, parameters = call.state, call.parameters
    name, path = parameters["VirtualMFADeviceName"], parameters.get("Path") or "/"
    serial_number = f"arn:aws:iam::{ACCOUNT_ID}:mfa{path}{name}"
    if serial_number in state.devices():
        message = "MFADevice entity at the same path and name already exists."
        raise Fault("EntityAlreadyExists", message, 409)
    tags = demand_tags(parameters.get("Tags") or []).values()
    device = state.iam.create_virtual_mfa_device(name, path)
    device.base32_string_seed = call.parts.issuer.device_seed()
    address = address_of(name, state.alias() or ACCOUNT_ID, device.base32_string_seed)
    device.qr_code_png = qr_code(address)
    keep_tags(state, serial_number, tags)
    return {
        "VirtualMFADevice": {
            "SerialNumber": device.serial_number,
            "Base32StringSeed": device.base32_string_seed.encode(),
            "QRCodePNG": device.qr_code_png,
            "Tags": device_tags(state, serial_number),
        }
    }


def enable_mfa_device(call: Call) -> None:
    """IAM API Reference, EnableMFADevice. Its codes cannot be used again to sign in (recalled)."""
    state, parameters = call.state, call.parameters
    user = existing_user(state, parameters["UserName"])
    device = _existing_device(call)
    if device.user is not None:
        message = "MFA Device is already in use."  # AWS's words are not known
        raise Fault("EntityAlreadyExists", message, 409)
    if len(user.mfa_devices) >= DEVICES_PER_USER:
        message = f"Cannot exceed quota for MFADevicesPerUser: {DEVICES_PER_USER}"
        raise Fault("LimitExceeded", message, 409)
    first, second = parameters["AuthenticationCode1"], parameters["AuthenticationCode2"]
    # The second code within one step of now; the first is the one before it.
    step = _first_of_two(device, first, second, _nearest_first(step_at(call.now) - 1, _TOLERANCE))
    if step is None:
        raise _not_valid()
    state.iam.enable_mfa_device(user.name, device.serial_number, first, second)
    use_up(device, step, step + 1)


def resync_mfa_device(call: Call) -> None:
    """IAM API Reference, ResyncMFADevice."""
    state, parameters = call.state, call.parameters
    user = existing_user(state, parameters["UserName"])
    device = _device_of(call, user)
    first, second = parameters["AuthenticationCode1"], parameters["AuthenticationCode2"]
    now = step_at(call.now)
    step = _first_of_two(device, first, second, _nearest_first(now - 1, _RESYNC_TOLERANCE))
    if step is None:
        raise _not_valid()
    use_up(device, step, step + 1)
    is_in_time = abs(step + 1 - now) <= _TOLERANCE
    _tokens_of(device).drift = 0 if is_in_time else step + 1 - now


def deactivate_mfa_device(call: Call) -> None:
    """IAM API Reference, DeactivateMFADevice."""
    state, parameters = call.state, call.parameters
    user = existing_user(state, parameters["UserName"])
    device = _device_of(call, user)
    state.iam.deactivate_mfa_device(user.name, device.serial_number)


def delete_virtual_mfa_device(call: Call) -> None:
    """IAM API Reference, DeleteVirtualMFADevice."""
    device = _existing_device(call)
    if device.user is not None:
        message = "MFA VirtualDevice in use. Must deactivate first."
        raise Fault("DeleteConflict", message, 409)
    call.state.iam.delete_virtual_mfa_device(device.serial_number)
    forget_tags(call.state, device.serial_number)


def list_virtual_mfa_devices(call: Call) -> dict[str, Any]:
    """IAM API Reference, ListVirtualMFADevices. Seeds are told once only, at creation."""
    status = call.parameters.get("AssignmentStatus", "Any")
    devices = [
        device
        for _, device in sorted(call.state.devices().items())
        if status == "Any" or (device.user is not None) == (status == "Assigned")
    ]
    return page_of(list(map(_listed, devices)), "VirtualMFADevices", call.parameters)


def _listed(device: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {"SerialNumber": device.serial_number}
    user = device.user
    if user is not None:
        shown["EnableDate"] = device.enable_date
        shown["User"] = {
            "Path": user.path,
            "UserName": user.name,
            "UserId": user.id,
            "Arn": user.arn,
            "CreateDate": user.create_date,
        }
    return shown


def tag_mfa_device(call: Call) -> None:
    """IAM API Reference, TagMFADevice. A tag of the same key gets the new value."""
    state, serial_number = call.state, _existing_device(call).serial_number
    tags = demand_tags(call.parameters["Tags"], device_tags(state, serial_number))
    keep_tags(state, serial_number, tags.values())


def untag_mfa_device(call: Call) -> None:
    """IAM API Reference, UntagMFADevice."""
    state, serial_number = call.state, _existing_device(call).serial_number
    removed = {key.lower() for key in call.parameters["TagKeys"]}
    tags = device_tags(state, serial_number)
    keep_tags(state, serial_number, [tag for tag in tags if tag["Key"].lower() not in removed])


def list_mfa_device_tags(call: Call) -> dict[str, Any]:
    """IAM API Reference, ListMFADeviceTags: sorted by key."""
    tags = device_tags(call.state, _existing_device(call).serial_number)
    return page_of(sorted(tags, key=lambda tag: tag["Key"]), "Tags", call.parameters)


def get_mfa_device(call: Call) -> None:
    """IAM API Reference, GetMFADevice: "we only accept FIDO security key ARNs"."""
    # AWS's words for another ARN are not known.
    message = "The specified MFA device is not a FIDO security key."
    raise Fault("InvalidInput", message, 400)


def existing_user(state: State, name: str) -> Any:
    """Give moto's user of a name.

    Raises:
        Fault: There is none.
    """
    user = state.user(name)
    if user is None:
        raise Fault("NoSuchEntity", f"The user with name {name} cannot be found.", 404)
    return user


def _existing_device(call: Call) -> Any:
    serial_number = call.parameters["SerialNumber"]
    device = call.state.devices().get(serial_number)
    if device is None:
        message = f"VirtualMFADevice with serial number {serial_number} doesn't exist."
        raise Fault("NoSuchEntity", message, 404)
    return device


def _device_of(call: Call, user: Any) -> Any:
    if call.parameters["SerialNumber"] not in user.mfa_devices:
        raise Fault("NoSuchEntity", "MFA Device invalid for user.", 404)
    return _existing_device(call)


def _not_valid() -> Fault:
    return Fault("InvalidAuthenticationCode", "Authentication code for device is not valid.")


OPERATIONS: Final[dict[tuple[str, str], OwnOperation]] = {
    ("iam", "CreateVirtualMFADevice"): create_virtual_mfa_device,
    ("iam", "EnableMFADevice"): enable_mfa_device,
    ("iam", "ResyncMFADevice"): resync_mfa_device,
    ("iam", "DeactivateMFADevice"): deactivate_mfa_device,
    ("iam", "DeleteVirtualMFADevice"): delete_virtual_mfa_device,
    ("iam", "ListVirtualMFADevices"): list_virtual_mfa_devices,
    ("iam", "GetMFADevice"): get_mfa_device,
    ("iam", "TagMFADevice"): tag_mfa_device,
    ("iam", "UntagMFADevice"): untag_mfa_device,
    ("iam", "ListMFADeviceTags"): list_mfa_device_tags,
}
