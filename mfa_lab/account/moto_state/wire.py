"""Requests and answers on the wire: which operation a request is, and moto carrying it out.

The services and their operations are told by moto's own routes and parsers, so that what was
decided about is what moto does. Private parts of moto are used here, as in `state`;
`tests/account/moto_state/test_state.py` fails loudly where they move.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from botocore.awsrequest import AWSPreparedRequest
from werkzeug.exceptions import HTTPException, NotFound

from mfa_lab.account.fault import NotServedError
from mfa_lab.account.http import HttpAnswer, HttpRequest
from mfa_lab.account.isolated_boto3 import isolated_imports
from mfa_lab.account.moto_state.state import load_service
from mfa_lab.account.operation import Operation, Service

with isolated_imports():
    from moto.backend_index import backend_url_patterns
    from moto.core import botocore_stubber, parse, routing, serialize
    from moto.core.request import Request as MotoRequest
    from moto.core.utils import get_service_model

# Each was looked at: none of their operations sends anything out of the process. SNS, Lambda and
# others would, so they are not served.
SERVED: Final = ("iam", "sts", "s3", "ec2")
# The operations of S3 that moto has. It tells them by the address alone, and takes those that it
# lacks for others: DeleteBucketMetricsConfiguration for DeleteBucket.
S3_OPERATIONS: Final = frozenset(
    {
        *("AbortMultipartUpload", "CompleteMultipartUpload", "CopyObject", "CreateBucket"),
        *("CreateMultipartUpload", "DeleteBucket", "DeleteBucketCors", "DeleteBucketEncryption"),
        *("DeleteBucketLifecycle", "DeleteBucketOwnershipControls", "DeleteBucketPolicy"),
        *("DeleteBucketReplication", "DeleteBucketTagging", "DeleteBucketWebsite", "DeleteObject"),
        *("DeleteObjectTagging", "DeleteObjects", "DeletePublicAccessBlock"),
        *("GetBucketAccelerateConfiguration", "GetBucketAcl", "GetBucketCors"),
        *("GetBucketEncryption", "GetBucketInventoryConfiguration", "GetBucketLifecycle"),
        *("GetBucketLifecycleConfiguration", "GetBucketLocation", "GetBucketLogging"),
        *("GetBucketNotification", "GetBucketNotificationConfiguration"),
        *("GetBucketOwnershipControls", "GetBucketPolicy", "GetBucketPolicyStatus"),
        *("GetBucketReplication", "GetBucketTagging", "GetBucketVersioning", "GetBucketWebsite"),
        *("GetObject", "GetObjectAcl", "GetObjectAttributes", "GetObjectLegalHold"),
        *("GetObjectLockConfiguration", "GetObjectTagging", "GetPublicAccessBlock"),
        *("HeadBucket", "HeadObject", "ListBucketInventoryConfigurations", "ListBuckets"),
        *("ListMultipartUploads", "ListObjectVersions", "ListObjects", "ListObjectsV2"),
        *("ListParts", "PutBucketAccelerateConfiguration", "PutBucketAcl", "PutBucketCors"),
        *("PutBucketEncryption", "PutBucketInventoryConfiguration", "PutBucketLifecycle"),
        *("PutBucketLifecycleConfiguration", "PutBucketLogging", "PutBucketNotification"),
        *("PutBucketNotificationConfiguration", "PutBucketOwnershipControls", "PutBucketPolicy"),
        *("PutBucketReplication", "PutBucketTagging", "PutBucketVersioning", "PutBucketWebsite"),
        *("PutObject", "PutObjectAcl", "PutObjectLegalHold", "PutObjectLockConfiguration"),
        *("PutObjectRetention", "PutObjectTagging", "PutPublicAccessBlock", "RestoreObject"),
        *("SelectObjectContent", "UploadPart", "UploadPartCopy"),
    }
)
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_NO_HOST = re.compile(r"[^a-z0-9.-]")


def find_service(request: HttpRequest) -> Service:
    """Return the service that a request is for.

    Raises:
        NotServedError: This account does not serve it.
    """
    name = _service_name(f"https://{request.host}")
    if name not in SERVED:
        raise NotServedError("no_such_service", host=_NO_HOST.sub("?", request.host.lower()))
    model = get_service_model(name)
    metadata = model.metadata
    return Service(
        name,
        metadata.get("signingName", metadata["endpointPrefix"]),
        str(model.protocol),  # each service that is served has one
        metadata.get("xmlNamespace", ""),
        metadata["apiVersion"],
    )


@lru_cache(maxsize=256)
def _service_name(address: str) -> str:
    for name, pattern in backend_url_patterns:
        if pattern.match(address):
            return str(name)
    return ""


def read_operation(service: Service, request: HttpRequest) -> Operation | None:
    """Return the operation with its parameters; None for one that AWS does not know.

    Raises:
        ValueError: The request does not have the form that its protocol asks for.
    """
    moto_request = _moto_request(request)
    if service.name in ("iam", "sts") and read_version(request) != service.version:
        return None
    try:
        model, in_uri = routing.get_service_router(service.name).match(moto_request)
    except (NotFound, NotImplementedError, KeyError):
        return None
    parser = parse.PROTOCOL_PARSERS[service.protocol](model, map_type=dict)
    try:
        parameters = parser.parse(
            {
                "method": moto_request.method,
                "values": moto_request.values,
                "headers": moto_request.headers,
                "body": moto_request.data,
                "url_path": moto_request.path,
                "url_params": in_uri,
            }
        )
    except Exception as error:  # whatever the parser stumbles over, the request is malformed
        raise ValueError(str(error)) from error
    return Operation(
        service.name,
        service.signing_name,
        str(model.name),
        parameters or {},
        service.protocol,
        service.namespace,
        model,
    )


def _moto_request(request: HttpRequest) -> Any:
    headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
    return MotoRequest.from_primitives(request.method, request.url, headers, request.body)


def read_action(request: HttpRequest) -> str:
    """Return the action that a request in the query protocol names; empty for none."""
    return str(_moto_request(request).values.get("Action", ""))


def read_version(request: HttpRequest) -> str:
    """Return the API version that a request in the query protocol names, as IAM's errors do."""
    return str(_moto_request(request).values.get("Version") or "NO_VERSION_SPECIFIED")


