"""The one gate: every call is authenticated, then authorised, then carried out.

For boto3 in the process and over HTTP alike. Calls pass it one at a time, since what a call may do
can be changed by the call before it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeAlias

from mfa_lab.account.call import caller, validation
from mfa_lab.account.call import signature as signatures
from mfa_lab.account.call.access_denied import refused
from mfa_lab.account.call.attached_policies import Attached, policies_of
from mfa_lab.account.call.caller import Principal
from mfa_lab.account.call.context import circumstances, resource_tags
from mfa_lab.account.call.fault import Fault, NotServedError
from mfa_lab.account.call.http import HttpAnswer, HttpRequest
from mfa_lab.account.call.moto_request import rebuilt
from mfa_lab.account.call.operation import Operation, Service
from mfa_lab.account.call.signature import Signature
from mfa_lab.account.clock import Clock
from mfa_lab.account.issuer import Issuer
from mfa_lab.account.moto_state import wire
from mfa_lab.account.moto_state.state import State
from mfa_lab.account.permissions.needed import Target, targets_of
from mfa_lab.account.record import Record
from mfa_lab.account.sessions import Sessions
from mfa_lab.analysis.requests.answer import Answer, Face, answer
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.service_rules import ServiceRules


@dataclass(frozen=True, slots=True)
class Settings:
    """What an account can be told.

    Args:
        own_devices_need_mfa: Whether the rule of April 2023 is in force.
        names_policies: Whether a refusal names the managed policy that denies, as AWS has done
            since 2026.
        scps: Service control policies of the account.
    """

    own_devices_need_mfa: bool = True
    names_policies: bool = True
    scps: tuple[Policy, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """What an account is made of.

    Args:
        state: What moto holds.
        sessions: The temporary credentials.
        clock: The time.
        issuer: Where keys come from.
        record: Where calls are written down.
        settings: What the account was told.
    """

    state: State
    sessions: Sessions
    clock: Clock
    issuer: Issuer
    record: Record
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is allowed, on its way to be carried out.

    Args:
        parts: The account.
        principal: Who calls.
        operation: What is called.
        request: As it came.
        signature: Its signature.
        now: When.
    """

    parts: Parts
    principal: Principal
    operation: Operation
    request: HttpRequest
    signature: Signature
    now: datetime

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters, by the names of the API reference."""
        return self.operation.parameters

    @property
    def state(self) -> State:
        """What moto holds."""
        return self.parts.state

    def carry_out(self) -> HttpAnswer:
        """Let moto carry it out, and nothing else that the request may say besides."""
        said = rebuilt(self.operation, self.request, self.signature)
        return wire.carry_out(self.operation, said)


Result: TypeAlias = Mapping[str, Any] | HttpAnswer | None
# An operation of the account's own. It checks everything before it changes anything.
OwnOperation: TypeAlias = Callable[[Call], Result]
# What must be looked at before policies are asked: it may change what the context says.
Preparation: TypeAlias = Callable[[Call], Principal]


@dataclass(frozen=True, slots=True)
class Operations:
    """What the account does itself, by service and operation.

    Args:
        own: Operations that it carries out in moto's place.
        prepared: Operations before which something is to be looked at.
    """

    own: Mapping[tuple[str, str], OwnOperation]
    prepared: Mapping[tuple[str, str], Preparation]


# IAM takes the calling user where these name none (each operation's page in the IAM API Reference).
_OF_THE_CALLER: Final = frozenset(
    {
        "CreateAccessKey",
        "DeleteAccessKey",
        "GetUser",
        "ListAccessKeys",
        "ListMFADevices",
        "ListServiceSpecificCredentials",
        "ListSigningCertificates",
        "ListSSHPublicKeys",
        "DeleteServiceSpecificCredential",
        "DeleteSigningCertificate",
        "ResetServiceSpecificCredential",
        "UpdateAccessKey",
        "UpdateServiceSpecificCredential",
        "UpdateSigningCertificate",
        "UploadSigningCertificate",
        "CreateLoginProfile",
        "GetLoginProfile",
        "DeleteLoginProfile",
        "GetMFADevice",
        "DeactivateMFADevice",
    }
)
_LARGEST_BODY: Final = 20 * 1024 * 1024


class Gate:
    """The gate of an account.

    Args:
        parts: The account.
        operations: What the account does itself.
        lock: Held by one call at a time, and by whatever changes the account as a whole.
    """

    def __init__(self, parts: Parts, operations: Operations, lock: threading.RLock) -> None:
        self.parts, self._operations, self.lock = parts, operations, lock

    def answer(self, request: HttpRequest) -> HttpAnswer:
        """Answer a request as AWS would.

        Raises:
            NotServedError: The account has no such service or operation.
        """
        with self.lock:
            passage = _Passage(self.parts, self._operations, request)
            try:
                return passage.through()
            except Fault as fault:
                passage.write_down(fault)
                return fault.answer(
                    passage.service.protocol,
                    passage.service.namespace,
                    self.parts.issuer.request_id(),
                )


class _Passage:
    """One request on its way through the gate."""

    def __init__(self, parts: Parts, operations: Operations, request: HttpRequest) -> None:
        self.parts, self.operations, self.request = parts, operations.own, request
        self.preparations = operations.prepared
        self.now = parts.clock.now()
        self.service: Service = wire.service_of(request)
        self.signature: Signature | None = None
        self.principal: Principal | None = None
        self.operation: Operation | None = None
        self.target: Target | None = None
        self.attached: Attached | None = None
        self.decided: Answer | None = None

    def through(self) -> HttpAnswer:
        if len(self.request.body) > _LARGEST_BODY and self.service.name != "s3":
            raise Fault("RequestEntityTooLarge", "Request Entity Too Large", 413)
        principal = self._authenticate()
        operation = self._operation(principal)
        validation.check(operation)
        assert self.signature is not None
        call = Call(self.parts, principal, operation, self.request, self.signature, self.now)
        prepare = self.preparations.get((operation.service, operation.name))
        if prepare is not None:
            self.principal = principal = prepare(call)
        self._authorise(principal, operation)
        own = self.operations.get((operation.service, operation.name))
        result = own(call) if own is not None else call.carry_out()
        self.write_down(None)
        return result if isinstance(result, HttpAnswer) else wire.answer_of(operation, result or {})

    def _authenticate(self) -> Principal:
        self.signature = signatures.signature_of(self.request, self.service)
        principal = caller.principal_of(
            self.parts.state, self.parts.sessions, self.service, self.signature, self.now
        )
        signatures.check(
            self.request, self.service, self.signature, principal.secret, self.parts.clock
        )
        self.principal = principal
        return principal

    def _operation(self, principal: Principal) -> Operation:
        try:
            operation = wire.operation_of(self.service, self.request)
        except ValueError:
            raise _malformed(self.service) from None
        if operation is None:
            raise _unknown(self.service, self.request)
        user = principal.calling_user
        names_nobody = operation.parameters.get("UserName") is None
        if operation.service == "iam" and operation.name in _OF_THE_CALLER and names_nobody:
            if user is None:
                message = "Must specify userName when calling with non-User credentials"
                raise Fault("ValidationError", message, 400)
            operation.parameters["UserName"] = user.name
        self.operation = operation
        return operation

    def _authorise(self, principal: Principal, operation: Operation) -> None:
        """Decide every action that the call needs, and stop at the first that is not allowed."""
        assert self.signature is not None
        state = self.parts.state
        user = principal.calling_user
        targets = targets_of(
            state, operation, None if user is None else user.name, self.signature.region
        )
        around = circumstances(state, principal, operation, self.request, self.signature)
        rules = ServiceRules(
            principal.has_device,
            own_devices_need_mfa=self.parts.settings.own_devices_need_mfa,
        )
        for target in targets or [Target(f"{operation.signing_name}:{operation.name}")]:
            context = around | resource_tags(state, target.resource) | dict(target.context)
            self.target = target
            self.attached = policies_of(state, principal, target, self.parts.settings.scps)
            self.decided = answer(
                self.attached.policies,
                principal.caller,
                target.action,
                target.resource,
                rules,
                context,
            )
            if self.decided.face is not Face.ALLOW:
                raise refused(
                    self.decided,
                    target,
                    self.attached,
                    operation,
                    names_policy=self.parts.settings.names_policies,
                )

    def write_down(self, fault: Fault | None) -> None:
        """Put the call into the record."""
        operation, target = self.operation, self.target
        self.parts.record.add(
            time=self.now,
            access_key_id=self.signature.access_key_id if self.signature else "",
            caller=self.principal.arn if self.principal else "",
            operation=f"{operation.service}:{operation.name}" if operation else "",
            parameters=operation.parameters if operation else {},
            answer=self.decided,
            resource=target.resource if target else "",
            deciding=self._deciding(),
            error_code=fault.code if fault else "",
            error_message=fault.message if fault else "",
        )

    def _deciding(self) -> tuple[str, ...]:
        if self.decided is None or self.attached is None or self.decided.refusal is not None:
            return ()
        names = self.attached.names
        return tuple(
            f"{names.get(one.policy, one.policy)}: {one.statement.sid or one.statement.index + 1}"
            for one in self.decided.decision.decided_by
        )


def _unknown(service: Service, request: HttpRequest) -> Fault:
    """Give the fault for an operation that AWS does not know."""
    if service.protocol == "rest-xml":
        message = "The specified method is not allowed against this resource."
        return Fault("MethodNotAllowed", message, 405)
    action = wire.named_action(request)
    if not action:
        return Fault("MissingAction", "The request must contain the parameter Action", 400)
    message = (
        f"The action {action} is not valid for this web service."
        if service.protocol == "ec2"
        else f"Could not find operation {action} for version {wire.named_version(request)}"
    )
    return Fault("InvalidAction", message, 400)


def _malformed(service: Service) -> Fault:
    """Give the fault for a body that is not of the protocol's form."""
    if service.protocol == "rest-xml":
        message = (
            "The XML you provided was not well-formed or did not validate against our "
            "published schema"
        )
        return Fault("MalformedXML", message, 400)
    return Fault("MalformedQueryString", "The query string contains a syntax error.", 400)


__all__ = ["Call", "Gate", "NotServedError", "OwnOperation", "Parts", "Result", "Settings"]
