"""The state, which moto holds. The only file that knows moto, and its private parts.

moto is asked for three things: to tell which operation an HTTP request is, to carry it out, and
to let its IAM objects be looked at and changed. Its own authorization is never switched on. What
is used here is private to moto in part; `tests/account/moto_state/test_state.py`
fails loudly where it moves.
"""

from __future__ import annotations

import importlib
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final
from unittest import mock

from botocore.awsrequest import AWSPreparedRequest
from werkzeug.exceptions import HTTPException, NotFound

from mfa_lab.account.call.fault import NotServedError
from mfa_lab.account.call.http import HttpAnswer, HttpRequest
from mfa_lab.account.clock import Clock
from mfa_lab.account.isolated_boto3 import isolated_imports

with isolated_imports():
    from moto import settings
    from moto.backend_index import backend_url_patterns
    from moto.core import (
        base_backend,
        botocore_stubber,
        loaders,
        model_instances,
        parse,
        routing,
        serialize,
    )
    from moto.core.exceptions import ServiceException
    from moto.core.request import Request as MotoRequest
    from moto.core.request import determine_request_protocol
    from moto.core.responses import BaseResponse
    from moto.core.utils import get_service_model
    from moto.iam import access_control, aws_managed_policies, policy_validation
    from moto.iam import models as iam_models
    from moto.moto_api._internal import mock_random
    from moto.s3 import models as s3_models
    from moto.sts import models as sts_models

# Models of services in the learner's ~/.aws/models are none of the account's business.
loaders.Loader.CUSTOMER_DATA_PATH = loaders.Loader.BUILTIN_DATA_PATH

ACCOUNT_ID: Final = "123456789012"
REGION: Final = "us-east-1"

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


@dataclass(frozen=True, slots=True)
class Operation:
    """The operation that a request is for.

    Args:
        service: botocore's name of the service, such as `iam`.
        signing_name: The name in signatures, as a rule also the prefix of IAM actions.
        name: Such as `ChangePassword`.
        parameters: By the names that the API reference uses.
        protocol: As botocore names it.
        namespace: XML namespace of the service.
        model: botocore's model of the operation.
    """

    service: str
    signing_name: str
    name: str
    parameters: dict[str, Any]
    protocol: str
    namespace: str
    model: Any


@dataclass(frozen=True, slots=True)
class Service:
    """A service that a request is for.

    Args:
        name: botocore's name.
        signing_name: The name in signatures.
        protocol: The protocol that the request speaks, as botocore names it.
        namespace: XML namespace.
        version: API version.
    """

    name: str
    signing_name: str
    protocol: str
    namespace: str
    version: str


def service_of(request: HttpRequest) -> Service:
    """Tell the service that a request is for.

    Raises:
        NotServedError: This account does not serve it.
    """
    name = _service_name(f"https://{request.host}")
    if name not in SERVED:
        raise NotServedError("no_such_service", host=_NO_HOST.sub("?", request.host.lower()))
    model = get_service_model(name)
    metadata = model.metadata
    try:
        protocol = determine_request_protocol(model, request.headers.get("Content-Type"))
    except NotImplementedError:
        protocol = str(model.protocol)
    return Service(
        name,
        metadata.get("signingName", metadata["endpointPrefix"]),
        protocol,
        metadata.get("xmlNamespace", ""),
        metadata["apiVersion"],
    )


@lru_cache(maxsize=256)
def _service_name(address: str) -> str:
    for name, pattern in backend_url_patterns:
        if pattern.match(address):
            return str(name)
    return ""


def operation_of(service: Service, request: HttpRequest) -> Operation | None:
    """Tell the operation and its parameters; None for one that AWS does not know.

    Raises:
        ValueError: The request does not have the form that its protocol asks for.
    """
    moto_request = _moto_request(request)
    if service.name in ("iam", "sts") and named_version(request) != service.version:
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


def named_action(request: HttpRequest) -> str:
    """Give the action that a request in the query protocol names; empty for none."""
    return str(_moto_request(request).values.get("Action", ""))


def named_version(request: HttpRequest) -> str:
    """Give the API version that a request in the query protocol names, as IAM's errors call it."""
    return str(_moto_request(request).values.get("Version") or "NO_VERSION_SPECIFIED")


