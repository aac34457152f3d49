"""Virtual MFA devices with a real seed, and the operations of IAM that are about them.

Source: IAM API Reference, the operations' pages; data/facts.md, "Virtual MFA devices" and
"Service rules".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mfa_lab.account.call.authenticated_call import Call, OwnOperation
from mfa_lab.account.fault import Fault
from mfa_lab.account.moto_state import lookups
from mfa_lab.account.moto_state.state import ACCOUNT_ID
from mfa_lab.account.operations.entities import require_user
from mfa_lab.account.operations.mfa_codes import (
    draw_qr_code,
    otpauth_uri,
    resynchronize,
    use_consecutive_codes,
)
from mfa_lab.account.operations.mfa_device_tags import (
    delete_tags,
    merge_tags,
    set_tags,
)

DEVICES_PER_USER: Final = 8
_PAGE_LENGTH: Final = 100


# The operations


def create_virtual_mfa_device(call: Call) -> dict[str, Any]:
    """IAM API Reference, CreateVirtualMFADevice."""
    state, parameters = call.state, call.parameters
    name, path = parameters["VirtualMFADeviceName"], parameters.get("Path") or "/"
    serial_number = f"arn:aws:iam::{ACCOUNT_ID}:mfa{path}{name}"
    if serial_number in state.devices():
        message = "MFADevice entity at the same path and name already exists."
        raise Fault("EntityAlreadyExists", message, 409)
    tags = merge_tags(parameters.get("Tags") or []).values()
    device = state.iam.create_virtual_mfa_device(name, path)
    device.base32_string_seed = call.internals.issuer.device_seed()
    address = otpauth_uri(name, state.alias() or ACCOUNT_ID, device.base32_string_seed)
    device.qr_code_png = draw_qr_code(address)
    set_tags(state, serial_number, tags)
    return {
        "VirtualMFADevice": {
            "SerialNumber": device.serial_number,
            "Base32StringSeed": device.base32_string_seed.encode(),
            "QRCodePNG": device.qr_code_png,
            "Tags": lookups.device_tags(state, serial_number),
        }
    }


def enable_mfa_device(call: Call) -> None:
    """IAM API Reference, EnableMFADevice. Its codes cannot be used again to sign in (recalled)."""
    state, parameters = call.state, call.parameters
    user = require_user(state, parameters["UserName"])
    device = _require_device(call)
    if device.user is not None:
        message = "MFA Device is already in use."  # AWS's words are not known
        raise Fault("EntityAlreadyExists", message, 409)
    if len(user.mfa_devices) >= DEVICES_PER_USER:
        message = f"Cannot exceed quota for MFADevicesPerUser: {DEVICES_PER_USER}"
        raise Fault("LimitExceeded", message, 409)
    first, second = parameters["AuthenticationCode1"], parameters["AuthenticationCode2"]
    if not use_consecutive_codes(device, first, second, call.now):
        raise _invalid_code_fault()
    state.iam.enable_mfa_device(user.name, device.serial_number, first, second)


def resync_mfa_device(call: Call) -> None:
    """IAM API Reference, ResyncMFADevice."""
    state, parameters = call.state, call.parameters
    user = require_user(state, parameters["UserName"])
    device = _require_device_of(call, user)
    first, second = parameters["AuthenticationCode1"], parameters["AuthenticationCode2"]
    if not resynchronize(device, first, second, call.now):
        raise _invalid_code_fault()


def deactivate_mfa_device(call: Call) -> None:
    """IAM API Reference, DeactivateMFADevice."""
    state, parameters = call.state, call.parameters
    user = require_user(state, parameters["UserName"])
    device = _require_device_of(call, user)
    state.iam.deactivate_mfa_device(user.name, device.serial_number)


def delete_virtual_mfa_device(call: Call) -> None:
    """IAM API Reference, DeleteVirtualMFADevice."""
    device = _require_device(call)
    if device.user is not None:
        message = "MFA VirtualDevice in use. Must deactivate first."
        raise Fault("DeleteConflict", message, 409)
    call.state.iam.delete_virtual_mfa_device(device.serial_number)
    delete_tags(call.state, device.serial_number)


def list_virtual_mfa_devices(call: Call) -> dict[str, Any]:
    """IAM API Reference, ListVirtualMFADevices. Seeds are told once only, at creation."""
    status = call.parameters.get("AssignmentStatus", "Any")
    devices = [
        device
        for _, device in sorted(call.state.devices().items())
        if status == "Any" or (device.user is not None) == (status == "Assigned")
    ]
    return _page_of(list(map(_describe, devices)), "VirtualMFADevices", call.parameters)


def _describe(device: Any) -> dict[str, Any]:
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


def _page_of(items: Sequence[Any], name: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the page of items that a call asks for.

    Args:
        items: All of them.
        name: What the answer calls them, such as `VirtualMFADevices`.
        parameters: Of the call: `Marker` and `MaxItems`.

    Raises:
        Fault: The marker is none that an answer gave.
    """
    marker = str(parameters.get("Marker") or "0")
    if not marker.isdecimal() or int(marker) > len(items):
        raise Fault("ValidationError", "Invalid Marker.", 400)
    end = int(marker) + int(parameters.get("MaxItems") or _PAGE_LENGTH)
    page = {name: list(items[int(marker) : end]), "IsTruncated": end < len(items)}
    return {**page, "Marker": str(end)} if end < len(items) else page


def tag_mfa_device(call: Call) -> None:
    """IAM API Reference, TagMFADevice. A tag of the same key gets the new value."""
    state, serial_number = call.state, _require_device(call).serial_number
    tags = merge_tags(call.parameters["Tags"], lookups.device_tags(state, serial_number))
    set_tags(state, serial_number, tags.values())


def untag_mfa_device(call: Call) -> None:
    """IAM API Reference, UntagMFADevice."""
    state, serial_number = call.state, _require_device(call).serial_number
    removed = {key.lower() for key in call.parameters["TagKeys"]}
    tags = lookups.device_tags(state, serial_number)
    set_tags(state, serial_number, [tag for tag in tags if tag["Key"].lower() not in removed])


def list_mfa_device_tags(call: Call) -> dict[str, Any]:
    """IAM API Reference, ListMFADeviceTags: sorted by key."""
    tags = lookups.device_tags(call.state, _require_device(call).serial_number)
    return _page_of(sorted(tags, key=lambda tag: tag["Key"]), "Tags", call.parameters)


def get_mfa_device(call: Call) -> None:
    """IAM API Reference, GetMFADevice: "we only accept FIDO security key ARNs"."""
    # AWS's words for another ARN are not known.
    message = "The specified MFA device is not a FIDO security key."
    raise Fault("InvalidInput", message, 400)


def _require_device(call: Call) -> Any:
    serial_number = call.parameters["SerialNumber"]
    device = call.state.devices().get(serial_number)
    if device is None:
        message = f"VirtualMFADevice with serial number {serial_number} doesn't exist."
        raise Fault("NoSuchEntity", message, 404)
    return device


def _require_device_of(call: Call, user: Any) -> Any:
    if call.parameters["SerialNumber"] not in user.mfa_devices:
        raise Fault("NoSuchEntity", "MFA Device invalid for user.", 404)
    return _require_device(call)


def _invalid_code_fault() -> Fault:
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
