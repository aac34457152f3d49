"""What a call to DynamoDB is about.

Of BatchExecuteStatement, AWS refuses single statements and carries out the others; here one that
is refused stops the call.

Source: service authorization reference, "Actions, resources, and condition keys for Amazon
DynamoDB"; Amazon DynamoDB Developer Guide, "Using IAM with DynamoDB transactions", "IAM security
policies with PartiQL for DynamoDB", "Using IAM with DynamoDB backup and restore".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mfa_lab.account.moto_state.state import ACCOUNT_ID, Operation
from mfa_lab.account.permissions import partiql
from mfa_lab.account.permissions.structures import structures
from mfa_lab.account.permissions.target import EVERYTHING, Target

_OF_TRANSACTIONS: Final = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
# Where the statements of PartiQL stand in a call.
_STATEMENTS: Final = {
    "BatchExecuteStatement": "Statements",
    "ExecuteTransaction": "TransactStatements",
}
# Where a call names its one resource, if not in TableName.
_NAMED_BY: Final = ("TableArn", "ResourceArn", "BackupArn", "ExportArn", "ImportArn")
# What a restored table is filled with, asked on the new table.
_RESTORING: Final = (
    "BatchWriteItem",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
    "UpdateItem",
)


def dynamodb_targets(operation: Operation, region: str) -> Iterator[Target]:
    """Give what a call is about."""
    match operation.name:
        case "TransactGetItems" | "TransactWriteItems":
            yield from _of_transaction(operation, region)
        case "BatchGetItem" | "BatchWriteItem" as name:
            for asked in operation.parameters.get("RequestItems") or {EVERYTHING: None}:
                yield Target(f"dynamodb:{name}", _table(asked, region))
        case "ExecuteStatement" | "BatchExecuteStatement" | "ExecuteTransaction":
            yield from _of_statements(operation, region)
        case "RestoreTableFromBackup" | "RestoreTableToPointInTime":
            yield from _of_restored(operation, region)
        case _:
            yield from _of_one(operation, region)


def _of_one(operation: Operation, region: str) -> Iterator[Target]:
    action, parameters = f"dynamodb:{operation.name}", operation.parameters
    creation = parameters.get("TableCreationParameters") or {}  # of ImportTable
    name = parameters.get("TableName") or creation.get("TableName")
    arn = next((str(parameters[one]) for one in _NAMED_BY if parameters.get(one)), None)
    if name:
        arn = _table(str(name), region)
    elif parameters.get("GlobalTableName"):
        arn = f"arn:aws:dynamodb::{ACCOUNT_ID}:global-table/{parameters['GlobalTableName']}"
    if arn is None:
        yield Target(action, EVERYTHING, _table(EVERYTHING, region))
        return
    if operation.name in ("Query", "Scan") and parameters.get("IndexName"):
        arn = f"{arn}/index/{parameters['IndexName']}"
    yield Target(action, arn)
    if operation.name == "CreateTable" and parameters.get("Tags"):
        yield Target("dynamodb:TagResource", arn)


def _of_transaction(operation: Operation, region: str) -> Iterator[Target]:
    enclosing = (("dynamodb:EnclosingOperation", operation.name),)
    is_reading = operation.name == "TransactGetItems"
    none: Mapping[str, Any] = {"Get" if is_reading else "Put": None}
    for item in list(structures(operation.parameters.get("TransactItems"))) or [none]:
        for kind, one in item.items():
            action = f"dynamodb:{_OF_TRANSACTIONS.get(kind, 'ConditionCheckItem')}"
            table = _table(str((one or {}).get("TableName") or EVERYTHING), region)
            yield Target(action, table, context=enclosing)


def _of_statements(operation: Operation, region: str) -> Iterator[Target]:
    given = operation.parameters.get(_STATEMENTS.get(operation.name, ""))
    texts = [str(one.get("Statement")) for one in structures(given)]
    if operation.name == "ExecuteStatement":
        texts = [str(operation.parameters.get("Statement"))]
    is_transaction = operation.name == "ExecuteTransaction"
    enclosing = (("dynamodb:EnclosingOperation", operation.name),) if is_transaction else ()
    for text in texts or [""]:
        action, table, index = partiql.about(text)
        arn = _table(table, region) if table else EVERYTHING
        yield Target(action, f"{arn}/index/{index}" if index else arn, context=enclosing)


def _of_restored(operation: Operation, region: str) -> Iterator[Target]:
    action, parameters = f"dynamodb:{operation.name}", operation.parameters
    source = parameters.get("BackupArn") or parameters.get("SourceTableArn")
    if not source and parameters.get("SourceTableName"):
        source = _table(str(parameters["SourceTableName"]), region)
    yield Target(action, str(source or EVERYTHING))
    target = _table(str(parameters.get("TargetTableName") or EVERYTHING), region)
    yield Target(action, target)
    for name in _RESTORING:
        yield Target(f"dynamodb:{name}", target)


def _table(name: str, region: str) -> str:
    if name.startswith("arn:"):
        return name
    return f"arn:aws:dynamodb:{region}:{ACCOUNT_ID}:table/{name}"
