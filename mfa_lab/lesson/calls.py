"""Calls that are made in a lesson, by boto3 or by the AWS CLI, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from botocore.exceptions import ClientError, UnknownServiceError

from mfa_lab.account import Account
from mfa_lab.account.account import AccountError, Credentials, open_account
from mfa_lab.account.cli_command import CommandError, call_of, service_of
from mfa_lab.view.account.call_view import CallView, boto3_view, command_view

# Why an account runs no AWS CLI: none is installed, or, in a browser, nothing can be served to it.
_WITHOUT_CLI: Final = ("no_aws_cli", "no_server")


def works(call: Callable[..., Any], **parameters: Any) -> bool:
    """Tell whether a call of boto3 is carried out.

    Args:
        call: A method of a client.
        parameters: Of the call.
    """
    try:
        call(**parameters)
    except ClientError:
        return False
    return True


def attempt(language: str, call: Callable[..., Any], parameters: Mapping[str, Any]) -> CallView:
    """Make a call of boto3 that may be refused, and show what came back.

    Args:
        language: `en` or `ja`.
        call: A method of one of the open account's clients.
        parameters: Of the call.
    """
    record = open_account().record
    first = record.last_number
    try:
        answer, error = call(**parameters), None
    except ClientError as refusal:
        answer, error = None, refusal
    calls = record.since(first)
    line = str(error) if error else ", ".join(call.operation for call in calls)
    return CallView(error is None, (line,), calls, language, answer)


def run_command(
    language: str, account: Account, command: str, credentials: Credentials
) -> CallView:
    """Run the real AWS CLI, or make the same call by boto3, and show what a terminal shows.

    Args:
        language: `en` or `ja`.
        account: The account.
        command: What is typed after `aws`.
        credentials: Whose keys it uses; None for the administrator's.

    Raises:
        AccountError: There is no AWS CLI, and the command is no plain call of an operation.
    """
    first = account.record.last_number
    try:
        result = account.cli(command, credentials)
    except AccountError as reason:
        if reason.code not in _WITHOUT_CLI:
            raise
        return _by_boto3(language, account, command, credentials, reason)
    return command_view(result, account.record.since(first), language)


def _by_boto3(
    language: str,
    account: Account,
    command: str,
    credentials: Credentials,
    reason: AccountError,
) -> CallView:
    try:
        client = account.client(service_of(command), credentials)
        call = call_of(command, client)
    except (CommandError, UnknownServiceError):
        raise reason from None
    made = attempt(language, getattr(client, call.method), call.parameters)
    return boto3_view(str(call), made)