def carry_out(operation: Operation, request: HttpRequest) -> HttpAnswer:
    """Let moto carry out an operation.

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
    _load(_service_name(f"https://{request.host}"))
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


def answer_of(operation: Operation, result: Mapping[str, Any]) -> HttpAnswer:
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


@cache
def _aws_managed_policies() -> dict[str, Any]:
    """Give AWS's managed policies by name, as moto has them."""
    policies: dict[str, Any] = json.loads(aws_managed_policies.aws_managed_policies_data)
    return policies


class State:
    """One account's IAM objects, and all else that moto holds.

    Args:
        clock: The time that dates are taken from.
        seed: Seed of the ids that moto makes; None for the system's randomness.
    """

    def __init__(self, clock: Clock, seed: int | str | None) -> None:
        self._patches = ExitStack()
        # moto's clock is naive, and AWS gives dates in whole seconds.
        now = lambda: clock.now().replace(microsecond=0, tzinfo=None)  # noqa: E731
        for module in (iam_models, sts_models):
            self._patches.enter_context(mock.patch.object(module, "utcnow", now))
        # One grammar decides which policies there are: that of mfa_lab.iam, at the gate.
        for name in ("IAMPolicyDocumentValidator", "IAMTrustPolicyDocumentValidator"):
            self._patches.enter_context(mock.patch.object(iam_models, name, _NoValidator))
        for owner, name, stand_in in (
            # moto takes the account from a header, a variable or the key; here there is one.
            (BaseResponse, "get_current_account", _this_account),
            # Its own verdict about bucket policies, which knows neither principals nor conditions.
            (s3_models.FakeBucket, "get_permission", _no_verdict),
            # A variable may switch on moto's own authorization.
            (settings, "INITIAL_NO_AUTH_ACTION_COUNT", float("inf")),
        ):
            self._patches.enter_context(mock.patch.object(owner, name, stand_in))
        self.clear()
        mock_random.seed(seed)

    def clear(self) -> None:
        """Forget everything."""
        base_backend.BackendDict.reset()
        model_instances.reset_model_data()

    def close(self) -> None:
        """Forget everything and give moto its own clock back."""
        self.clear()
        self._patches.close()

    @property
    def iam(self) -> Any:
        """Moto's IAM backend of the account."""
        return iam_models.iam_backends[ACCOUNT_ID]["aws"]

    def user(self, name: str) -> Any | None:
        """Give moto's user of a name, or None; IAM's names differ not only in case."""
        return self.iam.users.get(name)

    def users(self) -> Iterator[Any]:
        """Give moto's users."""
        yield from self.iam.users.values()

    def has_user(self, user: Any) -> bool:
        """Tell whether a user still exists."""
        return self.iam.users.get(user.name) is user

    def key_of(self, access_key_id: str) -> tuple[Any, Any] | None:
        """Give the user and moto's key of a long-term access key id, or None."""
        for user in self.users():
            for key in user.access_keys:
                if key.access_key_id == access_key_id:
                    return user, key
        return None

    def rename_key(self, key: Any, access_key_id: str, secret_access_key: str) -> None:
        """Give an access key another id and secret than moto made up."""
        self.iam.access_keys.pop(key.access_key_id)
        key.access_key_id, key.secret_access_key = access_key_id, secret_access_key
        self.iam.access_keys[access_key_id] = key

    def groups_of(self, user: Any) -> list[Any]:
        """Give moto's groups that a user is in."""
        return [group for group in self.iam.groups.values() if user in group.users]

    def role(self, name: str) -> Any | None:
        """Give moto's role of a name, or None."""
        return next((one for one in self.iam.roles.values() if one.name == name), None)

    def role_by_arn(self, arn: str) -> Any | None:
        """Give moto's role of an ARN, or None."""
        return next((one for one in self.iam.roles.values() if one.arn == arn), None)

    def bucket_policy(self, name: str) -> str | None:
        """Give the policy of a bucket, or None."""
        bucket = s3_models.s3_backends[ACCOUNT_ID]["aws"].buckets.get(name)
        policy = bucket.policy if bucket is not None else None
        return policy.decode() if isinstance(policy, bytes) else policy

    def buckets(self) -> Iterator[Any]:
        """Give moto's buckets."""
        yield from s3_models.s3_backends[ACCOUNT_ID]["aws"].buckets.values()

    def ec2(self, region: str) -> Any | None:
        """Give moto's EC2 backend of a region, or None where there is no such region."""
        _load("ec2")
        backends: Any = importlib.import_module("moto.ec2.models").ec2_backends
        if region not in backends[ACCOUNT_ID]:
            return None
        return backends[ACCOUNT_ID][region]  # makes the backend where there is none yet

    def ec2_tags(self, region: str, identifier: str) -> dict[str, str]:
        """Give the tags of an EC2 resource, such as `i-…`."""
        backend = self.ec2(region)
        return {} if backend is None else dict(backend.tags.get(identifier, {}))

    def has_role(self, role: Any) -> bool:
        """Tell whether a role still exists."""
        return any(one is role for one in self.iam.roles.values())

    def policy(self, arn: str) -> Any | None:
        """Give moto's managed policy of an ARN, or None. One of AWS's is fetched if need be."""
        self.fetch_aws_policy(arn)
        return self.iam.managed_policies.get(arn)

    def fetch_aws_policy(self, arn: str) -> None:
        """Let one of AWS's managed policies be there; reading all would take a second."""
        found = re.fullmatch(r"arn:aws:iam::aws:policy/(?:[\w-]+/)*([\w+=,.@-]+)", arn)
        if found is None or arn in self.iam.managed_policies:
            return
        data = _aws_managed_policies().get(found[1])
        if data is not None:
            made = iam_models.AWSManagedPolicy.from_data(found[1], ACCOUNT_ID, "aws", data)
            if made.arn == arn:
                self.iam.managed_policies[arn] = made

    def fetch_all_aws_policies(self) -> None:
        """Let all of AWS's managed policies be there, for a call that lists them."""
        for name, data in _aws_managed_policies().items():
            made = iam_models.AWSManagedPolicy.from_data(name, ACCOUNT_ID, "aws", data)
            self.iam.managed_policies.setdefault(made.arn, made)

    def tags_of(self, principal: Any) -> dict[str, str]:
        """Give the tags of a user or role."""
        tags = self.iam.tagger.list_tags_for_resource(principal.arn)["Tags"]
        own = getattr(principal, "tags", None)
        if isinstance(own, dict):  # a role keeps its own
            tags = list(own.values())
        return {tag["Key"]: tag["Value"] for tag in tags}

    def password_policy(self) -> Any | None:
        """Give moto's account password policy, or None where the default is in force."""
        return self.iam.account_password_policy

    def devices(self) -> dict[str, Any]:
        """Give moto's virtual MFA devices by serial number."""
        devices: dict[str, Any] = self.iam.virtual_mfa_devices
        return devices

    def alias(self) -> str | None:
        """Give the account's alias, or None."""
        return next(iter(self.iam.account_aliases), None)


