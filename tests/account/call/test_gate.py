"""The one gate: nobody passes without a permission, by whichever way the call comes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from mfa_lab.account import Account, NotServedError
from mfa_lab.account.call.gate import _LARGEST_BODY
from mfa_lab.account.moto_state.wire import SERVED
from tests.account.call.test_signature import LIST_USERS, fault, signed
from tests.account.conftest import client_of


def test_one_gate_for_both_ways(account: Account, reachable: None) -> None:
    keys = account.create_user("alice")
    errors = []
    for client in (account.client("iam", keys), client_of(account, "iam", keys)):
        with pytest.raises(ClientError) as caught:
            client.list_users()
        errors.append(caught.value.response["Error"])
    assert errors[0] == errors[1]
    first, second = list(account.record)[-2:]
    assert first.row() == second.row()


SIGNED_JUNK = [
    (b"", (400, "MissingAction")),
    (b"Action=&Version=2010-05-08", (400, "MissingAction")),
    (b"Action=Nonsense&Version=2010-05-08", (400, "InvalidAction")),
    (b"Action=listusers&Version=2010-05-08", (400, "InvalidAction")),
    (b"Action=ListUsers", (400, "InvalidAction")),
    (b"Action=ListUsers&Version=2011-06-15", (400, "InvalidAction")),
    (b"Action=GetUserPolicy&Version=2010-05-08", (400, "ValidationError")),
    (b"Action=CreateUser&Version=2010-05-08", (400, "ValidationError")),
    (b"Action=CreateUser&UserName=a%20b&Version=2010-05-08", (400, "ValidationError")),
    (b"Action=CreateUser&UserName=" + b"x" * 65 + b"&Version=2010-05-08", (400, "ValidationError")),
    (b"Action=ListUsers&MaxItems=x&Version=2010-05-08", (400, "MalformedQueryString")),
    (b"Action=ListUsers&MaxItems=0&Version=2010-05-08", (400, "ValidationError")),
]


@pytest.mark.parametrize(("body", "expected"), SIGNED_JUNK)
def test_signed_junk(account: Account, body: bytes, expected: tuple[int, str]) -> None:
    assert fault(account.answer(signed(account.admin, body=body))) == expected


@pytest.mark.parametrize(
    ("more", "expected"), [(0, (200, "")), (1, (413, "RequestEntityTooLarge"))]
)
def test_the_gate_takes_a_body_of_some_size_and_no_larger(
    account: Account, more: int, expected: tuple[int, str]
) -> None:
    body = LIST_USERS + b"&" * (_LARGEST_BODY + more - len(LIST_USERS))
    answer = account.answer(signed(account.admin, body=body))
    assert (answer.status, "" if answer.status == 200 else fault(answer)[1]) == expected


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
