"""A call whose caller and operation are known: what the gate decides, an operation carries out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from mfa_lab.account.call.caller import AuthenticatedCaller
from mfa_lab.account.call.moto_request import write_request
from mfa_lab.account.call.signature import Signature
from mfa_lab.account.clock import Clock
from mfa_lab.account.http import HttpAnswer, HttpRequest
from mfa_lab.account.issuer import Issuer
from mfa_lab.account.moto_state import wire
from mfa_lab.account.moto_state.state import MotoState
from mfa_lab.account.operation import Operation
from mfa_lab.account.record import Record
from mfa_lab.account.sessions import Sessions
from mfa_lab.iam.policy import Policy


@dataclass(frozen=True, slots=True)
class AccountSettings:
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
class AccountInternals:
    """What an account keeps inside, for the operations that it carries out.

    Args:
        state: What moto holds.
        sessions: The temporary credentials.
        clock: The time.
        issuer: Where keys come from.
        record: Where calls are written down.
        settings: What the account was told.
    """

    state: MotoState
    sessions: Sessions
    clock: Clock
    issuer: Issuer
    record: Record
    settings: AccountSettings = field(default_factory=AccountSettings)


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose caller and operation are known, on its way to be decided and carried out.

    Args:
        internals: The account.
        principal: Who calls.
        operation: What is called.
        request: As it came.
        signature: Its signature.
        now: When.
    """

    internals: AccountInternals
    principal: AuthenticatedCaller
    operation: Operation
    request: HttpRequest
    signature: Signature
    now: datetime

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters, by the names of the API reference."""
        return self.operation.parameters

    @property
    def state(self) -> MotoState:
        """What moto holds."""
        return self.internals.state

    def run_in_moto(self) -> HttpAnswer:
        """Have moto carry out the operation, and nothing else that the request may hold."""
        written = write_request(self.operation, self.request, self.signature)
        return wire.run_in_moto(self.operation, written)


OperationResult: TypeAlias = Mapping[str, Any] | HttpAnswer | None
# An operation of the account's own. It checks everything before it changes anything.
OwnOperation: TypeAlias = Callable[[Call], OperationResult]
# What must be looked at before policies are asked: it may change what the context says.
Preparation: TypeAlias = Callable[[Call], AuthenticatedCaller]


@dataclass(frozen=True, slots=True)
class OwnOperations:
    """What the account does itself, by service and operation.

    Args:
        own: Operations that it carries out in moto's place.
        prepared: Operations before which something is to be looked at.
    """

    own: Mapping[tuple[str, str], OwnOperation]
    prepared: Mapping[tuple[str, str], Preparation]