def complaint_about(document: str, *, is_trust_policy: bool = False) -> str:
    """Give IAM's words for what is wrong with a policy document, as moto has collected them."""
    validator = (
        policy_validation.IAMTrustPolicyDocumentValidator
        if is_trust_policy
        else policy_validation.IAMPolicyDocumentValidator
    )
    try:
        validator(document).validate()
    except ServiceException as error:
        return str(error.message)
    except Exception:  # moto's validator stumbles over values that no policy may have
        pass
    return "Syntax errors in policy."


def _this_account(_response: Any) -> str:
    return ACCOUNT_ID


def _no_verdict(_bucket: Any, _action: str, _resource: str) -> Any:
    return access_control.PermissionResult.NEUTRAL


class _NoValidator:
    """Stands in for moto's validators of policy documents, which refuse some that AWS accepts."""

    def __init__(self, document: str) -> None:
        self.document = document

    def validate(self) -> None:
        """Accept."""


def default_document(policy: Any) -> str:
    """Give the text of a managed policy's default version."""
    for version in policy.versions:
        if version.version_id == policy.default_version_id:
            return str(version.document)
    raise LookupError(f"{policy.arn} has no default version")


@cache
def _load(service: str) -> None:
    """Import a service's part of moto before its first call, isolated; it takes up to a second."""
    with isolated_imports():
        for part in ("models", "responses", "urls"):
            importlib.import_module(f"moto.{service}.{part}")
