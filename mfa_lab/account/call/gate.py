"""The one gate: every call is authenticated, then authorized, then carried out.

For boto3 in the process and over HTTP alike. Calls pass it one at a time, since what a call may do
can be changed by the call before it.
"""

from __future__ import annotations

import threading
from typing import Final

from mfa_lab.account.call import caller, validation
from mfa_lab.account.call import signature as signatures
from mfa_lab.account.call.access_denied import access_denied_fault
from mfa_lab.account.call.attached_policies import ApplicablePolicies, find_applicable_policies
from mfa_lab.account.call.authenticated_call import AccountInternals, Call, OwnOperations
from mfa_lab.account.call.caller import AuthenticatedCaller
from mfa_lab.account.call.context import call_context, resource_tag_context
from mfa_lab.account.call.signature import Signature
from mfa_lab.account.fault import Fault
from mfa_lab.account.http import HttpAnswer, HttpRequest
from mfa_lab.account.moto_state import wire
from mfa_lab.account.operation import Operation, Service
from mfa_lab.account.permissions.needed import needed_permissions
from mfa_lab.account.permissions.needed_permission import NeededPermission
from mfa_lab.analysis.requests.answer import Answer, Face, answer
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.iam.statement import Statement

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
        internals: The account.
        operations: What the account does itself.
        lock: Held by one call at a time, and by whatever changes the account as a whole.
    """

    def __init__(
        self, internals: AccountInternals, operations: OwnOperations, lock: threading.RLock
    ) -> None:
        self.internals, self._operations, self.lock = internals, operations, lock

    def answer(self, request: HttpRequest) -> HttpAnswer:
        """Answer a request as AWS would.

        Raises:
            NotServedError: The account has no such service or operation.
        """
        with self.lock:
            incoming = _IncomingCall(self.internals, self._operations, request)
            try:
                return incoming.handle()
            except Fault as fault:
                incoming.add_to_record(fault)
                return fault.answer(
                    incoming.service.protocol,
                    incoming.service.namespace,
                    self.internals.issuer.request_id(),
                )


class _IncomingCall:
    """One request on its way through the gate."""

    def __init__(
        self, internals: AccountInternals, operations: OwnOperations, request: HttpRequest
    ) -> None:
        self.internals, self.operations, self.request = internals, operations.own, request
        self.preparations = operations.prepared
        self.now = internals.clock.now()
        self.service: Service = wire.find_service(request)
        self.signature: Signature | None = None
        self.principal: AuthenticatedCaller | None = None
        self.operation: Operation | None = None
        self.permission: NeededPermission | None = None
        self.applicable: ApplicablePolicies | None = None
        self.decided: Answer | None = None

    def handle(self) -> HttpAnswer:
        if len(self.request.body) > _LARGEST_BODY and self.service.name != "s3":
            raise Fault("RequestEntityTooLarge", "Request Entity Too Large", 413)
        principal = self._authenticate()
        operation = self._read_operation(principal)
        validation.validate(operation)
        assert self.signature is not None
        call = Call(self.internals, principal, operation, self.request, self.signature, self.now)
        prepare = self.preparations.get((operation.service, operation.name))
        if prepare is not None:
            self.principal = principal = prepare(call)
        self._authorize(principal, operation)
        own = self.operations.get((operation.service, operation.name))
        result = own(call) if own is not None else call.run_in_moto()
        self.add_to_record(None)
        return (
            result if isinstance(result, HttpAnswer) else wire.write_answer(operation, result or {})
        )

    def _authenticate(self) -> AuthenticatedCaller:
        self.signature = signatures.read_signature(self.request, self.service)
        principal = caller.find_principal(
            self.internals.state, self.internals.sessions, self.service, self.signature, self.now
        )
        signatures.verify(
            self.request, self.service, self.signature, principal.secret, self.internals.clock
        )
        self.principal = principal
        return principal

    def _read_operation(self, principal: AuthenticatedCaller) -> Operation:
        try:
            operation = wire.read_operation(self.service, self.request)
        except ValueError:
            raise _malformed_body_fault(self.service) from None
        if operation is None:
            raise _unknown_operation_fault(self.service, self.request)
        user = principal.calling_user
        names_nobody = operation.parameters.get("UserName") is None
        if operation.service == "iam" and operation.name in _OF_THE_CALLER and names_nobody:
            if user is None:
                message = "Must specify userName when calling with non-User credentials"
                raise Fault("ValidationError", message, 400)
            operation.parameters["UserName"] = user.name
        self.operation = operation
        return operation

    def _authorize(self, principal: AuthenticatedCaller, operation: Operation) -> None:
        """Decide every action that the call needs, and stop at the first that is not allowed."""
        assert self.signature is not None
        state = self.internals.state
        user = principal.calling_user
        needed = needed_permissions(
            state, operation, None if user is None else user.name, self.signature.region
        )
        of_call = call_context(state, principal, operation, self.request, self.signature)
        rules = ServiceRules(
            principal.has_device,
            own_devices_need_mfa=self.internals.settings.own_devices_need_mfa,
        )
        for permission in needed:
            of_resource = resource_tag_context(state, permission.resource)
            context = of_call | of_resource | dict(permission.context)
            self.permission = permission
            self.applicable = find_applicable_policies(
                state, principal, permission, self.internals.settings.scps
            )
            self.decided = answer(
                self.applicable.policies,
                principal.caller,
                permission.action,
                permission.resource,
                rules,
                context,
            )
            if self.decided.face is not Face.ALLOW:
                raise access_denied_fault(
                    self.decided,
                    permission,
                    self.applicable,
                    operation,
                    names_policy=self.internals.settings.names_policies,
                )

    def add_to_record(self, fault: Fault | None) -> None:
        """Add the call to the record."""
        operation, permission = self.operation, self.permission
        self.internals.record.add(
            time=self.now,
            access_key_id=self.signature.access_key_id if self.signature else "",
            caller=self.principal.arn if self.principal else "",
            operation=f"{operation.service}:{operation.name}" if operation else "",
            parameters=operation.parameters if operation else {},
            answer=self.decided,
            resource=permission.resource if permission else "",
            deciding=self._name_deciding_statements(),
            error_code=fault.code if fault else "",
            error_message=fault.message if fault else "",
        )

    def _name_deciding_statements(self) -> tuple[str, ...]:
        if self.decided is None or self.applicable is None or self.decided.refusal is not None:
            return ()
        names = self.applicable.names
        return tuple(
            f"{names.get(matched.policy, matched.policy)}: {_name_of(matched.statement)}"
            for matched in self.decided.decision.decided_by
        )


def _name_of(statement: Statement) -> str:
    """Return the Sid of a statement, else its number."""
    return str(statement.sid or statement.index + 1)


def _unknown_operation_fault(service: Service, request: HttpRequest) -> Fault:
    """Return the fault for an operation that AWS does not know."""
    if service.protocol == "rest-xml":
        message = "The specified method is not allowed against this resource."
        return Fault("MethodNotAllowed", message, 405)
    action = wire.read_action(request)
    if not action:
        return Fault("MissingAction", "The request must contain the parameter Action", 400)
    message = (
        f"The action {action} is not valid for this web service."
        if service.protocol == "ec2"
        else f"Could not find operation {action} for version {wire.read_version(request)}"
    )
    return Fault("InvalidAction", message, 400)


def _malformed_body_fault(service: Service) -> Fault:
    """Return the fault for a body that is not of the protocol's form."""
    if service.protocol == "rest-xml":
        message = (
            "The XML you provided was not well-formed or did not validate against our "
            "published schema"
        )
        return Fault("MalformedXML", message, 400)
    return Fault("MalformedQueryString", "The query string contains a syntax error.", 400)
