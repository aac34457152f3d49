"""The operation that a request is for, and the service that it is addressed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


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
