"""What a call to SQS is about.

Source: service authorization reference, "Actions, resources, and condition keys for Amazon SQS";
Amazon SQS API Reference, CreateQueue, for the tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mfa_lab.account.moto_state.state import ACCOUNT_ID, Operation
from mfa_lab.account.permissions.target import EVERYTHING, Target

_BATCHES: Final = {
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
}


def sqs_targets(operation: Operation, region: str) -> Iterator[Target]:
    """Give what a call is about."""
    name = _BATCHES.get(operation.name, operation.name)
    url = str(operation.parameters.get("QueueUrl") or "")
    queue = url.rstrip("/").rpartition("/")[2] or operation.parameters.get("QueueName") or ""
    arn = f"arn:aws:sqs:{region}:{ACCOUNT_ID}:{queue}"
    yield Target(f"sqs:{name}", arn if queue else EVERYTHING, "" if queue else arn)
    if name == "CreateQueue" and operation.parameters.get("tags"):
        yield Target("sqs:TagQueue", arn)
