"""Every operation of every service that is served, called by somebody who may do nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from mfa_lab.account import Account, NotServedError
from mfa_lab.account.moto_state.wire import SERVED

# These need no permission, or no signature.
FREE = {
    "sts:GetCallerIdentity",
    "sts:GetSessionToken",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "s3:WriteGetObjectResponse",
}
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
# What botocore cannot send as it is asked here: these it changes, splits or keeps for itself.
NOT_SENT = {"s3:CreateSession", "s3:ListDirectoryBuckets"}


def example(shape: Any, depth: int = 0) -> Any:
    """A value of a shape: the required members alone, of the least length."""
    match shape.type_name:
        case "structure":
            names = shape.required_members if depth < 6 else []
            if shape.is_tagged_union:
                names = list(shape.members)[:1]
            return {name: example(shape.members[name], depth + 1) for name in names}
        case "list":
            return [example(shape.member, depth + 1)]
        case "map":
            return {"k": example(shape.value, depth + 1)}
        case "string":
            return text_of(shape)
        case "blob":
            return b"x"
        case "boolean":
            return True
        case "timestamp":
            return datetime(2021, 6, 11, tzinfo=UTC)
        case "integer" | "long":
            return int(shape.metadata.get("min", 1))
        case "float" | "double":
            return 1.0
    raise AssertionError(shape.type_name)


def text_of(shape: Any) -> str:
    if shape.enum:
        return str(shape.enum[0])
    if "arn" in shape.name.lower():
        return "arn:aws:iam::123456789012:role/example"
    return "1" * max(6, int(shape.metadata.get("min", 1)))


@pytest.mark.parametrize("service", SERVED)
def test_nobody_without_a_policy_may_do_anything(account: Account, service: str) -> None:
    client = account.client(service, account.create_user("alice"))
    model = client.meta.service_model
    outcomes: dict[str, list[str]] = {}
    for operation in model.operation_names:
        action = f"{model.signing_name}:{operation}"
        shape = model.operation_model(operation).input_shape
        parameters = example(shape) if shape is not None else {}
        if action in FREE | NOT_SENT or not hasattr(client, xform_name(operation)):
            continue
        try:
            getattr(client, xform_name(operation))(**parameters)
            outcome = "allowed"
        except NotServedError:
            outcome = "not served"
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            outcome = error.response["Error"]["Code"]
            if status == 403 and outcome == "403":  # what HEAD leaves of it
                outcome = "AccessDenied"
        outcomes.setdefault(outcome, []).append(operation)
    denied = sum(len(outcomes.get(code, [])) for code in DENIED)
    others = {code: names for code, names in outcomes.items() if code not in DENIED}
    assert set(others) <= {"not served", "ValidationError", "ValidationException", "InvalidAction", "UnknownOperationException", "MissingParameter"}, others  # fmt: skip
    assert denied > 0.7 * sum(map(len, outcomes.values())), others
