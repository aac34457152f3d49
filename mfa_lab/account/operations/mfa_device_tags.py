"""Tags of virtual MFA devices, which moto does not know; its tagger keeps them.

Tag keys that differ in case alone are one key, as for all that IAM tags.

Source: IAM User Guide, "Tags for AWS Identity and Access Management resources" and "IAM and AWS STS
quotas"; IAM API Reference, TagMFADevice and UntagMFADevice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mfa_lab.account.fault import Fault
from mfa_lab.account.moto_state.state import MotoState

TAGS_PER_DEVICE: Final = 50

Tag = Mapping[str, str]


def merge_tags(given: Iterable[Tag], already: Iterable[Tag] = ()) -> dict[str, dict[str, str]]:
    """Return the tags that a device has after some are added, by their keys in lower case.

    Args:
        given: The new ones.
        already: Those that it has.

    Raises:
        Fault: A key is given twice, or they are too many.
    """
    new = {tag["Key"].lower(): _tag(tag) for tag in given}
    if len(new) != len(list(given)):
        message = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        raise Fault("InvalidInput", message, 400)
    together = {tag["Key"].lower(): _tag(tag) for tag in already} | new
    if len(together) > TAGS_PER_DEVICE:
        message = f"Cannot exceed quota for TagsPerDevice: {TAGS_PER_DEVICE}"
        raise Fault("LimitExceeded", message, 409)  # AWS's words are not known
    return together


def set_tags(state: MotoState, serial_number: str, tags: Iterable[Tag]) -> None:
    """Replace all tags of a device."""
    delete_tags(state, serial_number)
    state.iam.tagger.tag_resource(serial_number, [_tag(tag) for tag in tags])


def delete_tags(state: MotoState, serial_number: str) -> None:
    """Delete all tags of a device, so that another of the same name begins without."""
    state.iam.tagger.delete_all_tags_for_resource(serial_number)


def _tag(tag: Tag) -> dict[str, str]:
    return {"Key": tag["Key"], "Value": tag.get("Value", "")}