def run_in_moto(operation: Operation, request: HttpRequest) -> HttpAnswer:
    """Have moto carry out an operation.

    Args:
        operation: The operation.
        request: The request that says it, and nothing else.

    Raises:
        NotServedError: moto does not know the operation, or does not implement it.
    """
    headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
    if operation.service == "s3" and operation.name not in S3_OPERATIONS:
        raise NotServedError("not_implemented", reason=f"moto has no s3:{operation.name}")
    kind = request.headers.get("Content-Type", "").lower()
    if operation.service == "s3" and request.body and kind.startswith(_FORMS):
        raise NotServedError("not_implemented", reason=f"moto takes {kind} for a form")
    prepared = AWSPreparedRequest(request.method, request.url, headers, request.body, False)
    load_service(_service_name(f"https://{request.host}"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # moto's are addressed to those who develop moto
            answered = botocore_stubber.BotocoreStubber().process_request(prepared)
    except NotImplementedError as error:
        raise NotServedError("not_implemented", reason=str(error)) from None
    except HTTPException as error:
        page = error.get_body()
        return HttpAnswer(error.code or 400, dict(error.get_headers()), page.encode())
    except Exception as error:  # a defect of moto: what it leaves unchecked is met here
        raise NotServedError("moto_failed", reason=f"{type(error).__name__}: {error}") from error
    if answered is None:
        raise NotServedError("no_such_service", host=_NO_HOST.sub("?", request.host.lower()))
    status, answer_headers, body = answered
    text = {str(name): str(value) for name, value in dict(answer_headers).items()}
    return HttpAnswer(
        int(status), text, body.encode() if isinstance(body, str) else bytes(body or b"")
    )


def write_answer(operation: Operation, result: Mapping[str, Any]) -> HttpAnswer:
    """Write a result as the operation's protocol wants it.

    Args:
        operation: What was asked.
        result: By the names of the API reference.
    """
    serializer = serialize.get_serializer_class(operation.service, operation.protocol)(
        operation_model=operation.model
    )
    written = serializer.serialize(result)
    body = written["body"]
    headers = {str(name): str(value) for name, value in written["headers"].items()}
    return HttpAnswer(
        written["status_code"], headers, body.encode() if isinstance(body, str) else bytes(body)
    )
