"""What a call to Secrets Manager is about: the secret's ARN, which ends in six characters.

A secret that is not there yet, or not at all, is asked about with six question marks there, as
AWS's example policies have it, so that they match; AWS's message about one that is not there
names what the call named (mongodb/awscdk-resources-mongodbatlas issue 207 shows one).

Of BatchGetSecretValue, AWS tells of the secrets that it refuses in `Errors` and gives the others;
here one that is refused stops the call.

Source: service authorization reference, "Actions, resources, and condition keys for AWS Secrets
Manager"; AWS Secrets Manager User Guide, "Permissions policy examples"; API Reference,
BatchGetSecretValue.
"""

from __future__ import annotations

from collections.abc import Iterator

from mfa_lab.account.moto_state import lookups
from mfa_lab.account.moto_state.state import ACCOUNT_ID, Operation, State
from mfa_lab.account.permissions.structures import structures
from mfa_lab.account.permissions.target import Target

_ANY_SUFFIX = "-??????"


def secretsmanager_targets(state: State, operation: Operation, region: str) -> Iterator[Target]:
    """Give what a call is about."""
    action, parameters = f"secretsmanager:{operation.name}", operation.parameters
    if operation.name == "BatchGetSecretValue":
        yield from _of_batch(state, operation, region)
    elif operation.name == "CreateSecret":
        arn = f"{_stem(region)}{parameters.get('Name')}{_ANY_SUFFIX}"
        yield Target(action, arn)
        if parameters.get("Tags"):
            yield Target("secretsmanager:TagResource", arn)
    elif parameters.get("SecretId"):
        yield _on_secret(state, action, region, str(parameters["SecretId"]))
    else:
        yield Target(action)


def _of_batch(state: State, operation: Operation, region: str) -> Iterator[Target]:
    yield Target("secretsmanager:BatchGetSecretValue")
    filters = list(structures(operation.parameters.get("Filters")))
    if filters:
        yield Target("secretsmanager:ListSecrets")
        for arn in lookups.secret_arns(state, region, filters):
            yield Target("secretsmanager:GetSecretValue", arn)
    for name in operation.parameters.get("SecretIdList") or ():
        yield _on_secret(state, "secretsmanager:GetSecretValue", region, str(name))


def _on_secret(state: State, action: str, region: str, identifier: str) -> Target:
    found = lookups.secret_arn(state, region, identifier)
    if found is not None:
        return Target(action, found)
    if identifier.startswith("arn:"):
        return Target(action, identifier)
    return Target(action, f"{_stem(region)}{identifier}{_ANY_SUFFIX}", identifier)


def _stem(region: str) -> str:
    return f"arn:aws:secretsmanager:{region}:{ACCOUNT_ID}:secret:"
