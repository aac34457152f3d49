"""What a call to KMS is about: the key, however it is named.

A key that is not found, as that of an alias which does not exist, is asked about as `key/*`.

Source: service authorization reference, "Actions, resources, and condition keys for AWS Key
Management Service"; AWS KMS Developer Guide, "Controlling access to aliases", "kms:RequestAlias",
and of Decrypt and ReEncrypt in the API Reference: the key of a ciphertext need not be named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mfa_lab.account.moto_state import lookups
from mfa_lab.account.moto_state.state import ACCOUNT_ID, Operation, State
from mfa_lab.account.permissions.arn_templates import by_template
from mfa_lab.account.permissions.target import Target

_OF_ALIASES: Final = frozenset({"CreateAlias", "DeleteAlias", "UpdateAlias"})
_ALIAS: Final = "alias/"


def kms_targets(state: State, operation: Operation, region: str) -> Iterator[Target]:
    """Give what a call is about."""
    parameters, action = operation.parameters, f"kms:{operation.name}"
    if operation.name in _OF_ALIASES:
        yield from _of_alias(state, operation, region)
    elif operation.name == "ReEncrypt":
        source = parameters.get("SourceKeyId")
        yield _on_key(state, "kms:ReEncryptFrom", region, source, parameters.get("CiphertextBlob"))
        yield _on_key(state, "kms:ReEncryptTo", region, parameters.get("DestinationKeyId"))
    elif parameters.get("KeyId") or operation.name == "Decrypt":
        named = parameters.get("KeyId")
        yield _on_key(state, action, region, named, parameters.get("CiphertextBlob"))
    else:
        yield from by_template(operation, region)
    if operation.name in ("CreateKey", "ReplicateKey") and parameters.get("Tags"):
        yield _on_key(state, "kms:TagResource", region, None)


def _of_alias(state: State, operation: Operation, region: str) -> Iterator[Target]:
    """Give the alias, the key that it is of, and the key that it is to be of."""
    action, name = f"kms:{operation.name}", str(operation.parameters.get("AliasName"))
    alias = name if name.startswith("arn:") else f"arn:aws:kms:{region}:{ACCOUNT_ID}:{name}"
    yield Target(action, alias)
    if operation.name != "CreateAlias":
        yield Target(action, _key(state, region, name))
    if operation.name != "DeleteAlias":
        yield Target(action, _key(state, region, str(operation.parameters.get("TargetKeyId"))))


def _on_key(state: State, action: str, region: str, named: Any, ciphertext: Any = None) -> Target:
    """Give an action on a key that is named, else on that of a ciphertext."""
    if named:
        alias = _ALIAS + str(named).partition(_ALIAS)[2]
        context = (("kms:RequestAlias", alias),) if alias != _ALIAS else ()
        return Target(action, _key(state, region, str(named)), context=context)
    found = lookups.key_arn_of(state, region, ciphertext) if isinstance(ciphertext, bytes) else None
    return Target(action, found or _any_key(region))


def _key(state: State, region: str, identifier: str) -> str:
    """Give the ARN of a key by id, ARN or alias."""
    found = lookups.key_arn(state, region, identifier)
    if found is not None:
        return found
    if _ALIAS in identifier:
        return _any_key(region)
    return identifier if identifier.startswith("arn:") else f"{_any_key(region)[:-1]}{identifier}"


def _any_key(region: str) -> str:
    return f"arn:aws:kms:{region}:{ACCOUNT_ID}:key/*"
